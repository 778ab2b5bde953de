//! The signed files as JSON, with names where the files have numbers.
//!
//! One table drives both directions. It only holds the names. The strict reader checks the values.

use ciborium::Value;
use serde_json::{Map, Value as Json, json};
use strict_cose::hex;

use crate::clock;

/// How a value is written in JSON.
pub enum Kind {
    /// A number.
    Number,
    /// A moment, in RFC 3339.
    Moment,
    /// A text.
    Text,
    /// Bytes, in lower-case hex.
    Bytes,
    /// `true` or `false`.
    Flag,
    /// A number, by its name.
    OneOf(&'static [&'static str]),
    /// An array.
    List(&'static Kind),
    /// An object: each field's key in the file, its name in JSON, and its kind.
    Object(&'static [(i64, &'static str, Kind)]),
    /// The hash of each chunk of revocations, by the first byte of its entries; both in hex.
    Hashes,
}

use Kind::{Bytes, Flag, Hashes, List, Moment, Number, Object, OneOf, Text};

/// `root.cose`.
pub const ROOT: Kind = Object(&[
    (1, "version", Number),
    (2, "issued", Moment),
    (3, "expires", Moment),
    (4, "root", ROLE),
    (5, "publisher", ROLE),
    (
        6,
        "regions",
        List(&Object(&[(1, "region", Text), (2, "kid", Bytes), (3, "key", Bytes), (4, "grants", Number)])),
    ),
    (7, "sealing", List(&DATED)),
    (8, "receipts", List(&DATED)),
    (9, "believed_from", List(&BELIEVED_FROM)),
    (10, "trial", Flag),
]);
const BELIEVED_FROM: Kind = Object(&[(1, "region", Text), (2, "from", Moment)]);
const NAMED: Kind = Object(&[(1, "region", Text), (2, "hash", Bytes)]);
const ROLE: Kind =
    Object(&[(1, "threshold", Number), (2, "keys", List(&Object(&[(1, "kid", Bytes), (2, "key", Bytes)])))]);
const DATED: Kind =
    Object(&[(1, "kid", Bytes), (2, "key", Bytes), (3, "from", Moment), (4, "until", Moment)]);

/// `trust.cose`.
pub const LIST: Kind = Object(&[
    (1, "version", Number),
    (2, "root_version", Number),
    (3, "issued", Moment),
    (4, "soft_expiry", Moment),
    (5, "hard_expiry", Moment),
    (6, "issuers", List(&ISSUER)),
    (7, "revocations", Object(&[(1, "salt", Bytes), (2, "chunks", Hashes)])),
    (8, "policies", List(&NAMED)),
    (9, "signers", List(&SIGNER)),
    (10, "believed_from", List(&BELIEVED_FROM)),
    (11, "value_sets", VALUE_SETS),
]);
const VALUE_SETS: Kind = Object(&[
    (1, "disease-agent-targeted", List(&Text)),
    (2, "country-2-codes", List(&Text)),
    (3, "sct-vaccines-covid-19", List(&Text)),
    (4, "vaccines-covid-19-names", List(&Text)),
    (5, "vaccines-covid-19-auth-holders", List(&Text)),
    (6, "covid-19-lab-test-type", List(&Text)),
    (7, "covid-19-lab-test-manufacturer-and-name", List(&Text)),
    (8, "covid-19-lab-result", List(&Text)),
]);
const SIGNER: Kind = Object(&[
    (1, "country", Text),
    (2, "name_zh", Text),
    (3, "name_en", Text),
    (4, "kid", Bytes),
    (5, "alg", Number),
    (6, "key", Bytes),
    (7, "usage", Number),
    (8, "not_before", Moment),
    (9, "not_after", Moment),
    (10, "recognised_by", List(&Text)),
    (11, "issuer", Text),
]);
const ISSUER: Kind = Object(&[
    (1, "iss", Text),
    (2, "name_zh", Text),
    (3, "name_en", Text),
    (4, "kid", Bytes),
    (5, "key", Bytes),
    (6, "regions", List(&Text)),
    (7, "foreign", Flag),
    (8, "not_before", Moment),
    (9, "not_after", Moment),
    (10, "max_life_seconds", Number),
    (11, "max_static_life_seconds", Number),
    (12, "colours", Flag),
    (13, "recognised_by", List(&Text)),
    (14, "declare_url", Text),
    (15, "static_cut_off", Moment),
    (16, "alg", Number),
    (17, "passed_on", Flag),
    (18, "grey_zh", Text),
    (19, "grey_en", Text),
]);

