//! Migrations. `schema_version` counts those that a database has had.
//!
//! Several servers may start at the same time. The lock on `schema_version` lets one migrate; advisory locks
//! would do on one server, and not on the workers of a Citus cluster.

use deadpool_postgres::{Client, Pool};

use super::columns::Result;
use super::error;
use crate::store::StoreError;

/// The migrations in their order, each with what distributes its tables. One that was released is never
/// changed.
const MIGRATIONS: &[Migration] = &[
    Migration {
        up: include_str!("../../../../../migrations/back-office/postgres/01-first/up.sql"),
        citus: include_str!("../../../../../migrations/back-office/postgres/01-first/citus.sql"),
    },
    Migration {
        up: include_str!("../../../../../migrations/back-office/postgres/02-console/up.sql"),
        citus: include_str!("../../../../../migrations/back-office/postgres/02-console/citus.sql"),
    },
    Migration {
        up: include_str!("../../../../../migrations/back-office/postgres/03-tallies/up.sql"),
        citus: include_str!("../../../../../migrations/back-office/postgres/03-tallies/citus.sql"),
    },
    Migration {
        up: include_str!("../../../../../migrations/back-office/postgres/05-trace/up.sql"),
        citus: include_str!("../../../../../migrations/back-office/postgres/05-trace/citus.sql"),
    },
    Migration {
        up: include_str!("../../../../../migrations/back-office/postgres/05-erasing/up.sql"),
        citus: include_str!("../../../../../migrations/back-office/postgres/05-erasing/citus.sql"),
    },
    Migration {
        up: include_str!("../../../../../migrations/back-office/postgres/06-conflicts/up.sql"),
        citus: include_str!("../../../../../migrations/back-office/postgres/06-conflicts/citus.sql"),
    },
    Migration {
        up: include_str!("../../../../../migrations/back-office/postgres/07-retention/up.sql"),
        citus: include_str!("../../../../../migrations/back-office/postgres/07-retention/citus.sql"),
    },
];

struct Migration {
    up: &'static str,
    citus: &'static str,
}

const VERSION_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS schema_version (version bigint PRIMARY KEY, citus boolean NOT NULL)";

/// Migrates the database to the present schema. Refuses one that a later program made, one that is not
/// distributed as the URL says, and a server that would lose what it committed.
pub(super) async fn prepare(pool: &Pool, citus: bool) -> Result<()> {
    let mut client = pool.get().await?;
    check_settings(&client).await?;
    // A look first: an office with less rights than its schema's owner may start, too.
    let exists = client.query_one("SELECT to_regclass('schema_version') IS NOT NULL", &[]).await?;
    if exists.try_get(0)? {
        let (done, distributed) = version(&client).await?;
        if missing(done)?.is_empty() {
            return check_distribution(citus, distributed);
        }
    } else {
        make_version_table(&client).await?;
    }
    migrate(&mut client, citus).await
}

async fn migrate(client: &mut Client, citus: bool) -> Result<()> {
    let transaction = client.transaction().await?;
    transaction.batch_execute("LOCK TABLE schema_version IN ACCESS EXCLUSIVE MODE").await?;
    // Read again: another server may have migrated while this one waited.
    let (done, distributed) = version(&transaction).await?;
    if done > 0 {
        check_distribution(citus, distributed)?;
    }
    if citus {
        check_citus(&transaction).await?;
    }
    for (migration, number) in missing(done)?.iter().zip(done + 1..) {
        transaction.batch_execute(migration.up).await?;
        if citus {
            transaction.batch_execute(migration.citus).await?;
        }
        let sql = "INSERT INTO schema_version (version, citus) VALUES ($1, $2)";
        transaction.execute(sql, &[&number, &citus]).await?;
    }
    Ok(transaction.commit().await?)
}

/// Returns the migrations that a database lacks which has had `done` of them.
fn missing(done: i64) -> Result<&'static [Migration]> {
    let from = usize::try_from(done).map_err(|_| StoreError::FromTheFuture(done))?;
    MIGRATIONS.get(from..).ok_or(StoreError::FromTheFuture(done))
}

/// Returns how many migrations a database has had, and whether its tables are distributed.
async fn version(client: &impl deadpool_postgres::GenericClient) -> Result<(i64, bool)> {
    let sql = "SELECT coalesce(max(version), 0), coalesce(bool_or(citus), false) FROM schema_version";
    let row = client.query_one(sql, &[]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

async fn make_version_table(client: &Client) -> Result<()> {
    match client.batch_execute(VERSION_TABLE).await {
        // `IF NOT EXISTS` looks first and makes then: two servers may both not see it.
        Err(error) if error::is_made_meanwhile(&error) => Ok(()),
        other => Ok(other?),
    }
}

fn check_distribution(citus: bool, distributed: bool) -> Result<()> {
    let say = |text: &str| Err(StoreError::Failed(text.to_owned()));
    match (citus, distributed) {
        (true, false) => say("its tables are not distributed: leave `citus` out of the URL"),
        (false, true) => say("its tables are distributed: say `citus` in the URL"),
        _ => Ok(()),
    }
}

async fn check_citus(client: &impl deadpool_postgres::GenericClient) -> Result<()> {
    let sql = "SELECT count(*) > 0 FROM pg_proc WHERE proname = 'create_distributed_table'";
    if client.query_one(sql, &[]).await?.try_get(0)? {
        return Ok(());
    }
    Err(StoreError::Failed("there is no Citus here: CREATE EXTENSION citus, or leave `citus` out".to_owned()))
}

/// What is acknowledged has to be on the disk: a server that does not sync is refused.
async fn check_settings(client: &Client) -> Result<()> {
    for setting in ["fsync", "full_page_writes"] {
        let row = client.query_one("SELECT current_setting($1)", &[&setting]).await?;
        if row.try_get::<_, &str>(0)? == "off" {
            let text = format!("the server has {setting} = off, and would lose what it acknowledged");
            return Err(StoreError::Failed(text));
        }
    }
    Ok(())
}
