//! Cases of [`Residents`](crate::store::Residents).

use health_code::{Claims, PersonId, Region};
use wire::report::{Carried, Passage};
use wire::{ClockState, Direction, Shown};

use super::audit_log::note;
use super::worklist::claims;
use super::{Database, NOW, accept, chain, claim, enrolled, here, open};
use crate::store::{Filing, Note, Outcome, PersonKey, PersonKeys, Sought, Store};

/// Bytes that can be looked for as a text.
pub(super) const IDENTITY: PersonKey = PersonKey(*b"sample-identity!");
pub(super) const OTHER: PersonKey = PersonKey(*b"another-identity");
pub(super) const PHONE: PersonKey = PersonKey(*b"one-family-phone");
const NAME: &str = "样例庚*";
pub(super) const MASKED: &str = "9901**********7766";

fn passage(at: i64, code: Carried) -> Passage {
    Passage {
        at: NOW.0 + at,
        clock: ClockState::Trusted,
        checkpoint: [1; 8],
        collector: [2; 8],
        policies: [3; 32],
        trust: 7,
        shown: Shown::Pass,
        code,
        judged_at: NOW.0 + at,
        direction: Direction::In,
        outcome: wire::Outcome::LetThrough,
    }
}

pub(super) fn of(at: i64, iss: &str, identity: Option<PersonKey>, phone: Option<PersonKey>) -> Outcome {
    let pseudonym = [u8::try_from(at).unwrap(); 16];
    let claims = Claims {
        iss: iss.to_owned(),
        pseudonym,
        masked_name: NAME.to_owned(),
        masked_id: MASKED.to_owned(),
        ..claims()
    };
    let passage = passage(at, Carried::Whole(NAME.as_bytes().to_vec()));
    let person = PersonKeys { identity, phone };
    Outcome::Filed(Box::new(Filing::Passage { passage, claims: Box::new(claims), person }))
}

/// Files two passages of one person by codes of two issuers, one of a relative with the same phone, one of somebody
/// whose declaration stayed shut, and one with a certificate.
pub(super) async fn filed(store: &dyn Store) {
    accept(store, &chain(5, [0; 32])).await;
    let certificate = Carried::Certificate {
        id: "URN:UVCI:01:XS:7".into(),
        country: "XS".into(),
        masked_name: "M*".into(),
    };
    let outcomes = [
        of(1, "hubei", Some(IDENTITY), Some(PHONE)),
        of(2, "national", Some(IDENTITY), None),
        of(3, "hubei", Some(OTHER), Some(PHONE)),
        of(4, "elsewhere", None, None),
        Outcome::Filed(Box::new(Filing::Certificate(passage(5, certificate)))),
    ];
    store.settle(open(&claim(store, 10).await, outcomes), NOW).await.unwrap();
}

pub(super) async fn found(store: &dyn Store, sought: Sought, region: &Region, limit: usize) -> Vec<i64> {
    let rows = store.passages_of(sought, region, limit).await.unwrap();
    rows.iter().map(|row| row.at.0 - NOW.0).collect()
}

pub(super) async fn somebody_is_found_by_each_of_their_names_and_only_in_the_region(database: Database) {
    let store = &*enrolled(&database).await;
    filed(store).await;
    let by_identity = Sought { identities: vec![IDENTITY], ..Sought::default() };
    let by_phone = Sought { phones: vec![PHONE], ..Sought::default() };
    let by_code = Sought { pseudonym: Some(("elsewhere".into(), [4; 16])), ..Sought::default() };
    let abroad = Sought { certificate: Some("URN:UVCI:01:XS:7".into()), ..Sought::default() };
    let country = Region::country();
    assert_eq!(
        found(store, by_identity.clone(), &country, 9).await,
        [2, 1],
        "codes of two issuers, one person"
    );
    assert_eq!(found(store, by_phone.clone(), &here(), 9).await, [3, 1]);
    assert_eq!(found(store, by_code, &here(), 9).await, [4]);
    assert_eq!(found(store, abroad, &here(), 9).await, [5]);
    // Whatever fits any of the names is found once; the latest first.
    let either = Sought { phones: vec![PHONE, OTHER], ..by_identity.clone() };
    assert_eq!(found(store, either.clone(), &country, 9).await, [3, 2, 1]);
    assert_eq!(found(store, either.clone(), &country, 2).await, [3, 2]);
    let neighbour: Region = "420106001002".parse().unwrap();
    assert_eq!(found(store, either, &neighbour, 9).await, [0_i64; 0], "a neighbour sees none of it");
    assert_eq!(found(store, Sought::default(), &country, 9).await, [0_i64; 0], "nobody is browsed for");

    let (who, act) = (PersonId([1; 8]), "resident-looked");
    let look = |at: i64| Note { at: NOW.plus(at), ..note(act) };
    let elsewhere = Note { actor: Some(PersonId([2; 8])), ..look(5) };
    store.note(vec![look(0), look(5), note("people-looked"), elsewhere]).await.unwrap();
    assert_eq!(store.acts_since(who, act, NOW).await.unwrap(), 2);
    assert_eq!(store.acts_since(who, act, NOW.plus(1)).await.unwrap(), 1);
}

pub(super) async fn passages_of_a_span_come_in_pages_and_from_the_region_alone(database: Database) {
    let store = &*enrolled(&database).await;
    filed(store).await;
    let span = (NOW.plus(2), NOW.plus(5));
    assert_eq!(store.count_between(&here(), span, 9).await.unwrap(), 3, "the end is not in it");
    assert_eq!(store.count_between(&here(), span, 2).await.unwrap(), 2);
    let first = store.passages_between(&here(), span, None, 2).await.unwrap();
    let last = &first[1];
    let after = Some((last.at, last.station, last.record));
    let rest = store.passages_between(&here(), span, after, 2).await.unwrap();
    let at: Vec<_> = first.iter().chain(&rest).map(|row| row.at.0 - NOW.0).collect();
    assert_eq!(at, [2, 3, 4]);
    let neighbour: Region = "420106001002".parse().unwrap();
    assert_eq!(store.passages_between(&neighbour, span, None, 9).await.unwrap(), []);
    assert_eq!(store.count_between(&neighbour, span, 9).await.unwrap(), 0);
}
