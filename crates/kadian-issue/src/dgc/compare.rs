//! Compares CBOR with JSON.

use ciborium::Value;
use health_code::hcert::date;
use serde_json::Value as Json;

/// Returns whether both say the same, in any order of keys. A moment may be a text or a number of
/// milliseconds; null counts as absent.
pub fn same(json: &Json, cbor: &Value) -> bool {
    match (json, cbor) {
        (_, Value::Tag(_, inner)) => same(json, inner),
        (Json::Object(object), Value::Map(entries)) => {
            let says_something = |value: &Json| !value.is_null();
            let find = |key: &str| entries.iter().find(|(other, _)| other.as_text() == Some(key));
            let named = object.iter().filter(|(_, value)| says_something(value));
            let count = entries.iter().filter(|(_, value)| !value.is_null()).count();
            named.clone().count() == count
                && named.into_iter().all(|(key, json)| find(key).is_some_and(|(_, cbor)| same(json, cbor)))
        }
        (Json::Array(items), Value::Array(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(json, cbor)| same(json, cbor))
        }
        (Json::String(text), Value::Text(other)) => text == other || same_moment(text, cbor),
        (Json::String(text), Value::Integer(_)) => same_moment(text, cbor),
        (Json::Number(number), Value::Integer(integer)) => {
            number.as_i64().map(i128::from) == Some(i128::from(*integer))
        }
        (Json::Number(number), Value::Float(float)) => number.as_f64() == Some(*float),
        (Json::Bool(flag), Value::Bool(other)) => flag == other,
        (Json::Null, Value::Null) => true,
        _ => false,
    }
}

/// Converts JSON to CBOR.
pub fn to_cbor(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => {
            let float = || Value::Float(number.as_f64().unwrap_or_default());
            number.as_i64().map_or_else(float, Value::from)
        }
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::Array(items.iter().map(to_cbor).collect()),
        Json::Object(object) => {
            Value::Map(object.iter().map(|(key, value)| (Value::Text(key.clone()), to_cbor(value))).collect())
        }
    }
}

fn same_moment(text: &str, cbor: &Value) -> bool {
    let moment = date::moment(&Value::Text(text.to_owned()));
    moment.is_some() && moment == date::moment(cbor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn order_and_spelling_of_a_moment_do_not_matter_and_all_else_does() {
        let json = json!({"a": 1, "t": [{"sc": "2021-02-20T12:34:56Z"}], "n": null});
        let cbor = |milliseconds: i64| {
            let test = Value::Map(vec![("sc".into(), milliseconds.into())]);
            Value::Map(vec![("t".into(), Value::Array(vec![test])), ("a".into(), 1.into())])
        };
        assert!(same(&json, &cbor(1_613_824_496_000)));
        assert!(!same(&json, &cbor(1_613_824_497_000)));
        assert!(same(&json, &to_cbor(&json)));
        for other in
            [json!({"a": 1}), json!({"a": 2, "t": json["t"]}), json!({"a": 1, "t": json["t"], "b": 1})]
        {
            assert!(!same(&other, &to_cbor(&json)), "{other}");
        }
    }
}
