//! Ids of 16 bytes. Whoever makes a thing draws its id; a station's is derived from its key.

use sha2::{Digest, Sha256};
use strict_cose::PublicKey;

strict_cose::hex_id! {
    /// Names a station: the first 16 bytes of the SHA-256 of its public key.
    pub struct StationId([u8; 16]);
}
strict_cose::hex_id! {
    /// Names a stream: the reports of one run of a station.
    pub struct StreamId([u8; 16]);
}
strict_cose::hex_id! {
    /// Names one report. The station draws it when the collector confirms.
    pub struct RecordId([u8; 16]);
}
strict_cose::hex_id! {
    /// Names one batch. The station draws it when it first sends the batch.
    pub struct BatchId([u8; 16]);
}
strict_cose::hex_id! {
    /// Names a state of an office's database. Drawn at its first start, and anew when it is restored.
    pub struct Generation([u8; 16]);
}

impl StationId {
    /// Returns the id of the station that has this key.
    ///
    /// Nobody chooses it, so an office that was restored from a copy made before an enrolment gives
    /// the same station the same id again.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(&Sha256::digest(key.to_bytes())[..16]);
        Self(id)
    }

    /// Returns the `kid` of the station's key: the id's first 8 bytes.
    #[must_use]
    pub fn kid(&self) -> strict_cose::KeyId {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        strict_cose::KeyId([a, b, c, d, e, f, g, h])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::signer;

    #[test]
    fn an_id_follows_from_the_key_and_its_kid_is_the_keys_name() {
        let (_, key) = signer(1);
        let id = StationId::of(&key);
        assert_eq!(id.0, Sha256::digest(key.to_bytes())[..16]);
        assert_eq!(id.kid(), strict_cose::key_id(&key.to_bytes()));
        assert_ne!(id, StationId::of(&signer(2).1));
    }
}
