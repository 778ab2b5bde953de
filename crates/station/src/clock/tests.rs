use super::*;

fn key() -> MemoryKey {
    MemoryKey::derive(&[77; 32])
}

/// Returns a clock that has just heard from its back office, and remembers so in `file`.
pub(crate) fn told(file: &Path, key: MemoryKey) -> SystemClock {
    let clock = SystemClock::start(file, key, TrustTimes::default());
    clock.hear_now(clock.wall());
    clock
}

/// Writes a memory of time as an earlier run left it.
pub(crate) fn remember(file: &Path, key: &MemoryKey, upto: Timestamp) {
    let text = key.seal(&Memory { upto, signed: None, started: None }, "");
    disk::replace(file, text.as_bytes(), Access::Owner).unwrap();
}

fn start(file: &Path) -> SystemClock {
    SystemClock::start(file, key(), TrustTimes::default())
}

fn kept(file: &Path) -> Memory {
    key().open(&std::fs::read(file).unwrap(), &boot_id()).unwrap()
}

#[test]
fn a_run_leaves_what_the_next_one_needs() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clock");
    let clock = told(&file, key());
    let (now, state) = clock.read();
    assert_eq!(state, ClockState::Trusted);
    assert!(kept(&file).upto > now.wall, "covered before it is reported");
    assert!(kept(&file).started.is_some());
    clock.end();
    let (later, _) = clock.read();
    assert!(kept(&file).upto >= later.wall);
    drop(clock);
    let (again, state) = start(&file).read();
    assert_eq!(state, ClockState::Trusted);
    assert!(again.wall >= later.wall);
}

#[test]
fn a_start_before_what_is_remembered_is_wrong_until_the_back_office_agrees() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clock");
    let later = read_clocks().wall.plus(86_400);
    remember(&file, &key(), later);
    let clock = start(&file);
    assert_eq!(clock.read().1, ClockState::Wrong);
    clock.beat();
    clock.assert_now();
    clock.end();
    assert_eq!(clock.read().1, ClockState::Wrong, "nobody can vouch for it");
    assert_eq!(kept(&file).upto, later);
    clock.hear_now(clock.wall());
    assert_eq!(clock.read().1, ClockState::Trusted);
    assert!(kept(&file).upto < later);
}

#[test]
fn a_missing_or_damaged_memory_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clock");
    assert_eq!(start(&file).read().1, ClockState::Wrong, "missing");
    assert!(!file.exists(), "what is not known is not written down");
    let long = "9".repeat(1000);
    for text in ["", "x", "kadian-clock-2 1 - - -", "kadian-clock-1 1900000000 0 boot\n", &long] {
        std::fs::write(&file, text).unwrap();
        assert_eq!(start(&file).read().1, ClockState::Wrong, "{text:?}");
    }
    remember(&file, &MemoryKey::derive(&[78; 32]), read_clocks().wall);
    assert_eq!(start(&file).read().1, ClockState::Wrong, "another station's");
}

#[test]
fn what_the_disk_does_not_cover_is_not_trusted_and_the_disk_can_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("gone/clock");
    let clock = start(&file);
    clock.hear_now(clock.wall().plus(-60));
    assert_eq!(clock.read().1, ClockState::Wrong, "a later moment than what was heard");
    std::fs::create_dir(dir.path().join("gone")).unwrap();
    assert_eq!(clock.read().1, ClockState::Trusted);
}
