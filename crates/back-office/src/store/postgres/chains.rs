//! The search for what loose runs follow.

use std::collections::BTreeMap;

use deadpool_postgres::Client;
use health_code::Timestamp;
use wire::StationId;

use super::columns::{Result, run};
use super::{accept, history, quarantine};
use crate::store::chain::{Loose, LooseRun, RunKey, Search, Verdict};

/// Runs that are read at once: a station's history does not have to fit into memory.
const PAGE: usize = 200;

/// Searches for what the runs follow that hang loose and arrived by `before`.
pub(super) async fn check(client: &mut Client, before: Timestamp, now: Timestamp) -> Result<()> {
    let mut due: BTreeMap<StationId, Vec<LooseRun>> = BTreeMap::new();
    for (station, loose) in history::due(&*client, before).await? {
        due.entry(station).or_default().push(loose);
    }
    for (station, loose) in due {
        let verdicts = search(client, station, loose).await?;
        settle(client, station, &verdicts, now).await?;
    }
    Ok(())
}

/// Looks through the station's whole history. Nobody is kept waiting meanwhile: what arrives in between joins
/// what it belongs to by itself.
async fn search(client: &Client, station: StationId, due: Vec<LooseRun>) -> Result<Vec<Verdict>> {
    let mut search = Search::new(due);
    let mut after: Option<RunKey> = None;
    loop {
        let page = history::page(client, station, after, PAGE).await?;
        page.iter().for_each(|stored| search.look(&stored.run));
        let Some(last) = page.last() else { break };
        after = Some(RunKey { stream: last.run.stream, first: last.run.first, fork: last.fork });
    }
    for (link, hash) in quarantine::conflicts(client, station).await? {
        search.look_at_conflict(&link, &hash);
    }
    Ok(search.finish())
}

async fn settle(client: &mut Client, station: StationId, verdicts: &[Verdict], now: Timestamp) -> Result<()> {
    let transaction = client.transaction().await?;
    accept::lock(&transaction, station).await?;
    for verdict in verdicts {
        let loose = if verdict.found { Loose::Joined } else { Loose::Told };
        // What a batch joined since the search, or another server judged, is settled.
        if history::mark(&transaction, station, verdict.run.key, loose).await? {
            accept::raise(&transaction, station, &verdict.alerts, now).await?;
            let sql = "UPDATE tip SET loose = loose - $2 WHERE station = $1";
            run(&transaction, sql, &[&station.0.as_slice(), &i64::from(verdict.found)]).await?;
        }
    }
    Ok(transaction.commit().await?)
}
