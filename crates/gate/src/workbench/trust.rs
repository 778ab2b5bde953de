//! The page of the trust files: versions, ages, issuers, and what came of asking for newer ones.

use std::time::Duration;

use health_code::{Issuer, Trust};

use crate::action::Action;
use crate::limits::ISSUERS_SHOWN;
use crate::window::bar::Line;
use crate::window::rules::{FileAge, IssuerItem, RegionLevel, TrustUpdate, TrustView};
use crate::wing::{Effects, Known};

/// An office that has said nothing by then does not answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(60);

/// Asking the office for newer files.
#[derive(Default)]
pub(super) struct Asking {
    said: Option<TrustUpdate>,
    until: Duration,
    /// The versions of list and community when it was asked.
    before: (u64, u64),
}

impl Asking {
    pub(super) fn said(&self) -> Option<TrustUpdate> {
        self.said
    }

    /// Has the uplink ask the office at once.
    pub(super) fn begin(&mut self, known: &Known, effects: &mut Effects) {
        if self.is_open() {
            return;
        }
        self.said = Some(TrustUpdate::Asking);
        self.until = known.now.mono.saturating_add(ANSWERS_WITHIN);
        self.before = known.trust.map(versions).unwrap_or_default();
        effects.act(Action::UpdateNow);
    }

    /// The uplink has tried to reach the office; `coming` says whether newer files are coming down.
    pub(super) fn exchanged(&mut self, answered: bool, coming: bool, known: &Known) {
        if !self.is_open() {
            return;
        }
        self.said = Some(match (answered, coming) {
            (false, _) => TrustUpdate::NoAnswer,
            (true, true) => TrustUpdate::Coming,
            (true, false) => TrustUpdate::Current,
        });
        self.trust_changed(known);
    }

    /// Newer files are in force, if any of them is newer.
    pub(super) fn trust_changed(&mut self, known: &Known) {
        let now = known.trust.map(versions).unwrap_or_default();
        let open = self.is_open() || self.said == Some(TrustUpdate::Current);
        if open && now != self.before {
            self.said = Some(TrustUpdate::Newer { from: self.before.0, to: now.0 });
        }
    }

    pub(super) fn pass_time(&mut self, known: &Known) {
        if self.is_open() && known.now.mono >= self.until {
            let online = known.around.line == Line::Online;
            self.said = Some(if online { TrustUpdate::Current } else { TrustUpdate::NoAnswer });
        }
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        self.is_open().then_some(self.until)
    }

    fn is_open(&self) -> bool {
        matches!(self.said, Some(TrustUpdate::Asking | TrustUpdate::Coming))
    }
}

/// Returns what is shown of the trust files; `None` without any.
pub(super) fn view(known: &Known) -> Option<TrustView> {
    let trust = known.trust?;
    let (list, community) = (trust.list(), trust.community());
    let (soft, hard) = known.standing.expiries?;
    let mut issuers: Vec<&Issuer> = list.issuers.iter().collect();
    issuers.sort_by_key(|issuer| (issuer.foreign, digits(issuer), &issuer.iss, issuer.not_before));
    let item = |issuer: &&Issuer| IssuerItem {
        name_zh: issuer.name_zh.clone(),
        name_en: issuer.name_en.clone(),
        level: (!issuer.foreign).then(|| RegionLevel::of_digits(digits(issuer))),
        from: issuer.not_before,
        until: issuer.not_after,
        followed: list.issuers.iter().any(|next| next.iss == issuer.iss && next.not_after > issuer.not_after),
    };
    Some(TrustView {
        root: trust.root().version,
        list: FileAge { version: list.version, issued: list.issued, soft, hard },
        community: FileAge {
            version: community.version,
            issued: community.issued,
            soft: community.soft_expiry,
            hard: community.believed_until(),
        },
        issuers: issuers.iter().take(ISSUERS_SHOWN).map(item).collect(),
        more: issuers.len().saturating_sub(ISSUERS_SHOWN),
        signers: list.signers.len(),
        revoked: trust.revocations().len(),
    })
}

/// Returns the digits of the widest region for which an issuer issues.
fn digits(issuer: &Issuer) -> usize {
    issuer.regions.iter().map(|region| region.as_str().len()).min().unwrap_or_default()
}

fn versions(trust: &Trust) -> (u64, u64) {
    (trust.list().version, trust.community().version)
}
