//! The screens that are taken, and how the window gets there.

use std::path::{Path, PathBuf};
use std::time::Duration;

use stage::clock::PATIENCE;
use stage::window::key;
use stage::{HeadlessStation, LiveCodes, NOBODY, Office, Problem, Result, Screen, Window, World};

use crate::still_camera;

/// A common laptop's screen.
const SIZE: (u32, u32) = (1366, 768);
/// The collector in every demo world: the phone and the PIN.
const COLLECTOR: (&str, &str) = ("13800000001", "246810");
/// Codes that come to Pass, Check, Stop and Invalid.
const VERDICTS: [(&str, &str); 4] =
    [("green", "pass"), ("fever", "check"), ("red", "stop"), ("expired", "invalid")];
/// Hides the caret of text fields, which blinks.
const NO_CARET: &str = "document.documentElement.style.caretColor = 'transparent'";
/// What the fault's screen says in the second in which it is taken.
const FAULT_SECOND: &str = "已 8 秒";
/// A result ignores keys for its first moments.
const DEAF: Duration = Duration::from_millis(400);
/// A result's icon has grown to its size after this; it takes 140 ms.
const GROWN: Duration = Duration::from_millis(250);
/// A picture during which something moved is taken again this often.
const TRIES: usize = 40;

/// The programs, and the screen on which the window opens.
pub struct Takes {
    folder: PathBuf,
    screen: Screen,
    live: LiveCodes,
    office: Office,
    /// A camera before which a code is held.
    still: String,
    /// A camera before which nobody holds anything.
    nobody: String,
}

impl Takes {
    /// Starts what the pictures need but the window.
    ///
    /// # Errors
    /// [`Problem`]: a program does not start.
    pub fn new(folder: &Path, world: &World, office: Office) -> Result<Self> {
        let code = world.code("green", "txt");
        let code = std::fs::read_to_string(&code).map_err(crate::io(code.display().to_string()))?;
        let still = still_camera::folder(&folder.join("still"), Some(code.trim()))?;
        let nobody = still_camera::folder(&folder.join("nobody"), None)?;
        let screen = Screen::new(SIZE.0, SIZE.1)?;
        let live = LiveCodes::start(world)?;
        Ok(Self { folder: folder.to_owned(), screen, live, office, still, nobody })
    }

    /// Takes Pass, Check, Stop and Invalid, in English.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn verdicts(&mut self) -> Result<Vec<Vec<u8>>> {
        let window = self.open("verdicts", &self.live.camera()).await?;
        window.sign_in(COLLECTOR.0, COLLECTOR.1).await?;
        window.screen("ready").await?;
        window.language("en").await?;
        self.settled(&window).await?;
        let mut pictures = Vec::new();
        for (code, answer) in VERDICTS {
            pictures.push(self.verdict(&window, code, answer).await?);
            println!("   {answer}");
        }
        Ok(pictures)
    }

    /// Takes signing in, choosing a checkpoint, ready, offline, an address and a fault, in Chinese.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn tour(&mut self) -> Result<Vec<Vec<u8>>> {
        let window = self.open("tour", &self.still).await?;
        window.screen("signed-out").await?;
        self.settled(&window).await?;
        let mut pictures = vec![still(&window, "signing in").await?];
        window.enter_pin(COLLECTOR.0, COLLECTOR.1).await?;
        window.screen("choose-checkpoint").await?;
        window.waiting(0).await?;
        pictures.push(still(&window, "choosing a checkpoint").await?);
        drop(window);
        let window = self.open("ready", &self.nobody).await?;
        window.sign_in(COLLECTOR.0, COLLECTOR.1).await?;
        self.settled(&window).await?;
        pictures.push(still(&window, "ready").await?);
        // A shift that ends and one that begins wait for the office, too.
        self.office.cut()?;
        window.wait_for("footer[data-line=offline]").await?;
        window.press(key::F9).await?;
        window.screen("signed-out").await?;
        window.sign_in(COLLECTOR.0, COLLECTOR.1).await?;
        window.wait_for(".notice").await?;
        pictures.push(still(&window, "offline").await?);
        self.office.start_again()?;
        window.press('n').await?;
        window.screen("no-code").await?;
        let address = self.first_second(&window).await?;
        pictures.push(address.ok_or_else(|| moved("no code"))?);
        window.press(key::ESCAPE).await?;
        drop(window);
        std::fs::remove_dir_all(self.folder.join("still")).map_err(crate::io("the still picture"))?;
        std::fs::create_dir_all(self.folder.join("still")).map_err(crate::io("the still picture"))?;
        pictures.push(self.fault().await?);
        Ok(pictures)
    }

    /// Takes the fault of a camera that is not there, in the same second of its count each time.
    async fn fault(&self) -> Result<Vec<u8>> {
        for number in 0..3 {
            let window = self.open(&format!("fault-{number}"), &self.still).await?;
            window.sign_in(COLLECTOR.0, COLLECTOR.1).await?;
            window.screen("fault").await?;
            self.settled(&window).await?;
            let end = stage::clock::now() + PATIENCE;
            while !window.text("main").await?.contains(FAULT_SECOND) && stage::clock::now() < end {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            let picture = window.picture().await?;
            if window.text("main").await?.contains(FAULT_SECOND) {
                println!("   fault");
                return Ok(picture);
            }
        }
        Err(moved("fault"))
    }

    /// Enrols a station of this name and opens its window.
    async fn open(&self, name: &str, camera: &str) -> Result<Window> {
        let station = self.folder.join(name);
        HeadlessStation::enrol(&station, &self.office.ticket()?)?;
        let home = self.folder.join(format!("{name}-home"));
        let window = Window::open(&self.screen, &station, camera, &home).await?;
        window.resize(SIZE.0, SIZE.1).await?;
        window.run(NO_CARET).await?;
        Ok(window)
    }

    /// Waits until the office answers and nothing waits to be sent.
    async fn settled(&self, window: &Window) -> Result<()> {
        window.wait_for("footer[data-line=online]").await?;
        window.waiting(0).await
    }

    /// Takes a code's answer in the first second of its countdown.
    async fn verdict(&self, window: &Window, code: &str, answer: &str) -> Result<Vec<u8>> {
        for _ in 0..TRIES {
            self.live.show(code)?;
            window.answer(answer).await?;
            let picture = self.first_second(window).await?;
            self.live.show(NOBODY)?;
            tokio::time::sleep(DEAF).await;
            window.press(key::ESCAPE).await?;
            window.screen("ready").await?;
            if let Some(picture) = picture {
                return Ok(picture);
            }
            // The same code is taken again once it was out of view for a while.
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        Err(moved(answer))
    }

    /// Returns the picture if it was taken before the countdown's first step.
    async fn first_second(&self, window: &Window) -> Result<Option<Vec<u8>>> {
        let is_full = "return document.querySelector('button .fill')?.style.width ?? '100%'";
        tokio::time::sleep(GROWN).await;
        let picture = window.picture().await?;
        Ok((window.run(is_full).await? == "100%").then_some(picture))
    }
}

/// Takes a screen without a countdown, once two pictures of it are alike.
async fn still(window: &Window, what: &str) -> Result<Vec<u8>> {
    println!("   {what}");
    let mut before = window.picture().await?;
    for _ in 0..TRIES {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let picture = window.picture().await?;
        if picture == before {
            return Ok(picture);
        }
        before = picture;
    }
    Err(moved(what))
}

fn moved(what: &str) -> Problem {
    Problem::Unexpected { what: what.to_owned(), why: "it never stood still for a picture".to_owned() }
}
