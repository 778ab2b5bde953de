//! The trust files in force and before. Revocations are kept by chunks: what two lists share is
//! stored once.

use std::collections::BTreeMap;

use deadpool_postgres::{GenericClient, Transaction};
use health_code::{PolicyHash, Timestamp, TrustFiles};
use sha2::{Digest, Sha256};
use tokio_postgres::Row;

use super::columns::{self, Columns as _, Params, Result, row, rows, run, stored};
use super::{alerts, roster};
use crate::store::{AlertKind, StoreError, TrustSet, TrustVersions};

const NAME: &str =
    "root_version, list_version, community_version, octet_length(policies) / 32 AS policies_count";

pub(super) async fn versions_in_force(client: &impl GenericClient) -> Result<Option<TrustVersions>> {
    let sql = format!("SELECT {NAME} FROM trust_history ORDER BY n DESC LIMIT 1");
    row(client, &sql, &[]).await?.as_ref().map(read_name).transpose()
}

pub(super) async fn sets_of_list(
    client: &impl GenericClient,
    list: u64,
    limit: usize,
) -> Result<Vec<TrustVersions>> {
    let sql = format!("SELECT {NAME} FROM trust_history WHERE list_version = $1 ORDER BY n DESC LIMIT $2");
    rows(client, &sql, &[&stored(list), &columns::limit(limit)]).await?.iter().map(read_name).collect()
}

pub(super) async fn in_force_at(
    client: &impl GenericClient,
    moments: &[Timestamp],
) -> Result<Vec<Option<TrustVersions>>> {
    let first = format!("SELECT {NAME} FROM trust_history ORDER BY n LIMIT 1");
    let first = row(client, &first, &[]).await?.as_ref().map(read_name).transpose()?;
    // By the order in which they came, and not by the times: a clock may have been set back in between.
    let sql = format!(
        "SELECT h.* FROM unnest($1::bigint[]) WITH ORDINALITY AS m (at, place) LEFT JOIN LATERAL
           (SELECT {NAME} FROM trust_history WHERE in_force_from <= m.at ORDER BY n DESC LIMIT 1) h ON true
         ORDER BY m.place"
    );
    let moments: Vec<i64> = moments.iter().map(|moment| moment.0).collect();
    let found = rows(client, &sql, &[&moments]).await?;
    let name = |row: &Row| match row.try_get::<_, Option<i64>>("root_version")? {
        Some(_) => read_name(row).map(Some),
        None => Ok(first),
    };
    found.iter().map(name).collect()
}

fn read_name(row: &Row) -> Result<TrustVersions> {
    let policies: i32 = row.try_get("policies_count")?;
    Ok(TrustVersions {
        root: row.unsigned("root_version")?,
        list: row.unsigned("list_version")?,
        community: row.unsigned("community_version")?,
        policies: policies.unsigned_abs(),
    })
}

pub(super) async fn bring_into_force(
    transaction: &Transaction<'_>,
    set: &TrustSet,
    before: Option<TrustVersions>,
    now: Timestamp,
) -> Result<bool> {
    // The row of the office is the lock: whoever comes second sees what the first one brought into force.
    let sql = "UPDATE office SET sets = sets + 1 WHERE one RETURNING sets";
    let n: i64 = match row(transaction, sql, &[]).await? {
        Some(office) => office.try_get("sets")?,
        None => return Err(StoreError::Failed("the office's own row is missing".to_owned())),
    };
    if versions_in_force(transaction).await? != before {
        return Ok(false);
    }
    let TrustSet { versions, files, roots, entered, dropped } = set;
    for (version, file) in roots {
        let sql = "INSERT INTO roots (version, file) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        run(transaction, sql, &[&stored(*version), file]).await?;
    }
    let (entries, _) = files.revocations.as_chunks::<8>();
    let chunks: Vec<&[u8]> = entries.chunk_by(|a, b| a[0] == b[0]).map(<[[u8; 8]]>::as_flattened).collect();
    let chunks = keep(transaction, Named::Chunks, &chunks).await?;
    let policies: Vec<&[u8]> = files.policies.iter().map(Vec::as_slice).collect();
    let policies = keep(transaction, Named::Policies, &policies).await?;
    let sql = "INSERT INTO trust_history (n, root_version, list_version, community_version, in_force_from,
         root, list, community, policies, chunks)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let [root, list, community] = [versions.root, versions.list, versions.community].map(stored);
    let set: Params<'_> = &[
        &n,
        &root,
        &list,
        &community,
        &now.0,
        &files.root,
        &files.list,
        &files.community,
        &policies,
        &chunks,
    ];
    run(transaction, sql, set).await?;
    roster::entered(transaction, entered).await?;
    let mut rows: Vec<alerts::Row<'_>> = dropped
        .iter()
        .map(|dropped| (dropped.key.station, AlertKind::Dropped, dropped.key.record, &*dropped.detail))
        .collect();
    alerts::raise_all(transaction, &mut rows, now).await?;
    Ok(true)
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

pub(super) async fn find(
    client: &impl GenericClient,
    versions: Option<TrustVersions>,
) -> Result<Option<TrustFiles>> {
    let files = "SELECT root, list, community, policies, chunks FROM trust_history";
    let found = match versions {
        None => row(client, &format!("{files} ORDER BY n DESC LIMIT 1"), &[]).await?,
        Some(name) => {
            let sql = format!(
                "{files} WHERE root_version = $1 AND list_version = $2 AND community_version = $3
                   AND octet_length(policies) / 32 = $4 ORDER BY n DESC LIMIT 1"
            );
            let [root, list, community] = [name.root, name.list, name.community].map(stored);
            let policies = i32::try_from(name.policies).unwrap_or(i32::MAX);
            row(client, &sql, &[&root, &list, &community, &policies]).await?
        }
    };
    let Some(found) = found else { return Ok(None) };
    let revocations = kept(client, Named::Chunks, found.try_get("chunks")?).await?.concat().into();
    let policies = kept(client, Named::Policies, found.try_get("policies")?).await?;
    let (root, list) = (found.try_get("root")?, found.try_get("list")?);
    Ok(Some(TrustFiles { root, list, community: found.try_get("community")?, revocations, policies }))
}

pub(super) async fn policy(client: &impl GenericClient, hash: PolicyHash) -> Result<Option<Vec<u8>>> {
    let found = row(client, "SELECT file FROM policies WHERE hash = $1", &[&hash.0.as_slice()]).await?;
    Ok(found.map(|row| row.try_get("file")).transpose()?)
}

pub(super) async fn root(client: &impl GenericClient, version: u64) -> Result<Option<Vec<u8>>> {
    let found = row(client, "SELECT file FROM roots WHERE version = $1", &[&stored(version)]).await?;
    Ok(found.map(|row| row.try_get("file")).transpose()?)
}
