//! The files of a backup: a tar archive inside an age file, with its SHA-256 beside it.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use age::{Decryptor, Encryptor, Identity, IdentityFile};
use disk::Access;
use sha2::{Digest, Sha256};
use wire::hex;

use super::{About, BackupError};
use crate::limits::{CHECKSUM_BYTES, IDENTITY_BYTES};

/// The name of the entry that says what an archive holds.
pub(super) const ABOUT: &str = "about.json";

/// The reader of an archive's entries.
pub(super) type Archive = tar::Archive<BufReader<age::stream::StreamReader<BufReader<File>>>>;

/// A new archive, while its entries are written.
pub(super) struct Entries<'f> {
    builder: tar::Builder<age::stream::StreamWriter<BufWriter<Hashing<&'f mut File>>>>,
    path: PathBuf,
}

/// Makes an archive that must not exist yet, and the checksum beside it; returns its SHA-256. An
/// interruption leaves nothing under the name.
pub(super) fn make(
    path: &Path,
    recipient: &age::x25519::Recipient,
    about: &About,
    fill: impl FnOnce(&mut Entries<'_>) -> Result<(), BackupError>,
) -> Result<[u8; 32], BackupError> {
    let said = |error: io::Error| BackupError::Io(path.to_owned(), error);
    disk::create(path, Access::Owner, |file| {
        let hashing = Hashing { inner: file, hash: Sha256::new() };
        let recipients = std::iter::once(recipient as &dyn age::Recipient);
        let sealed = Encryptor::with_recipients(recipients).map_err(|error| said(io::Error::other(error)))?;
        let writer = sealed.wrap_output(BufWriter::new(hashing)).map_err(said)?;
        let mut entries = Entries { builder: tar::Builder::new(writer), path: path.to_owned() };
        entries.put(ABOUT, about.to_json().as_bytes())?;
        fill(&mut entries)?;
        let writer = entries.builder.into_inner().and_then(age::stream::StreamWriter::finish);
        let hashing = writer.and_then(|writer| writer.into_inner().map_err(io::IntoInnerError::into_error));
        let hash: [u8; 32] = hashing.map_err(said)?.hash.finalize().into();
        // Before the archive has its name: what has one, has its checksum.
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let line = format!("{}  {name}\n", hex::encode(&hash));
        disk::replace(&checksum_of(path), line.as_bytes(), Access::Owner)?;
        Ok(hash)
    })
}

impl Entries<'_> {
    /// Writes one file.
    pub fn put(&mut self, name: &str, contents: &[u8]) -> Result<(), BackupError> {
        self.append(name, contents.len() as u64, contents)
    }

    /// Copies a file that may be large.
    pub fn copy(&mut self, name: &str, from: &Path) -> Result<(), BackupError> {
        let said = |error| BackupError::Io(from.to_owned(), error);
        let file = File::open(from).map_err(said)?;
        let bytes = file.metadata().map_err(said)?.len();
        self.append(name, bytes, file.take(bytes))
    }

    fn append(&mut self, name: &str, bytes: u64, contents: impl Read) -> Result<(), BackupError> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        let appended = self.builder.append_data(&mut header, name, contents);
        appended.map_err(|error| BackupError::Io(self.path.clone(), error))
    }
}

/// Opens an archive by an identity.
pub(super) fn open(path: &Path, identities: &Identities) -> Result<Archive, BackupError> {
    let file = File::open(path).map_err(|error| BackupError::Io(path.to_owned(), error))?;
    let damaged = |error: age::DecryptError| BackupError::Damaged(path.to_owned(), error.to_string());
    let decryptor = Decryptor::new_buffered(BufReader::new(file)).map_err(damaged)?;
    let opened = decryptor.decrypt(identities.0.iter().map(|identity| &**identity as &dyn Identity));
    match opened {
        Ok(reader) => Ok(tar::Archive::new(BufReader::new(reader))),
        Err(age::DecryptError::NoMatchingKeys) => Err(BackupError::OtherIdentity(path.to_owned())),
        Err(error) => Err(damaged(error)),
    }
}

/// The identities of a file, as `age-keygen` writes it.
pub(super) struct Identities(Vec<Box<dyn Identity + Send + Sync>>);

impl Identities {
    /// Reads a file of identities.
    pub fn read(path: &Path) -> Result<Self, BackupError> {
        let text = zeroize::Zeroizing::new(disk::read(path, IDENTITY_BYTES)?);
        let none = |_| BackupError::NoIdentity(path.to_owned());
        let file = IdentityFile::from_buffer(&text[..]).map_err(none)?;
        let identities = file.into_identities().map_err(|_| BackupError::NoIdentity(path.to_owned()))?;
        if identities.is_empty() {
            Err(BackupError::NoIdentity(path.to_owned()))
        } else {
            Ok(Self(identities))
        }
    }
}

/// Compares a file with the checksum beside it, and returns its SHA-256. A checksum that was not copied
/// along is no error: age finds every change of the file by itself.
pub(super) fn verify_checksum(path: &Path) -> Result<[u8; 32], BackupError> {
    let said = |error| BackupError::Io(path.to_owned(), error);
    let mut file = File::open(path).map_err(said)?;
    let mut hashing = Hashing { inner: io::sink(), hash: Sha256::new() };
    io::copy(&mut file, &mut hashing).map_err(said)?;
    let found: [u8; 32] = hashing.hash.finalize().into();
    if let Some(line) = disk::read_if_there(&checksum_of(path), CHECKSUM_BYTES)?
        && !line.starts_with(hex::encode(&found).as_bytes())
    {
        return Err(BackupError::Damaged(path.to_owned(), "its checksum is another".to_owned()));
    }
    Ok(found)
}

fn checksum_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sha256");
    PathBuf::from(name)
}

/// Hashes what it writes.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
