//! What became of a change that a station reported: a receipt tells those who ask.

use strict_cose::Value;

use crate::ids::RecordId;
use crate::label::is_label;
use crate::limits::{NOTICE_CODE_BYTES, NOTICES};

/// What became of a change that this station reported, and asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The report.
    pub record: RecordId,
    /// What became of it.
    pub code: NoticeCode,
}

/// What became of a change. The receipt holds the code.
#[derive(Debug, Clone, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum NoticeCode {
    /// It was considered for a community file no later than the one that this receipt offers.
    Entered,
    /// The office knows it, and has not published it yet.
    Waits,
    /// Whoever made it had no right to it.
    NotAllowed,
    /// The checkpoint or person is not there: removed, most likely.
    NotThere,
    /// Another checkpoint has the name, or the person who was added is listed already, under another id.
    Taken,
    /// The community has as many checkpoints or people as a file takes.
    Full,
    /// Nobody would be left who may change anything.
    LastAdministrator,
    /// The code of the person who was added does not verify.
    Unverified,
    /// It was made in the future, by the office's clock.
    Future,
    /// No reader would take what it says.
    Unusable,
    /// A code of a newer office. Nothing follows from it: the change goes on waiting.
    #[strum(default)]
    Other(String),
}

impl NoticeCode {
    /// Returns the code that a receipt holds.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Other(code) => code,
            known => known.into(),
        }
    }

    /// Returns the meaning of a code.
    #[must_use]
    pub fn of(code: &str) -> Self {
        code.parse().unwrap_or_else(|_| Self::Other(code.to_owned()))
    }

    /// Returns whether the office refused the change, for good.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Entered | Self::Waits | Self::Other(_))
    }
}

/// Returns the value that a receipt holds. It names each notice by record and code.
pub(crate) fn to_value(notices: &[Notice]) -> Value {
    let value =
        |notice: &Notice| Value::Array(vec![notice.record.0.to_vec().into(), notice.code.code().into()]);
    Value::Array(notices.iter().map(value).collect())
}

/// Reads notices; `None` for anything else. Where there are none, the receipt has no such key.
pub(crate) fn read(value: Value) -> Option<Vec<Notice>> {
    let notices = value.into_array().ok().filter(|notices| (1..=NOTICES).contains(&notices.len()))?;
    let read = |notice: Value| {
        let [record, code] = <[Value; 2]>::try_from(notice.into_array().ok()?).ok()?;
        let code = code.into_text().ok().filter(|code| code.len() <= NOTICE_CODE_BYTES && is_label(code))?;
        let record = RecordId(record.into_bytes().ok()?.try_into().ok()?);
        Some(Notice { record, code: NoticeCode::of(&code) })
    };
    notices.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn every_code_reads_to_itself_and_is_on_the_page() {
        let page = include_str!("../../../docs/wire.md");
        for code in NoticeCode::iter().filter(|code| !matches!(code, NoticeCode::Other(_))) {
            assert_eq!(NoticeCode::of(code.code()), code);
            assert!(code.code().len() <= NOTICE_CODE_BYTES);
            assert!(page.contains(&format!("| `{}` |", code.code())), "{}", code.code());
        }
    }

    #[test]
    fn a_code_of_a_newer_office_stays_readable_and_refuses_nothing() {
        let newer = NoticeCode::of("asks-the-street");
        assert_eq!(newer, NoticeCode::Other("asks-the-street".to_owned()));
        assert_eq!(newer.code(), "asks-the-street");
        assert!(!newer.is_refusal());
        assert!(NoticeCode::NotAllowed.is_refusal() && NoticeCode::Future.is_refusal());
        assert!(!NoticeCode::Entered.is_refusal() && !NoticeCode::Waits.is_refusal());
    }
}
