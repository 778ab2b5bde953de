//! `back-office erase`: erases one resident, and reads receipts for that.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use health_code::family::Presented;
use health_code::{Region, Timestamp};
use program::moment::rfc3339;
use wire::{ErasureReceipt, hex};

use super::arguments::Office;
use super::{Failure, open, say};
use crate::config::Layout;
use crate::erasure::list::ErasedList;
use crate::erasure::{self, Means, Order, Stage};
use crate::keys::Keyring;
use crate::limits::{LOOK_WORDS, SOUGHT_CHARS};
use crate::residents::Asked;
use crate::store::{Names, PersonKey, Store};
use crate::system::Clock;
use crate::trust;

/// Erases whom standard input or a key names.
pub(super) async fn erase(
    office: &Office,
    key: Option<&str>,
    reason: &str,
    receipt: Option<&Path>,
) -> Result<(), Failure> {
    let words = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if !LOOK_WORDS.contains(&words.chars().count()) {
        return Err(format!("--reason: {} to {} characters", LOOK_WORDS.start(), LOOK_WORDS.end()).into());
    }
    if let Some(path) = receipt.filter(|path| path.exists()) {
        return Err(format!("{}: is there already", path.display()).into());
    }
    let store = open(office).await?;
    let keys = keyring(office)?;
    let names = match key {
        Some(key) => {
            let key = PersonKey::parse(key).ok_or("--key: 32 hexadecimal digits, as a look's words end")?;
            erasure::names_of_key(&*store, &keys, key).await?
        }
        None => asked(&*store, &keys).await?,
    };
    let (stage, said) = erase_names(office, &*store, &keys, names, words).await?;
    if let (Stage::Ended(signed), Some(path)) = (&stage, receipt) {
        disk::replace(path, signed, disk::Access::Owner)?;
    }
    say(&said)
}

/// Erases whom names name in the whole office; returns where that is, and a sentence.
pub(super) async fn erase_names(
    office: &Office,
    store: &dyn Store,
    keys: &Keyring,
    names: Names,
    words: String,
) -> Result<(Stage, String), Failure> {
    let now = Clock::system().now();
    let order = Order { names, region: Region::country(), by: None, words };
    let (begun, _) = erasure::begin(store, order, now).await?;
    let communities = trust::in_force(store).await.unwrap_or_default();
    let root = communities.first().map(|trust| trust.root());
    let list = ErasedList::of(&Layout::of(&office.folder.data), None);
    let means = Means { store, keys, list: &list, root };
    match erasure::go_on(means, &begun, now).await {
        Ok(Stage::Ended(signed)) => {
            let key = keys.receipt(root.ok_or("no trust files are in force")?, now)?;
            let public = health_code::PublicKey::from_bytes(&key.1.verifying_key().to_bytes())?;
            let receipt = ErasureReceipt::open(&signed, [(key.0, &public)])?;
            Ok((Stage::Ended(signed), sentences(&receipt)))
        }
        Ok(Stage::Waits) => Ok((
            Stage::Waits,
            format!(
                "what was filed is erased; the office goes on by itself once it has opened what had arrived: erasure {}",
                hex::encode(&begun.id)
            ),
        )),
        Err(error @ erasure::ErasureError::NoReceiptKey(_)) => Ok((Stage::Waits, error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Checks a receipt by the office's trust files, and says what is in it.
pub(super) async fn show(office: &Office, file: &Path) -> Result<(), Failure> {
    let signed = disk::read(file, wire::limits::ERASURE_BYTES as u64)?;
    let communities = trust::in_force(&*open(office).await?).await?;
    let root = communities.first().ok_or("no trust files are in force")?.root();
    let keys = root.receipts.iter().map(|key| (key.kid, &key.key));
    say(&sentences(&ErasureReceipt::open(&signed, keys)?))
}

/// Returns what a receipt says.
fn sentences(receipt: &ErasureReceipt) -> String {
    let counts = receipt.counts;
    let at = |seconds: i64| rfc3339(Timestamp(seconds));
    let mut lines = vec![
        format!("erasure {}, from {} to {}", hex::encode(&receipt.id), at(receipt.begun), at(receipt.ended)),
        format!("{} passages name nobody any more", counts.passages),
        format!("{} reports in quarantine are erased", counts.held),
        format!("the words of {} entries of the audit log are erased", counts.entries),
    ];
    if counts.shut > 0 {
        lines.push(format!("{} reports in quarantine cannot be read by this office", counts.shut));
    }
    if counts.waiting > 0 {
        lines.push(format!("{} reports had arrived and were not opened", counts.waiting));
    }
    if !receipt.overwritten {
        lines.push("the database keeps old rows until VACUUM FULL, and its log is recycled".to_owned());
        lines.push(format!("letters that were opened are dropped by {}", at(receipt.mail_until)));
    }
    for copy in &receipt.copies {
        let until = copy.until.map_or_else(|| "somebody removes it".to_owned(), at);
        lines.push(format!("{}, made {}, holds it until {until}", copy.name, at(copy.made)));
    }
    if receipt.more > 0 {
        lines.push(format!("{} more copies, none of which is kept longer", receipt.more));
    }
    lines.join("\n")
}

/// Reads whom to erase: not from the command line, which the machine shows to everybody and the shell remembers.
async fn asked(store: &dyn Store, keys: &Keyring) -> Result<Names, Failure> {
    let mut text = String::new();
    std::io::stdin().lock().take(SOUGHT_CHARS as u64 * 4 + 1).read_to_string(&mut text)?;
    let named = match Asked::read(&text).map_err(|code| format!("standard input: {code}"))? {
        Asked::Code(code) => {
            let communities = trust::in_force(store).await?;
            let trust = communities.first().ok_or("no trust files are in force")?;
            let signed = signed(trust, &code).ok_or("no issuer that is listed signed this code")?;
            keys.signed_names(&signed)
        }
        number => keys.names(&number),
    };
    Ok(named.ok_or("this office has no person.key")?.into())
}

fn signed(trust: &health_code::Trust, code: &Presented) -> Option<health_code::family::Signed> {
    match trust.authenticate_presented(code, &trust.community().region) {
        Ok(signed) => Some(signed),
        Err(refused) => refused.authentic.map(|signed| *signed),
    }
}

/// Opens the office's keys; a mistyped folder is no order to make some.
pub(super) fn keyring(office: &Office) -> Result<Keyring, Failure> {
    let folder: PathBuf = Layout::of(&office.folder.data).keys();
    if !Keyring::is_there(&folder)? {
        return Err(format!("{}: no office has keys here", folder.display()).into());
    }
    Ok(Keyring::open(&folder)?)
}
