//! A shift at the demo checkpoint, driven through the real window: every code once, with the
//! network off for some of them.

use std::time::Duration;

use stage::clock::PATIENCE;
use stage::window::key;
use stage::world::Row;
use stage::{NOBODY, Problem, Result, Screen, Window, clock};

use crate::album::Album;
use crate::checkpoint::{COLLECTOR, Checkpoint};
use crate::faults;
use crate::table::{self, Line};

/// Longer than a result ignores keys after it appeared.
const DEAF: Duration = Duration::from_millis(400);
/// A code that was out of view for so long counts as shown anew.
const OUT_OF_VIEW: Duration = Duration::from_secs(2);
/// A wait this long is worth a line: the machine is busy.
const LONG: Duration = Duration::from_secs(5);
/// Recorded while the office does not answer.
const OFFLINE: [&str; 3] = ["green-city", "yellow", "red"];
/// Recorded while it does.
const ONLINE: [&str; 3] = ["green", "fever", "paper"];
/// Of those that are recorded: checked, and turned away with T.
const TURNED_AWAY: &str = "fever";
/// Shown once more as soon as they were recorded.
const AGAIN: [(&str, &str); 3] = [("green", "pass"), ("yellow", "check"), ("red", "stop")];
/// Whose screens go into the album.
const PICTURED: [&str; 16] = [
    "green",
    "yellow",
    "red",
    "grey",
    "fever",
    "old-declaration",
    "paper",
    "uncoloured",
    "red-and-fever",
    "expired",
    "altered",
    "not-yet-valid",
    "foreign-text",
    "revoked",
    "certificate-vaccination",
    "certificate-test",
];

/// Drives it; prints what came of it.
pub async fn tour(checkpoint: &mut Checkpoint) -> Result<()> {
    let screen = Screen::new(1366, 768)?;
    let mut album = Album::new(&checkpoint.folder);
    let home = tempfile::tempdir()
        .map_err(|source| Problem::Io { what: "a home for the window".to_owned(), source })?;
    let window = Window::open(&screen, &checkpoint.station, &checkpoint.live.camera(), home.path()).await?;
    println!("── the window is open");
    arrive(&window, &mut album).await?;
    let rows = rows(checkpoint)?;
    let (offline, online): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| OFFLINE.contains(&row.name.as_str()));
    let mut shift = Shift { checkpoint, window: &window, album: &mut album, lines: Vec::new() };

    for row in online {
        shift.show(row).await?;
    }
    shift.addresses().await?;
    window.waiting(0).await?;
    println!("   {} codes shown with the office answering; nothing waits", shift.lines.len());
    shift.checkpoint.office.cut()?;
    for (index, row) in offline.into_iter().enumerate() {
        shift.show(row).await?;
        window.waiting(index + 1).await?;
    }
    println!("   the office is gone: {} sealed reports wait", OFFLINE.len());
    window.wait_for("footer[data-line=offline]").await?;
    shift.album.take(&window, "offline").await?;
    shift.checkpoint.office.start_again()?;
    window.waiting(0).await?;
    println!("   the office is back: nothing waits");

    let Shift { lines, .. } = shift;
    let recorded = lines.iter().filter(|line| line.recorded).count();
    let listed = clock::until("the passages at the office", PATIENCE, || {
        let counts = checkpoint.office.list()?["counts"].clone();
        Ok((counts["waiting"] == 0 && counts["passages"] == recorded).then_some(recorded))
    })?;
    window.press(key::F9).await?;
    window.screen("signed-out").await?;
    drop(window);
    faults::tour(checkpoint, &screen, &mut album).await?;
    table::print(&lines);
    println!("\n{} codes shown, {recorded} recorded, {listed} passages at the back office", lines.len());
    println!("{} pictures in {}", album.taken(), checkpoint.folder.display());
    Ok(())
}

/// Signs in and chooses the checkpoint.
async fn arrive(window: &Window, album: &mut Album) -> Result<()> {
    window.screen("signed-out").await?;
    album.take(window, "locked").await?;
    window.enter_pin(COLLECTOR.0, "000000").await?;
    window.wait_for("#sign-in [data-problem=wrong-digits-or-secret]").await?;
    album.take(window, "wrong-pin").await?;
    window.fill("#secret", COLLECTOR.1).await?;
    window.press(key::ENTER).await?;
    window.screen("choose-checkpoint").await?;
    album.take(window, "choose").await?;
    window.press(key::DOWN).await?;
    window.press(key::RIGHT).await?;
    window.wait_for(".row.on [data-value=out][aria-pressed=true]").await?;
    album.take_one(window, "choose-out").await?;
    window.press('x').await?;
    window.wait_for(".add.on").await?;
    window.fill(".add input", "样例小学门口").await?;
    album.take_one(window, "choose-add").await?;
    // Keys behind what was filled in that fast would be a scanner's.
    tokio::time::sleep(DEAF).await;
    window.press(key::ESCAPE).await?;
    window.start_shift().await?;
    window.screen("ready").await?;
    window.waiting(0).await?;
    album.take(window, "ready").await
}

