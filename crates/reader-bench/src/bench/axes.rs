//! Axes of difficulty: what can be wrong with a picture, one thing at a time, from easy to hopeless.

use qr_scenes::{Code, Dice, Glare, Level, Moire, Scene};

/// One axis of difficulty.
pub(crate) struct Axis {
    /// Its name.
    pub(crate) name: &'static str,
    /// The unit of its severities.
    pub(crate) unit: &'static str,
    /// From easy to hard.
    pub(crate) severities: &'static [f32],
    /// Makes a scene so severe. The place on the code or the direction is random.
    apply: fn(&mut Scene, f32, &mut Dice),
}

/// The side of the code in pixels on all axes except the first: 69 modules (13-M) of 4 pixels. A code of
/// another version has the same side, since phones show all codes equally large.
pub(crate) const SIDE_PX: f32 = 276.0;

/// The axes. Severities have the units of `qr_scenes`.
pub(crate) const AXES: &[Axis] = &[
    Axis {
        name: "size",
        unit: "pixels a module",
        severities: &[6.0, 5.0, 4.0, 3.5, 3.0, 2.7, 2.4, 2.1, 1.9, 1.7, 1.5, 1.3, 1.1],
        apply: |scene, px, _| scene.pose.module_px = px,
    },
    Axis {
        name: "blur",
        unit: "σ in pixels",
        severities: &[0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.8, 3.3, 4.0],
        apply: |scene, px, _| scene.lens.blur_px = px,
    },
    Axis {
        name: "motion",
        unit: "pixels",
        severities: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0],
        apply: |scene, px, dice| {
            scene.lens.motion_px = px;
            scene.lens.motion_degrees = dice.between(0.0, 180.0);
        },
    },
    Axis {
        name: "tilt",
        unit: "degrees",
        severities: &[15.0, 25.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0],
        apply: |scene, degrees, dice| {
            let sign = [-1.0, 1.0][dice.below(2)];
            scene.pose.tilt[dice.below(2)] = sign * degrees;
        },
    },
    Axis {
        name: "noise",
        unit: "% of white",
        severities: &[2.0, 5.0, 8.0, 12.0, 16.0, 20.0, 25.0, 30.0, 40.0, 50.0, 65.0],
        apply: |scene, percent, _| {
            scene.sensor.full_electrons = 1e4 / (percent * percent * scene.light.white);
        },
    },
    Axis {
        name: "contrast",
        unit: "black, % of white",
        severities: &[10.0, 20.0, 30.0, 36.0, 42.0, 50.0, 60.0, 70.0, 80.0, 90.0, 95.0],
        apply: |scene, percent, _| scene.light.black = percent / 100.0,
    },
    Axis {
        name: "shade",
        unit: "% darker at one side",
        severities: &[20.0, 40.0, 60.0, 70.0, 80.0, 85.0, 90.0, 94.0, 97.0],
        apply: |scene, percent, _| scene.light.shade = percent / 100.0,
    },
    Axis {
        name: "glare",
        unit: "radius, % of the side",
        severities: &[3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 16.0, 20.0, 25.0, 30.0],
        apply: |scene, percent, dice| {
            let centre = [dice.between(-0.35, 0.35), dice.between(-0.35, 0.35)];
            scene.light.glare.push(Glare::blob(centre, percent / 100.0));
        },
    },
    Axis {
        name: "streak",
        unit: "half-width, % of the side",
        severities: &[0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0],
        apply: |scene, percent, dice| {
            scene.light.glare.push(Glare {
                centre: [dice.between(-0.3, 0.3), dice.between(-0.3, 0.3)],
                radius: [0.8, percent / 100.0],
                degrees: dice.between(0.0, 180.0),
            });
        },
    },
    Axis {
        name: "distortion",
        unit: "−λ, %",
        severities: &[5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 75.0, 90.0],
        apply: |scene, percent, dice| {
            // Away from the middle, since lines through the middle stay straight.
            let aside = [-1.0, 1.0][dice.below(2)];
            scene.pose.centre[0] += aside * 300.0;
            scene.lens.distortion = -percent / 100.0;
        },
    },
    Axis {
        name: "Motion JPEG",
        unit: "quality",
        severities: &[80.0, 60.0, 40.0, 30.0, 22.0, 16.0, 12.0, 9.0, 6.0, 4.0, 2.0],
        apply: |scene, quality, _| scene.sensor.mjpeg = Some(quality as u8),
    },
    Axis {
        name: "moiré",
        unit: "depth, %",
        severities: &[5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0],
        apply: |scene, percent, dice| {
            let pitch_px = dice.between(0.85, 1.3);
            scene.sheet.moire = Some(Moire { pitch_px, depth: percent / 100.0 });
        },
    },
];

