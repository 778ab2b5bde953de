//! A browser at the office's console: Debian's Chromium, driven by Playwright.

use std::io::Write as _;
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::json_lines::JsonLines;
use crate::problem::{Problem, Result, io};
use crate::programs::workspace;
use crate::running::Running;

/// Longer than the driver itself waits for anything on a page.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open browser; closed when dropped. Selectors are Playwright's, such as `role=button[name="登录"]`.
pub struct Browser {
    input: ChildStdin,
    answers: JsonLines,
    // Dropped last: it ends the driver and the browser.
    _driver: Running,
}

impl Browser {
    /// Opens it. It knows nobody yet.
    ///
    /// # Errors
    /// [`Problem`]: Node or the driver's packages are missing, or it does not start.
    pub fn open() -> Result<Self> {
        let mut command = Command::new("node");
        command.arg(workspace().join("ui/tests/browser/driver.mjs"));
        let mut driver = Running::start_group(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let (input, answers) = (driver.stdin()?, driver.stdout_lines()?);
        Ok(Self { input, answers, _driver: driver })
    }

    /// Goes on as another person at another computer: nothing of before is known.
    ///
    /// # Errors
    /// [`Problem`], as for all that follows: what was waited for did not come; with what the page says instead.
    pub fn another_person(&mut self) -> Result<()> {
        self.does(&json!({ "do": "person" }))
    }

    /// Opens an address.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn go(&mut self, url: &str) -> Result<()> {
        self.does(&json!({ "do": "open", "url": url }))
    }

    /// Clicks what a selector finds first.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn click(&mut self, at: &str) -> Result<()> {
        self.does(&json!({ "do": "click", "at": at }))
    }

    /// Types into a field in place of what it holds.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn fill(&mut self, at: &str, text: &str) -> Result<()> {
        self.does(&json!({ "do": "fill", "at": at, "text": text }))
    }

    /// Presses keys, named as Playwright names them: `Control+Enter`.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn press(&mut self, keys: &str) -> Result<()> {
        self.does(&json!({ "do": "press", "keys": keys }))
    }

    /// Hands a file or a folder to a field for files.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn upload(&mut self, at: &str, path: &Path) -> Result<()> {
        self.does(&json!({ "do": "upload", "at": at, "path": path }))
    }

    /// Waits until a selector finds something that is seen.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn wait_for(&mut self, at: &str) -> Result<()> {
        self.does(&json!({ "do": "wait", "at": at }))
    }

    /// Returns the text of what a selector finds first.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn text(&mut self, at: &str) -> Result<String> {
        let value = self.ask(&json!({ "do": "text", "at": at }))?;
        value.as_str().map(str::to_owned).ok_or_else(|| Problem::unexpected("the text of the page", value))
    }

    /// Returns the codes on the pages that the page printed last: the word of an invitation, the text of a
    /// ticket.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn printed_codes(&mut self) -> Result<Vec<String>> {
        let printed = self.ask(&json!({ "do": "printed" }))?;
        let codes = printed["codes"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(codes.iter().filter_map(|code| code.as_str().map(|code| code.trim().to_owned())).collect())
    }

    /// Keeps a picture of the page.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn picture(&mut self, path: &Path) -> Result<()> {
        self.does(&json!({ "do": "picture", "path": path }))
    }

    fn does(&mut self, command: &Value) -> Result<()> {
        self.ask(command).map(|_| ())
    }

    fn ask(&mut self, command: &Value) -> Result<Value> {
        writeln!(self.input, "{command}").map_err(io("handing the browser a line"))?;
        let answer =
            self.answers.wait("the browser", PATIENCE, |line| line.is_object().then(|| line.clone()))?;
        match answer.get("error") {
            None => Ok(answer["value"].clone()),
            Some(error) => {
                let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
                let said = error.as_str().unwrap_or_default();
                let page = format!("{said}\nthe page is at {} ({})", text("page"), text("picture"));
                Err(Problem::unexpected(command.to_string(), page))
            }
        }
    }
}
