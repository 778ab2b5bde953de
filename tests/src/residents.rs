//! Residents that exist in one story only, each with a code of their own.

use health_code::{Claims, Colour, Timestamp, UnverifiedCode};
use issuer::{CodeSigner, KeyPair};

use stage::{Search, World};

/// A resident who walks up to a gate.
pub struct Resident {
    /// Masked name, long enough not to be found by chance.
    pub masked_name: String,
    /// Masked identity number.
    pub masked_id: String,
    /// Pseudonym in the code.
    pub pseudonym: [u8; 16],
    sealed: Vec<u8>,
}

/// The national issuer of a demo world, who signs for residents of a story.
pub struct Issuer {
    signer: CodeSigner,
}

impl Issuer {
    /// Takes the key that the world wrote down.
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self { signer: CodeSigner::new(KeyPair::from_seed(&world.key("issuer-national").unwrap())) }
    }

    /// Signs a green code at a moment, valid for five minutes.
    #[must_use]
    pub fn sign(&self, resident: &Resident, at: Timestamp) -> String {
        self.sign_as(Colour::Green, resident, at)
    }

    /// Signs a code of a colour at a moment, valid for five minutes.
    #[must_use]
    pub fn sign_as(&self, colour: Colour, resident: &Resident, at: Timestamp) -> String {
        let claims = Claims {
            iss: "sample.national".to_owned(),
            iat: at,
            exp: at.plus(300),
            pseudonym: resident.pseudonym,
            masked_name: resident.masked_name.clone(),
            masked_id: resident.masked_id.clone(),
            colour,
            region: "420106001001".parse().unwrap(),
            symptoms: 0,
            temperature: Some(365),
            sealed_declaration: resident.sealed.clone(),
            is_static: false,
            declared_at: Timestamp(at.0 / 3600 * 3600),
        };
        self.signer.sign(&claims).unwrap()
    }
}

impl Resident {
    /// Returns the resident of a number below 100,000; no two are alike.
    #[must_use]
    pub fn number(number: usize) -> Self {
        let mut bytes = bytes_of(number);
        Self {
            masked_name: format!("样例居民{number:05}*"),
            masked_id: format!("42ZZ**********{:04}", number % 10_000),
            pseudonym: std::array::from_fn(|_| bytes.next().unwrap_or_default()),
            sealed: bytes.take(120).collect(),
        }
    }

    /// Returns the same resident with a declaration that was sealed for their pseudonym.
    #[must_use]
    pub fn declaring(self, sealed: Vec<u8>) -> Self {
        Self { sealed, ..self }
    }

    /// Returns the pseudonym in hex, as tables write it.
    #[must_use]
    pub fn pseudonym_hex(&self) -> String {
        health_code::hex::encode(&self.pseudonym)
    }

    /// Adds everything about the resident and the scanned code that a file could give away.
    pub fn add_to(&self, search: &mut Search, code: &str) {
        let who = &self.masked_name;
        let mut add = |what: &str, bytes: &[u8]| search.add(&format!("{what} of {who}"), bytes).unwrap();
        add("name", who.as_bytes());
        add("masked identity", self.masked_id.as_bytes());
        add("identity tail", self.masked_id.replace('*', "").as_bytes());
        add("pseudonym", &self.pseudonym);
        // In pieces, so that a part of a code counts as well as the whole.
        let cose = UnverifiedCode::parse(code).unwrap().cose().to_vec();
        code.as_bytes().chunks_exact(64).for_each(|piece| add("code text", piece));
        cose.chunks_exact(32).for_each(|piece| add("code", piece));
    }

    /// Returns what a careless program could have written down about the resident.
    #[must_use]
    pub fn planted(&self, code: &str) -> Vec<(&'static str, Vec<u8>)> {
        let name = &self.masked_name;
        let line = format!("passed: {name} {}", self.masked_id);
        let half: String = code.chars().skip(100).take(200).collect();
        let cose = UnverifiedCode::parse(code).unwrap().cose().to_vec();
        vec![
            ("a log line", line.clone().into_bytes()),
            ("a name in UTF-16", name.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("a pseudonym", self.pseudonym.to_vec()),
            ("a pseudonym in hex", self.pseudonym_hex().into_bytes()),
            ("an identity tail", self.masked_id.replace('*', "").into_bytes()),
            ("half a code's text", half.into_bytes()),
            ("half a code", cose.into_iter().skip(90).take(120).collect()),
        ]
    }
}

/// Returns pseudo-random bytes, the same for the same number (splitmix64).
fn bytes_of(number: usize) -> impl Iterator<Item = u8> {
    let mut state = number as u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    })
    .flatten()
}
