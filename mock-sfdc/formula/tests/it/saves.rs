//! What only a save knows: whether a record is new, what changed, what was before.

use mock_sfdc_formula::{Blanks, Context, FormulaError};

use crate::world::{World, compile, shown};

/// The formula; its result over a new record, and over one that changes.
const TABLE: &[(&str, &str, &str)] = &[
    ("ISNEW()", "true", "false"),
    ("ISCLONE()", "false", "false"),
    ("ISCHANGED(Name)", "false", "true"),
    ("ISCHANGED(Seven)", "false", "false"),
    ("ISCHANGED(Status)", "false", "true"),
    ("PRIORVALUE(Name)", "Ada", "Eve"),
    ("TEXT(PRIORVALUE(Status))", "Open", "New"),
    ("ISPICKVAL(PRIORVALUE(Status), \"New\")", "false", "true"),
    ("ISBLANK(PRIORVALUE(NoText))", "true", "false"),
];

#[test]
fn changes_are_seen() {
    for (text, new, changed) in TABLE {
        for context in [Context::Validation, Context::Criteria, Context::FieldUpdate] {
            let formula = compile(text, context, Blanks::Blank).unwrap();
            assert_eq!(shown(formula.evaluate(&World { new: true })), *new, "{text}, of a new record");
            assert_eq!(shown(formula.evaluate(&World { new: false })), *changed, "{text}, of a change");
        }
    }
}

#[test]
fn formula_fields_and_default_values_know_no_change() {
    for text in ["ISNEW()", "ISCLONE()", "ISCHANGED(Name)", "PRIORVALUE(Name)"] {
        let name = text.split('(').next().unwrap().to_owned();
        for context in [Context::FormulaField, Context::DefaultValue] {
            let error = compile(text, context, Blanks::Blank).unwrap_err();
            assert_eq!(error, FormulaError::NotAllowed(name.clone()), "{context:?}");
        }
    }
}

#[test]
fn prior_blanks_are_zero_where_blanks_are() {
    for (blanks, expected) in [(Blanks::Blank, "null"), (Blanks::Zero, "0")] {
        let formula = compile("PRIORVALUE(NoNumber)", Context::Validation, blanks).unwrap();
        assert_eq!(shown(formula.evaluate(&World::default())), expected);
    }
}
