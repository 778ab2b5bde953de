//! A real back office on loopback.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::clock::PATIENCE;
use crate::problem::{Problem, Result, io};
use crate::programs::command;
use crate::running::{Running, finish};
use crate::surroundings::Surroundings;
use crate::world::World;

/// A `back-office serve`; stopped when dropped.
pub struct Office {
    program: Running,
    data: PathBuf,
    keys_and_trust: PathBuf,
    transport: Transport,
    store: Option<String>,
    surroundings: Surroundings,
    arguments: Vec<OsString>,
    url: String,
    page: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Transport {
    Tls,
    PlainHttp,
}

impl Office {
    /// Starts it on its folder, with a world's keys and trust, and TLS by a CA of its own.
    ///
    /// # Errors
    /// [`Problem`]: it is not built, or does not start.
    pub fn start(data: &Path, world: &World) -> Result<Self> {
        Self::start_with(data, world, &[])
    }

    /// Starts it as [`Office::start`] does, with further arguments, which it keeps when it is started again.
    ///
    /// # Errors
    /// [`Problem`]: it is not built, or does not start.
    pub fn start_with(data: &Path, world: &World, arguments: &[&OsStr]) -> Result<Self> {
        let surroundings = Surroundings::default();
        Self::listen(data, world.path(), Transport::Tls, None, surroundings, arguments, "127.0.0.1:0")
    }

    /// Starts it with TLS on the PostgreSQL database at this URL; its folder holds only its keys and files.
    ///
    /// # Errors
    /// [`Problem`]: it is not built, or does not start.
    pub fn start_on(store: &str, data: &Path, world: &World) -> Result<Self> {
        let store = Some(store.to_owned());
        Self::listen(data, world.path(), Transport::Tls, store, Surroundings::default(), &[], "127.0.0.1:0")
    }

    /// Starts it without TLS.
    ///
    /// # Errors
    /// [`Problem`]: it is not built, or does not start.
    pub fn start_plain(data: &Path, world: &World) -> Result<Self> {
        Self::start_plain_in(data, world, Surroundings::default(), &[])
    }

    /// Starts it without TLS, in surroundings and with further arguments that it keeps when it is started
    /// again.
    ///
    /// # Errors
    /// [`Problem`]: it is not built, or does not start.
    pub fn start_plain_in(
        data: &Path,
        world: &World,
        surroundings: Surroundings,
        arguments: &[&OsStr],
    ) -> Result<Self> {
        Self::listen(data, world.path(), Transport::PlainHttp, None, surroundings, arguments, "127.0.0.1:0")
    }

    /// Returns its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.program.id()
    }

