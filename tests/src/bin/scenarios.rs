//! `scenarios`: runs feature files for people who write Gherkin and no Rust.
//!
//! Exit codes: 0 all passed, 1 a scenario failed, 2 wrong use or nothing to run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::Parser;
use tests::features::{self, Case, Filter};
use tests::report::{Report, ScenarioResult, State, console, html, junit};
use tests::{requirements, run, vocabulary};

/// Runs scenarios written in Gherkin against the mock Salesforce and the engine.
#[derive(Debug, Parser)]
#[command(name = "scenarios", version, max_term_width = 110)]
struct Options {
    /// Feature files, or folders of them.
    #[arg(default_value = "features")]
    paths: Vec<PathBuf>,
    /// Only scenarios with these tags, for instance: "@RR-07 and not @survival".
    #[arg(long, value_name = "EXPRESSION")]
    tags: Option<String>,
    /// Only scenarios whose name, or whose feature's name, contains this text.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Run nothing: list the scenarios and the steps that nobody knows.
    #[arg(long)]
    dry_run: bool,
    /// List all steps of the vocabulary.
    #[arg(long)]
    list_steps: bool,
    /// Write the vocabulary to features/STEPS.md.
    #[arg(long)]
    write_steps: bool,
    /// Write the result as JUnit XML.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the result as one HTML page.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the table of requirements with the result of this run.
    #[arg(long, value_name = "FILE")]
    requirements: Option<PathBuf>,
}

const FAILED: u8 = 1;
const USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    if options.list_steps {
        print!("{}", vocabulary::list());
        return ExitCode::SUCCESS;
    }
    if options.write_steps {
        return written(Path::new("features/STEPS.md"), &vocabulary::page());
    }
    let cases = match chosen(&options) {
        Ok(cases) => cases,
        Err(message) => {
            eprintln!("scenarios: {message}");
            return ExitCode::from(USAGE);
        }
    };
    if options.dry_run { dry_run(cases) } else { real_run(&options, cases).await }
}

fn chosen(options: &Options) -> Result<Vec<Case>, String> {
    let filter = Filter::new(options.tags.as_deref(), options.name.as_deref()).map_err(|e| e.to_string())?;
    let mut cases = features::load(&options.paths).map_err(|e| e.to_string())?;
    let all = cases.len();
    cases.retain(|case| filter.keeps(case));
    if cases.is_empty() {
        return Err(format!("nothing to run: {all} scenarios were found there, and none fits the filter"));
    }
    let unknown = requirements::unknown_tags(&cases);
    if unknown.is_empty() { Ok(cases) } else { Err(unknown.join("\n")) }
}

fn dry_run(cases: Vec<Case>) -> ExitCode {
    let results: Vec<ScenarioResult> = cases.into_iter().map(run::resolve).collect();
    let mut unresolved = 0;
    for file in results.chunk_by(|a, b| a.case.file == b.case.file) {
        println!("{}", console::heading(&file[0]));
        for one in file {
            println!("       {:>4}  {}  {}", one.case.line, one.case.name, one.case.tags.join(" "));
            unresolved += one.steps.iter().filter(|step| step.state != State::NotReached).count();
            one.reasons().iter().for_each(|reason| println!("{reason}"));
        }
    }
    println!("\nscenarios: {}; steps that cannot be resolved: {unresolved}", results.len());
    if unresolved == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}

async fn real_run(options: &Options, cases: Vec<Case>) -> ExitCode {
    let progress = Progress::new(&cases);
    let report = run::run(cases, |result| progress.done(result)).await;
    println!("{}", console::summary(&report));
    let page = |render: fn(&Report) -> String| render(&report);
    let files = [
        (&options.junit, page(junit::render)),
        (&options.html, page(html::render)),
        (&options.requirements, page(requirements::render)),
    ];
    for (file, text) in files {
        if let Some(file) = file
            && written(file, &text) != ExitCode::SUCCESS
        {
            return ExitCode::from(USAGE);
        }
    }
    if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}

fn written(file: &Path, text: &str) -> ExitCode {
    match std::fs::write(file, text) {
        Ok(()) => {
            println!("written: {}", file.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("scenarios: {} cannot be written: {error}", file.display());
            ExitCode::from(USAGE)
        }
    }
}

/// Scenarios end in any order; a file is printed as a block once all of its scenarios have.
#[derive(Debug)]
struct Progress(Mutex<BTreeMap<PathBuf, Block>>);

/// One file on its way to the terminal.
#[derive(Debug, Default)]
struct Block {
    /// Scenarios that have not ended.
    left: usize,
    /// Those that have, with their line in the file.
    ended: Vec<(usize, String)>,
}

impl Progress {
    fn new(cases: &[Case]) -> Self {
        let mut files: BTreeMap<PathBuf, Block> = BTreeMap::new();
        for case in cases {
            files.entry(case.file.clone()).or_default().left += 1;
        }
        Self(Mutex::new(files))
    }

    fn done(&self, result: &ScenarioResult) {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(block) = files.get_mut(&result.case.file) else { return };
        block.ended.push((result.case.line, console::scenario(result)));
        block.left -= 1;
        if block.left == 0 {
            block.ended.sort();
            println!("{}", console::heading(result));
            for (_, text) in &block.ended {
                println!("{text}");
            }
        }
    }
}