/// Returns what can be held to a camera: a text that no QR code can hold has no picture.
fn rows(checkpoint: &Checkpoint) -> Result<Vec<Row>> {
    let rows = checkpoint.world.rows()?;
    Ok(rows.into_iter().filter(|row| checkpoint.world.code(&row.name, "png").exists()).collect())
}

struct Shift<'a> {
    checkpoint: &'a mut Checkpoint,
    window: &'a Window,
    album: &'a mut Album,
    lines: Vec<Line>,
}

impl Shift<'_> {
    /// Holds a code to the camera, looks at the answer, and records it or not.
    async fn show(&mut self, row: &Row) -> Result<()> {
        let name = row.name.as_str();
        println!("   {name}");
        let shown = clock::now();
        self.checkpoint.live.show(name)?;
        if row.refusal.is_empty() {
            self.window.answer(&row.verdict).await?;
        } else {
            self.window.wait_for(&format!("main[data-refusal={}]", row.refusal)).await?;
        }
        let took = clock::now() - shown;
        if took > LONG {
            println!("      read and judged only after {:.1} s: the machine is busy", took.as_secs_f64());
        }
        let said = self.window.text("main").await?;
        // A certificate shows the first letter of each part of the name.
        let initials = row.masked_name.chars().take(2);
        let is_certificate = name.starts_with("certificate-");
        let masked_name = if is_certificate { initials.collect() } else { row.masked_name.clone() };
        if !said.contains(&masked_name) {
            let why = format!("it does not say {masked_name}: {said}");
            return Err(Problem::Unexpected { what: format!("the answer to {name}"), why });
        }
        let why = self.window.text("main .why").await?;
        if PICTURED.contains(&name) {
            self.album.take(self.window, name).await?;
        }
        self.checkpoint.live.show(NOBODY)?;
        let records = [&OFFLINE[..], &ONLINE[..]].concat().contains(&name);
        tokio::time::sleep(DEAF).await;
        if records {
            self.window.press(if name == TURNED_AWAY { 't' } else { key::ENTER }).await?;
            // A busy machine may look only when the confirmation is over; the office counts at the end.
            self.window.any_screen(&["recorded", "ready"]).await?;
            if name == ONLINE[0] {
                self.album.take_one(self.window, "recorded").await?;
            }
        } else {
            self.window.press(key::ESCAPE).await?;
        }
        self.window.screen("ready").await?;
        self.lines.push(Line::new(row, why, records));
        match AGAIN.into_iter().find(|(again, _)| *again == name) {
            Some((_, answer)) => self.again(name, answer).await,
            None => Ok(()),
        }
    }

    /// Shows a code that was just recorded once more: it gets the same answer.
    async fn again(&mut self, name: &str, answer: &str) -> Result<()> {
        // The same code is taken again once it was out of view for a while.
        tokio::time::sleep(OUT_OF_VIEW).await;
        self.checkpoint.live.show(name)?;
        self.window.wait_for(&format!("main[data-answer={answer}][data-recorded-before={answer}]")).await?;
        self.album.take(self.window, &format!("again-{answer}")).await?;
        self.checkpoint.live.show(NOBODY)?;
        tokio::time::sleep(DEAF).await;
        self.window.press(key::ESCAPE).await?;
        self.window.screen("ready").await
    }

    /// Opens the screens with the addresses: where to declare again, and where to get a code.
    async fn addresses(&mut self) -> Result<()> {
        self.checkpoint.live.show("symptoms")?;
        self.window.answer("check").await?;
        self.checkpoint.live.show(NOBODY)?;
        tokio::time::sleep(DEAF).await;
        for (key, screen) in [('r', "declare-again"), ('n', "no-code")] {
            self.window.press(key).await?;
            self.window.screen(screen).await?;
            self.album.take(self.window, screen).await?;
            self.window.press(key::ESCAPE).await?;
            self.window.screen("ready").await?;
        }
        Ok(())
    }
}
