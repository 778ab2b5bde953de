//! Authorising a collector: whom their own code names, their phone number, and a PIN that they choose.

use std::time::Duration;

use health_code::family::Presented;
use health_code::policy::Ruling;
use health_code::trust::Role;
use health_code::{Community, Region, UnverifiedCode, mask};
use wire::report::RosterChange;
use zeroize::Zeroizing;

use super::hashing::Hashing;
use super::pins;
use super::typed::Typed;
use crate::action::Action;
use crate::collector::damage;
use crate::hints::Hints;
use crate::input::{Aim, AttemptId, Scan};
use crate::surroundings::Distrust;
use crate::window::collector::Hint;
use crate::window::scanner::ScannerWay;
use crate::window::workbench::{AddProblem, ScannedPerson, WorkbenchFrame, WorkbenchScreen};
use crate::wing::{Effects, Known};

/// The state of the page on which a collector is authorised.
#[derive(Default)]
pub(super) struct Adding {
    person: Option<Person>,
    hints: Hints,
    hashing: Hashing<Phone>,
    pub(super) problem: Option<AddProblem>,
}

/// Whom a code names that was verified.
struct Person {
    shown: ScannedPerson,
    code: UnverifiedCode,
}

/// The phone number of somebody whose PIN is being hashed.
struct Phone {
    masked: String,
    whole: Zeroizing<String>,
}

impl Adding {
    pub(super) fn screen(&self, frame: WorkbenchFrame, saving: bool) -> WorkbenchScreen {
        WorkbenchScreen::AddCollector {
            frame,
            person: self.person.as_ref().map(|person| person.shown.clone()),
            hint: self.hints.shown(),
            saving: saving || self.hashing.is_open(),
            problem: self.problem,
        }
    }

    pub(super) fn pass_time(&mut self, mono: Duration) {
        self.hints.pass_time(mono);
        if self.hashing.pass_time(mono) {
            self.problem = Some(AddProblem::NotRecorded);
        }
    }

    pub(super) fn deadlines(&self) -> Vec<Duration> {
        self.hints.deadlines().chain(self.hashing.deadline()).collect()
    }

    pub(super) fn found(&mut self, hint: Option<Hint>, mono: Duration) {
        if self.person.is_none() {
            self.hints.found(hint, mono);
        }
    }

    /// Takes a code, if none was taken yet. Returns whether it names somebody.
    pub(super) fn code_seen(&mut self, text: &str, aim: Aim, known: &Known) -> bool {
        if self.person.is_some() {
            return false;
        }
        if aim == Aim::Unclear {
            self.found(Some(Hint::OneAtATime), known.now.mono);
            return false;
        }
        self.found(None, known.now.mono);
        match Person::of(text, known) {
            Ok(person) => {
                (self.person, self.problem) = (Some(person), None);
                self.hints.clear();
            }
            Err(problem) => self.problem = Some(problem),
        }
        self.person.is_some()
    }

    /// Takes what a hand scanner sent, if no code was taken yet. Returns whether it names somebody.
    pub(super) fn scanned(&mut self, scan: &Scan, known: &Known) -> bool {
        if self.person.is_some() {
            return false;
        }
        let damage = match scan {
            _ if known.around.scanner.way == ScannerWay::None => Some(Hint::ScannerOff),
            Scan::Broken => Some(Hint::ScanIncomplete),
            Scan::Text(text) => damage(text),
        };
        match (damage, scan) {
            (Some(hint), _) => self.hints.say(hint, known.now.mono),
            (None, Scan::Text(text)) => return self.code_seen(text, Aim::Alone, known),
            (None, Scan::Broken) => {}
        }
        false
    }

    /// Checks what was typed, and asks for the PIN to be hashed.
    pub(super) fn begin(&mut self, typed: &Typed, attempt: AttemptId, known: &Known) -> Option<Action> {
        if self.hashing.is_open() {
            return None;
        }
        match self.check(typed, known) {
            Err(problem) => {
                self.problem = Some(problem);
                None
            }
            Ok(phone) => {
                let phone = Phone { masked: mask::phone(&phone), whole: phone };
                self.hashing.begin(attempt, phone, known.now.mono);
                self.problem = None;
                Some(Action::HashPin { attempt, pin: typed.pin.clone() })
            }
        }
    }

