//! Files of 32 secret bytes: in hex, or encrypted with a passphrase in age's format (age-encryption.org/v1,
//! scrypt).

use std::io::{Read as _, Write as _};
use std::path::Path;

use age::secrecy::SecretString;
use age::{Decryptor, Encryptor, scrypt};
use strict_cose::hex;

use crate::files::{self, Access};

/// Bytes of a file at most; an encrypted one takes about 250.
const FILE_BYTES: u64 = 4096;
/// Characters of a passphrase at least.
const SHORTEST: usize = 12;
/// scrypt's work factor that a reader accepts: a minute on a slow machine.
const MOST_WORK: u8 = 20;
/// How an encrypted file begins.
const ENCRYPTED: &[u8] = b"age-encryption.org/v1";

/// What secret files are encrypted with.
pub struct Passphrase(SecretString);

impl Passphrase {
    /// Reads the first line of a file.
    ///
    /// # Errors
    /// A sentence; also where the line is shorter than twelve characters.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = String::from_utf8(files::read(path, FILE_BYTES)?)
            .map_err(|_| format!("{} is not UTF-8", path.display()))?;
        let line = text.lines().next().unwrap_or_default();
        if line.chars().count() < SHORTEST {
            return Err(format!("{}: a passphrase has at least {SHORTEST} characters", path.display()));
        }
        Ok(Self(SecretString::from(line.to_owned())))
    }
}

/// Writes 32 bytes, readable for the owner only.
///
/// # Errors
/// A sentence that names the file.
pub fn write(path: &Path, secret: &[u8], passphrase: Option<&Passphrase>) -> Result<(), String> {
    let line = format!("{}\n", hex::encode(secret));
    let bytes = match passphrase {
        None => line.into_bytes(),
        Some(passphrase) => encrypt(line.as_bytes(), passphrase)
            .map_err(|error| format!("{} could not be encrypted: {error}", path.display()))?,
    };
    files::write(path, &bytes, Access::Owner)
}

/// Reads 32 bytes, whether they are encrypted or not.
///
/// # Errors
/// A sentence that names the file.
pub fn read(path: &Path, passphrase: Option<&Passphrase>) -> Result<[u8; 32], String> {
    let said = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let mut bytes = files::read(path, FILE_BYTES)?;
    if bytes.starts_with(ENCRYPTED) {
        let passphrase = passphrase.ok_or_else(|| said(&"is encrypted: --passphrase-file opens it"))?;
        bytes = decrypt(&bytes, passphrase).map_err(|error| said(&error))?;
    }
    let text = String::from_utf8_lossy(&bytes);
    hex::decode_array(text.trim_end()).ok_or_else(|| said(&"holds no key"))
}

fn encrypt(plain: &[u8], passphrase: &Passphrase) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let encryptor = Encryptor::with_user_passphrase(passphrase.0.clone());
    let mut writer = encryptor.wrap_output(&mut out).map_err(|error| error.to_string())?;
    writer.write_all(plain).map_err(|error| error.to_string())?;
    writer.finish().map_err(|error| error.to_string())?;
    Ok(out)
}

fn decrypt(bytes: &[u8], passphrase: &Passphrase) -> Result<Vec<u8>, String> {
    let mut identity = scrypt::Identity::new(passphrase.0.clone());
    identity.set_max_work_factor(MOST_WORK);
    let decryptor = Decryptor::new(bytes).map_err(|error| error.to_string())?;
    let reader = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity));
    let reader = reader.map_err(|_| "the passphrase does not open it".to_owned())?;
    let mut plain = Vec::new();
    reader.take(FILE_BYTES).read_to_end(&mut plain).map_err(|error| error.to_string())?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(folder: &Path, text: &str) -> Result<Passphrase, String> {
        let path = folder.join("passphrase");
        std::fs::write(&path, text).unwrap();
        Passphrase::read(&path)
    }

    #[test]
    fn only_the_passphrase_opens_what_it_encrypted() {
        let folder = tempfile::tempdir().unwrap();
        let right = passphrase(folder.path(), "correct horse battery\n").unwrap();
        let wrong = passphrase(folder.path(), "incorrect horse battery").unwrap();
        let (plain, sealed) = (folder.path().join("plain.key"), folder.path().join("sealed.key"));
        write(&plain, &[7; 32], None).unwrap();
        write(&sealed, &[7; 32], Some(&right)).unwrap();
        assert_eq!(read(&plain, None).unwrap(), [7; 32]);
        assert_eq!(read(&sealed, Some(&right)).unwrap(), [7; 32]);
        assert!(read(&sealed, Some(&wrong)).unwrap_err().contains("passphrase"));
        assert!(read(&sealed, None).unwrap_err().contains("--passphrase-file"));
        let bytes = std::fs::read(&sealed).unwrap();
        assert!(!bytes.windows(8).any(|part| part == b"07070707"));
        std::fs::write(&sealed, &bytes[..bytes.len() - 1]).unwrap();
        assert!(read(&sealed, Some(&right)).is_err());
    }

    #[test]
    fn a_short_passphrase_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(passphrase(folder.path(), "short\nand a longer second line").is_err());
        assert!(passphrase(folder.path(), "").is_err());
    }
}
