//! The `back-office` command.

mod admin;
mod arguments;
mod audit;
mod backups;
mod conflict;
mod context;
mod erase;
mod list;
mod purge;
mod service;
mod stick;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use health_code::Region;
use sd_notify::NotifyState;
use wire::{Generation, StationId};

use crate::backup::{self, Restore};
use crate::config::{Config, Layout};
use crate::erasure::list::{ErasedList, read as read_erased};
use crate::keys::Keyring;
use crate::limits::{ERASED_BYTES, LIST_ROWS};
use crate::overview::overview;
use crate::store::{self, QuarantineReason, Store, Tombstone};
use crate::system::{self, Clock};
use crate::tickets::{Order, make_tickets};
use crate::trust;
use arguments::{Command, CommandLine, Office, ServeArgs};

/// Why a command failed: a sentence for people.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command.
pub fn main() -> ExitCode {
    program::run(|line: CommandLine| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("no runtime: {error}"))?;
        let ended = runtime.block_on(async {
            match line.command {
                Command::Audit { what } => audit::audit(what).await,
                command => run(command).await.map(|()| ExitCode::SUCCESS),
            }
        });
        Ok(ended?)
    })
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(args) => serve(args).await,
        Command::Ticket { office, url, community, hours, count, json } => {
            ticket(&office, url.as_deref(), community.as_ref(), (hours, count), json).await
        }
        Command::List { office, json } => list(&office, json).await,
        Command::Keys { folder, new, json } => keys(&folder.data, new, json),
        Command::Withdraw { office, station } => withdraw(&office, &station).await,
        Command::Backup { office, to, keys_to, keep_days, json } => {
            backups::backup(&office, to, keys_to, keep_days, json).await
        }
        Command::Check { files, identity, scratch, json } => {
            backups::check(&files, identity.as_deref(), scratch, json).await
        }
        Command::Restore { data, store, from, keys, identity, copies, erased, json } => {
            let (keys, copies) = (keys.as_deref(), copies.as_deref());
            let what = Restore {
                into: &data,
                server: store.as_ref(),
                data: &from,
                keys,
                identity: &identity,
                copies,
                erased: erased.as_deref(),
            };
            backups::restore(what, json).await
        }
        Command::Restored { office, erased } => restored(&office, erased.as_deref()).await,
        Command::Erase { office, key, reason, receipt } => {
            erase::erase(&office, key.as_deref(), &reason, receipt.as_deref()).await
        }
        Command::Erasure { office, file } => erase::show(&office, &file).await,
        Command::Conflict { office, station, record, file } => {
            conflict::conflict(&office, &station, &record, file.as_deref()).await
        }
        Command::Purge { office, clock_is_right } => purge::purge(&office, clock_is_right).await,
        Command::Stick { what } => stick::stick(what).await,
        Command::Reopen { office, reason } => reopen(&office, reason).await,
        Command::Admin { what } => admin::admin(what).await,
        Command::Audit { what } => audit::audit(what).await.map(drop),
    }
}

async fn serve(args: ServeArgs) -> Result<(), Failure> {
    let config = Config {
        data: args.office.folder.data,
        store: args.office.store,
        listen: args.listen,
        page: args.page,
        console: args.console,
        first_start_elsewhere: args.first_start_elsewhere,
        tls: args.tls_cert.zip(args.tls_key),
        plain_http: args.plain_http,
        hosts: args.hosts,
        import_keys: args.import_keys,
        import_trust: args.import_trust,
        backup_to: args.backup_to,
        copy_to: args.copy_to,
        clock: Clock::system(),
    };
    // The handler stands before the first line is out: whoever reads that line may send the signal
    // at once.
    let stop = stop_signal()?;
    web::allow_many_connections();
    let mut running = crate::serve(config).await?;
    tracing::info!(address = %running.addr, url = %running.url, "the office is listening");
    let page = format!("http://{}", running.page);
    let line = serde_json::json!({ "listening": running.addr.to_string(), "url": running.url, "page": page,
        "console": running.console, "firstStart": running.first_word });
    say(&line.to_string())?;
    if let Some(word) = &running.first_word {
        // On the terminal, beside the line for programs: whoever reads it may make the first start.
        let at = running.first_start_at.clone().unwrap_or_else(|| format!("{page}/console/ on this machine"));
        tracing::warn!("first start: open {at} and type {word} (good for 30 minutes)");
    }
    service::tell(NotifyState::Ready);
    tokio::select! {
        () = stop => {}
        ended = running.ended() => return Err(ended.into()),
        () = service::keep_watchdog_quiet() => {}
    }
    service::tell(NotifyState::Stopping);
    tracing::info!("stopping");
    running.shutdown().await?;
    Ok(())
}

