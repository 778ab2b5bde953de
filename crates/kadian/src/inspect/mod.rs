//! `kadian inspect`: takes a code apart, for whoever writes an issuer.

mod notation;

use std::ffi::OsString;
use std::process::ExitCode;

use ciborium::Value;
use clap::Args;
use health_code::code::PREFIX;
use health_code::{Claims, UnverifiedCode};
use program::{Failure, say};
use serde_json::{Map, json};

use crate::code_text;

/// First line of the output: anybody could have written what follows.
const UNVERIFIED: &str = "UNVERIFIED: neither the signature nor a trust list was checked";

/// Show the parts of a code, unverified
///
/// For whoever writes an issuer. It shows as many parts of a code as can be decoded, in CBOR's
/// diagnostic notation (RFC 8949 §8), and what the strict reader says about its form. It says
/// nothing about whether a code is good; `kadian verify` does.
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
    /// The code's text, a picture of it (PNG or JPEG), or - to read the text from standard input
    #[arg(value_name = "TEXT|-|PICTURE")]
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
    if let Some(message) = text.strip_prefix(PREFIX).and_then(|body| base45::decode(body).ok()) {
        parts.push(("bytes", message.len().to_string()));
        parts.extend(parts_of(&message));
    }
    parts.push(("reader", reader(text)));
    parts
}

fn parts_of(message: &[u8]) -> Vec<(&'static str, String)> {
    let Some(Value::Tag(tag, value)) = notation::read(message) else {
        return vec![("message", health_code::hex::encode(message))];
    };
    let mut parts = vec![("tag", tag.to_string())];
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
