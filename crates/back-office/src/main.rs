//! The `back-office` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    back_office::command::main()
}
