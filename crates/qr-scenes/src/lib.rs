//! QR codes as a webcam sees them, rendered from a seed.
//!
//! A [`Scene`] says in physical units what lies before the camera and what the camera does to it:
//! a [`Code`] on a [`Sheet`], its [`Place`], the [`Lens`], the [`Light`], the [`Sensor`].
//! [`Scene::render`] gives the [`Picture`]; the same scene always gives the same one. A
//! [`Sequence`] is a scene that goes on for some frames.
//!
//! Light is computed on a linear scale and turned into luma at the end, as in a camera; luma only,
//! no colours. The surroundings of the code are plain: what a busy street does to a reader is for
//! photographs to tell. No part of a station: tests and benches measure readers with it.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod code;
pub mod limits;
mod noise;
mod optics;
mod place;
mod scene;
mod sensor;
mod sequence;

pub use code::{Code, Level, NoCode};
pub use noise::Dice;
pub use optics::{Glare, Lens, Light};
pub use place::Place;
pub use scene::{Moire, Picture, Scene, SceneError, Sheet};
pub use sensor::Sensor;
pub use sequence::{Sequence, Trouble};
