//! `back-office stick`: takes what laptops wrote to a stick, and writes what they are to have.

use std::path::Path;

use serde_json::json;

use super::arguments::{Office, StickCommand};
use super::context::context;
use super::{Failure, say};
use crate::context::Context;
use crate::copies::Copies;
use crate::stick::batches::{Brought, Taken};
use crate::stick::folder;
use crate::stick::trust_files::TrustOnStick;
use crate::store::{Note, Station};
use crate::system::random;
use crate::tickets::chosen;

/// Runs one of the commands.
pub(super) async fn stick(command: StickCommand) -> Result<(), Failure> {
    match command {
        StickCommand::Import { office, path, copy_to, json } => {
            import(&office, &path, copy_to.as_deref(), json).await
        }
        StickCommand::Export { office, community, to, json } => {
            let context = context(&office).await?;
            let trust = chosen(&context.trust, community.as_ref())?;
            let community = trust.community();
            let out = TrustOnStick::of(&context, &community.region).await?;
            folder::write(&to, out.files.iter().map(|(name, file)| (name.as_str(), file.as_slice())))?;
            let (stations, (list, version)) = (out.stations, out.versions);
            if json {
                let names: Vec<_> = out.files.iter().map(|(name, _)| name).collect();
                return say(&json!({ "community": community.region.to_string(), "stations": stations,
                    "list": list, "communityVersion": version, "files": names })
                .to_string());
            }
            let name = &community.name;
            say(&format!(
                "{name}: list {list}, community {version}, for {stations} stations of this community"
            ))
        }
    }
}

/// Takes each file of reports, and writes its receipts beside it. A file that is refused keeps out no other.
async fn import(office: &Office, path: &Path, copy_to: Option<&Path>, json: bool) -> Result<(), Failure> {
    let mut context = context(office).await?;
    context.pacing.set(context.store.station_count().await?);
    context.audit_head.set(context.store.audit_head().await?);
    context.copies = copy_to.map(|folder| Copies::open(folder, context.clock.now())).transpose()?;
    let files = folder::reports(path)?;
    if files.is_empty() {
        return Err(format!("{}: no reports are here", path.display()).into());
    }
    let mut failed = 0;
    for file in files {
        match import_file(&context, &file).await {
            Ok((station, taken)) => {
                failed += usize::from(!taken.refused.is_empty());
                say(&if json { json_of(&file, &station, &taken) } else { text_of(&file, &station, &taken) })?;
            }
            Err((code, sentence)) => {
                failed += 1;
                let path = file.display().to_string();
                say(&match json {
                    true => json!({ "file": path, "code": code, "sentence": sentence }).to_string(),
                    false => format!("{path}: {sentence} ({code})"),
                })?;
            }
        }
    }
    if failed > 0 { Err(format!("{failed} files were not taken whole").into()) } else { Ok(()) }
}

/// Takes one file. The audit log has it before its receipts are written.
async fn import_file(context: &Context, file: &Path) -> Result<(Station, Taken), (&'static str, String)> {
    let disk = |error: disk::DiskError| (error.code(), error.to_string());
    let bytes = folder::read(file).map_err(disk)?;
    let brought = Brought::open(context, &bytes).await.map_err(|error| (error.code(), error.to_string()))?;
    let taken = brought.take(context, context.clock.now()).await;
    let station = brought.station;
    let noted = note(context, &station, &taken).await;
    noted.map_err(|error| ("store", error.to_string()))?;
    if let Some(receipts) = &taken.receipts {
        disk::replace(&folder::receipts_beside(file), receipts, disk::Access::Everyone).map_err(disk)?;
    }
    Ok((station, taken))
}

async fn note(context: &Context, station: &Station, taken: &Taken) -> Result<(), Failure> {
    let note = Note {
        at: context.clock.now(),
        actor: None,
        act: "stick-imported".to_owned(),
        object: station.id.to_string(),
        region: station.community.clone(),
        words: taken.words(&station.name),
        salt: random()?,
    };
    context.store.note(vec![note]).await?;
    Ok(())
}

fn text_of(file: &Path, station: &Station, taken: &Taken) -> String {
    let mut lines = vec![format!("{}: {}", file.display(), taken.words(&station.name))];
    lines.extend(taken.refused.iter().map(|(place, error)| {
        let problem = error.problem();
        format!("  batch {place}: {} ({})", problem.detail, problem.code)
    }));
    if taken.receipts.is_some() {
        lines.push(format!("  receipts: {}", folder::receipts_beside(file).display()));
    }
    lines.join("\n")
}

fn json_of(file: &Path, station: &Station, taken: &Taken) -> String {
    let refused: Vec<_> =
        taken.refused.iter().map(|(place, error)| json!([place, error.problem().code])).collect();
    json!({
        "file": file.display().to_string(), "station": station.id.to_string(), "name": station.name,
        "batches": taken.batches, "new": taken.new, "known": taken.known, "conflicts": taken.conflicts,
        "refused": refused,
        "receipts": taken.receipts.as_ref().map(|_| folder::receipts_beside(file).display().to_string()),
    })
    .to_string()
}
