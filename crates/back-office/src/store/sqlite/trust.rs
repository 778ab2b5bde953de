//! The trust files in force and before. Revocations are kept by chunks: what two lists share is
//! stored once.

use health_code::{PolicyHash, Region, Timestamp, TrustFiles};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use sha2::{Digest, Sha256};

use super::{alerts, columns, reading, roster};
use crate::store::{AlertKind, CommunityFiles, Edition, SetName, SharedFiles};

pub(super) fn edition(connection: &Connection) -> Result<u64> {
    let sql = "SELECT coalesce(max(n), 0) FROM editions";
    connection.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
}

pub(super) fn bring_into_force(
    connection: &Connection,
    next: &Edition,
    before: u64,
    now: Timestamp,
) -> Result<bool> {
    if edition(connection)? != before {
        return Ok(false);
    }
    let Edition { shared, communities, roots, entered, dropped } = next;
    let n = before.cast_signed() + 1;
    connection.execute("INSERT INTO editions (n, in_force_from) VALUES (?1, ?2)", params![n, now.0])?;
    let mut insert = connection.prepare("INSERT OR IGNORE INTO roots (version, file) VALUES (?1, ?2)")?;
    for (version, file) in roots {
        insert.execute(params![version.to_be_bytes(), file])?;
    }
    if let Some(shared) = shared {
        keep_shared(connection, n, shared)?;
    }
    let mut insert = connection.prepare(
        "INSERT INTO community_files (region, n, version, file, policies) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for CommunityFiles { region, version, file, policies } in communities {
        let policies = keep_policies(connection, policies)?;
        insert.execute(params![region.as_str(), n, version.to_be_bytes(), file, policies])?;
    }
    roster::entered(connection, entered)?;
    for dropped in dropped {
        let key = dropped.key;
        alerts::raise(connection, key.station, AlertKind::Dropped, key.record, &dropped.detail, now)?;
    }
    Ok(true)
}

fn keep_shared(connection: &Connection, n: i64, files: &SharedFiles) -> Result<()> {
    let mut chunks = Vec::new();
    let mut insert =
        connection.prepare("INSERT OR IGNORE INTO revocation_chunks (hash, entries) VALUES (?1, ?2)")?;
    let (entries, _) = files.revocations.as_chunks::<8>();
    for chunk in entries.chunk_by(|a, b| a[0] == b[0]) {
        let hash: [u8; 32] = Sha256::digest(chunk.as_flattened()).into();
        insert.execute(params![hash, chunk.as_flattened()])?;
        chunks.extend_from_slice(&hash);
    }
    let policies = keep_policies(connection, &files.policies)?;
    connection.execute(
        "INSERT INTO shared_files (n, root_version, list_version, root, list, policies, chunks)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            n,
            files.root_version.to_be_bytes(),
            files.list_version.to_be_bytes(),
            files.root,
            files.list,
            policies,
            chunks
        ],
    )?;
    Ok(())
}

/// Keeps policies that are not here yet, and returns the hashes of all, one behind the other.
fn keep_policies(connection: &Connection, policies: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut hashes = Vec::new();
    let mut insert =
        connection.prepare_cached("INSERT OR IGNORE INTO policies (hash, file) VALUES (?1, ?2)")?;
    for file in policies {
        let hash = PolicyHash::of(file);
        insert.execute(params![hash.0, file])?;
        hashes.extend_from_slice(&hash.0);
    }
    Ok(hashes)
}

pub(super) fn shared(connection: &Connection, after: u64) -> Result<Option<(u64, SharedFiles)>> {
    let sql = "SELECT * FROM shared_files WHERE n > ?1 ORDER BY n DESC LIMIT 1";
    let read = |row: &Row<'_>| Ok((number(row, "n")?, read_shared(connection, row)?));
    connection.query_row(sql, [after.cast_signed()], read).optional()
}

fn read_shared(connection: &Connection, row: &Row<'_>) -> Result<SharedFiles> {
    let chunks: Vec<u8> = row.get("chunks")?;
    let sql = "SELECT entries FROM revocation_chunks WHERE hash = ?1";
    Ok(SharedFiles {
        root_version: columns::u64_of(row, "root_version")?,
        list_version: columns::u64_of(row, "list_version")?,
        root: row.get("root")?,
        list: row.get("list")?,
        revocations: named(connection, sql, &chunks)?.concat().into(),
        policies: policies(connection, row)?,
    })
}

pub(super) fn communities(connection: &Connection, after: u64) -> Result<Vec<(u64, CommunityFiles)>> {
    let sql = "SELECT * FROM community_files AS c
       WHERE n > ?1 AND n = (SELECT max(n) FROM community_files WHERE region = c.region) ORDER BY n, region";
    let read = |row: &Row<'_>| Ok((number(row, "n")?, read_community(connection, row)?));
    reading::list(connection, sql, [after.cast_signed()], read)
}

