//! Measures every candidate variant on a set of photos, chooses the ladder's order by what each
//! adds a millisecond, checks the choice on parts that were held out, and writes the order if the
//! reader reads more with it.
//!
//! With `--measure` it stops after the measurements, which are kept in a cache.
//!
//! `cargo xtask ladder DIR` runs it. DIR holds a `manifest.tsv` as `reader-bench read --manifest` takes it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on stops")]
#![allow(missing_docs)]

mod candidates;
mod choose;
mod measure;
mod photos;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use code_reader::ORDER;

fn main() {
    let mut dir = PathBuf::from(".");
    let (mut cache, mut write) = (PathBuf::from("target/ladder"), false);
    let (mut only, mut run, mut measure) = (String::new(), false, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--cache" => cache = arguments.next().unwrap().into(),
            "--only" => only = arguments.next().unwrap(),
            "--run" => run = true,
            "--measure" => measure = true,
            "--write" => write = true,
            _ => dir = argument.into(),
        }
    }
    std::fs::create_dir_all(&cache).unwrap();
    let views = photos::load(&dir);
    println!("{} views, {} with a code", views.len(), views.iter().filter(|view| view.has_code()).count());
    if run {
        for budget in [10, 15, 20, 30, 90] {
            choose::run_reader("as it is", ORDER, &views, Duration::from_millis(budget));
        }
        return;
    }
    let variants: Vec<_> = candidates::all().into_iter().filter(|v| v.to_string().contains(&only)).collect();
    let next = AtomicUsize::new(0);
    let results: Vec<measure::Row> = std::thread::scope(|scope| {
        let work = || {
            let mut rows = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(variant) = variants.get(at) else { return rows };
                rows.push((at, measure::row(variant, &views, &cache)));
            }
        };
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        let mut rows: Vec<_> = workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
        rows.sort_by_key(|(at, _)| *at);
        rows.into_iter().map(|(_, row)| row).collect()
    });
    if measure {
        return;
    }
    let chosen = choose::report(&variants, &results, &views);
    // What was measured variant by variant is not quite what the reader does with them: it must
    // guess what each will cost. So the reader has the last word.
    let [now, then] = [("as it is", ORDER), ("as chosen now", &chosen)].map(|(name, order)| {
        let budgets = [10, 15, 20, 30, 90].map(Duration::from_millis);
        budgets.map(|budget| choose::run_reader(name, order, &views, budget)).iter().sum::<usize>()
    });
    if then <= now {
        println!("the order as it is reads no less: it stays");
    } else if write {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ladder/order.rs");
        std::fs::write(file, choose::source(&variants, &results, &views)).unwrap();
    }
}
