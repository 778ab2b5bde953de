//! Why a laptop could not join, each reason by its own code.

use std::io;

use disk::DiskError;
use gate::window::stick::StickProblem;
use health_code::{Rejection, Timestamp};
use serde::{Deserialize, Serialize};

use crate::entropy::NoEntropy;
use crate::keys::KeyError;
use crate::settings::SettingsError;
use crate::uplink::bad_office::BadOffice;
use crate::uplink::office::{BadIdentity, ExchangeError};

/// A stable code for each reason why a laptop could not join.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::VariantArray,
)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum EnrolFailure {
    /// The text is no ticket.
    BadTicket,
    /// The ticket's address or CA can be no back office's.
    BadOffice,
    /// Nothing has the name in the ticket.
    NoHost,
    /// No way leads to the address.
    NoRoute,
    /// A machine is there, and no program answers at the port.
    NobodyAnswers,
    /// The certificate there is for another name.
    WrongHost,
    /// The certificate there is not from the ticket's CA.
    WrongAuthority,
    /// The certificates there were never valid together.
    CertificateDates,
    /// This laptop's clock, which counts as right, is outside the dates of the certificate.
    ClockWrong,
    /// Whoever answers speaks no TLS.
    NotTls,
    /// Something else than a back office answers, such as a captive portal.
    NotAnOffice,
    /// The office has another root than the ticket names.
    WrongRoot,
    /// The line broke off, or was too slow.
    BrokenOff,
    /// The office can take nothing now.
    Busy,
    /// Another laptop used the ticket.
    TicketUsed,
    /// The ticket's time is over.
    TicketExpired,
    /// The office did not make this ticket, or took it back.
    TicketUnknown,
    /// The office put this laptop out of service.
    Withdrawn,
    /// The office refused for a reason that this program does not know.
    Refused,
    /// The office's answer is none.
    BadAnswer,
    /// The office's trust files do not hold together.
    BadTrust,
    /// The ticket is another deployment's, and reports for the old one wait here.
    OtherDeployment,
    /// The folder cannot be read or written.
    Folder,
    /// The station's key cannot be read or made.
    Key,
    /// Another process uses the folder.
    InUse,
    /// The folder is a station already.
    AlreadyEnrolled,
    /// No stick is plugged in.
    NoStick,
    /// Neither a ticket nor a request that waits is here.
    NoTicket,
    /// The office's answer on the stick is to an older request of this laptop.
    OtherRequest,
    /// The office's answer on the stick was altered, or another office made it.
    Altered,
    /// The file on the stick is for another laptop.
    OtherStation,
    /// A file on the stick does not have the shape that it should have.
    Malformed,
    /// A file on the stick is longer than such a file may be.
    TooLarge,
    /// A link, a folder or a device on the stick has the name of a file.
    NotAFile,
    /// The stick was pulled out, or it fails.
    Pulled,
    /// There is no room on the stick.
    Full,
    /// Nothing can be written to the stick.
    ReadOnly,
}

impl EnrolFailure {
    /// Returns the code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Returns whether trying the same ticket again may help.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(
            self,
            Self::NoHost
                | Self::NoRoute
                | Self::NobodyAnswers
                | Self::NotAnOffice
                | Self::ClockWrong
                | Self::BrokenOff
                | Self::Busy
                | Self::OtherDeployment
                | Self::Folder
                | Self::InUse
                | Self::NoStick
                | Self::Pulled
                | Self::Full
                | Self::ReadOnly
        )
    }
}

/// Why a station could not join.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The text is not a ticket.
    #[error("this is no enrolment ticket")]
    Ticket,
    /// The folder is a station already.
    #[error("this folder is an enrolled station already")]
    AlreadyEnrolled,
    /// Another process uses the folder.
    #[error("another process uses this folder")]
    InUse,
    /// The folder cannot be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The folder cannot be locked.
    #[error("the station's folder: {0}")]
    Io(#[from] io::Error),
    /// The station's key cannot be read or made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The ticket's address cannot be used.
    #[error(transparent)]
    Office(#[from] BadOffice),
    /// There is no way to the ticket's address.
    #[error(transparent)]
    Unreached(#[from] Unreached),
    /// The back office gave no answer.
    #[error("the back office: {0}")]
    Link(#[from] ExchangeError),
    /// The back office refused the ticket or this laptop.
    #[error("the back office does not take this ticket: {}", failure.code())]
    Refused {
        /// The reason.
        failure: EnrolFailure,
        /// When the ticket was used, if the office says so.
        at: Option<Timestamp>,
    },
    /// The answer cannot be parsed.
    #[error("the back office's answer is not understood: {0}")]
    Answer(String),
    /// The back office has another root than the ticket names.
    #[error("the back office has another root than the ticket names")]
    WrongRoot,
    /// The ticket is another deployment's, and reports wait.
    #[error("another deployment's ticket, while reports wait for the back office of this one")]
    OtherDeployment,
    /// The trust files were refused.
    #[error(transparent)]
    Trust(#[from] Rejection),
    /// The settings cannot be kept.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Nobody said by which ticket, and the stick has none.
    #[error("say by which ticket: no request waits here, and the stick has no ticket.txt")]
    NoTicket,
    /// The stick cannot be read or written, or a file on it is no answer.
    #[error("the stick: {}", .0.sentence())]
    Stick(StickProblem),
    /// The answer is to another request of this laptop.
    #[error("the answer on the stick is to an older request; the newest one is there now")]
    OtherRequest,
    /// The answer was altered, or another office made it.
    #[error("the answer on the stick was altered, or another office made it")]
    Altered,
}

/// Why an address was not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreached {
    /// Nothing has this name.
    #[error("no machine has the name in the ticket")]
    NoHost,
    /// No way leads there, or nothing came back in time.
    #[error("no way leads to the ticket's address")]
    NoRoute,
    /// A machine is there, and refuses the connection.
    #[error("nobody answers at the ticket's address")]
    NobodyAnswers,
}

impl EnrolError {
    /// Returns the reason as a code.
    #[must_use]
    pub fn failure(&self) -> EnrolFailure {
        match self {
            Self::Ticket => EnrolFailure::BadTicket,
            Self::AlreadyEnrolled => EnrolFailure::AlreadyEnrolled,
            Self::InUse => EnrolFailure::InUse,
            Self::Disk(_) | Self::Io(_) | Self::Settings(_) => EnrolFailure::Folder,
            Self::Key(_) => EnrolFailure::Key,
            Self::Office(_) => EnrolFailure::BadOffice,
            Self::Unreached(Unreached::NoHost) => EnrolFailure::NoHost,
            Self::Unreached(Unreached::NoRoute) => EnrolFailure::NoRoute,
            Self::Unreached(Unreached::NobodyAnswers) => EnrolFailure::NobodyAnswers,
            Self::Link(error) => link(error),
            Self::Refused { failure, .. } => *failure,
            Self::Answer(_) => EnrolFailure::BadAnswer,
            Self::WrongRoot => EnrolFailure::WrongRoot,
            Self::OtherDeployment => EnrolFailure::OtherDeployment,
            Self::Trust(_) => EnrolFailure::BadTrust,
            Self::NoTicket => EnrolFailure::NoTicket,
            Self::Stick(problem) => stick(*problem),
            Self::OtherRequest => EnrolFailure::OtherRequest,
            Self::Altered => EnrolFailure::Altered,
        }
    }

    /// Returns when the ticket was used, if the office said so.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Refused { at, .. } => *at,
            _ => None,
        }
    }

    /// Returns a stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.failure().code()
    }

    /// Returns whether trying the same ticket again may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        self.failure().may_pass()
    }
}

