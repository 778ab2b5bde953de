//! Checks that trust files hold together, and that they may follow others.

use std::path::{Path, PathBuf};

use clap::Args;
use disk::trust_folder;
use health_code::trust::{NamedPolicy, PolicyFile};
use health_code::{Freshness, PolicyHash, RootPin, Timestamp, Trust, TrustFiles, TrustUpdate};
use program::{Failure, say};

use crate::clock;

/// Most roots between the old one and the new one.
const STEPS: usize = 1024;

/// Check that trust files hold together, or may follow those in force
///
/// With --after, it applies every rule that a station applies: versions, expiries, thresholds,
/// revocations, and roots one by one. Roots in between lie beside root.cose as N.root.cose.
#[derive(Args)]
pub struct CheckArgs {
    /// The folder in force now
    #[arg(long, value_name = "DIR")]
    after: Option<PathBuf>,
    /// SHA-256 of the root to believe; without it, the root in the first folder is believed
    #[arg(long, value_name = "HEX")]
    pin: Option<String>,
    /// Check at this moment instead of now
    #[arg(long, value_name = "RFC3339", value_parser = clock::parse)]
    at: Option<Timestamp>,
    /// Folder with root.cose, trust.cose, community.cose, policies.cbor and revocations.bin
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// `kadian-issue trust check`.
pub fn check(arguments: &CheckArgs) -> Result<(), Failure> {
    let now = arguments.at.unwrap_or_else(clock::now);
    let trust = match &arguments.after {
        None => open(&arguments.folder, arguments.pin.as_deref())?,
        Some(old) => {
            let old = open(old, arguments.pin.as_deref())?;
            let update = read_update(&arguments.folder, old.root().version)?;
            old.update(&update, now).map_err(|rejection| rejection.to_string())?
        }
    };
    let unvouched = trust.unvouched().map(|why| format!("no gate judges by this community: {why}"));
    say!("root         {}  {}", trust.root().version, trust.pin())?;
    say!("trust list   {}  {}", trust.list().version, freshness(&trust, now))?;
    say!("community    {}  {}", trust.community().version, trust.community().region)?;
    say!("revocations  {}", trust.revocations().len())?;
    say!("policies     {}", trust.policy_files().len())?;
    let until = trust.list().believed_until().min(trust.community().believed_until());
    say!("until        {}", clock::rfc3339(trust.root().expires.min(until)))?;
    if let Some(unvouched) = unvouched {
        return Err(unvouched.into());
    }
    match trust.missing_policies() {
        [] => Ok(()),
        missing => Err(why_missing(&arguments.folder, &trust, missing).into()),
    }
}

/// Returns a sentence about policies that are named and cannot be used: no gate judges without them.
fn why_missing(folder: &Path, trust: &Trust, missing: &[NamedPolicy]) -> String {
    let files = trust_folder::read(folder).map(|files| files.policies).unwrap_or_default();
    let why = |named: &NamedPolicy| {
        let file = files.iter().find(|file| PolicyHash::of(file) == named.hash);
        match file.map(|file| PolicyFile::open(file, trust.root())) {
            None => "it is not here".to_owned(),
            Some(Err(rejection)) => rejection.to_string(),
            Some(Ok(_)) => "it is another region's".to_owned(),
        }
    };
    let named =
        missing.iter().map(|named| format!("{:?} {} ({})", named.region.as_str(), named.hash, why(named)));
    format!("policies that are named are missing: {}", named.collect::<Vec<_>>().join(", "))
}

fn freshness(trust: &Trust, now: Timestamp) -> &'static str {
    match trust.freshness(now) {
        Freshness::Fresh => "fresh",
        Freshness::Old => "past its soft expiry",
        Freshness::Expired => "past its hard expiry: no station judges by it",
    }
}

/// Opens a folder. Its root is pinned by the hash that is given, or by its own.
fn open(folder: &Path, pin: Option<&str>) -> Result<Trust, String> {
    let files = read(folder)?;
    let pin = match pin {
        None => RootPin::of(&files.root),
        Some(pin) => pin.parse().map_err(|_| "--pin: 64 hex digits are wanted")?,
    };
    Trust::open(files, &pin).map_err(|rejection| rejection.to_string())
}

/// Reads the files of a folder.
fn read(folder: &Path) -> Result<TrustFiles, String> {
    trust_folder::read(folder).map_err(|error| error.to_string())
}

fn read_update(folder: &Path, stored: u64) -> Result<TrustUpdate, String> {
    let TrustFiles { root, list, community, revocations, policies } = read(folder)?;
    let steps = trust_folder::root_steps(folder, stored, STEPS).map_err(|error| error.to_string())?;
    let mut roots: Vec<_> = steps.into_iter().map(|(_, root)| root).collect();
    if roots.last() != Some(&root) {
        roots.push(root);
    }
    Ok(TrustUpdate {
        roots,
        list: Some(list),
        community: Some(community),
        revocations: Some(revocations),
        policies,
    })
}
