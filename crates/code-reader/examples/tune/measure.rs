//! Measures what one variant reads of each view and what that costs, by the thread's computing time, so
//! that other work on the machine does not count.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use code_reader::{Reader, Sighting, Variant};

use crate::photos::View;

/// The outcome of one view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Read,
    Nothing,
    Wrong,
}

/// One variant on every view: outcomes and milliseconds.
pub type Row = Vec<(Outcome, f32)>;

pub fn cpu() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

pub fn outcome(seen: &Sighting, view: &View) -> Outcome {
    match seen {
        Sighting::Code(code) if view.accepts(code.text.as_str()) => Outcome::Read,
        Sighting::Code(_) => Outcome::Wrong,
        _ => Outcome::Nothing,
    }
}

/// Takes the row from the cache, or measures it.
pub fn row(variant: &Variant, views: &[View], cache: &Path) -> Row {
    let file = cache.join(variant.to_string().replace('/', "_"));
    if let Some(row) = std::fs::read_to_string(&file).ok().and_then(|text| parse(&text))
        && row.len() == views.len()
    {
        return row;
    }
    let mut reader =
        Reader::with_clock(Duration::from_millis(20), Box::new(cpu)).with_order(&[*variant]).without_hints();
    let mut row = Vec::new();
    let mut text = String::new();
    for view in views {
        // Each view stands on its own: nothing that is meant for video may help or cost.
        reader.restart();
        let begin = cpu();
        let seen = reader.read(&view.frame);
        let took = (cpu() - begin).as_secs_f32() * 1000.0;
        let outcome = outcome(&seen, view);
        if outcome == Outcome::Wrong {
            eprintln!("{variant}: wrong on {} {}", view.path, view.way);
        }
        writeln!(text, "{outcome:?}\t{took:.3}").unwrap();
        row.push((outcome, took));
    }
    std::fs::write(&file, text).unwrap();
    row
}

fn parse(text: &str) -> Option<Row> {
    text.lines()
        .map(|line| {
            let (outcome, took) = line.split_once('\t')?;
            let outcome = match outcome {
                "Read" => Outcome::Read,
                "Nothing" => Outcome::Nothing,
                "Wrong" => Outcome::Wrong,
                _ => return None,
            };
            Some((outcome, took.parse().ok()?))
        })
        .collect()
}
