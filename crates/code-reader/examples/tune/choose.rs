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

/// The budgets for which an order is optimised, in z, zxing-cpp's median: a larger one only adds variants
/// to what a smaller one has time for.
const BUDGETS: [f32; 5] = [10.0, 15.0, 20.0, 30.0, 90.0];
/// The share of a budget that variants get. The rest is for what the reader does beside them.
const SHARE: f32 = 0.93;
/// The budget of one frame on the machine of the first measurements.
const FRAME: f32 = 30.0;
/// Weight of a millisecond for all views, in reads: of two orders that read equally many, the faster one
/// wins.
const TIME: f64 = 0.02;
/// The share of a reading variant's views that it would also read on other photographs like them. What two
/// variants read counts a little more than what one reads: an order leans less on single pictures.
const TRUST: f64 = 0.7;
/// Most variants of an order that is searched for.
const LONGEST: usize = 24;
/// Variants that follow for the largest budget: those that read most a millisecond of what is hard.
const TAIL: usize = 16;
/// A view is hard if so many of the first variants do not read it.
const HARD: usize = 4;
/// Number of parts in the cross-validation.
const PARTS: usize = 5;

/// Chooses variants by the views for which `counts` is true. `z` is in milliseconds.
fn choose(rows: &[Row], views: &[View], z: f32, counts: impl Fn(usize) -> bool) -> Vec<usize> {
    let usable: Vec<usize> =
        (0..rows.len()).filter(|&at| rows[at].iter().all(|view| view.0 != Outcome::Wrong)).collect();
    let views: Vec<usize> = (0..views.len()).filter(|&at| counts(at)).collect();
    let mut order = greedy(rows, &usable, &views, z);
    let mut best = worth(&order, rows, &views, z);
    loop {
        let mut better = None;
        for changed in changes(&order, &usable) {
            let worth = worth(&changed, rows, &views, z);
            if worth > best {
                (best, better) = (worth, Some(changed));
            }
        }
        let Some(changed) = better else { break };
        order = changed;
    }
    let hard: Vec<usize> = views
        .iter()
        .copied()
        .filter(|&at| order.iter().take(HARD).all(|&variant| rows[variant][at].0 != Outcome::Read))
        .collect();
    let pays = |variant: usize| {
        let read = hard.iter().filter(|&&at| rows[variant][at].0 == Outcome::Read).count();
        let time: f32 = hard.iter().map(|&at| rows[variant][at].1).sum();
        read as f32 / time.max(1.0)
    };
    let mut rest: Vec<usize> = usable.into_iter().filter(|variant| !order.contains(variant)).collect();
    rest.sort_by(|&a, &b| pays(b).total_cmp(&pays(a)));
    order.extend(rest.into_iter().take(TAIL));
    order
}

