//! How fast a store files what was opened, with no opening beside it.

use std::time::Duration;

use back_office::limits::{LEASE_SECONDS, OPENED_AT_ONCE};
use back_office::store::{Filing, Opened, Outcome, PersonKeys, Settled, Store};
use health_code::{Claims, UnverifiedCode};
use stage::World;
use stage::clock::{now, wall};
use wire::Report;
use wire::report::{Carried, Passage};

/// Files everything that waits as copies of a passage, and returns how many a second.
pub async fn rate(store: &dyn Store, report: &Report, world: &World) -> f64 {
    let Report::Passage(passage) = report else { panic!("a passage") };
    let claims = claims(passage, world);
    let (mut count, mut took) = (0, Duration::ZERO);
    loop {
        let letters = store.claim(OPENED_AT_ONCE, wall(), wall().plus(LEASE_SECONDS)).await.unwrap();
        if letters.is_empty() {
            return count as f64 / took.as_secs_f64();
        }
        let mut opened = Vec::new();
        for letter in letters {
            let mut settled = Vec::new();
            for waiting in letter.reports().unwrap() {
                let (passage, claims) = (passage.clone(), Box::new(claims.clone()));
                let filing = Filing::Passage { passage, claims, person: PersonKeys::default() };
                let outcome = Outcome::Filed(Box::new(filing));
                settled.push(Settled { key: waiting.key, outcome, alerts: Vec::new() });
            }
            count += settled.len();
            opened.push(Opened { letter, settled });
        }
        let begun = now();
        store.settle(opened, wall()).await.unwrap();
        took += begun.elapsed();
    }
}

fn claims(passage: &Passage, world: &World) -> Claims {
    let Carried::Whole(cose) = &passage.code else { panic!("a whole code") };
    let code = UnverifiedCode::from_cose(cose).unwrap();
    let (trust, _) = world.trust().unwrap();
    let region = trust.community().region.clone();
    trust.authenticate(&code, &region).unwrap().claims().clone()
}
