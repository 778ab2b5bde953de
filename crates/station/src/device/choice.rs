//! Choosing cameras. Pure, but for the list of what is plugged in.

use camera::{CameraChoice, DeviceChoice};
use gate::window::workbench::{CameraName, DeviceProblem, WhichCamera};

/// A camera that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plugged {
    pub camera: CameraName,
    /// The mode in which it would be opened; empty where it has none that is understood.
    pub format: String,
}

/// Lists the cameras that are plugged in. What takes no pictures is none.
pub(super) fn plugged() -> Vec<Plugged> {
    let devices = camera::devices().into_iter();
    let listed = devices.filter_map(|device| {
        let format = match camera::capture_modes(&device) {
            Ok(modes) => camera::best_mode(&modes).map(|mode| mode.to_string()).unwrap_or_default(),
            Err(report) if report.fault == camera::CameraFault::None => return None,
            Err(_) => String::new(),
        };
        Some(Plugged { camera: CameraName { name: device.name, place: device.place }, format })
    });
    listed.collect()
}

/// The two cameras, as they are.
#[derive(Debug, Clone, Default)]
pub(super) struct Now {
    /// What they were chosen to be.
    pub choices: [Option<CameraChoice>; 2],
    /// Which devices give pictures.
    pub live: [Option<CameraName>; 2],
}

/// Returns what both cameras are to be from now on.
///
/// # Errors
/// [`DeviceProblem`]; both stay as they are.
pub(super) fn choose(
    which: WhichCamera,
    camera: Option<CameraName>,
    plugged: &[Plugged],
    now: Now,
) -> Result<[Option<CameraChoice>; 2], DeviceProblem> {
    let Now { mut choices, live } = now;
    let at = which.index();
    let Some(camera) = camera else {
        choices[at] = (which == WhichCamera::First).then(|| named(choices[at].take(), None));
        return Ok(choices);
    };
    if !plugged.iter().any(|there| there.camera == camera) {
        return Err(DeviceProblem::CameraGone);
    }
    let other = which.other().index();
    let is_same = |taken: &CameraName| taken.place == camera.place && taken.name == camera.name;
    let chosen = choices[other].as_ref().and_then(name_of);
    if chosen.as_ref().is_some_and(is_same) {
        return Err(DeviceProblem::CameraTaken);
    }
    if chosen.is_none() && live[other].as_ref().is_some_and(is_same) {
        // The other one is whichever works: it would take this device again at its next start.
        return Err(DeviceProblem::CameraTaken);
    }
    if which == WhichCamera::Second
        && let (Some(CameraChoice::Device(_)), None) = (&choices[other], chosen)
    {
        // Whichever works could be the second one: it stays the device that it is.
        choices[other] = Some(named(choices[other].take(), live[other].clone()));
    }
    choices[at] = Some(named(choices[at].take(), Some(camera)));
    Ok(choices)
}

/// Returns the choice of a device, with the settings of the one before.
fn named(before: Option<CameraChoice>, camera: Option<CameraName>) -> CameraChoice {
    let before = match before {
        Some(CameraChoice::Device(device)) => device,
        _ => DeviceChoice::default(),
    };
    let (name, place) = camera.map(|CameraName { name, place }| (name, place)).unzip();
    CameraChoice::Device(DeviceChoice { name, place: place.filter(|place| !place.is_empty()), ..before })
}

fn name_of(choice: &CameraChoice) -> Option<CameraName> {
    match choice {
        CameraChoice::Device(DeviceChoice { name: Some(name), place, .. }) => {
            Some(CameraName { name: name.clone(), place: place.clone().unwrap_or_default() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use camera::Tuning;

    use super::*;
    use WhichCamera::{First, Second};

    fn name(number: u8) -> CameraName {
        CameraName { name: "Sample HD".to_owned(), place: format!("usb-{number}") }
    }

    fn plugged(numbers: &[u8]) -> Vec<Plugged> {
        numbers.iter().map(|number| Plugged { camera: name(*number), format: String::new() }).collect()
    }

    fn names(chosen: &[Option<CameraChoice>; 2]) -> [Option<CameraName>; 2] {
        [chosen[0].as_ref().and_then(name_of), chosen[1].as_ref().and_then(name_of)]
    }

    fn automatic() -> Now {
        Now { choices: [Some(CameraChoice::default()), None], live: [Some(name(1)), None] }
    }

    #[test]
    fn a_device_is_chosen_by_name_and_place_and_keeps_the_settings() {
        let tuned = DeviceChoice {
            tuning: Tuning { focus: Some(30), ..Tuning::default() },
            ..DeviceChoice::default()
        };
        let now = Now { choices: [Some(CameraChoice::Device(tuned)), None], ..automatic() };
        let [first, second] = choose(First, Some(name(2)), &plugged(&[1, 2]), now).unwrap();
        let Some(CameraChoice::Device(device)) = first else { panic!() };
        assert_eq!((device.place.as_deref(), device.tuning.focus, second), (Some("usb-2"), Some(30), None));
    }

    #[test]
    fn the_first_goes_back_to_whichever_works_and_the_second_to_none() {
        let both = choose(Second, Some(name(2)), &plugged(&[1, 2]), automatic()).unwrap();
        assert_eq!(names(&both), [Some(name(1)), Some(name(2))], "whichever works is pinned");
        let now = Now { choices: both.clone(), live: [Some(name(1)), Some(name(2))] };
        let one = choose(Second, None, &[], now.clone()).unwrap();
        assert_eq!(names(&one), [Some(name(1)), None]);
        let any = choose(First, None, &[], now).unwrap();
        assert_eq!(names(&any), [None, Some(name(2))]);
        assert!(any[0].is_some());
    }

    #[test]
    fn what_is_gone_or_is_the_other_one_already_is_not_chosen() {
        let gone = choose(First, Some(name(3)), &plugged(&[1, 2]), automatic());
        assert_eq!(gone, Err(DeviceProblem::CameraGone));
        let taken = choose(Second, Some(name(1)), &plugged(&[1, 2]), automatic());
        assert_eq!(taken, Err(DeviceProblem::CameraTaken), "the first one uses it");
        let both = choose(Second, Some(name(2)), &plugged(&[1, 2]), automatic()).unwrap();
        let now = Now { choices: both, live: [None, None] };
        assert_eq!(choose(First, Some(name(2)), &plugged(&[1, 2]), now), Err(DeviceProblem::CameraTaken));
    }
}
