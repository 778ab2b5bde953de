//! Backups on the command line: what was written, found or restored, and what comes next.

use std::path::{Path, PathBuf};

use health_code::Timestamp;
use program::moment::rfc3339;
use wire::hex;

use super::arguments::Office;
use super::{Failure, say};
use crate::backup::{self, About, Checked, Restore, Restored, Targets};
use crate::system::Clock;

pub(super) async fn backup(
    office: &Office,
    to: Option<PathBuf>,
    keys_to: Option<PathBuf>,
    keep_days: i64,
    json: bool,
) -> Result<(), Failure> {
    let kept_days = Some(keep_days);
    let targets = Targets { data: to.as_deref(), keys: keys_to.as_deref(), kept_days };
    let made =
        backup::backup(&office.folder.data, office.store.as_ref(), targets, Clock::system().now()).await?;
    let written = [("data", to.as_deref(), made.data), ("keys", keys_to.as_deref(), made.keys)];
    let written =
        written.into_iter().filter_map(|(kind, path, hash)| Some((kind, path?, hex::encode(&hash?))));
    if json {
        let files: serde_json::Map<_, _> = written
            .map(|(kind, path, sha256)| {
                (kind.to_owned(), serde_json::json!({ "file": path, "sha256": sha256 }))
            })
            .collect();
        return say(&serde_json::Value::Object(files).to_string());
    }
    let lines: Vec<_> =
        written.map(|(kind, path, sha256)| format!("{kind}\t{sha256}\t{}", path.display())).collect();
    say(&lines.join("\n"))
}

pub(super) async fn check(
    files: &[PathBuf],
    identity: Option<&Path>,
    scratch: Option<PathBuf>,
    json: bool,
) -> Result<(), Failure> {
    let scratch = scratch.unwrap_or_else(std::env::temp_dir);
    for file in files {
        let checked = backup::check(file, identity, &scratch).await;
        let checked = checked.map_err(|error| format!("{}: {error}", file.display()))?;
        let fields = fields_of(file, &checked);
        if json {
            say(&fields.to_string())?;
        } else {
            say(&format!("{}\t{}", file.display(), sentence_of(&checked)))?;
        }
    }
    Ok(())
}

fn fields_of(file: &Path, checked: &Checked) -> serde_json::Value {
    match checked {
        Checked::Checksum(hash) => serde_json::json!({ "file": file, "sha256": hex::encode(hash) }),
        Checked::Data { about, schema, counts } => {
            serde_json::json!({ "file": file, "about": about, "schema": schema, "counts": counts })
        }
        Checked::Dump { about } => serde_json::json!({ "file": file, "about": about }),
        Checked::Keys { about, public, has_ca } => {
            serde_json::json!({ "file": file, "about": about, "keys": public, "ca": has_ca })
        }
    }
}

fn sentence_of(checked: &Checked) -> String {
    match checked {
        Checked::Checksum(hash) => {
            format!("the bytes that were written ({}); --identity says more", hex::encode(hash))
        }
        Checked::Data { about, schema, counts } => format!(
            "data of {}: database sound, schema {schema}, stations {}, records {}, passages {}, waiting {}",
            made(about),
            counts.stations,
            counts.records,
            counts.passages,
            counts.waiting
        ),
        Checked::Dump { about } => format!("data of {}: the PostgreSQL database can be read", made(about)),
        Checked::Keys { about, public, has_ca } => format!(
            "keys of {}: sealing {}, receipt {}, region {}, {}",
            made(about),
            public.sealing.len(),
            public.receipt.len(),
            public.region.len(),
            if *has_ca { "with the CA" } else { "without a CA" }
        ),
    }
}

pub(super) async fn restore(what: Restore<'_>, json: bool) -> Result<(), Failure> {
    let restored = backup::restore(what, Clock::system().now()).await?;
    if json {
        let Restored { about, stations, tickets, replayed, erased, had_list } = &restored;
        let fields = serde_json::json!({
            "about": about, "stations": stations, "tickets": tickets, "replayed": replayed,
            "erasedAgain": erased.passages, "hadErasedList": had_list,
        });
        return say(&fields.to_string());
    }
    say(&report_of(&what, &restored))
}

/// Returns what was restored, and what the operator does next.
fn report_of(what: &Restore<'_>, restored: &Restored) -> String {
    let Restored { about, stations, tickets, replayed, erased, had_list } = restored;
    let (folder, made) = (what.into.display(), made(about));
    let mut out = format!("restored {folder} as it was at {made}: {stations} stations\n");
    if let Some(replayed) = replayed {
        out += &format!(
            "from the copies: {} reports in {} batches, {} stations; refused {}, cut off {}\n",
            replayed.reports, replayed.batches, replayed.stations, replayed.refused, replayed.torn
        );
    }
    if *had_list {
        out += &format!("{} passages were erased after it, and are erased again\n", erased.passages);
    }
    out += "next:\n";
    let mut steps = vec!["never start the lost office again: two offices would give two answers".to_owned()];
    if !had_list {
        steps.push(format!(
            "if anybody was erased after {made}: bring the newest list of what was erased, the lost office's file \
             `erased`, before it serves: `restored --data {folder} --erased FILE`"
        ));
    }
    if what.keys.is_none() {
        steps.push("bring the same keys: `serve --import-keys`, and tls/ into the folder".to_owned());
    }
    steps.push(format!("withdraw again each station that was withdrawn after {made}"));
    steps.push(format!(
        "put the newest trust files into {folder}/trust: from the publisher, or a laptop's trust folder"
    ));
    steps.push(format!("make new tickets: {tickets} that were not used are good no longer"));
    steps.push(
        "serve, then read the alerts: `known-again` names stations that the backup did not know, `gap` \
         reports that nobody has any more"
            .to_owned(),
    );
    for (number, step) in steps.iter().enumerate() {
        out += &format!("  {}. {step}\n", number + 1);
    }
    out.trim_end().to_owned()
}

fn made(about: &About) -> String {
    rfc3339(Timestamp(about.made))
}
