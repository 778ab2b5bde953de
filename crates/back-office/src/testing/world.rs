//! An office in a folder, with the trust files of the sample deployment.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use disk::{Access, trust_folder};
use health_code::TrustFiles;
use sample::{Deployment, NOW};
use wire::{Generation, hex};

use crate::config::Layout;
use crate::context::{Context, Parts};
use crate::erasure::list::ErasedList;
use crate::keys::Keyring;
use crate::store::{SqliteStore, Store};
use crate::system::Clock;
use crate::trust::TrustInForce;

/// The office's private sealing key.
pub(crate) const SEALING: [u8; 32] = [5; 32];

/// The private key to which declarations are sealed.
pub(crate) const IDENTITY: [u8; 32] = [4; 32];

/// The state of the office's database.
pub(crate) const GENERATION: Generation = Generation([6; 16]);

/// Makes an office's store, keys and trust in a folder.
pub(crate) async fn context(folder: &Path, clock: Clock) -> Context {
    write_keys(&folder.join("import"));
    context_of_keys(folder, clock).await
}

/// Makes an office that may sign its community file as well.
pub(crate) async fn context_with_region_key(folder: &Path, clock: Clock) -> Context {
    write_keys(&folder.join("import"));
    let region = sample::key(sample::REGION).seed();
    fs::write(folder.join("import/region.key"), hex::encode(&*region)).unwrap();
    context_of_keys(folder, clock).await
}

async fn context_of_keys(folder: &Path, clock: Clock) -> Context {
    let layout = Layout::of(folder);
    let import = folder.join("import");
    Keyring::import(&import, &layout.keys()).unwrap();
    write_trust(&layout.trust(), &deployment().files());
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&layout.database()).unwrap());
    let trust = TrustInForce::open(layout.trust(), store.clone(), NOW).await.unwrap();
    let keys = Keyring::open(&layout.keys()).unwrap();
    let generation = store.generation(GENERATION).await.unwrap();
    let erased = ErasedList::of(&layout, None);
    Context::of(Parts { store, trust, keys, generation, erased, clock })
}

/// Returns the office's private keys, its region key with them, and the folder that holds them.
pub(crate) fn keyring() -> (tempfile::TempDir, Keyring) {
    let folder = tempfile::tempdir().unwrap();
    let (import, layout) = (folder.path().join("import"), Layout::of(folder.path()));
    write_keys(&import);
    let region = sample::key(sample::REGION).seed();
    fs::write(import.join("region.key"), hex::encode(&*region)).unwrap();
    Keyring::import(&import, &layout.keys()).unwrap();
    let keys = Keyring::open(&layout.keys()).unwrap();
    (folder, keys)
}

/// Writes the office's private keys into a folder, to be imported from there.
pub(crate) fn write_keys(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("sealing.key"), hex::encode(&SEALING)).unwrap();
    fs::write(folder.join("identity.key"), hex::encode(&IDENTITY)).unwrap();
    let receipts = sample::key(sample::RECEIPTS).seed();
    fs::write(folder.join("receipt.key"), hex::encode(&*receipts)).unwrap();
}

/// Writes trust files into a folder, as a publisher does.
pub(crate) fn write_trust(folder: &Path, files: &TrustFiles) {
    disk::private_folder(folder).unwrap();
    trust_folder::replace_each(folder, files, Access::Owner).unwrap();
}

/// Returns the deployment's trust files with a list of this version.
pub(crate) fn files_with_list(version: u64) -> TrustFiles {
    files_with(|deployment| deployment.list.version = version)
}

/// Returns the deployment's trust files after a change.
pub(crate) fn files_with(change: impl FnOnce(&mut Deployment)) -> TrustFiles {
    let mut deployment = deployment();
    change(&mut deployment);
    deployment.files()
}

/// Returns the sample deployment, whose reports are sealed to this office.
pub(crate) fn deployment() -> Deployment {
    let mut deployment = Deployment::new();
    deployment.seal_to(wire::seal::recipient_key(&SEALING).unwrap());
    deployment
}
