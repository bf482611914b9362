//! `mock-sfdc soql explain`: how a query finds its rows, and why it finds none.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::Args;
use mock_sfdc_org::{
    clock::Clock,
    id::Id,
    soql::{self, BindOptions, Explanation, RunContext},
    state::{Record, State},
    value::Value,
};
use serde_json::json;

use super::{Format, Problem};

#[derive(Debug, Args)]
pub struct Options {
    /// The query
    query: String,
    /// A fixture of an org instead of the demo org
    #[arg(long, value_name = "FILE")]
    org: Option<PathBuf>,
    /// A folder of metadata whose objects and fields the queries may name; may be said several times
    #[arg(long, value_name = "DIR")]
    metadata: Vec<PathBuf>,
    /// Who asks, by user name; without it the org's first user
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(options: &Options) -> Result<bool, Problem> {
    let state = super::org(options.org.as_ref(), &options.metadata)?;
    let user = user(&state, options.user.as_deref())?;
    let context = RunContext::for_user(&state, user, Clock::system().now());
    let mut out = io::stdout().lock();
    match soql::explain(&options.query, &state, &BindOptions::default(), &context) {
        Ok(explained) if options.format == Format::Json => {
            writeln!(out, "{}", as_json(&explained))?;
            Ok(true)
        }
        Ok(explained) => {
            out.write_all(as_text(&explained).as_bytes())?;
            Ok(true)
        }
        Err(error) => {
            writeln!(out, "{}: {}", error.code.as_str(), error.message)?;
            Ok(false)
        }
    }
}

fn user(state: &State, name: Option<&str>) -> Result<Id, Problem> {
    let none = || Problem::NoUser(name.unwrap_or("(any)").to_owned());
    let users = state.schema().object("User").ok_or_else(none)?;
    let found = match (name, users.field("Username")) {
        (Some(name), Some((position, _))) => {
            state.matching(users, position, &Value::text(name)).next().map(Record::id)
        }
        _ => state.table(users.index).rows().next().map(Record::id),
    };
    found.ok_or_else(none)
}

fn as_json(explained: &Explanation) -> serde_json::Value {
    let steps = explained.steps.iter();
    let steps: Vec<_> = steps
        .map(|step| json!({"condition": step.condition, "alone": step.alone, "left": step.left}))
        .collect();
    json!({"object": explained.object.name.as_str(), "rows": explained.rows, "plan": explained.plan,
           "indexed": explained.indexed, "candidates": explained.candidates, "conditions": steps,
           "total": explained.total, "emptiedBy": explained.culprit().map(|step| &step.condition)})
}

fn as_text(explained: &Explanation) -> String {
    let mut lines = vec![
        format!("{} has {} rows", explained.object.name, explained.rows),
        format!("plan: {} ({} rows to look at)", explained.plan, explained.candidates),
    ];
    let width = explained.steps.iter().map(|step| step.condition.chars().count()).max().unwrap_or(0);
    for step in &explained.steps {
        lines.push(format!(
            "  {:width$}  holds for {} rows, {} are left",
            step.condition, step.alone, step.left
        ));
    }
    lines.push(format!("total: {}", explained.total));
    if let Some(step) = explained.culprit() {
        lines.push(if explained.rows == 0 {
            format!("{} has no rows at all", explained.object.name)
        } else if step.alone == 0 {
            format!("nothing is left because no row fulfils: {}", step.condition)
        } else {
            format!("the last rows were removed by: {}", step.condition)
        });
    }
    lines.push(String::new());
    lines.join("\n")
}
