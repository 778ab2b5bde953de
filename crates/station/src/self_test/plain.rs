//! The lines that only judge what was found out.

use std::path::Path;
use std::time::Duration;

use disk::DiskError;
use ed25519_dalek::Signer as _;
use gate::Fault;
use gate::window::bar::{Battery, Line};
use gate::window::relay::RelayTrouble;
use gate::window::workbench::{TestFailure, TestFinding};
use scanner::ScannerState;
use wire::{ClockState, StationId};

use super::{Around, Tried};
use crate::keys::{self, KeyError};
use crate::scanner_host;
use crate::settings::ResidentDisplay;

/// Fewer pictures a second make people wait.
const FEW_PICTURES: u32 = 8;
/// A battery below that does not last a shift.
const LOW_PERCENT: u8 = 20;

/// Judges the pictures that came in a time.
pub(super) fn pictures(
    fault: Option<Fault>,
    scripted: bool,
    frozen: bool,
    frames: u32,
    over: Duration,
) -> Tried {
    if let Some(fault) = fault {
        return Err(TestFailure::Camera { fault });
    }
    if scripted {
        return Err(TestFailure::Camera { fault: Fault::CameraNone });
    }
    if frozen {
        return Err(TestFailure::Frozen);
    }
    let rate = (f64::from(frames) / over.as_secs_f64()).round() as u32;
    if rate < FEW_PICTURES {
        Err(TestFailure::FewPictures { rate })
    } else {
        Ok(TestFinding::Pictures { rate })
    }
}

/// Judges how the hand scanner does.
pub(super) fn scanner(state: ScannerState) -> Tried {
    match state {
        ScannerState::Connected => Ok(TestFinding::ScannerReads),
        ScannerState::Fault(fault) => Err(TestFailure::Scanner { trouble: scanner_host::trouble_of(fault) }),
        ScannerState::Starting => Err(TestFailure::NotTried),
    }
}

/// Judges whether the relay is there and may be used.
pub(super) fn relay(looked: Option<Result<(), RelayTrouble>>) -> Tried {
    match looked {
        Some(Ok(())) => Ok(TestFinding::RelayThere),
        Some(Err(trouble)) => Err(TestFailure::Relay { trouble }),
        None => Err(TestFailure::NotTried),
    }
}

/// Judges the clock.
pub(super) fn clock(state: ClockState) -> Tried {
    match state {
        ClockState::Trusted => Ok(TestFinding::OnTime),
        ClockState::Asserted => Ok(TestFinding::VouchedFor),
        ClockState::Wrong => Err(TestFailure::ClockWrong),
    }
}

/// Judges what the outbox says of itself.
pub(super) fn outbox(checked: Result<(), Fault>, around: &Around) -> Tried {
    match checked {
        Err(Fault::OutboxBusy) => Err(TestFailure::OutboxBusy),
        Err(_) => Err(TestFailure::OutboxDamaged),
        Ok(()) if around.set_aside > 0 => Err(TestFailure::SetAside { count: around.set_aside }),
        Ok(()) => Ok(TestFinding::Whole { waiting: around.waiting }),
    }
}

/// Signs with the station's key, and verifies that.
pub(super) fn key(path: &Path, station: StationId) -> Tried {
    const PROBE: &[u8] = b"kadian-self-test";
    let key = keys::load(path).map_err(|error| match error {
        KeyError::Damaged | KeyError::Another => TestFailure::KeyWrong,
        KeyError::Disk(DiskError::TooLarge { .. }) => TestFailure::KeyWrong,
        KeyError::Disk(_) | KeyError::Open | KeyError::NoEntropy(_) => TestFailure::KeyUnreadable,
    })?;
    keys::check_owner(&key, station).map_err(|_| TestFailure::KeyWrong)?;
    let signature = key.sign(PROBE);
    key.verifying_key().verify_strict(PROBE, &signature).map_err(|_| TestFailure::KeyWrong)?;
    Ok(TestFinding::Signs)
}

/// Judges the line to the back office. Being offline is a fact.
pub(super) fn network(line: Line, met_another: bool) -> Tried {
    match line {
        Line::Online => Ok(TestFinding::Answers),
        Line::OfflineClock => Err(TestFailure::NetworkClock),
        Line::Offline if met_another => Err(TestFailure::NotTheOffice),
        Line::Offline => Ok(TestFinding::Offline),
    }
}

/// Judges the battery.
pub(super) fn battery(battery: Option<Battery>) -> Tried {
    match battery {
        None => Ok(TestFinding::Mains),
        Some(Battery { percent, charging: false }) if percent < LOW_PERCENT => {
            Err(TestFailure::BatteryLow { percent })
        }
        Some(Battery { percent, .. }) => Ok(TestFinding::Charge { percent }),
    }
}

