//! Officers.

use deadpool_postgres::GenericClient;
use health_code::{Person, PersonId, Role};
use tokio_postgres::Row;

use super::columns::{Columns as _, Result, rows, run};
use crate::store::Officer;

pub(super) async fn set(client: &impl GenericClient, officer: &Officer) -> Result<()> {
    let Officer { id, region, person, active } = officer;
    let Person { masked_name, masked_phone, pin_phc, role, .. } = person;
    let sql = "INSERT INTO officers (id, region, masked_name, masked_phone, phc, administrator, active)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET region = excluded.region,
         masked_name = excluded.masked_name, masked_phone = excluded.masked_phone, phc = excluded.phc,
         administrator = excluded.administrator, active = excluded.active";
    let (id, region, administrator) = (id.as_slice(), region.as_str(), *role == Role::Administrator);
    run(client, sql, &[&id, &region, masked_name, masked_phone, pin_phc, &administrator, active])
        .await
        .map(drop)
}

pub(super) async fn all(client: &impl GenericClient) -> Result<Vec<Officer>> {
    let sql =
        "SELECT id, region, masked_name, masked_phone, phc, administrator, active FROM officers ORDER BY id";
    rows(client, sql, &[]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Officer> {
    let id = row.array("id")?;
    let person = Person {
        id: PersonId(id),
        masked_name: row.try_get("masked_name")?,
        masked_phone: row.try_get("masked_phone")?,
        pin_phc: row.try_get("phc")?,
        role: if row.try_get("administrator")? { Role::Administrator } else { Role::Collector },
    };
    Ok(Officer { id, region: row.parsed("region")?, person, active: row.try_get("active")? })
}
