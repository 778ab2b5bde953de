//! `back-office stick`: takes what laptops wrote to a stick, and writes what they are to have.

use std::path::Path;

use health_code::{Region, Timestamp};
use serde_json::json;

use super::arguments::{Office, StickCommand};
use super::context::context;
use super::{Failure, say};
use crate::api::ApiError;
use crate::context::Context;
use crate::copies::Copies;
use crate::stick::batches::{Brought, Taken};
use crate::stick::folder;
use crate::stick::requests::{Answered, Asked};
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

/// Why a file is not taken: code, sentence, and when somebody else used its ticket.
type Refused = (&'static str, String, Option<Timestamp>);

/// Takes each request and each file of reports, and writes answer or receipts beside it. A file that is refused
/// keeps out no other.
async fn import(office: &Office, path: &Path, copy_to: Option<&Path>, json: bool) -> Result<(), Failure> {
    let mut context = context(office).await?;
    context.pacing.set(context.store.station_count().await?);
    context.audit_head.set(context.store.audit_head().await?);
    context.copies = copy_to.map(|folder| Copies::open(folder, context.clock.now())).transpose()?;
    let ((requests, more), files) = (folder::requests(path)?, folder::reports(path)?);
    if files.is_empty() && requests.is_empty() {
        return Err(format!("{}: neither reports nor requests are here", path.display()).into());
    }
    let mut failed = 0;
    for file in requests {
        let said = import_request(&context, &file).await.map(|answered| match json {
            true => json_of_answer(&file, &answered),
            false => text_of_answer(&file, &answered),
        });
        failed += usize::from(said.is_err());
        say(&said.unwrap_or_else(|refused| refusal(&file, refused, json)))?;
    }
    for file in files {
        match import_file(&context, &file).await {
            Ok((station, taken)) => {
                failed += usize::from(!taken.refused.is_empty());
                say(&if json { json_of(&file, &station, &taken) } else { text_of(&file, &station, &taken) })?;
            }
            Err((code, sentence)) => {
                failed += 1;
                say(&refusal(&file, (code, sentence, None), json))?;
            }
        }
    }
    match (failed, more) {
        (0, 0) => Ok(()),
        (0, more) => {
            Err(format!("{more} requests more than are taken at once: import the stick again").into())
        }
        (failed, 0) => Err(format!("{failed} files were not taken whole").into()),
        (failed, more) => {
            Err(format!("{failed} files were not taken whole, and {more} more requests wait").into())
        }
    }
}

fn refusal(file: &Path, (code, sentence, at): Refused, json: bool) -> String {
    let path = file.display().to_string();
    match json {
        true => {
            let at = at.map(|at| at.0);
            json!({ "file": path, "code": code, "sentence": sentence, "at": at }).to_string()
        }
        false => {
            let at = at.map(|at| format!(", at {}", program::moment::rfc3339(at))).unwrap_or_default();
            format!("{path}: {sentence} ({code}{at})")
        }
    }
}

/// Takes one request in. The audit log has it before its answer is written.
async fn import_request(context: &Context, file: &Path) -> Result<Answered, Refused> {
    let disk = |error: disk::DiskError| (error.code(), error.to_string(), None);
    let problem = |error: ApiError| {
        let problem = error.problem();
        (problem.code, problem.detail.to_owned(), None)
    };
    let asked = Asked::open(&folder::read_request(file).map_err(disk)?).map_err(problem)?;
    if folder::owner(file).is_some_and(|owner| owner != asked.station()) {
        let sentence = "the request is another laptop's than this folder is called by";
        return Err(("other-station", sentence.to_owned(), None));
    }
    let answered = match asked.answer(context, context.clock.now()).await {
        Ok(answered) => answered,
        Err(refused) => {
            if let Some(said) = asked.refusal(&refused) {
                let beside = folder::refusal_beside(file);
                // Whoever imports the stick hears it all the same.
                if let Err(error) = disk::replace(&beside, &said, disk::Access::Everyone) {
                    tracing::warn!(%error, "the laptop is not told why it was refused");
                }
            }
            let (code, sentence, _) = problem(refused.error);
            return Err((code, sentence, refused.at));
        }
    };
    let about = (answered.station.to_string(), &answered.community);
    note(context, "stick-enrolled", about, answered.name.clone())
        .await
        .map_err(|error| ("store", error.to_string(), None))?;
    let beside = folder::answer_beside(file);
    disk::replace(&beside, &answered.file, disk::Access::Everyone).map_err(disk)?;
    // What was said before is over. A laptop reads the answer first, so one that stays does no harm.
    let _ = std::fs::remove_file(folder::refusal_beside(file));
    Ok(answered)
}

fn text_of_answer(file: &Path, answered: &Answered) -> String {
    let Answered { station, name, community, .. } = answered;
    let answer = folder::answer_beside(file);
    format!(
        "{}: {name} is enrolled in {community} as {station}\n  answer: {}",
        file.display(),
        answer.display()
    )
}

fn json_of_answer(file: &Path, answered: &Answered) -> String {
    json!({
        "file": file.display().to_string(), "station": answered.station.to_string(), "name": answered.name,
        "community": answered.community.to_string(),
        "answer": folder::answer_beside(file).display().to_string(),
    })
    .to_string()
}

/// Takes one file. The audit log has it before its receipts are written.
async fn import_file(context: &Context, file: &Path) -> Result<(Station, Taken), (&'static str, String)> {
    let disk = |error: disk::DiskError| (error.code(), error.to_string());
    let bytes = folder::read(file).map_err(disk)?;
    let brought = Brought::open(context, &bytes).await.map_err(|error| (error.code(), error.to_string()))?;
    let taken = brought.take(context, context.clock.now()).await;
    let station = brought.station;
    let about = (station.id.to_string(), &station.community);
    let noted = note(context, "stick-imported", about, taken.words(&station.name)).await;
    noted.map_err(|error| ("store", error.to_string()))?;
    if let Some(receipts) = &taken.receipts {
        disk::replace(&folder::receipts_beside(file), receipts, disk::Access::Everyone).map_err(disk)?;
    }
    Ok((station, taken))
}

async fn note(
    context: &Context,
    act: &str,
    (object, region): (String, &Region),
    words: String,
) -> Result<(), Failure> {
    let (at, act, region) = (context.clock.now(), act.to_owned(), region.clone());
    let note = Note { at, actor: None, act, object, region, words, salt: random()? };
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
