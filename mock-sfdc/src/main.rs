//! `mock-sfdc serve`: a Salesforce on localhost.

mod serve;
mod soql;
mod transfer;
mod way_in;

use std::{io::IsTerminal as _, process::ExitCode};

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;

/// A faithful fake of Salesforce on a socket.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Options,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves until it is told to stop (the default).
    Serve(serve::Options),
    /// Checks and explains queries, without a server.
    #[command(subcommand)]
    Soql(soql::Command),
    /// Writes the org of a data file as one text.
    Export(transfer::Export),
    /// Makes a data file of such a text.
    Import(transfer::Import),
    /// Prints docs/FIDELITY.md: what is emulated, what is refused, what is not confirmed.
    Fidelity,
}

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = match arguments.command {
        Some(Command::Serve(options)) => options,
        Some(Command::Soql(command)) => return soql::run(&command),
        Some(Command::Export(options)) => return ended(transfer::export(options).await),
        Some(Command::Import(options)) => return ended(transfer::import(options).await),
        Some(Command::Fidelity) => {
            print!("{}", mock_sfdc::fidelity::page());
            return ExitCode::SUCCESS;
        }
        None => arguments.serve,
    };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // Colours are for people: a log in a file has none.
    let is_seen = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_seen).with_writer(std::io::stderr).init();
    ended(serve::run(options).await)
}

fn ended(result: Result<(), impl std::fmt::Display>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("mock-sfdc: {problem}");
            ExitCode::from(2)
        }
    }
}
