//! `mock-sfdc soql check`: whether Salesforce would take these queries.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
};

use clap::Args;
use mock_sfdc_org::{
    error::Error,
    soql::{self, BindOptions},
    sosl,
    state::State,
};
use serde_json::{Value, json};

use super::{Format, Problem};

#[derive(Debug, Args)]
pub struct Options {
    /// Files with queries; without any, standard input
    files: Vec<PathBuf>,
    /// Binds names to this org; without it only the grammar is checked
    #[arg(long, value_name = "FILE")]
    org: Option<PathBuf>,
    /// A folder of metadata whose objects and fields the queries may name; may be said several times
    #[arg(long, value_name = "DIR")]
    metadata: Vec<PathBuf>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The version of the API whose rules and texts apply
    #[arg(long, default_value_t = 67, value_name = "NUMBER")]
    api_version: u32,
}

pub fn run(options: &Options) -> Result<bool, Problem> {
    let bound = options.org.is_some() || !options.metadata.is_empty();
    let state = bound.then(|| super::org(options.org.as_ref(), &options.metadata)).transpose()?;
    let mut out = io::stdout().lock();
    let mut checks = Checks { options, state, valid: 0, wrong: 0 };
    if options.files.is_empty() {
        checks.read("-", io::stdin().lock(), &mut out)?;
    }
    for file in &options.files {
        let opened = fs::File::open(file);
        let reader = opened.map_err(|error| Problem::Read { file: file.clone(), error })?;
        checks.read(&file.display().to_string(), BufReader::new(reader), &mut out)?;
    }
    if options.format == Format::Text {
        writeln!(out, "{} valid, {} not", checks.valid, checks.wrong)?;
    }
    Ok(checks.wrong == 0)
}

struct Checks<'a> {
    options: &'a Options,
    state: Option<State>,
    valid: usize,
    wrong: usize,
}

impl Checks<'_> {
    fn read(&mut self, name: &str, reader: impl BufRead, out: &mut impl Write) -> Result<(), Problem> {
        for (at, line) in reader.lines().enumerate() {
            let line = line.map_err(|error| Problem::Read { file: name.into(), error })?;
            let place = format!("{name}:{}", at + 1);
            let Some(query) = query_of(&line, &place)? else { continue };
            let error = self.check(&query).err();
            *(if error.is_none() { &mut self.valid } else { &mut self.wrong }) += 1;
            match (self.options.format, error) {
                (Format::Json, error) => writeln!(out, "{}", as_json(&query, error.as_ref()))?,
                (Format::Text, Some(error)) => {
                    writeln!(out, "{place}: {}: {}", error.code.as_str(), error.message)?;
                }
                (Format::Text, None) => {}
            }
        }
        Ok(())
    }

    fn check(&self, query: &str) -> Result<(), Error> {
        let options = BindOptions { api_version: self.options.api_version };
        let is_search = query.trim_start().get(..4).is_some_and(|word| word.eq_ignore_ascii_case("FIND"));
        match (&self.state, is_search) {
            (Some(state), false) => soql::prepare(query, state.schema(), &options).map(|_| ()),
            (Some(state), true) => sosl::prepare(query, state.schema(), &options).map(|_| ()),
            (None, false) => Ok(soql::parse(query).map(|_| ())?),
            (None, true) => Ok(sosl::parse(query).map(|_| ())?),
        }
    }
}

/// The query of a line: the line itself, or its `soql` where it is JSON; None for an empty line.
fn query_of(line: &str, place: &str) -> Result<Option<String>, Problem> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    if !line.trim_start().starts_with('{') {
        return Ok(Some(line.to_owned()));
    }
    let wrong = |why: String| Problem::Line { place: place.to_owned(), why };
    let json: Value = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
    match &json["soql"] {
        Value::String(query) => Ok(Some(query.clone())),
        _ => Err(wrong("no \"soql\" with a text".to_owned())),
    }
}

fn as_json(query: &str, error: Option<&Error>) -> Value {
    let Some(error) = error else { return json!({"soql": query, "valid": true}) };
    let (line, column) = position(&error.message).unzip();
    json!({"soql": query, "valid": false, "errorCode": error.code.as_str(), "message": error.message,
           "line": line, "column": column})
}

/// What the message itself says of the place.
fn position(message: &str) -> Option<(usize, usize)> {
    let (_, rest) = message.split_once("ERROR at Row:")?;
    let (row, rest) = rest.split_once(":Column:")?;
    let column = rest.split('\n').next()?;
    Some((row.parse().ok()?, column.parse().ok()?))
}
