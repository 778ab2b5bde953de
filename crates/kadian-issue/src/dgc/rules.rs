//! Expectations that contradict their own file, or the specification: named rules that look at the file
//! alone, never at what our reader found.

use ciborium::Value;
use health_code::hcert::{Algorithm, UnverifiedCertificate, cbor, cwt};
use serde_json::Value as Json;

use super::case::{Case, bytes};
use super::compare::same;

/// A rule by which an expectation is not held against the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Valid at a clock that is its own `exp`: RFC 8392 §3.1.4 has it over by then.
    ClockIsExp,
    /// One payload that is a valid object and fails its schema.
    ObjectWithoutSchema,
    /// The schema holds, and a country is no code of one to ten capital letters.
    CountryIsNoCode,
    /// The schema holds, and a dose is none of 1 to 9.
    DoseOutOfRange,
    /// The schema holds, and there is more than one event: one certificate has one.
    SeveralEvents,
    /// The signature holds, and the header names an algorithm that the file's key is not for.
    OtherKind,
    /// CBOR and JSON agree, and they differ.
    ContentsDiffer,
    /// The key may not sign it, and its certificate restricts nothing.
    NothingRestricted,
    /// The schema fails, for a code that only a value set can tell, and none that was given does.
    ValueSet,
}

impl Rule {
    /// Every rule, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::ClockIsExp,
        Self::ObjectWithoutSchema,
        Self::CountryIsNoCode,
        Self::DoseOutOfRange,
        Self::SeveralEvents,
        Self::OtherKind,
        Self::ContentsDiffer,
        Self::NothingRestricted,
        Self::ValueSet,
    ];

    /// Returns the rule's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClockIsExp => "clock-is-exp",
            Self::ObjectWithoutSchema => "object-without-schema",
            Self::CountryIsNoCode => "country-is-no-code",
            Self::DoseOutOfRange => "dose-out-of-range",
            Self::SeveralEvents => "several-events",
            Self::OtherKind => "other-kind-of-key",
            Self::ContentsDiffer => "contents-differ",
            Self::NothingRestricted => "nothing-restricted",
            Self::ValueSet => "value-set",
        }
    }

    /// Says what the rule sees in a file.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ClockIsExp => "valid at a clock that is its own exp",
            Self::ObjectWithoutSchema => "a valid object that fails its schema",
            Self::CountryIsNoCode => "a country that is no code of 1 to 10 capital letters",
            Self::DoseOutOfRange => "a dose that is none of 1 to 9",
            Self::SeveralEvents => "more than one event in one certificate",
            Self::OtherKind => "a header that names another kind of key than the certificate's",
            Self::ContentsDiffer => "CBOR and JSON that differ",
            Self::NothingRestricted => "a key usage that fails where none is restricted",
            Self::ValueSet => "fails by a code that only a value set tells, and none given does",
        }
    }

    /// Returns whether the file contradicts itself by this rule; else it only asks for more than is checked.
    pub fn is_contradiction(self) -> bool {
        self != Self::ValueSet
    }
}

/// Returns the rule by which a file's expectation of a step does not count.
pub fn of(case: &Case, step: &str, expected: bool) -> Option<Rule> {
    let all = Rule::ALL.into_iter();
    let mut all = all.filter(|rule| concerns(*rule, step, expected));
    all.find(|rule| applies(*rule, case))
}

/// Which expectations a rule is about.
fn concerns(rule: Rule, step: &str, expected: bool) -> bool {
    let schema = matches!(step, "EXPECTEDVALIDOBJECT" | "EXPECTEDSCHEMAVALIDATION");
    match rule {
        Rule::ClockIsExp => expected && step == "EXPECTEDEXPIRATIONCHECK",
        Rule::ObjectWithoutSchema => schema && expected == (step == "EXPECTEDVALIDOBJECT"),
        Rule::CountryIsNoCode | Rule::DoseOutOfRange | Rule::SeveralEvents => schema && expected,
        Rule::OtherKind => expected && step == "EXPECTEDVERIFY",
        Rule::ContentsDiffer => {
            expected && matches!(step, "EXPECTEDDECODE" | "EXPECTEDENCODE" | "EXPECTEDVALIDJSON")
        }
        Rule::NothingRestricted => !expected && step == "EXPECTEDKEYUSAGE",
        Rule::ValueSet => !expected && step == "EXPECTEDSCHEMAVALIDATION",
    }
}

