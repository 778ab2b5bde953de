//! Where a GPS receiver says that it is, out of its NMEA 0183 sentences.

use gate::Located;
use nmea::ParseResult;
use nmea::sentences::rmc::RmcStatusOfFix;
use wire::report::Place;

use crate::limits::NMEA_BYTES;

/// Metres by which a fix is off for each unit of its dilution of precision: what a plain receiver does under
/// an open sky.
const METRES_A_DILUTION: f32 = 5.0;

/// The bytes of a receiver, as far as they are no whole sentence yet.
#[derive(Debug, Default)]
pub(super) struct Sentences {
    line: Vec<u8>,
    /// Whether the line was longer than a sentence can be: what is left of it says nothing.
    too_long: bool,
}

impl Sentences {
    /// Takes bytes, and returns for each sentence about a fix that they complete where the receiver is; `None`
    /// while it does not know.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<Option<Located>> {
        let mut heard = Vec::new();
        for byte in bytes {
            match byte {
                b'\r' | b'\n' => {
                    let line = std::mem::take(&mut self.line);
                    if !std::mem::take(&mut self.too_long) {
                        heard.extend(read(&line));
                    }
                }
                // A sentence begins here, whatever came before.
                b'$' => (self.line, self.too_long) = (vec![b'$'], false),
                _ if self.line.len() >= NMEA_BYTES => self.too_long = true,
                _ => self.line.push(*byte),
            }
        }
        heard
    }
}

/// Reads a sentence with its checksum; `None` for one that is broken, or about something else.
fn read(line: &[u8]) -> Option<Option<Located>> {
    match nmea::parse_bytes(line).ok()? {
        ParseResult::GGA(fix) => {
            let known = fix.fix_type.is_some_and(nmea::sentences::FixType::is_valid);
            let place = place(fix.latitude, fix.longitude).filter(|_| known);
            Some(place.map(|place| Located { place, within_metres: fix.hdop.and_then(within) }))
        }
        ParseResult::RMC(fix) => {
            let known = fix.status_of_fix != RmcStatusOfFix::Invalid;
            let place = place(fix.lat, fix.lon).filter(|_| known);
            Some(place.map(|place| Located { place, within_metres: None }))
        }
        _ => None,
    }
}

fn place(latitude: Option<f64>, longitude: Option<f64>) -> Option<Place> {
    let millionths = |degrees: f64, most: f64| {
        let is_on_earth = degrees.is_finite() && degrees.abs() <= most;
        #[allow(clippy::cast_possible_truncation, reason = "at most 180 million")]
        is_on_earth.then(|| (degrees * 1e6).round() as i32)
    };
    Some(Place { latitude: millionths(latitude?, 90.0)?, longitude: millionths(longitude?, 180.0)? })
}

fn within(dilution: f32) -> Option<u16> {
    let metres = (dilution * METRES_A_DILUTION).ceil();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 65,535")]
    (1.0..=f32::from(u16::MAX)).contains(&metres).then_some(metres as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GGA: &str = "$GPGGA,114208.00,3035.5860,N,11418.3240,E,1,08,1.20,31.0,M,-12.0,M,,*43";
    const RMC: &str = "$GNRMC,114208.00,A,3035.5860,S,11418.3240,W,0.0,,241126,,,A*6B";
    const HERE: Place = Place { latitude: 30_593_100, longitude: 114_305_400 };

    fn all(bytes: &[u8]) -> Vec<Option<Located>> {
        Sentences::default().take(bytes)
    }

    fn with_sum(body: &str) -> String {
        let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
        format!("${body}*{sum:02X}\r\n")
    }

    #[test]
    fn a_fix_is_read_in_whatever_pieces_it_comes() {
        let here = Some(Located { place: HERE, within_metres: Some(6) });
        let text = format!("noise{GGA}\r\n");
        assert_eq!(all(text.as_bytes()), [here]);
        let mut sentences = Sentences::default();
        let pieces = text.as_bytes().chunks(7).flat_map(|piece| sentences.take(piece));
        assert_eq!(pieces.collect::<Vec<_>>(), [here]);
        let south_west = Place { latitude: -HERE.latitude, longitude: -HERE.longitude };
        let without_precision = Some(Located { place: south_west, within_metres: None });
        assert_eq!(all(format!("{RMC}\n").as_bytes()), [without_precision]);
    }

    #[test]
    fn no_fix_is_no_place() {
        for body in [
            "GPGGA,114208.00,,,,,0,00,99.99,,,,,,",
            "GPGGA,114208.00,3035.5860,N,11418.3240,E,0,00,99.99,31.0,M,-12.0,M,,",
            // Typed in by somebody, simulated.
            "GPGGA,114208.00,3035.5860,N,11418.3240,E,7,00,1.0,31.0,M,-12.0,M,,",
            "GPGGA,114208.00,3035.5860,N,11418.3240,E,8,00,1.0,31.0,M,-12.0,M,,",
            "GNRMC,114208.00,V,3035.5860,N,11418.3240,E,0.0,,241126,,,N",
        ] {
            assert_eq!(all(with_sum(body).as_bytes()), [None], "{body}");
        }
    }

    #[test]
    fn what_is_broken_or_about_something_else_says_nothing() {
        let long = format!("$GPGGA,{}\n", "1".repeat(NMEA_BYTES));
        let long_then_good = format!("{}{GGA}\n", "x".repeat(10_000));
        for text in
            ["", "\n\n", "$\n", "$GPGGA\n", &GGA.replace("*43", "*00"), &GGA.replace("*43", ""), &long]
        {
            assert_eq!(all(format!("{text}\n").as_bytes()), [], "{text}");
        }
        assert_eq!(all(with_sum("GPGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1").as_bytes()), []);
        assert_eq!(
            all(with_sum("GPGGA,114208.00,9935.5860,N,11418.3240,E,1,08,1.2,31.0,M,,M,,").as_bytes()),
            [None]
        );
        assert_eq!(all(&[0xff; 5000]), []);
        assert_eq!(all(long_then_good.as_bytes()).len(), 1);
        let mut sentences = Sentences::default();
        sentences.take(&[b'x'; 100_000]);
        assert!(sentences.line.len() <= NMEA_BYTES);
    }
}
