//! Cases of [`Identity`](crate::store::Identity).

use wire::Generation;

use super::Database;

pub(super) async fn all_servers_work_on_one_generation_until_another_begins(database: Database) {
    let (one, other) = (database.open(), database.open());
    let [first, late, restored] = [1, 2, 3].map(|n| Generation([n; 16]));
    assert_eq!(one.generation(first).await.unwrap(), first);
    assert_eq!(other.generation(late).await.unwrap(), first);
    other.begin_generation(restored).await.unwrap();
    assert_eq!(one.generation(late).await.unwrap(), restored);
    // A copy may come from an office that never drew one.
    let never = database.open();
    never.begin_generation(late).await.unwrap();
    assert_eq!(never.generation(first).await.unwrap(), late);
}