/// Sizes at a gate: a phone in a hand in the evening, through a cheap webcam, with a little of every
/// difficulty.
pub(crate) const AT_THE_GATE: Axis = Axis {
    name: "gate",
    unit: "pixels a module",
    severities: &[6.0, 5.5, 5.0, 4.5, 4.0, 3.6, 3.3, 3.0, 2.8, 2.6, 2.4, 2.2, 2.0, 1.8, 1.6],
    apply: |scene, px, dice| {
        scene.pose.module_px = px;
        scene.pose.tilt = [dice.between(-20.0, 20.0), dice.between(-20.0, 20.0)];
        scene.pose.turn = dice.between(-30.0, 30.0);
        scene.lens.blur_px = 0.7;
        scene.lens.motion_px = 1.0;
        scene.lens.motion_degrees = dice.between(0.0, 180.0);
        scene.lens.distortion = -0.05;
        scene.light.black = 0.1;
        scene.light.shade = 0.3;
        scene.light.glare = vec![Glare::blob([dice.between(-0.35, 0.35), dice.between(-0.35, 0.35)], 0.03)];
        scene.sensor.full_electrons = 1e4 / (6.0 * 6.0 * scene.light.white);
        scene.sensor.mjpeg = Some(75);
        scene.sheet.moire = Some(Moire { pitch_px: dice.between(0.85, 1.3), depth: 0.08 });
    },
};

impl Axis {
    /// Returns one placement of a code at a severity. Placements of the same number differ only in
    /// severity.
    pub(crate) fn scene(
        &self,
        (version, level): (u8, Level),
        severity: f32,
        placement: u64,
    ) -> Result<Scene, String> {
        let code = Code::like_kd1(placement, version, level).map_err(|error| error.to_string())?;
        let module_px = SIDE_PX / code.modules() as f32;
        let mut scene = Scene::clear(code, module_px, placement);
        let mut dice = Dice::new(placement);
        // Each placement is elsewhere, since a reader can be lucky in one place.
        scene.pose.centre[0] += dice.between(-80.0, 80.0);
        scene.pose.centre[1] += dice.between(-40.0, 40.0);
        scene.pose.turn = dice.between(-15.0, 15.0);
        scene.pose.tilt = [dice.between(-8.0, 8.0), dice.between(-8.0, 8.0)];
        (self.apply)(&mut scene, severity, &mut dice);
        Ok(scene)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_axis_changes_the_scene_at_each_step_and_the_picture_in_the_end() {
        for axis in AXES.iter().chain([&AT_THE_GATE]) {
            let scene = |severity: f32| axis.scene((13, Level::M), severity, 1).unwrap();
            for pair in axis.severities.windows(2) {
                assert_ne!(scene(pair[0]), scene(pair[1]), "{} at {pair:?}", axis.name);
            }
            let [easiest, .., hardest] = axis.severities else { panic!("{} has no steps", axis.name) };
            let picture = |severity| scene(severity).render().unwrap();
            assert_ne!(picture(*easiest), picture(*hardest), "{}", axis.name);
        }
    }
}
