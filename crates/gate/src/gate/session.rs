//! Signing in, offline: phone, PIN, and patience after wrong ones.

use std::time::Duration;

use health_code::Trust;
use health_code::trust::{PersonId, Role};
use zeroize::Zeroizing;

use super::time;
use crate::action::Action;
use crate::input::AttemptId;
use crate::limits::{FREE_PIN_TRIES, PIN_CHECK, PIN_WAIT, PIN_WAIT_MAX, SIGN_IN_CHARS};
use crate::window::Screen;
use crate::window::shift::{ShiftScreen, SignInProblem};

/// Who is signed in.
pub(super) struct Session {
    pub(super) person: PersonId,
    pub(super) masked_name: String,
    pub(super) role: Role,
}

/// The sign-in page's state. Wrong tries are counted for the whole station, not for each phone:
/// else one could try a PIN on every phone in turn.
#[derive(Default)]
pub(super) struct SignIn {
    attempts: u64,
    checking: Option<Check>,
    wrong: u32,
    wait: Option<Duration>,
    problem: Option<SignInProblem>,
}

struct Check {
    attempt: AttemptId,
    /// The person and the hash that is being compared; `None` for a stranger's phone.
    person: Option<(PersonId, String)>,
    since: Duration,
}

impl SignIn {
    pub(super) fn screen(&self, mono: Duration) -> Screen {
        let wait =
            self.wait.map(|until| SignInProblem::Wait { seconds: time::whole(until.saturating_sub(mono)) });
        Screen::Shift(ShiftScreen::SignedOut {
            checking: self.checking.is_some(),
            problem: wait.or(self.problem),
        })
    }

    /// Asks the shell to compare a PIN, unless it is too early or one is being compared.
    pub(super) fn begin(
        &mut self,
        phone: &str,
        pin: Zeroizing<String>,
        trust: &Trust,
        mono: Duration,
    ) -> Option<Action> {
        if self.checking.is_some() || self.wait.is_some() {
            return None;
        }
        let within = |text: &str| !text.is_empty() && text.chars().count() <= SIGN_IN_CHARS;
        let sane = within(phone) && within(&pin);
        let people = &trust.community().people;
        let person = sane.then(|| trust.community().person_by_phone(phone)).flatten();
        // A stranger's PIN is compared with somebody's hash, so that it takes as long; whatever
        // comes of it, it signs nobody in.
        let Some(phc) = person.or(people.first()).map(|person| person.pin_phc.clone()).filter(|_| sane)
        else {
            self.problem = Some(SignInProblem::WrongPhoneOrPin);
            return None;
        };
        self.attempts += 1;
        let attempt = AttemptId(self.attempts);
        let person = person.map(|person| (person.id, person.pin_phc.clone()));
        self.checking = Some(Check { attempt, person, since: mono });
        self.problem = None;
        Some(Action::CheckPin { attempt, pin, phc })
    }

    /// Takes the shell's answer: who may sign in, if it was the answer waited for, it was right,
    /// and the roster still says so.
    pub(super) fn finish(
        &mut self,
        attempt: AttemptId,
        right: bool,
        trust: Option<&Trust>,
        mono: Duration,
    ) -> Option<Session> {
        let check = self.checking.take_if(|check| check.attempt == attempt)?;
        let listed = check.person.filter(|_| right).and_then(|(id, phc)| {
            let people = &trust?.community().people;
            people.iter().find(|person| person.id == id && person.pin_phc == phc)
        });
        match listed {
            Some(person) => {
                *self = Self { attempts: self.attempts, ..Self::default() };
                Some(Session {
                    person: person.id,
                    masked_name: person.masked_name.clone(),
                    role: person.role,
                })
            }
            None => {
                self.count_wrong(mono);
                None
            }
        }
    }

    pub(super) fn pass_time(&mut self, mono: Duration) {
        self.wait.take_if(|until| mono >= *until);
        if self.gives_up().is_some_and(|at| mono >= at) {
            self.checking = None;
        }
    }

    pub(super) fn waits_until(&self) -> Option<Duration> {
        self.wait
    }

    pub(super) fn gives_up(&self) -> Option<Duration> {
        self.checking.as_ref().map(|check| check.since.saturating_add(PIN_CHECK))
    }

    /// Begins anew, with what is to be said of the last session.
    pub(super) fn reset(&mut self, problem: Option<SignInProblem>) {
        self.checking = None;
        self.problem = problem;
    }

    fn count_wrong(&mut self, mono: Duration) {
        self.wrong = self.wrong.saturating_add(1);
        self.problem = Some(SignInProblem::WrongPhoneOrPin);
        if let Some(beyond) = self.wrong.checked_sub(FREE_PIN_TRIES) {
            let wait = PIN_WAIT.saturating_mul(2u32.saturating_pow(beyond)).min(PIN_WAIT_MAX);
            self.wait = Some(mono.saturating_add(wait));
            self.problem = None;
        }
    }
}
