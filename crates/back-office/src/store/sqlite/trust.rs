//! The trust files in force and before. Revocations are kept by chunks: what two lists share is
//! stored once.

use health_code::trust::{bundle, unbundle};
use health_code::{Timestamp, TrustFiles};
use rusqlite::{Connection, OptionalExtension, Result, params};
use sha2::{Digest, Sha256};

use super::columns;
use crate::store::{TrustSet, TrustVersions};

pub(super) fn versions_in_force(connection: &Connection) -> Result<Option<TrustVersions>> {
    connection
        .prepare_cached(
            "SELECT root_version, list_version, community_version FROM trust_history
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row([], |row| {
            Ok(TrustVersions {
                root: columns::u64_of(row, "root_version")?,
                list: columns::u64_of(row, "list_version")?,
                community: columns::u64_of(row, "community_version")?,
            })
        })
        .optional()
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
    let TrustSet { versions, files, roots } = set;
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
    connection.execute(
        "INSERT INTO trust_history (root_version, list_version, community_version, in_force_from,
           root, list, community, chunks, policies)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            versions.root.to_be_bytes(),
            versions.list.to_be_bytes(),
            versions.community.to_be_bytes(),
            now.0,
            files.root,
            files.list,
            files.community,
            chunks,
            bundle(&files.policies)
        ],
    )?;
    Ok(true)
}

pub(super) fn find(connection: &Connection, list_version: Option<u64>) -> Result<Option<TrustFiles>> {
    let found: Option<(TrustFiles, Vec<u8>)> = connection
        .query_row(
            "SELECT root, list, community, chunks, policies FROM trust_history WHERE ?1 IS NULL OR list_version = ?1
             ORDER BY id DESC LIMIT 1",
            [list_version.map(u64::to_be_bytes)],
            |row| {
                let [root, list, community, chunks] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
                let policies = unbundle(&row.get::<_, Vec<u8>>(4)?).unwrap_or_default();
                Ok((TrustFiles { root, list, community, policies, ..TrustFiles::default() }, chunks))
            },
        )
        .optional()?;
    let Some((files, hashes)) = found else { return Ok(None) };
    let mut revocations = Vec::new();
    let mut select = connection.prepare("SELECT entries FROM revocation_chunks WHERE hash = ?1")?;
    for hash in hashes.chunks(32) {
        let chunk: Vec<u8> = select.query_row([hash], |row| row.get(0))?;
        revocations.extend_from_slice(&chunk);
    }
    Ok(Some(TrustFiles { revocations: revocations.into(), ..files }))
}

pub(super) fn root(connection: &Connection, version: u64) -> Result<Option<Vec<u8>>> {
    connection
        .query_row("SELECT file FROM roots WHERE version = ?1", [version.to_be_bytes()], |row| row.get(0))
        .optional()
}
