//! Every limit and period of the camera, in one place.

use std::time::Duration;

/// A camera gets this long for its first picture: some take seconds to wake.
pub const FIRST_PICTURE: Duration = Duration::from_secs(5);
/// Silence after that which counts as stalled.
pub const STALLED: Duration = Duration::from_secs(2);
/// A picture this dark for this long counts as covered.
pub const BLACK_FOR: Duration = Duration::from_secs(2);
/// Luma that almost nothing exceeds in a black picture.
pub const BLACK_LUMA: u8 = 20;
/// Pictures that do not differ in one sampled pixel for this long are one picture: a sensor's noise
/// alone is more.
pub const FROZEN_FOR: Duration = Duration::from_secs(3);
/// How long one wait for a picture is, and so how soon a camera can be stopped.
pub const SLICE: Duration = Duration::from_millis(200);
/// The first wait before a camera is opened again, doubled each time.
pub const RETRY_FIRST: Duration = Duration::from_millis(250);
/// The longest such wait: a camera that was plugged in is back within two seconds.
pub const RETRY_MOST: Duration = Duration::from_millis(750);

/// What a camera is asked for.
pub const WIDTH: u32 = 1280;
/// What a camera is asked for.
pub const HEIGHT: u32 = 720;
/// What a camera is asked for.
pub const RATE: u32 = 30;
/// Longest side of a picture from a camera.
pub const SIDE: usize = 4096;
/// Longest side of a picture that the reader gets as it is; a larger one is halved. Inside its
/// budget the reader reads a code from farther away on 1920 × 1080 pixels than on a quarter of
/// them, and nothing at all on 3840 × 2160 (`cargo xtask bench path`).
pub const READ_SIDE: usize = 2048;
/// Largest compressed frame in bytes.
pub const JPEG_BYTES: usize = 8 * 1024 * 1024;
/// This many frames one after the other that cannot be decoded count as a fault.
pub const BROKEN_FRAMES: u32 = 30;
/// Most video devices that are looked at.
pub const DEVICES: usize = 64;
/// Longest name of a device or of a program, in characters.
pub const DEVICE_NAME_CHARS: usize = 64;
/// Longest file under `/sys` that is read, in bytes.
pub const SYS_FILE_BYTES: u64 = 256;
/// Longest `/etc/passwd` and `/etc/group` that are read, in bytes.
pub const ACCOUNTS_BYTES: u64 = 1024 * 1024;
/// Most programs that are asked whether they hold a device.
pub const PROCESSES: usize = 4096;
/// Most open files of each that are looked at.
pub const OPEN_FILES: usize = 1024;
/// Most formats, sizes and rates of one device that are weighed.
pub const OFFERS: usize = 1024;
/// A device that has not said within this that it is open is left behind.
pub const OPENING: Duration = Duration::from_secs(5);
/// Capture threads that may hang in a driver at a time; beyond them no device is opened.
pub const LEFT_BEHIND: usize = 8;
/// Pictures that wait between a device and the camera's thread.
pub const PICTURES_WAITING: usize = 2;
/// Buffers that are asked of a driver.
pub const BUFFERS: u32 = 4;
/// Preview quality where the camera does not compress by itself.
pub const PREVIEW_QUALITY: u8 = 80;

/// Pictures a second from the simulated camera.
pub const SIMULATED_RATE: u32 = 20;
/// How often the simulated camera looks for a change in its folder.
pub const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// How long each picture of a folder is shown.
pub const PICTURE_FOR: Duration = Duration::from_secs(2);
/// Longest code text in bytes.
pub const CODE_BYTES: u64 = 8 * 1024;
/// Longest name of a code.
pub const NAME_BYTES: usize = 64;
/// Largest picture file in bytes.
pub const PICTURE_BYTES: u64 = 32 * 1024 * 1024;
/// Most pictures of a folder.
pub const PICTURES: usize = 10_000;