    /// Ends it as a power cut would.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn cut(&mut self) -> Result<()> {
        self.program.kill()
    }

    /// Returns whether it has ended.
    ///
    /// # Errors
    /// [`Problem::Io`].
    pub fn has_ended(&mut self) -> Result<bool> {
        self.program.has_ended()
    }

    /// Starts it again where it was.
    ///
    /// # Errors
    /// [`Problem`]: it does not start.
    pub fn start_again(&mut self) -> Result<()> {
        let data = self.data.clone();
        self.start_again_on(&data)
    }

    /// Starts it again at the same address, on another data folder: that of a restored office.
    ///
    /// # Errors
    /// [`Problem`]: it does not start.
    pub fn start_again_on(&mut self, data: &Path) -> Result<()> {
        let address = self.url.rsplit('/').next().unwrap_or_default();
        let arguments: Vec<&OsStr> = self.arguments.iter().map(OsString::as_os_str).collect();
        let (store, surroundings) = (self.store.clone(), self.surroundings.clone());
        *self = Self::listen(
            data,
            &self.keys_and_trust,
            self.transport,
            store,
            surroundings,
            &arguments,
            address,
        )?;
        Ok(())
    }

    fn listen(
        data: &Path,
        world: &Path,
        transport: Transport,
        store: Option<String>,
        surroundings: Surroundings,
        arguments: &[&OsStr],
        address: &str,
    ) -> Result<Self> {
        let mut command = on(store.as_deref())?;
        command.env("KADIAN_LOG", "warn").arg("serve").arg("--data").arg(data);
        command.args(["--listen", address, "--page", "127.0.0.1:0", "--host", "127.0.0.1"]);
        command.arg("--import-keys").arg(world.join("office"));
        command.arg("--import-trust").arg(world.join("trust"));
        if transport == Transport::PlainHttp {
            command.arg("--plain-http");
        }
        command.args(arguments);
        surroundings.lend(&mut command)?;
        let mut program = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
        let (url, page) = program.stdout_lines()?.wait("the address of the office", PATIENCE, |line| {
            let text = |name| line.get(name).and_then(Value::as_str).map(str::to_owned);
            text("url").zip(text("page"))
        })?;
        Ok(Self {
            program,
            data: data.to_owned(),
            keys_and_trust: world.to_owned(),
            transport,
            store,
            surroundings,
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            url,
            page,
        })
    }

    /// Returns the address at which it answers.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the address of its local page.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.page
    }

    /// Makes a ticket for one station.
    ///
    /// # Errors
    /// [`Problem::Failed`].
    pub fn ticket(&self) -> Result<String> {
        self.ticket_by(&self.url)
    }

    /// Makes a ticket for a station that reaches this office at another address.
    ///
    /// # Errors
    /// [`Problem::Failed`].
    pub fn ticket_by(&self, url: &str) -> Result<String> {
        let tickets = self.tickets_by(url, 1)?;
        let ticket = tickets.lines().find(|line| line.starts_with("KDT1:")).map(str::to_owned);
        ticket.ok_or_else(|| Problem::unexpected("back-office ticket", format!("no ticket in {tickets:?}")))
    }

    /// Makes so many tickets, one a line.
    ///
    /// # Errors
    /// [`Problem::Failed`].
    pub fn tickets(&self, count: usize) -> Result<String> {
        self.tickets_by(&self.url, count)
    }

    fn tickets_by(&self, url: &str, count: usize) -> Result<String> {
        let mut ticket = on(self.store.as_deref())?;
        ticket.arg("ticket").arg("--data").arg(&self.data).args(["--url", url]);
        let output = finish(ticket.args(["--count", &count.to_string()]))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Writes a backup of its data.
    ///
    /// # Errors
    /// [`Problem::Failed`].
    pub fn back_up(&self, to: &Path) -> Result<()> {
        let mut backup = command("back-office")?;
        finish(backup.arg("backup").arg("--data").arg(&self.data).arg("--to").arg(to)).map(|_| ())
    }

    /// Ends it as a power cut would, and starts it with nothing but a backup in its folder.
    ///
    /// # Errors
    /// [`Problem`]: the backup does not open, or it does not start.
    pub fn restore(&mut self, from: &Path, identity: &Path) -> Result<()> {
        self.cut()?;
        std::fs::remove_dir_all(&self.data).map_err(io("the folder of the office"))?;
        let mut restore = command("back-office")?;
        restore.arg("restore").arg("--data").arg(&self.data);
        finish(restore.arg("--from").arg(from).arg("--identity").arg(identity))?;
        self.start_again()
    }

    /// Withdraws the station that enrolled last.
    ///
    /// # Errors
    /// [`Problem::Failed`].
    pub fn withdraw_last(&self) -> Result<()> {
        let list = self.list()?;
        let stations = list["stations"].as_array().map(Vec::as_slice).unwrap_or_default();
        let id = stations.last().and_then(|station| station["id"].as_str());
        let id = id.ok_or_else(|| Problem::unexpected("the list of stations", list.clone()))?;
        let mut withdraw = on(self.store.as_deref())?;
        finish(withdraw.arg("withdraw").arg("--data").arg(&self.data).arg(id)).map(|_| ())
    }

    /// Returns what `back-office list --json` says.
    ///
    /// # Errors
    /// [`Problem::Failed`].
    pub fn list(&self) -> Result<Value> {
        let mut list = on(self.store.as_deref())?;
        let output = finish(list.arg("list").arg("--data").arg(&self.data).arg("--json"))?;
        serde_json::from_slice(&output.stdout).map_err(|error| Problem::unexpected("back-office list", error))
    }
}

/// Returns the `back-office` command for the office on this store.
fn on(store: Option<&str>) -> Result<Command> {
    let mut command = command("back-office")?;
    match store {
        Some(url) => command.env("KADIAN_STORE", url),
        None => command.env_remove("KADIAN_STORE"),
    };
    Ok(command)
}
