//! Signing in offline: phone, PIN, and waits after wrong ones.

use std::time::Duration;

use health_code::Trust;
use health_code::trust::{Person, PersonId};
use zeroize::Zeroizing;

use crate::action::Action;
use crate::deadlines;
use crate::input::AttemptId;
use crate::limits::SIGN_IN_CHARS;
use crate::window::shift::{ShiftScreen, SignInProblem};

/// Wrong PINs before waiting begins.
const FREE_TRIES: u32 = 5;
/// The first wait; each further wrong PIN doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// A PIN check that has not answered by now is given up.
const CHECK_TIMEOUT: Duration = Duration::from_secs(10);

/// The state of the sign-in page.
///
/// Wrong tries are counted for the whole station. If they were counted for each phone, somebody
/// could try one PIN on every phone in turn.
#[derive(Default)]
pub(super) struct SignIn {
    attempts: u64,
    checking: Option<Check>,
    wrong: u32,
    /// When the next try is taken, after too many wrong ones.
    waits_until: Option<Duration>,
    problem: Option<SignInProblem>,
}

struct Check {
    attempt: AttemptId,
    /// The person, and the hash that is compared; `None` for an unknown phone.
    person: Option<(PersonId, String)>,
    since: Duration,
}

impl SignIn {
    pub(super) fn screen(&self, mono: Duration) -> ShiftScreen {
        let wait = self.waits_until.map(|until| SignInProblem::Wait {
            seconds: deadlines::whole_seconds(until.saturating_sub(mono)),
        });
        ShiftScreen::SignedOut { checking: self.checking.is_some(), problem: wait.or(self.problem) }
    }

    /// Asks the shell to compare a PIN, unless it is too early or one is being compared.
    pub(super) fn begin(
        &mut self,
        phone: &str,
        pin: Zeroizing<String>,
        trust: &Trust,
        mono: Duration,
    ) -> Option<Action> {
        if self.checking.is_some() || self.waits_until.is_some() {
            return None;
        }
        let is_usable = |text: &str| !text.is_empty() && text.chars().count() <= SIGN_IN_CHARS;
        let usable = is_usable(phone) && is_usable(&pin);
        let person = usable.then(|| trust.community().person_by_phone(phone)).flatten();
        // For an unknown phone the PIN is compared with somebody else's hash, so that it takes as
        // long. Whatever comes of it, it signs nobody in.
        let decoy = trust.community().people.first();
        let Some(phc) = person.or(decoy).map(|person| person.pin_phc.clone()).filter(|_| usable) else {
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

    /// Takes the shell's answer. Returns who may sign in: the answer is the one waited for, the
    /// PIN was right, and the roster still lists the person with this PIN.
    pub(super) fn finish<'trust>(
        &mut self,
        attempt: AttemptId,
        right: bool,
        trust: Option<&'trust Trust>,
        mono: Duration,
    ) -> Option<&'trust Person> {
        let check = self.checking.take_if(|check| check.attempt == attempt)?;
        let listed = check.person.filter(|_| right).and_then(|(id, phc)| {
            let people = &trust?.community().people;
            people.iter().find(|person| person.id == id && person.pin_phc == phc)
        });
        if listed.is_some() {
            *self = Self { attempts: self.attempts, ..Self::default() };
        } else {
            self.count_wrong(mono);
        }
        listed
    }

    pub(super) fn pass_time(&mut self, mono: Duration) {
        self.waits_until.take_if(|until| mono >= *until);
        if self.gives_up().is_some_and(|at| mono >= at) {
            self.checking = None;
        }
    }

    pub(super) fn deadlines(&self, mono: Duration) -> impl Iterator<Item = Duration> {
        let wait = self.waits_until.map(|until| deadlines::next_second(until, mono));
        wait.into_iter().chain(self.gives_up())
    }

    /// Begins anew, with what is to be said of the last shift.
    pub(super) fn reset(&mut self, problem: Option<SignInProblem>) {
        self.checking = None;
        self.problem = problem;
    }

    fn gives_up(&self) -> Option<Duration> {
        self.checking.as_ref().map(|check| check.since.saturating_add(CHECK_TIMEOUT))
    }

    fn count_wrong(&mut self, mono: Duration) {
        self.wrong = self.wrong.saturating_add(1);
        self.problem = Some(SignInProblem::WrongPhoneOrPin);
        if let Some(beyond) = self.wrong.checked_sub(FREE_TRIES) {
            let wait = FIRST_WAIT.saturating_mul(2u32.saturating_pow(beyond)).min(LONGEST_WAIT);
            self.waits_until = Some(mono.saturating_add(wait));
            self.problem = None;
        }
    }
}
