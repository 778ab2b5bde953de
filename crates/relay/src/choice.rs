//! The setting that says which relay to use, and how.

use std::time::Duration;

use scanner::Port;
use serde::{Deserialize, Serialize};

use crate::limits::{PULSE_MAX_MS, PULSE_MIN_MS};

/// The relay to use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum RelayChoice {
    /// None: nothing is pulsed.
    #[default]
    None,
    /// A board that takes a command of four bytes for on, and one for off.
    Bytes {
        /// The port.
        port: Port,
        /// For how long it is on.
        #[serde(default)]
        pulse_ms: Pulse,
    },
    /// A relay on one of the port's own lines.
    Line {
        /// The port.
        port: Port,
        /// Which line.
        line: Line,
        /// For how long it is raised.
        #[serde(default)]
        pulse_ms: Pulse,
    },
}

/// A line of a serial port that a program may raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// Request to send, pin 7 of nine.
    Rts,
    /// Data terminal ready, pin 4 of nine.
    Dtr,
}

/// How long a relay is on: from [`PULSE_MIN_MS`] to [`PULSE_MAX_MS`] milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Pulse(u16);

/// The length of a pulse is out of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadPulse;

impl std::fmt::Display for BadPulse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a pulse lasts from {PULSE_MIN_MS} to {PULSE_MAX_MS} milliseconds")
    }
}

impl std::error::Error for BadPulse {}

impl Pulse {
    /// Returns a length in milliseconds.
    #[must_use]
    pub fn millis(self) -> u16 {
        self.0
    }

    /// Returns a length.
    #[must_use]
    pub fn length(self) -> Duration {
        Duration::from_millis(self.0.into())
    }
}

impl Default for Pulse {
    fn default() -> Self {
        Self(500)
    }
}

impl TryFrom<u16> for Pulse {
    type Error = BadPulse;

    fn try_from(millis: u16) -> Result<Self, BadPulse> {
        (PULSE_MIN_MS..=PULSE_MAX_MS).contains(&millis).then_some(Self(millis)).ok_or(BadPulse)
    }
}

impl From<Pulse> for u16 {
    fn from(pulse: Pulse) -> Self {
        pulse.0
    }
}

impl RelayChoice {
    /// Returns a stable name of the kind, without the device.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bytes { .. } => "bytes",
            Self::Line { .. } => "line",
        }
    }

    /// Returns the port, if there is one.
    #[must_use]
    pub fn port(&self) -> Option<&Port> {
        match self {
            Self::None => None,
            Self::Bytes { port, .. } | Self::Line { port, .. } => Some(port),
        }
    }

    /// Returns how long a pulse lasts; for none, what is usual.
    #[must_use]
    pub fn pulse(&self) -> Pulse {
        match self {
            Self::None => Pulse::default(),
            Self::Bytes { pulse_ms, .. } | Self::Line { pulse_ms, .. } => *pulse_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_goes_both_ways_and_a_strange_one_is_refused() {
        let port = || Port::Path { path: "/dev/ttyS0".into() };
        let longest = Pulse::try_from(PULSE_MAX_MS).unwrap();
        for choice in [
            RelayChoice::None,
            RelayChoice::Bytes { port: port(), pulse_ms: Pulse::default() },
            RelayChoice::Line { port: port(), line: Line::Dtr, pulse_ms: longest },
        ] {
            let json = serde_json::to_string(&choice).unwrap();
            assert_eq!(serde_json::from_str::<RelayChoice>(&json).unwrap(), choice, "{json}");
            assert!(json.contains(&format!("\"kind\":\"{}\"", choice.kind())), "{json}");
        }
        let port = r#""port":{"by":"path","path":"/dev/ttyS0"}"#;
        let usual: RelayChoice = serde_json::from_str(&format!(r#"{{"kind":"bytes",{port}}}"#)).unwrap();
        assert_eq!(usual.pulse().millis(), 500);
        for strange in [
            r#"{"kind":"bytes"}"#.to_owned(),
            r#"{"kind":"mouse"}"#.to_owned(),
            format!(r#"{{"kind":"line",{port},"line":"cts"}}"#),
            format!(r#"{{"kind":"bytes",{port},"pulse-ms":199}}"#),
            format!(r#"{{"kind":"bytes",{port},"pulse-ms":5001}}"#),
            format!(r#"{{"kind":"bytes",{port},"pulse-ms":-1}}"#),
            format!(r#"{{"kind":"bytes",{port},"count":1}}"#),
        ] {
            assert!(serde_json::from_str::<RelayChoice>(&strange).is_err(), "{strange}");
        }
    }
}
