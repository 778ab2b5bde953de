//! `kadian-issue trust new`: a whole deployment from a short description.

mod description;
mod founding;

use std::path::{Path, PathBuf};

use clap::Args;
use disk::trust_folder;
use health_code::RootPin;
use health_code::limits::TRUST_FILE_BYTES;
use issuer::Founding;
use program::{Failure, say};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

use crate::files::{self, Access};
use crate::secret_file::{self, Passphrase};
use crate::{clock, entropy};
use description::Description;
use founding::{Founded, found};

const DAY: i64 = 24 * 3600;
const YEAR: i64 = 365 * DAY;

/// Make a deployment: keys and first trust files
///
/// DESCRIPTION is JSON: names, regions, issuers, administrators. `communities` and `administrators` may be left out. DIR must not exist yet. It gets
///
///   keys/root-1.key to root-3.key   two of them sign the next root: carry them apart, and away from here
///   keys/publisher.key              signs the next trust lists (trust.cose), within 45 days
///   keys/policy.key                 signs policies of nation and provinces
///   keys/community.key              signs community files and policies of the region
///   office/                         what `back-office serve --import-keys` takes
///   trust/                          what `back-office serve --import-trust` takes; further communities lie
///                                   in trust/communities/
///
/// The office may sign community files of its region, and nothing wider; the next root can take that back.
/// What each administrator signs in with is printed once, and written nowhere.
#[derive(Args)]
#[command(after_help = "A description:\n  \
    {\"region\": \"420106\",\n   \
     \"community\": {\"region\": \"420106002003\", \"name\": \"样例社区\", \"contact\": \"居委会 027-0000-0000\"},\n   \
     \"communities\": [{\"region\": \"420106002004\", \"name\": \"样例二社区\", \"contact\": \"\"}],\n   \
     \"policy\": {\"document\": \"样例〔2026〕1号\", \"no_code_url\": \"https://code.example\"},\n   \
     \"issuers\": [{\"iss\": \"sample.national\", \"name_zh\": \"样例平台\", \"name_en\": \"Sample Platform\",\n                \
     \"key\": \"64 hex digits: its public key\", \"regions\": [\"\"],\n                \
     \"declare_url\": \"https://national.example/declare\"}],\n   \
     \"administrators\": [{\"name\": \"王样例\", \"phone\": \"13800000002\"}]}\n\n\
    Then:\n  \
    back-office serve --data office --import-keys DIR/office --import-trust DIR/trust --host NAME")]
pub struct NewArgs {
    /// Encrypt each file in keys/ with the passphrase that this file's first line holds
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Folder to make
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The description
    #[arg(value_name = "DESCRIPTION")]
    description: PathBuf,
}

/// `kadian-issue trust new`.
pub fn new(arguments: &NewArgs) -> Result<(), Failure> {
    let NewArgs { passphrase_file, dir, description: path } = arguments;
    if dir.exists() {
        return Err(format!("{} is there already and was left alone", dir.display()).into());
    }
    let passphrase = passphrase_file.as_deref().map(Passphrase::read).transpose()?;
    let text = files::read(path, TRUST_FILE_BYTES as u64)?;
    let said = |error: String| format!("{}: {error}", path.display());
    let description = Description::read(&text).map_err(said)?;
    let mut rng = ChaCha20Rng::from_seed(entropy::seed()?);
    let founded = found(&description, clock::now(), &mut rng).map_err(said)?;
    write(dir, &founded.founding, passphrase.as_ref())?;
    print(dir, &description, &founded, passphrase.is_some())
}

/// Writes everything. The folder gets its name once it is whole.
fn write(dir: &Path, founding: &Founding, passphrase: Option<&Passphrase>) -> Result<(), String> {
    let mut name = dir.file_name().ok_or("DIR names no folder")?.to_owned();
    name.push(".part");
    let part = dir.with_file_name(name);
    if part.exists() {
        return Err(format!("{} is left of an earlier try: remove it", part.display()));
    }
    for (name, pair) in &founding.people {
        let path = part.join("keys").join(format!("{name}.key"));
        secret_file::write(&path, pair.seed().as_ref(), passphrase)?;
    }
    let office = part.join("office");
    secret_file::write(&office.join("receipt.key"), founding.office.receipt.seed().as_ref(), None)?;
    secret_file::write(&office.join("region.key"), founding.office.region.seed().as_ref(), None)?;
    secret_file::write(&office.join("sealing.key"), founding.office.sealing.private().as_ref(), None)?;
    let trust = part.join("trust");
    let said = |error: &dyn std::fmt::Display| format!("{}: {error}", part.display());
    std::fs::create_dir_all(&trust).map_err(|error| said(&error))?;
    trust_folder::replace_each(&trust, &founding.files, Access::Everyone).map_err(|error| said(&error))?;
    for (region, file) in &founding.communities {
        files::write(&trust_folder::community_path(&trust, region), file, Access::Everyone)?;
    }
    std::fs::rename(&part, dir).map_err(|error| said(&error))
}

fn print(dir: &Path, description: &Description, founded: &Founded, encrypted: bool) -> Result<(), Failure> {
    let Founded { founding, secrets } = founded;
    let pin = RootPin::of(&founding.files.root).to_string();
    let groups: Vec<_> = pin.as_bytes().chunks(8).map(String::from_utf8_lossy).collect();
    say!("{}: {}", dir.display(), description.community.name)?;
    say!("root fingerprint, to be written on a card and compared at each laptop:\n  {}", groups.join(" "))?;
    for (row, secret) in description.administrators.iter().zip(secrets) {
        say!("{} signs in at a laptop with {} and the secret {secret}", row.name, row.phone)?;
    }
    if !encrypted {
        say!("the files in keys/ are not encrypted: --passphrase-file does that")?;
    }
    Ok(())
}
