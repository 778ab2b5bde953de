//! What an alert is about.

/// What an alert is about. The codes are stable: databases and lists hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::EnumString, strum::IntoStaticStr)]
#[cfg_attr(test, derive(strum::VariantArray))]
pub enum AlertKind {
    /// Two reports of a station follow the same one: a disk was restored or cloned.
    #[strum(serialize = "fork")]
    Fork,
    /// The report that another one follows has not arrived.
    #[strum(serialize = "gap")]
    Gap,
    /// Two ciphertexts came under one record id.
    #[strum(serialize = "conflict")]
    Conflict,
    /// A withdrawn station still sends.
    #[strum(serialize = "withdrawn-sends")]
    WithdrawnSends,
    /// A station that this database did not know showed a receipt: the database was restored.
    #[strum(serialize = "known-again")]
    KnownAgain,
    /// The checkpoint is in no community file that could be meant, and no report added it.
    #[strum(serialize = "unknown-checkpoint")]
    UnknownCheckpoint,
    /// The checkpoint has no such direction.
    #[strum(serialize = "wrong-direction")]
    WrongDirection,
    /// The person is in no community file that could be meant.
    #[strum(serialize = "unknown-person")]
    UnknownPerson,
    /// Other policies than those in force at that moment.
    #[strum(serialize = "wrong-policies")]
    WrongPolicies,
    /// The station judged at a moment at which the list that it names could not.
    #[strum(serialize = "unjudgeable")]
    Unjudgeable,
    /// The station showed something milder than the policies say about the code.
    #[strum(serialize = "shown-better")]
    ShownBetter,
    /// The station showed something stricter than the policies say about the code.
    #[strum(serialize = "shown-worse")]
    ShownWorse,
    /// What the collector did is not what was shown.
    #[strum(serialize = "wrong-outcome")]
    WrongOutcome,
    /// What the station says of its clock does not fit what it showed.
    #[strum(serialize = "wrong-clock")]
    WrongClock,
    /// Confirmed before it was judged, or too long after.
    #[strum(serialize = "wrong-times")]
    WrongTimes,
    /// A moment after the report arrived.
    #[strum(serialize = "from-the-future")]
    FromTheFuture,
    /// The author of a change may not make it, or might not any more when it arrived.
    #[strum(serialize = "no-right")]
    NoRight,
    /// The code of a person who was added does not verify.
    #[strum(serialize = "unverified-person")]
    UnverifiedPerson,
    /// A publisher's community file does not hold a change, or a withdrawal, that the one before held.
    #[strum(serialize = "dropped")]
    Dropped,
    /// A station signed a batch that does not have the expected shape.
    #[strum(serialize = "malformed")]
    Malformed,
    /// Opening a report made the office's program panic.
    #[strum(serialize = "panic")]
    Panic,
    /// What arrived waits for too long before it is opened.
    #[strum(serialize = "behind")]
    Behind,
}

impl AlertKind {
    /// Those about a station and its chain. They name no report that somebody could be found by, and stay until they are
    /// cleared; all others leave with the reports that they are about.
    pub const OF_STATIONS: [Self; 10] = [
        Self::Fork,
        Self::Gap,
        Self::WithdrawnSends,
        Self::KnownAgain,
        Self::NoRight,
        Self::UnverifiedPerson,
        Self::Dropped,
        Self::Malformed,
        Self::Panic,
        Self::Behind,
    ];

    /// Returns the stable code; `str::parse` reads it.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn the_page_of_the_wire_names_every_kind() {
        let page = include_str!("../../../../docs/wire.md");
        for kind in AlertKind::VARIANTS {
            assert!(page.contains(&format!("`{}`", kind.code())), "{}", kind.code());
            assert_eq!(kind.code().parse(), Ok(*kind));
        }
    }
}
