//! Ids of 16 random bytes. Whoever makes a thing draws its id.

strict_cose::hex_id! {
    /// Names a station. The back office chooses it at enrolment.
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

impl StationId {
    /// Returns the `kid` of the station's key: the id's first 8 bytes.
    #[must_use]
    pub fn kid(&self) -> strict_cose::KeyId {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        strict_cose::KeyId([a, b, c, d, e, f, g, h])
    }
}
