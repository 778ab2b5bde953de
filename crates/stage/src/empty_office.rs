//! A back office that begins on an empty folder.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::clock::PATIENCE;
use crate::problem::Result;
use crate::programs::command;
use crate::running::Running;

/// A `back-office serve` that was started on an empty folder, without TLS; stopped when dropped.
pub struct EmptyOffice {
    program: Running,
    data: PathBuf,
    listen: String,
    page: String,
    word: String,
}

impl EmptyOffice {
    /// Starts it, and reads the word of its first start.
    ///
    /// # Errors
    /// [`Problem`](crate::Problem): it is not built, or does not start.
    pub fn start(data: &Path) -> Result<Self> {
        let (program, said) = serve(data, "127.0.0.1:0", "127.0.0.1:0")?;
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        let (listen, page, word) = (text("listening"), text("page"), text("firstStart"));
        Ok(Self { program, data: data.to_owned(), listen, page, word })
    }

    /// Ends it as a power cut would.
    ///
    /// # Errors
    /// [`Problem::Io`](crate::Problem).
    pub fn cut(&mut self) -> Result<()> {
        self.program.kill()
    }

    /// Starts it again where it was.
    ///
    /// # Errors
    /// [`Problem`](crate::Problem): it does not start.
    pub fn start_again(&mut self) -> Result<()> {
        let page = self.page.trim_start_matches("http://").to_owned();
        self.program = serve(&self.data, &self.listen, &page)?.0;
        Ok(())
    }

    /// Returns the address of its local page.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.page
    }

    /// Returns the address of its console.
    #[must_use]
    pub fn console(&self) -> String {
        format!("{}/console/", self.page)
    }

    /// Returns the word of its first start.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.word
    }
}

fn serve(data: &Path, listen: &str, page: &str) -> Result<(Running, Value)> {
    let mut serve = command("back-office")?;
    serve.env("KADIAN_LOG", "warn").env_remove("KADIAN_STORE").arg("serve").arg("--data").arg(data);
    serve.args(["--listen", listen, "--page", page, "--plain-http"]);
    let mut program = Running::start(serve.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let said = program.stdout_lines()?.wait("the address of the console", PATIENCE, |line| {
        line["page"].is_string().then(|| line.clone())
    })?;
    Ok((program, said))
}
