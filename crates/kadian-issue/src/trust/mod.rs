//! `kadian-issue trust`: makes, signs, shows and checks trust files, offline, a file and a key at a time.

mod check;
mod file;
mod revoke;
mod schema;
mod show;
mod sign;
mod signers;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// Make, sign, show and check trust files, offline
///
/// For a person with a stick: each key stays on the machine that it belongs to, the file travels.
/// Files are described in JSON; `show --json` writes the description of a file there is.
#[derive(Args)]
#[command(after_help = "A root that follows another, two of whose three keys are on two machines:\n  \
    kadian-issue trust show --json root.cose > root.json     then raise the version, change the keys\n  \
    kadian-issue trust sign --key root-1.key root.json       makes root.cose with one signature\n  \
    kadian-issue trust sign --key root-2.key root.cose       on the other machine: adds the second\n  \
    kadian-issue trust check --after stick/old stick/new     may these files follow those?\n\n\
    The next trust list, with somebody more revoked:\n  \
    kadian-issue trust revoke --salt HEX revocations.bin < people.tsv\n  \
    kadian-issue trust sign --key publisher.key --revocations revocations.bin trust.json\n\n\
    Exit status: 0, or 2 where something is wrong, which is said.")]
pub struct TrustArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Key(sign::KeyArgs),
    Sign(sign::SignArgs),
    Show(show::ShowArgs),
    Check(check::CheckArgs),
    Revoke(revoke::RevokeArgs),
    Dsc(signers::DscArgs),
}

/// Runs the command.
pub fn run(arguments: &TrustArgs) -> Result<ExitCode, String> {
    match &arguments.command {
        Command::Key(arguments) => sign::make_key(arguments),
        Command::Sign(arguments) => sign::sign(arguments),
        Command::Show(arguments) => show::show(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Revoke(arguments) => revoke::revoke(arguments),
        Command::Dsc(arguments) => signers::add(arguments),
    }?;
    Ok(ExitCode::SUCCESS)
}
