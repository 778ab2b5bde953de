//! A scene over time, as in half a second in front of a camera.

use crate::defaults;
use crate::noise::Dice;
use crate::optics::Glare;
use crate::scene::Scene;

/// What makes a sequence hard to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// A reflection that wanders over the code. Its strength is the radius of the white part, in sides of
    /// the code.
    Glare,
    /// Too little light. Its strength is the noise of white, as a share of white.
    Noise,
    /// A hand that shakes. Its strength is the amplitude in pixels.
    Shake,
}

impl Trouble {
    /// All troubles.
    pub const ALL: [Self; 3] = [Self::Glare, Self::Noise, Self::Shake];

    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Glare => "moving glare",
            Self::Noise => "noise",
            Self::Shake => "hand shake",
        }
    }
}

/// A scene over time, at [`defaults::RATE`] frames a second.
#[derive(Debug, Clone)]
pub struct Sequence {
    base: Scene,
    trouble: Trouble,
    strength: f32,
    /// Slow sway of the hand by a few pixels, which every hand has. Two for each direction.
    sway: [Wave; 4],
    /// How the hand turns, in degrees, and how it comes nearer, as a share.
    roll: Wave,
    near: Wave,
    /// Fast shaking of the hand.
    shake: [Wave; 6],
    /// The reflection's path.
    from: [f32; 2],
    to: [f32; 2],
}

/// A sine: amplitude, frequency in hertz, phase.
#[derive(Debug, Clone, Copy)]
struct Wave(f32, f32, f32);

impl Wave {
    fn at(self, seconds: f32) -> f32 {
        self.0 * (std::f32::consts::TAU * self.1 * seconds + self.2).sin()
    }

    /// Returns the speed per second.
    fn speed(self, seconds: f32) -> f32 {
        let turn = std::f32::consts::TAU * self.1;
        self.0 * turn * (turn * seconds + self.2).cos()
    }
}

impl Sequence {
    /// Exposure of a frame with a shaking hand: half a frame's time, as cameras expose indoors.
    const EXPOSURE: f32 = 0.5 / defaults::RATE;

    /// A scene with a trouble. The scene's seed decides the rest.
    #[must_use]
    pub fn new(base: Scene, trouble: Trouble, strength: f32) -> Self {
        let mut dice = Dice::new(base.seed ^ 0x7365_7175_656e_6365);
        let mut wave = |amplitude: f32, low: f32, high: f32| {
            Wave(
                amplitude * dice.between(0.6, 1.0),
                dice.between(low, high),
                dice.between(0.0, std::f32::consts::TAU),
            )
        };
        let sway = [6.0, 2.0, 6.0, 2.0].map(|amplitude| wave(amplitude, 0.3, 0.9));
        let (roll, near) = (wave(0.6, 0.3, 0.9), wave(0.006, 0.3, 0.9));
        let amplitude = if trouble == Trouble::Shake { strength } else { 0.0 };
        // A hand's tremor has 8 to 12 Hz and is small. The arm moves slower and farther.
        let shake = [(1.0, 1.0, 2.5), (0.35, 3.0, 6.0), (0.12, 8.0, 12.0)];
        let [a, b, c] = shake.map(|(share, low, high)| wave(amplitude * share, low, high));
        let [d, e, f] = shake.map(|(share, low, high)| wave(amplitude * share, low, high));
        // From one side to the other in one second, past the middle.
        let angle = dice.between(0.0, std::f32::consts::TAU);
        let (sin, cos) = angle.sin_cos();
        let aside = dice.between(-0.15, 0.15);
        let end = |along: f32| [cos * along - sin * aside, sin * along + cos * aside];
        let shake = [a, b, c, d, e, f];
        Self { base, trouble, strength, sway, roll, near, shake, from: end(-0.4), to: end(0.4) }
    }

