//! What a certificate certifies: one vaccination, one test or one recovery (schema 1.0.0 to 1.3.0).

use super::cbor::{self, Value};
use super::date::{self, BirthDate};
use super::kind::Kind;
use super::name::{self, Initial};
use super::value_set::{ValueSet, ValueSets};
use crate::limits::{CERTIFICATE_ID_CHARS, CERTIFICATE_TEXT};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Timestamp;

/// What happened, and when. Days count from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A dose.
    Vaccination {
        /// On this day.
        day: i64,
        /// Which dose it was.
        dose: u8,
        /// Of how many.
        of: u8,
    },
    /// A test.
    Test {
        /// The sample was taken.
        at: Timestamp,
        /// Anything but "not detected".
        detected: bool,
    },
    /// A recovery.
    Recovery {
        /// First positive test.
        day: i64,
        /// The certificate's own first day.
        from: i64,
        /// And its last.
        until: i64,
    },
}

/// The payload, as far as a gate may know it: no product, no place, no whole name.
///
/// Initials and birth date are there to be compared with a passport. They are kept in memory while the
/// result is open, and go into no file and no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Masked name.
    pub masked_name: String,
    /// The first letter of each part of the transliterated name, surname first.
    pub initials: Vec<Initial>,
    /// The birth date, as far as the certificate has one.
    pub birth: Option<BirthDate>,
    /// The certificate's own identifier (UVCI).
    pub id: String,
    /// Country of vaccination, test or recovery.
    pub country: String,
    /// Of COVID-19 (`tg` is 840539006), the one disease that the rules of a policy know.
    pub covid: bool,
    /// What happened.
    pub event: Event,
    /// The first of the listed value sets that does not hold what the certificate names.
    pub unlisted: Option<ValueSet>,
}

/// SNOMED CT: not detected.
const NOT_DETECTED: &str = "260415000";
/// SNOMED CT: COVID-19.
const COVID: &str = "840539006";

impl Event {
    /// Returns which of the three.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Vaccination { .. } => Kind::Vaccination,
            Self::Test { .. } => Kind::Test,
            Self::Recovery { .. } => Kind::Recovery,
        }
    }

    /// Returns when the sample of a test was taken.
    #[must_use]
    pub fn sample(&self) -> Option<Timestamp> {
        match self {
            Self::Test { at, .. } => Some(*at),
            Self::Vaccination { .. } | Self::Recovery { .. } => None,
        }
    }

    /// Returns the day it happened; of a test the day of the sample in UTC.
    #[must_use]
    pub fn day(&self) -> i64 {
        match self {
            Self::Vaccination { day, .. } | Self::Recovery { day, .. } => *day,
            Self::Test { at, .. } => at.day(),
        }
    }
}

impl Payload {
    /// Reads the map inside claim -260, with the value sets of the trust list.
    ///
    /// # Errors
    /// `bad-claims`, `wrong-version`, `several-events`, and those of [`name::read`].
    pub fn read(value: &Value, sets: &ValueSets) -> Result<Self, Refusal> {
        let fields = Part::of(value)?;
        // First: what another version's fields mean is not known.
        if !is_known_version(fields.value("ver")?)? {
            return Err(Refusal::WrongVersion);
        }
        let (masked_name, initials) = name::read(fields.value("nam")?)?;
        let birth = date::birth(fields.text("dob")?).ok_or(Refusal::BadClaims)?;
        let mut entries = Vec::new();
        for (key, read) in [("v", vaccination as Read), ("t", test), ("r", recovery)] {
            match fields.optional(key)? {
                None | Some(Value::Null) => {}
                Some(Value::Array(items)) => entries.extend(items.iter().map(|item| (item, read))),
                Some(_) => return Err(Refusal::BadClaims),
            }
        }
        let (entry, read) = match entries[..] {
            [] => return Err(Refusal::BadClaims),
            [only] => only,
            // Which of them counts would be a guess.
            [..] => return Err(Refusal::SeveralEvents),
        };
        let entry = Part::of(entry)?;
        for key in ["tg", "is"] {
            entry.text(key)?;
        }
        let (id, country) = (entry.text("ci")?, entry.text("co")?);
        let is_country = matches!(country.len(), 1..=10) && country.bytes().all(|b| b.is_ascii_uppercase());
        if !text::is_label(id) || id.chars().count() > CERTIFICATE_ID_CHARS || !is_country {
            return Err(Refusal::BadClaims);
        }
        let event = read(&entry)?;
        let text = |key| entry.optional(key).ok().flatten().and_then(Value::as_text);
        let unlisted = sets.unlisted(event.kind(), text);
        Ok(Self {
            masked_name,
            initials,
            birth,
            id: id.to_owned(),
            country: country.to_owned(),
            covid: entry.text("tg")? == COVID,
            event,
            unlisted,
        })
    }
}

/// Returns whether a payload's version is one of `1.*`, also where a number was written for the text.
fn is_known_version(version: &Value) -> Result<bool, Refusal> {
    match version {
        Value::Text(text) => Ok(text.starts_with("1.")),
        number => date::whole(number).map(|number| number == 1).ok_or(Refusal::BadClaims),
    }
}

type Read = fn(&Part<'_>) -> Result<Event, Refusal>;

fn vaccination(entry: &Part<'_>) -> Result<Event, Refusal> {
    for key in ["vp", "mp", "ma"] {
        entry.text(key)?;
    }
    Ok(Event::Vaccination { day: entry.day("dt")?, dose: entry.dose("dn")?, of: entry.dose("sd")? })
}

fn test(entry: &Part<'_>) -> Result<Event, Refusal> {
    entry.text("tt")?;
    let at = date::moment(entry.value("sc")?).ok_or(Refusal::BadClaims)?;
    // A result that is not known here is no negative one.
    Ok(Event::Test { at, detected: entry.text("tr")? != NOT_DETECTED })
}

fn recovery(entry: &Part<'_>) -> Result<Event, Refusal> {
    Ok(Event::Recovery { day: entry.day("fr")?, from: entry.day("df")?, until: entry.day("du")? })
}

/// A map with text keys.
struct Part<'v>(&'v [(Value, Value)]);

impl<'v> Part<'v> {
    fn of(value: &'v Value) -> Result<Self, Refusal> {
        value.as_map().map(|entries| Self(entries)).ok_or(Refusal::BadClaims)
    }

    fn optional(&self, key: &str) -> Result<Option<&'v Value>, Refusal> {
        cbor::get(self.0, &key.into()).map_err(|_| Refusal::BadClaims)
    }

    fn value(&self, key: &str) -> Result<&'v Value, Refusal> {
        self.optional(key)?.ok_or(Refusal::BadClaims)
    }

    fn text(&self, key: &str) -> Result<&'v str, Refusal> {
        let text = self.value(key)?.as_text().ok_or(Refusal::BadClaims)?;
        if text.chars().nth(CERTIFICATE_TEXT).is_none() { Ok(text) } else { Err(Refusal::BadClaims) }
    }

    fn day(&self, key: &str) -> Result<i64, Refusal> {
        date::day(self.text(key)?).ok_or(Refusal::BadClaims)
    }

    fn dose(&self, key: &str) -> Result<u8, Refusal> {
        let number = date::whole(self.value(key)?).and_then(|number| u8::try_from(number).ok());
        number.filter(|number| (1..=99).contains(number)).ok_or(Refusal::BadClaims)
    }
}
