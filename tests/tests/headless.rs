//! A station without a window: it stops in order by a signal, and says of a wrong line what would be right.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use rustix::process::Signal;
use serde_json::json;
use stage::{HeadlessStation, Office, World};

#[test]
fn a_signal_stops_it_in_order_and_a_wrong_line_is_told_what_would_be_right() {
    let world = World::new(None).unwrap();
    let (office_folder, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let office = Office::start(office_folder.path(), &world).unwrap();
    HeadlessStation::enrol(folder.path(), &office.ticket().unwrap()).unwrap();
    for signal in [Signal::TERM, Signal::INT] {
        // A station that was stopped out of order could not be started again at once.
        let mut station = HeadlessStation::start(folder.path(), &["--hurry"]).unwrap();
        station.say(&json!({ "kind": "open" })).unwrap();
        let error = station.error().unwrap();
        assert_eq!((&error["code"], &error["line"]), (&json!("bad-line"), &json!(1)));
        assert!(error["sentence"].as_str().unwrap().contains("confirm-shown"), "{error}");
        station.stop_by(signal).unwrap();
    }
}