fn applies(rule: Rule, case: &Case) -> bool {
    let states = |step: &str, is: bool| case.expected.contains(&(step.to_owned(), is));
    match rule {
        Rule::ClockIsExp => clock_is_exp(case).unwrap_or(false),
        Rule::ObjectWithoutSchema => {
            states("EXPECTEDVALIDOBJECT", true) && states("EXPECTEDSCHEMAVALIDATION", false)
        }
        Rule::CountryIsNoCode => events(case).any(|event| country(event).is_some_and(|co| !is_code(co))),
        Rule::DoseOutOfRange => events(case).any(|event| {
            let doses = ["dn", "sd"].into_iter().filter_map(|key| event.get(key)?.as_i64());
            doses.into_iter().any(|dose| !(1..=9).contains(&dose))
        }),
        Rule::SeveralEvents => events(case).count() > 1,
        Rule::OtherKind => other_kind(case).unwrap_or(false),
        Rule::ContentsDiffer => contents_differ(case).unwrap_or(false),
        Rule::NothingRestricted => case.dsc().and_then(Result::ok).is_some_and(|dsc| !dsc.restricts),
        Rule::ValueSet => events(case).any(has_unlisted_code),
    }
}

fn clock_is_exp(case: &Case) -> Option<bool> {
    let clock = case.at()?.ok()?;
    let claims = claims(case)?;
    let (_, exp) = cwt::dates(&claims).ok()?;
    Some(clock == exp)
}

fn other_kind(case: &Case) -> Option<bool> {
    let (message, dsc) = (bytes("COSE", case.cose.as_ref()?).ok()?, case.dsc()?.ok()?);
    let header = header_algorithm(&message)?;
    Some(Algorithm::of_number(header) != Some(dsc.key.algorithm()))
}

/// Reads the algorithm that a message's headers name, whether anybody here knows it or not.
fn header_algorithm(message: &[u8]) -> Option<i128> {
    let mut value = cbor::decode(message).ok()?;
    while let Value::Tag(_, inner) = value {
        value = *inner;
    }
    let parts = value.into_array().ok()?;
    let signed = cbor::decode(parts.first()?.as_bytes()?).ok();
    let named = |header: &Value| {
        let entries = header.as_map()?.iter();
        let found = entries.filter(|(key, _)| *key == 1.into()).find_map(|(_, value)| value.as_integer());
        found.map(i128::from)
    };
    signed.as_ref().and_then(named).or_else(|| named(parts.get(1)?))
}

fn contents_differ(case: &Case) -> Option<bool> {
    let json = case.json.as_ref()?;
    let cbor = match &case.cbor {
        Some(hex) => cbor::decode(&bytes("CBOR", hex).ok()?).ok()?,
        None => claims(case)?,
    };
    Some(!same(json, cwt::certificate(&cbor).unwrap_or(&cbor)))
}

fn claims(case: &Case) -> Option<Value> {
    let message = bytes("COSE", case.cose.as_ref()?).ok()?;
    cbor::decode(UnverifiedCertificate::from_cose(&message).ok()?.payload_unverified()).ok()
}

fn events(case: &Case) -> impl Iterator<Item = &Json> {
    let lists = ["v", "t", "r"].into_iter().filter_map(|key| case.json.as_ref()?.get(key)?.as_array());
    lists.flatten()
}

fn country(event: &Json) -> Option<&str> {
    event.get("co")?.as_str()
}

