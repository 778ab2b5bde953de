//! Chooses the order of the ladder.
//!
//! A greedy search comes first: the next variant is the one that adds most reads for its time. Then the
//! order is changed in single steps, for as long as one of them reads more.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use code_reader::{Binarization, Reader, Variant};

use crate::measure::{Outcome, Row, cpu, outcome};
use crate::photos::View;

/// Milliseconds of one frame.
const BUDGET: f32 = 33.0;
/// The times for the variants, in milliseconds, for which an order is optimised: what the budget leaves
/// beside hints and a reserve, and less, since laptops are slower than the machine that measures.
const CHOSEN_BY: [f32; 4] = [18.0, 22.0, 25.0, 28.0];
/// Weight of a millisecond for all views, in reads: of two orders that read equally many, the faster one
/// wins.
const TIME: f64 = 0.02;
/// Number of parts in the cross-validation.
const PARTS: usize = 5;

/// Chooses variants by the views for which `counts` is true.
fn choose(rows: &[Row], views: &[View], counts: impl Fn(usize) -> bool) -> Vec<usize> {
    let usable: Vec<usize> =
        (0..rows.len()).filter(|&at| rows[at].iter().all(|view| view.0 != Outcome::Wrong)).collect();
    let views: Vec<usize> = (0..views.len()).filter(|&at| counts(at)).collect();
    let mut order = greedy(rows, &usable, &views);
    let mut best = worth(&order, rows, &views);
    loop {
        let mut better = None;
        for changed in changes(&order, &usable) {
            let worth = worth(&changed, rows, &views);
            if worth > best {
                (best, better) = (worth, Some(changed));
            }
        }
        let Some(changed) = better else { return order };
        order = changed;
    }
}

fn greedy(rows: &[Row], usable: &[usize], views: &[usize]) -> Vec<usize> {
    let budget = CHOSEN_BY[CHOSEN_BY.len() - 1];
    let mut order: Vec<usize> = Vec::new();
    let mut open: Vec<(usize, f32)> = views.iter().map(|&at| (at, budget)).collect();
    loop {
        let mut best = (0.0, None);
        for &candidate in usable.iter().filter(|candidate| !order.contains(candidate)) {
            let (mut gain, mut time) = (0.0f32, 1.0f32);
            for &(at, left) in &open {
                let (outcome, took) = rows[candidate][at];
                if took <= left {
                    time += took;
                    gain += f32::from(u8::from(outcome == Outcome::Read));
                }
            }
            let score = gain / time;
            if score > best.0 {
                best = (score, Some(candidate));
            }
        }
        let (_, Some(next)) = best else { return order };
        order.push(next);
        open.retain_mut(|(at, left)| {
            let (outcome, took) = rows[next][*at];
            if took > *left {
                return true;
            }
            *left -= took;
            outcome != Outcome::Read
        });
    }
}

/// Returns what an order reads, summed over the times in [`CHOSEN_BY`].
fn worth(order: &[usize], rows: &[Row], views: &[usize]) -> f64 {
    let mut worth = 0.0;
    for budget in CHOSEN_BY {
        for &at in views {
            let (is_read, spent) = run(order, rows, at, budget);
            worth += f64::from(u8::from(is_read)) - TIME * f64::from(spent) / views.len() as f64;
        }
    }
    worth
}

/// Returns all orders that differ by one step: one variant less, one moved, or one more.
fn changes(order: &[usize], usable: &[usize]) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    for from in 0..order.len() {
        let mut without = order.to_vec();
        let moved = without.remove(from);
        for to in (0..=without.len()).filter(|&to| to != from) {
            let mut changed = without.clone();
            changed.insert(to, moved);
            all.push(changed);
        }
        all.push(without);
    }
    for &new in usable.iter().filter(|new| !order.contains(new)) {
        for at in 0..=order.len() {
            let mut more = order.to_vec();
            more.insert(at, new);
            all.push(more);
        }
        for at in 0..order.len() {
            let mut other = order.to_vec();
            other[at] = new;
            all.push(other);
        }
    }
    all
}

