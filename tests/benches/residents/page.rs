//! The table, and its place in the page.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::Line;

/// Returns what was measured, in Markdown.
pub fn table(lines: &[Line]) -> String {
    let head = "| database | passages | asked for | found | p50 | p99 | bare p50 | bare p99 |\n|---|---|---|---|---|---|---|---|\n";
    head.to_owned() + &lines.iter().map(|line| row(line) + "\n").collect::<String>()
}

/// Returns one row of it.
pub fn row(Line { engine, rows, what, found, ours, bare }: &Line) -> String {
    let [p50, p99] = ours.map(ms);
    let [bare50, bare99] = bare.map(ms);
    format!("| {engine} | {rows} | {what} | {found} | **{p50}** | {p99} | {bare50} | {bare99} |")
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// Replaces what stands between the page's marks.
pub fn put(page: &Path, table: &str) {
    let before = fs::read_to_string(page).unwrap();
    let (opening, closing) = ("<!-- table -->", "<!-- /table -->");
    let start = before.find(opening).unwrap() + opening.len();
    let end = start + before[start..].find(closing).unwrap();
    fs::write(page, format!("{}\n{}\n{}", &before[..start], table.trim_end(), &before[end..])).unwrap();
}
