//! What the back office refused.

use serde::{Deserialize, Serialize};

/// A change that the back office refused. It acts here no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct OfficeNotice {
    /// What was to be changed.
    pub change: ChangeKind,
    /// Whom or what it was about: a masked name, or a checkpoint's name. Empty for the policy.
    pub subject: String,
    /// Why it was refused.
    pub why: OfficeRefusal,
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// A checkpoint was added.
    CheckpointAdded,
    /// A checkpoint got another name or other directions.
    CheckpointChanged,
    /// A checkpoint was removed.
    CheckpointRemoved,
    /// A collector was added.
    PersonAdded,
    /// A collector was removed.
    PersonRemoved,
    /// A collector who was removed is back.
    PersonRestored,
    /// A collector got another PIN.
    PinChanged,
    /// The policy is stricter.
    PolicyStricter,
}

/// Why the back office refused a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum OfficeRefusal {
    /// Whoever made it had no right to.
    NotAllowed,
    /// Whom or what it is about is not listed.
    NotThere,
    /// Another one has this name or this id.
    Taken,
    /// The community has as many as it can have.
    Full,
    /// The last administrator cannot be removed.
    LastAdministrator,
    /// The code that was shown could not be verified.
    Unverified,
    /// It says that it was made in the future.
    Future,
    /// No station could use it.
    Unusable,
}
