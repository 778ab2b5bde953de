//! `kadian inspect`: takes a code apart, for whoever writes an issuer.

mod notation;

use std::ffi::OsString;
use std::process::ExitCode;

use ciborium::Value;
use clap::Args;
use health_code::code;
use health_code::family::Family;
use health_code::hcert::{self, Contents, UnverifiedCertificate, ValueSets, inflate};
use health_code::{Claims, Refusal, UnverifiedCode};
use program::{Failure, say};
use serde_json::{Map, json};

use crate::code_text;

/// First line of the output: anybody could have written what follows.
const UNVERIFIED: &str = "UNVERIFIED: neither the signature nor a trust list was checked";

/// Show the parts of a code, unverified
///
/// For whoever writes an issuer. It shows as many parts of a code or a certificate as can be decoded, in
/// CBOR's diagnostic notation (RFC 8949 §8), and what the reader says about its form. It says nothing
/// about whether a code is good; `kadian verify` does. A certificate's parts hold its whole name.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    kadian inspect world/codes/green.png\n  \
    kadian inspect --json 'KD1:6BF…'\n  \
    kadian inspect - < code.txt\n\n\
    Exit status: 0 for any text, 2 for bad usage or a picture without a code.")]
pub struct InspectArgs {
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
    /// The code's text, which begins with KD1: or HC1:; or a file that holds it: a picture (PNG, JPEG, WebP,
    /// GIF, BMP, TIFF), a PDF, a text; or - to read any text from standard input
    #[arg(value_name = "TEXT|-|FILE")]
    code: OsString,
}