fn is_code(country: &str) -> bool {
    matches!(country.len(), 1..=10) && country.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Returns whether a code cannot be in the EU's value sets by its form: a country of ISO 3166 has two
/// letters and is not user-assigned, an organisation of the EMA is `ORG-` and nine digits, and the device
/// list had no four equal digits.
fn has_unlisted_code(event: &Json) -> bool {
    let assigned = |co: &str| match co.as_bytes() {
        [b'X', b'K'] => true,
        [b'X' | b'Q', second] => *second < b'M' && co.starts_with('Q'),
        [first, second] => [*first, *second] != *b"AA" && [*first, *second] != *b"ZZ",
        _ => false,
    };
    let maker = event.get("ma").and_then(Json::as_str);
    let unlisted = |maker: &str| match maker.strip_prefix("ORG-") {
        Some(digits) => digits.len() != 9,
        None => maker == "9999",
    };
    country(event).is_some_and(|co| !assigned(co)) || maker.is_some_and(unlisted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn case(json: &Json, expected: &[(&str, bool)]) -> Case {
        let results: serde_json::Map<String, Json> =
            expected.iter().map(|(step, is)| ((*step).to_owned(), json!(is))).collect();
        let file = json!({ "JSON": json, "EXPECTEDRESULTS": results });
        Case::read(file.to_string().as_bytes()).unwrap()
    }

    fn rule(json: &Json, expected: &[(&str, bool)]) -> Option<Rule> {
        let (step, is) = expected[0];
        of(&case(json, expected), step, is)
    }

    const OBJECT: (&str, bool) = ("EXPECTEDVALIDOBJECT", true);
    const SCHEMA: (&str, bool) = ("EXPECTEDSCHEMAVALIDATION", true);
    const NO_SCHEMA: (&str, bool) = ("EXPECTEDSCHEMAVALIDATION", false);

    #[test]
    fn each_rule_looks_at_the_file_alone() {
        let dose = |co: &str, dn: i64| json!({"v": [{"co": co, "dn": dn, "sd": 2, "ma": "ORG-100030215"}]});
        assert_eq!(rule(&dose("XS", 2), &[OBJECT]), None);
        assert_eq!(rule(&dose("XS", 2), &[OBJECT, NO_SCHEMA]), Some(Rule::ObjectWithoutSchema));
        assert_eq!(rule(&dose("XS", 2), &[NO_SCHEMA, OBJECT]), Some(Rule::ObjectWithoutSchema));
        assert_eq!(rule(&dose("", 2), &[SCHEMA]), Some(Rule::CountryIsNoCode));
        assert_eq!(rule(&dose("xs", 2), &[OBJECT]), Some(Rule::CountryIsNoCode));
        assert_eq!(rule(&dose("XS", 0), &[SCHEMA]), Some(Rule::DoseOutOfRange));
        let two = json!({"v": [{"co": "XS"}], "t": [{"co": "XS"}]});
        assert_eq!(rule(&two, &[SCHEMA]), Some(Rule::SeveralEvents));
        assert_eq!(rule(&two, &[NO_SCHEMA]), Some(Rule::ValueSet), "XS is user-assigned");
        assert_eq!(
            rule(&json!({"v": [{"co": "PL", "ma": "ORG-99999999"}]}), &[NO_SCHEMA]),
            Some(Rule::ValueSet)
        );
        assert_eq!(rule(&json!({"v": [{"co": "PL", "ma": "ORG-100030215"}]}), &[NO_SCHEMA]), None);
        // What is expected to fail contradicts nothing of these.
        assert_eq!(rule(&dose("", 0), &[("EXPECTEDVERIFY", false)]), None);
    }

    #[test]
    fn contents_that_differ_are_told_from_contents_that_are_broken() {
        let of = |cbor: &str| {
            let file = json!({ "JSON": {"ver": "1.0.0"}, "CBOR": cbor, "EXPECTEDRESULTS": {} });
            of(&Case::read(file.to_string().as_bytes()).unwrap(), "EXPECTEDDECODE", true)
        };
        assert_eq!(of("a16376657265312e302e30"), None, "the same");
        assert_eq!(of("a16376657265312e332e30"), Some(Rule::ContentsDiffer));
        assert_eq!(of("bf6376"), None, "no CBOR: the reader is asked");
    }

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(names.len(), Rule::ALL.len());
    }
}
