//! Starting and stopping a cluster.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use rustix::process::{Pid, Signal, getuid, kill_process};
use tempfile::TempDir;

use crate::random;

/// Where Debian keeps the servers, one folder a major version.
const SERVERS: &str = "/usr/lib/postgresql";
/// The superuser of a cluster, and the system's user that runs it where root starts it.
const USER: &str = "postgres";
/// What the server says when it takes connections.
const READY: &str = "ready to accept connections";
/// Further settings: some tests open many pools, and a crash is to lose nothing that was acknowledged.
const SETTINGS: [&str; 4] =
    ["max_connections=200", "fsync=on", "shared_buffers=64MB", "log_min_messages=log"];
/// Connecting to a port that another program took meanwhile is tried with another one, this often.
const PORTS_TRIED: usize = 5;

/// Why no cluster runs. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// PostgreSQL is not installed.
    #[error("no PostgreSQL server in {SERVERS}: apt-get install postgresql")]
    NotInstalled,
    /// Root cannot run it, and there is nobody else.
    #[error("PostgreSQL refuses to run as root, and there is no user `{USER}`")]
    NoUser,
    /// A program of PostgreSQL failed.
    #[error("{program}: {said}")]
    Failed {
        /// The program.
        program: &'static str,
        /// What it said.
        said: String,
    },
    /// The file system failed, or a program did not start.
    #[error("a private PostgreSQL cluster: {0}")]
    Io(#[from] io::Error),
}

/// A running cluster. Dropping it stops the server and removes the folder.
#[derive(Debug)]
pub struct Cluster {
    server: Child,
    url: String,
    // Last: the folder goes when the server is gone.
    _folder: TempDir,
}

impl Cluster {
    /// Makes a cluster in a temporary folder and starts its server on a free port of loopback.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start() -> Result<Self, StartError> {
        let programs = programs()?;
        let owner = owner()?;
        let folder = tempfile::Builder::new().prefix("scratch-postgres-").tempdir()?;
        let password = random::password()?;
        let (data, secret) = (folder.path().join("data"), folder.path().join("password"));
        fs::write(&secret, &password)?;
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600))?;
        if let Some((uid, gid)) = owner {
            for path in [folder.path(), &secret] {
                chown(path, Some(uid), Some(gid))?;
            }
        }
        let mut initdb = command(&programs, "initdb", owner);
        initdb.arg("--pgdata").arg(&data).arg("--pwfile").arg(&secret);
        initdb.args(["--username", USER, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]);
        let made = initdb.current_dir(folder.path()).output()?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr).into_owned();
            return Err(StartError::Failed { program: "initdb", said });
        }
        let mut last = None;
        for _ in 0..PORTS_TRIED {
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            match serve(&programs, owner, &data, port) {
                Ok(server) => {
                    let url = format!("postgres://{USER}:{password}@127.0.0.1:{port}/{USER}");
                    return Ok(Self { server, url, _folder: folder });
                }
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or(StartError::NotInstalled))
    }

    /// Returns the URL of the database `postgres`, with its password.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A fast shutdown: what is open is rolled back. Errors leave a server that ends with its parent.
        if let Some(pid) = i32::try_from(self.server.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::INT);
        }
        let _ = self.server.wait();
    }
}

/// Starts the server and waits until it takes connections.
fn serve(programs: &Path, owner: Owner, data: &Path, port: u16) -> Result<Child, StartError> {
    let mut server = command(programs, "postgres", owner);
    server.arg("-D").arg(data).args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k", ""]);
    for setting in SETTINGS {
        server.args(["-c", setting]);
    }
    let mut server = server.current_dir(data).stderr(Stdio::piped()).spawn()?;
    let mut said = String::new();
    if let Some(stderr) = server.stderr.take() {
        let mut lines = BufReader::new(stderr);
        loop {
            let before = said.len();
            if lines.read_line(&mut said)? == 0 {
                break;
            }
            if said[before..].contains(READY) {
                discard(lines);
                return Ok(server);
            }
        }
    }
    server.wait()?;
    Err(StartError::Failed { program: "postgres", said })
}

/// Reads what the server says from now on: a full pipe would stop it.
fn discard(mut lines: BufReader<ChildStderr>) {
    std::thread::spawn(move || io::copy(&mut lines, &mut io::sink()));
}

/// The user and the group that run the server; `None` for whoever runs this program.
type Owner = Option<(u32, u32)>;

/// Returns a command that runs as the owner and ends when the thread that starts it ends.
fn command(programs: &Path, program: &str, owner: Owner) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if let Some((uid, gid)) = owner {
        command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).arg("--clear-groups");
    }
    command.arg(programs.join(program)).stdin(Stdio::null()).stdout(Stdio::null());
    // Settings of the caller's own server are none of this one's.
    command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
    command
}

/// Returns the folder with the newest server's programs.
fn programs() -> Result<PathBuf, StartError> {
    let folders = fs::read_dir(SERVERS).map_err(|_| StartError::NotInstalled)?;
    let versions = folders.filter_map(|entry| {
        let version: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let programs = Path::new(SERVERS).join(version.to_string()).join("bin");
        programs.join("postgres").exists().then_some((version, programs))
    });
    versions.max().map(|(_, programs)| programs).ok_or(StartError::NotInstalled)
}

/// Returns who runs the server.
fn owner() -> Result<Owner, StartError> {
    if !getuid().is_root() {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let ids = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == USER).then_some(())?;
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    ids.map(Some).ok_or(StartError::NoUser)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_wants_its_password_and_ends_with_its_owner() {
        let cluster = Cluster::start().unwrap();
        let ask = |url: &str| {
            let mut psql = Command::new("psql");
            psql.args([url, "-wAtc", "show fsync"]).env_clear().env("PATH", "/usr/bin:/bin");
            psql.stderr(Stdio::null()).output().unwrap().stdout
        };
        assert_eq!(ask(cluster.url()), b"on\n");
        let (user, place) = cluster.url().split_once('@').unwrap();
        let stranger = format!("{}:wrong@{place}", user.rsplit_once(':').unwrap().0);
        assert_eq!(ask(&stranger), b"");
        let folder = cluster._folder.path().to_owned();
        assert!(folder.exists());
        drop(cluster);
        assert!(!folder.exists());
    }
}
