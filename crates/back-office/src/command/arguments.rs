//! The arguments of the `back-office` command.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use health_code::Region;

use crate::limits::{BACKUP_DAYS, BACKUP_DAYS_RANGE, TICKET_SECONDS};
use crate::store::{PostgresUrl, QuarantineReason};

/// Kadian's back office. It enrols stations, takes their sealed reports, answers with signed
/// receipts, opens the seals, verifies every code again, and lists what arrived.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "A first start, on one machine:\n  \
        back-office serve --data office --listen 127.0.0.1:8080 --plain-http \\\n    \
          --import-keys world/office --import-trust world/trust\n  \
        back-office ticket --data office      # in another terminal; scan or paste it at the laptop\n\n\
        With laptops elsewhere: leave --plain-http out, and name this machine:\n  \
        back-office serve --data office --listen 0.0.0.0:8443 --host office.example\n\n\
        The data folder holds everything. keys/ opens what stations sealed, tls/ca.key belongs to the CA\n\
        that stations trust, office.sqlite holds what arrived. To back it up, while it serves or not:\n  \
        age-keygen -o identity.txt            # once, on another machine; it stays there\n  \
        back-office serve … --backup-to age1… # once, with the recipient that age-keygen printed\n  \
        back-office backup --data office --to data.age --keys-to keys.age\n\n\
        Several offices may serve one PostgreSQL database behind one address: give each the same --store,\n\
        and the same keys and CA by --import-keys."
)]
pub(super) struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve until Ctrl-C or SIGTERM. The first line on standard output is JSON and says where.
    Serve(ServeArgs),
    /// Print a ticket (KDT1:…), or several, one a line. Each enrols one station, once. Works while `serve`
    /// runs.
    Ticket {
        #[command(flatten)]
        office: Office,
        /// The address at which stations reach this office [default: where it served last].
        #[arg(long)]
        url: Option<String>,
        /// The community of the station, by its 12 digits [default: the only one].
        #[arg(long, value_name = "CODE")]
        community: Option<Region>,
        /// Hours for which the ticket is valid.
        #[arg(long, default_value_t = TICKET_SECONDS / 3600, value_parser = clap::value_parser!(i64).range(1..=720))]
        hours: i64,
        /// How many tickets to print.
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=10_000))]
        count: u16,
        /// Print a JSON object with ticket, url and expires for each.
        #[arg(long)]
        json: bool,
    },
    /// Print passages, reports in quarantine, stations and alerts.
    List {
        #[command(flatten)]
        office: Office,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Print this office's public keys. The root file has to name them.
    Keys {
        #[command(flatten)]
        folder: Folder,
        /// Make a sealing key and a receipt key where the folder has none.
        #[arg(long)]
        new: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Withdraw a station. Its next receipt tells it; what it sends after that is acknowledged and goes to
    /// quarantine.
    Withdraw {
        #[command(flatten)]
        office: Office,
        /// The station's id, as `list` shows it.
        station: String,
    },
    /// Write a backup, while `serve` runs or not: the data and the keys, each encrypted to the recipient of
    /// `serve --backup-to`. A file that is there already is not replaced.
    Backup {
        #[command(flatten)]
        office: Office,
        /// The file for the data; FILE.sha256 goes beside it.
        #[arg(long, value_name = "FILE", required_unless_present = "keys_to")]
        to: Option<PathBuf>,
        /// The file for the office's keys and its CA. Keep it apart from the data.
        #[arg(long, value_name = "FILE")]
        keys_to: Option<PathBuf>,
        /// Days for which the copy of the data is kept. Receipts for erasures name it until then.
        #[arg(long, value_name = "DAYS", default_value_t = BACKUP_DAYS,
              value_parser = clap::value_parser!(i64).range(BACKUP_DAYS_RANGE))]
        keep_days: i64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check that a backup can be restored. Without --identity only the checksum is compared.
    Check {
        /// The files of a backup.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The age identity that opens them.
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        /// Where to open them; what is opened is removed afterwards [default: the system's folder].
        #[arg(long, value_name = "DIR")]
        scratch: Option<PathBuf>,
        /// Print a JSON object a file.
        #[arg(long)]
        json: bool,
    },
    /// Make a data folder of a backup. Says what is to be done next.
    Restore {
        /// The data folder to make; it does not exist yet, or is empty.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The empty PostgreSQL database to fill, for a copy of one.
        #[arg(long, value_name = "URL", env = "KADIAN_STORE", hide_env_values = true)]
        store: Option<PostgresUrl>,
        /// The copy of the data.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// The copy of the keys. Without it, `serve --import-keys` has to bring the same keys.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        /// The age identity that opens them.
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
        /// The folder of `serve --copy-to`: what came after the backup.
        #[arg(long, value_name = "DIR")]
        copies: Option<PathBuf>,
        /// The newest list of what was erased: the file `erased` of the office's data folder. The folder of
        /// --copies has one too.
        #[arg(long, value_name = "FILE")]
        erased: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say that the database was restored by other means, such as a recovery of PostgreSQL to a moment or a
    /// snapshot of the machine. Stations then send again what they kept.
    Restored {
        #[command(flatten)]
        office: Office,
        /// The newest list of what was erased, where it is not in the data folder: nothing of it comes back.
        #[arg(long, value_name = "FILE")]
        erased: Option<PathBuf>,
    },
    /// Erase one resident: in passages, in quarantine, in the words of looks at them. Standard input says whom: a whole
    /// identity number or phone, a certificate's identifier, or the text of a code. Works while `serve` runs.
    Erase {
        #[command(flatten)]
        office: Office,
        /// In the place of standard input, the person key with which the words of a look at them end.
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Why, for the audit log: 10 to 300 characters that name nobody.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// A file for the signed receipt.
        #[arg(long, value_name = "FILE")]
        receipt: Option<PathBuf>,
    },
    /// Check the receipt for an erasure by the office's trust files, and print it.
    Erasure {
        #[command(flatten)]
        office: Office,
        /// The receipt.
        file: PathBuf,
    },
    /// Look at reports that came under one record id, opened by this office's key; or file one of them.
    ///
    /// A line for each, separated by tabs: filed or conflict, its hash, what it is, and the alerts that it would raise.
    Conflict {
        #[command(flatten)]
        office: Office,
        /// The station's id, as `list` shows it.
        station: String,
        /// The record's id, as `list` shows it.
        record: String,
        /// File the report whose hash begins so, under an id of its own. It happened as well: a copy of the
        /// laptop made it.
        #[arg(long, value_name = "HASH")]
        file: Option<String>,
    },
    /// Invite people to the console from this machine. Each is noted in the audit log.
    Admin {
        #[command(subcommand)]
        what: AdminCommand,
    },
    /// Check the audit log, or erase what names somebody in it.
    Audit {
        #[command(subcommand)]
        what: AuditCommand,
    },
    /// Delete what is past its days, as the policies of the communities say it; `serve` does it each hour. Prints a line
    /// for each community: its code, before which moment what arrived is deleted, and how much that is.
    Purge {
        #[command(flatten)]
        office: Office,
        /// Vouch for this machine's clock, after you have compared it with another one. Nothing is deleted by a clock
        /// that jumped by more than three days, or that was set back, until somebody does.
        #[arg(long)]
        clock_is_right: bool,
    },
    /// Carry reports and trust files by a stick, for laptops that have no network. Works while `serve` runs.
    Stick {
        #[command(subcommand)]
        what: StickCommand,
    },
    /// Open reports in quarantine again, once the reason is gone.
    Reopen {
        #[command(flatten)]
        office: Office,
        /// Only reports with this reason, as `list` shows it [default: any but `withdrawn`].
        #[arg(long)]
        reason: Option<QuarantineReason>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum StickCommand {
    /// Take in what laptops wrote to a stick, as if it had been sent: batches and requests to be enrolled. Receipts and
    /// answers are written beside them. The same stick again, or the same by the network later, changes nothing.
    Import {
        #[command(flatten)]
        office: Office,
        /// The stick's folder, or one file of reports, or one request.cbor.
        path: PathBuf,
        /// The folder of `serve --copy-to`, where the office has one: nothing is acknowledged that has no copy.
        #[arg(long, value_name = "DIR")]
        copy_to: Option<PathBuf>,
        /// Print a JSON object a file.
        #[arg(long)]
        json: bool,
    },
    /// Write the trust files of one community to a stick. Its people and checkpoints are sealed: only its own
    /// stations can open them.
    Export {
        #[command(flatten)]
        office: Office,
        /// The community, by its 12 digits [default: the only one].
        #[arg(long, value_name = "CODE")]
        community: Option<Region>,
        /// The stick's folder.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Invite somebody anew who lost what they sign in with. They are signed out everywhere, and what they
    /// had is good no longer. Prints a word for three days.
    Reset {
        #[command(flatten)]
        office: Office,
        /// The name that they sign in with, or their id.
        account: String,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Invite an administrator: the first one of an office that was set up by --import-trust.
    Invite {
        #[command(flatten)]
        office: Office,
        /// Their full name.
        #[arg(long)]
        name: String,
        /// Their mobile phone.
        #[arg(long)]
        phone: String,
        /// Their region: digits of GB/T 2260.
        #[arg(long)]
        region: Region,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Check that every entry follows the one before it, and that the log has every head that stations saw.
    /// Exits with 1 if not.
    Verify {
        /// The office's data folder.
        #[arg(long, value_name = "DIR", required_unless_present = "log")]
        data: Option<PathBuf>,
        /// The PostgreSQL database, as for `serve`.
        #[arg(long, value_name = "URL", env = "KADIAN_STORE", hide_env_values = true)]
        store: Option<PostgresUrl>,
        /// A log that the console exported, in place of the office's own.
        #[arg(long, value_name = "FILE", conflicts_with = "data")]
        log: Option<PathBuf>,
        /// Heads that stations saw: one a line, the number of entries and the hash.
        #[arg(long, value_name = "FILE")]
        witness: Option<PathBuf>,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Erase the words of all entries about somebody; of a resident, also what passages say of them. The chain still
    /// holds.
    Erase {
        #[command(flatten)]
        office: Office,
        /// The id, as an export shows it in `object`; of a resident, what the words of a look at them end with.
        object: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Folder {
    /// The office's data folder.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}

/// A data folder, and the database where it is not in there.
#[derive(Debug, Args)]
pub(super) struct Office {
    #[command(flatten)]
    pub folder: Folder,
    /// The PostgreSQL database that holds what arrived [default: a file in the data folder].
    ///
    /// postgres://USER:PASSWORD@HOST/DATABASE; over a network with
    /// ?sslmode=verify-full&sslrootcert=FILE. &citus distributes the tables over a Citus cluster.
    #[arg(long, value_name = "URL", env = "KADIAN_STORE", hide_env_values = true)]
    pub store: Option<PostgresUrl>,
}

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    pub office: Office,
    /// The address to listen on; port 0 takes a free port.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443")]
    pub listen: SocketAddr,
    /// The address of the local page, which lists what arrived; loopback only. Port 0 takes a free port.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8444")]
    pub page: SocketAddr,
    /// An address at which people elsewhere reach the console, over TLS [default: only the local page's
    /// address, at /console/].
    #[arg(long, value_name = "ADDR")]
    pub console: Option<SocketAddr>,
    /// Open a first start at the console's address too, over TLS. Otherwise only this machine's own browser can
    /// make it. The log shows the word, and the fingerprint of the CA to compare with what the browser shows.
    #[arg(long, requires = "console")]
    pub first_start_elsewhere: bool,
    /// A certificate that browsers trust, for the console [default: one by the deployment's CA].
    #[arg(long, value_name = "FILE", requires = "tls_key", requires = "console")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Serve without TLS. Only allowed if ADDR is loopback.
    #[arg(long)]
    pub plain_http: bool,
    /// A name or address of this machine, for its certificate. May be repeated; tickets use the
    /// first.
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// Copy sealing.key, receipt.key and, where they are, region.key and another office's ca.key and
    /// ca.pem from this folder; what is there already stays. With a region key that the root delegates to
    /// it, the office renews its community file.
    #[arg(long, value_name = "DIR")]
    pub import_keys: Option<PathBuf>,
    /// Encrypt backups to this age recipient (age1…), as `age-keygen` prints it. It is kept in the data
    /// folder; another one takes its place.
    #[arg(long, value_name = "RECIPIENT")]
    pub backup_to: Option<String>,
    /// Copy each batch and each enrolment into this folder, on another disk, before it is acknowledged.
    /// So nothing acknowledged is lost with this machine: `restore --copies` gives them to a backup.
    #[arg(long, value_name = "DIR")]
    pub copy_to: Option<PathBuf>,
    /// Copy root.cose, trust.cose, community.cose and revocations.bin from this folder. Older files
    /// are refused.
    #[arg(long, value_name = "DIR")]
    pub import_trust: Option<PathBuf>,
}
