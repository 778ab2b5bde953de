//! Random names: 16 bytes each, made where the thing is made.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

id! {
    /// A station, given by the back office at enrolment.
    StationId
}
id! {
    /// The reports of one run of a station.
    StreamId
}
id! {
    /// One report, made at confirm.
    RecordId
}
id! {
    /// One batch, made when it is first sent.
    BatchId
}

impl StationId {
    /// The kid of the station's key: the id's first 8 bytes.
    #[must_use]
    pub fn kid(&self) -> strict_cose::KeyId {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        strict_cose::KeyId([a, b, c, d, e, f, g, h])
    }
}
