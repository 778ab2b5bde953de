//! `kadian-issue trust`: makes, signs, shows and checks trust files, offline, one file and one key at
//! a time.

mod bundle;
mod check;
mod description;
mod file;
mod new;
mod revoke;
mod schema;
mod show;
mod sign;
mod signers;
mod value_sets;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use program::Failure;

/// Make, sign, show and check trust files, offline
///
/// For people with a USB stick: each key stays on its own machine, and the file travels. Files are
/// described in JSON; `show --json` writes the description of an existing file.
#[derive(Args)]
#[command(after_help = "The next root, where two of three keys are on two machines:\n  \
    kadian-issue trust show --json root.cose > root.json     then raise the version and change the keys\n  \
    kadian-issue trust sign --key root-1.key root.json       makes root.cose with one signature\n  \
    kadian-issue trust sign --key root-2.key root.cose       on the other machine: adds the second\n  \
    kadian-issue trust check --after stick/old stick/new     may these files follow those?\n\n\
    The next trust list, with more people revoked:\n  \
    kadian-issue trust revoke --salt HEX revocations.bin < people.tsv\n  \
    kadian-issue trust sign --key publisher.key --revocations revocations.bin trust.json\n\n\
    A city's policy, which the next list names:\n  \
    kadian-issue trust sign --key city.key city.json         makes city.cose\n  \
    kadian-issue trust bundle policies.cbor nation.cose city.cose\n  \
    kadian-issue trust sign --key publisher.key --policies policies.cbor trust.json\n\n\
    Exit status: 0; 2 where something is wrong, with a sentence that says what.")]
pub struct TrustArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::NewArgs),
    Key(sign::KeyArgs),
    Sign(sign::SignArgs),
    Show(show::ShowArgs),
    Check(check::CheckArgs),
    Bundle(bundle::BundleArgs),
    Revoke(revoke::RevokeArgs),
    Dsc(signers::DscArgs),
    ValueSets(value_sets::ValueSetsArgs),
}

/// Runs the command.
pub fn run(arguments: &TrustArgs) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::New(arguments) => new::new(arguments),
        Command::Key(arguments) => sign::make_key(arguments),
        Command::Sign(arguments) => sign::sign(arguments),
        Command::Show(arguments) => show::show(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Bundle(arguments) => bundle::bundle(arguments),
        Command::Revoke(arguments) => revoke::revoke(arguments),
        Command::Dsc(arguments) => signers::add(arguments),
        Command::ValueSets(arguments) => value_sets::add(arguments),
    }?;
    Ok(ExitCode::SUCCESS)
}
