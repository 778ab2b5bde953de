//! The consent of two people: what waits for it, who may give it, and that it is used once. Pure.
//!
//! Which acts need it is a file beside the office's data and no setting of the console: nobody whom it holds back
//! can loosen it there.

use health_code::{PersonId, Region, Timestamp};
use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

use super::rights::Right;
use crate::limits::CONSENT_SECONDS;

/// Which acts need two people, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TwoPeople(Vec<(Right, Region)>);

/// Leave to do exactly what was asked. Only [`TwoPeople::alone`] and [`Request::take`] give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consented {
    right: Right,
    ask: String,
    with: Option<PersonId>,
}

/// What somebody wants to do, and waits for another one's consent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What it takes.
    pub right: Right,
    /// Who asks.
    #[serde(with = "as_text")]
    pub by: PersonId,
    /// Exactly what they ask, as the act that does it writes it.
    pub ask: String,
    /// Whom it is about, masked; may be empty.
    pub masked: String,
    /// Why.
    pub line: String,
    /// When they asked.
    pub asked: i64,
    /// What became of it.
    pub state: State,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Nobody decided yet.
    Waits,
    /// Somebody agreed.
    Agreed(#[serde(with = "as_text")] PersonId),
    /// Somebody refused.
    Refused(#[serde(with = "as_text")] PersonId),
    /// It was done, with the consent of this person.
    Used(#[serde(with = "as_text")] PersonId),
}

/// Why nothing becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// Nobody agrees with themself.
    Yourself,
    /// It is another's.
    NotYours,
    /// It is over, decided already, or used.
    Over,
    /// Nobody agreed yet.
    Waits,
}

impl TwoPeople {
    /// Returns the strictest rule: every act, everywhere.
    #[must_use]
    pub fn always() -> Self {
        Self(Right::VARIANTS.iter().map(|right| (*right, Region::country())).collect())
    }

    /// Reads lines of a right and perhaps a region: `residents.trace 420106`. A line that says something else makes
    /// the strictest rule, with its number: what was meant to hold somebody back does.
    ///
    /// # Errors
    /// The number of the first such line.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut rules = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (right, region) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let may_be = [Right::ResidentsTrace, Right::ResidentsExport];
            let right = may_be.into_iter().find(|known| <&str>::from(*known) == right).ok_or(number + 1)?;
            let region = match region.trim() {
                "" => Region::country(),
                code => code.parse().map_err(|_| number + 1)?,
            };
            rules.push((right, region));
        }
        Ok(Self(rules))
    }

    /// Returns whether an act in a region needs two people: also where a part of the region does.
    #[must_use]
    pub fn need(&self, right: Right, region: &Region) -> bool {
        let touches = |rule: &Region| rule.contains(region) || region.contains(rule);
        self.0.iter().any(|(ruled, place)| *ruled == right && touches(place))
    }

    /// Returns leave to do it alone, where nobody else is needed.
    #[must_use]
    pub fn alone(&self, right: Right, region: &Region, ask: String) -> Option<Consented> {
        (!self.need(right, region)).then_some(Consented { right, ask, with: None })
    }
}

impl Request {
    /// Returns whether its time is over.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        !(self.asked..self.asked + CONSENT_SECONDS).contains(&now.0)
    }

    /// Agrees or refuses. Whoever decides has the right, in the asker's region or a higher one.
    ///
    /// # Errors
    /// [`No`].
    pub fn decide(&mut self, who: PersonId, agree: bool, now: Timestamp) -> Result<(), No> {
        if who == self.by {
            return Err(No::Yourself);
        }
        if self.is_over(now) || self.state != State::Waits {
            return Err(No::Over);
        }
        self.state = if agree { State::Agreed(who) } else { State::Refused(who) };
        Ok(())
    }

    /// Takes the leave that somebody gave, once: whoever keeps the request does so before anything is done.
    ///
    /// # Errors
    /// [`No`].
    pub fn take(&mut self, who: PersonId, right: Right, now: Timestamp) -> Result<Consented, No> {
        if who != self.by || right != self.right {
            return Err(No::NotYours);
        }
        match self.state {
            _ if self.is_over(now) => Err(No::Over),
            State::Waits => Err(No::Waits),
            State::Refused(_) | State::Used(_) => Err(No::Over),
            State::Agreed(with) => {
                self.state = State::Used(with);
                Ok(Consented { right, ask: self.ask.clone(), with: Some(with) })
            }
        }
    }
}

