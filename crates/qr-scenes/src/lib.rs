//! Renders QR codes as a webcam sees them, from a seed.
//!
//! A [`Scene`] describes in physical units what lies in front of the camera, and the camera: a [`Code`]
//! on a [`Sheet`], its [`Pose`], the [`Lens`], the [`Light`] and the [`Sensor`]. [`Scene::render`] returns
//! the [`Picture`]. The same scene always gives the same picture. A [`Sequence`] is a scene over some
//! frames.
//!
//! Light is computed on a linear scale and converted to luma at the end, as in a camera. There are no
//! colours. The surroundings of the code are plain: how a reader copes with a busy street is measured
//! with photographs. Tests and benches use this crate. No station has it.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod code;
pub mod defaults;
pub mod limits;
mod noise;
mod optics;
mod pose;
mod scene;
mod sensor;
mod sequence;

pub use code::{Code, Level, NoCode};
pub use noise::Dice;
pub use optics::{Glare, Lens, Light};
pub use pose::Pose;
pub use scene::{Moire, Picture, Scene, SceneError, Sheet};
pub use sensor::Sensor;
pub use sequence::{Sequence, Trouble};
