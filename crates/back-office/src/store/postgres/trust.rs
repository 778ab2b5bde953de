//! The trust files in force and before. Revocations are kept by chunks: what two lists share is
//! stored once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use health_code::{PolicyHash, Region, Timestamp, TrustFiles};
use sha2::{Digest, Sha256};
use tokio_postgres::Row;

use super::columns::{self, Columns as _, Params, Result, row, rows, run, stored};
use super::{PostgresStore, alerts, roster};
use crate::store::{AlertKind, CommunityFiles, Edition, SetName, SharedFiles, StoreError, TrustHistory};

const SHARED: &str = "SELECT n, root_version, list_version, root, list, policies, chunks FROM shared_files";

#[async_trait]
impl TrustHistory for PostgresStore {
    async fn edition(&self) -> Result<u64> {
        edition(&self.client().await?).await
    }

    async fn bring_into_force(&self, next: Edition, before: u64, now: Timestamp) -> Result<bool> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let is_in_force = bring_into_force(&transaction, &next, before, now).await?;
        if is_in_force {
            transaction.commit().await?;
        }
        Ok(is_in_force)
    }

    async fn shared(&self, edition: u64) -> Result<Option<(u64, SharedFiles)>> {
        shared(&self.client().await?, edition).await
    }

    async fn communities(&self, edition: u64) -> Result<Vec<(u64, CommunityFiles)>> {
        communities(&self.client().await?, edition).await
    }

    async fn first_community(&self) -> Result<Option<Region>> {
        first_community(&self.client().await?).await
    }

    async fn trust(&self, community: &Region, name: SetName) -> Result<Option<TrustFiles>> {
        trust(&self.client().await?, community, name).await
    }

    async fn sets_of_list(&self, community: &Region, list: u64, limit: usize) -> Result<Vec<SetName>> {
        sets_of_list(&self.client().await?, community, list, limit).await
    }

    async fn in_force_at(&self, moments: Vec<(Region, Timestamp)>) -> Result<Vec<Option<SetName>>> {
        in_force_at(&self.client().await?, &moments).await
    }

    async fn policy(&self, hash: PolicyHash) -> Result<Option<Vec<u8>>> {
        policy(&self.client().await?, hash).await
    }

    async fn root(&self, version: u64) -> Result<Option<Vec<u8>>> {
        root(&self.client().await?, version).await
    }
}

async fn edition(client: &impl GenericClient) -> Result<u64> {
    let office = row(client, "SELECT editions FROM office", &[]).await?;
    office.map_or(Ok(0), |office| numbered(&office, "editions"))
}

async fn bring_into_force(
    transaction: &Transaction<'_>,
    next: &Edition,
    before: u64,
    now: Timestamp,
) -> Result<bool> {
    // The row of the office is the lock: whoever comes second sees what the first one brought into force.
    let sql = "UPDATE office SET editions = editions + 1 WHERE one RETURNING editions";
    let n: i64 = match row(transaction, sql, &[]).await? {
        Some(office) => office.try_get("editions")?,
        None => return Err(StoreError::Failed("the office's own row is missing".to_owned())),
    };
    if n != before.cast_signed() + 1 {
        return Ok(false);
    }
    let Edition { shared, communities, roots, entered, dropped } = next;
    run(transaction, "INSERT INTO editions (n, in_force_from) VALUES ($1, $2)", &[&n, &now.0]).await?;
    for (version, file) in roots {
        let sql = "INSERT INTO roots (version, file) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        run(transaction, sql, &[&stored(*version), file]).await?;
    }
    if let Some(shared) = shared {
        keep_shared(transaction, n, shared).await?;
    }
    for CommunityFiles { region, version, file, policies } in communities {
        let policies = keep_policies(transaction, policies).await?;
        let sql = "INSERT INTO community_files (region, n, version, file, policies)
           VALUES ($1, $2, $3, $4, $5)";
        run(transaction, sql, &[&region.as_str(), &n, &stored(*version), file, &policies]).await?;
    }
    roster::entered(transaction, entered).await?;
    let mut rows: Vec<alerts::Row<'_>> = dropped
        .iter()
        .map(|dropped| (dropped.key.station, AlertKind::Dropped, dropped.key.record, &*dropped.detail))
        .collect();
    alerts::raise_all(transaction, &mut rows, now).await?;
    Ok(true)
}

