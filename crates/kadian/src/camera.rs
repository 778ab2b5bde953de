//! `kadian camera`: lists the cameras and what each would deliver, and watches one.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use camera::{CameraChoice, CameraHandle, CameraState, CaptureMode, Device, Shortfall};
use clap::{Args, Subcommand};
use code_reader::{Reader, Sighting};
use program::{Failure, say};
use serde_json::{Value, json};

use crate::clock;

/// Longest time for reading one picture. The command tries a camera, not the reader's speed.
const READING: Duration = Duration::from_secs(3);
/// Time between two summaries.
const SUMMARY: Duration = Duration::from_secs(1);

/// List the cameras of this computer, or watch one
#[derive(Args)]
#[command(after_help = "Examples:\n  \
        kadian camera                                    list the cameras and their best formats\n  \
        kadian camera watch --seconds 10                 watch the first that works\n  \
        kadian camera watch --camera 'device:HD Webcam@pci-0000:00:14.0-usb-2:1.0'\n\n\
        Watching prints one JSON object a line: {\"event\":\"state\",…} when the camera's state changes,\n\
        and each second {\"event\":\"pictures\",…} with the number of pictures, the brightness of the last, and\n\
        the code that is on it.")]
pub(crate) struct CameraArgs {
    #[command(subcommand)]
    command: Option<CameraCommand>,
}

#[derive(Subcommand)]
enum CameraCommand {
    Watch(WatchArgs),
}

/// Watch a camera as a station would
#[derive(Args)]
struct WatchArgs {
    /// Camera: device, device:NAME, device:NAME@PLACE or device:@PLACE; nokhwa instead of device
    /// takes pictures by that library
    #[arg(long, value_name = "CAMERA", default_value = "device")]
    camera: CameraChoice,
    /// End after so many seconds
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// End as soon as a picture has come
    #[arg(long)]
    until_live: bool,
}

pub(crate) fn run(arguments: &CameraArgs) -> Result<ExitCode, Failure> {
    match &arguments.command {
        None => list(),
        Some(CameraCommand::Watch(arguments)) => watch(arguments),
    }
}

fn list() -> Result<ExitCode, Failure> {
    let devices = camera::devices();
    if devices.is_empty() {
        say!("no camera is connected")?;
    }
    for device in &devices {
        say!("{}\n   at {} (now /dev/video{})", device.name, device.place, device.number)?;
        say!("   {}", give(device))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Says in one line what a device would deliver.
fn give(device: &Device) -> String {
    let modes = match camera::capture_modes(device) {
        Ok(modes) => modes,
        Err(report) if report.fault == camera::CameraFault::None => return "takes no pictures".to_owned(),
        Err(report) => {
            let mend = report.fix.map(|command| format!("; an administrator runs: {command}"));
            let by = report.held_by.map(|program| format!("; it is held by {program}"));
            return format!("{}{}{}", report.fault, mend.unwrap_or_default(), by.unwrap_or_default());
        }
    };
    let Some(best) = camera::best_mode(&modes) else {
        return format!("none of its {} formats is understood", modes.len());
    };
    let CaptureMode { format, width, height, rate } = best;
    let why = match camera::shortfall(&best) {
        None => "",
        Some(Shortfall::Size) => ", because it offers no larger size",
        Some(Shortfall::Rate) => ", because it offers no higher rate at this size",
    };
    format!("gives {width}×{height} {} at {rate:.0}/s{why}; {} formats", format.name(), modes.len())
}

fn watch(arguments: &WatchArgs) -> Result<ExitCode, Failure> {
    let since_start = clock::stopwatch();
    let stopwatch = Arc::clone(&since_start);
    let on_state = move |state: CameraState| {
        // A failure shows at the next summary, too.
        let _ = tell(&told(&state), stopwatch());
    };
    let camera = camera::spawn(arguments.camera.clone(), Arc::clone(&since_start), on_state);
    let camera = camera.map_err(|error| format!("no thread: {error}"))?;
    let end = arguments.seconds.map_or(Duration::MAX, Duration::from_secs);
    let clock = Arc::clone(&since_start);
    let reader = Reader::with_clock(READING, Box::new(move || clock()));
    let mut seen = Seen { reader, seq: 0, taken: 0, count: 0 };
    loop {
        let begun = since_start();
        if begun >= end {
            return Ok(ExitCode::SUCCESS);
        }
        let until = begun.saturating_add(SUMMARY).min(end);
        let summary = seen.look(&camera, &*since_start, until);
        let came = summary.is_some();
        tell(&summary.unwrap_or_else(|| json!({ "event": "pictures", "came": 0 })), since_start())?;
        if came && arguments.until_live {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

/// Reads the pictures of a camera and counts them.
struct Seen {
    reader: Reader,
    /// Number of the last picture that was read.
    seq: u64,
    /// Number of the last picture in a summary.
    taken: u64,
    /// Pictures that were read, in all.
    count: u64,
}

impl Seen {
    /// Reads pictures until a moment, and returns their summary; `None` where no picture came.
    fn look(&mut self, camera: &CameraHandle, now: &dyn Fn() -> Duration, until: Duration) -> Option<Value> {
        let (latest, mut last, mut code) = (camera.latest(), None, None);
        loop {
            let left = until.saturating_sub(now());
            let frame = if left.is_zero() { None } else { latest.newer_than(self.seq, left) };
            let Some(frame) = frame else { break };
            self.seq = frame.seq;
            self.count += 1;
            if let Sighting::Code(seen) = self.reader.read(&frame.grey) {
                code = Some(seen.text.into_string());
            }
            last = Some(frame);
        }
        let frame = last?;
        let came = self.seq - self.taken;
        self.taken = self.seq;
        let pixels = frame.grey.pixels();
        let sum: u64 = pixels.iter().map(|&pixel| u64::from(pixel)).sum();
        Some(json!({
            "event": "pictures", "came": came, "looked": self.count,
            "width": frame.grey.width(), "height": frame.grey.height(),
            "luma": sum / pixels.len().max(1) as u64, "code": code,
        }))
    }
}

fn told(state: &CameraState) -> Value {
    match state {
        CameraState::Starting => json!({ "event": "state", "state": "starting" }),
        CameraState::Returning(fault) => {
            json!({ "event": "state", "state": "returning", "fault": fault.code() })
        }
        CameraState::Fault(report) => json!({
            "event": "state", "state": "fault", "fault": report.fault.code(),
            "heldBy": report.held_by, "mend": report.fix,
        }),
        CameraState::Live(camera) => {
            let set = camera.set.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
            let lesser = camera.reduced.map(|reduced| match reduced.why {
                Shortfall::Size => "size",
                Shortfall::Rate => "rate",
            });
            json!({
                "event": "state", "state": "live", "name": camera.name, "place": camera.place,
                "format": camera.format, "lesser": lesser, "set": set.collect::<serde_json::Map<_, _>>(),
            })
        }
    }
}

/// Prints a line with its time.
fn tell(line: &Value, at: Duration) -> Result<(), Failure> {
    let mut line = line.clone();
    line["ms"] = Value::from(u64::try_from(at.as_millis()).unwrap_or(u64::MAX));
    say!("{line}")
}
