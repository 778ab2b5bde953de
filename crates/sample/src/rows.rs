//! Single rows of the files, and the claims of a code.

use health_code::{Claims, Colour, Issuer, Region, Timestamp};
use issuer::KeyPair;

use crate::keys::key;

/// The moment of a test that has no other.
pub const NOW: Timestamp = Timestamp(1_600_000_000);
/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// The community in which the checkpoint stands.
pub const HERE: &str = "420106001001";
/// The collector's phone.
pub const PHONE: &str = "13800000001";
/// The four digits by which the collector signs in.
pub const DIGITS: &str = "0001";
/// The hash of no PIN. A test that signs in for real puts a person of `issuer::person` in.
pub const PHC: &str =
    "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Returns a region written down in a test.
///
/// # Panics
/// When the digits are no region.
#[must_use]
#[allow(clippy::expect_used, reason = "whoever calls this wrote the digits into their source")]
pub fn region(digits: &str) -> Region {
    digits.parse().expect("0, 2, 4, 6, 9 or 12 digits")
}

/// Returns an issuer of the trust list at [`NOW`], with the key of a number.
#[must_use]
pub fn listed(iss: &str, number: u8, home: &str, colours: bool) -> Issuer {
    listed_at(NOW, iss, &key(number), home, colours)
}

/// Returns an issuer of the trust list, in force 100 days around a moment and recognised everywhere.
#[must_use]
pub fn listed_at(now: Timestamp, iss: &str, pair: &KeyPair, home: &str, colours: bool) -> Issuer {
    Issuer {
        iss: iss.to_owned(),
        name_zh: "样例健康码".to_owned(),
        name_en: "Sample health code".to_owned(),
        kid: pair.kid(),
        key: pair.public().clone(),
        regions: vec![region(home)],
        foreign: false,
        not_before: now.plus(-100 * DAY),
        not_after: now.plus(100 * DAY),
        max_life_seconds: 300,
        max_static_life_seconds: 7 * DAY as u32,
        colours,
        recognised_by: vec![Region::country()],
        declare_url: "https://declare.example".to_owned(),
        static_cut_off: None,
        passed_on: false,
        grey_notice: None,
    }
}

/// Returns the claims of a green code: the provincial issuer's, half a minute old, for somebody of
/// this community.
#[must_use]
pub fn claims(now: Timestamp) -> Claims {
    Claims {
        iss: "hubei".to_owned(),
        iat: now.plus(-30),
        exp: now.plus(270),
        pseudonym: [7; 16],
        masked_name: "张*".to_owned(),
        masked_id: "4201**********1234".to_owned(),
        colour: Colour::Green,
        region: region(HERE),
        symptoms: 0,
        temperature: Some(365),
        sealed_declaration: vec![9; 120],
        is_static: false,
        declared_at: Timestamp(now.0.div_euclid(3600) * 3600 - 2 * 3600),
    }
}
