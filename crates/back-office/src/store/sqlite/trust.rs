//! The trust files in force and before. Revocations are kept by chunks: what two lists share is
//! stored once.

use health_code::{PolicyHash, Timestamp, TrustFiles};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use sha2::{Digest, Sha256};

use super::{alerts, columns, reading, roster};
use crate::store::{AlertKind, TrustSet, TrustVersions};

const NAME: &str = "root_version, list_version, community_version, length(policies) / 32 AS policies_count";

pub(super) fn versions_in_force(connection: &Connection) -> Result<Option<TrustVersions>> {
    connection
        .prepare_cached(&format!("SELECT {NAME} FROM trust_history ORDER BY id DESC LIMIT 1"))?
        .query_row([], read_name)
        .optional()
}

pub(super) fn sets_of_list(connection: &Connection, list: u64, limit: usize) -> Result<Vec<TrustVersions>> {
    let sql = format!("SELECT {NAME} FROM trust_history WHERE list_version = ?1 ORDER BY id DESC LIMIT ?2");
    reading::list(connection, &sql, params![list.to_be_bytes(), limit as i64], read_name)
}

pub(super) fn in_force_at(
    connection: &Connection,
    moments: &[Timestamp],
) -> Result<Vec<Option<TrustVersions>>> {
    // By the order in which they came, and not by the times: a clock may have been set back in between.
    let mut then = connection.prepare(&format!(
        "SELECT {NAME} FROM trust_history WHERE in_force_from <= ?1 ORDER BY id DESC LIMIT 1"
    ))?;
    let first = connection
        .query_row(&format!("SELECT {NAME} FROM trust_history ORDER BY id LIMIT 1"), [], read_name)
        .optional()?;
    moments.iter().map(|moment| Ok(then.query_row([moment.0], read_name).optional()?.or(first))).collect()
}

fn read_name(row: &Row<'_>) -> Result<TrustVersions> {
    Ok(TrustVersions {
        root: columns::u64_of(row, "root_version")?,
        list: columns::u64_of(row, "list_version")?,
        community: columns::u64_of(row, "community_version")?,
        policies: row.get("policies_count")?,
    })
}

pub(super) fn bring_into_force(
    connection: &Connection,
    set: &TrustSet,
    before: Option<TrustVersions>,
    now: Timestamp,
) -> Result<bool> {
    if versions_in_force(connection)? != before {
        return Ok(false);
    }
    let TrustSet { versions, files, roots, entered, dropped } = set;
    let mut insert = connection.prepare("INSERT OR IGNORE INTO roots (version, file) VALUES (?1, ?2)")?;
    for (version, file) in roots {
        insert.execute(params![version.to_be_bytes(), file])?;
    }
    let mut chunks = Vec::new();
    let mut insert =
        connection.prepare("INSERT OR IGNORE INTO revocation_chunks (hash, entries) VALUES (?1, ?2)")?;
    let (entries, _) = files.revocations.as_chunks::<8>();
    for chunk in entries.chunk_by(|a, b| a[0] == b[0]) {
        let hash: [u8; 32] = Sha256::digest(chunk.as_flattened()).into();
        insert.execute(params![hash, chunk.as_flattened()])?;
        chunks.extend_from_slice(&hash);
    }
    let mut policies = Vec::new();
    let mut insert = connection.prepare("INSERT OR IGNORE INTO policies (hash, file) VALUES (?1, ?2)")?;
    for file in &files.policies {
        let hash = PolicyHash::of(file);
        insert.execute(params![hash.0, file])?;
        policies.extend_from_slice(&hash.0);
    }
    connection.execute(
        "INSERT INTO trust_history (root_version, list_version, community_version, in_force_from,
           root, list, community, policies, chunks)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            versions.root.to_be_bytes(),
            versions.list.to_be_bytes(),
            versions.community.to_be_bytes(),
            now.0,
            files.root,
            files.list,
            files.community,
            policies,
            chunks
        ],
    )?;
    roster::entered(connection, entered)?;
    for dropped in dropped {
        let key = dropped.key;
        alerts::raise(connection, key.station, AlertKind::Dropped, key.record, &dropped.detail, now)?;
    }
    Ok(true)
}

pub(super) fn find(connection: &Connection, versions: Option<TrustVersions>) -> Result<Option<TrustFiles>> {
    let name = versions.map(|of| [of.root, of.list, of.community].map(u64::to_be_bytes));
    let [root, list, community] = name.map_or([None; 3], |name| name.map(Some));
    let found: Option<(TrustFiles, Vec<u8>, Vec<u8>)> = connection
        .query_row(
            "SELECT root, list, community, policies, chunks FROM trust_history
             WHERE ?1 IS NULL OR (root_version = ?1 AND list_version = ?2 AND community_version = ?3
               AND length(policies) / 32 = ?4)
             ORDER BY id DESC LIMIT 1",
            params![root, list, community, versions.map(|of| of.policies)],
            |row| {
                let (root, list, community) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let files = TrustFiles { root, list, community, ..TrustFiles::default() };
                Ok((files, row.get(3)?, row.get(4)?))
            },
        )
        .optional()?;
    let Some((files, policies, chunks)) = found else { return Ok(None) };
    let named = |sql: &str, hashes: &[u8]| -> Result<Vec<Vec<u8>>> {
        let mut select = connection.prepare(sql)?;
        hashes.chunks(32).map(|hash| select.query_row([hash], |row| row.get(0))).collect()
    };
    let revocations = named("SELECT entries FROM revocation_chunks WHERE hash = ?1", &chunks)?.concat();
    let policies = named("SELECT file FROM policies WHERE hash = ?1", &policies)?;
    Ok(Some(TrustFiles { revocations: revocations.into(), policies, ..files }))
}

pub(super) fn policy(connection: &Connection, hash: PolicyHash) -> Result<Option<Vec<u8>>> {
    connection.query_row("SELECT file FROM policies WHERE hash = ?1", [hash.0], |row| row.get(0)).optional()
}

pub(super) fn root(connection: &Connection, version: u64) -> Result<Option<Vec<u8>>> {
    connection
        .query_row("SELECT file FROM roots WHERE version = ?1", [version.to_be_bytes()], |row| row.get(0))
        .optional()
}
