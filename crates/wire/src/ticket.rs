//! Tickets: the back office's invitation for one station, as text or QR code.

use strict_cose::cbor::{self, Limits, Value, map};
use strict_cose::{FieldError, Fields};

use crate::limits::{CA_BYTES, TICKET_CHARS, URL_BYTES};

/// Begins every ticket's text.
pub const PREFIX: &str = "KDT1:";

/// An invitation for one station, shown once by the back office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Where the back office answers, such as `https://office.example:8443`.
    pub url: String,
    /// The deployment's CA certificate (DER); absent only for plain HTTP on loopback.
    pub ca: Option<Vec<u8>>,
    /// SHA-256 of the root file that the station begins with.
    pub root: [u8; 32],
    /// The secret, good for one enrolment.
    pub secret: [u8; 16],
    /// When it expires, in seconds since 1970.
    pub expires: i64,
}

/// Why a text is no ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enrolment ticket")]
pub struct BadTicket;

impl Ticket {
    /// Returns the text: prefix and base45 of canonical CBOR.
    #[must_use]
    pub fn to_text(&self) -> String {
        let ca = self.ca.iter().map(|ca| (2, ca.clone().into()));
        let fields = [
            (1, self.url.as_str().into()),
            (3, self.root.to_vec().into()),
            (4, self.secret.to_vec().into()),
            (5, self.expires.into()),
        ];
        format!("{PREFIX}{}", base45::encode(cbor::encode(&map(fields.into_iter().chain(ca)))))
    }

    /// Reads a ticket's text. White space around it is ignored.
    ///
    /// # Errors
    /// [`BadTicket`].
    pub fn parse(text: &str) -> Result<Self, BadTicket> {
        let text = text.trim_matches(['\r', '\n', '\t', ' ']);
        if text.len() > TICKET_CHARS {
            return Err(BadTicket);
        }
        let encoded = text.strip_prefix(PREFIX).ok_or(BadTicket)?;
        let bytes = base45::decode(encoded).map_err(|_| BadTicket)?;
        // Base45 has one spelling here too, whatever the library lets through.
        if base45::encode(&bytes) != encoded {
            return Err(BadTicket);
        }
        Some(Self::read(&bytes)?).filter(Self::is_reachable_safely).ok_or(BadTicket)
    }

    fn read(bytes: &[u8]) -> Result<Self, BadTicket> {
        let value = cbor::decode(bytes, Limits { bytes: TICKET_CHARS, depth: 1 }).map_err(|_| BadTicket)?;
        Self::from_value(value).map_err(|_| BadTicket)
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        let mut fields = Fields::open(value)?;
        let ticket = Self {
            url: fields.text(1, URL_BYTES)?,
            ca: fields.optional_bytes(2, CA_BYTES)?,
            root: fields.array(3)?,
            secret: fields.array(4)?,
            expires: fields.int(5)?,
        };
        fields.finish()?;
        Ok(ticket)
    }

    /// Returns whether the address is `https` with a pinned CA, or plain `http` to this machine without.
    fn is_reachable_safely(&self) -> bool {
        if let Some(rest) = self.url.strip_prefix("https://") {
            return self.ca.is_some() && !rest.is_empty();
        }
        let Some(rest) = self.url.strip_prefix("http://") else { return false };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        self.ca.is_none() && matches!(host, "localhost" | "127.0.0.1" | "[::1]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ticket() -> Ticket {
        Ticket {
            url: "https://office.example:8443".into(),
            ca: Some(vec![1; 400]),
            root: [2; 32],
            secret: [3; 16],
            expires: 1_600_000_000,
        }
    }

    #[test]
    fn a_ticket_names_a_pinned_office_or_this_machine() {
        let text = ticket().to_text();
        assert!(text.starts_with(PREFIX));
        assert_eq!(Ticket::parse(&text), Ok(ticket()));
        assert_eq!(Ticket::parse(&format!(" {text}\r\n")), Ok(ticket()));
        let with = |url: &str, ca: Option<Vec<u8>>| {
            Ticket::parse(&Ticket { url: url.into(), ca, ..ticket() }.to_text())
        };
        for (url, ca) in [
            ("http://127.0.0.1:43121", None),
            ("http://localhost", None),
            ("http://[::1]:1/", None),
            ("https://office.example", Some(vec![0; CA_BYTES])),
        ] {
            assert!(with(url, ca).is_ok(), "{url}");
        }
        for (url, ca) in [
            ("http://office.example", None),
            ("http://127.0.0.1.example", None),
            ("http://127.0.0.1@office.example", None),
            ("http://127.0.0.1:1", Some(vec![1])),
            ("https://office.example", None),
            ("https://office.example", Some(vec![0; CA_BYTES + 1])),
            ("ftp://127.0.0.1", None),
            ("", None),
        ] {
            assert_eq!(with(url, ca), Err(BadTicket), "{url}");
        }
        let long = format!("https://{}", "a".repeat(URL_BYTES - 8));
        assert!(with(&long, Some(vec![0; CA_BYTES])).is_ok());
        assert_eq!(with(&format!("{long}a"), Some(vec![1])), Err(BadTicket));
    }

    #[test]
    fn other_texts_are_no_tickets() {
        let text = ticket().to_text();
        for bad in [
            "",
            PREFIX,
            "KD1:ABC",
            &text[1..],
            &text[..text.len() - 1],
            &text.to_lowercase(),
            &format!("{text}00"),
            &format!("{PREFIX}{}", "0".repeat(TICKET_CHARS)),
        ] {
            assert_eq!(Ticket::parse(bad), Err(BadTicket), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_refused(text in ".{0,80}") {
            let text = format!("{}{}", PREFIX, text);
            prop_assert!(Ticket::parse(&text).is_err());
        }
    }
}
