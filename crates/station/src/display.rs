//! Where the gate's views and sounds go.

use gate::View;
use gate::action::Sound;

/// A screen with a loudspeaker. It is called on the gate's thread, so it must not wait.
pub trait Display: Send + 'static {
    /// Shows a view instead of the one before.
    fn show(&mut self, view: &View);
    /// Makes a sound.
    fn play(&mut self, sound: Sound);
}
