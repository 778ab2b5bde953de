//! Puts value sets into the description of a trust list, from the files that the EU publishes.

use std::path::PathBuf;

use clap::Args;
use program::{Failure, say};
use serde_json::{Map, Value as Json, json};

use super::description::Description;
use crate::value_sets;

/// Put value sets into the description of a trust list
///
/// Reads value sets as the EU publishes them (`valueSetId`, `valueSetValues`). Each replaces the set of that
/// name, with every code in it: a code that is no longer given (`active` is false) stands in certificates
/// that were issued before. A certificate that names a code outside a listed set is ruled on like one that
/// is not accepted.
#[derive(Args)]
#[command(after_help = "Example:\n  \
    kadian-issue trust show --json trust.cose > trust.json\n  \
    kadian-issue trust value-sets trust.json eu-dcc-valuesets\n\n\
    Then raise the version in trust.json, and sign it.")]
pub struct ValueSetsArgs {
    /// Description of a trust list, as `show --json` writes it; it is changed
    #[arg(value_name = "JSON")]
    description: PathBuf,
    /// Value sets, or folders with them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

/// `kadian-issue trust value-sets`.
pub fn add(arguments: &ValueSetsArgs) -> Result<(), Failure> {
    let mut list = Description::read(&arguments.description)?;
    let mut named = match list.get("value_sets") {
        None => Map::new(),
        Some(Json::Object(named)) => named.clone(),
        Some(_) => return Err(list.said("value_sets: an object is wanted").into()),
    };
    let sets = value_sets::read(&arguments.paths)?;
    for (set, codes) in sets.sets() {
        named.insert(set.id().to_owned(), json!(codes));
    }
    list.set("value_sets", Json::Object(named));
    list.write()?;
    for (set, codes) in sets.sets() {
        say!("{:>5} {}", codes.len(), set.id())?;
    }
    Ok(())
}
