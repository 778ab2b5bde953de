//! Shows what is in a trust file.

use std::path::{Path, PathBuf};

use clap::Args;
use health_code::hcert::{ValueSet, ValueSets};
use health_code::limits::TRUST_FILE_BYTES;
use health_code::trust::{BelievedFrom, unbundle};
use health_code::{PolicyHash, Root};
use program::{Failure, say};
use strict_cose::Signed;

use super::bundle;
use super::file::{self, Contents};
use crate::{clock, files};

/// Show what is in a trust file, unverified
#[derive(Args)]
pub struct ShowArgs {
    /// Print the description alone, as `sign` takes it
    #[arg(long)]
    json: bool,
    /// Root that names who must sign the file; a root names that itself
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    /// root.cose, trust.cose, community.cose, a policy file or policies.cbor
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// `kadian-issue trust show`.
pub fn show(arguments: &ShowArgs) -> Result<(), Failure> {
    if let Ok(policies) = unbundle(&files::read(&arguments.file, TRUST_FILE_BYTES as u64)?) {
        return show_policies(&policies, arguments.json);
    }
    let (signed, contents) = file::open(&arguments.file)?;
    if arguments.json {
        let json =
            serde_json::to_string_pretty(&contents.description()).map_err(|error| error.to_string())?;
        say!("{json}")?;
        return Ok(());
    }
    say!("{} version {}", contents.name(), contents.version())?;
    if let Contents::Policy(_) = contents {
        say!("{:<12} {}", "hash", PolicyHash::of(&signed.to_bytes()))?;
    }
    for (name, value) in summary(&contents) {
        say!("{name:<12} {value}")?;
    }
    print_signatures(&signed, &contents, arguments.root.as_deref())
}

/// Shows what lies in a policies.cbor; as JSON, the descriptions of its policies.
fn show_policies(policies: &[Vec<u8>], json: bool) -> Result<(), Failure> {
    if !json {
        return policies.iter().try_for_each(|file| Ok(say!("{}", bundle::row(file)?)?));
    }
    let descriptions: Vec<_> = policies
        .iter()
        .map(|file| file::read(file).map(|(_, contents)| contents.description()))
        .collect::<Result<_, _>>()?;
    let text = serde_json::to_string_pretty(&descriptions).map_err(|error| error.to_string())?;
    Ok(say!("{text}")?)
}

/// Prints whose signatures hold, and how many more are needed.
pub fn print_signatures(signed: &Signed, contents: &Contents, root: Option<&Path>) -> Result<(), Failure> {
    let given = match root.map(file::open).transpose()? {
        Some((_, Contents::Root(root))) => Some(root),
        Some((_, other)) => return Err(format!("--root: that is {}", other.name()).into()),
        None => None,
    };
    let own = if let Contents::Root(root) = contents { Some(root) } else { None };
    if let Some(root) = own {
        tell(signed, contents, root, "its own keys")?;
    }
    match &given {
        Some(root) => tell(signed, contents, root, &format!("root version {}", root.version))?,
        None if own.is_none() => say!("signatures   --root FILE shows whose count")?,
        None => {}
    }
    Ok(())
}

fn tell(signed: &Signed, contents: &Contents, root: &Root, by: &str) -> Result<(), Failure> {
    let (keys, needed) = contents.signers(root);
    let held = keys.iter().filter(|key| signed.count_valid([**key], contents.aad()) == 1);
    let held: Vec<String> = held.map(|(kid, _)| kid.to_string()).collect();
    let enough = if held.len() >= needed { "enough" } else { "more are wanted" };
    say!("signatures   by {by}: {} of {needed} ({enough}) {}", held.len(), held.join(" "))
}

fn value_sets(sets: &ValueSets) -> String {
    let each = |(set, codes): (ValueSet, &[String])| format!("{} {}", codes.len(), set.id());
    let all: Vec<String> = sets.sets().map(each).collect();
    if all.is_empty() { "every code".to_owned() } else { all.join(", ") }
}

fn believed_from(entries: &[BelievedFrom]) -> String {
    if entries.is_empty() {
        return "communities of any day".to_owned();
    }
    let each =
        |entry: &BelievedFrom| format!("{:?} from {}", entry.region.as_str(), clock::rfc3339(entry.from));
    entries.iter().map(each).collect::<Vec<_>>().join(", ")
}

fn summary(contents: &Contents) -> Vec<(&'static str, String)> {
    let at = clock::rfc3339;
    match contents {
        Contents::Root(root) => vec![
            ("issued", at(root.issued)),
            ("expires", at(root.expires)),
            ("root keys", format!("{} of {}", root.root.threshold, root.root.keys.len())),
            ("publisher", format!("{} of {}", root.publisher.threshold, root.publisher.keys.len())),
            ("regions", root.regions.iter().map(|key| key.region.as_str()).collect::<Vec<_>>().join(" ")),
            ("sealing", format!("{} keys", root.sealing.len())),
            ("receipts", format!("{} keys", root.receipts.len())),
            ("believes", believed_from(&root.believed_from)),
        ],
        Contents::List(list) => vec![
            ("for root", list.root_epoch.to_string()),
            ("issued", at(list.issued)),
            ("soft expiry", at(list.soft_expiry)),
            ("hard expiry", at(list.hard_expiry)),
            ("issuers", list.issuers.iter().map(|issuer| issuer.iss.as_str()).collect::<Vec<_>>().join(" ")),
            ("signers abroad", list.signers.len().to_string()),
            ("value sets", value_sets(&list.value_sets)),
            ("revocations", format!("{} chunks", list.revocations.chunks.len())),
            ("policies", list.policies.len().to_string()),
            ("believes", believed_from(&list.believed_from)),
        ],
        Contents::Community(community) => vec![
            ("region", community.region.to_string()),
            ("issued", at(community.issued)),
            ("name", community.name.clone()),
            ("soft expiry", at(community.soft_expiry)),
            ("hard expiry", at(community.hard_expiry)),
            ("policies", community.policies.len().to_string()),
            ("checkpoints", community.checkpoints.len().to_string()),
            ("people", community.people.len().to_string()),
            ("withdrawn", community.withdrawn.len().to_string()),
        ],
        Contents::Policy(policy) => vec![
            ("region", policy.region.to_string()),
            ("document", policy.document.clone()),
            ("from", at(policy.from)),
            ("to", policy.to.map_or_else(|| "open".to_owned(), at)),
            ("time zone", policy.zone.name().to_owned()),
        ],
    }
}
