//! The tests' deployment, and codes that its issuer signs.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use health_code::{Checkpoint, CheckpointId, Claims, Colour, Directions, Person, PersonId, Role, Trust};
use issuer::CodeSigner;
use sample::{Deployment, HUBEI, STRANGER, key};

pub use sample::{DAY, NOW as START, PHONE};

pub const ADMINISTRATOR: &str = "13800000002";
pub const EAST: &str = "0101010101010101";
pub const WEST: &str = "0202020202020202";

/// The sample deployment at [`START`], with a second checkpoint and an administrator. A test changes
/// it before it is signed.
#[derive(Clone)]
pub struct World(Deployment);

impl World {
    pub fn new() -> Self {
        let mut deployment = Deployment::at(START);
        let community = &mut deployment.community;
        community.checkpoints.push(Checkpoint {
            id: CheckpointId([2; 8]),
            name: "样例社区 · 西门".to_owned(),
            directions: Directions::Both,
            place: None,
        });
        let administrator = Person {
            id: PersonId([2; 8]),
            masked_name: "王*".to_owned(),
            masked_phone: "138****0002".to_owned(),
            pin_phc: sample::PHC.replace("$AAA", "$AAB"),
            role: Role::Administrator,
        };
        community.people.push(administrator);
        Self(deployment)
    }

    pub fn trust(&self) -> Arc<Trust> {
        Arc::new(self.0.trust())
    }
}

impl Deref for World {
    type Target = Deployment;

    fn deref(&self) -> &Deployment {
        &self.0
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Deployment {
        &mut self.0
    }
}

/// Returns the claims of a green code of person `who`, issued `age` seconds after [`START`].
pub fn claims(who: u8, age: i64) -> Claims {
    Claims {
        iat: START.plus(age),
        exp: START.plus(age + 300),
        pseudonym: [who; 16],
        masked_name: format!("{}*", ["张", "赵", "钱", "孙", "周", "吴"][usize::from(who) % 6]),
        masked_id: format!("4201**********{:04}", 1000 + u32::from(who)),
        sealed_declaration: vec![who; 120],
        ..sample::claims(START)
    }
}

pub fn sign(claims: &Claims) -> String {
    CodeSigner::new(key(HUBEI)).sign(claims).unwrap()
}

/// Returns a green code of person `who`, good from the start.
pub fn green(who: u8) -> String {
    sign(&claims(who, -10))
}

pub fn coloured(who: u8, colour: Colour) -> String {
    sign(&Claims { colour, ..claims(who, -10) })
}

/// Returns a code that is signed by a key that no trust list names.
pub fn forged(who: u8) -> String {
    CodeSigner::new(key(STRANGER)).sign(&claims(who, -10)).unwrap()
}

pub fn cose(text: &str) -> Vec<u8> {
    health_code::UnverifiedCode::parse(text).unwrap().cose().to_vec()
}
