//! Finder patterns without a code around them: what the hints are measured on.

use crate::frame::GreyFrame;
use crate::limits;

/// One finder pattern: the square in a square in a code's corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Finder {
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Pixels across one module.
    pub(crate) module: f32,
    /// Rows that crossed it.
    votes: u32,
}

/// Rows through a pattern's middle that must agree, at least.
const VOTES: u32 = 2;
/// More patterns than this are texture.
const MOST: usize = 64;

/// Finds runs of 1:1:3:1:1 that hold along the row and down the column.
pub(crate) fn find(frame: &GreyFrame, black: &GreyFrame) -> Vec<Finder> {
    let (width, height) = (frame.width(), frame.height());
    let black: Vec<u8> = black.pixels().iter().map(|&pixel| u8::from(pixel == 0)).collect();
    let black = &black[..];
    let mut finders: Vec<Finder> = Vec::new();
    for y in 0..height {
        let row = &black[y * width..(y + 1) * width];
        let mut runs = [0usize; 5];
        let mut run = 0;
        for x in 0..=width {
            if x < width && x > 0 && row[x] == row[x - 1] {
                run += 1;
                continue;
            }
            if x > 0 {
                runs.rotate_left(1);
                runs[4] = run;
                if row[x - 1] == 1
                    && let Some(module) = ratio(&runs)
                {
                    let centre = x - runs[4] - runs[3] - runs[2] / 2 - 1;
                    if let Some((middle, down)) = column(black, width, height, centre, y, module) {
                        vote(&mut finders, centre as f32, middle, (module + down) / 2.0);
                    }
                }
            }
            run = 1;
        }
    }
    finders.retain(|finder| {
        finder.votes >= VOTES.max(finder.module as u32) && contrast(frame, finder) >= limits::FINDER_CONTRAST
    });
    finders.truncate(MOST);
    finders
}

/// The light inside the ring less the dark of the middle: noise makes patterns, but weak ones.
fn contrast(frame: &GreyFrame, finder: &Finder) -> u8 {
    let at = |dx: f32, dy: f32| {
        let x = (finder.x + dx * finder.module).clamp(0.0, (frame.width() - 1) as f32);
        let y = (finder.y + dy * finder.module).clamp(0.0, (frame.height() - 1) as f32);
        frame.row(y as usize)[x as usize]
    };
    let ring = [at(-2.0, 0.0), at(2.0, 0.0), at(0.0, -2.0), at(0.0, 2.0)];
    ring.into_iter().min().unwrap_or(0).saturating_sub(at(0.0, 0.0))
}

/// The module's length if the runs are 1:1:3:1:1, within half a module.
fn ratio(runs: &[usize; 5]) -> Option<f32> {
    let total: usize = runs.iter().sum();
    if runs.contains(&0) || total < 7 {
        return None;
    }
    let module = total as f32 / 7.0;
    let near = |run: usize, modules: f32| {
        (run as f32 - modules * module).abs() <= module * modules.clamp(1.0, 2.0) * 0.5
    };
    (near(runs[0], 1.0)
        && near(runs[1], 1.0)
        && near(runs[2], 3.0)
        && near(runs[3], 1.0)
        && near(runs[4], 1.0))
    .then_some(module)
}

/// Checks the column through a candidate: its middle and module length.
fn column(black: &[u8], width: usize, height: usize, x: usize, y: usize, module: f32) -> Option<(f32, f32)> {
    let longest = (module * 5.0) as usize + 2;
    let run = |from: isize, step: isize, colour: u8| {
        let mut length = 0;
        let mut at = from;
        while at >= 0
            && (at as usize) < height
            && length < longest
            && black[at as usize * width + x] == colour
        {
            length += 1;
            at += step;
        }
        (length, at)
    };
    let (up, at) = run(y as isize, -1, 1);
    let (white_up, at) = run(at, -1, 0);
    let (black_up, _) = run(at, -1, 1);
    let (down, at) = run(y as isize + 1, 1, 1);
    let (white_down, at) = run(at, 1, 0);
    let (black_down, _) = run(at, 1, 1);
    let measured = ratio(&[black_up, white_up, up + down, white_down, black_down])?;
    let middle = y as f32 + (down as f32 - up as f32 + 1.0) / 2.0;
    (measured > module * 0.4 && measured < module * 2.5).then_some((middle, measured))
}

fn vote(finders: &mut Vec<Finder>, x: f32, y: f32, module: f32) {
    let near = |f: &&mut Finder| (f.x - x).abs() < module * 2.0 && (f.y - y).abs() < module * 2.0;
    if let Some(known) = finders.iter_mut().rev().find(near) {
        let votes = known.votes as f32;
        known.x = (known.x * votes + x) / (votes + 1.0);
        known.y = (known.y * votes + y) / (votes + 1.0);
        known.module = (known.module * votes + module) / (votes + 1.0);
        known.votes += 1;
    } else if finders.len() < MOST * 8 {
        finders.push(Finder { x, y, module, votes: 1 });
    }
}
