//! Whom a number, a phone or a code names: what residents are filed and found by. Pure.
//!
//! A person key is HMAC-SHA-256 under the office's person secret of `kadian-person-v1`, the kind and the value, each
//! after a zero but the first; its first 16 bytes are kept. The secret lies in `keys/person.key`, apart from the
//! database: with it all 1.1·10¹¹ identity numbers can be tried in minutes.

use health_code::Declaration;
use health_code::declaration::INFO;
use health_code::family::{PREFIXES, Presented, Signed};
use health_code::{Claims, mask};
use hmac::{Hmac, KeyInit, Mac as _};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256 as Suite;
use hpke::{Deserializable as _, Kem, OpModeR};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::keys::Keyring;
use crate::limits::SOUGHT_CHARS;
use crate::store::{Names, PersonKey, PersonKeys, Pseudonym, Sought};

/// Sets person keys apart from all other hashes.
const PURPOSE: &[u8] = b"kadian-person-v1";
/// Length of an encapsulated key (RFC 9180 §7.1).
const ENC_BYTES: usize = 32;

/// What somebody typed, pasted or scanned to find a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A whole identity number, in capitals and without spaces.
    Identity(String),
    /// A phone, digits only.
    Phone(String),
    /// A certificate's own identifier.
    Certificate(String),
    /// The text of a code.
    Code(Box<Presented>),
}

/// Whom to look for, and what may be said of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Whom to look for.
    pub sought: Sought,
    /// By what the audit log's words about the look are erased.
    pub object: PersonKey,
    /// What was asked, masked.
    pub masked: String,
    /// The declaration was sealed to a key that this office has not: only codes with the same pseudonym are found.
    pub shut: bool,
}

impl Asked {
    /// Reads a whole number or code.
    ///
    /// # Errors
    /// A stable code: `missing`, `too-long`, `not-a-code`, or `not-whole` for what is no whole number.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("missing");
        }
        if text.chars().count() > SOUGHT_CHARS {
            return Err("too-long");
        }
        if PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            let presented = Presented::parse(text).map_err(|_| "not-a-code")?;
            return Ok(Self::Code(Box::new(presented)));
        }
        if text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("urn:uvci:")) {
            return Ok(Self::Certificate(text.to_owned()));
        }
        let plain = plain(text);
        let digits = plain.bytes().filter(u8::is_ascii_digit).count();
        let phone = phone_of(&plain);
        if phone.len() == 11 && phone.starts_with('1') && digits == plain.len() {
            return Ok(Self::Phone(phone.to_owned()));
        }
        let is_resident =
            plain.len() == 18 && digits >= 17 && plain.as_bytes()[..17].iter().all(u8::is_ascii_digit);
        let is_other = plain.starts_with(|first: char| first.is_ascii_uppercase())
            && (7..=18).contains(&plain.len())
            && digits >= 6;
        if is_resident || is_other { Ok(Self::Identity(plain)) } else { Err("not-whole") }
    }
}

impl Keyring {
    /// Returns by what the holder of a code is filed. Both are `None` where the declaration is sealed to a key that
    /// this office has not.
    #[must_use]
    pub fn person_of(&self, claims: &Claims) -> PersonKeys {
        let (Some(declared), Some(secret)) = (self.declared(claims), self.person_secrets().next()) else {
            return PersonKeys::default();
        };
        let identity = Some(plain(&declared.identity)).filter(|number| !number.is_empty());
        let phone = Some(plain(&declared.phone)).filter(|number| !number.is_empty());
        PersonKeys {
            identity: identity.map(|number| key(secret, "identity", &number)),
            phone: phone.map(|number| key(secret, "phone", phone_of(&number))),
        }
    }

    /// Returns whom a number names. Codes are named by [`Keyring::signed_names`].
    #[must_use]
    pub fn names(&self, asked: &Asked) -> Option<Named> {
        let keys = |kind, value: &str| -> Vec<PersonKey> {
            self.person_secrets().map(|secret| key(secret, kind, value)).collect()
        };
        let (sought, kind, value, masked) = match asked {
            Asked::Identity(number) => {
                let sought = Sought { identities: keys("identity", number), ..Sought::default() };
                (sought, "identity", number, mask::identity(number))
            }
            Asked::Phone(number) => {
                let sought = Sought { phones: keys("phone", number), ..Sought::default() };
                (sought, "phone", number, mask::phone(number))
            }
            Asked::Certificate(id) => {
                let sought = Sought { certificate: Some(id.clone()), ..Sought::default() };
                (sought, "certificate", id, mask::identity(id))
            }
            Asked::Code(_) => return None,
        };
        let object = key(self.person_secrets().next()?, kind, value);
        Some(Named { sought, object, masked, shut: false })
    }

    /// Returns whom a code names whose signature holds.
    #[must_use]
    pub fn signed_names(&self, signed: &Signed) -> Option<Named> {
        let claims = match signed {
            Signed::Certificate(certificate) => {
                return self.names(&Asked::Certificate(certificate.contents().payload.id.clone()));
            }
            Signed::Code(code) => code.claims(),
        };
        self.claims_name(claims)
    }

