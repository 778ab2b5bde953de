//! Reports that the back office calls malformed.

use gate::Input;
use wire::RecordId;

use super::rig::{self, Rig, cose, problem, record, signed};

/// An office that takes no batch with one of these records.
fn office(malformed: &'static [u8]) -> Rig {
    Rig::new(move |world, request, now| {
        let batch = request.batch();
        let is_malformed = |record: RecordId| malformed.contains(&record.0[0]);
        match batch.reports.iter().any(|report| is_malformed(report.record)) {
            true => problem(400, "malformed"),
            false => cose(&signed(&world.receipt(&batch, now))),
        }
    })
}

fn told_aside(rig: &Rig) -> Vec<u64> {
    let told = rig.told().into_iter().filter_map(|input| match input {
        Input::SetAside(count) => Some(count),
        _ => None,
    });
    told.collect()
}

#[tokio::test]
async fn what_is_malformed_is_set_aside_and_told_and_the_rest_is_sent() {
    let mut rig = office(&[0, 7, 20]);
    rig.append(21);
    let mut attempts = 0;
    while !rig.records().await.is_empty() {
        attempts += 1;
        assert!(attempts < 40, "stuck with {:?}", rig.records().await);
        rig.uplink.attempt().await;
    }
    assert_eq!(told_aside(&rig), [1, 2, 3]);
    let requests = rig.requests();
    let ids: std::collections::HashSet<_> = requests.iter().map(|request| request.batch().id.0).collect();
    assert_eq!(ids.len(), requests.len(), "each part has an id of its own");
    rig.append_from(30, 1);
    rig.uplink.attempt().await;
    let last = rig.requests().last().unwrap().batch();
    assert_eq!(last.reports.len(), 1, "what is set aside is sent no more");
}

#[tokio::test]
async fn an_office_that_calls_everything_malformed_has_nothing_set_aside_and_is_not_hurried() {
    let mut rig = Rig::new(|_, _, _| problem(400, "malformed"));
    rig.append(5);
    for _ in 0..30 {
        let next = rig.uplink.attempt().await;
        assert!(next.rest.is_none());
    }
    assert_eq!(rig.waiting(), 5);
    assert!(told_aside(&rig).is_empty());
    assert!(rig.uplink.failures > 3, "it backs off");
}

#[tokio::test]
async fn another_refusal_by_400_sets_nothing_aside() {
    for refusal in [problem(400, "media-type"), rig::status(400, "")] {
        let mut rig = Rig::new(move |_, _, _| refusal.clone());
        rig.append(2);
        for _ in 0..4 {
            rig.uplink.attempt().await;
        }
        assert_eq!(rig.records().await, [record(0), record(1)]);
        assert!(rig.requests().iter().all(|request| request.batch().reports.len() == 2));
    }
}

#[tokio::test]
async fn a_batch_without_reports_is_a_failure_like_any_other() {
    let mut rig = Rig::new(|_, _, _| problem(400, "malformed"));
    assert!(rig.uplink.attempt().await.rest.is_none());
    assert_eq!(rig.uplink.failures, 1);
}
