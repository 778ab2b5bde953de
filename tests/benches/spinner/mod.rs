//! Processes that keep every core of the machine busy, and end with the one that started them.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};

/// The argument with which this program computes for nothing.
const ARGUMENT: &str = "--spin";

/// Running processes. They are killed when this is dropped.
pub struct Spinners(Vec<Child>);

impl Spinners {
    /// Starts so many for each core.
    pub fn start(each: usize) -> Self {
        let cores = std::thread::available_parallelism().unwrap().get();
        let program = std::env::current_exe().unwrap();
        let start = |_| Command::new(&program).arg(ARGUMENT).stdin(Stdio::piped()).spawn().unwrap();
        println!("{} busy processes on {cores} cores", each * cores);
        Self((0..each * cores).map(start).collect())
    }
}

impl Drop for Spinners {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // One that has ended already needs no killing.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Whether this process was started to compute for nothing.
pub fn is_asked_for() -> bool {
    std::env::args().nth(1).is_some_and(|argument| argument == ARGUMENT)
}

/// Computes until standard input ends, which it does when the parent is gone, however that ended.
pub fn spin() {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    let mut sum = 0u64;
    loop {
        sum = std::hint::black_box(sum.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
}
