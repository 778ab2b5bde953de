//! The rows and cards of the workbench's pages.

use health_code::Timestamp;
use serde::{Deserialize, Serialize};

use crate::window::collector::Countdown;
use crate::window::shift::Directions;

/// A checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CheckpointItem {
    /// Its id, in hex.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The directions in which people pass there.
    pub directions: Directions,
    /// Whether its place on the Earth is known.
    pub placed: bool,
    /// Whether a change of it waits for the back office.
    pub pending: bool,
    /// Time left to take its removal back; absent if it was not removed.
    pub undo: Option<Countdown>,
}

/// Where a laptop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct HereView {
    /// Latitude in millionths of a degree; north is positive.
    pub latitude: i32,
    /// Longitude in millionths of a degree; east is positive.
    pub longitude: i32,
    /// Metres by which that may be off, if the receiver says so.
    pub within_metres: Option<u16>,
}

/// What a page knows of a GPS receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum GpsView {
    /// No device is plugged in that may be one.
    Unplugged,
    /// One may be plugged in; nobody has asked it.
    Idle,
    /// Somebody asked where the laptop is.
    Asked {
        /// Where it is, while a receiver says so.
        here: Option<HereView>,
    },
}

/// A collector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CollectorItem {
    /// Their id, in hex.
    pub id: String,
    /// Their masked name.
    pub masked_name: String,
    /// Their masked phone number.
    pub masked_phone: String,
    /// Whether they are listed.
    pub state: CollectorState,
    /// Whether they are on duty at this station.
    pub on_duty: bool,
    /// Whether a change of them waits for the back office.
    pub pending: bool,
    /// Time left to take their removal back; absent if they were not removed.
    pub undo: Option<Countdown>,
}

/// Whether a collector is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum CollectorState {
    /// They are; or their removal can still be undone.
    Listed,
    /// They were removed, and the report of it is on its way to the disk.
    Removed,
    /// This station reported their removal, and the community's file still lists them: they can be restored.
    Restorable,
}

/// Whom a code names that was read for an authorisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ScannedPerson {
    /// The masked name.
    pub masked_name: String,
    /// The masked identity number.
    pub masked_id: String,
    /// The issuer's name in Chinese.
    pub issuer_zh: String,
    /// The issuer's name in English.
    pub issuer_en: String,
    /// The digits of the region in which they live.
    pub region: String,
    /// Whether that is this community.
    pub lives_here: bool,
    /// When the code was read.
    pub seen_at: Timestamp,
}

/// What a laptop knows of its enrolment, beside what the trust files say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Enrolment {
    /// What the laptop is called.
    pub laptop: String,
    /// The station's id, in hex.
    pub station: String,
    /// The office's name, as its ticket gave it; may be empty.
    pub office: String,
    /// The office's host.
    pub host: String,
    /// The office's port.
    pub port: u16,
    /// When this enrolment began, by the office's clock.
    pub since: Option<Timestamp>,
}

/// Where this laptop belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentView {
    /// What the laptop knows of it.
    pub enrolment: Enrolment,
    /// The digits of the community's region; empty without trust.
    pub region: String,
    /// The deployment's root; absent without trust.
    pub root: Option<RootView>,
}

/// The root of a deployment, as people compare it with the deployment's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RootView {
    /// Its version.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub version: u64,
    /// Its fingerprint in eight groups.
    pub fingerprint: Vec<String>,
}