    /// Takes the hash that was waited for, and returns the change.
    pub(super) fn hashed(
        &mut self,
        attempt: AttemptId,
        phc: String,
        effects: &mut Effects,
    ) -> Option<RosterChange> {
        let phone = self.hashing.take(attempt)?;
        let person = self.person.as_ref()?;
        if !health_code::secret::is_bearable_hash(&phc) {
            self.problem = Some(AddProblem::NotRecorded);
            return None;
        }
        Some(RosterChange::PersonAdded {
            id: effects.random(),
            masked_name: person.shown.masked_name.clone(),
            masked_phone: phone.masked,
            phc,
            code: person.code.cose().to_vec(),
            phone: Some(String::clone(&phone.whole)),
        })
    }

    fn check(&mut self, typed: &Typed, known: &Known) -> Result<Zeroizing<String>, AddProblem> {
        let person = self.person.as_ref().ok_or(AddProblem::NotRecorded)?;
        let phone = pins::phone(&typed.phone).ok_or(AddProblem::Phone)?;
        let masked_phone = mask::phone(&phone);
        let community = known.community().ok_or(AddProblem::NotRecorded)?;
        if is_listed(&person.shown.masked_name, &masked_phone, community) {
            return Err(AddProblem::Listed);
        }
        pins::check(&typed.pin, &typed.again, pins::Phone::Whole(&phone))?;
        // The office verifies the code as of the report's time.
        if let Err(problem) = verify(&person.code, known) {
            self.person = None;
            return Err(problem);
        }
        if known.roster.has_room() { Ok(phone) } else { Err(AddProblem::TooMany) }
    }
}

impl Person {
    fn of(text: &str, known: &Known) -> Result<Self, AddProblem> {
        let code = match Presented::parse(text) {
            Ok(Presented::Code(code)) => code,
            Ok(Presented::Certificate(_)) => return Err(AddProblem::Certificate),
            Err(refusal) => return Err(AddProblem::Refused { refusal }),
        };
        let shown = verify(&code, known)?;
        Ok(Self { shown, code })
    }
}

/// Verifies a code as of now, and judges it: whoever is to be turned back authorises nobody.
fn verify(code: &UnverifiedCode, known: &Known) -> Result<ScannedPerson, AddProblem> {
    let (Some(trust), Some(community)) = (known.trust, known.community()) else {
        return Err(AddProblem::NotRecorded);
    };
    if let Some(distrust) = known.distrust() {
        return Err(AddProblem::Unjudged { fault: distrust.fault() });
    }
    let Some(policy) = known.standing.policy() else {
        return Err(AddProblem::Unjudged { fault: Distrust::NoPolicy.fault() });
    };
    let (region, wall): (&Region, _) = (&community.region, known.now.wall);
    let verified = trust
        .verify(code, region, wall)
        .map_err(|refused| AddProblem::Refused { refusal: refused.refusal })?;
    if policy.judge(&verified, region, wall).ruling == Ruling::Stop {
        return Err(AddProblem::Stop);
    }
    let (claims, issuer) = (verified.claims(), verified.issuer());
    Ok(ScannedPerson {
        masked_name: claims.masked_name.clone(),
        masked_id: claims.masked_id.clone(),
        issuer_zh: issuer.name_zh.clone(),
        issuer_en: issuer.name_en.clone(),
        region: claims.region.as_str().to_owned(),
        lives_here: region.contains(&claims.region),
        seen_at: wall,
    })
}

fn is_listed(masked_name: &str, masked_phone: &str, community: &Community) -> bool {
    community.people.iter().any(|person| {
        person.role == Role::Collector
            && person.masked_name == masked_name
            && person.masked_phone == masked_phone
    })
}
