//! Policy files that travel together, and what a description says of them.

use std::path::{Path, PathBuf};

use clap::Args;
use health_code::limits::{POLICIES, POLICY_BYTES};
use health_code::trust::{self, BUNDLE_BYTES};
use health_code::{Policy, PolicyHash, Region};
use program::{Failure, say};
use serde_json::{Value as Json, json};
use strict_cose::Signed;

use crate::files::{self, Access};

/// Put policy files together, as policies.cbor
///
/// The files are ordered by their hashes, and each is there once. A policies.cbor among them stands for
/// the files in it. Whether their signatures hold is not checked: `check` does that.
#[derive(Args)]
pub struct BundleArgs {
    /// policies.cbor; it is replaced
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Policy files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// `kadian-issue trust bundle`.
pub fn bundle(arguments: &BundleArgs) -> Result<(), Failure> {
    let mut all = Vec::new();
    for path in &arguments.files {
        all.extend(read(path)?);
    }
    let bytes = trust::bundle(&all);
    let files = trust::unbundle(&bytes).map_err(|_| format!("more than {POLICIES} policies"))?;
    files::write(&arguments.out, &bytes, Access::Everyone)?;
    for file in &files {
        say!("{}", row(file)?)?;
    }
    Ok(())
}

/// Reads a policy file, or the files of a policies.cbor. Each is well formed.
pub fn read(path: &Path) -> Result<Vec<Vec<u8>>, String> {
    let bytes = files::read(path, BUNDLE_BYTES as u64)?;
    let files = trust::unbundle(&bytes).unwrap_or_else(|_| vec![bytes]);
    for file in &files {
        policy(file).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(files)
}

/// Returns a line about a policy file: its name, its region, its document.
pub fn row(file: &[u8]) -> Result<String, String> {
    let policy = policy(file)?;
    let region = if policy.region == Region::country() { "nation" } else { policy.region.as_str() };
    Ok(format!("{}  {region:<12}  {} {}", PolicyHash::of(file), policy.version, policy.document))
}

/// Lets the description of a list or a community name these policies, and no other: those of its levels.
pub fn name_in(description: &mut Json, files: &[Vec<u8>]) -> Result<(), String> {
    let community: Option<Region> = match description.get("people") {
        None => None,
        Some(_) => description.get("region").and_then(Json::as_str).and_then(|region| region.parse().ok()),
    };
    let is_level = |region: &Region| match &community {
        None => region.as_str().len() <= 4,
        Some(community) => region.as_str().len() > 4 && region.contains(community),
    };
    let mut named = Vec::new();
    for file in files {
        let policy = policy(file)?;
        if is_level(&policy.region) {
            named.push((policy.region, PolicyHash::of(file)));
        }
    }
    named.sort();
    let named: Vec<Json> = named
        .into_iter()
        .map(|(region, hash)| json!({ "region": region.as_str(), "hash": hash.to_string() }))
        .collect();
    let object = description.as_object_mut().ok_or("no description")?;
    if named.is_empty() {
        object.remove("policies");
    } else {
        object.insert("policies".to_owned(), Json::Array(named));
    }
    Ok(())
}

fn policy(file: &[u8]) -> Result<Policy, String> {
    let signed = Signed::parse(file, POLICY_BYTES).map_err(|error| error.to_string())?;
    Policy::read_unverified(signed.payload_unverified()).map_err(|rejection| rejection.to_string())
}
