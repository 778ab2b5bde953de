//! `cargo xtask bench ingest`: how fast an office takes reports in and opens them, beside the bare database
//! and bare HPKE.
//!
//! A database is grown to so many reports and copied for each cell of the table. In a cell the office's store
//! and a bare insert of the same reports take turns, so that a busy machine slows both.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on stops")]

mod bare;
mod cell;
mod engine;
mod filing;
mod opening;
mod options;
mod page;
mod picture;
mod senders;
mod sqlite;

use clap::Parser as _;
use tokio::runtime::Runtime;

use cell::Cell;
use engine::Engine;
use options::Options;
use senders::Senders;

fn main() {
    let options = Options::parse();
    let runtime = Runtime::new().unwrap();
    for kind in &options.engines {
        let engine = Engine::start(*kind, &options);
        let (mut cells, mut kept) = (Vec::new(), Vec::new());
        if !options.skips_accept {
            accept(&runtime, &engine, &options, &mut cells, &mut kept);
        }
        let opened = (!options.skips_open).then(|| opening::measure(&runtime, &engine, options.opened));
        let tables = page::tables(&cells, &kept, opened.as_ref(), &options);
        println!("\n{tables}");
        if let Some(docs) = &options.docs {
            page::put(&docs.join("measurements/ingest.md"), kind.slug(), &tables);
            picture::draw(&docs.join(format!("pictures/ingest-{}.svg", kind.slug())), &cells);
        }
    }
}

/// Measures one engine's cells, from the smallest database to the largest.
fn accept(
    runtime: &Runtime,
    engine: &Engine,
    options: &Options,
    cells: &mut Vec<Cell>,
    kept: &mut Vec<page::Kept>,
) {
    let mut senders = Senders::new();
    runtime.block_on(engine.prepare(&senders));
    for &rows in &options.rows {
        runtime.block_on(engine.grow(&mut senders, rows));
        kept.push(page::Kept { engine: engine.kind(), rows, bytes: runtime.block_on(engine.kept_bytes()) });
        for &connections in &options.connections {
            for &batch in &options.batches {
                let at = cell::At { engine: engine.kind(), rows, connections, batch };
                let cell = runtime.block_on(cell::measure(engine, &senders, at, options.commits));
                eprintln!("{cell}");
                cells.push(cell);
            }
        }
    }
}
