//! The pixel formats that this program supports.

/// A pixel format, in order of preference between otherwise equal modes. Motion JPEG comes first
/// because it needs the least of a shared USB bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PixelFormat {
    /// `MJPG` or `JPEG`: one JPEG a frame.
    Mjpeg,
    /// `YUYV`: packed 4:2:2, luma in the even bytes.
    Yuyv,
    /// `UYVY`: packed 4:2:2, luma in the odd bytes.
    Uyvy,
    /// `NV12`: a plane of luma, then a half-size plane of interleaved colour differences.
    Nv12,
    /// `GREY`: luma only.
    Grey,
}

impl PixelFormat {
    /// Looks a V4L2 code (FourCC) up. `None` if the format is not supported.
    #[must_use]
    pub fn from_fourcc(code: [u8; 4]) -> Option<Self> {
        match &code {
            b"MJPG" | b"JPEG" => Some(Self::Mjpeg),
            b"YUYV" => Some(Self::Yuyv),
            b"UYVY" => Some(Self::Uyvy),
            b"NV12" => Some(Self::Nv12),
            b"GREY" => Some(Self::Grey),
            _ => None,
        }
    }

    /// Returns the name to show.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mjpeg => "MJPEG",
            Self::Yuyv => "YUYV",
            Self::Uyvy => "UYVY",
            Self::Nv12 => "NV12",
            Self::Grey => "GREY",
        }
    }
}