async fn keep_shared(transaction: &Transaction<'_>, n: i64, files: &SharedFiles) -> Result<()> {
    let (entries, _) = files.revocations.as_chunks::<8>();
    let chunks: Vec<&[u8]> = entries.chunk_by(|a, b| a[0] == b[0]).map(<[[u8; 8]]>::as_flattened).collect();
    let chunks = keep(transaction, Named::Chunks, &chunks).await?;
    let policies = keep_policies(transaction, &files.policies).await?;
    let sql = "INSERT INTO shared_files (n, root_version, list_version, root, list, policies, chunks)
       VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let [root, list] = [files.root_version, files.list_version].map(stored);
    let params: Params<'_> = &[&n, &root, &list, &files.root, &files.list, &policies, &chunks];
    run(transaction, sql, params).await.map(drop)
}

async fn keep_policies(transaction: &Transaction<'_>, policies: &[Vec<u8>]) -> Result<Vec<u8>> {
    let policies: Vec<&[u8]> = policies.iter().map(Vec::as_slice).collect();
    keep(transaction, Named::Policies, &policies).await
}

/// Files that are kept by their hash.
#[derive(Clone, Copy)]
enum Named {
    Chunks,
    Policies,
}

/// Keeps files that are not here yet, and returns the hashes of all, one behind the other.
async fn keep(transaction: &Transaction<'_>, named: Named, files: &[&[u8]]) -> Result<Vec<u8>> {
    let hashes: Vec<[u8; 32]> = files
        .iter()
        .map(|file| match named {
            Named::Chunks => Sha256::digest(file).into(),
            Named::Policies => PolicyHash::of(file).0,
        })
        .collect();
    let sql = match named {
        Named::Chunks => "INSERT INTO revocation_chunks (hash, file) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        Named::Policies => "INSERT INTO policies (hash, file) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    };
    for (hash, file) in hashes.iter().zip(files) {
        run(transaction, sql, &[&hash.as_slice(), file]).await?;
    }
    Ok(hashes.concat())
}

/// Returns the files with these hashes, in their order.
async fn kept(client: &impl GenericClient, named: Named, hashes: &[u8]) -> Result<Vec<Vec<u8>>> {
    let sql = match named {
        Named::Chunks => "SELECT hash, file FROM revocation_chunks WHERE hash = ANY ($1)",
        Named::Policies => "SELECT hash, file FROM policies WHERE hash = ANY ($1)",
    };
    let hashes: Vec<&[u8]> = hashes.chunks(32).collect();
    let found = rows(client, sql, &[&hashes]).await?;
    let mut by_hash = BTreeMap::new();
    for row in &found {
        by_hash.insert(row.try_get::<_, &[u8]>("hash")?, row.try_get::<_, &[u8]>("file")?);
    }
    let missing = || StoreError::Failed("a trust file is missing".to_owned());
    hashes.iter().map(|hash| by_hash.get(hash).map(|file| file.to_vec()).ok_or_else(missing)).collect()
}

async fn shared(client: &impl GenericClient, after: u64) -> Result<Option<(u64, SharedFiles)>> {
    let sql = format!("{SHARED} WHERE n > $1 ORDER BY n DESC LIMIT 1");
    match row(client, &sql, &[&after.cast_signed()]).await? {
        Some(found) => Ok(Some((numbered(&found, "n")?, read_shared(client, &found).await?))),
        None => Ok(None),
    }
}

async fn read_shared(client: &impl GenericClient, row: &Row) -> Result<SharedFiles> {
    Ok(SharedFiles {
        root_version: row.unsigned("root_version")?,
        list_version: row.unsigned("list_version")?,
        root: row.try_get("root")?,
        list: row.try_get("list")?,
        revocations: kept(client, Named::Chunks, row.try_get("chunks")?).await?.concat().into(),
        policies: kept(client, Named::Policies, row.try_get("policies")?).await?,
    })
}

async fn communities(client: &impl GenericClient, after: u64) -> Result<Vec<(u64, CommunityFiles)>> {
    let sql = "SELECT c.region, c.n, c.version, c.file, c.policies FROM community_files c
       WHERE c.n > $1 AND c.n = (SELECT max(n) FROM community_files WHERE region = c.region)
       ORDER BY c.n, c.region";
    let mut found = Vec::new();
    for row in rows(client, sql, &[&after.cast_signed()]).await? {
        found.push((numbered(&row, "n")?, read_community(client, &row).await?));
    }
    Ok(found)
}

