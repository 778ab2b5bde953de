//! The usual camera and the usual code.

/// Pixels across a frame.
pub const WIDTH: usize = 1280;
/// Pixels down a frame.
pub const HEIGHT: usize = 720;
/// Frames a second.
pub const RATE: f32 = 30.0;

/// Diagonal field of view of a common USB webcam, in degrees. Makers state the diagonal. At 1280×720 it
/// means 70.4° across.
pub const DIAGONAL_DEGREES: f32 = 78.0;
/// The corresponding focal length in pixels: half the frame's diagonal over the tangent of half the
/// angle.
pub const FOCAL_PX: f32 = 906.8;

/// Characters of a usual `KD1` code.
pub const CODE_CHARS: usize = 430;
/// White modules around a code (ISO/IEC 18004 §6.3.8).
pub const QUIET: f32 = 4.0;

/// Brightness in the middle of a glare, in multiples of white. Within its radius everything is white.
pub const GLARE_PEAK: f32 = 4.0;
/// Light that is too weak to change a pixel's luma.
pub const NO_LIGHT: f32 = 1e-4;
