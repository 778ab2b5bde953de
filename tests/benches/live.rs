//! `cargo xtask bench live`: the live path for a minute. Simulated camera, reader, gate and preview
//! run on threads of their own, as in a station. With `--busy 8`, as `cargo xtask bench busy`
//! gives it, eight processes for each core compute for nothing beside it.
//!
//! A frame counts as dropped if the preview never saw it. The reader may pass frames over, because
//! the newest wins; those are counted separately. Times begin when the camera has delivered a frame.
//! The time that the web view takes to show it is not included.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on stops")]

mod person;
mod spinner;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use camera::{LatestFrame, RISE, Showing, SimulatedSource, Stopwatch};
use code_reader::{Reader, Sighting};
use gate::Input;
use person::Person;
use spinner::Spinners;
use stage::World;

/// What the camera is asked for.
const RATE: u32 = 30;
/// Time until all threads run and caches are warm.
const WARM_UP: Duration = Duration::from_secs(3);

/// A frame that the reader took.
struct Look {
    input: Input,
    is_busy: bool,
    /// When it came, when the reader took it, and when it was read.
    came: Duration,
    taken: Duration,
    read: Duration,
}

/// Counts of what the reader and the gate did.
#[derive(Default)]
struct Times {
    waited: Vec<Duration>,
    read: Vec<Duration>,
    judged: Vec<Duration>,
    verdicts: Vec<Duration>,
    /// From a code being held out to its verdict, and the frames that the reader took meanwhile.
    held_out: Vec<Duration>,
    /// Times to the verdict from the moment at which the phone has come up to its place.
    in_place: Vec<Duration>,
    frames: Vec<usize>,
    /// Looks after which the reader said that the machine is busy.
    busy: usize,
}

fn main() {
    if spinner::is_asked_for() {
        return spinner::spin();
    }
    let seconds = argument("--seconds").unwrap_or(60);
    let world = World::new(None).unwrap();
    let start = stage::clock::now();
    let stopwatch: Stopwatch = Arc::new(move || start.elapsed());
    let showing = Showing::default();
    let (source, clock) = (SimulatedSource::Program(showing.clone()), Arc::clone(&stopwatch));
    let open = move || Ok(camera::open_simulated(&source, clock.clone(), RATE)?);
    let camera = camera::spawn_with(open, Arc::clone(&stopwatch), |_| {}).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let counting = Arc::new(AtomicBool::new(false));
    let (send, looks) = sync_channel(256);
    let reader = reader(camera.latest(), send, Arc::clone(&stopwatch), Arc::clone(&stop));
    let pulled = pull(camera.latest(), Arc::clone(&stop), Arc::clone(&counting));
    let clock = Arc::clone(&stopwatch);
    let is_counting = Arc::clone(&counting);
    let person = Person::new(&world, showing, Arc::clone(&stopwatch));
    let gate = named("gate", move || judge(person, &looks, &clock, &is_counting));

    // Only now, so that the world is made without waiting for its processor.
    let _spinners = argument("--busy").map(|each| Spinners::start(each as usize));
    std::thread::sleep(WARM_UP);
    let seq = || camera.latest().newest().map_or(0, |frame| frame.seq);
    let (first, cpu, begin) = (seq(), cpu_by_thread(), stage::clock::now());
    counting.store(true, Ordering::Release);
    std::thread::sleep(Duration::from_secs(seconds));
    counting.store(false, Ordering::Release);
    let took = begin.elapsed();
    let (made, spent) = (seq() - first, cpu_by_thread());
    stop.store(true, Ordering::Release);
    let (seen, bytes) = pulled.join().unwrap();
    reader.join().unwrap();
    let times = gate.join().unwrap();
    print(made, seen, bytes, &times, took);
    print_cpu(&cpu, &spent, took);
}

fn argument(name: &str) -> Option<u64> {
    std::env::args().skip_while(|argument| argument != name).nth(1)?.parse().ok()
}

fn named<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).unwrap()
}

/// Reads frames as `station::reading` does.
fn reader(
    frames: Arc<LatestFrame>,
    looks: SyncSender<Look>,
    stopwatch: Stopwatch,
    stop: Arc<AtomicBool>,
) -> JoinHandle<()> {
    named("reader", move || {
        let mut reader = Reader::new();
        let mut seq = 0;
        while !stop.load(Ordering::Acquire) {
            let Some(frame) = frames.newer_than(seq, Duration::from_millis(250)) else { continue };
            seq = frame.seq;
            let taken = stopwatch();
            let input = match reader.read(&frame.grey) {
                Sighting::Code(code) => {
                    Input::CodeSeen { text: code.text.into_string(), aim: gate::Aim::Alone }
                }
                Sighting::Unreadable { .. } | Sighting::Nothing => Input::NothingSeen,
            };
            let is_busy = reader.is_busy();
            if looks.send(Look { input, is_busy, came: frame.at, taken, read: stopwatch() }).is_err() {
                return;
            }
        }
    })
}