impl Consented {
    /// Returns what may be done.
    #[must_use]
    pub fn ask(&self) -> &str {
        &self.ask
    }

    /// Returns the right that it takes.
    #[must_use]
    pub fn right(&self) -> Right {
        self.right
    }

    /// Returns who agreed, where two people were needed.
    #[must_use]
    pub fn with(&self) -> Option<PersonId> {
        self.with
    }
}

/// An id as its digits.
mod as_text {
    use health_code::PersonId;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(id: &PersonId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PersonId, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("not an id"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1000);
    const TRACE: Right = Right::ResidentsTrace;

    fn region(code: &str) -> Region {
        code.parse().unwrap()
    }

    #[test]
    fn the_rule_says_which_act_and_where_and_what_it_cannot_say_is_no_rule() {
        let rule = TwoPeople::parse("# two people\nresidents.export\n\nresidents.trace 420106\n").unwrap();
        let community = region("420106001001");
        assert!(rule.need(Right::ResidentsExport, &region("11")));
        assert!(rule.need(TRACE, &community) && !rule.need(TRACE, &region("420107001001")));
        assert!(rule.need(TRACE, &region("42")), "a part of it does");
        assert!(rule.alone(TRACE, &community, String::new()).is_none());
        let alone = rule.alone(TRACE, &region("11"), "this".into()).unwrap();
        assert_eq!((alone.ask(), alone.with(), alone.right()), ("this", None, TRACE));
        assert_eq!(TwoPeople::parse("residents.trace\nresidents.look"), Err(2));
        assert_eq!(TwoPeople::parse("residents.trace x"), Err(1));
        assert!(TwoPeople::always().need(TRACE, &community));
        assert!(!TwoPeople::default().need(TRACE, &community));
    }

    #[test]
    fn another_person_agrees_in_time_and_it_is_good_once_for_what_was_asked() {
        let (me, other) = (PersonId([1; 8]), PersonId([2; 8]));
        let asked = Request {
            right: TRACE,
            by: me,
            ask: "exactly this".into(),
            masked: "9901**********0011".into(),
            line: "investigation".into(),
            asked: NOW.0,
            state: State::Waits,
        };
        let (late, mut request) = (NOW.plus(CONSENT_SECONDS), asked.clone());
        assert_eq!(request.take(me, TRACE, NOW), Err(No::Waits));
        assert_eq!(request.decide(me, true, NOW), Err(No::Yourself));
        assert_eq!(request.decide(other, true, late), Err(No::Over));
        assert_eq!(request.decide(other, true, NOW), Ok(()));
        assert_eq!(request.decide(other, false, NOW), Err(No::Over), "decided already");
        assert_eq!(request.take(other, TRACE, NOW), Err(No::NotYours));
        assert_eq!(request.take(me, Right::ResidentsExport, NOW), Err(No::NotYours));
        assert_eq!(request.take(me, TRACE, late), Err(No::Over));
        let leave = request.take(me, TRACE, NOW.plus(9)).unwrap();
        assert_eq!((leave.ask(), leave.with()), ("exactly this", Some(other)));
        assert_eq!(request.take(me, TRACE, NOW), Err(No::Over), "once");
        let mut refused = asked;
        refused.decide(other, false, NOW).unwrap();
        assert_eq!(refused.take(me, TRACE, NOW), Err(No::Over));
    }
}