/// A policy file.
pub const POLICY: Kind = Object(&[
    (1, "version", Number),
    (2, "region", Text),
    (3, "document", Text),
    (4, "from", Moment),
    (5, "to", Moment),
    (6, "table", List(&List(&RULING))),
    (7, "fever_tenths", Number),
    (8, "declaration_max_hours", Number),
    (9, "repeat_window_seconds", Number),
    (10, "soft_expiry_seconds", Number),
    (11, "hard_expiry_seconds", Number),
    (12, "collectors_add_checkpoints", Flag),
    (13, "no_code_url", Text),
    (14, "certificates", CERTIFICATES),
    (15, "zone", Text),
    (
        16,
        "milder",
        List(&Object(&[(1, "region", Text), (2, "cells", List(&Number)), (3, "limits", List(&Number))])),
    ),
    (
        17,
        "screen_seconds",
        Object(&[
            (1, "pass", Number),
            (2, "check", Number),
            (3, "others", Number),
            (4, "repeated_pass", Number),
        ]),
    ),
    (18, "idle_minutes", Number),
    (19, "kept_reports", Number),
    (20, "keep_days", Number),
]);
const RULING: Kind = OneOf(&["pass", "check", "stop"]);
const CERTIFICATES: Kind = Object(&[
    (1, "accepted", RULING),
    (2, "otherwise", RULING),
    (3, "vaccination_days", List(&Number)),
    (4, "test_hours", List(&Number)),
    (5, "recovery_days", List(&Number)),
    (6, "doses", Number),
    (7, "birth_parts", Number),
]);

/// `community.cose`.
pub const COMMUNITY: Kind = Object(&[
    (1, "version", Number),
    (2, "region", Text),
    (3, "issued", Moment),
    (4, "name", Text),
    (5, "contact", Text),
    (6, "policies", List(&NAMED)),
    (7, "checkpoints", List(&CHECKPOINT)),
    (8, "people", List(&PERSON)),
    (9, "soft_expiry", Moment),
    (10, "hard_expiry", Moment),
    (11, "withdrawn", List(&Bytes)),
]);
const CHECKPOINT: Kind =
    Object(&[(1, "id", Bytes), (2, "name", Text), (3, "directions", Number), (4, "place", List(&Number))]);
const PERSON: Kind = Object(&[
    (1, "id", Bytes),
    (2, "masked_name", Text),
    (3, "masked_phone", Text),
    (4, "pin_phc", Text),
    (5, "role", OneOf(&["collector", "administrator"])),
]);

/// Writes CBOR that was read strictly as JSON.
pub fn to_json(kind: &Kind, value: &Value) -> Json {
    let number = || value.as_integer().and_then(|number| u64::try_from(number).ok());
    match (kind, value) {
        (Moment, _) => number()
            .and_then(|seconds| i64::try_from(seconds).ok())
            .map_or(Json::Null, |seconds| json!(clock::rfc3339(health_code::Timestamp(seconds)))),
        (Number, Value::Integer(number)) => i64::try_from(*number)
            .map(|number| json!(number))
            .or_else(|_| u64::try_from(*number).map(|number| json!(number)))
            .unwrap_or_default(),
        (OneOf(names), _) => number()
            .and_then(|at| names.get(usize::try_from(at).ok()?))
            .map_or(Json::Null, |name| json!(name)),
        (Text, Value::Text(text)) => json!(text),
        (Bytes, Value::Bytes(bytes)) => json!(hex::encode(bytes)),
        (Flag, Value::Bool(flag)) => json!(flag),
        (List(kind), Value::Array(items)) => items.iter().map(|item| to_json(kind, item)).collect(),
        (Object(fields), Value::Map(entries)) => {
            let find =
                |key: i64| entries.iter().find(|(k, _)| *k == Value::from(key)).map(|(_, value)| value);
            let named = fields
                .iter()
                .filter_map(|(key, name, kind)| Some(((*name).to_owned(), to_json(kind, find(*key)?))));
            Json::Object(named.collect())
        }
        (Hashes, Value::Map(entries)) => {
            let named = entries.iter().filter_map(|(key, value)| {
                let byte = u8::try_from(key.as_integer()?).ok()?;
                Some((hex::encode(&[byte]), json!(hex::encode(value.as_bytes()?))))
            });
            Json::Object(named.collect())
        }
        _ => Json::Null,
    }
}