fn read_community(connection: &Connection, row: &Row<'_>) -> Result<CommunityFiles> {
    Ok(CommunityFiles {
        region: columns::parsed(row, "region")?,
        version: columns::u64_of(row, "version")?,
        file: row.get("file")?,
        policies: policies(connection, row)?,
    })
}

fn policies(connection: &Connection, row: &Row<'_>) -> Result<Vec<Vec<u8>>> {
    let hashes: Vec<u8> = row.get("policies")?;
    named(connection, "SELECT file FROM policies WHERE hash = ?1", &hashes)
}

/// Returns the files with these hashes, in their order.
fn named(connection: &Connection, sql: &str, hashes: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut select = connection.prepare_cached(sql)?;
    hashes.chunks(32).map(|hash| select.query_row([hash], |row| row.get(0))).collect()
}

pub(super) fn first_community(connection: &Connection) -> Result<Option<Region>> {
    let sql = "SELECT region FROM community_files ORDER BY n, region LIMIT 1";
    connection.query_row(sql, [], |row| columns::parsed(row, "region")).optional()
}

pub(super) fn trust(
    connection: &Connection,
    community: &Region,
    name: SetName,
) -> Result<Option<TrustFiles>> {
    let sql = "SELECT * FROM shared_files WHERE n = ?1";
    let shared = connection
        .query_row(sql, [name.shared.cast_signed()], |row| read_shared(connection, row))
        .optional()?;
    let sql = "SELECT * FROM community_files WHERE region = ?1 AND n = ?2";
    let community = connection
        .query_row(sql, params![community.as_str(), name.community.cast_signed()], |row| {
            read_community(connection, row)
        })
        .optional()?;
    Ok(shared.zip(community).map(|(shared, community)| shared.with(community)))
}

pub(super) fn sets_of_list(
    connection: &Connection,
    community: &Region,
    list: u64,
    limit: usize,
) -> Result<Vec<SetName>> {
    // Of the community's files the one that was in force when the list came, and those until the next one.
    let sql = "SELECT s.n AS shared, c.n AS community FROM shared_files s, community_files c
       WHERE s.list_version = ?1 AND c.region = ?2
         AND c.n >= coalesce((SELECT max(n) FROM community_files WHERE region = ?2 AND n <= s.n), 0)
         AND c.n < coalesce((SELECT min(n) FROM shared_files WHERE n > s.n), 9223372036854775807)
       ORDER BY s.n DESC, c.n DESC LIMIT ?3";
    reading::list(connection, sql, params![list.to_be_bytes(), community.as_str(), limit as i64], read_name)
}

pub(super) fn in_force_at(
    connection: &Connection,
    moments: &[(Region, Timestamp)],
) -> Result<Vec<Option<SetName>>> {
    // By the order in which they came, and not by the times: a clock may have been set back in between.
    let mut then =
        connection.prepare("SELECT coalesce(max(n), 0) FROM editions WHERE in_force_from <= ?1")?;
    let mut name = connection.prepare(
        "SELECT coalesce((SELECT max(n) FROM shared_files WHERE n <= ?2),
             (SELECT min(n) FROM shared_files)) AS shared,
           coalesce((SELECT max(n) FROM community_files WHERE region = ?1 AND n <= ?2),
             (SELECT min(n) FROM community_files WHERE region = ?1)) AS community",
    )?;
    let mut found = Vec::with_capacity(moments.len());
    for (community, moment) in moments {
        let then: i64 = then.query_row([moment.0], |row| row.get(0))?;
        found.push(name.query_row(params![community.as_str(), then], |row| {
            let is_there = row.get::<_, Option<i64>>("shared")?.and(row.get::<_, Option<i64>>("community")?);
            is_there.map(|_| read_name(row)).transpose()
        })?);
    }
    Ok(found)
}

fn read_name(row: &Row<'_>) -> Result<SetName> {
    Ok(SetName { shared: number(row, "shared")?, community: number(row, "community")? })
}

fn number(row: &Row<'_>, column: &str) -> Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}

pub(super) fn policy(connection: &Connection, hash: PolicyHash) -> Result<Option<Vec<u8>>> {
    connection.query_row("SELECT file FROM policies WHERE hash = ?1", [hash.0], |row| row.get(0)).optional()
}

pub(super) fn root(connection: &Connection, version: u64) -> Result<Option<Vec<u8>>> {
    connection
        .query_row("SELECT file FROM roots WHERE version = ?1", [version.to_be_bytes()], |row| row.get(0))
        .optional()
}