/// Judges the display that was chosen for the resident's side, of those on which it can be.
pub(super) fn display(chosen: &ResidentDisplay, free: &[String]) -> Tried {
    match chosen {
        ResidentDisplay::Display { name } if !free.contains(name) => Err(TestFailure::DisplayMissing),
        ResidentDisplay::Display { .. } | ResidentDisplay::Window | ResidentDisplay::None => {
            Ok(TestFinding::Connected)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use gate::window::scanner::ScannerTrouble;
    use scanner::ScannerFault;

    use super::*;
    use crate::testing::{STATION, enrolled};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_camera_fails_by_its_fault_without_one_frozen_or_slow() {
        assert_eq!(pictures(None, false, false, 30, SECOND), Ok(TestFinding::Pictures { rate: 30 }));
        assert_eq!(pictures(None, false, false, 60, 2 * SECOND), Ok(TestFinding::Pictures { rate: 30 }));
        let fault = Fault::CameraCovered;
        assert_eq!(pictures(Some(fault), false, false, 30, SECOND), Err(TestFailure::Camera { fault }));
        let none = Err(TestFailure::Camera { fault: Fault::CameraNone });
        assert_eq!(pictures(None, true, false, 0, SECOND), none);
        assert_eq!(pictures(None, false, true, 30, SECOND), Err(TestFailure::Frozen));
        assert_eq!(pictures(None, false, false, 3, SECOND), Err(TestFailure::FewPictures { rate: 3 }));
    }

    #[test]
    fn a_scanner_and_a_relay_fail_by_their_faults_and_by_not_being_there_to_try() {
        assert_eq!(scanner(ScannerState::Connected), Ok(TestFinding::ScannerReads));
        let (fault, trouble) = (ScannerFault::NoPermission, ScannerTrouble::NoPermission);
        assert_eq!(scanner(ScannerState::Fault(fault)), Err(TestFailure::Scanner { trouble }));
        assert_eq!(scanner(ScannerState::Starting), Err(TestFailure::NotTried));
        assert_eq!(relay(Some(Ok(()))), Ok(TestFinding::RelayThere));
        let trouble = RelayTrouble::Absent;
        assert_eq!(relay(Some(Err(trouble))), Err(TestFailure::Relay { trouble }));
        assert_eq!(relay(None), Err(TestFailure::NotTried));
    }

    #[test]
    fn a_clock_fails_only_if_nobody_relies_on_it() {
        assert_eq!(clock(ClockState::Trusted), Ok(TestFinding::OnTime));
        assert_eq!(clock(ClockState::Asserted), Ok(TestFinding::VouchedFor));
        assert_eq!(clock(ClockState::Wrong), Err(TestFailure::ClockWrong));
    }

    #[test]
    fn an_outbox_fails_by_damage_by_another_program_and_by_what_is_set_aside() {
        let around = Around { waiting: 12, ..Around::default() };
        assert_eq!(outbox(Ok(()), &around), Ok(TestFinding::Whole { waiting: 12 }));
        assert_eq!(outbox(Err(Fault::OutboxBusy), &around), Err(TestFailure::OutboxBusy));
        assert_eq!(outbox(Err(Fault::OutboxDamaged), &around), Err(TestFailure::OutboxDamaged));
        let aside = Around { set_aside: 2, ..around };
        assert_eq!(outbox(Ok(()), &aside), Err(TestFailure::SetAside { count: 2 }));
    }

    #[test]
    fn a_key_fails_if_it_is_gone_open_to_others_damaged_or_another_stations() {
        let dir = tempfile::tempdir().unwrap();
        enrolled(dir.path());
        let path = dir.path().join("station.key");
        assert_eq!(key(&path, STATION), Ok(TestFinding::Signs));
        assert_eq!(key(&path, StationId([1; 16])), Err(TestFailure::KeyWrong));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(key(&path, STATION), Err(TestFailure::KeyUnreadable));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "no key").unwrap();
        assert_eq!(key(&path, STATION), Err(TestFailure::KeyWrong));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(key(&path, STATION), Err(TestFailure::KeyUnreadable));
    }

    #[test]
    fn no_network_is_a_fact_but_a_wrong_clock_and_somebody_else_are_failures() {
        assert_eq!(network(Line::Online, false), Ok(TestFinding::Answers));
        assert_eq!(network(Line::Offline, false), Ok(TestFinding::Offline));
        assert_eq!(network(Line::OfflineClock, false), Err(TestFailure::NetworkClock));
        assert_eq!(network(Line::Offline, true), Err(TestFailure::NotTheOffice));
    }

    #[test]
    fn a_chosen_display_fails_once_it_is_unplugged_or_is_the_collectors() {
        let chosen = ResidentDisplay::Display { name: "HDMI-1".to_owned() };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(display(&chosen, &names(&["DP-1", "HDMI-1"])), Ok(TestFinding::Connected));
        assert_eq!(display(&chosen, &names(&["DP-1"])), Err(TestFailure::DisplayMissing));
        assert_eq!(display(&chosen, &[]), Err(TestFailure::DisplayMissing));
    }

    #[test]
    fn a_battery_fails_when_it_is_low_and_not_on_mains() {
        let at = |percent, charging| battery(Some(Battery { percent, charging }));
        assert_eq!(battery(None), Ok(TestFinding::Mains));
        assert_eq!(at(78, false), Ok(TestFinding::Charge { percent: 78 }));
        assert_eq!(at(9, true), Ok(TestFinding::Charge { percent: 9 }));
        assert_eq!(at(9, false), Err(TestFailure::BatteryLow { percent: 9 }));
    }
}
