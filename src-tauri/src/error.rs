//! Why a command was not carried out: a code that the page turns into a sentence.

use serde::Serialize;
use station::NoStation;

/// Why a command was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub(crate) struct CommandError {
    /// What was wrong.
    pub(crate) code: CommandErrorCode,
    /// Whether the same command may succeed later.
    pub(crate) retry: bool,
}

/// The stable codes of [`CommandError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CommandErrorCode {
    /// The command does not take this argument.
    BadArgument,
    /// The laptop has shown nothing yet.
    NotReady,
    /// The folder is no enrolled station.
    NotEnrolled,
    /// This station is open in another window.
    InUse,
    /// This station was withdrawn, and is erased.
    Withdrawn,
    /// This laptop has left service, and is erased.
    Left,
    /// The station could not be opened.
    NoStation,
    /// This laptop is a station, or cannot become one: nobody changes that here.
    TakesNoTicket,
    /// Only an administrator in the workbench may do that.
    NotAllowed,
    /// The settings, or another file, could not be written.
    NotSaved,
}

impl From<CommandErrorCode> for CommandError {
    fn from(code: CommandErrorCode) -> Self {
        let retry = matches!(code, CommandErrorCode::NotReady | CommandErrorCode::NotSaved);
        Self { code, retry }
    }
}

impl From<NoStation> for CommandErrorCode {
    fn from(why: NoStation) -> Self {
        match why {
            NoStation::NotEnrolled => Self::NotEnrolled,
            NoStation::InUse => Self::InUse,
            NoStation::Withdrawn => Self::Withdrawn,
            NoStation::Left => Self::Left,
            NoStation::Failed => Self::NoStation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_cross_as_codes() {
        let error = CommandError::from(CommandErrorCode::NotReady);
        assert_eq!(serde_json::to_value(error).unwrap(), json!({"code": "not-ready", "retry": true}));
        let error = CommandError::from(CommandErrorCode::BadArgument);
        assert_eq!(serde_json::to_value(error).unwrap(), json!({"code": "bad-argument", "retry": false}));
    }

    #[test]
    fn a_missing_station_has_the_same_code_in_an_error_as_in_a_view() {
        for why in [
            NoStation::NotEnrolled,
            NoStation::InUse,
            NoStation::Withdrawn,
            NoStation::Left,
            NoStation::Failed,
        ] {
            let code = serde_json::to_value(CommandErrorCode::from(why)).unwrap();
            assert_eq!(code, json!(why.code()));
        }
    }
}
