//! What is PostgreSQL's alone: migrations beside other servers, broken connections, and what Citus refuses.

mod citus;

use super::testing::Scratch;
use super::*;

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
