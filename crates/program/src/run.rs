//! The life of a program: parse, log, run, exit.

use std::process::ExitCode;

use clap::{Command, Parser};

use crate::failure::Failure;
use crate::log;
use crate::output::{complain, flush};

/// Parses the command line, starts the log, runs `main`, and returns the exit code. Prints one
/// sentence if the program fails.
///
/// Call it at the end of the function `main`, and nothing after it.
pub fn run<A: Parser>(main: impl FnOnce(A) -> Result<ExitCode, Failure>) -> ExitCode {
    let command = with_log_help(A::command());
    let name = command.get_name().to_owned();
    let outcome = match parse(command) {
        Ok(arguments) => {
            log::start();
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

fn with_log_help(command: Command) -> Command {
    let help = match command.get_after_help() {
        Some(help) => format!("{help}\n\n{}", log::HELP),
        None => log::HELP.to_owned(),
    };
    command.after_help(help)
}

fn parse<A: Parser>(mut command: Command) -> Result<A, clap::Error> {
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    A::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
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
