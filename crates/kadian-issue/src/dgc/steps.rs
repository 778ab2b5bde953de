//! The steps for which a test file may state an expectation, by the names in the data's README.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ciborium::Value;
use code_reader::{GreyFrame, Reader, Sighting};
use health_code::Refusal;
use health_code::hcert::{Kind, Payload, UnverifiedCertificate, ValueSets, cbor, cwt, inflate};
use health_code::limits::SKEW_SECONDS;
use serde_json::Value as Json;

use super::case::{Case, bytes};
use super::compare::{same, to_cbor};

/// Time for reading one picture: more than a camera's frame gets.
const PICTURE_TIME: Duration = Duration::from_secs(2);
/// Longest side at which a picture is read, in pixels.
const PICTURE_SIDE: usize = 1280;

/// The result of a step.
pub enum Found {
    /// The step holds.
    Holds,
    /// The signature holds, but the message names another key.
    HoldsForAnotherKid,
    /// The schema holds, but a code is in none of the value sets that were given.
    HoldsOutsideValueSets,
    /// The step does not hold, for this reason.
    Broken(String),
    /// The file lacks the data for this step.
    NoData,
}

type Tried = Option<Result<(), String>>;

/// Tries a step; the schema with value sets.
pub fn run(case: &Case, step: &str, sets: &ValueSets) -> Found {
    let tried = match step {
        "EXPECTEDVALIDOBJECT" => valid_object(case),
        "EXPECTEDENCODE" | "EXPECTEDDECODE" => decode(case),
        "EXPECTEDVERIFY" => return verify(case),
        "EXPECTEDUNPREFIX" => unprefix(case),
        "EXPECTEDVALIDJSON" => valid_json(case),
        "EXPECTEDCOMPRESSION" => compression(case),
        "EXPECTEDB45DECODE" => base45(case),
        "EXPECTEDPICTUREDECODE" => picture(case),
        "EXPECTEDEXPIRATIONCHECK" => expiration(case),
        "EXPECTEDKEYUSAGE" => key_usage(case),
        "EXPECTEDSCHEMAVALIDATION" => return schema(case, sets),
        _ => None,
    };
    match tried {
        None => Found::NoData,
        Some(Ok(())) => Found::Holds,
        Some(Err(why)) => Found::Broken(why),
    }
}

fn valid_object(case: &Case) -> Tried {
    let payload = to_cbor(case.json.as_ref()?);
    Some(read_payload(&payload, &ValueSets::default()).map(|_| ()))
}

/// The CBOR, which may be the payload or the claims around it, says what the JSON says.
fn decode(case: &Case) -> Tried {
    let hex = case.cbor.as_ref()?;
    Some((|| {
        let value = cbor::decode(&bytes("CBOR", hex)?).map_err(|refusal| at("CBOR", refusal))?;
        matches_json(case, unwrapped(&value))
    })())
}

fn verify(case: &Case) -> Found {
    let (Some(message), Some(dsc)) = (message(case), case.dsc()) else { return Found::NoData };
    let tried = (|| {
        let (message, dsc) = (message?, dsc?);
        let certificate = parsed(&message)?;
        let claims = certificate.verify(&dsc.key).map_err(|refusal| at("COSE", refusal))?;
        let claims = cbor::decode(claims).map_err(|refusal| at("the claims", refusal))?;
        cwt::certificate(&claims).map_err(|refusal| at("the claims", refusal))?;
        Ok::<_, String>(certificate.kid() == dsc.kid.0)
    })();
    match tried {
        Ok(true) => Found::Holds,
        Ok(false) => Found::HoldsForAnotherKid,
        Err(why) => Found::Broken(why),
    }
}

fn unprefix(case: &Case) -> Tried {
    let text = case.prefix.as_ref()?;
    Some((|| {
        let body = inflate::unprefixed(text).map_err(|refusal| at("PREFIX", refusal))?;
        equal("PREFIX", body, "BASE45", case.base45.as_deref())
    })())
}

fn valid_json(case: &Case) -> Tried {
    case.json.as_ref()?;
    let message = whole_chain(case)?;
    Some(message.and_then(|message| matches_json(case, &payload_of(&message)?)))
}

fn compression(case: &Case) -> Tried {
    let compressed = case.compressed.as_ref()?;
    Some((|| {
        let message = inflate::inflate(&bytes("COMPRESSED", compressed)?);
        let message = message.map_err(|refusal| at("COMPRESSED", refusal))?;
        let cose = case.cose.as_ref().map(|cose| bytes("COSE", cose)).transpose()?;
        equal("COMPRESSED", &message, "COSE", cose.as_ref())
    })())
}

fn base45(case: &Case) -> Tried {
    let text = case.base45.as_ref()?;
    Some((|| {
        let decoded = inflate::base45(text).map_err(|refusal| at("BASE45", refusal))?;
        let compressed = case.compressed.as_ref().map(|hex| bytes("COMPRESSED", hex)).transpose()?;
        equal("BASE45", &decoded, "COMPRESSED", compressed.as_ref())
    })())
}

fn picture(case: &Case) -> Tried {
    let picture = case.picture.as_ref()?;
    Some((|| {
        let text = read_picture(picture)?;
        equal("2DCODE", &text, "PREFIX", case.prefix.as_ref())
    })())
}