fn greedy(rows: &[Row], usable: &[usize], views: &[usize], z: f32) -> Vec<usize> {
    let budget = BUDGETS[BUDGETS.len() - 1] * z * SHARE;
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
        if order.len() == LONGEST {
            return order;
        }
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

/// Returns what an order reads, summed over all budgets.
fn worth(order: &[usize], rows: &[Row], views: &[usize], z: f32) -> f64 {
    let mut worth = 0.0;
    for budget in BUDGETS {
        for &at in views {
            let limit = budget * z * SHARE;
            let (_, spent) = run(order, rows, at, limit);
            worth += surely(order, rows, at, limit) - TIME * f64::from(spent) / views.len() as f64;
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
        for at in (0..=order.len()).filter(|_| order.len() < LONGEST) {
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

/// Replays an order on a view: for each variant for which there is time, whether it reads the view, and the
/// time until its end.
fn replay(order: &[usize], rows: &[Row], at: usize, budget: f32) -> impl Iterator<Item = (bool, f32)> {
    let ends = order.iter().scan(0.0, move |spent, &variant| {
        let (outcome, took) = rows[variant][at];
        let fits = *spent + took <= budget;
        *spent += if fits { took } else { 0.0 };
        Some(fits.then_some((outcome == Outcome::Read, *spent)))
    });
    ends.flatten()
}

/// Returns whether an order reads a view, and after how long.
fn run(order: &[usize], rows: &[Row], at: usize, budget: f32) -> (bool, f32) {
    let mut last = 0.0;
    for (is_read, spent) in replay(order, rows, at, budget) {
        if is_read {
            return (true, spent);
        }
        last = spent;
    }
    (false, last)
}

/// Returns how likely a picture like this view is read.
fn surely(order: &[usize], rows: &[Row], at: usize, budget: f32) -> f64 {
    let mut missed = 1.0;
    for _ in replay(order, rows, at, budget).filter(|(is_read, _)| *is_read) {
        missed *= 1.0 - TRUST;
        if missed < 0.03 {
            break;
        }
    }
    1.0 - missed
}

/// Prints the measurements, and returns the best order.
pub fn report(variants: &[Variant], rows: &[Row], views: &[View]) -> Vec<Variant> {
    let z = unit(variants, rows);
    println!("z: {z:.2} ms");
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
    let order = choose(rows, views, z, |at| views[at].has_code());
    let mut done = 0;
    for step in 0..order.len() {
        let count =
            with_code.iter().filter(|&&at| run(&order[..=step], rows, at, FRAME * z * SHARE).0).count();
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
    for &at in with_code.iter().filter(|&&at| !run(&order, rows, at, FRAME * z * SHARE).0) {
        let entry = missed.entry(&views[at].path).or_default();
        entry.0 += 1;
        entry.1 |= union(&at);
    }
    println!("missed (views, some variant reads it):");
    missed.iter().for_each(|(path, (count, read))| println!("  {path} {count} {read}"));
    let groups: BTreeMap<&str, usize> = {
        let mut names: Vec<&str> = views.iter().map(|view| view.group.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().enumerate().map(|(at, name)| (name, at)).collect()
    };
    let part = |at: usize| groups[views[at].group.as_str()] % PARTS;
    let mut totals = [0; BUDGETS.len()];
    let chosen: Vec<Vec<usize>> = std::thread::scope(|scope| {
        let choose =
            |held_out| move || choose(rows, views, z, |at| views[at].has_code() && part(at) != held_out);
        let part = &part;
        let _ = part;
        let workers: Vec<_> = (0..PARTS).map(|held_out| scope.spawn(choose(held_out))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    for (held_out, order) in chosen.iter().enumerate() {
        for &at in with_code.iter().filter(|&&at| part(at) == held_out) {
            for (total, budget) in totals.iter_mut().zip(BUDGETS) {
                *total += usize::from(run(order, rows, at, budget * z * SHARE).0);
            }
        }
    }
    let shares = |counts: [usize; BUDGETS.len()]| {
        let cells = BUDGETS.iter().zip(counts);
        cells
            .map(|(budget, count)| format!("{budget} z {:.2} %", share(count, with_code.len())))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let seen = BUDGETS
        .map(|budget| with_code.iter().filter(|&&at| run(&order, rows, at, budget * z * SHARE).0).count());
    println!("chosen by all: {}", shares(seen));
    println!("held out: {}", shares(totals));
    order.into_iter().map(|at| variants[at]).collect()
}

/// Returns z: the median time of zxing-cpp on the frame as it is, or a millisecond without it.
fn unit(variants: &[Variant], rows: &[Row]) -> f32 {
    let plain = variants.iter().position(|variant| variant.to_string() == "zxing");
    let mut times: Vec<f32> = plain.map_or(vec![1.0], |at| rows[at].iter().map(|view| view.1).collect());
    times.sort_by(f32::total_cmp);
    times[times.len() / 2]
}

/// Returns the orders as a source file: one for all decoders, one for a build without C++.
pub fn source(variants: &[Variant], rows: &[Row], views: &[View]) -> String {
    let z = unit(variants, rows);
    let list = |allowed: &dyn Fn(&Variant) -> bool| {
        let subset: Vec<usize> = (0..variants.len()).filter(|&at| allowed(&variants[at])).collect();
        let rows: Vec<Row> = subset.iter().map(|&at| rows[at].clone()).collect();
        let mut order: Vec<usize> =
            choose(&rows, views, z, |at| views[at].has_code()).into_iter().map(|at| subset[at]).collect();
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
pub fn run_reader(name: &str, order: &[Variant], views: &[View], budget: Duration) -> usize {
    let mut reader = Reader::with_clock(budget, Box::new(cpu)).with_order(order).without_hints();
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
