//! What a code says of its holder, as signed.

use serde::{Deserialize, Serialize};

use crate::region::Region;
use crate::time::Timestamp;

/// The colour of a health code. Codes of a family without colours have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// Low risk (`0`).
    Green,
    /// To be followed (`1`).
    Yellow,
    /// Isolate (`2`).
    Red,
    /// Registered, none issued while the place is closed (`3`).
    Grey,
    /// The family has no colours (the claim is absent).
    Uncoloured,
}

/// The claims of a `KD1` code: well-formed and inside their ranges, and no more than that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Issuer (CWT claim 1).
    pub iss: String,
    /// Issued at (CWT claim 6).
    pub iat: Timestamp,
    /// Expires at (CWT claim 4).
    pub exp: Timestamp,
    /// Stable for a person and issuer for 30 days (`1`).
    pub pseudonym: [u8; 16],
    /// Name as its issuer masked it, such as `张*` (`2`).
    pub masked_name: String,
    /// Identity number as its issuer masked it: first and last four around ten `*` (`3`).
    pub masked_id: String,
    /// Colour (`4`).
    pub colour: Colour,
    /// Where the holder is registered (`5`).
    pub region: Region,
    /// Declared symptoms, a bit each; see [`symptom`] (`6`).
    pub symptoms: u16,
    /// Declared temperature in 0.1 °C, where one was declared (`7`).
    pub temperature: Option<u16>,
    /// Name, identity number and phone, sealed to the deployment's identity key (`8`).
    pub sealed_declaration: Vec<u8>,
    /// A static (paper) code (`9`, bit 0).
    pub is_static: bool,
    /// When the holder declared, to the hour (`10`, hours since 1970).
    pub declared_at: Timestamp,
}

/// Bits of [`Claims::symptoms`].
pub mod symptom {
    /// Cough.
    pub const COUGH: u16 = 1;
    /// Fatigue.
    pub const FATIGUE: u16 = 1 << 1;
    /// Breathing is hard.
    pub const BREATH: u16 = 1 << 2;
    /// Sore throat.
    pub const THROAT: u16 = 1 << 3;
    /// Diarrhoea.
    pub const DIARRHOEA: u16 = 1 << 4;
    /// Close contact of a confirmed case.
    pub const CONTACT: u16 = 1 << 5;
    /// Every bit that is defined.
    pub const ALL: u16 = (1 << 6) - 1;
}
