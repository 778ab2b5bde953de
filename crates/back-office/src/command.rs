//! The `back-office` command line.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use health_code::{RootPin, Trust};

use crate::config::{Config, Layout};
use crate::keys::Keyring;
use crate::limits::{LIST_ROWS, TICKET_SECONDS};
use crate::overview::{Overview, overview};
use crate::store::{QuarantineReason, SqliteStore, Store};
use crate::system::Clock;
use crate::tickets::make_ticket;

/// What a command fails with: a sentence for people.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Kadian's back office: stations send it sealed reports, it answers with signed receipts, opens
/// the seals, verifies every code again and lists what arrived.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "A first start, on one machine:\n  \
        back-office serve --data office --listen 127.0.0.1:8080 --plain-http \\\n    \
          --import-keys world/office --import-trust world/trust\n  \
        back-office ticket --data office      # in another terminal; scan or paste it at the laptop\n\n\
        For laptops elsewhere, leave --plain-http out and name this machine:\n  \
        back-office serve --data office --listen 0.0.0.0:8443 --host office.example\n\n\
        Everything is in the data folder. Back it up whole: keys/ opens what stations sealed, tls/ca.key\n\
        is the CA that they pin, office.sqlite is what arrived."
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until Ctrl-C or SIGTERM. The first line on standard output says where, as JSON.
    Serve(ServeArgs),
    /// Print a ticket (KDT1:…) that enrols one station, once. Works while `serve` runs.
    Ticket {
        #[command(flatten)]
        folder: Folder,
        /// Where stations reach this office; by default, where it served last.
        #[arg(long)]
        url: Option<String>,
        /// How many hours the ticket is good for.
        #[arg(long, default_value_t = TICKET_SECONDS / 3600, value_parser = clap::value_parser!(i64).range(1..=720))]
        hours: i64,
        /// Print JSON: ticket, url, expires.
        #[arg(long)]
        json: bool,
    },
    /// Print what was filed, what is in quarantine, stations and alerts.
    List {
        #[command(flatten)]
        folder: Folder,
        /// Print everything as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Print the public keys that a root file has to name for this office.
    Keys {
        #[command(flatten)]
        folder: Folder,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Withdraw a station: what it sends from now on is acknowledged, and goes to quarantine.
    Withdraw {
        #[command(flatten)]
        folder: Folder,
        /// The station's id, as `list` shows it.
        station: String,
    },
    /// Open everything in quarantine once more, after what was missing has come.
    Reopen {
        #[command(flatten)]
        folder: Folder,
        /// Only what is there for this reason, as `list` shows it.
        #[arg(long)]
        reason: Option<QuarantineReason>,
    },
}

#[derive(Debug, Args)]
struct Folder {
    /// The folder of everything this office keeps.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

#[derive(Debug, Args)]
struct ServeArgs {
    #[command(flatten)]
    folder: Folder,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// Without TLS. Only where ADDR is loopback.
    #[arg(long)]
    plain_http: bool,
    /// A name or address of this machine, for its certificate and for tickets. May be repeated;
    /// tickets use the first.
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Take sealing.key and receipt.key over from this folder, beside the keys that are here.
    #[arg(long, value_name = "DIR")]
    import_keys: Option<PathBuf>,
    /// Take root.cose, trust.cose, community.cose and revocations.bin over from this folder; older ones are refused.
    #[arg(long, value_name = "DIR")]
    import_trust: Option<PathBuf>,
}

/// Runs the command; exit code 2 for anything that could not be done.
pub fn main() -> ExitCode {
    match run(CommandLine::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("back-office: {failure}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(args) => serve(args),
        Command::Ticket { folder, url, hours, json } => {
            let ticket = make_ticket(&folder.data, url.as_deref(), hours * 3600, &Clock::system())?;
            let text = ticket.to_text();
            if json {
                let fields =
                    serde_json::json!({ "ticket": text, "url": ticket.url, "expires": ticket.expires });
                say(&fields.to_string())
            } else {
                say(&text)
            }
        }
        Command::List { folder, json } => {
            let overview = read(&folder.data)?;
            if json { say(&serde_json::to_string(&overview)?) } else { say(&text_of(&overview)) }
        }
        Command::Keys { folder, json } => {
            let keys = Keyring::open(&Layout::of(&folder.data).keys())?.public();
            if json {
                return say(&serde_json::to_string(&keys)?);
            }
            let lines = |kind: &str, keys: &std::collections::BTreeMap<String, String>| {
                keys.iter().map(|(kid, key)| format!("{kind}\t{kid}\t{key}\n")).collect::<String>()
            };
            say((lines("sealing", &keys.sealing) + &lines("receipt", &keys.receipt)).trim_end())
        }
        Command::Withdraw { folder, station } => {
            let id = station.parse().map_err(|_| "a station's id has 32 hexadecimal digits")?;
            if !open(&folder.data)?.withdraw(id, Clock::system().now())? {
                return Err("no such station".into());
            }
            say("withdrawn")
        }
        Command::Reopen { folder, reason } => {
            let count = open(&folder.data)?.reopen(reason)?;
            say(&format!("{count} reports wait to be opened again"))
        }
    }
}

fn serve(args: ServeArgs) -> Result<(), Failure> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("KADIAN_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .init();
    let config = Config {
        data: args.folder.data,
        listen: args.listen,
        plain_http: args.plain_http,
        hosts: args.hosts,
        import_keys: args.import_keys,
        import_trust: args.import_trust,
        clock: Clock::system(),
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        // Before the first line is out: whoever reads it may send the signal at once.
        let stop = stop_signal()?;
        let running = crate::serve(config).await?;
        let line = serde_json::json!({ "listening": running.addr.to_string(), "url": running.url });
        say(&line.to_string())?;
        stop.await;
        tracing::info!("stopping");
        running.shutdown().await?;
        Ok(())
    })
}

fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn open(data: &Path) -> Result<SqliteStore, Failure> {
    let database = Layout::of(data).database();
    if !database.try_exists()? {
        return Err(format!("{}: no office has served from here yet", data.display()).into());
    }
    Ok(SqliteStore::open(&database)?)
}

fn read(data: &Path) -> Result<Overview, Failure> {
    let store = open(data)?;
    let trust = store.trust(None)?.and_then(|files| {
        let pin = RootPin::of(&files.root);
        Trust::open(files, &pin).ok()
    });
    Ok(overview(&store, trust.as_ref(), LIST_ROWS)?)
}

fn text_of(overview: &Overview) -> String {
    let counts = &overview.counts;
    let mut out = format!(
        "passages {}, waiting {}, quarantine {}, stations {}, alerts {}\n",
        counts.passages, counts.waiting, counts.quarantined, counts.stations, counts.alerts
    );
    for station in &overview.stations {
        let withdrawn = if station.withdrawn.is_some() { "\twithdrawn" } else { "" };
        out += &format!("station\t{}\t{}{withdrawn}\n", station.id, station.name);
    }
    for row in &overview.alerts {
        let over = if row.cleared.is_some() { " (over)" } else { "" };
        out += &format!("alert\t{}{over}\t{}\t{}\n", row.kind, row.station, row.detail);
    }
    for row in &overview.quarantine {
        out += &format!("quarantine\t{}\t{}\t{}\n", row.reason, row.station, row.record);
    }
    for row in &overview.passages {
        let at = jiff::Timestamp::from_second(row.at).map_or(row.at.to_string(), |time| time.to_string());
        out += &format!(
            "passage\t{at}\t{}\t{}\t{}\t{}\n",
            row.checkpoint,
            row.masked_name,
            row.masked_id,
            row.shown.code()
        );
    }
    out.trim_end().to_owned()
}

fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}
