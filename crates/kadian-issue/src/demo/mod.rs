//! `kadian-issue demo`: makes a whole world to try things in.

mod broken;
mod certificates;
pub mod codes;
pub mod keys;
pub mod maker;
pub mod world;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use disk::trust_folder;
use health_code::{Presented, Refused, Role, Ruling, Timestamp, Trust};
use program::{Failure, say};
use strict_cose::hex;

use self::keys::Keys;
use self::maker::{DemoCode, Shown};
use crate::files::{self, Access};
use crate::qr::Drawing;
use crate::{clock, entropy};

/// Make a demo world: trust files, keys, people, and codes for every verdict
///
/// Three issuers sign: a national one, a Hubei-like one (green, yellow, red, grey) and a Wuhan-like
/// one (no colours). There is at least one code for each verdict, each reason of a check and each
/// refusal, and there are certificates from abroad. codes.tsv says what each code must come to.
/// Each is judged first; where one comes to something else, nothing is written.
///
/// DIR gets trust/ (root.cose, trust.cose, community.cose, policies.cbor, revocations.bin), codes/ (NAME.txt and
/// NAME.png), codes.tsv, people.tsv (who may sign in), keys/ and office/. A world that is made again
/// keeps its keys and its root, so that its stations and offices go on; its list gets a later version.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    kadian-issue demo target/demo/world\n  \
    kadian-issue demo world --at 2026-03-01T08:00:00+08:00\n\n\
    App codes are valid for five minutes. `kadian-issue live DIR` signs them anew each minute.")]
