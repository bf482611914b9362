//! The snippet with the caret under it that Salesforce puts before a query error; `contract/errors.md` section 2.
//!
//! Positions are counted in characters. A query of several lines is cut to the line that holds the error, and `Row` and
//! `Column` are that line's (unconfirmed by any recording).

/// How far the snippet reaches to each side before it is widened to whole words.
const REACH: usize = 30;

/// An error of meaning at byte `at`: the column counts from 1 and the caret stands under the token.
#[must_use]
pub fn semantic_message(query: &str, at: usize, text: &str) -> String {
    let place = Place::of(query, at);
    block(&place, place.column + 1, text)
}

/// An error of grammar at byte `at`: ANTLR's column counts from 0 and is shown as it is, so that the caret stands one
/// character too far left; for the first character of the text there is no block at all.
#[must_use]
pub fn grammar_message(query: &str, at: usize, text: &str) -> String {
    let place = Place::of(query, at);
    if place.column == 0 && place.row == 1 {
        return text.to_owned();
    }
    block(&place, place.column, text)
}

/// Line and 0-based column of byte `at`, both counted in characters; `row` counts from 1.
#[must_use]
pub fn line_and_column(query: &str, at: usize) -> (usize, usize) {
    let place = Place::of(query, at);
    (place.row, place.column)
}

struct Place<'a> {
    line: &'a str,
    row: usize,
    column: usize,
}

impl<'a> Place<'a> {
    fn of(query: &'a str, at: usize) -> Self {
        let before = query.get(..at).unwrap_or(query);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = query[start..].split('\n').next().unwrap_or_default();
        Self { line, row: before.matches('\n').count() + 1, column: before[start..].chars().count() }
    }
}

fn block(place: &Place<'_>, column: usize, text: &str) -> String {
    let line: Vec<char> = place.line.chars().collect();
    let p = column.saturating_sub(1);
    let breaks = |c: char| c.is_whitespace() || c == ',';

    let mut start = p.saturating_sub(REACH).min(line.len());
    while start > 0 && !breaks(line[start - 1]) {
        start -= 1;
    }
    let mut end = (p + REACH + 1).min(line.len());
    while end < line.len() && !breaks(line[end]) {
        end += 1;
    }
    let snippet: String = line[start..end].iter().collect();
    let indent = " ".repeat(p - start.min(p));
    format!("\n{snippet}\n{indent}^\nERROR at Row:{}:Column:{column}\n{text}", place.row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meaning_points_at_the_token_and_grammar_one_to_its_left() {
        let query = "SELECT Bacon__c FROM Account LIMIT 2";
        assert_eq!(
            semantic_message(query, 7, "no"),
            format!("\n{query}\n       ^\nERROR at Row:1:Column:8\nno")
        );
        assert_eq!(
            grammar_message(query, 7, "no"),
            format!("\n{query}\n      ^\nERROR at Row:1:Column:7\nno")
        );
    }

    #[test]
    fn the_first_token_gets_no_block_in_an_error_of_grammar() {
        assert_eq!(
            grammar_message("SELEKT Name FROM Account", 0, "unexpected token: 'SELEKT'"),
            "unexpected token: 'SELEKT'"
        );
    }

    #[test]
    fn a_second_line_is_shown_alone() {
        assert_eq!(
            semantic_message("SELECT Id\nFROM Foo\nLIMIT 1", 15, "no"),
            "\nFROM Foo\n     ^\nERROR at Row:2:Column:6\nno"
        );
    }

    #[test]
    fn positions_past_the_end_and_wide_characters_do_no_harm() {
        assert_eq!(semantic_message("é", 99, "no"), "\né\n ^\nERROR at Row:1:Column:2\nno");
        assert_eq!(semantic_message("", 0, "no"), "\n\n^\nERROR at Row:1:Column:1\nno");
    }
}
