//! Residents that exist in one story only, each with a code of their own.

use health_code::{Claims, Colour, Timestamp, code};
use issuer::{CodeSigner, KeyPair};
use stories::World;

/// Somebody with a code.
pub struct Resident {
    /// As the screen shows it; long enough not to be found by chance.
    pub masked_name: String,
    /// As the screen shows it.
    pub masked_id: String,
    /// As the code has it.
    pub pseudonym: [u8; 16],
    text: String,
}

impl Resident {
    /// What their QR says.
    pub fn text(&self) -> String {
        self.text.clone()
    }

    /// The message inside.
    pub fn cose(&self) -> Vec<u8> {
        health_code::UnverifiedCode::parse(&self.text).unwrap().cose().to_vec()
    }

    /// The characters of the identity number that the code carries.
    pub fn identity_tail(&self) -> String {
        self.masked_id.replace('*', "")
    }

    /// As tables write it.
    pub fn pseudonym_hex(&self) -> String {
        self.pseudonym.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// As many as wanted, with paper codes: they must not expire while the story is told.
pub fn residents(world: &World, count: usize) -> Vec<Resident> {
    let signer = CodeSigner::new(KeyPair::from_seed(&world.key("issuer-national")));
    let trust = world.trust().0;
    let issued = trust.list().issued;
    (0..count).map(|number| resident(&signer, issued, number)).collect()
}

fn resident(signer: &CodeSigner, issued: Timestamp, number: usize) -> Resident {
    let masked_name = format!("样例居民{number:04}*");
    let masked_id = format!("4201**********{number:04}");
    let pseudonym = pseudonym(number);
    let claims = Claims {
        iss: "sample.national".to_owned(),
        iat: issued,
        exp: issued.plus(300),
        pseudonym,
        masked_name: masked_name.clone(),
        masked_id: masked_id.clone(),
        colour: Colour::Green,
        region: "420106001001".parse().unwrap(),
        symptoms: 0,
        temperature: Some(365),
        sealed_declaration: Vec::new(),
        is_static: false,
        declared_at: Timestamp(issued.0 / 3600 * 3600),
    };
    let text = code::to_text(&signer.cose(claims.to_payload()));
    Resident { masked_name, masked_id, pseudonym, text }
}

fn pseudonym(number: usize) -> [u8; 16] {
    todo!("{number}")
}