/// Replays an order on a view. Returns whether it is read, and after how long.
fn run(order: &[usize], rows: &[Row], at: usize, budget: f32) -> (bool, f32) {
    let mut spent = 0.0;
    for &variant in order {
        let (outcome, took) = rows[variant][at];
        if spent + took > budget {
            continue;
        }
        spent += took;
        if outcome == Outcome::Read {
            return (true, spent);
        }
    }
    (false, spent)
}

/// Prints the measurements, and returns the best order.
pub fn report(variants: &[Variant], rows: &[Row], views: &[View]) -> Vec<Variant> {
    let with_code: Vec<usize> = (0..views.len()).filter(|&at| views[at].has_code()).collect();
    let share = |count: usize, of: usize| 100.0 * count as f64 / of.max(1) as f64;
    println!("{:<34} {:>6} {:>6} {:>6} {:>6} {:>6}", "variant", "read %", "wrong", "median", "p95", "alone");
    for (at, (variant, row)) in variants.iter().zip(rows).enumerate() {
        let read = with_code.iter().filter(|&&view| row[view].0 == Outcome::Read).count();
        let wrong = row.iter().filter(|view| view.0 == Outcome::Wrong).count();
        let mut times: Vec<f32> = row.iter().map(|view| view.1).collect();
        times.sort_by(f32::total_cmp);
        let alone = with_code.iter().filter(|&&view| {
            row[view].0 == Outcome::Read
                && rows.iter().enumerate().all(|(other, row)| other == at || row[view].0 != Outcome::Read)
        });
        println!(
            "{:<34} {:>6.1} {wrong:>6} {:>6.1} {:>6.1} {:>6}",
            variant.to_string(),
            share(read, with_code.len()),
            times[times.len() / 2],
            times[times.len() * 95 / 100],
            alone.count(),
        );
    }
    let union = |view: &usize| rows.iter().any(|row| row[*view].0 == Outcome::Read);
    println!(
        "all together: {:.1} %",
        share(with_code.iter().filter(|view| union(view)).count(), with_code.len())
    );
    let order = choose(rows, views, |at| views[at].has_code());
    let mut done = 0;
    for step in 0..order.len() {
        let count = with_code.iter().filter(|&&at| run(&order[..=step], rows, at, BUDGET).0).count();
        println!(
            "{:>2} {:<34} +{:<4} {:.2} %",
            step + 1,
            variants[order[step]].to_string(),
            count - done,
            share(count, with_code.len())
        );
        done = count;
    }
    let mut missed: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
    for &at in with_code.iter().filter(|&&at| !run(&order, rows, at, BUDGET).0) {
        let entry = missed.entry(&views[at].path).or_default();
        entry.0 += 1;
        entry.1 |= union(&at);
    }
    println!("missed (views, some variant reads it):");
    missed.iter().for_each(|(path, (count, read))| println!("  {path} {count} {read}"));
    let pictures: Vec<&str> = {
        let mut list: Vec<&str> = views.iter().map(|view| view.path.as_str()).collect();
        list.dedup();
        list
    };
    let part = |at: usize| pictures.iter().position(|path| *path == views[at].path).unwrap() % PARTS;
    let (mut total, mut shares) = (0, Vec::new());
    for held_out in 0..PARTS {
        let order = choose(rows, views, |at| views[at].has_code() && part(at) != held_out);
        let tested: Vec<usize> = with_code.iter().copied().filter(|&at| part(at) == held_out).collect();
        let read = tested.iter().filter(|&&at| run(&order, rows, at, BUDGET).0).count();
        total += read;
        shares.push(format!("{:.1}", share(read, tested.len())));
    }
    println!("held out, part by part: {}; all: {:.2} %", shares.join(" "), share(total, with_code.len()));
    order.into_iter().map(|at| variants[at]).collect()
}