/// Writes JSON as CBOR, not yet in canonical order. `at` is the path that an error names.
pub fn to_cbor(kind: &Kind, json: &Json, at: &str) -> Result<Value, String> {
    let wrong = |wanted: &str| format!("{at}: {wanted} is wanted");
    let text = || json.as_str().ok_or_else(|| wrong("a text"));
    Ok(match kind {
        Number => json
            .as_u64()
            .map(Value::from)
            .or_else(|| json.as_i64().map(Value::from))
            .ok_or_else(|| wrong("a whole number"))?,
        Moment => Value::from(clock::parse(text()?).map_err(|sentence| format!("{at}: {sentence}"))?.0),
        Text => Value::from(text()?),
        Bytes => Value::from(hex::decode(text()?).ok_or_else(|| wrong("hex"))?),
        Flag => Value::from(json.as_bool().ok_or_else(|| wrong("true or false"))?),
        OneOf(names) => {
            let named = json.as_str().and_then(|wanted| names.iter().position(|name| *name == wanted));
            let named = named.ok_or_else(|| wrong(&format!("one of {}", names.join(", "))))?;
            Value::from(named as u64)
        }
        List(kind) => {
            let items = json.as_array().ok_or_else(|| wrong("a list"))?;
            let each = |(n, item)| to_cbor(kind, item, &format!("{at}[{n}]"));
            Value::Array(items.iter().enumerate().map(each).collect::<Result<_, _>>()?)
        }
        Object(fields) => {
            Value::Map(object(fields, json.as_object().ok_or_else(|| wrong("an object"))?, at)?)
        }
        Hashes => {
            let entries = json.as_object().ok_or_else(|| wrong("an object"))?;
            let each = |(byte, hash): (&String, &Json)| {
                let [byte] = hex::decode_array(byte)?;
                Some((Value::from(byte), Value::from(hex::decode(hash.as_str()?)?)))
            };
            Value::Map(entries.iter().map(each).collect::<Option<_>>().ok_or_else(|| wrong("hashes in hex"))?)
        }
    })
}

fn object(
    fields: &[(i64, &str, Kind)],
    object: &Map<String, Json>,
    at: &str,
) -> Result<Vec<(Value, Value)>, String> {
    let known = |name: &str| fields.iter().any(|(_, known, _)| *known == name);
    if let Some(stranger) = object.keys().find(|name| !known(name)) {
        return Err(format!("{at}: {stranger:?} is no part of it"));
    }
    let present = fields.iter().filter_map(|(key, name, kind)| Some((key, name, kind, object.get(*name)?)));
    present
        .map(|(key, name, kind, json)| Ok((Value::from(*key), to_cbor(kind, json, &format!("{at}.{name}"))?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_sets_have_the_names_by_which_the_eu_publishes_them() {
        let Object(fields) = VALUE_SETS else { panic!("no object") };
        let named: Vec<_> = fields.iter().map(|(key, name, _)| (*key, *name)).collect();
        let all = health_code::hcert::ValueSet::ALL;
        assert_eq!(named, all.map(|set| (i64::from(set.number()), set.id())));
    }

    #[test]
    fn what_is_written_is_what_was_meant() {
        let kind = Object(&[
            (1, "n", Number),
            (2, "when", Moment),
            (3, "b", Bytes),
            (4, "who", OneOf(&["a", "b"])),
            (5, "all", List(&Flag)),
            (6, "chunks", Hashes),
        ]);
        let json = json!({
            "n": 7, "when": "2026-03-01T00:00:00Z", "b": "00ff", "who": "b", "all": [true, false],
            "chunks": {"00": "0a", "ff": "0b"},
        });
        let value = to_cbor(&kind, &json, "x").unwrap();
        assert_eq!(to_json(&kind, &value), json);
        let refused = |name: &str, wrong: Json| {
            let mut json = json.clone();
            json[name] = wrong;
            to_cbor(&kind, &json, "x").unwrap_err()
        };
        assert_eq!(refused("who", json!("c")), "x.who: one of a, b is wanted");
        assert_eq!(refused("b", json!("0")), "x.b: hex is wanted");
        assert_eq!(refused("all", json!([1])), "x.all[0]: true or false is wanted");
        assert_eq!(refused("other", json!(1)), "x: \"other\" is no part of it");
        assert!(refused("when", json!("tomorrow")).starts_with("x.when: "));
        assert!(refused("chunks", json!({"0": "00"})).contains("hashes"));
    }
}
