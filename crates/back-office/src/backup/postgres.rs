//! A PostgreSQL's part of a backup: `pg_dump` and `pg_restore`, as they come with the server.

use std::path::Path;
use std::process::Command;

use super::BackupError;
use crate::store::PostgresUrl;

/// Writes the database into a file, as it is at one moment.
pub(super) fn dump(url: &PostgresUrl, to: &Path) -> Result<(), BackupError> {
    let mut command = client("pg_dump", url)?;
    run(command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(to))
}

/// Reads a file through, as a restore does.
pub(super) fn check(file: &Path) -> Result<(), BackupError> {
    run(Command::new("pg_restore").arg("--file=/dev/null").arg(file))
}

/// Brings a file into an empty database, whole or not at all.
pub(super) fn restore(url: &PostgresUrl, from: &Path) -> Result<(), BackupError> {
    let mut command = client("pg_restore", url)?;
    command.args(["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--dbname"]);
    run(command.arg(url.database()).arg(from))
}

/// Returns one of PostgreSQL's own programs, told by its environment where the database is: what stands
/// there, no other user reads, and a password may.
fn client(program: &str, url: &PostgresUrl) -> Result<Command, BackupError> {
    // Its tables lie on several servers, and what `pg_dump` writes does not say so.
    if url.is_citus() {
        return Err(BackupError::Citus);
    }
    let mut command = Command::new(program);
    command.envs(url.environment());
    Ok(command)
}

fn run(command: &mut Command) -> Result<(), BackupError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| BackupError::NoProgram(program.clone(), error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed without a word");
    Err(BackupError::Program(program, line.trim().to_owned()))
}
