//! Which state of its database an office works on: one row; and how far it is backed up.

use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use health_code::Timestamp;
use wire::{Generation, StationId, StreamId};

use super::PostgresStore;
use super::columns::{Columns as _, Result, row, rows, run, stored};
use crate::store::{AlertKind, ChainEnd, Identity, StoreError};

#[async_trait]
impl Identity for PostgresStore {
    async fn generation(&self, drawn: Generation) -> Result<Generation> {
        generation(&self.client().await?, drawn).await
    }

    async fn begin_generation(
        &self,
        drawn: Generation,
        community_from: u64,
        now: Timestamp,
    ) -> Result<usize> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let ended = begin(&transaction, drawn, community_from, now).await?;
        transaction.commit().await?;
        Ok(ended)
    }

    async fn community_from(&self) -> Result<u64> {
        community_from(&self.client().await?).await
    }

    async fn chain_ends(&self) -> Result<Vec<ChainEnd>> {
        chain_ends(&self.client().await?).await
    }

    async fn note_backed_up(&self, ends: Vec<ChainEnd>) -> Result<()> {
        note_backed_up(&self.client().await?, &ends).await
    }

    async fn backed_up(&self, station: StationId) -> Result<Option<(StreamId, u64)>> {
        backed_up(&self.client().await?, station).await
    }
}

async fn generation(client: &impl GenericClient, drawn: Generation) -> Result<Generation> {
    let sql = "UPDATE office SET generation = coalesce(generation, $1) WHERE one RETURNING generation";
    let found = row(client, sql, &[&drawn.0.as_slice()]).await?;
    let found = found.ok_or_else(|| StoreError::Failed("the office's own row is missing".to_owned()))?;
    found.array("generation").map(Generation)
}

async fn begin(
    transaction: &Transaction<'_>,
    drawn: Generation,
    community_from: u64,
    now: Timestamp,
) -> Result<usize> {
    let sql = "UPDATE office SET generation = $1, community_from = $2 WHERE one";
    run(transaction, sql, &[&drawn.0.as_slice(), &stored(community_from)]).await?;
    let sql = "UPDATE tickets SET expires = $1 WHERE used_at IS NULL AND expires > $1";
    let ended = run(transaction, sql, &[&now.0]).await?;
    Ok(usize::try_from(ended).unwrap_or(usize::MAX))
}

async fn community_from(client: &impl GenericClient) -> Result<u64> {
    let found = row(client, "SELECT community_from FROM office WHERE one", &[]).await?;
    found.map_or(Ok(0), |office| office.unsigned("community_from"))
}

async fn chain_ends(client: &impl GenericClient) -> Result<Vec<ChainEnd>> {
    // The least number stands for 0: a stream that has a report goes on beyond it.
    let sql = "SELECT station, stream, next FROM tip
       WHERE loose = 0 AND next > -9223372036854775808
         AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.station = tip.station AND kind = $1)
       ORDER BY station";
    let found = rows(client, sql, &[&AlertKind::Fork.code()]).await?;
    let read = |row: &tokio_postgres::Row| {
        let (station, stream) = (row.station("station")?, StreamId(row.array("stream")?));
        Ok(ChainEnd { station, stream, seq: row.unsigned("next")?.saturating_sub(1) })
    };
    found.iter().map(read).collect()
}

async fn note_backed_up(client: &impl GenericClient, ends: &[ChainEnd]) -> Result<()> {
    // In one order everywhere: so two servers don't wait for one another.
    let mut ends: Vec<&ChainEnd> = ends.iter().collect();
    ends.sort();
    ends.dedup_by_key(|end| end.station);
    let stations: Vec<&[u8]> = ends.iter().map(|end| end.station.0.as_slice()).collect();
    let streams: Vec<&[u8]> = ends.iter().map(|end| end.stream.0.as_slice()).collect();
    let seqs: Vec<i64> = ends.iter().map(|end| stored(end.seq)).collect();
    let sql = "INSERT INTO backed_up (station, stream, seq)
       SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[])
       ON CONFLICT (station) DO UPDATE SET stream = excluded.stream, seq = excluded.seq";
    run(client, sql, &[&stations, &streams, &seqs]).await.map(drop)
}

async fn backed_up(client: &impl GenericClient, station: StationId) -> Result<Option<(StreamId, u64)>> {
    let sql = "SELECT stream, seq FROM backed_up WHERE station = $1";
    let found = row(client, sql, &[&station.0.as_slice()]).await?;
    found.map(|row| Ok((StreamId(row.array("stream")?), row.unsigned("seq")?))).transpose()
}