impl From<NoEntropy> for EnrolError {
    fn from(error: NoEntropy) -> Self {
        Self::Key(error.into())
    }
}

fn stick(problem: StickProblem) -> EnrolFailure {
    match problem {
        StickProblem::TooLarge => EnrolFailure::TooLarge,
        StickProblem::NotAFile => EnrolFailure::NotAFile,
        StickProblem::Pulled => EnrolFailure::Pulled,
        StickProblem::Full => EnrolFailure::Full,
        StickProblem::ReadOnly => EnrolFailure::ReadOnly,
        StickProblem::OtherStation => EnrolFailure::OtherStation,
        // A drive says none of the others.
        StickProblem::Malformed
        | StickProblem::OtherDeployment
        | StickProblem::Older
        | StickProblem::Expired
        | StickProblem::Future
        | StickProblem::Incomplete
        | StickProblem::NotKept
        | StickProblem::NoStation => EnrolFailure::Malformed,
    }
}

fn link(error: &ExchangeError) -> EnrolFailure {
    match error {
        ExchangeError::Unreachable | ExchangeError::BrokenOff => EnrolFailure::BrokenOff,
        ExchangeError::Dates => EnrolFailure::ClockWrong,
        ExchangeError::Identity(BadIdentity::Name) => EnrolFailure::WrongHost,
        ExchangeError::Identity(BadIdentity::Authority) => EnrolFailure::WrongAuthority,
        ExchangeError::Identity(BadIdentity::Validity) => EnrolFailure::CertificateDates,
        ExchangeError::Identity(BadIdentity::Protocol) => EnrolFailure::NotTls,
        ExchangeError::Status { status: 408 | 429 | 500.., code: Some(_), .. } => EnrolFailure::Busy,
        ExchangeError::Status { code: Some(_), .. } => EnrolFailure::Refused,
        ExchangeError::Status { code: None, .. } | ExchangeError::OtherContent | ExchangeError::TooLong => {
            EnrolFailure::NotAnOffice
        }
    }
}

/// Makes an error of what the office answered to a ticket.
pub(super) fn of_answer(error: ExchangeError) -> EnrolError {
    let ExchangeError::Status { code: Some(code), at, .. } = &error else { return error.into() };
    match refused(code) {
        EnrolFailure::Refused => error.into(),
        failure => EnrolError::Refused { failure, at: at.map(Timestamp) },
    }
}

/// Returns what the office's code for a refusal means.
pub(super) fn refused(code: &str) -> EnrolFailure {
    match code {
        "ticket-used" => EnrolFailure::TicketUsed,
        "ticket-expired" => EnrolFailure::TicketExpired,
        "ticket-unknown" => EnrolFailure::TicketUnknown,
        "withdrawn" => EnrolFailure::Withdrawn,
        _ => EnrolFailure::Refused,
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn a_failure_is_serialised_as_its_code() {
        for failure in EnrolFailure::VARIANTS {
            assert_eq!(serde_json::to_value(failure).unwrap(), failure.code());
        }
    }

    #[test]
    fn what_the_office_says_of_a_ticket_is_told_apart() {
        let status = |status, code: Option<&str>| {
            let code = code.map(str::to_owned);
            of_answer(ExchangeError::Status { status, code, retry_after: None, at: Some(7) })
        };
        for code in ["ticket-used", "ticket-expired", "ticket-unknown", "withdrawn"] {
            let error = status(403, Some(code));
            assert_eq!((error.code(), error.at()), (code, Some(Timestamp(7))));
        }
        assert_eq!(status(403, Some("other")).code(), "refused");
        assert_eq!(status(503, Some("store")).code(), "busy");
        assert_eq!(status(502, None).code(), "not-an-office", "a proxy's own page");
    }
}