    fn claims_name(&self, claims: &Claims) -> Option<Named> {
        let pseudonym = Some((claims.iss.clone(), claims.pseudonym));
        let masked = format!("{} {}", claims.masked_name, claims.masked_id);
        let number = self.declared(claims).map(|declared| plain(&declared.identity));
        if let Some(number) = number.filter(|number| !number.is_empty()) {
            // Codes of every issuer, since they name the same number.
            let named = self.names(&Asked::Identity(number))?;
            return Some(Named { sought: Sought { pseudonym, ..named.sought }, masked, ..named });
        }
        let value = code_value(&claims.iss, &claims.pseudonym);
        let object = key(self.person_secrets().next()?, "code", &value);
        Some(Named { sought: Sought { pseudonym, ..Sought::default() }, object, masked, shut: true })
    }

    /// Returns by what the log's words about the holder of a code are erased.
    #[must_use]
    pub fn object_of(&self, claims: &Claims) -> Option<PersonKey> {
        self.claims_name(claims).map(|named| named.object)
    }

    /// Returns whether a key by which a code's holder was filed is of a secret that is still here; `None` where the
    /// declaration cannot be opened, or names no number.
    #[must_use]
    pub fn filed_by_known_secret(&self, claims: &Claims, filed: PersonKey) -> Option<bool> {
        let number = plain(&self.declared(claims)?.identity);
        let named = self.names(&Asked::Identity(number)).filter(|named| !named.masked.is_empty())?;
        Some(named.sought.identities.contains(&filed))
    }

    /// Opens the phone number that the holder of a code declared.
    ///
    /// # Errors
    /// A stable code: `sealed-elsewhere` for a declaration to another office's key, `none-declared` for one without.
    pub fn phone_of(&self, claims: &Claims) -> Result<String, &'static str> {
        let declared = self.declared(claims).ok_or("sealed-elsewhere")?;
        let phone = plain(&declared.phone);
        if phone.is_empty() { Err("none-declared") } else { Ok(phone_of(&phone).to_owned()) }
    }

    /// Returns by which keys the audit log's words about somebody are erased: as a look by each of their names has it.
    #[must_use]
    pub fn looks_at(&self, names: &Names) -> Vec<PersonKey> {
        let codes = names.pseudonyms.iter().map(|(iss, pseudonym)| ("code", code_value(iss, pseudonym)));
        let certificates = names.certificates.iter().map(|id| ("certificate", id.clone()));
        let of = |(kind, value): (&'static str, String)| {
            self.person_secrets().map(move |secret| key(secret, kind, &value)).collect::<Vec<_>>()
        };
        let numbers = names.identities.iter().chain(&names.phones).copied();
        numbers.chain(codes.chain(certificates).flat_map(of)).collect()
    }

    /// Returns whether a key is that of what an issuer or a certificate calls somebody.
    #[must_use]
    pub fn is_key_of(&self, is: PersonKey, pseudonym: &Pseudonym, certificate: Option<&str>) -> bool {
        let (kind, value) = match certificate {
            Some(id) => ("certificate", id.to_owned()),
            None => ("code", code_value(&pseudonym.0, &pseudonym.1)),
        };
        self.person_secrets().any(|secret| key(secret, kind, &value) == is)
    }

    /// Opens the declaration in a code, if it is sealed to one of this office's identity keys.
    fn declared(&self, claims: &Claims) -> Option<Declaration> {
        let (enc, sealed) = claims.sealed_declaration.split_at_checked(ENC_BYTES)?;
        let enc = <Suite as Kem>::EncappedKey::from_bytes(enc).ok()?;
        self.identities().find_map(|private| {
            let private = <Suite as Kem>::PrivateKey::from_bytes(private).ok()?;
            let mode = OpModeR::Base;
            let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
                &mode,
                &private,
                &enc,
                INFO,
                sealed,
                &claims.pseudonym,
            );
            Declaration::from_padded(&Zeroizing::new(opened.ok()?)).ok()
        })
    }
}

fn code_value(iss: &str, pseudonym: &[u8; 16]) -> String {
    format!("{iss} {}", wire::hex::encode(pseudonym))
}

fn key(secret: &[u8; 32], kind: &str, value: &str) -> PersonKey {
    let mut bytes = [0; 16];
    // HMAC takes a key of any length.
    if let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret) {
        for part in [PURPOSE, b"\0", kind.as_bytes(), b"\0", value.as_bytes()] {
            mac.update(part);
        }
        bytes.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    }
    PersonKey(bytes)
}

/// Returns letters and digits alone: capitals, and digits of full width made plain.
fn plain(text: &str) -> String {
    let narrow = |char: char| match char {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(char as u32 - '０' as u32 + '0' as u32).unwrap_or(char)
        }
        char => char,
    };
    text.chars()
        .map(narrow)
        .filter(char::is_ascii_alphanumeric)
        .map(|char| char.to_ascii_uppercase())
        .collect()
}