async fn read_community(client: &impl GenericClient, row: &Row) -> Result<CommunityFiles> {
    Ok(CommunityFiles {
        region: row.parsed("region")?,
        version: row.unsigned("version")?,
        file: row.try_get("file")?,
        policies: kept(client, Named::Policies, row.try_get("policies")?).await?,
    })
}

async fn first_community(client: &impl GenericClient) -> Result<Option<Region>> {
    let found = row(client, "SELECT region FROM community_files ORDER BY n, region LIMIT 1", &[]).await?;
    found.map(|row| row.parsed("region")).transpose()
}

async fn trust(client: &impl GenericClient, community: &Region, name: SetName) -> Result<Option<TrustFiles>> {
    let sql = format!("{SHARED} WHERE n = $1");
    let Some(shared) = row(client, &sql, &[&name.shared.cast_signed()]).await? else { return Ok(None) };
    let sql = "SELECT region, n, version, file, policies FROM community_files WHERE region = $1 AND n = $2";
    let found = row(client, sql, &[&community.as_str(), &name.community.cast_signed()]).await?;
    let Some(community) = found else { return Ok(None) };
    let (shared, community) =
        (read_shared(client, &shared).await?, read_community(client, &community).await?);
    Ok(Some(shared.with(community)))
}

async fn sets_of_list(
    client: &impl GenericClient,
    community: &Region,
    list: u64,
    limit: usize,
) -> Result<Vec<SetName>> {
    // Of the community's files the one that was in force when the list came, and those until the next one.
    let sql = "SELECT s.n AS shared, c.n AS community FROM shared_files s, community_files c
       WHERE s.list_version = $1 AND c.region = $2
         AND c.n >= coalesce((SELECT max(n) FROM community_files WHERE region = $2 AND n <= s.n), 0)
         AND c.n < coalesce((SELECT min(n) FROM shared_files WHERE n > s.n), 9223372036854775807)
       ORDER BY s.n DESC, c.n DESC LIMIT $3";
    let found = rows(client, sql, &[&stored(list), &community.as_str(), &columns::limit(limit)]).await?;
    found.iter().map(read_name).collect()
}

async fn in_force_at(
    client: &impl GenericClient,
    moments: &[(Region, Timestamp)],
) -> Result<Vec<Option<SetName>>> {
    // By the order in which they came, and not by the times: a clock may have been set back in between.
    let sql = "SELECT coalesce((SELECT max(n) FROM shared_files WHERE n <= m.n),
         (SELECT min(n) FROM shared_files)) AS shared,
       coalesce((SELECT max(n) FROM community_files c WHERE c.region = m.region AND c.n <= m.n),
         (SELECT min(n) FROM community_files c WHERE c.region = m.region)) AS community
       FROM (SELECT a.region, a.place,
           (SELECT coalesce(max(n), 0) FROM editions WHERE in_force_from <= a.at) AS n
         FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS a (region, at, place)) AS m
       ORDER BY m.place";
    let regions: Vec<&str> = moments.iter().map(|(region, _)| region.as_str()).collect();
    let times: Vec<i64> = moments.iter().map(|(_, moment)| moment.0).collect();
    let name = |row: &Row| {
        let [shared, community] = ["shared", "community"].map(|column| row.try_get::<_, Option<i64>>(column));
        Ok(shared?.zip(community?).map(|(shared, community)| SetName {
            shared: shared.unsigned_abs(),
            community: community.unsigned_abs(),
        }))
    };
    rows(client, sql, &[&regions, &times]).await?.iter().map(name).collect()
}

fn read_name(row: &Row) -> Result<SetName> {
    Ok(SetName { shared: numbered(row, "shared")?, community: numbered(row, "community")? })
}

/// Reads the number of an edition, which is stored as it is.
fn numbered(row: &Row, column: &str) -> Result<u64> {
    Ok(row.try_get::<_, i64>(column)?.unsigned_abs())
}

async fn policy(client: &impl GenericClient, hash: PolicyHash) -> Result<Option<Vec<u8>>> {
    let found = row(client, "SELECT file FROM policies WHERE hash = $1", &[&hash.0.as_slice()]).await?;
    Ok(found.map(|row| row.try_get("file")).transpose()?)
}

async fn root(client: &impl GenericClient, version: u64) -> Result<Option<Vec<u8>>> {
    let found = row(client, "SELECT file FROM roots WHERE version = $1", &[&stored(version)]).await?;
    Ok(found.map(|row| row.try_get("file")).transpose()?)
}
