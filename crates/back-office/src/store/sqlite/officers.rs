//! Officers.

use health_code::{Person, PersonId, Role};
use rusqlite::{Connection, Result, Row, params};

use super::{columns, reading};
use crate::store::Officer;

pub(super) fn set(connection: &Connection, officer: &Officer) -> Result<()> {
    let Officer { id, region, person, active } = officer;
    let Person { masked_name, masked_phone, pin_phc, role, .. } = person;
    connection.execute(
        "INSERT OR REPLACE INTO officers (id, region, masked_name, masked_phone, phc, administrator, active)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id,
            region.as_str(),
            masked_name,
            masked_phone,
            pin_phc,
            *role == Role::Administrator,
            active
        ],
    )?;
    Ok(())
}

pub(super) fn all(connection: &Connection) -> Result<Vec<Officer>> {
    reading::list(connection, "SELECT * FROM officers ORDER BY id", [], read)
}

fn read(row: &Row<'_>) -> Result<Officer> {
    let id = row.get("id")?;
    let person = Person {
        id: PersonId(id),
        masked_name: row.get("masked_name")?,
        masked_phone: row.get("masked_phone")?,
        pin_phc: row.get("phc")?,
        role: if row.get("administrator")? { Role::Administrator } else { Role::Collector },
    };
    Ok(Officer { id, region: columns::parsed(row, "region")?, person, active: row.get("active")? })
}
