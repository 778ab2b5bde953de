//! Faults: what keeps the station from judging. A fault is never a refusal of the person.

use serde::{Deserialize, Serialize};

/// What keeps the station from judging or recording. The serialised names are stable codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// No camera is connected.
    CameraNone,
    /// Another program holds the camera.
    CameraBusy,
    /// This account may not open the camera.
    CameraNoPermission,
    /// The camera was there and is gone.
    CameraLost,
    /// The camera is there and sends nothing.
    CameraStalled,
    /// The picture is black: the camera is covered, or there is no light.
    CameraCovered,
    /// This station has no trust files.
    TrustMissing,
    /// The trust list is past its hard expiry.
    TrustExpired,
    /// The community's file is past its hard expiry, or the trust list no longer believes it.
    CommunityExpired,
    /// A policy that a trust file names is not here.
    PolicyMissing,
    /// No national policy is in force.
    NoPolicy,
    /// The clock contradicts a signed or an earlier time.
    ClockWrong,
    /// The disk is full.
    DiskFull,
    /// The disk cannot be written.
    DiskReadOnly,
    /// The disk fails at reading or writing.
    DiskFailing,
    /// Another program holds the outbox's file. It is tried again.
    OutboxBusy,
    /// The outbox could not be opened or is damaged.
    OutboxDamaged,
    /// The outbox has not answered for ten seconds.
    OutboxSilent,
}
