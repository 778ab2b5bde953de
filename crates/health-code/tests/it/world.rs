//! What every test starts from: the sample deployment, and codes that are verified here and now.

use health_code::{Claims, Refused, UnverifiedCode, VerifiedCode};
use issuer::CodeSigner;

pub use sample::{
    ABROAD, DAY, Deployment as World, HERE, HUBEI, NATIONAL, NOW, PUBLISHER, REGION, ROOT, STRANGER, WUHAN,
    key, listed, region, role_keys,
};

/// Returns the claims of a green code at [`NOW`].
pub fn claims() -> Claims {
    sample::claims(NOW)
}

/// Signs claims with the key of this number, and verifies the code here and now.
pub fn verify(world: &World, number: u8, claims: &Claims) -> Result<VerifiedCode, Refused> {
    verify_payload(world, number, claims.to_payload())
}

/// Signs a payload with the key of this number, and verifies the code here and now.
pub fn verify_payload(world: &World, number: u8, payload: Vec<u8>) -> Result<VerifiedCode, Refused> {
    let cose = CodeSigner::new(key(number)).cose(payload);
    let code = UnverifiedCode::from_cose(&cose).unwrap();
    world.trust().verify(&code, &region(HERE), NOW)
}
