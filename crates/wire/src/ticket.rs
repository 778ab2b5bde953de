//! Tickets: the back office's invitation for one station, as text or QR code.

use data_encoding::BASE32_NOPAD;
use strict_cose::cbor::{self, Limits, Value, map};
use strict_cose::hex;
use strict_cose::{FieldError, Fields};

use crate::label::is_label;
use crate::limits::{CA_BYTES, NAME_BYTES, TICKET_BYTES, TICKET_CHARS, TICKET_INPUT_BYTES, URL_BYTES};

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
    /// What the community is called, for people to compare; empty if it is not said.
    pub community: String,
    /// What the office is called, likewise.
    pub office: String,
    /// A name for the laptop, likewise.
    pub laptop: String,
}

/// Why a text is no ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enrolment ticket")]
pub struct BadTicket;

impl Ticket {
    /// Returns the text: prefix and base32 (RFC 4648, without padding) of canonical CBOR.
    #[must_use]
    pub fn to_text(&self) -> String {
        let ca = self.ca.iter().map(|ca| (2, ca.clone().into()));
        let fields = [
            (1, self.url.as_str().into()),
            (3, self.root.to_vec().into()),
            (4, self.secret.to_vec().into()),
            (5, self.expires.into()),
        ];
        let names = [(6, &self.community), (7, &self.office), (8, &self.laptop)];
        let said = names.into_iter().filter(|(_, name)| !name.is_empty());
        let said = said.map(|(key, name)| (key, name.as_str().into()));
        let bytes = cbor::encode(&map(fields.into_iter().chain(ca).chain(said)));
        format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes))
    }

    /// Reads a ticket's text. It may come out of an e-mail: what a ticket can't hold, and a mail adds, is
    /// dropped wherever it stands (white space, `>` and `|` of a quote, hyphens, `=`, invisible characters).
    ///
    /// # Errors
    /// [`BadTicket`].
    pub fn parse(text: &str) -> Result<Self, BadTicket> {
        if text.len() > TICKET_INPUT_BYTES {
            return Err(BadTicket);
        }
        let text: String = text.chars().filter(|&c| !is_added_by_a_mail(c)).collect();
        if text.len() > TICKET_CHARS {
            return Err(BadTicket);
        }
        let encoded = text.strip_prefix(PREFIX).ok_or(BadTicket)?;
        let bytes = BASE32_NOPAD.decode(encoded.as_bytes()).map_err(|_| BadTicket)?;
        Some(Self::read(&bytes)?).filter(Self::is_reachable_safely).ok_or(BadTicket)
    }

    /// Returns whether a text is meant to be a ticket, however broken the rest of it may be.
    #[must_use]
    pub fn is_meant_by(text: &str) -> bool {
        let start = text.chars().filter(|&c| !is_added_by_a_mail(c)).take(PREFIX.len());
        start.eq(PREFIX.chars())
    }

    /// Returns what a person compares with the deployment's card: [`fingerprint`] of the ticket's root.
    #[must_use]
    pub fn fingerprint(&self) -> [String; 8] {
        fingerprint(&self.root)
    }

    fn read(bytes: &[u8]) -> Result<Self, BadTicket> {
        let value = cbor::decode(bytes, Limits { bytes: TICKET_BYTES, depth: 1 }).map_err(|_| BadTicket)?;
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
            community: name(&mut fields, 6)?,
            office: name(&mut fields, 7)?,
            laptop: name(&mut fields, 8)?,
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

/// Returns a root file's fingerprint as people compare it: the first 128 bits of its SHA-256, in eight
/// groups of four capital hexadecimal digits.
#[must_use]
pub fn fingerprint(root: &[u8; 32]) -> [String; 8] {
    std::array::from_fn(|group| hex::encode(&root[2 * group..2 * group + 2]).to_uppercase())
}

/// Takes a name that may be absent. An empty one is not written, so that a ticket has one spelling.
fn name(fields: &mut Fields, key: i64) -> Result<String, FieldError> {
    match fields.optional_text(key, NAME_BYTES)? {
        None => Ok(String::new()),
        Some(name) if is_label(&name) => Ok(name),
        Some(_) => Err(FieldError::OutOfRange(key)),
    }
}

/// Returns whether a mail, an editor or a page may have put a character into a text. A ticket holds none.
fn is_added_by_a_mail(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '>' | '|' | '=' | '-' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2010}' | '\u{2011}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
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
            community: "样例社区".into(),
            office: "样例市卡点后台".into(),
            laptop: "样例 08".into(),
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
    fn a_fingerprint_has_eight_groups_of_four() {
        let root = std::array::from_fn(|at| 17 * (at as u8 % 16));
        assert_eq!(fingerprint(&root).join(" "), "0011 2233 4455 6677 8899 AABB CCDD EEFF");
        let groups = Ticket { root, ..ticket() }.fingerprint();
        assert_eq!(groups, fingerprint(&root));
    }

    #[test]
    fn names_are_labels_or_absent() {
        let named = |name: &str| {
            let ticket = Ticket { community: name.into(), laptop: String::new(), ..ticket() };
            Ticket::parse(&ticket.to_text()).map(|read| read == ticket)
        };
        for good in ["", "样例社区", &"n".repeat(NAME_BYTES)] {
            assert_eq!(named(good), Ok(true), "{good}");
        }
        for bad in [" ", "a\nb", &"n".repeat(NAME_BYTES + 1)] {
            assert_eq!(named(bad), Err(BadTicket), "{bad:?}");
        }
    }

    #[test]
    fn the_largest_ticket_fits_its_limits() {
        let name = || "n".repeat(NAME_BYTES);
        let largest = Ticket {
            url: format!("https://{}", "a".repeat(URL_BYTES - 8)),
            ca: Some(vec![1; CA_BYTES]),
            expires: i64::MAX,
            community: name(),
            office: name(),
            laptop: name(),
            ..ticket()
        };
        assert!(largest.to_text().len() <= TICKET_CHARS);
        assert_eq!(Ticket::parse(&largest.to_text()), Ok(largest));
    }

    #[test]
    fn a_ticket_out_of_an_e_mail_is_read() {
        let text = ticket().to_text();
        let lines = |between: &str| {
            let parts: Vec<&str> =
                text.as_bytes().chunks(72).map(|part| str::from_utf8(part).unwrap()).collect();
            parts.join(between)
        };
        for between in
            ["\n", "\r\n", " ", "\u{a0}\n\t", "\n> ", "\r\n> > ", "=\r\n", "-\n", "\u{ad}", "\u{200b}"]
        {
            let mailed = format!("\u{feff}> {}\r\n\r\n", lines(between));
            assert_eq!(Ticket::parse(&mailed), Ok(ticket()), "{between:?}");
            assert!(Ticket::is_meant_by(&mailed));
        }
        for between in [".", "\n2\n", "\nA\n", "，"] {
            assert_eq!(Ticket::parse(&lines(between)), Err(BadTicket), "{between:?}");
        }
        assert!(
            Ticket::is_meant_by("K D\nT1:no") && !Ticket::is_meant_by("KD1:ABC") && !Ticket::is_meant_by("")
        );
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
            &format!("{PREFIX}{}", "A".repeat(TICKET_CHARS)),
            &format!("{text}{}", " ".repeat(TICKET_INPUT_BYTES)),
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
