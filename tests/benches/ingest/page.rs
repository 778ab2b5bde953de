//! The tables, and their places in the page.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::cell::{self, At, Cell};
use crate::opening::Opened;
use crate::options::{Kind, Options};

/// What a grown database keeps for ever.
pub struct Kept {
    pub engine: Kind,
    pub rows: usize,
    pub bytes: u64,
}

/// Returns the tables that were measured, in Markdown.
pub fn tables(cells: &[Cell], kept: &[Kept], opened: Option<&Opened>, options: &Options) -> String {
    let mut out = String::new();
    let commits = options.commits;
    if !cells.is_empty() {
        out += &format!("Taking in, at most {commits} commits of each in a cell:\n\n");
        out += "| database | reports held | connections | batch | reports/s | bare | ratio | ratio of the whole time | commit p50 | p99 |\n|---|---|---|---|---|---|---|---|---|---|\n";
    }
    for cell in cells {
        let At { engine, rows, connections, batch } = cell.at;
        let (ours, bare) = (cell.ours, cell.bare);
        let (ratio, all, p50, p99) = (cell.ratio(), cell.of_all, ms(cell.p50), ms(cell.p99));
        let engine = engine.name();
        let rows = power(rows);
        writeln!(out, "| {engine} | {rows} | {connections} | {batch} | {ours:.0} | {bare:.0} | **{ratio:.2}** | {all:.2} | {p50} | {p99} |").unwrap();
    }
    if let Some(&batch) = options.batches.iter().max().filter(|_| !cells.is_empty()) {
        let cut = ms(cell::cutting(batch));
        out += &format!("\nOf each commit of {batch}, cutting into runs and hashing takes {cut}.\n");
    }
    if !kept.is_empty() {
        out += "\nKept for ever:\n\n| database | reports held | bytes a report |\n|---|---|---|\n";
    }
    for Kept { engine, rows, bytes } in kept {
        let each = *bytes as f64 / *rows as f64;
        writeln!(out, "| {} | {} | {each:.1} |", engine.name(), power(*rows)).unwrap();
    }
    if opened.is_some() {
        out += "\nOpening, on all cores at once:\n\n| database | reports | cores | opened and filed/s | HPKE alone/s | ratio | HPKE and the code's signature/s | ratio | filing alone/s |\n|---|---|---|---|---|---|---|---|---|\n";
    }
    if let Some(Opened { engine, reports, cores, ours, hpke, with_code, filing }) = opened {
        let (of_hpke, of_both) = (ours / hpke, ours / with_code);
        let engine = engine.name();
        writeln!(out, "| {engine} | {reports} | {cores} | {ours:.0} | {hpke:.0} | **{of_hpke:.2}** | {with_code:.0} | {of_both:.2} | {filing:.0} |").unwrap();
    }
    out
}

fn ms(time: std::time::Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// Writes a power of ten as one, and any other number as it is.
fn power(rows: usize) -> String {
    let exponent = rows.ilog10();
    if 10_usize.pow(exponent) == rows { format!("10^{exponent}") } else { rows.to_string() }
}

/// Replaces what stands between an engine's marks.
pub fn put(page: &Path, engine: &str, tables: &str) {
    let before = fs::read_to_string(page).unwrap();
    let (opening, closing) = (format!("<!-- {engine} -->"), format!("<!-- /{engine} -->"));
    let start = before.find(&opening).unwrap() + opening.len();
    let end = start + before[start..].find(&closing).unwrap();
    fs::write(page, format!("{}\n{}\n{}", &before[..start], tables.trim_end(), &before[end..])).unwrap();
}
