//! One pulse: on, a while, off.

use crate::fault::RelayFault;

/// Something that is on or off.
pub(crate) trait Switch {
    /// Switches it on.
    fn on(&mut self) -> Result<(), RelayFault>;
    /// Switches it off, from whatever state.
    fn off(&mut self) -> Result<(), RelayFault>;
}

/// Switches on, holds it, and switches off, also where switching on failed: it may have come half-way.
pub(crate) fn pulse(switch: &mut dyn Switch, hold: impl FnOnce()) -> Result<(), RelayFault> {
    let on = switch.on();
    if on.is_ok() {
        hold();
    }
    // Of two tries to end it one may come through.
    let off = switch.off().or_else(|_| switch.off());
    on.and(off)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A switch that writes down what it is told, and fails where it is to.
    struct Told {
        told: Vec<&'static str>,
        fails: Vec<&'static str>,
    }

    impl Told {
        fn take(&mut self, what: &'static str) -> Result<(), RelayFault> {
            self.told.push(what);
            match self.fails.iter().position(|fails| *fails == what) {
                Some(at) => {
                    self.fails.remove(at);
                    Err(RelayFault::Unusable)
                }
                None => Ok(()),
            }
        }
    }

    impl Switch for Told {
        fn on(&mut self) -> Result<(), RelayFault> {
            self.take("on")
        }

        fn off(&mut self) -> Result<(), RelayFault> {
            self.take("off")
        }
    }

    #[test]
    fn off_follows_on_always() {
        for (fails, told, well) in [
            (vec![], vec!["on", "off"], true),
            (vec!["on"], vec!["on", "off"], false),
            (vec!["off"], vec!["on", "off", "off"], true),
            (vec!["on", "off", "off"], vec!["on", "off", "off"], false),
        ] {
            let mut switch = Told { told: Vec::new(), fails: fails.clone() };
            let mut held = 0;
            let pulsed = pulse(&mut switch, || held += 1);
            assert_eq!((switch.told, pulsed.is_ok()), (told, well), "{fails:?}");
            assert_eq!(held, usize::from(!fails.contains(&"on")), "what is not on is not held");
        }
    }
}
