//! What a command works with that does an office's work beside `serve`.

use wire::Generation;

use super::arguments::Office;
use super::{Failure, open};
use crate::config::Layout;
use crate::context::{Context, Parts};
use crate::erasure::list::ErasedList;
use crate::keys::Keyring;
use crate::system::{Clock, random};
use crate::trust::TrustInForce;

/// Opens what belongs to an office, and changes nothing.
pub(super) async fn context(office: &Office) -> Result<Context, Failure> {
    let layout = Layout::of(&office.folder.data);
    let store = open(office).await?;
    let trust = TrustInForce::as_it_is(layout.trust(), store.clone()).await?;
    let trust = trust.ok_or("this office has no trust files yet")?;
    let keys = Keyring::open(&layout.keys())?;
    let generation = store.generation(Generation(random()?)).await?;
    let erased = ErasedList::of(&layout, None);
    Ok(Context::of(Parts { store, trust, keys, generation, erased, clock: Clock::system() }))
}
