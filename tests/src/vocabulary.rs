//! The vocabulary as a page for people who write features: `features/STEPS.md`, and the same as text on a terminal.

use std::fmt::Write as _;

use crate::registry::{PARAMETERS, Step};
use crate::steps::SUBJECTS;

/// The whole of `features/STEPS.md`.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# The steps\n\n\
         Generated from the table of steps: `cargo run -p tests --bin scenarios -- --write-steps`. Do not edit.\n\n\
         Given, When, Then, And and But may stand before any step; the keyword shown is the usual one. `a/an` means\n\
         either word, `(s)` may be left out.\n\n\
         | in a step | stands for |\n| --- | --- |\n\
         | `{string}` | a text in quotes: `\"Acme\"` |\n| `{int}` | a whole number: `3` |\n",
    );
    for (name, _, meaning) in PARAMETERS {
        let _ = writeln!(page, "| `{{{name}}}` | {meaning} |");
    }
    page.push_str(
        "\nIn tables of records a cell may name another record (`Account \"Acme\"`), the empty value (`nothing`), or a\n\
         moment by the scenario's clock (`now`, `today`). An empty cell leaves the field out.\n",
    );
    for subject in SUBJECTS {
        let _ = write!(page, "\n## {}\n", subject.title);
        for step in subject.steps {
            let _ =
                write!(page, "\n### {}\n\n{}\n\n```gherkin\n{}\n```\n", title(step), step.help, step.example);
        }
    }
    page
}

/// One line a step, by subject.
#[must_use]
pub fn list() -> String {
    let mut text = String::new();
    for subject in SUBJECTS {
        let _ = writeln!(text, "\n{}", subject.title);
        for step in subject.steps {
            let _ = writeln!(text, "  {:<5} {}\n          {}", step.keyword, step.expression, step.help);
        }
    }
    text
}

fn title(step: &Step) -> String {
    format!("{} {}", step.keyword, step.expression)
}
