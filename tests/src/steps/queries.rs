//! Steps about queries.

use serde_json::Value;

use super::records::refused;
use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::cells;

pub const SUBJECT: Subject = Subject {
    title: "Queries",
    steps: &[
        step!(
            "When",
            "this query is run:",
            run,
            "Runs SOQL and keeps its rows for the steps that follow.",
            "When this query is run:\n  \"\"\"\n  SELECT Name FROM Account WHERE Industry = 'Banking'\n  \"\"\""
        ),
        step!(
            "When",
            "this query is refused with {string}:",
            refused_query,
            "The org answers with this error code.",
            "When this query is refused with \"INVALID_FIELD\":\n  \"\"\"\n  SELECT Colour FROM Account\n  \"\"\""
        ),
        step!(
            "Then",
            "the query returns {int} row(s)",
            rows,
            "So many rows came.",
            "Then the query returns 2 rows"
        ),
        step!(
            "Then",
            "the query returns:",
            table,
            "Exactly these rows, in this order; columns are fields, paths or aliases.",
            "Then the query returns:\n  | Name | Owner.Name |\n  | Acme | Dora Day   |"
        ),
    ],
};

async fn run(world: &mut World, args: Args) -> Outcome {
    world.rows = world.org.admin.rows(args.docstring()?).await?;
    Ok(())
}

async fn refused_query(world: &mut World, args: Args) -> Outcome {
    let answer = world.org.admin.query(args.docstring()?).await;
    refused(world, answer, args.text(0))
}

async fn rows(world: &mut World, args: Args) -> Outcome {
    let wanted = args.number(0)?;
    if world.rows.len() == wanted {
        return Ok(());
    }
    Err(Failure::mismatch("the number of rows", wanted, shown(&world.rows)))
}

async fn table(world: &mut World, args: Args) -> Outcome {
    let wanted = args.records()?;
    if world.rows.len() != wanted.len() {
        return Err(Failure::mismatch("the number of rows", wanted.len(), shown(&world.rows)));
    }
    for (n, (row, cells)) in world.rows.clone().iter().zip(&wanted).enumerate() {
        for (column, cell) in cells {
            let whole = cells::member(row, column);
            let value = if whole.is_null() {
                column.split('.').fold(row, |value, part| cells::member(value, part))
            } else {
                whole
            };
            cells::compare(world, &format!("row {}, {column}", n + 1), cell, value).await?;
        }
    }
    Ok(())
}

/// The rows without what REST adds to each.
fn shown(rows: &[Value]) -> String {
    let line = |row: &Value| {
        let fields = row.as_object().into_iter().flatten().filter(|(name, _)| *name != "attributes");
        fields.map(|(name, value)| format!("{name}={}", cells::text(value))).collect::<Vec<_>>().join(" ")
    };
    format!("{}: {}", rows.len(), rows.iter().map(line).collect::<Vec<_>>().join("; "))
}
