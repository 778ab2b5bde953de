//! The life of a program: parse, log, run, exit.

use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, Parser};

use crate::failure::Failure;
use crate::log::{self, Format};
use crate::output::{complain, flush};

/// Parses the command line, starts the log, runs `main`, and returns the exit code. Prints one
/// sentence if the program fails.
///
/// Call it at the end of the function `main`, and nothing after it.
pub fn run<A: Parser>(main: impl FnOnce(A) -> Result<ExitCode, Failure>) -> ExitCode {
    let command = with_log(A::command());
    let name = command.get_name().to_owned();
    let outcome = match parse(command) {
        Ok((arguments, format)) => {
            log::start(format);
            main(arguments)
        }
        Err(error) if error.use_stderr() => {
            // If standard error is closed or full, the exit code alone tells.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(u8::MAX));
        }
        // `--help` or `--version`.
        Err(error) => match error.print() {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => Err(Failure::of_output(&error)),
        },
    };
    exit(&name, outcome)
}

/// The id of the argument that every program has.
const LOG: &str = "log";

fn with_log(command: Command) -> Command {
    let help = match command.get_after_help() {
        Some(help) => format!("{help}\n\n{}", log::HELP),
        None => log::HELP.to_owned(),
    };
    let format = Arg::new(LOG).long(LOG).value_name("FORMAT").global(true);
    let format = format.value_parser(clap::value_parser!(Format)).help("How the log looks [default: text]");
    command.after_help(help).arg(format)
}

fn parse<A: Parser>(mut command: Command) -> Result<(A, Format), clap::Error> {
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    let arguments = A::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    Ok((arguments, format_of(&matches)))
}

fn format_of(matches: &ArgMatches) -> Format {
    matches.get_one(LOG).copied().unwrap_or_default()
}

fn exit(name: &str, outcome: Result<ExitCode, Failure>) -> ExitCode {
    match outcome.and_then(|code| flush().map(|()| code)) {
        Ok(code) => code,
        Err(failure) => {
            if let Failure::Sentence(sentence) = &failure {
                complain(format_args!("{name}: {sentence}"));
            }
            failure.exit_code()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_takes_the_format_of_the_log_before_and_after_its_name() {
        let command = || with_log(Command::new("office").subcommand(Command::new("serve")));
        let format = |line: &[&str]| format_of(&command().try_get_matches_from(line).unwrap());
        assert_eq!(format(&["office", "serve"]), Format::Text);
        assert_eq!(format(&["office", "--log", "json", "serve"]), Format::Json);
        assert_eq!(format(&["office", "serve", "--log", "json"]), Format::Json);
        assert!(command().try_get_matches_from(["office", "--log", "xml"]).is_err());
    }
}
