//! What the window shows before there is a gate.

use gate::Fault;
use gate::window::bar::{Battery, CameraView};
use gate::window::collector::Hint;
use health_code::Timestamp;
use serde::{Deserialize, Serialize};

use crate::enrol::EnrolFailure;

/// One whole window of a laptop that is no station, or that an administrator enrols again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct EntranceView {
    /// The screen.
    pub screen: EntranceScreen,
    /// The status bar.
    pub bar: EntranceBar,
}

/// The screens from a ticket to a station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum EntranceScreen {
    /// A ticket is waited for.
    Waiting {
        /// Why a code in view cannot be read.
        hint: Option<Hint>,
        /// What was shown or pasted instead of a ticket.
        problem: Option<TicketProblem>,
        /// Why the camera shows nothing.
        fault: Option<Fault>,
        /// Whether there is a screen to go back to.
        may_leave: bool,
    },
    /// A ticket is here, and a person compares it with the deployment's card.
    Confirm {
        /// What the ticket says.
        ticket: TicketView,
        /// Whether a stick can take the place of the network.
        by_stick: bool,
    },
    /// The laptop joins.
    Joining {
        /// What the ticket says.
        ticket: TicketView,
        /// How far it is.
        steps: JoinSteps,
    },
    /// The laptop could not join.
    Failed {
        /// What the ticket says.
        ticket: TicketView,
        /// How far it came.
        steps: JoinSteps,
        /// The reason.
        failure: EnrolFailure,
        /// When the ticket was used, if the office said so.
        at: Option<Timestamp>,
        /// Whether trying the same ticket again may help.
        may_pass: bool,
        /// Whether a stick can take the place of the network.
        by_stick: bool,
    },
    /// A stick takes the request to the office, and brings the answer.
    ByStick {
        /// What the ticket says.
        ticket: TicketView,
        /// The stick on which the request lies, as far as this run of the program knows.
        stick: Option<String>,
        /// Whether a stick is read and written now.
        busy: bool,
        /// What was in the way.
        problem: Option<EnrolFailure>,
    },
}

/// What a ticket says, for a person to compare. None of it is proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct TicketView {
    /// The community; may be empty.
    pub community: String,
    /// The office; may be empty.
    pub office: String,
    /// A name for the laptop; may be empty.
    pub laptop: String,
    /// The office's host.
    pub host: String,
    /// The office's port.
    pub port: u16,
    /// When the ticket expires.
    pub expires: Timestamp,
    /// The eight groups to compare.
    pub fingerprint: Vec<String>,
}

/// What was shown or pasted instead of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum TicketProblem {
    /// A ticket of which something is missing or altered.
    Broken,
    /// A health code.
    HealthCode,
    /// A certificate from abroad.
    Certificate,
    /// A web address.
    Address,
    /// Nothing at all.
    Empty,
    /// No stick with a ticket is plugged in.
    NoStick,
    /// Another text.
    Other,
}

/// The four steps of joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct JoinSteps {
    /// A way leads to the office.
    pub reach: StepState,
    /// It is the office.
    pub identity: StepState,
    /// It takes the ticket.
    pub ticket: StepState,
    /// The trust files are here.
    pub trust: StepState,
    /// How long the first step took, in tenths of a second, once it is done.
    pub reached_in: Option<u32>,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// It has not begun.
    Pending,
    /// It goes on.
    Running,
    /// It is over.
    Done,
    /// It failed.
    Failed,
}

/// The status bar of a laptop that is no station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct EntranceBar {
    /// The battery, if there is one.
    pub battery: Option<Battery>,
    /// Whether the camera is the simulated one.
    pub simulated_camera: bool,
    /// What else is known about the camera.
    pub camera: CameraView,
    /// What the wall clock said when the view was made.
    pub now: Timestamp,
}

/// What a person does with a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TicketInput {
    /// They want to show one.
    Show,
    /// They want the one that lies on a stick, as `ticket.txt`.
    FromStick,
    /// They paste a text, or drop a file with one.
    Offer {
        /// The text.
        text: String,
    },
    /// Enter: the eight groups agree, or the same is tried again, or another ticket comes, or a stick is plugged in.
    Confirm,
    /// F8: the eight groups agree, and a stick goes to the office, since no network does.
    ByStick,
    /// Esc.
    Back,
}
