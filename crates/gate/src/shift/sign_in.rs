//! Signing in offline: the last four digits of a phone, a PIN, and waits after wrong ones.

use std::collections::BTreeMap;
use std::time::Duration;

use health_code::Community;
use health_code::trust::{Person, PersonId};
use zeroize::Zeroizing;

use super::tries::{Account, WrongTries};
use crate::action::Action;
use crate::deadlines;
use crate::input::AttemptId;
use crate::limits::{SECRET_CHARS, SIGN_IN_DIGITS};
use crate::window::collector::Countdown;
use crate::window::shift::{PersonChoice, ShiftScreen, SignInProblem};

/// Wrong tries before waiting begins.
const FREE_TRIES: u32 = 5;
/// The first wait; each further wrong try doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// The longest wait. Nobody is locked out for good.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// A PIN check that has not answered by now is given up. Long, since an emulated processor needs more than ten seconds.
const CHECK_TIMEOUT: Duration = Duration::from_secs(60);
/// The workbench's door closes when nobody has typed anything at it for this long.
const DOOR: Duration = Duration::from_secs(60);
/// The choice among people with the same digits stays for this long.
const SHOWS_CHOICES: Duration = Duration::from_secs(60);

/// The state of the sign-in page.
///
/// Wrong tries are counted for each person, and cleared by that person's own PIN, or a new one, alone:
/// nobody can make another wait, or clear another's count by signing in.
pub(super) struct SignIn {
    attempts: u64,
    checking: Option<Check>,
    tries: WrongTries,
    /// When the next try of each account is taken, after too many wrong ones.
    waits: BTreeMap<Account, Duration>,
    /// The account of the last try; the screen shows its wait.
    last: Option<Account>,
    choices: Option<Choices>,
    problem: Option<SignInProblem>,
    /// The page is the workbench's door.
    door: Option<Door>,
}

/// The page as the workbench's door, at which an administrator signs in.
struct Door {
    until: Duration,
    /// The masked name of somebody who is no administrator, whose PIN was right.
    refused: Option<String>,
}

/// The people with the digits of the last try.
struct Choices {
    people: Vec<PersonChoice>,
    until: Duration,
}

struct Check {
    attempt: AttemptId,
    account: Account,
    /// The hash that is compared.
    phc: String,
    since: Duration,
}

/// Somebody could not be signed in.
pub(super) struct WrongTry;

impl SignIn {
    /// Returns the page as it is after a start: the waits begin anew.
    pub(super) fn new(tries: WrongTries, mono: Duration) -> Self {
        let waits = tries
            .accounts()
            .filter_map(|(account, count)| Some((account, mono.saturating_add(wait(count)?))));
        let waits = waits.collect();
        let (checking, last, choices, problem, door) = (None, None, None, None, None);
        Self { attempts: 0, checking, tries, waits, last, choices, problem, door }
    }

    pub(super) fn screen(&self, resumable: Option<Countdown>, mono: Duration) -> ShiftScreen {
        ShiftScreen::SignedOut {
            checking: self.checking.is_some(),
            problem: self.shown_problem(mono),
            choices: self.shown_choices(),
            resumable,
        }
    }

    /// Returns the page as the workbench's door.
    pub(super) fn door(&self, on_duty: Option<String>, contact: String, mono: Duration) -> ShiftScreen {
        let refused = self.door.as_ref().and_then(|door| door.refused.clone());
        ShiftScreen::Door {
            checking: self.checking.is_some(),
            problem: self.shown_problem(mono),
            choices: self.shown_choices(),
            no_administrator: refused.or(on_duty),
            contact,
        }
    }

    pub(super) fn open_door(&mut self, mono: Duration) {
        self.reset(None);
        self.door = Some(Door { until: mono.saturating_add(DOOR), refused: None });
    }

    pub(super) fn close_door(&mut self) {
        self.door = None;
        self.reset(None);
    }

    /// Closes the door, if it is open.
    pub(super) fn leave_door(&mut self) {
        if self.is_door() {
            self.close_door();
        }
    }

    pub(super) fn is_door(&self) -> bool {
        self.door.is_some()
    }

    /// Notes that somebody is still at the door.
    pub(super) fn hold_door(&mut self, mono: Duration) {
        if let Some(door) = &mut self.door {
            door.until = mono.saturating_add(DOOR);
        }
    }

    /// Says that somebody is no administrator.
    pub(super) fn refuse_at_door(&mut self, masked_name: &str) {
        if let Some(door) = &mut self.door {
            door.refused = Some(masked_name.to_owned());
        }
    }

    /// Returns when the door closes by itself: not while a PIN is being compared.
    pub(super) fn door_until(&self) -> Option<Duration> {
        self.door.as_ref().filter(|_| self.checking.is_none()).map(|door| door.until)
    }

    /// Returns whether a PIN is being compared.
    pub(super) fn is_checking(&self) -> bool {
        self.checking.is_some()
    }

    fn shown_problem(&self, mono: Duration) -> Option<SignInProblem> {
        let wait = self.shown_wait().map(|until| SignInProblem::Wait {
            seconds: deadlines::whole_seconds(until.saturating_sub(mono)),
        });
        wait.or(self.problem)
    }

    fn shown_choices(&self) -> Vec<PersonChoice> {
        self.choices.as_ref().map(|choices| choices.people.clone()).unwrap_or_default()
    }

