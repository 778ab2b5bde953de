//! An office of two communities: what happens in one stays there, and who serves both is in both.

use health_code::{Person, PersonId, Region, Role};

use super::*;
use crate::store::Officer;

fn there() -> Region {
    "420106001002".parse().unwrap()
}

/// Returns an office that has opened a second community.
async fn office_of_two() -> TestWorker {
    let worker = TestWorker::with_region_key().await;
    worker.context.open_community(&there(), "样例二社区", NOW).await.unwrap();
    worker.clock.store(NOW.0 + 1, Ordering::SeqCst);
    worker
}

fn communities(worker: &TestWorker) -> [health_code::Community; 2] {
    let all = worker.context.trust.communities();
    [all[0].community().clone(), all[1].community().clone()]
}

#[tokio::test]
async fn a_change_and_a_withdrawal_enter_the_community_of_their_station_alone() {
    let mut worker = office_of_two().await;
    let change = RosterChange::CheckpointAdded {
        id: [6; 8],
        name: "北门".into(),
        directions: wire::Directions::Entry,
        place: None,
    };
    let roster = Roster { at: NOW.0, clock: ClockState::Trusted, by: [1; 8], change };
    worker.send(&Report::Roster(roster), world::SEALING).await;
    worker.context.store.withdraw(STATION, NOW).await.unwrap();
    round(&worker.context).await.unwrap();
    let [here, there] = communities(&worker);
    assert_eq!((here.version, here.checkpoints.len(), here.withdrawn), (6, 2, vec![STATION.0]));
    assert_eq!((there.version, there.checkpoints.len(), there.withdrawn), (1, 0, vec![]));
}

#[tokio::test]
async fn an_officer_of_the_street_is_in_both_until_they_are_disabled() {
    let worker = office_of_two().await;
    let [before, _] = communities(&worker);
    let person = Person {
        id: PersonId([7; 8]),
        masked_name: "王**".to_owned(),
        masked_phone: "138****0002".to_owned(),
        pin_phc: sample::PHC.to_owned(),
        role: Role::Administrator,
    };
    let region = "420106001".parse().unwrap();
    let officer = Officer { id: [7; 8], region, person: person.clone(), active: true };
    worker.context.store.set_officer(officer.clone()).await.unwrap();
    round(&worker.context).await.unwrap();
    let [here, there] = communities(&worker);
    assert_eq!(here.people, [before.people.as_slice(), std::slice::from_ref(&person)].concat());
    assert_eq!((here.version, there.version, there.people), (6, 2, vec![person]));
    worker.clock.store(NOW.0 + 2, Ordering::SeqCst);
    worker.context.store.set_officer(Officer { active: false, ..officer }).await.unwrap();
    round(&worker.context).await.unwrap();
    let [here, there] = communities(&worker);
    assert_eq!((here.people, there.people), (before.people, vec![]), "who founded it stays");
}

#[tokio::test]
async fn reports_are_compared_with_the_community_of_their_station() {
    let mut worker = office_of_two().await;
    worker.send(&passage(HUBEI, 7), world::SEALING).await;
    round(&worker.context).await.unwrap();
    assert_eq!(worker.context.store.alerts(9).await.unwrap(), []);
    // The same laptop goes to the other community, which knows neither checkpoint nor collector.
    let ticket = IssuedTicket::nameless([2; 32], there(), NOW, NOW.plus(60));
    worker.context.store.add_ticket(ticket).await.unwrap();
    let (key, sealing, name) = ([2; 32], [2; 32], "东门".into());
    let redemption = Redemption { secret_hash: [2; 32], station: STATION, key, sealing, name };
    worker.context.store.redeem(redemption, NOW).await.unwrap();
    worker.send(&passage(HUBEI, 7), world::SEALING).await;
    round(&worker.context).await.unwrap();
    let alerts = worker.context.store.alerts(9).await.unwrap();
    let mut kinds: Vec<_> = alerts.iter().map(|alert| alert.kind.code()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, [AlertKind::UnknownCheckpoint.code(), AlertKind::UnknownPerson.code()]);
}
