//! Lines of JSON from a program's standard output, with a limit to every wait.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use serde_json::Value;

use crate::clock::now;

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
