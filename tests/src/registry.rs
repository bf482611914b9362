//! The fourth table: every step of the vocabulary with its expression, one line of help and an example.
//!
//! The rows stand in [`crate::steps`], by subject. Expressions are Cucumber's. As in Cucumber, Given, When and Then do
//! not take part in matching: the keyword of a row is only the one it is usually written with.

use std::collections::HashMap;
use std::sync::LazyLock;

use cucumber_expressions::Expression;
use futures::future::BoxFuture;
use regex::Regex;

use crate::failure::{Failure, Outcome};
use crate::world::World;

/// What a step's code is.
pub type StepFn = for<'a> fn(&'a mut World, Args) -> BoxFuture<'a, Outcome>;

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Step {
    pub keyword: &'static str,
    pub expression: &'static str,
    pub help: &'static str,
    pub example: &'static str,
    pub run: StepFn,
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.keyword, self.expression)
    }
}

/// Steps about one thing: one file of [`crate::steps`].
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    pub title: &'static str,
    pub steps: &'static [Step],
}

/// Writes a row: `step!("When", "{duration} pass(es)", pass, "Help.", "When 5 minutes pass")`.
macro_rules! step {
    ($keyword:literal, $expression:literal, $run:path, $help:literal, $example:expr) => {
        $crate::registry::Step {
            keyword: $keyword,
            expression: $expression,
            help: $help,
            example: $example,
            run: |world, args| Box::pin($run(world, args)),
        }
    };
}
pub(crate) use step;

/// The parameter types beside Cucumber's own `{string}`, `{int}` and `{word}`: name, pattern, what a reader is told.
pub const PARAMETERS: &[(&str, &str, &str)] = &[
    (
        "object",
        r"[A-Z][A-Za-z0-9_]*",
        "an object of the org by its API name; its plural does too: `Lead`, `Leads`",
    ),
    ("field", r"[A-Za-z][A-Za-z0-9_.]*", "a field by its API name, also over a relationship: `Owner.Name`"),
    (
        "status",
        r"Pending|Qualified|Approved|Denied",
        "a referral's status: `Pending`, `Qualified`, `Approved`, `Denied`",
    ),
    (
        "moment",
        r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?",
        "a moment in UTC: `2026-03-02 09:00` or `2026-03-02 09:00:30`",
    ),
    (
        "duration",
        r"\d+ (?:day|hour|minute|second)s?(?:(?:, | and )\d+ (?:day|hour|minute|second)s?)*",
        "a time span: `59 minutes and 59 seconds`",
    ),
];

/// What a step was written with.
#[derive(Debug, Clone, Default)]
pub struct Args {
    values: Vec<String>,
    table: Option<Vec<Vec<String>>>,
    text: Option<String>,
}

impl Args {
    /// The parameter at this place of the expression.
    #[must_use]
    pub fn text(&self, at: usize) -> &str {
        self.values.get(at).map_or("", String::as_str)
    }

    pub fn number(&self, at: usize) -> Result<usize, Failure> {
        let text = self.text(at);
        text.parse().map_err(|_| Failure::new(format!("\"{text}\" is no whole number from 0 up")))
    }

    /// A `{duration}` in milliseconds.
    pub fn duration(&self, at: usize) -> Result<i64, Failure> {
        let words: Vec<&str> =
            self.text(at).split([' ', ',']).filter(|word| !word.is_empty() && *word != "and").collect();
        let unit = |word: &str| match word.trim_end_matches('s') {
            "day" => 86_400_000,
            "hour" => 3_600_000,
            "minute" => 60_000,
            _ => 1_000,
        };
        let part = |pair: &[&str]| pair[0].parse::<i64>().map(|count| count * unit(pair[1]));
        let sum = words.chunks_exact(2).map(part).sum::<Result<i64, _>>();
        sum.map_err(|_| Failure::new(format!("\"{}\" is no time span", self.text(at))))
    }

    /// A `{moment}` in milliseconds since 1970.
    pub fn moment(&self, at: usize) -> Result<i64, Failure> {
        let text = self.text(at);
        let parsed = text.replacen(' ', "T", 1).parse::<jiff::civil::DateTime>();
        let zoned = parsed.and_then(|moment| moment.to_zoned(jiff::tz::TimeZone::UTC));
        zoned.map(|moment| moment.timestamp().as_millisecond()).map_err(|_| {
            Failure::new(format!("\"{text}\" is no moment; write for instance 2026-03-02 09:00"))
        })
    }

    /// The rows under the step, heading included.
    pub fn table(&self) -> Result<&[Vec<String>], Failure> {
        self.table.as_deref().ok_or_else(|| Failure::new("this step needs a table under it; none was given"))
    }

    /// A table of two columns without a heading: name and value.
    pub fn pairs(&self) -> Result<Vec<(String, String)>, Failure> {
        let pair = |row: &Vec<String>| match row.as_slice() {
            [name, value] => Ok((name.clone(), value.clone())),
            _ => Err(Failure::new(format!(
                "this step needs a table of two columns, name and value; a row has {}: {}",
                row.len(),
                row.join(" | ")
            ))),
        };
        self.table()?.iter().map(pair).collect()
    }

