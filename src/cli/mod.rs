//! The command line.

mod args;
mod baseline;
mod check;
mod config;
mod error;
mod explain;
mod fixing;
mod operations;
mod response;
mod rules;
mod schema;
mod terminal;

pub use explain::pretty;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::cli::args::{Arguments, Command};
use crate::cli::error::Trouble;

/// Exit code of a check that found nothing to fail on.
const CLEAN: u8 = 0;
/// Exit code of a check that did.
const FOUND: u8 = 1;
/// Exit code where the check, or what else was asked, could not be done.
const TROUBLE: u8 = 2;

/// Runs the command with the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Check(check) => check::run(&check, arguments.color),
        Command::Fix(mut check) => {
            check.fixing.fix = true;
            check::run(&check, arguments.color)
        }
        Command::Response(response) => response::run(&response, terminal::style(arguments.color)),
        Command::Rules(rules) => print(&rules::render(&rules)),
        Command::Explain(explain) => {
            explain::render(&explain, terminal::style(arguments.color)).and_then(|text| print(&text))
        }
        Command::Operations(operations) => operations::render(&operations).and_then(|text| print(&text)),
        Command::Config(check) => config::render(&check).and_then(|text| print(&text)),
        Command::Schema(schema) => schema::render(&schema).and_then(|text| print(&text)),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(trouble) => {
            trouble.tell(&terminal::error_style(arguments.color));
            ExitCode::from(TROUBLE)
        }
    }
}

/// Writes to standard output. That nobody reads on is no trouble.
fn print(text: &str) -> Result<u8, Trouble> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Trouble::new(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(CLEAN),
    }
}
