//! One test file.

use ciborium::Value;
use health_code::Timestamp;
use health_code::hcert::date;
use serde_json::Value as Json;
use strict_cose::hex;

use crate::dsc::Dsc;

/// The contents of a file. Bytes and certificates are kept as text: the step that needs them says
/// what is wrong with them.
#[derive(Debug, Default)]
pub struct Case {
    /// The payload as JSON.
    pub json: Option<Json>,
    /// The payload as CBOR, alone or in its claims; hex.
    pub cbor: Option<String>,
    /// The COSE message; hex.
    pub cose: Option<String>,
    /// The same message, compressed; hex.
    pub compressed: Option<String>,
    /// The compressed message in base45.
    pub base45: Option<String>,
    /// The QR's text.
    pub prefix: Option<String>,
    /// The QR as a PNG in base64.
    pub picture: Option<String>,
    /// The signer's certificate.
    pub certificate: Option<String>,
    /// The moment to judge at.
    pub clock: Option<String>,
    /// The expected result of each step.
    pub expected: Vec<(String, bool)>,
}

impl Case {
    /// Reads a file, without its byte order mark.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let json: Json = serde_json::from_slice(bytes).map_err(|error| format!("no JSON: {error}"))?;
        let text = |object: &Json, name: &str| {
            object
                .get(name)
                .and_then(Json::as_str)
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let context = json.get("TESTCTX").cloned().unwrap_or_default();
        let expected = json.get("EXPECTEDRESULTS").and_then(Json::as_object);
        let expected = expected.into_iter().flatten();
        Ok(Self {
            json: json.get("JSON").filter(|payload| !payload.is_null()).cloned(),
            cbor: text(&json, "CBOR"),
            cose: text(&json, "COSE"),
            compressed: text(&json, "COMPRESSED"),
            base45: json.get("BASE45").and_then(Json::as_str).map(str::to_owned),
            prefix: json.get("PREFIX").and_then(Json::as_str).map(str::to_owned),
            picture: text(&json, "2DCODE"),
            certificate: text(&context, "CERTIFICATE"),
            clock: text(&context, "VALIDATIONCLOCK"),
            expected: expected.filter_map(|(name, is)| Some((name.clone(), is.as_bool()?))).collect(),
        })
    }

    /// Parses the signer's certificate; `None` where the file has none.
    pub fn dsc(&self) -> Option<Result<Dsc, String>> {
        let certificate = self.certificate.as_ref()?;
        Some(Dsc::read(certificate.as_bytes()).map_err(|why| format!("the certificate is {why}")))
    }

    /// Parses the moment to judge at, in UTC where it names no zone; `None` where the file has none.
    pub fn at(&self) -> Option<Result<Timestamp, String>> {
        let clock = self.clock.as_ref()?;
        let moment = date::moment(&Value::Text(clock.clone()));
        Some(moment.ok_or_else(|| format!("the clock is no moment: {clock}")))
    }
}

/// Decodes a field of hex digits.
pub fn bytes(field: &str, hex: &str) -> Result<Vec<u8>, String> {
    hex::decode(hex).ok_or_else(|| format!("{field} is not hex"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_without_a_zone_is_utc() {
        let at = |clock: &str| Case { clock: Some(clock.to_owned()), ..Case::default() }.at().unwrap();
        for clock in [
            "2021-05-03T00:00:00",
            "2021-05-03T00:00:00.402912",
            "2021-05-03T00:00:00Z",
            "2021-05-03T02:00:00+02:00",
            "2021-05-03T02:00:00.5+0200",
        ] {
            assert_eq!(at(clock), Ok(Timestamp(1_620_000_000)), "{clock}");
        }
        assert!(at("yesterday").is_err_and(|why| why.contains("yesterday")));
    }
}
