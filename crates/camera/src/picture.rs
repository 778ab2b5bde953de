//! One picture of a camera.

use std::sync::Arc;

use code_reader::GreyFrame;

use crate::preview::{Colours, Preview};

/// One picture of a camera: grey for the reader, and a JPEG for the preview.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The picture that the reader gets.
    pub grey: GreyFrame,
    pub(crate) preview: Preview,
}

impl Picture {
    pub(crate) fn new(grey: GreyFrame, colours: Colours) -> Self {
        Self { grey, preview: Preview::new(colours) }
    }

    /// Returns the preview. The first call compresses it. `None` if that fails.
    #[must_use]
    pub fn jpeg(&self) -> Option<Arc<[u8]>> {
        self.preview.jpeg(&self.grey)
    }
}
