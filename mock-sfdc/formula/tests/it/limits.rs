//! How long, how big and how deep a formula may be.

use std::thread;

use mock_sfdc_formula::{Blanks, Context, MAX_COMPILED_SIZE, MAX_DEPTH, MAX_LENGTH};

use crate::world::{World, compile, result, shown};

fn error(text: &str) -> String {
    compile(text, Context::FormulaField, Blanks::Blank).unwrap_err().to_string()
}

#[test]
fn a_formula_of_3900_characters_is_the_longest() {
    let padded = |length: usize| format!("1{}", " ".repeat(length - 1));
    assert_eq!(result(&padded(MAX_LENGTH), Blanks::Blank), "1");
    assert_eq!(
        error(&padded(MAX_LENGTH + 1)),
        "Formula is too long (3901 characters). Maximum length is 3900 characters"
    );
    // Characters, not bytes.
    let wide = |length: usize| format!("LEN(\"{}\")", "ë".repeat(length - 7));
    assert_eq!(result(&wide(MAX_LENGTH), Blanks::Blank), "3893");
    assert!(error(&wide(MAX_LENGTH + 1)).starts_with("Formula is too long (3901 characters)"));
}

#[test]
fn formula_fields_that_it_names_count() {
    // The field behind `Big` counts 4,990 characters.
    let formula = compile("Big + 1 /* not counted */", Context::FormulaField, Blanks::Blank).unwrap();
    assert_eq!(formula.size(), 4_992);
    assert_eq!(
        error("Big + 1 + Big"),
        "Compiled formula is too big to execute (9983 characters). Maximum size is 5000 characters"
    );
    assert!(formula.size() <= MAX_COMPILED_SIZE);
}

/// A nest of so many levels around 1, or around TRUE.
fn nests(levels: usize) -> [String; 6] {
    let around = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
    };
    [
        around("(", "1", ")"),
        around("-", "1", ""),
        around("ABS(", "1", ")"),
        around("NOT(", "TRUE", ")"),
        around("IF(TRUE,1+(", "1", "),2)"),
        around("1*1^(", "1", ")"),
    ]
}

/// A thread of a server has two megabytes.
#[test]
fn deep_nests_fit_a_small_stack() {
    let small = thread::Builder::new().stack_size(2 << 20).spawn(|| {
        for text in nests(MAX_DEPTH - 1) {
            // Two levels each: the last of them is too deep.
            match compile(&text, Context::FormulaField, Blanks::Blank) {
                Ok(formula) => assert!(!shown(formula.evaluate(&World::default())).starts_with('#')),
                Err(error) => {
                    assert!(
                        ["IF", "NOT", "1*1"].iter().any(|known| text.starts_with(known)),
                        "{text}: {error}"
                    );
                    assert_eq!(error.to_string(), "Formula is nested too deeply: 200 levels at most");
                }
            }
        }
        for text in nests(MAX_DEPTH / 2 - 1) {
            let formula = compile(&text, Context::FormulaField, Blanks::Blank).unwrap();
            assert!(!shown(formula.evaluate(&World::default())).starts_with('#'));
        }
        for text in nests(MAX_DEPTH + 1) {
            assert_eq!(error(&text), "Formula is nested too deeply: 200 levels at most");
        }
    });
    small.unwrap().join().unwrap();
}

/// A chain is no nest.
#[test]
fn long_chains_are_not_deep() {
    assert_eq!(result(&format!("1{}", "+1".repeat(1_900)), Blanks::Blank), "1901");
    assert_eq!(result(&format!("TRUE{}", "&&TRUE".repeat(600)), Blanks::Blank), "true");
}

#[test]
fn no_text_grows_beyond_all_bounds() {
    let levels = 60;
    let doubled = format!("LEN({}\"'\"{})", "JSENCODE(".repeat(levels), ")".repeat(levels));
    for text in [
        &doubled,
        "LPAD(\"a\", 999999999999)",
        "SUBSTITUTE(LPAD(\"a\", 9999, \"a\"), \"a\", LPAD(\"a\", 9999))",
    ] {
        assert_eq!(result(text, Blanks::Blank), "#Error! The text is longer than 200000 characters");
    }
}
