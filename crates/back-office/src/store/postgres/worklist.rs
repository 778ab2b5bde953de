//! What waits to be opened: claims, and what became of them.

use deadpool_postgres::{Client, Transaction};
use health_code::Timestamp;
use wire::StationId;

use super::columns::Result;
use super::filing::{self, Source};
use super::passages::PASSAGES;
use super::quarantine::{self, State};
use super::{alerts, mail, tally, tombstones};
use crate::store::{
    AlertKind, Letter, LetterKey, Opened, Outcome, QuarantineReason, ReportKey, Settled, Waiting,
};

/// Leases what waits: first what was let out of quarantine, then letters, each the oldest first.
pub(super) async fn claim(
    client: &mut Client,
    limit: usize,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Letter>> {
    let transaction = client.transaction().await?;
    // A lease that a crash forgets does no harm, so nobody waits for the disk.
    transaction.batch_execute("SET LOCAL synchronous_commit = off").await?;
    let mut letters = quarantine::claim(&transaction, limit, now, until).await?;
    let left = limit.saturating_sub(letters.len());
    mail::claim(&transaction, &mut letters, left, now, until).await?;
    transaction.commit().await?;
    letters.sort_by_key(|letter| letter.received);
    Ok(letters)
}

pub(super) async fn oldest(client: &Client) -> Result<Option<(StationId, Timestamp)>> {
    let (mail, reopened) = (mail::oldest(client).await?, quarantine::oldest(client).await?);
    Ok(mail.into_iter().chain(reopened).min_by_key(|(_, received)| *received))
}

/// A report, what became of it, and whether it comes out of quarantine.
type Report<'a> = (Waiting, &'a Settled, bool);

/// Files or quarantines the reports of opened letters in one transaction.
pub(super) async fn settle(
    client: &mut Client,
    opened: &[Opened],
    (share, now): ([u8; 1], Timestamp),
) -> Result<()> {
    // In one order everywhere: so two servers that settle the same letters don't wait for one another.
    let mut opened: Vec<&Opened> = opened.iter().collect();
    opened.sort_by_key(|opened| opened.letter.key);
    PASSAGES.make_all(client, opened.iter().map(|opened| opened.letter.received)).await?;
    let transaction = client.transaction().await?;
    let mut reports: Vec<Report<'_>> = Vec::new();
    for opened in opened {
        let pairs = opened.pairs()?;
        // Settled before: by a worker whose lease had ended, or by this one before it was interrupted.
        let (waits, reopened) = match &opened.letter.key {
            LetterKey::Mail { station, n } => {
                (mail::mark_opened(&transaction, *station, *n, opened.letter.received).await?, false)
            }
            LetterKey::Reopened(key) => (quarantine::lock(&transaction, key).await?, true),
        };
        if waits {
            reports.extend(pairs.into_iter().map(|(waiting, settled)| (waiting, settled, reopened)));
        }
    }
    settle_reports(&transaction, &reports, (share, now)).await?;
    Ok(transaction.commit().await?)
}

async fn settle_reports(
    transaction: &Transaction<'_>,
    reports: &[Report<'_>],
    (share, now): ([u8; 1], Timestamp),
) -> Result<()> {
    // What was erased is not filed again, whichever way it comes.
    let keys = reports.iter().map(|(_, settled, _)| settled.key);
    let buried = tombstones::buried(transaction, keys).await?;
    let is_buried = |settled: &Settled| buried.contains(&settled.key);
    let mut sources = Vec::new();
    for (waiting, settled, _) in reports.iter().filter(|(_, settled, _)| !is_buried(settled)) {
        if let Outcome::Filed(filing) = &settled.outcome {
            sources.push(Source {
                key: settled.key,
                received: waiting.received,
                seq: waiting.report.seq,
                filing,
            });
        }
    }
    let new = filing::file(transaction, &sources, now).await?;
    let mut filed = new.iter().copied();
    let mut raised: Vec<alerts::Row<'_>> = Vec::new();
    for (waiting, settled, reopened) in reports {
        let key = settled.key;
        if is_buried(settled) {
            if *reopened {
                quarantine::settle(transaction, &key, State::Filed, None).await?;
            }
            continue;
        }
        let quarantined = match &settled.outcome {
            Outcome::Quarantined(reason) => Some(*reason),
            Outcome::Filed(_) if filed.next() == Some(true) => None,
            Outcome::Filed(_) => {
                let detail = "the record id came again at another place of the station's chain";
                raised.push((key.station, AlertKind::Conflict, key.record, detail));
                Some(QuarantineReason::Conflict)
            }
        };
        match (quarantined, *reopened) {
            (Some(reason), true) => {
                quarantine::settle(transaction, &key, State::Quarantined, Some(reason)).await?;
            }
            (None, true) => quarantine::settle(transaction, &key, State::Filed, None).await?,
            (Some(reason), false) => {
                let received = waiting.received;
                quarantine::insert(transaction, key.station, &waiting.report, received, reason).await?;
            }
            (None, false) => {}
        }
        raised.extend(settled.alerts.iter().map(|(kind, detail)| {
            let row: alerts::Row<'_> = (key.station, *kind, key.record, detail);
            row
        }));
    }
    alerts::raise_all(transaction, &mut raised, now).await?;
    tally::count(transaction, share, &sources, &new, now).await
}

/// Files an opened report in conflict under another record id.
pub(super) async fn file_conflict(
    client: &mut Client,
    conflict: &Waiting,
    opened: &Settled,
    (share, now): ([u8; 1], Timestamp),
) -> Result<bool> {
    let ReportKey { station, record, .. } = conflict.key;
    let Outcome::Filed(filing) = &opened.outcome else { return Ok(false) };
    PASSAGES.make_all(client, [conflict.received]).await?;
    let transaction = client.transaction().await?;
    let source = [Source { key: opened.key, received: conflict.received, seq: conflict.report.seq, filing }];
    if !quarantine::lock_conflict(&transaction, &conflict.key).await?
        || filing::file(&transaction, &source, now).await? != [true]
    {
        return Ok(false);
    }
    quarantine::settle(&transaction, &conflict.key, State::Filed, None).await?;
    if quarantine::in_conflict(&transaction, station, record).await?.is_empty() {
        alerts::clear(&transaction, station, AlertKind::Conflict, record, now).await?;
    }
    let mut raised: Vec<alerts::Row<'_>> = Vec::new();
    raised.extend(opened.alerts.iter().map(|(kind, detail)| {
        let row: alerts::Row<'_> = (station, *kind, opened.key.record, detail);
        row
    }));
    alerts::raise_all(&transaction, &mut raised, now).await?;
    tally::count(&transaction, share, &source, &[true], now).await?;
    transaction.commit().await?;
    Ok(true)
}
