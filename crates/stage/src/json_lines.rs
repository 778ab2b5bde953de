//! Lines that a program prints, with a limit to every wait.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use serde_json::Value;

use crate::clock::now;
use crate::problem::{Problem, Result};

/// Most lines that a failed wait repeats.
const REPEATED: usize = 5;

/// What a program prints, line by line: each as JSON, or as a string where it is none.
pub struct JsonLines {
    lines: Receiver<Value>,
}

impl JsonLines {
    /// Follows an output to its end, on a thread of its own.
    #[must_use]
    pub fn follow(output: impl Read + Send + 'static) -> Self {
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
                let value = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if sender.send(value).is_err() {
                    break;
                }
            }
        });
        Self { lines }
    }

    /// Waits for the first line, from the next on, of which `take` makes something.
    ///
    /// # Errors
    /// [`Problem::TooLate`] or [`Problem::Ended`], with the last lines.
    pub fn wait<T>(
        &self,
        what: &str,
        patience: Duration,
        mut take: impl FnMut(&Value) -> Option<T>,
    ) -> Result<T> {
        let (what, end) = (what.to_owned(), now() + patience);
        let mut passed_over = Vec::new();
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(now())) {
                Ok(line) => match take(&line) {
                    Some(taken) => return Ok(taken),
                    None => passed_over.push(line),
                },
                Err(RecvTimeoutError::Timeout) => {
                    let instead = format!("it said last: {}", last(&passed_over));
                    return Err(Problem::TooLate { what, patience, instead });
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Problem::Ended { what, last: last(&passed_over) });
                }
            }
        }
    }

    /// Forgets what was printed until now.
    pub fn skip(&self) {
        while self.lines.try_recv().is_ok() {}
    }
}

fn last(lines: &[Value]) -> String {
    let from = lines.len().saturating_sub(REPEATED);
    match lines.get(from..) {
        Some(lines @ [_, ..]) => lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"),
        _ => "nothing".to_owned(),
    }
}