async fn ticket(
    office: &Office,
    url: Option<&str>,
    community: Option<&Region>,
    (hours, count): (i64, u16),
    json: bool,
) -> Result<(), Failure> {
    let (data, store) = (&office.folder.data, office.store.as_ref());
    let order = Order::nameless(count.into(), hours * 3600);
    let tickets = make_tickets(data, store, url, community, &order, &Clock::system()).await?;
    for ticket in tickets {
        let text = ticket.to_text();
        if json {
            let fields = serde_json::json!({ "ticket": text, "url": ticket.url, "expires": ticket.expires });
            say(&fields.to_string())?;
        } else {
            say(&text)?;
        }
    }
    Ok(())
}

async fn list(office: &Office, json: bool) -> Result<(), Failure> {
    let store = open(office).await?;
    // The trust only gives names. Without it, ids are shown.
    let communities = trust::in_force(&*store).await.unwrap_or_default();
    let overview = overview(&*store, &communities, LIST_ROWS).await?;
    if json { say(&serde_json::to_string(&overview)?) } else { say(&list::text_of(&overview)) }
}

fn keys(data: &Path, new: bool, json: bool) -> Result<(), Failure> {
    let folder = Layout::of(data).keys();
    // A mistyped folder is no order to make an office's keys there.
    if !new && !Keyring::is_there(&folder)? {
        let data = data.display();
        return Err(format!("{data}: no office has keys here; `back-office keys --new` makes them").into());
    }
    let keys = Keyring::open(&folder)?.public();
    if json {
        return say(&serde_json::to_string(&keys)?);
    }
    let lines = |kind: &str, keys: &BTreeMap<String, String>| {
        keys.iter().map(|(kid, key)| format!("{kind}\t{kid}\t{key}\n")).collect::<String>()
    };
    let all = [("sealing", &keys.sealing), ("receipt", &keys.receipt), ("region", &keys.region)];
    say(all.map(|(kind, keys)| lines(kind, keys)).concat().trim_end())
}

async fn withdraw(office: &Office, station: &str) -> Result<(), Failure> {
    let id: StationId = station.parse().map_err(|_| "a station's id has 32 hexadecimal digits")?;
    if !open(office).await?.withdraw(id, Clock::system().now()).await? {
        return Err("no such station".into());
    }
    say("withdrawn")
}

async fn reopen(office: &Office, reason: Option<QuarantineReason>) -> Result<(), Failure> {
    let count = open(office).await?.reopen(reason).await?;
    say(&format!("{count} reports wait to be opened again"))
}

async fn restored(office: &Office, erased: Option<&Path>) -> Result<(), Failure> {
    let store = open(office).await?;
    let erased_list = ErasedList::of(&Layout::of(&office.folder.data), None);
    let others = erased.map(read_list).transpose()?.unwrap_or_default();
    let again = erased_list.take_over(&*store, others).await?.passages;
    if again > 0 {
        store.overwrite().await?;
        say(&format!("{again} passages were erased after this state, and are erased again"))?;
    }
    let drawn = Generation(system::random()?);
    let tickets = backup::begin_generation(&*store, drawn, Clock::system().now()).await?;
    say(&format!("another generation begins; {tickets} tickets that were not used are good no longer"))
}

/// Reads a list of what was erased, which has to be there.
fn read_list(path: &Path) -> Result<BTreeSet<Tombstone>, Failure> {
    disk::read(path, ERASED_BYTES)?;
    Ok(read_erased(path)?)
}

/// Returns a future that ends at Ctrl-C or SIGTERM. The handlers are set at once.
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

/// Opens the store of an office that has served before.
async fn open(office: &Office) -> Result<Arc<dyn Store>, Failure> {
    let data = &office.folder.data;
    let database = Layout::of(data).database();
    let named = |error: std::io::Error| format!("{}: {error}", data.display());
    if office.store.is_none() && !database.try_exists().map_err(named)? {
        return Err(format!("{}: no office has served from here yet", data.display()).into());
    }
    Ok(store::open(&database, office.store.as_ref()).await?)
}

fn say(text: &str) -> Result<(), Failure> {
    Ok(program::line(format_args!("{text}"))?)
}
