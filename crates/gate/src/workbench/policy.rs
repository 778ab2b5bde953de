//! The policy's page: what holds, by which document, and what the community makes stricter.

use std::ops::RangeInclusive;

use health_code::limits::TEMPERATURE_TENTHS;
use health_code::policy::{CELLS, Policy, Ruling};
use health_code::trust::PolicyFile;
use wire::report::{Cell, RosterChange, StricterRuling};

use crate::window::rules::{PolicyCell, PolicyLevel, PolicyLimit, PolicyView, RegionLevel};
use crate::window::workbench::ChangeProblem;
use crate::wing::Known;

/// Cells of a row: one for each colour.
const COLOURS: usize = 5;
/// The hours for which a declaration may be good, where the community says so.
const HOURS: RangeInclusive<u16> = 1..=9_999;

/// Returns what is shown of the policy; `None` where none is in force.
pub(super) fn view(known: &Known) -> Option<PolicyView> {
    let (trust, policy) = (known.trust?, known.standing.policy()?);
    let chain = trust.policies_in_force(known.now.wall);
    let by = |says: &dyn Fn(&Policy) -> bool| by(&chain, says);
    let asked = asked(known);
    let rows = policy.table.iter().enumerate().map(|(row, rulings)| {
        let cell = |(column, ruling): (usize, Ruling)| PolicyCell {
            ruling,
            by: by(&|policy| cell_of(policy, row * COLOURS + column) == Some(ruling)),
            asked: asked.cell(row * COLOURS + column).filter(|asked| *asked > ruling),
        };
        rulings.cells().into_iter().enumerate().map(cell).collect()
    });
    Some(PolicyView {
        rows: rows.collect(),
        fever: PolicyLimit {
            value: policy.fever_tenths.into(),
            by: by(&|other| other.fever_tenths == policy.fever_tenths),
            asked: asked.fever.map(u32::from).filter(|asked| *asked < policy.fever_tenths.into()),
        },
        declaration_hours: PolicyLimit {
            value: policy.declaration_max_hours,
            by: by(&|other| other.declaration_max_hours == policy.declaration_max_hours),
            asked: asked.hours.map(u32::from).filter(|asked| *asked < policy.declaration_max_hours),
        },
        repeat_seconds: policy.repeat_window_seconds,
        keep_days: policy.keep_days,
        levels: chain.iter().map(|file| level(file)).collect(),
    })
}

/// Returns the change that makes one cell stricter.
pub(super) fn stricter_cell(cell: u8, ruling: Ruling, known: &Known) -> Result<RosterChange, ChangeProblem> {
    let policy = known.standing.policy().ok_or(ChangeProblem::NotStricter)?;
    let now = cell_of(policy, cell.into()).filter(|_| cell < CELLS).ok_or(ChangeProblem::NotStricter)?;
    let stricter = match ruling {
        Ruling::Check => StricterRuling::Check,
        Ruling::Stop => StricterRuling::Stop,
        Ruling::Pass => return Err(ChangeProblem::NotStricter),
    };
    if ruling <= now {
        return Err(ChangeProblem::NotStricter);
    }
    let cells = vec![Cell { index: cell, ruling: stricter }];
    Ok(RosterChange::PolicyStricter { cells, fever: None, declaration_hours: None })
}

/// Returns the change that makes the limits stricter which are given.
pub(super) fn stricter_limits(
    fever: Option<u16>,
    declaration_hours: Option<u16>,
    known: &Known,
) -> Result<RosterChange, ChangeProblem> {
    let policy = known.standing.policy().ok_or(ChangeProblem::NotStricter)?;
    let cooler = |tenths: u16| tenths < policy.fever_tenths && TEMPERATURE_TENTHS.contains(&tenths);
    let shorter = |hours: u16| u32::from(hours) < policy.declaration_max_hours && HOURS.contains(&hours);
    let something = fever.is_some() || declaration_hours.is_some();
    if something && fever.is_none_or(cooler) && declaration_hours.is_none_or(shorter) {
        Ok(RosterChange::PolicyStricter { cells: Vec::new(), fever, declaration_hours })
    } else {
        Err(ChangeProblem::NotStricter)
    }
}

/// What was asked of the office and is not in force yet.
#[derive(Default)]
struct Asked {
    cells: Vec<Cell>,
    fever: Option<u16>,
    hours: Option<u16>,
}

impl Asked {
    fn cell(&self, index: usize) -> Option<Ruling> {
        let of = self.cells.iter().filter(|cell| usize::from(cell.index) == index);
        of.map(|cell| match cell.ruling {
            StricterRuling::Check => Ruling::Check,
            StricterRuling::Stop => Ruling::Stop,
        })
        .max()
    }
}

fn asked(known: &Known) -> Asked {
    let mut all = Asked::default();
    for change in known.roster.reported_changes() {
        if let RosterChange::PolicyStricter { cells, fever, declaration_hours } = change {
            all.cells.extend(cells.iter().copied());
            all.fever = least(all.fever, *fever);
            all.hours = least(all.hours, *declaration_hours);
        }
    }
    all
}

fn least(a: Option<u16>, b: Option<u16>) -> Option<u16> {
    a.into_iter().chain(b).min()
}

fn cell_of(policy: &Policy, index: usize) -> Option<Ruling> {
    policy.table.get(index / COLOURS)?.cells().get(index % COLOURS).copied()
}

/// Returns the widest policy that says something, by its place.
fn by(chain: &[&PolicyFile], says: &dyn Fn(&Policy) -> bool) -> u8 {
    let at = chain.iter().position(|file| says(file.policy())).unwrap_or_default();
    u8::try_from(at).unwrap_or_default()
}

fn level(file: &PolicyFile) -> PolicyLevel {
    let policy = file.policy();
    PolicyLevel {
        level: RegionLevel::of_digits(policy.region.as_str().len()),
        region: policy.region.as_str().to_owned(),
        document: policy.document.clone(),
        version: policy.version,
        from: policy.from,
        until: policy.to,
    }
}
