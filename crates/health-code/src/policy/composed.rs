//! How the policies of nation, province, city, district, street and community become one.
//!
//! A narrower policy can only be stricter, item by item, unless a wider one lets it be milder there.

use super::milder::{Item, Limit};
use super::{BirthParts, CertificateRow, Days, Hours, Policy, Row, Ruling};

/// Composes the policies that are in force, from the widest to the narrowest; `None` without any.
///
/// For each cell and each limit a policy counts, unless it lets a narrower one of them be milder
/// there; the strictest of those that count holds. What is no matter of strictness comes from the
/// narrowest policy that says it.
pub(crate) fn compose(chain: &[&Policy]) -> Option<Policy> {
    let narrowest = *chain.last()?;
    let narrow_first = || chain.iter().rev().copied();
    let limit = |limit| counting(chain, Item::Limit(limit));
    let birth = limit(Limit::Certificates).map(Policy::birth_parts).reduce(BirthParts::and);
    let row = limit(Limit::Certificates).map(|policy| policy.certificates).reduce(stricter_row).flatten();
    let address = narrow_first().map(|policy| &policy.no_code_url).find(|address| !address.is_empty());
    Some(Policy {
        table: table(chain),
        fever_tenths: limit(Limit::Fever).map(|policy| policy.fever_tenths).min()?,
        declaration_max_hours: limit(Limit::Declaration).map(|policy| policy.declaration_max_hours).min()?,
        soft_expiry_seconds: limit(Limit::SoftExpiry).filter_map(|policy| policy.soft_expiry_seconds).min(),
        hard_expiry_seconds: limit(Limit::HardExpiry).filter_map(|policy| policy.hard_expiry_seconds).min(),
        collectors_add_checkpoints: limit(Limit::CollectorsAdd)
            .all(|policy| policy.collectors_add_checkpoints),
        certificates: row.map(|row| CertificateRow { birth, ..row }),
        no_code_url: address.cloned().unwrap_or_default(),
        screen: narrow_first().find_map(|policy| policy.screen),
        idle_minutes: chain.iter().map(|policy| policy.idle_minutes()).min(),
        kept_reports: chain.iter().filter_map(|policy| policy.kept_reports).max(),
        keep_days: chain.iter().filter_map(|policy| policy.keep_days).min(),
        milder: Vec::new(),
        version: narrowest.version,
        region: narrowest.region.clone(),
        document: narrowest.document.clone(),
        from: narrowest.from,
        to: narrowest.to,
        zone: narrowest.zone.clone(),
        repeat_window_seconds: narrowest.repeat_window_seconds,
    })
}

/// Returns the policies whose value of an item counts: all but those that let a narrower one be milder.
/// The narrowest always does.
fn counting<'p>(chain: &'p [&'p Policy], item: Item) -> impl Iterator<Item = &'p Policy> {
    chain.iter().enumerate().filter_map(move |(at, policy)| {
        let mut narrower = chain.iter().skip(at + 1);
        let gives_way = narrower
            .any(|narrower| policy.milder.iter().any(|permission| permission.lets(item, &narrower.region)));
        (!gives_way).then_some(*policy)
    })
}

fn table(chain: &[&Policy]) -> [Row; 5] {
    let cell = |row: usize, column: usize| {
        // Both are below five.
        let item = Item::Cell(u8::try_from(row * 5 + column).unwrap_or(u8::MAX));
        let rulings =
            counting(chain, item).filter_map(|policy| policy.table.get(row)?.cells().get(column).copied());
        rulings.max().unwrap_or(Ruling::Stop)
    };
    std::array::from_fn(|row| Row::of(std::array::from_fn(|column| cell(row, column))))
}

/// Returns the row that lets through what both let through. Where a policy has no row a person looks at
/// each certificate, so then none may be better than a check.
fn stricter_row(a: Option<CertificateRow>, b: Option<CertificateRow>) -> Option<CertificateRow> {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (Some(row), None) | (None, Some(row)) => {
            return Some(CertificateRow { accepted: row.accepted.max(Ruling::Check), ..row });
        }
        (None, None) => return None,
    };
    let accepted = a.accepted.max(b.accepted);
    Some(CertificateRow {
        accepted,
        // What one of them accepts and the other does not is now otherwise: no milder than accepted there.
        otherwise: a.otherwise.max(b.otherwise).max(accepted),
        vaccination: both(a.vaccination, b.vaccination, Days::and),
        doses: a.doses.max(b.doses),
        test: both(a.test, b.test, Hours::and),
        recovery: both(a.recovery, b.recovery, Days::and),
        birth: None,
    })
}

/// Returns the window that lies in both; a kind without a window is not accepted.
fn both<W>(a: Option<W>, b: Option<W>, and: impl Fn(W, W) -> Option<W>) -> Option<W> {
    a.zip(b).and_then(|(a, b)| and(a, b))
}

impl Days {
    fn and(self, other: Self) -> Option<Self> {
        let window = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (window.from <= window.to).then_some(window)
    }
}

impl Hours {
    fn and(self, other: Self) -> Option<Self> {
        let window = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (window.from <= window.to).then_some(window)
    }
}

#[cfg(test)]
mod tests;
