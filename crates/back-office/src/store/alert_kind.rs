//! What an alert is about.

/// What an alert is about. The codes are stable: databases and lists hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
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
    /// The station showed something better than the policy says about the code.
    #[strum(serialize = "shown-better")]
    ShownBetter,
}

impl AlertKind {
    /// Returns the stable code; `str::parse` reads it.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}
