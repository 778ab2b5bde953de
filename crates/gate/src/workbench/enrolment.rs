//! The page that says where this laptop belongs.

use health_code::Trust;
use sha2::{Digest as _, Sha256};

use crate::window::workbench::{EnrolmentView, RootView};
use crate::wing::Known;

/// Returns where this laptop belongs.
pub(super) fn view(known: &Known) -> EnrolmentView {
    EnrolmentView {
        enrolment: known.around.enrolment.clone(),
        region: known.community().map(|community| community.region.to_string()).unwrap_or_default(),
        root: known.trust.map(root),
    }
}

fn root(trust: &Trust) -> RootView {
    let hash = Sha256::digest(&trust.files().root).into();
    RootView { version: trust.root().version, fingerprint: wire::ticket::fingerprint(&hash).to_vec() }
}
