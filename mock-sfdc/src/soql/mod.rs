//! `mock-sfdc soql`: queries without a server.

mod check;
mod explain;

use std::{path::PathBuf, process::ExitCode};

use clap::{Subcommand, ValueEnum};
use mock_sfdc::{
    Report,
    fixtures::{self, FixtureError, Project},
};
use mock_sfdc_org::state::State;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Says which queries are valid: one a line, or lines of JSON with a `soql` key
    Check(check::Options),
    /// Shows how a query finds its rows, and which condition leaves how many
    Explain(explain::Options),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("cannot read {}: {error}", file.display())]
    Read { file: PathBuf, error: std::io::Error },
    #[error("{place}: {why}")]
    Line { place: String, why: String },
    #[error("{0}")]
    Fixture(#[from] FixtureError),
    #[error("nobody in this org has the user name {0}")]
    NoUser(String),
    #[error("cannot write: {0}")]
    Write(#[from] std::io::Error),
}

/// 0 when all is well, 1 when a query is wrong, 2 when there was no telling.
pub fn run(command: &Command) -> ExitCode {
    let result = match command {
        Command::Check(options) => check::run(options),
        Command::Explain(options) => explain::run(options),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        // Whoever reads the answers has read enough.
        Err(Problem::Write(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("mock-sfdc: {problem}");
            ExitCode::from(2)
        }
    }
}

/// The org of a fixture with projects of metadata in it; without a fixture a new org with them, or the demo org. What these could not bring is told apart
/// from the answers.
fn org(file: Option<&PathBuf>, metadata: &[PathBuf]) -> Result<State, Problem> {
    let projects: Vec<Project> =
        metadata.iter().map(|folder| Project::read(folder)).collect::<Result<_, _>>()?;
    let (state, report) = match file {
        Some(file) => fixtures::from_file_with(file, &projects)?,
        None if projects.is_empty() => (fixtures::demo(), Report::default()),
        None => fixtures::new_with(&projects)?,
    };
    if !projects.is_empty() {
        eprint!("{report}");
    }
    Ok(state)
}
