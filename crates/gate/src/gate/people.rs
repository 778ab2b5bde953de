//! What people do at the screen, and what becomes of them when the trust changes.

use std::sync::Arc;

use health_code::Trust;
use wire::report::ShiftEvent;

use super::session::Session;
use super::{Gate, Stage};
use crate::action::Action;
use crate::input::{AttemptId, Now};
use crate::limits::CLEAR_ADDRESS;
use crate::window::UserInput;
use crate::window::collector::{CollectorInput, ScanId};
use crate::window::shift::{ShiftInput, SignInProblem};
use crate::window::station::StationInput;

impl Gate {
    pub(super) fn user(&mut self, input: UserInput, now: Now, out: &mut Vec<Action>) {
        match input {
            UserInput::Shift(ShiftInput::SignIn { phone, pin }) => self.begin_sign_in(phone, pin, now, out),
            UserInput::Shift(ShiftInput::ChooseCheckpoint { id }) => self.choose_checkpoint(&id, now, out),
            UserInput::Shift(ShiftInput::AddCheckpoint { name }) => self.add_checkpoint(&name, now, out),
            UserInput::Collector(CollectorInput::Confirm { scan }) => self.confirm(scan, now, out),
            UserInput::Collector(CollectorInput::Discard { scan }) => {
                if self.hears(scan, now) {
                    self.dismiss(true, now.mono);
                }
            }
            UserInput::Collector(CollectorInput::DeclareAgain { scan }) => self.declare_again(scan, now),
            UserInput::Collector(CollectorInput::NoCode) => {
                if matches!(self.stage, Stage::Ready | Stage::Recorded { .. }) && self.trust.is_some() {
                    self.stage = Stage::NoCode { until: now.mono.saturating_add(CLEAR_ADDRESS) };
                }
            }
            UserInput::Collector(CollectorInput::Back) => {
                if matches!(self.stage, Stage::DeclareAgain { .. } | Stage::NoCode { .. }) {
                    self.settle_down();
                }
            }
            UserInput::Shift(ShiftInput::Back) => {
                // Somebody who only looked at the list stays at their checkpoint.
                if matches!(self.stage, Stage::Choosing { adding: None, .. })
                    && self.places.stands(self.trust.as_deref())
                {
                    self.settle_down();
                }
            }
            UserInput::Shift(ShiftInput::EndShift) => {
                // What was just confirmed is seen through first; it takes milliseconds.
                if self.session.is_some() && !matches!(self.stage, Stage::Recording(..)) {
                    self.sign_out(None, now, out);
                }
            }
            UserInput::Shift(ShiftInput::SwitchCheckpoint) => {
                if matches!(self.stage, Stage::Ready | Stage::Recorded { .. }) {
                    self.stage = Stage::Choosing { problem: None, adding: None };
                }
            }
            UserInput::Station(StationInput::FaultSeen) => self.fault_seen(now),
            UserInput::Station(StationInput::AssertTime) => {
                if self.may_assert_time(now) {
                    out.push(Action::AssertTime);
                }
            }
        }
    }

    pub(super) fn pin_checked(&mut self, attempt: AttemptId, right: bool, now: Now, out: &mut Vec<Action>) {
        if self.session.is_some() {
            return;
        }
        if let Some(session) = self.sign_in.finish(attempt, right, self.trust.as_deref(), now.mono) {
            self.report_shift(session.person, ShiftEvent::SignedIn, now, out);
            self.session = Some(session);
            self.stage = Stage::Choosing { problem: None, adding: None };
        }
    }

    /// New trust is in force at once. Somebody it no longer lists is signed out at once, open
    /// result and all; a record on its way to the disk goes on.
    pub(super) fn trust_changed(&mut self, trust: Option<Arc<Trust>>, now: Now, out: &mut Vec<Action>) {
        self.trust = trust;
        self.places.published(self.trust.as_deref());
        let Some(Session { person, .. }) = &self.session else { return };
        let listed = self
            .trust
            .as_ref()
            .and_then(|trust| trust.community().people.iter().find(|listed| listed.id == *person).cloned());
        match listed {
            Some(listed) => {
                self.session =
                    Some(Session { person: listed.id, masked_name: listed.masked_name, role: listed.role });
                if matches!(self.stage, Stage::Ready) {
                    self.settle_down();
                }
            }
            None => self.sign_out(Some(SignInProblem::Removed), now, out),
        }
    }

    fn begin_sign_in(&mut self, phone: String, pin: String, now: Now, out: &mut Vec<Action>) {
        let (phone, pin) = (zeroize::Zeroizing::new(phone), zeroize::Zeroizing::new(pin));
        if let (Stage::SignedOut, Some(trust)) = (&self.stage, &self.trust) {
            out.extend(self.sign_in.begin(&phone, pin, trust, now.mono));
        }
    }

    fn sign_out(&mut self, problem: Option<SignInProblem>, now: Now, out: &mut Vec<Action>) {
        let Some(session) = self.session.take() else { return };
        self.report_health(now, out);
        self.report_shift(session.person, ShiftEvent::SignedOut, now, out);
        self.stage = Stage::SignedOut;
        self.places.leave();
        self.held.clear();
        self.hints.clear();
        self.sign_in.reset(problem);
    }

    fn declare_again(&mut self, scan: ScanId, now: Now) {
        if !self.hears(scan, now) {
            return;
        }
        let Stage::Open(open) = &self.stage else { return };
        if open.declare_url.is_empty() {
            return;
        }
        let url = open.declare_url.clone();
        self.dismiss(true, now.mono);
        self.stage = Stage::DeclareAgain { url, until: now.mono.saturating_add(CLEAR_ADDRESS) };
    }

    fn hears(&self, scan: ScanId, now: Now) -> bool {
        matches!(&self.stage, Stage::Open(open) if open.hears(scan, now.mono))
    }
}
