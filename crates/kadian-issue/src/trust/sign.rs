//! Makes keys, and signs with one of them at a time.

use std::path::PathBuf;

use clap::Args;
use issuer::KeyPair;
use program::{Failure, say};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::Value as Json;
use strict_cose::{Signed, hex};

use super::file::{self, Contents};
use super::{bundle, revoke, show};
use crate::entropy;
use crate::files::{self, Access};
use crate::secret_file::{self, Passphrase};

/// Make a signing key
///
/// Writes 32 bytes in hex, readable for the owner only. Prints the key's name (kid) and public half
/// as a description takes them. An existing file is left alone.
#[derive(Args)]
pub struct KeyArgs {
    /// Encrypt it with the passphrase that this file's first line holds
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// File for the key; it should never leave this machine
    #[arg(value_name = "FILE")]
    out: PathBuf,
}

/// Sign a trust file with one key
///
/// From a description (.json) it makes root.cose, trust.cose or community.cose beside it, or a policy
/// file of the same name. To a file
/// that has signatures it adds one. It prints what was signed, and how many signatures the file's
/// own root, or the one given, still needs. Where a policy's description names a day instead of a
/// moment (from, to), it means the first second of that day in the policy's time zone.
#[derive(Args)]
pub struct SignArgs {
    /// The key, as `kadian-issue trust key` or `trust new` makes it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The file whose first line is the passphrase that opens the key
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Revocations that the described list must name
    #[arg(long, value_name = "FILE")]
    revocations: Option<PathBuf>,
    /// Policies that the described list or community must name: those of its levels, and no other
    #[arg(long, value_name = "FILE")]
    policies: Option<PathBuf>,
    /// Root that names who must sign the file; a root names that itself
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    /// Description or signed file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// `kadian-issue trust key`.
pub fn make_key(arguments: &KeyArgs) -> Result<(), Failure> {
    if arguments.out.exists() {
        return Err(format!("{} is there already and was left alone", arguments.out.display()).into());
    }
    let passphrase = arguments.passphrase_file.as_deref().map(Passphrase::read).transpose()?;
    let pair = KeyPair::generate(&mut ChaCha20Rng::from_seed(entropy::seed()?));
    secret_file::write(&arguments.out, pair.seed().as_ref(), passphrase.as_ref())?;
    say!("kid {}\nkey {}", pair.kid(), hex::encode(&pair.public().to_bytes()))?;
    Ok(())
}

/// `kadian-issue trust sign`.
pub fn sign(arguments: &SignArgs) -> Result<(), Failure> {
    let passphrase = arguments.passphrase_file.as_deref().map(Passphrase::read).transpose()?;
    let key = KeyPair::from_seed(&secret_file::read(&arguments.key, passphrase.as_ref())?);
    let described = arguments.file.extension().is_some_and(|extension| extension == "json");
    let (mut signed, contents, out) = if described {
        let contents = describe(arguments)?;
        let out = match contents {
            Contents::Policy(_) => arguments.file.with_extension("cose"),
            _ => arguments.file.with_file_name(contents.name()),
        };
        if out.exists() {
            return Err(
                format!("{} is there already: move it away, or sign it instead", out.display()).into()
            );
        }
        (Signed::unsigned(contents.payload()), contents, out)
    } else {
        if arguments.revocations.is_some() || arguments.policies.is_some() {
            let sentence = "--revocations and --policies go with a description: what is signed cannot change";
            return Err(sentence.into());
        }
        let (signed, contents) = file::open(&arguments.file)?;
        (signed, contents, arguments.file.clone())
    };
    signed.add(key.kid(), contents.aad(), |bytes| key.sign(bytes));
    files::write(&out, &signed.to_bytes(), Access::Everyone)?;
    say!("{} version {}, signed by {}", out.display(), contents.version(), key.kid())?;
    show::print_signatures(&signed, &contents, arguments.root.as_deref())
}

fn describe(arguments: &SignArgs) -> Result<Contents, String> {
    let (path, revocations) = (arguments.file.as_path(), arguments.revocations.as_deref());
    let text = files::read(path, health_code::limits::TRUST_FILE_BYTES as u64)?;
    let said = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let mut json: Json = serde_json::from_slice(&text).map_err(|error| said(&error))?;
    if let Some(policies) = &arguments.policies {
        bundle::name_in(&mut json, &bundle::read(policies)?).map_err(|error| said(&error))?;
    }
    let salt = json.pointer("/revocations/salt").and_then(Json::as_str).and_then(hex::decode_array);
    let index = match (revocations, salt) {
        (None, _) => None,
        (Some(_), None) => return Err(said(&"names no salt of 16 bytes for its revocations")),
        (Some(path), Some(salt)) => Some(revoke::read(path, salt)?.index().clone()),
    };
    Contents::of_description(&json, index.as_ref()).map_err(|error| said(&error))
}