/// Returns a mainland number without the country's code.
fn phone_of(plain: &str) -> &str {
    let bare = plain.strip_prefix("0086").or_else(|| plain.strip_prefix("86"));
    bare.filter(|bare| bare.len() == 11).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::world;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;
    use sample::NOW;

    fn keys(folder: &std::path::Path) -> Keyring {
        world::write_keys(&folder.join("import"));
        Keyring::import(&folder.join("import"), &folder.join("keys")).unwrap();
        Keyring::open(&folder.join("keys")).unwrap()
    }

    fn sealed_to(private: [u8; 32], identity: &str, phone: &str, pseudonym: [u8; 16]) -> Claims {
        let public = wire::seal::recipient_key(&private).unwrap();
        let declared =
            Declaration { name: "样例甲".into(), identity: identity.into(), phone: phone.into() };
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let sealed_declaration = issuer::seal_declaration(&declared, &pseudonym, &public, &mut rng).unwrap();
        Claims { pseudonym, sealed_declaration, ..sample::claims(NOW) }
    }

    #[test]
    fn a_number_is_found_however_it_is_typed_and_by_the_code_that_declares_it() {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(folder.path());
        let claims = sealed_to(world::IDENTITY, "99010119900101001x", "+86 138-0001-0022", [7; 16]);
        let filed = keys.person_of(&claims);
        for typed in ["99010119900101001X", " 990101 19900101 001x ", "９９０１０１１９９００１０１００１Ｘ"]
        {
            let named = keys.names(&Asked::read(typed).unwrap()).unwrap();
            assert_eq!(named.sought.identities, [filed.identity.unwrap()], "{typed}");
            assert_eq!(
                (named.object, named.masked.as_str()),
                (filed.identity.unwrap(), "9901**********001X")
            );
        }
        for typed in ["13800010022", "138 0001 0022", "+86 13800010022", "008613800010022"] {
            let named = keys.names(&Asked::read(typed).unwrap()).unwrap();
            assert_eq!(named.sought.phones, [filed.phone.unwrap()], "{typed}");
            assert_eq!(named.masked, "138****0022");
        }
        let same_number = sealed_to(world::IDENTITY, "99010119900101001X", "13900010022", [8; 16]);
        assert_eq!(keys.person_of(&same_number).identity, filed.identity, "another issuer's code");
        assert_ne!(keys.person_of(&same_number).phone, filed.phone);
    }

    #[test]
    fn a_declaration_to_another_key_or_moved_from_another_code_stays_shut() {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(folder.path());
        let other = sealed_to([77; 32], "990101199001010011", "13800010022", [7; 16]);
        assert_eq!(keys.person_of(&other), PersonKeys::default());
        let moved =
            Claims { pseudonym: [9; 16], ..sealed_to(world::IDENTITY, "990101199001010011", "", [7; 16]) };
        assert_eq!(keys.person_of(&moved), PersonKeys::default());
        assert_eq!(keys.person_of(&Claims { sealed_declaration: vec![], ..moved }), PersonKeys::default());
        let nameless = sealed_to(world::IDENTITY, "", "", [7; 16]);
        assert_eq!(keys.person_of(&nameless), PersonKeys::default(), "nobody is everybody without a number");
    }

    #[test]
    fn what_an_earlier_secret_filed_is_still_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let before = keys(folder.path());
        let claims = sealed_to(world::IDENTITY, "990101199001010011", "13800010022", [7; 16]);
        let old = before.person_of(&claims).identity.unwrap();
        let at = folder.path().join("keys");
        std::fs::rename(at.join("person.key"), at.join("person-2026-11.key")).unwrap();
        let after = Keyring::open(&at).unwrap();
        let new = after.person_of(&claims).identity.unwrap();
        assert_ne!(new, old);
        let named = after.names(&Asked::read("990101199001010011").unwrap()).unwrap();
        assert_eq!((named.sought.identities, named.object), (vec![new, old], new));
    }

    #[test]
    fn only_whole_numbers_and_codes_are_taken() {
        for (text, code) in [
            ("", "missing"),
            ("  ", "missing"),
            ("9901011990010", "not-whole"),
            ("1380001002", "not-whole"),
            ("样例甲", "not-whole"),
            ("9901*", "not-whole"),
            ("A%", "not-whole"),
            ("KD1:", "not-a-code"),
            ("HC1:AAAA", "not-a-code"),
        ] {
            assert_eq!(Asked::read(text), Err(code), "{text}");
        }
        assert_eq!(Asked::read(&"9".repeat(SOUGHT_CHARS + 1)), Err("too-long"));
        assert_eq!(Asked::read("e12345678"), Ok(Asked::Identity("E12345678".into())));
        assert!(matches!(Asked::read("URN:UVCI:01:XS:7"), Ok(Asked::Certificate(_))));
    }
}
