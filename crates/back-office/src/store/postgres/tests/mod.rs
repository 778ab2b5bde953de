//! What is PostgreSQL's alone: migrations beside other servers, broken connections, and what Citus refuses.

mod citus;

use super::passages::PASSAGES;
use super::testing::Scratch;
use super::*;
use crate::store::Retention as _;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_servers_that_start_at_once_migrate_once() {
    let scratch = Scratch::new();
    let url = scratch.url();
    let starts: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn({
                let url = url.clone();
                async move { PostgresStore::open(&url).await }
            })
        })
        .collect();
    for start in starts {
        let store = start.await.unwrap().unwrap();
        assert_eq!(store.counts().await.unwrap(), Counts::default());
    }
}

#[tokio::test]
async fn a_later_schema_is_refused_and_so_is_one_that_is_distributed_otherwise() {
    let scratch = Scratch::new();
    drop(scratch.open().await);
    let mut url = scratch.url();
    url.citus = !url.citus;
    assert!(
        matches!(PostgresStore::open(&url).await, Err(StoreError::Failed(text)) if text.contains("citus"))
    );
    scratch.run("INSERT INTO schema_version VALUES (99, false)");
    let refused = PostgresStore::open(&scratch.url()).await.unwrap_err();
    assert_eq!(refused, StoreError::FromTheFuture(99));
}

#[tokio::test]
async fn a_broken_connection_fails_the_call_and_the_next_one_works() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let client = store.client().await.unwrap();
    let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    scratch.run(&format!("SELECT pg_terminate_backend({pid})"));
    let broken = StoreError::from(client.query_one("SELECT 1", &[]).await.unwrap_err());
    assert!(matches!(broken, StoreError::Unreachable(_)), "{broken}");
    drop(client);
    store.counts().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://office@127.0.0.1:{nobody}/kadian").parse().unwrap();
    let refused = PostgresStore::open(&url).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unreachable(_)), "{refused}");
}

#[tokio::test]
async fn partitions_are_dropped_once_all_of_their_letters_are_opened() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let mut client = store.client().await.unwrap();
    let partitions = async |client: &Client| -> i64 {
        let sql = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'mail'::regclass";
        client.query_one(sql, &[]).await.unwrap().get(0)
    };
    for hour in [-1, 0, 1] {
        mail::make_partition(&client, Timestamp(hour * 3600)).await.unwrap();
        // A second server does the same.
        mail::make_partition(&client, Timestamp(hour * 3600 + 5)).await.unwrap();
    }
    assert_eq!(partitions(&client).await, 3);
    scratch.run("INSERT INTO mail (station, n, received, reports, body) VALUES ('x', 1, -9, 1, 'x')");
    mail::drop_opened(&mut client, Timestamp(3599)).await.unwrap();
    assert_eq!(partitions(&client).await, 3, "one waits, and the others are of this hour and the next");
    mail::drop_opened(&mut client, Timestamp(3600)).await.unwrap();
    assert_eq!(partitions(&client).await, 2);
    scratch.run("UPDATE mail SET until = 9223372036854775807");
    mail::drop_opened(&mut client, Timestamp(3600)).await.unwrap();
    assert_eq!(partitions(&client).await, 1);
}

#[tokio::test]
async fn weeks_of_passages_are_dropped_once_nobody_keeps_anything_of_them() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let week = PASSAGES.seconds;
    let client = store.client().await.unwrap();
    let weeks = async |client: &Client| -> Vec<i64> {
        let ended = PASSAGES.ended(client, Timestamp(9 * week)).await.unwrap();
        ended.iter().map(|partition| partition.from / week).collect()
    };
    // A second server does the same, and a moment may be there twice.
    let moments = [0, 1, 1, 2].map(|number| Timestamp(number * week + 5));
    PASSAGES.make_all(&client, moments).await.unwrap();
    PASSAGES.make_all(&client, moments).await.unwrap();
    assert_eq!(weeks(&client).await, [0, 1, 2]);
    let insert = |station: &str, received: i64| {
        scratch.run(&format!(
            "INSERT INTO passages (station, record, at, judged_at, clock, checkpoint, direction, collector, policies,
               trust, shown, outcome, iss, pseudonym, masked_name, masked_id, colour, region, code, received_at,
               filed_at, verified)
             VALUES ('{station}', 'r', 0, 0, 0, 'c', 1, 'p', 'p', 0, 0, 0, 'i', 'p', 'n', 'm', 'green', 'r', 'c',
               {received}, 0, true)"
        ));
    };
    for (station, community) in [("aaaaaaaaaaaaaaaa", "420106001001"), ("bbbbbbbbbbbbbbbb", "420106001002")] {
        scratch.run(&format!(
            "INSERT INTO stations VALUES ('{station}', repeat('{station}', 2)::bytea, repeat('x', 32)::bytea, 'n',
               '{community}', 0)"
        ));
    }
    insert("aaaaaaaaaaaaaaaa", 9);
    insert("aaaaaaaaaaaaaaaa", week + 9);
    insert("bbbbbbbbbbbbbbbb", week + 9);
    store.drop_whole().await.unwrap();
    assert_eq!(weeks(&client).await, [0, 1, 2], "no purge is in the journal");
    scratch.run(&format!("INSERT INTO purges VALUES ('420106001001', {})", 2 * week + 1));
    store.drop_whole().await.unwrap();
    assert_eq!(weeks(&client).await, [1, 2], "the other community keeps what it has");
    scratch.run(&format!("INSERT INTO purges VALUES ('420106001002', {})", 2 * week - 1));
    store.drop_whole().await.unwrap();
    assert_eq!(weeks(&client).await, [1, 2], "and its last day of that week");
    scratch.run(&format!("UPDATE purges SET before = {}", 2 * week));
    store.drop_whole().await.unwrap();
    assert_eq!(weeks(&client).await, [2]);
    let left: i64 = client.query_one("SELECT count(*) FROM passages", &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}
