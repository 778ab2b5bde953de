//! What each command says that starts a station.

use std::path::PathBuf;

use clap::Args;
use station::{CameraChoice, StartOptions};

#[derive(Args)]
pub(super) struct StartArgs {
    /// The station's folder; no other station may run on it
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Camera instead of the one in the settings: device, none, or simulated:DIR, which shows the
    /// codes that `kadian-issue live` writes to DIR
    #[arg(long, value_name = "CAMERA")]
    camera: Option<CameraChoice>,
    /// Second camera instead of the one in the settings, in the same form
    #[arg(long, value_name = "CAMERA")]
    second_camera: Option<CameraChoice>,
    /// Start with the network off
    #[arg(long)]
    pub(super) offline: bool,
}

impl StartArgs {
    pub(super) fn options(&self) -> StartOptions {
        StartOptions {
            dir: self.dir.clone(),
            camera: self.camera.clone(),
            second_camera: self.second_camera.clone(),
            network: !self.offline,
            stick: None,
        }
    }
}