/// Returns the orders as a source file: one for all decoders, one for a build without C++.
pub fn source(variants: &[Variant], rows: &[Row], views: &[View]) -> String {
    let list = |allowed: &dyn Fn(&Variant) -> bool| {
        let subset: Vec<usize> = (0..variants.len()).filter(|&at| allowed(&variants[at])).collect();
        let rows: Vec<Row> = subset.iter().map(|&at| rows[at].clone()).collect();
        let mut order: Vec<usize> =
            choose(&rows, views, |at| views[at].has_code()).into_iter().map(|at| subset[at]).collect();
        // Each decoder has a place: what one set of photos does not need, a gate may.
        for decoder in subset.iter().map(|&at| variants[at].decoder) {
            if !order.iter().any(|&at| variants[at].decoder == decoder) {
                let read = |at: usize| rows_read(&rows[subset.iter().position(|&s| s == at).unwrap()]);
                order.extend(
                    subset
                        .iter()
                        .copied()
                        .filter(|&at| variants[at].decoder == decoder)
                        .max_by_key(|&at| read(at)),
                );
            }
        }
        order.iter().map(|&at| format!("    {},\n", expression(&variants[at]))).collect::<String>()
    };
    let all = list(&|_| true);
    let plain = list(&|variant| !variant.to_string().starts_with("zxing"));
    format!(
        "//! The order of the ladder's variants, written by `cargo xtask ladder`. Do not edit it by hand.\n\n\
         use super::variant::{{Binarization, Variant}};\nuse crate::decoder::Decoder;\n\
         use crate::pictures::{{Filter, Scale, Threshold}};\n\n\
         /// The variants, the best first.\n#[cfg(feature = \"zxing\")]\npub const ORDER: &[Variant] = &[\n{all}];\n\n\
         /// The variants of a build without C++, the best first.\n#[cfg(not(feature = \"zxing\"))]\n\
         pub const ORDER: &[Variant] = &[\n{plain}];\n"
    )
}

fn rows_read(row: &Row) -> usize {
    row.iter().filter(|view| view.0 == Outcome::Read).count()
}

fn expression(variant: &Variant) -> String {
    let mut text = format!("Variant::plain(Decoder::{:?})", variant.decoder);
    if format!("{:?}", variant.preprocessing.scale) != "Whole" {
        write!(text, ".at(Scale::{:?})", variant.preprocessing.scale).unwrap();
    }
    if format!("{:?}", variant.preprocessing.filter) != "Plain" {
        write!(text, ".through(Filter::{:?})", variant.preprocessing.filter).unwrap();
    }
    match variant.binarization {
        Binarization::Own => {}
        Binarization::Global => text.push_str(".by(Binarization::Global)"),
        Binarization::Ours(threshold) => {
            write!(text, ".by(Binarization::Ours(Threshold::{threshold:?}))").unwrap()
        }
    }
    text
}

/// Runs the reader itself with an order over all views, each on its own. Returns how many it reads.
pub fn run_reader(name: &str, order: &[Variant], views: &[View]) -> usize {
    let mut reader =
        Reader::with_clock(Duration::from_millis(BUDGET as u64), Box::new(cpu)).with_order(order);
    let (mut read, mut wrong, mut with_code) = (0, 0, 0);
    let mut times: [Vec<f32>; 2] = [Vec::new(), Vec::new()];
    let mut missed: BTreeMap<&str, usize> = BTreeMap::new();
    for view in views {
        reader.restart();
        let begin = cpu();
        let seen = reader.read(&view.frame);
        times[usize::from(view.has_code())].push((cpu() - begin).as_secs_f32() * 1000.0);
        with_code += usize::from(view.has_code());
        match outcome(&seen, view) {
            Outcome::Read => read += 1,
            Outcome::Wrong => wrong += 1,
            Outcome::Nothing if view.has_code() => *missed.entry(&view.path).or_default() += 1,
            Outcome::Nothing => {}
        }
    }
    println!(
        "the reader, {name}: read {read} of {with_code} ({:.2} %), wrong {wrong}",
        100.0 * read as f64 / with_code as f64
    );
    for (times, name) in times.iter_mut().zip(["without a code", "with a code"]) {
        times.sort_by(f32::total_cmp);
        let at = |share: usize| times[(times.len() * share / 1000).min(times.len() - 1)];
        println!(
            "  {name}: median {:.1} ms, p95 {:.1}, p99 {:.1}, most {:.1}",
            at(500),
            at(950),
            at(990),
            at(1000)
        );
    }
    missed.iter().for_each(|(path, count)| println!("  missed {path} {count}"));
    read
}
