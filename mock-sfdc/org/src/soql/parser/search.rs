//! SOSL statements. The search expression is cut out of the text by its braces; what follows is read as SOQL is.

use super::super::ast::{Argument, From, Operand, Query, Select, SelectItem, Span, Word};
use super::super::caret;
use super::super::error::SoqlError;
use super::super::lexer::{TokenKind, tokens_from};
use super::{Parsed, Parser};
use crate::{
    error::{Error, ErrorCode},
    sosl::{
        MAX_CHARACTERS, MAX_OPERATORS,
        ast::{FieldGroup, Returning, Search, With},
        term::{self, Term, TermError},
    },
};

const NO_TERM: &str = "No search term found. The search term must be enclosed in braces.";

/// Reads one SOSL statement.
pub fn parse_search(text: &str) -> Result<Search, SoqlError> {
    search(text).map_err(|error| match error.code {
        ErrorCode::MalformedQuery => SoqlError { code: ErrorCode::MalformedSearch, ..error },
        _ => error,
    })
}

fn search(text: &str) -> Parsed<Search> {
    if text.len() > super::MAX_CHARACTERS && text.chars().count() > super::MAX_CHARACTERS {
        let message = format!("a search cannot be longer than {} characters", super::MAX_CHARACTERS);
        return Err(SoqlError::plain(ErrorCode::MalformedSearch, message));
    }
    let start = text.len() - text.trim_start().len();
    let word = text[start..].split(|c: char| c.is_whitespace() || c == '{').next().unwrap_or_default();
    if !word.eq_ignore_ascii_case("FIND") {
        if word.is_empty() {
            return Err(SoqlError::plain(ErrorCode::MalformedSearch, NO_TERM));
        }
        let span = span(start, start + word.len());
        return Err(SoqlError::grammar(text, span, &format!("unexpected token: '{word}'")));
    }
    let after = start + word.len();
    let open = after + text[after..].len() - text[after..].trim_start().len();
    if !text[open..].starts_with('{') {
        return Err(SoqlError::plain(ErrorCode::MalformedSearch, NO_TERM));
    }
    let close = closing(text, open)?;
    let term = expression(text, open + 1, close)?;
    let mut parser = Parser { text, tokens: tokens_from(text, close + 1)?, at: 0, nesting: 0, queries: 0 };
    let search = parser.rest_of_search(term)?;
    parser.end()?;
    Ok(search)
}

fn span(start: usize, end: usize) -> Span {
    Span { start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
}

/// The brace that ends the expression.
fn closing(text: &str, open: usize) -> Parsed<usize> {
    let mut escaped = false;
    for (at, c) in text[open + 1..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '}' => return Ok(open + 1 + at),
            _ => {}
        }
    }
    // A character that cannot stand there is found before the end is.
    expression(text, open + 1, text.len())?;
    Err(mismatched(text, text.len(), "<EOF>"))
}

fn expression(text: &str, start: usize, end: usize) -> Parsed<Term> {
    let inside = &text[start..end];
    let characters = inside.chars().count();
    if characters > MAX_CHARACTERS {
        return Ok(Term::Nothing);
    }
    term::parse(inside, characters <= MAX_OPERATORS).map_err(|error| match error {
        TermError::Reserved(at, found) => mismatched(text, start + at, &found.to_string()),
        TermError::Unexpected(at, found) => {
            let at = start + at;
            SoqlError::grammar(text, span(at, at), &format!("unexpected token: '{found}'"))
        }
        TermError::TooShort => {
            let error = Error::search_term_too_short(inside.trim());
            error.into()
        }
    })
}

fn mismatched(text: &str, at: usize, found: &str) -> SoqlError {
    let (row, column) = caret::line_and_column(text, at);
    let message = format!("line {row}:{column} mismatched character '{found}' expecting '}}'");
    SoqlError::grammar(text, span(at, at + 1), &message)
}

impl Parser<'_> {
    fn rest_of_search(&mut self, term: Term) -> Parsed<Search> {
        let mut fields = FieldGroup::All;
        if self.take_word("IN") {
            let group = self.token().span;
            fields = FieldGroup::named(self.slice(group)).ok_or_else(|| self.unexpected())?;
            self.advance();
            self.expect_word("FIELDS")?;
        }
        let returning = if self.take_word("RETURNING") { self.list(Self::returning)? } else { Vec::new() };
        let mut with = Vec::new();
        while self.take_word("WITH") {
            with.push(self.search_with()?);
        }
        let limit = self.count_after("LIMIT")?;
        let update = self.update()?;
        Ok(Search { term, fields, returning, with, limit, update })
    }

    fn returning(&mut self) -> Parsed<Returning> {
        let object = self.name()?;
        let id = Word { text: "Id".into(), span: object.span };
        let mut items = vec![SelectItem::Field { path: id, alias: None }];
        let from = From { path: object, alias: None };
        if !self.take_kind(TokenKind::Open) {
            return Ok(Returning { query: Query::of(Select::Items(items), from), list_view: None });
        }
        items = self.list(Self::returned)?;
        let mut list_view = None;
        if self.take_word("USING") {
            self.expect_word("ListView")?;
            self.expect(TokenKind::Equal)?;
            list_view = Some(self.name()?);
        }
        let condition = self.where_clause()?;
        let order = self.order_by()?;
        let limit = self.count_after("LIMIT")?;
        let offset = self.count_after("OFFSET")?;
        self.expect(TokenKind::Close)?;
        let query = Query { condition, order, limit, offset, ..Query::of(Select::Items(items), from) };
        Ok(Returning { query, list_view })
    }

    /// A field or a function of one, without an alias: what follows may be a clause.
    fn returned(&mut self) -> Parsed<SelectItem> {
        Ok(match self.operand()? {
            Operand::Field(path) => SelectItem::Field { path, alias: None },
            Operand::Call(call) if call.name.is("FIELDS") => match call.arguments.as_slice() {
                [Argument::Field(which)] => SelectItem::Fields { which: which.clone(), span: call.span },
                _ => return Err(self.unexpected()),
            },
            Operand::Call(call) => SelectItem::Call { call, alias: None },
        })
    }

    fn search_with(&mut self) -> Parsed<With> {
        const ALONE: [&str; 2] = ["SNIPPET", "HIGHLIGHT"];
        const VALUED: [&str; 5] = ["DIVISION", "NETWORK", "PRICEBOOKID", "METADATA", "SPELL_CORRECTION"];
        if self.take_words(&["DATA", "CATEGORY"]) {
            self.categories()?;
            return Ok(With { name: "DATA CATEGORY".to_owned(), values: Vec::new() });
        }
        let word = self.slice(self.token().span).to_ascii_uppercase();
        let mut values = Vec::new();
        if ALONE.contains(&word.as_str()) {
            self.advance();
            if self.take_kind(TokenKind::Open) {
                self.expect_word("target_length")?;
                self.expect(TokenKind::Equal)?;
                values.push(self.literal()?);
                self.expect(TokenKind::Close)?;
            }
        } else if VALUED.contains(&word.as_str()) {
            self.advance();
            if word == "NETWORK" && self.take_word("IN") {
                self.expect(TokenKind::Open)?;
                values = self.list(Self::literal)?;
                self.expect(TokenKind::Close)?;
            } else {
                self.expect(TokenKind::Equal)?;
                values.push(self.literal()?);
            }
        } else {
            return Err(self.unexpected());
        }
        Ok(With { name: word, values })
    }
}
