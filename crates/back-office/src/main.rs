//! The `back-office` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    back_office::command::main()
}