    /// Returns a frame of the sequence, counted from 0.
    #[must_use]
    pub fn scene(&self, frame: usize) -> Scene {
        let seconds = frame as f32 / defaults::RATE;
        let mut scene = self.base.clone();
        scene.seed = self.base.seed.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(frame as u64 + 1));
        let sum = |waves: &[Wave]| waves.iter().map(|wave| wave.at(seconds)).sum::<f32>();
        scene.pose.centre[0] += sum(&self.sway[..2]) + sum(&self.shake[..3]);
        scene.pose.centre[1] += sum(&self.sway[2..]) + sum(&self.shake[3..]);
        scene.pose.turn += self.roll.at(seconds);
        scene.pose.module_px *= 1.0 + self.near.at(seconds);
        match self.trouble {
            Trouble::Glare => {
                let along = seconds.min(1.0);
                let centre = [0, 1].map(|axis| self.from[axis] + (self.to[axis] - self.from[axis]) * along);
                scene.light.glare.push(Glare::blob(centre, self.strength));
            }
            Trouble::Noise => {
                let white = scene.light.white;
                // The electrons of white are the square of its signal-to-noise ratio.
                scene.sensor.full_electrons = 1.0 / (self.strength * self.strength * white);
            }
            Trouble::Shake => {
                let speed = |waves: &[Wave]| waves.iter().map(|wave| wave.speed(seconds)).sum::<f32>();
                let (x, y) = (speed(&self.shake[..3]), speed(&self.shake[3..]));
                scene.lens.motion_px = x.hypot(y) * Self::EXPOSURE;
                scene.lens.motion_degrees = y.atan2(x).to_degrees();
            }
        }
        scene
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Code, Level};

    fn sequence(trouble: Trouble, strength: f32) -> Sequence {
        Sequence::new(Scene::clear(Code::new("KD1:", 1, Level::M).unwrap(), 4.0, 5), trouble, strength)
    }

    #[test]
    fn glare_wanders_over_the_code() {
        let at = |frame| sequence(Trouble::Glare, 0.2).scene(frame).light.glare[0].centre;
        let way = (at(30)[0] - at(0)[0]).hypot(at(30)[1] - at(0)[1]);
        assert!((way - 0.8).abs() < 0.01, "{way}");
    }

    #[test]
    fn a_frame_is_smeared_by_as_much_as_the_code_moves() {
        let shaking = sequence(Trouble::Shake, 20.0);
        for frame in 0..30 {
            let scene = shaking.scene(frame);
            let still = Sequence { shake: [Wave(0.0, 1.0, 0.0); 6], ..shaking.clone() }.scene(frame);
            assert!((scene.pose.centre[0] - still.pose.centre[0]).abs() < 30.0);
            assert_eq!(still.lens.motion_px, 0.0);
        }
        let smears: Vec<f32> = (0..30).map(|frame| shaking.scene(frame).lens.motion_px).collect();
        assert!(smears.iter().any(|&smear| smear > 2.0), "{smears:?}");
    }

    #[test]
    fn a_hand_sways_a_little_and_never_jumps() {
        for seed in 0..20 {
            let base = Scene::clear(Code::new("KD1:", 1, Level::M).unwrap(), 4.0, seed);
            let poses: Vec<_> = (0..30)
                .map(|frame| Sequence::new(base.clone(), Trouble::Noise, 0.2).scene(frame).pose)
                .collect();
            for pair in poses.windows(2) {
                let step = |axis: usize| (pair[1].centre[axis] - pair[0].centre[axis]).abs();
                assert!(step(0) < 2.0 && step(1) < 2.0 && (pair[1].turn - pair[0].turn).abs() < 0.2);
            }
            assert!(poses.iter().all(|pose| (pose.centre[0] - 640.0).abs() < 8.1));
        }
    }

    #[test]
    fn noise_is_as_strong_as_stated_and_new_in_each_frame() {
        let noisy = sequence(Trouble::Noise, 0.25);
        let scene = noisy.scene(3);
        assert!((scene.sensor.full_electrons * scene.light.white - 16.0).abs() < 0.01);
        assert_ne!(scene.seed, noisy.scene(4).seed);
    }
}
