//! Cases of [`Officers`](crate::store::Officers).

use health_code::{Person, PersonId, Role};

use super::Database;
use crate::store::Officer;

pub(super) async fn an_officer_is_kept_and_replaced_by_id(database: Database) {
    let store = &*database.open().await;
    assert_eq!(store.officers().await.unwrap(), []);
    let officer = |number: u8, region: &str, role| Officer {
        id: [number; 8],
        region: region.parse().unwrap(),
        person: Person {
            id: PersonId([number; 8]),
            masked_name: "王**".to_owned(),
            masked_phone: "138****0002".to_owned(),
            pin_phc: "$argon2id$sample".to_owned(),
            role,
        },
        active: true,
    };
    let (street, country) = (officer(2, "420106001", Role::Administrator), officer(1, "", Role::Collector));
    for officer in [&street, &country] {
        store.set_officer(officer.clone()).await.unwrap();
    }
    let other = database.open().await;
    assert_eq!(other.officers().await.unwrap(), [country.clone(), street.clone()]);
    let disabled = Officer { active: false, region: "420106002".parse().unwrap(), ..street };
    other.set_officer(disabled.clone()).await.unwrap();
    assert_eq!(store.officers().await.unwrap(), [country, disabled]);
}