    /// A table with a heading: one list of (column, value) for every row below it.
    pub fn records(&self) -> Result<Vec<Vec<(String, String)>>, Failure> {
        let (heading, rows) =
            self.table()?.split_first().ok_or_else(|| Failure::new("the table under this step is empty"))?;
        if rows.is_empty() {
            return Err(Failure::new("the table under this step has a heading and no row"));
        }
        Ok(rows.iter().map(|row| heading.iter().cloned().zip(row.iter().cloned()).collect()).collect())
    }

    /// The text between `"""` under the step.
    pub fn docstring(&self) -> Result<&str, Failure> {
        self.text
            .as_deref()
            .map(str::trim)
            .ok_or_else(|| Failure::new("this step needs a text between \"\"\" under it"))
    }
}

/// What a step's text led to.
#[derive(Debug)]
pub enum Found {
    One(&'static Step, Args),
    /// Nothing fits; the nearest rows, best first.
    None(Vec<&'static Step>),
    /// More than one row fits, which is a mistake in the table.
    Many(Vec<&'static Step>),
}

struct Entry {
    step: &'static Step,
    pattern: Regex,
}

static TABLE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let parameters: HashMap<&str, &str> =
        PARAMETERS.iter().map(|(name, pattern, _)| (*name, *pattern)).collect();
    let steps = crate::steps::SUBJECTS.iter().flat_map(|subject| subject.steps);
    steps
        .map(|step| match Expression::regex_with_parameters(step.expression, &parameters) {
            Ok(pattern) => Entry { step, pattern },
            Err(error) => panic!("the step \"{}\" is no valid expression: {error}", step.expression),
        })
        .collect()
});

/// The row that a step of a feature file means.
#[must_use]
pub fn find(step: &gherkin::Step) -> Found {
    let fitting: Vec<(&Entry, Vec<String>)> = TABLE
        .iter()
        .filter_map(|entry| {
            let captures = entry.pattern.captures(&step.value)?;
            let values = captures.iter().skip(1).flatten().map(|found| unescape(found.as_str())).collect();
            Some((entry, values))
        })
        .collect();
    match fitting.as_slice() {
        [] => Found::None(nearest(&step.value)),
        [(entry, values)] => {
            let table = step.table.as_ref().map(|table| table.rows.clone());
            Found::One(entry.step, Args { values: values.clone(), table, text: step.docstring.clone() })
        }
        several => Found::Many(several.iter().map(|(entry, _)| entry.step).collect()),
    }
}

fn unescape(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\'", "'")
}

/// The rows whose wording is nearest to a mistyped step; at most three, and none that has little in common.
fn nearest(text: &str) -> Vec<&'static Step> {
    let wanted = shape(text);
    let mut scored: Vec<(f64, &'static Step)> = TABLE
        .iter()
        .map(|entry| {
            let example = entry
                .step
                .example
                .lines()
                .next()
                .unwrap_or_default()
                .split_once(' ')
                .map_or("", |(_, rest)| rest);
            (strsim::normalized_levenshtein(&wanted, &shape(example)), entry.step)
        })
        .filter(|(score, _)| *score > 0.5)
        .collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    scored.into_iter().take(3).map(|(_, step)| step).collect()
}

/// The wording without what is a parameter: quoted texts and numbers are blanked.
fn shape(text: &str) -> String {
    static BLANKS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#""[^"]*"|\d[\d:-]*"#).expect("the pattern is a constant"));
    BLANKS.replace_all(text, "·").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> gherkin::Step {
        let feature = format!("Feature: F\n  Scenario: S\n    {}\n", text.replace('\n', "\n    "));
        let feature = gherkin::Feature::parse(feature, gherkin::GherkinEnv::default())
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        feature.scenarios[0].steps[0].clone()
    }

    #[test]
    fn every_example_means_its_own_row_and_no_other() {
        for subject in crate::steps::SUBJECTS {
            for step in subject.steps {
                match find(&parsed(step.example)) {
                    Found::One(found, _) => assert_eq!(found.expression, step.expression, "{}", step.example),
                    Found::None(_) => panic!("the example does not fit its step: {step:?}\n{}", step.example),
                    Found::Many(rows) => panic!("the example fits several steps: {rows:?}\n{}", step.example),
                }
                assert!(step.help.ends_with('.'), "help is a sentence: {step:?}");
            }
        }
    }

    #[test]
    fn a_mistyped_step_is_answered_with_the_nearest() {
        let Found::None(near) = find(&parsed("Then the org has got 1 Lead were Email is \"a@b.c\"")) else {
            panic!("that step does not exist")
        };
        assert!(near[0].expression.starts_with("the org has {int} {object}"), "{near:?}");
        let Found::None(near) = find(&parsed("Then zebras sing")) else { panic!("that step does not exist") };
        assert!(near.is_empty(), "{near:?}");
    }

    #[test]
    fn quoted_texts_arrive_without_their_quotes() {
        let Found::One(_, args) = find(&parsed("Then the org has 2 Leads where LastName is \"O\\\"Neill\""))
        else {
            panic!("that step exists")
        };
        assert_eq!(
            (args.text(0), args.text(1), args.text(2), args.text(3)),
            ("2", "Leads", "LastName", "O\"Neill")
        );
    }
}
