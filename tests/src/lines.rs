//! Lines of JSON from a program's standard output, with a limit to every wait.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Whatever a program prints, line by line.
pub struct Lines {
    lines: Receiver<Value>,
}

impl Lines {
    /// Follows an output to its end, on a thread of its own.
    #[must_use]
    pub fn follow(output: impl Read + Send + 'static) -> Self {
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let value = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if sender.send(value).is_err() {
                    break;
                }
            }
        });
        Self { lines }
    }

    /// The first line, from the next on, of which `take` makes something.
    ///
    /// # Panics
    /// When the program ends or `patience` is over first; says the last lines.
    pub fn wait<T>(&self, what: &str, patience: Duration, mut take: impl FnMut(&Value) -> Option<T>) -> T {
        let end = now() + patience;
        let mut last = Vec::new();
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(now())) {
                Ok(line) => match take(&line) {
                    Some(taken) => return taken,
                    None => last.push(line),
                },
                Err(ended) => {
                    let why = if ended == RecvTimeoutError::Timeout { "in time" } else { "before its end" };
                    let from = last.len().saturating_sub(5);
                    panic!("no {what} {why}; last lines: {:#?}", &last[from..]);
                }
            }
        }
    }

    /// Forgets what was printed until now.
    pub fn skip(&self) {
        while self.lines.try_recv().is_ok() {}
    }
}

/// The stories' own clock: only for patience.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the stories' one place to read a clock")]
pub fn now() -> Instant {
    Instant::now()
}

/// Asks again and again until the answer is there.
///
/// # Panics
/// When `patience` is over first.
pub fn until<T>(what: &str, patience: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = now() + patience;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(now() < end, "no {what} in time");
        std::thread::sleep(Duration::from_millis(100));
    }
}
