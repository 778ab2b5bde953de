//! What a Citus cluster refuses, read from the schema and from the statements. Whether a real one takes them
//! is tried by naming it in `KADIAN_TEST_STORE`: then the whole contract runs there.

use std::collections::BTreeMap;

use crate::store::PostgresStore;
use crate::store::postgres::testing::Scratch;

/// Notes what would be distributed, in the place of Citus' own functions.
const STAND_IN: &str = "
  CREATE TABLE told (name text PRIMARY KEY, key text, beside text);
  CREATE FUNCTION create_reference_table(name text) RETURNS void LANGUAGE sql
    AS 'INSERT INTO told VALUES (name, NULL, NULL)' SET search_path FROM CURRENT;
  CREATE FUNCTION create_distributed_table(name text, key text, colocate_with text DEFAULT NULL) RETURNS void
    LANGUAGE sql AS 'INSERT INTO told VALUES (name, key, colocate_with)' SET search_path FROM CURRENT;
  CREATE FUNCTION create_distributed_function(name regprocedure, key text, colocate_with text) RETURNS void
    LANGUAGE sql AS 'INSERT INTO told VALUES (name::oid::regproc::text, key, colocate_with)'
    SET search_path FROM CURRENT;";

/// By what tables are distributed.
const KEYS: [&str; 2] = ["station", "share"];

/// Where each table lies: its distribution column, or `None` on every worker.
type Places = BTreeMap<String, Option<String>>;

async fn distributed(scratch: &Scratch) -> (PostgresStore, Places) {
    scratch.run(STAND_IN);
    let mut url = scratch.url();
    url.citus = true;
    let store = PostgresStore::open(&url).await.unwrap();
    let mut places = Places::new();
    let client = store.client().await.unwrap();
    for row in client.query("SELECT name, key, beside FROM told", &[]).await.unwrap() {
        let (name, key, beside): (String, Option<String>, Option<String>) =
            (row.get(0), row.get(1), row.get(2));
        let is_first = key.is_none() || name == "tip";
        assert_eq!(beside.as_deref(), (!is_first).then_some("tip"), "{name}");
        places.insert(name, key);
    }
    (store, places)
}

async fn names(store: &PostgresStore, sql: &str) -> Vec<(String, String)> {
    let client = store.client().await.unwrap();
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test]
async fn every_table_lies_with_its_station_or_everywhere_and_breaks_no_rule_of_citus() {
    let scratch = Scratch::new();
    if scratch.url().citus {
        return; // A real cluster says by itself what it refuses.
    }
    let (store, places) = distributed(&scratch).await;
    assert_eq!(places.get("take_letter"), Some(&Some("of_station".to_owned())));
    let tables = "SELECT relname::text, relkind::text FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND relname NOT IN ('told', 'schema_version')";
    for (table, _) in names(&store, tables).await {
        let key = places.get(&table).unwrap_or_else(|| panic!("{table} lies nowhere"));
        // Counters of a region have no station: they lie with the process that counts.
        assert!(key.as_deref().is_none_or(|key| KEYS.contains(&key)), "{table}");
    }
    // A unique index holds the distribution column.
    let unique = "SELECT c.relname::text, coalesce(string_agg(a.attname, ' '), '')
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE i.indisunique AND c.relnamespace = current_schema()::regnamespace GROUP BY i.indexrelid, c.relname";
    for (table, columns) in names(&store, unique).await {
        let here = places.get(&table).is_some_and(Option::is_some);
        assert!(!here || columns.split(' ').any(|column| KEYS.contains(&column)), "{table}: {columns}");
    }
    // A foreign key leads to a table that lies everywhere.
    let foreign = "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
      WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";
    for (from, to) in names(&store, foreign).await {
        assert_eq!(places.get(&to), Some(&None), "{from} refers to {to}");
    }
    let triggers =
        "SELECT tgname::text, tgrelid::regclass::text FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
      WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace";
    assert_eq!(names(&store, triggers).await, []);
}

#[test]
fn statements_that_lock_name_their_station_and_none_is_two_in_one() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/postgres");
    let mut statements = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") || path.ends_with("testing.rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let literals = source.split('"').filter(|literal| {
            ["SELECT ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| literal.starts_with(verb))
        });
        for sql in literals {
            statements += 1;
            let place = || format!("{}: {sql}", path.display());
            // A statement that writes and reads in one is pulled to the coordinator, and fails for all stations
            // when one worker is dead.
            assert!(!sql.contains(" AS (SELECT") && !sql.contains(" AS (UPDATE"), "{}", place());
            assert!(!sql.contains("SKIP LOCKED") && !sql.contains("advisory"), "{}", place());
            // Rows are not deleted one by one: mail goes by the partition, and so do passages; what is past its days in
            // the others is deleted by station. The rest is few, and a counter is one row for all who passed in its time.
            let few = ["sessions", "accounts", "tallies", "work_hours", "consents", "purges"];
            let few = few.map(|few| format!("DELETE FROM {few}"));
            let of_few = few.iter().any(|begins| sql.starts_with(&**begins));
            let of_station = sql.starts_with("DELETE FROM {table} WHERE station = $1");
            assert!(!sql.starts_with("DELETE") || of_few || of_station, "{}", place());
            if sql.contains("FOR UPDATE")
                || ["UPDATE tip", "UPDATE run", "UPDATE mail"].iter().any(|verb| sql.starts_with(verb))
            {
                assert!(sql.contains("station = $1"), "{}", place());
            }
        }
    }
    assert!(statements > 40, "the statements were found: {statements}");
}

#[test]
fn each_migration_says_where_its_tables_lie_and_alters_nothing_afterwards() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/back-office/postgres");
    let mut tables = 0;
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let read = |name: &str| std::fs::read_to_string(entry.join(name)).unwrap();
        let citus = read("citus.sql");
        let calls = citus.lines().filter(|line| !line.starts_with("--") && !line.starts_with("FROM"));
        for line in calls {
            assert!(line.starts_with("SELECT create_"), "{}: {line}", entry.display());
        }
        let up = read("up.sql");
        for made in up.lines().filter_map(|line| line.strip_prefix("CREATE TABLE ")) {
            let name = made.split([' ', '(']).next().unwrap();
            assert!(citus.contains(&format!("('{name}'")), "{}: {name} lies nowhere", entry.display());
            tables += 1;
        }
    }
    assert!(tables > 30, "the tables were found: {tables}");
}
