//! What all benches have in common.

use std::path::PathBuf;
use std::time::Duration;

use code_reader::GreyFrame;
use qr_scenes::Scene;

use crate::clock::cpu_clock;
use crate::decoder::Decoder;
use crate::decoder_name::DecoderName;

/// Options of every bench.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// The decoders to compare, with commas between. The last one is compared with those before it.
    #[arg(long, value_delimiter = ',', default_values_t = DecoderName::ALL.to_vec())]
    pub(crate) decoders: Vec<DecoderName>,
    /// Time for each frame in milliseconds of the thread's own computing.
    #[arg(long, value_name = "MS", default_value_t = code_reader::BUDGET.as_millis() as u64)]
    pub(crate) budget: u64,
    /// Less of everything, to see whether the bench runs.
    #[arg(long)]
    pub(crate) quick: bool,
    /// The folder `docs`. Tables and pictures are written into it, except with --quick.
    #[arg(long, value_name = "DIR")]
    pub(crate) docs: Option<PathBuf>,
}

impl Options {
    /// Starts the decoders. Their budget counts this thread's own computing, so that results are the
    /// same on a busy machine.
    pub(crate) fn start(&self) -> Vec<Box<dyn Decoder>> {
        let budget = Duration::from_millis(self.budget);
        self.decoders.iter().map(|decoder| decoder.start(budget, cpu_clock())).collect()
    }

    /// Returns the folder `docs` if results are to be written into it.
    pub(crate) fn docs(&self) -> Option<&PathBuf> {
        self.docs.as_ref().filter(|_| !self.quick)
    }
}

/// Renders a scene as the reader gets it.
pub(crate) fn frame(scene: &Scene) -> Result<GreyFrame, String> {
    let picture = scene.render().map_err(|error| error.to_string())?;
    GreyFrame::new(picture.width, picture.height, picture.luma).map_err(|error| error.to_string())
}