/// Runs the command.
pub fn run(arguments: &InspectArgs) -> Result<ExitCode, Failure> {
    let parts = inspect(&code_text::read(&arguments.code).map_err(|problem| problem.sentence)?);
    if arguments.json {
        let parts = parts.into_iter().map(|(name, value)| (name.to_owned(), json!(value)));
        let mut object: Map<_, _> = [("verified".to_owned(), json!(false))].into_iter().collect();
        object.extend(parts);
        say!("{}", serde_json::Value::Object(object))?;
    } else {
        say!("{UNVERIFIED}")?;
        for (name, value) in &parts {
            say!("{name:<12} {value}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the parts of a text, in the order in which a reader meets them.
fn inspect(text: &str) -> Vec<(&'static str, String)> {
    let mut parts = vec![("characters", text.chars().count().to_string())];
    let family = Family::of(text);
    let prefix = match family {
        Family::Code => code::PREFIX,
        Family::Certificate => hcert::PREFIX,
    };
    let decoded = text.strip_prefix(prefix).and_then(|body| base45::decode(body).ok());
    let message = match (family, decoded) {
        (Family::Certificate, Some(stream)) => {
            parts.push(("compressed", stream.len().to_string()));
            inflate::inflate(&stream).ok()
        }
        (_, decoded) => decoded,
    };
    if let Some(message) = message {
        parts.push(("bytes", message.len().to_string()));
        parts.extend(parts_of(&message));
    }
    let said = match family {
        Family::Code => reader(text),
        Family::Certificate => reader_of_certificates(text),
    };
    parts.push(("reader", said));
    parts
}

fn parts_of(message: &[u8]) -> Vec<(&'static str, String)> {
    let Some(mut value) = notation::read(message) else {
        return vec![("message", health_code::hex::encode(message))];
    };
    let mut tags = Vec::new();
    while let Value::Tag(tag, inner) = value {
        tags.push(tag.to_string());
        value = *inner;
    }
    let mut parts = Vec::new();
    if !tags.is_empty() {
        parts.push(("tag", tags.join(" ")));
    }
    match value.into_array().map(<[Value; 4]>::try_from) {
        Ok(Ok([protected, unprotected, payload, signature])) => {
            parts.push(("protected", notation::inside(&protected)));
            parts.push(("unprotected", notation::write(&unprotected)));
            parts.push(("claims", notation::inside(&payload)));
            parts.push(("signature", notation::write(&signature)));
        }
        _ => parts.push(("message", health_code::hex::encode(message))),
    }
    parts
}

/// Says how far the strict reader gets before it needs a key.
fn reader(text: &str) -> String {
    match UnverifiedCode::parse(text) {
        Err(refusal) => format!("refuses it: {}", refusal.code()),
        Ok(code) => match Claims::from_payload(code.payload_unverified()) {
            Err(error) => format!("would refuse it after the signature: bad-claims ({error})"),
            Ok(_) => "accepts its form; the signature comes next".to_owned(),
        },
    }
}

/// Says how far the reader of certificates gets before it needs a key.
fn reader_of_certificates(text: &str) -> String {
    let after = |refusal: Refusal| format!("would refuse it after the signature: {}", refusal.code());
    match UnverifiedCertificate::parse(text) {
        Err(refusal) => format!("refuses it: {}", refusal.code()),
        Ok(read) => match Contents::read(read.payload_unverified(), &ValueSets::default()) {
            Err(refusal) => after(refusal),
            Ok(_) => "accepts its form; the signature comes next".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn part(text: &str, name: &str) -> Option<String> {
        inspect(text).into_iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    /// A vector of docs/code-format.md, by its name.
    fn code(name: &str) -> String {
        let vectors = include_str!("../../../../docs/code-vectors.tsv");
        let mut rows = vectors.lines().map(|line| line.splitn(3, '\t').collect::<Vec<_>>());
        rows.find(|row| row[0] == name).unwrap()[2].to_owned()
    }

    #[test]
    fn a_good_code_is_shown_in_its_parts() {
        let green = code("green");
        assert_eq!(part(&green, "tag").unwrap(), "18");
        assert!(part(&green, "protected").unwrap().starts_with("{1: -19, 4: h'"));
        assert_eq!(part(&green, "unprotected").unwrap(), "{}");
        assert!(part(&green, "claims").unwrap().starts_with("{1: \"hubei"));
        assert_eq!(part(&green, "signature").unwrap().len(), "h''".len() + 128);
        assert!(part(&green, "reader").unwrap().starts_with("accepts its form"));
    }

    /// A certificate of `health-code/testdata`, by its folder and name.
    macro_rules! certificate {
        ($name:literal) => {
            include_str!(concat!("../../../health-code/testdata/certificates/", $name, ".txt"))
        };
    }

    #[test]
    fn a_certificate_is_taken_apart_like_a_code() {
        let good = certificate!("accepted/vaccination");
        assert_eq!(part(good, "tag").unwrap(), "18");
        assert!(part(good, "protected").unwrap().starts_with("{1: -7, 4: h'"));
        assert!(part(good, "claims").unwrap().contains("-260: {1: {"));
        assert!(part(good, "claims").unwrap().contains("\"dn\": 2"));
        assert!(part(good, "signature").is_some() && part(good, "compressed").is_some());
        assert!(part(good, "reader").unwrap().starts_with("accepts its form"));
        let untagged = certificate!("accepted/untagged");
        assert_eq!(part(untagged, "tag"), None);
        assert!(part(untagged, "claims").is_some());
        assert_eq!(part(certificate!("accepted/cwt-tag"), "tag").unwrap(), "61 18");
    }

    #[test]
    fn a_broken_certificate_is_shown_as_far_as_it_goes() {
        let said = |text: &str| part(text, "reader").unwrap();
        let two = certificate!("several-events/two-doses");
        assert_eq!(said(two), "would refuse it after the signature: several-events");
        assert!(part(two, "claims").is_some());
        let plain = certificate!("bad-compression/not-compressed");
        assert_eq!((said(plain).as_str(), part(plain, "bytes")), ("refuses it: bad-compression", None));
        assert_eq!(said("HC1:_"), "refuses it: bad-encoding");
        assert_eq!(said(certificate!("inflates-too-far/two-megabytes")), "refuses it: inflates-too-far");
    }

    #[test]
    fn a_broken_one_is_shown_as_far_as_it_goes() {
        let said = |name: &str| part(&code(name), "reader").unwrap();
        assert_eq!(said("indefinite array"), "refuses it: non-canonical");
        assert!(part(&code("indefinite array"), "claims").is_some());
        assert!(said("undefined symptom").contains("bad-claims"));
        assert_eq!(said("a link"), "refuses it: not-a-health-code");
        assert_eq!(part(&code("a link"), "bytes"), None);
        let green = code("green");
        let cut: String = green.chars().take(green.len() / 2 / 3 * 3 + 4).collect();
        assert_eq!(part(&cut, "reader").unwrap(), "refuses it: truncated");
        assert!(part(&cut, "message").is_some());
    }
}