/// Asks for pictures as the window's page does: again as soon as it has one, and it gets a copy.
/// Returns how many frames it saw while counting, and their bytes.
fn pull(
    frames: Arc<LatestFrame>,
    stop: Arc<AtomicBool>,
    counting: Arc<AtomicBool>,
) -> JoinHandle<(u64, usize)> {
    named("preview", move || {
        let (mut seq, mut seen, mut bytes) = (0, 0, 0);
        while !stop.load(Ordering::Acquire) {
            let Some(frame) = frames.newer_than(seq, Duration::from_millis(250)) else { continue };
            seq = frame.seq;
            let Some(jpeg) = frame.jpeg() else { continue };
            let answer = std::hint::black_box(jpeg.to_vec());
            if counting.load(Ordering::Acquire) {
                seen += 1;
                bytes += answer.len();
            }
        }
        (seen, bytes)
    })
}

/// Runs the gate as `station::gate_loop` does, with a person who leaves each result on the screen for
/// a moment.
fn judge(mut person: Person, looks: &Receiver<Look>, stopwatch: &Stopwatch, counting: &AtomicBool) -> Times {
    let mut times = Times::default();
    let mut frames = 0;
    loop {
        match looks.recv_timeout(Duration::from_millis(50)) {
            Ok(look) => {
                let held_out = person.held_out();
                frames = if held_out.is_some_and(|since| since <= look.came) { frames + 1 } else { 0 };
                let is_verdict = person.see(look.input);
                let done = stopwatch();
                if counting.load(Ordering::Acquire) {
                    times.busy += usize::from(look.is_busy);
                    times.waited.push(look.taken - look.came);
                    times.read.push(look.read - look.taken);
                    if is_verdict {
                        times.judged.push(done - look.read);
                        times.verdicts.push(done - look.came);
                        times.held_out.extend(held_out.map(|since| done - since));
                        times.in_place.extend(held_out.map(|since| done.saturating_sub(since + RISE)));
                        times.frames.push(frames);
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return times,
        }
        person.act();
    }
}

fn print(made: u64, seen: u64, bytes: usize, times: &Times, took: Duration) {
    let asked = (took.as_secs_f64() * f64::from(RATE)).round();
    println!(
        "\nsimulated camera at 1280×720, {RATE} frames a second asked for, {:.1} s\n",
        took.as_secs_f64()
    );
    println!("| frames | |\n|---|---|");
    println!("| asked for | {asked:.0} |\n| made | {made} |");
    println!("| dropped: made, and never seen by the preview | {} |", made.saturating_sub(seen));
    println!("| read | {} |", times.read.len());
    println!(
        "| passed over by the reader, a newer one being there | {} |",
        made.saturating_sub(times.read.len() as u64)
    );
    println!("| verdicts | {} |", times.verdicts.len());
    println!("| read while the reader said that the machine is busy | {} |", times.busy);
    println!("| kB a frame of preview | {:.0} |", bytes as f64 / seen.max(1) as f64 / 1e3);
    println!("\n| milliseconds | p50 | p95 | most |\n|---|---|---|---|");
    for (what, times) in [
        ("a frame waits for the reader", &times.waited),
        ("it is read (all frames)", &times.read),
        ("text → verdict on the screen", &times.judged),
        ("frame → verdict", &times.verdicts),
        ("code held out → verdict", &times.held_out),
        ("code in its place → verdict", &times.in_place),
    ] {
        let [p50, p95, most] =
            quantiles(times).map(|time| time.map_or(f64::NAN, |it| it.as_secs_f64() * 1e3));
        println!("| {what} | {p50:.1} | {p95:.1} | {most:.1} |");
    }
    let [p50, p95, most] = quantiles(&times.frames).map(Option::unwrap_or_default);
    println!("\nFrames that the reader took of a code until its verdict: {p50}, p95 {p95}, most {most}.");
}

/// The median, the 95th percentile and the largest.
fn quantiles<T: Copy + Ord>(values: &[T]) -> [Option<T>; 3] {
    let mut values = values.to_vec();
    values.sort_unstable();
    [0.5, 0.95, 1.0].map(|share| {
        let index = (values.len() as f64 * share) as usize;
        values.get(index.min(values.len().saturating_sub(1))).copied()
    })
}

fn print_cpu(before: &BTreeMap<String, f64>, after: &BTreeMap<String, f64>, took: Duration) {
    println!("\n| thread | share of one core |\n|---|---|");
    let mut all = 0.0;
    for (thread, seconds) in after {
        let share = 100.0 * (seconds - before.get(thread).unwrap_or(&0.0)) / took.as_secs_f64();
        all += share;
        if share >= 0.05 {
            println!("| {thread} | {share:.1} % |");
        }
    }
    println!("| all | {all:.1} % |");
}

/// Returns the computing time of each thread of this process so far, in seconds, by name (proc(5)).
fn cpu_by_thread() -> BTreeMap<String, f64> {
    let tick = 1.0 / rustix::param::clock_ticks_per_second() as f64;
    let mut threads = BTreeMap::new();
    for task in std::fs::read_dir("/proc/self/task").unwrap().flatten() {
        let Ok(stat) = std::fs::read_to_string(task.path().join("stat")) else { continue };
        let Some((name, rest)) = stat.rsplit_once(')') else { continue };
        let name = name.split_once('(').map_or(name, |(_, name)| name).to_owned();
        // User and system time are the 14th and 15th field; the name was the second.
        let ticks: f64 =
            rest.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum();
        *threads.entry(name).or_insert(0.0) += ticks * tick;
    }
    threads
}