    /// Asks the shell to compare a PIN, unless it is too early or one is being compared. If several
    /// people have the digits, and none of them is named, shows whom to choose from instead.
    pub(super) fn begin(
        &mut self,
        digits: &str,
        person: Option<&str>,
        secret: Zeroizing<String>,
        community: &Community,
        mono: Duration,
    ) -> Option<Action> {
        if self.checking.is_some() {
            return None;
        }
        (self.choices, self.problem, self.last) = (None, None, None);
        if let Some(door) = &mut self.door {
            door.refused = None;
        }
        let digits_are_usable =
            digits.len() == SIGN_IN_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !digits_are_usable || secret.is_empty() || secret.chars().count() > SECRET_CHARS {
            self.problem = Some(SignInProblem::WrongDigitsOrSecret);
            return None;
        }
        let people: Vec<&Person> = community.people_by_digits(digits).collect();
        let found = match (person, people.as_slice()) {
            (None, [one]) => Some(*one),
            (None, [_, _, ..]) => {
                let people = people.iter().map(|person| PersonChoice {
                    id: person.id.to_string(),
                    masked_name: person.masked_name.clone(),
                });
                self.choices =
                    Some(Choices { people: people.collect(), until: mono.saturating_add(SHOWS_CHOICES) });
                return None;
            }
            (None, []) => None,
            (Some(id), people) => {
                let id = id.parse::<PersonId>().ok();
                people.iter().copied().find(|person| Some(person.id) == id)
            }
        };
        let account = found.map_or(Account::Unknown, |person| Account::Person(person.id));
        self.last = Some(account);
        if self.waits.contains_key(&account) {
            return None;
        }
        // For unknown digits the PIN is compared with somebody else's hash, so that it takes as
        // long. Whatever comes of it, it signs nobody in.
        let Some(phc) = found.or(community.people.first()).map(|person| person.pin_phc.clone()) else {
            self.problem = Some(SignInProblem::WrongDigitsOrSecret);
            return None;
        };
        self.attempts += 1;
        let attempt = AttemptId(self.attempts);
        self.tries.count(account, |id| community.people.iter().any(|person| person.id == id));
        self.checking = Some(Check { attempt, account, phc: phc.clone(), since: mono });
        Some(Action::CheckPin { attempt, pin: secret, phc, tries: self.tries.clone() })
    }

    /// Takes the shell's answer, if it is the one waited for. Returns who may sign in: the PIN was
    /// right, and the roster still lists the person with this PIN.
    pub(super) fn finish<'c>(
        &mut self,
        attempt: AttemptId,
        right: bool,
        community: Option<&'c Community>,
        mono: Duration,
    ) -> Option<Result<&'c Person, WrongTry>> {
        let check = self.checking.take_if(|check| check.attempt == attempt)?;
        let listed = match check.account {
            Account::Person(id) if right => {
                let people = community.map(|community| community.people.as_slice()).unwrap_or_default();
                people.iter().find(|person| person.id == id && person.pin_phc == check.phc)
            }
            Account::Person(_) | Account::Unknown => None,
        };
        if listed.is_none() {
            self.was_wrong(check.account, mono);
        }
        Some(listed.ok_or(WrongTry))
    }

    /// Forgets the wrong tries of somebody who has signed in. Returns what is to be made durable.
    pub(super) fn forgive(&mut self, person: PersonId) -> Option<Action> {
        let account = Account::Person(person);
        self.waits.remove(&account);
        self.tries.clear(account).then(|| Action::KeepTries(self.tries.clone()))
    }

    pub(super) fn pass_time(&mut self, mono: Duration) {
        self.waits.retain(|_, until| mono < *until);
        self.choices.take_if(|choices| mono >= choices.until);
        if let Some(check) = self.checking.take_if(|check| mono >= gives_up(check)) {
            // The try was counted, so it costs what a wrong one costs.
            self.was_wrong(check.account, mono);
            self.problem = Some(SignInProblem::NotChecked);
        }
    }

    pub(super) fn deadlines(&self, mono: Duration) -> impl Iterator<Item = Duration> {
        let wait = self.shown_wait().map(|until| deadlines::next_second(until, mono));
        let choices = self.choices.as_ref().map(|choices| choices.until);
        wait.into_iter().chain(choices).chain(self.checking.as_ref().map(gives_up))
    }

    /// Begins anew, with what is to be said of the last shift.
    pub(super) fn reset(&mut self, problem: Option<SignInProblem>) {
        (self.checking, self.choices, self.last, self.problem) = (None, None, None, problem);
    }

    /// Forgets the choice among people with the same digits.
    pub(super) fn forget_choices(&mut self) {
        self.choices = None;
    }

    fn shown_wait(&self) -> Option<Duration> {
        self.last.and_then(|account| self.waits.get(&account).copied())
    }

    fn was_wrong(&mut self, account: Account, mono: Duration) {
        match wait(self.tries.of(account)) {
            Some(wait) => {
                self.waits.insert(account, mono.saturating_add(wait));
            }
            None => self.problem = Some(SignInProblem::WrongDigitsOrSecret),
        }
    }
}

/// Returns how long somebody waits after this many wrong tries; `None` if not at all.
fn wait(tries: u32) -> Option<Duration> {
    let beyond = tries.checked_sub(FREE_TRIES)?;
    Some(FIRST_WAIT.saturating_mul(2u32.saturating_pow(beyond)).min(LONGEST_WAIT))
}

fn gives_up(check: &Check) -> Duration {
    check.since.saturating_add(CHECK_TIMEOUT)
}
