//! The summary: what was held to the camera, what the window said, what became of it.

use stage::world::Row;

/// One code that was held to the camera.
pub struct Line {
    /// Its name.
    pub name: String,
    /// The answer that it must get.
    pub verdict: String,
    /// The code of a refusal, or empty.
    pub refusal: String,
    /// The sentence under the word.
    pub why: String,
    /// Whether it was recorded.
    pub recorded: bool,
}

impl Line {
    /// What the window said to a code of the table.
    pub fn new(row: &Row, why: String, recorded: bool) -> Self {
        let Row { name, verdict, refusal, .. } = row.clone();
        Self { name, verdict, refusal, why, recorded }
    }
}

/// Prints them.
pub fn print(lines: &[Line]) {
    println!("\n{:<20} {:<9} {:<18} {:<10} the window said", "code", "verdict", "refusal", "then");
    for Line { name, verdict, refusal, why, recorded } in lines {
        let then = if *recorded { "recorded" } else { "discarded" };
        println!("{name:<20} {verdict:<9} {refusal:<18} {then:<10} {why}");
    }
}