pub struct DemoArgs {
    /// Folder to write; it is made if missing
    #[arg(value_name = "DIR")]
    world: PathBuf,
    /// Make the world as of this moment instead of now
    #[arg(long, value_name = "RFC3339", value_parser = clock::parse)]
    at: Option<Timestamp>,
    /// Derive all keys from these 64 hex digits; else from those in DIR, or from random ones
    #[arg(long, value_name = "HEX")]
    seed: Option<String>,
    /// Print one JSON object (world, at, codes) instead of a sentence
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &DemoArgs) -> Result<ExitCode, Failure> {
    let at = arguments.at.unwrap_or_else(clock::now);
    let world = &arguments.world;
    let keys = match &arguments.seed {
        Some(text) => Keys::new(hex::decode_array(text).ok_or("--seed is 64 hex digits")?),
        None => match Keys::stored(world)? {
            Some(keys) => keys,
            None => Keys::new(entropy::seed()?),
        },
    };
    let kept = files::read(&world.join("trust").join(trust_folder::ROOT), 1 << 20).ok();
    let kept = kept.filter(|file| world::keeps(&keys, at, file));
    let trust = world::trust(&keys, at, kept)?;
    let codes = codes::all(&keys, at)?;
    check(&codes, &trust, at)?;
    write(world, &keys, &trust, &codes, at)?;
    let (world, count, at) = (world.display().to_string(), codes.len(), clock::rfc3339(at));
    if arguments.json {
        say!("{}", serde_json::json!({ "world": world, "at": at, "codes": count }))?;
    } else {
        say!("{world}: {count} codes as of {at}; every one is judged as codes.tsv says")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Judges every code as a gate would, and compares with what it must come to.
fn check(codes: &[DemoCode], trust: &Trust, at: Timestamp) -> Result<(), String> {
    for code in codes {
        let (verdict, refusal, shown) = judge(&code.text, trust, at);
        let expected = (code.expected.verdict(), code.expected.refusal(), &code.shown);
        if (verdict, refusal, &shown) != expected {
            return Err(format!(
                "the demo is wrong: {} comes to {verdict}, {refusal:?}, {shown:?}; expected: {expected:?}",
                code.name
            ));
        }
    }
    Ok(())
}

/// Returns the verdict of a gate, the refusal's code, and what may be shown of the holder.
fn judge(text: &str, trust: &Trust, at: Timestamp) -> (&'static str, Option<&'static str>, Option<Shown>) {
    let region = &trust.community().region;
    let verified = Presented::parse(text)
        .map_err(Refused::from)
        .and_then(|presented| trust.verify_presented(&presented, region, at));
    match verified {
        Ok(proven) => {
            let ruling =
                trust.policy(at).map(|in_force| in_force.policy.judge_proven(&proven, region, at).ruling);
            let verdict = match ruling {
                Ok(Ruling::Pass) => "pass",
                Ok(Ruling::Check) => "check",
                Ok(Ruling::Stop) => "stop",
                Err(fault) => fault.code(),
            };
            (verdict, None, Some(Shown::of(&proven.signed())))
        }
        Err(refused) => {
            ("invalid", Some(refused.refusal.code()), refused.authentic.as_deref().map(Shown::of))
        }
    }
}

fn write(world: &Path, keys: &Keys, trust: &Trust, codes: &[DemoCode], at: Timestamp) -> Result<(), String> {
    keys.write(world)?;
    for code in codes {
        let path = |ending: &str| world.join("codes").join(format!("{}.{ending}", code.name));
        files::write(&path("txt"), code.text.as_bytes(), Access::Everyone)?;
        if let Some(drawing) = Drawing::new(&code.text) {
            files::write(&path("png"), &drawing.to_png()?, Access::Everyone)?;
        }
    }
    let public = |name: &str, bytes: &[u8]| files::write(&world.join(name), bytes, Access::Everyone);
    let folder = world.join("trust");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    trust_folder::replace_each(&folder, trust.files(), Access::Everyone)
        .map_err(|error| error.to_string())?;
    public("people.tsv", people_table().as_bytes())?;
    public("codes.tsv", codes_table(codes, at).as_bytes())
}

fn codes_table(codes: &[DemoCode], at: Timestamp) -> String {
    let mut table = "name\tat\tverdict\trefusal\tmasked_name\tmasked_id\tpseudonym\n".to_owned();
    let at = clock::rfc3339(at);
    for code in codes {
        let shown = code.shown.as_ref();
        let columns = [
            code.name,
            &at,
            code.expected.verdict(),
            code.expected.refusal().unwrap_or_default(),
            shown.map_or("", |shown| &shown.masked_name),
            shown.map_or("", |shown| &shown.masked_id),
            shown.map_or("", |shown| &shown.pseudonym),
        ];
        table += &columns.join("\t");
        table.push('\n');
    }
    table
}

fn people_table() -> String {
    let mut table = "phone\tpin\trole\tmasked_name\n".to_owned();
    for staff in &world::STAFF {
        let role = match staff.role {
            Role::Collector => "collector",
            Role::Administrator => "administrator",
        };
        table += &[staff.phone, staff.pin, role, staff.masked_name].join("\t");
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp(1_583_020_800);

    #[test]
    fn every_code_comes_to_what_the_table_says_at_any_moment() {
        let keys = Keys::new([3; 32]);
        for at in [AT, AT.plus(1), AT.plus(3599), AT.plus(200 * 86_400 + 4321)] {
            let trust = world::trust(&keys, at, None).unwrap();
            check(&codes::all(&keys, at).unwrap(), &trust, at).unwrap();
        }
    }

    #[test]
    fn a_world_made_again_keeps_its_root_and_its_trust_moves_on() {
        let keys = Keys::new([3; 32]);
        let first = world::trust(&keys, AT, None).unwrap();
        let root = first.files().root.clone();
        let later = AT.plus(86_400);
        assert!(world::keeps(&keys, later, &root));
        assert!(!world::keeps(&keys, AT.plus(-40 * 86_400), &root), "not issued yet then");
        assert!(!world::keeps(&Keys::new([4; 32]), later, &root), "other keys");
        let second = world::trust(&keys, later, Some(root)).unwrap();
        let update = health_code::TrustUpdate {
            roots: vec![],
            list: Some(second.files().list.clone()),
            revocations: None,
            community: Some(second.files().community.clone()),
            policies: second.files().policies.clone(),
        };
        assert!(first.update(&update, later).is_ok());
        assert_eq!(world::trust(&keys, AT, None).unwrap().files(), first.files(), "same seed, same world");
    }
}