fn expiration(case: &Case) -> Tried {
    let (message, now) = (message(case)?, case.at()?);
    Some((|| {
        let (claims, now) = (claims_of(&message?)?, now?);
        let (iat, exp) = cwt::dates(&claims).map_err(|refusal| at("the claims", refusal))?;
        if iat > now.plus(SKEW_SECONDS) {
            Err("it is not yet valid at that clock".to_owned())
        } else if now >= exp {
            Err("it has expired at that clock".to_owned())
        } else {
            Ok(())
        }
    })())
}

fn key_usage(case: &Case) -> Tried {
    let (message, dsc) = (message(case)?, case.dsc()?);
    Some((|| {
        let (payload, dsc) = (payload_of(&message?)?, dsc?);
        let has = |key: &str| {
            payload.as_map().into_iter().flatten().any(|(other, value)| {
                other.as_text() == Some(key) && value.as_array().is_some_and(|items| !items.is_empty())
            })
        };
        let kinds = [("v", Kind::Vaccination), ("t", Kind::Test), ("r", Kind::Recovery)];
        match kinds.into_iter().find(|(key, kind)| has(key) && !dsc.usage.allows(*kind)) {
            Some((_, kind)) => Err(format!("its key may not sign a {kind:?}").to_lowercase()),
            None => Ok(()),
        }
    })())
}

fn schema(case: &Case, sets: &ValueSets) -> Found {
    let payload = match (whole_chain(case).or_else(|| message(case)), &case.cbor, &case.json) {
        (Some(message), _, _) => message.and_then(|message| payload_of(&message)),
        (None, Some(hex), _) => bytes("CBOR", hex)
            .and_then(|bytes| cbor::decode(&bytes).map_err(|refusal| at("CBOR", refusal)))
            .map(|value| unwrapped(&value).clone()),
        (None, None, Some(json)) => Ok(to_cbor(json)),
        (None, None, None) => return Found::NoData,
    };
    match payload.and_then(|payload| read_payload(&payload, sets)) {
        Ok(Payload { unlisted: None, .. }) => Found::Holds,
        Ok(Payload { unlisted: Some(_), .. }) => Found::HoldsOutsideValueSets,
        Err(why) => Found::Broken(why),
    }
}

/// Returns the COSE message: the file's own, or the one from its text or picture.
pub fn message(case: &Case) -> Option<Result<Vec<u8>, String>> {
    match &case.cose {
        Some(cose) => Some(bytes("COSE", cose)),
        None => whole_chain(case),
    }
}

/// Decodes the COSE message from the text, or from the picture where there is no text.
fn whole_chain(case: &Case) -> Option<Result<Vec<u8>, String>> {
    let text = match (&case.prefix, &case.picture) {
        (Some(text), _) => Ok(text.clone()),
        (None, Some(picture)) => read_picture(picture),
        (None, None) => return None,
    };
    Some(text.and_then(|text| inflate::from_text(&text).map_err(|refusal| at("PREFIX", refusal))))
}

fn parsed(message: &[u8]) -> Result<UnverifiedCertificate, String> {
    UnverifiedCertificate::from_cose(message).map_err(|refusal| at("COSE", refusal))
}

fn claims_of(message: &[u8]) -> Result<Value, String> {
    cbor::decode(parsed(message)?.payload_unverified()).map_err(|refusal| at("the claims", refusal))
}

fn payload_of(message: &[u8]) -> Result<Value, String> {
    let claims = claims_of(message)?;
    cwt::certificate(&claims).cloned().map_err(|refusal| at("the claims", refusal))
}

fn unwrapped(value: &Value) -> &Value {
    cwt::certificate(value).unwrap_or(value)
}

fn matches_json(case: &Case, payload: &Value) -> Result<(), String> {
    match &case.json {
        Some(json) if !same(json, payload) => Err("it differs from the JSON".to_owned()),
        Some(Json::Object(_)) | None => Ok(()),
        Some(_) => Err("the JSON is no object".to_owned()),
    }
}

fn read_payload(payload: &Value, sets: &ValueSets) -> Result<Payload, String> {
    Payload::read(payload, sets).map_err(|refusal| at("the payload", refusal))
}

fn read_picture(picture: &str) -> Result<String, String> {
    let body = picture.rsplit(',').next().unwrap_or_default();
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let png = STANDARD.decode(body).map_err(|error| format!("2DCODE is no base64: {error}"))?;
    let picture = image::load_from_memory(&png).map_err(|error| format!("2DCODE is no picture: {error}"))?;
    let frame = GreyFrame::from_image(&picture).map_err(|error| error.to_string())?;
    match Reader::new().with_budget(PICTURE_TIME).read(&frame.shrunk(PICTURE_SIDE)) {
        Sighting::Code(code) => Ok(code.text.into_string()),
        Sighting::Unreadable { hint, .. } => Err(format!("2DCODE cannot be read: {}", hint.code())),
        Sighting::Nothing => Err("2DCODE has no code in it".to_owned()),
    }
}

/// Returns an error where the file states the same thing differently.
fn equal<T: PartialEq + ?Sized>(name: &str, here: &T, other: &str, there: Option<&T>) -> Result<(), String> {
    if there.is_none_or(|there| here == there) {
        Ok(())
    } else {
        Err(format!("{name} is another than {other}"))
    }
}

fn at(part: &str, refusal: Refusal) -> String {
    format!("{part} is refused: {}", refusal.code())
}
