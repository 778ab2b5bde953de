//! What the signature of a code covers, for benches that verify it with nothing around.

use strict_cose::{Value, cbor};

/// Returns the bytes that a code's signature covers (RFC 9052 §4.4), and the signature.
///
/// # Panics
/// Where the message is no code.
#[must_use]
pub fn signed_parts(message: &[u8]) -> (Vec<u8>, ed25519_dalek::Signature) {
    let body = message.strip_prefix(&[0xd2]).unwrap();
    let limits = strict_cose::Limits { bytes: 512, depth: 8 };
    let Value::Array(parts) = cbor::decode(body, limits).unwrap() else { panic!("a COSE_Sign1") };
    let [protected, _, payload, Value::Bytes(signature)] = &parts[..] else { panic!("a COSE_Sign1") };
    let structure = Value::Array(vec![
        "Signature1".into(),
        protected.clone(),
        health_code::code::AAD.to_vec().into(),
        payload.clone(),
    ]);
    (cbor::encode(&structure), ed25519_dalek::Signature::from_slice(signature).unwrap())
}
