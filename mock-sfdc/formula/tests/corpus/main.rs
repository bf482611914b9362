//! The public corpora of evaluated formulas, where they are at hand: `../shared/corpus/formula` beside the repository, or
//! below the folder that `MOCK_SFDC_SHARED` names. No row of them stands in the repository; without them the test says that
//! it skipped. The number of passing rows is exact: a change in either direction shows. `README.md` of the crate explains
//! every row that does not pass.
#![allow(clippy::unwrap_used, reason = "a test may fail there")]

mod formula_engine;
mod formulon;
mod record;

use std::{collections::BTreeMap, env, fs, path::PathBuf};

/// What became of the rows of a corpus: passes, and failures by formula.
#[derive(Debug, Default)]
pub struct Outcome {
    pub rows: usize,
    pub passed: usize,
    pub failed: BTreeMap<String, Vec<String>>,
}

impl Outcome {
    pub fn add(&mut self, name: &str, input: &str, expected: &str, got: &str, same: bool) {
        self.rows += 1;
        if same {
            self.passed += 1;
        } else {
            let line = format!("{input:?}: {got}, not {expected}");
            self.failed.entry(name.to_owned()).or_default().push(line);
        }
    }

    fn check(&self, corpus: &str, rows: usize, passed: usize) {
        let failed = self
            .failed
            .iter()
            .map(|(name, lines)| format!("{name} ({})\n  {}\n", lines.len(), lines.join("\n  ")));
        assert_eq!(
            (self.rows, self.passed),
            (rows, passed),
            "{corpus}: rows and passes\n{}",
            failed.collect::<String>()
        );
    }
}

fn corpus(file: &str) -> Option<String> {
    let shared = env::var_os("MOCK_SFDC_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("corpus/formula").join(file);
    let text = fs::read_to_string(path).ok();
    if text.is_none() {
        println!("skipped: there is no corpus {file}");
    }
    text
}

#[test]
fn formula_engines_rows_with_blanks_as_zero() {
    let Some(text) = corpus("normalized_formulaTestV2.jsonl") else { return };
    formula_engine::run(&text, "formula").check("formula", 5472, 5358);
}

#[test]
fn formula_engines_rows_with_blanks_as_blanks() {
    let Some(text) = corpus("normalized_formulaTestV2.jsonl") else { return };
    formula_engine::run(&text, "formulaNullAsNull").check("formulaNullAsNull", 5472, 5354);
}

#[test]
fn formulons_rows() {
    let Some(text) = corpus("normalized_formulon.jsonl") else { return };
    formulon::run(&text).check("formulon", 241, 197);
}
