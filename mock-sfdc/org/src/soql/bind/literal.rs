//! A literal against the type of the field that it is compared with.

use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::super::ast::{Comparison, Literal, LiteralKind};
use super::super::collation::Folded;
use super::super::date_literals::DateLiteral;
use super::super::filter::Test;
use super::super::parser::decode;
use super::{Bind, Binder};
use crate::{
    error::Error,
    id::Id,
    schema::FieldType,
    value::{DateTime, parse_date, parse_time},
};

/// What stands left of the operator, as far as literals care.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left<'w> {
    /// As written in the query: messages repeat it.
    pub name: &'w str,
    pub kind: FieldType,
    /// A unique field that tells cases apart.
    pub case_sensitive: bool,
    /// A date function yields whole numbers, and no date literal is compared with one.
    pub whole: bool,
    pub span: super::Span,
}

/// Salesforce's limit on a text in WHERE; SOQL and SOSL Reference, page 18.
const MAX_TEXT: usize = 4_000;
/// Salesforce's first and last date; `contract/soql.md` section 1.
const FIRST_YEAR: i16 = 1700;
const LAST_YEAR: i16 = 4000;

/// An empty text is stored as null, and comes before every other.
fn with_empty(comparison: Comparison) -> Test {
    match comparison {
        Comparison::Equal => Test::Null,
        Comparison::Greater | Comparison::GreaterOrEqual => Test::Filled,
        _ => Test::Never,
    }
}

impl Binder<'_> {
    /// `comparison` is never `!=`: the caller turns round what `=` gives.
    pub(super) fn test(
        &self,
        left: Left<'_>,
        comparison: Comparison,
        literal: &Literal,
        dates: &mut Vec<(DateLiteral, i64)>,
    ) -> Bind<Test> {
        if left.kind == FieldType::Boolean {
            return self.boolean(left, comparison, literal);
        }
        if literal.kind == LiteralKind::Null {
            return Ok(if comparison == Comparison::Equal { Test::Null } else { Test::Never });
        }
        match left.kind {
            FieldType::Id | FieldType::Reference => self.id(left, comparison, literal),
            FieldType::Date | FieldType::Datetime => self.moment(left, comparison, literal, dates),
            FieldType::Time => self.time(left, comparison, literal),
            kind if kind.is_number() => self.number(left, comparison, literal),
            _ => self.text(left, comparison, literal),
        }
    }

    fn text(&self, left: Left<'_>, comparison: Comparison, literal: &Literal) -> Bind<Test> {
        let LiteralKind::Text(raw) = &literal.kind else {
            return Err(self.wrong_type(left, "string", "should be enclosed in quotes"));
        };
        let text = decode(raw);
        if text.len() > MAX_TEXT && text.chars().count() > MAX_TEXT {
            return Err(self.at(literal.span, &Error::text_too_long(MAX_TEXT)));
        }
        if text.is_empty() {
            return Ok(with_empty(comparison));
        }
        Ok(if left.case_sensitive {
            Test::ExactText(comparison, text.into())
        } else {
            Test::Text(comparison, Folded::new(&text))
        })
    }

    fn boolean(&self, left: Left<'_>, comparison: Comparison, literal: &Literal) -> Bind<Test> {
        if comparison != Comparison::Equal {
            return Err(self.wrong_operator(left));
        }
        match literal.kind {
            LiteralKind::Boolean(value) => Ok(Test::Bool(value)),
            LiteralKind::Null => Ok(Test::Bool(false)),
            _ => Err(self.wrong_type(left, "boolean", UNQUOTED)),
        }
    }

    fn number(&self, left: Left<'_>, comparison: Comparison, literal: &Literal) -> Bind<Test> {
        let name = if matches!(left.kind, FieldType::Int | FieldType::Long) { "int" } else { "double" };
        let (LiteralKind::Integer(text) | LiteralKind::Decimal(text)) = &literal.kind else {
            return Err(self.wrong_type(left, name, UNQUOTED));
        };
        match decimal(text) {
            Some(number) => Ok(Test::Number(comparison, number)),
            None => Err(self.at(left.span, &Error::invalid_number(text))),
        }
    }

    fn id(&self, left: Left<'_>, comparison: Comparison, literal: &Literal) -> Bind<Test> {
        let LiteralKind::Text(raw) = &literal.kind else {
            return Err(self.wrong_type(left, "string", "should be enclosed in quotes"));
        };
        let text = decode(raw);
        if let Some(id) = Id::parse(&text) {
            return Ok(Test::Id(comparison, id));
        }
        if text.is_empty() {
            return Ok(with_empty(comparison));
        }
        // Eighteen characters whose last three do not fit are taken, and nobody's: so real orgs have answered.
        if text.len() == 18 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(Test::Never);
        }
        Err(self.at(left.span, &Error::invalid_id_value(&text)))
    }

    fn moment(
        &self,
        left: Left<'_>,
        comparison: Comparison,
        literal: &Literal,
        dates: &mut Vec<(DateLiteral, i64)>,
    ) -> Bind<Test> {
        let is_date = left.kind == FieldType::Date;
        match &literal.kind {
            LiteralKind::Date(text) if is_date => match parse_date(text).filter(|date| in_bounds(*date)) {
                Some(date) => Ok(Test::Date(comparison, date)),
                None => Err(self.bad_date(literal, text)),
            },
            LiteralKind::DateTime(text) if !is_date => {
                let upper = text.to_ascii_uppercase();
                match DateTime::parse(&millis(&upper)) {
                    Some(moment) => Ok(Test::Moment(comparison, moment)),
                    None => Err(self.bad_date(literal, text)),
                }
            }
            LiteralKind::DateFormula { name, count } if !left.whole => {
                let count = count.as_ref().map_or(0, |count| count.parse().unwrap_or(i64::MAX));
                let literal = DateLiteral::named(name)
                    .ok_or_else(|| self.at(literal.span, &Error::unknown_date_literal()))?;
                dates.push((literal, count));
                Ok(Test::InDays(comparison, dates.len() - 1))
            }
            _ => Err(self.wrong_type(left, if is_date { "date" } else { "dateTime" }, UNQUOTED)),
        }
    }

    fn time(&self, left: Left<'_>, comparison: Comparison, literal: &Literal) -> Bind<Test> {
        let LiteralKind::Time(text) = &literal.kind else {
            return Err(self.wrong_type(left, "time", UNQUOTED));
        };
        parse_time(text).map(|time| Test::Time(comparison, time)).ok_or_else(|| self.bad_date(literal, text))
    }

    fn bad_date(&self, literal: &Literal, text: &str) -> super::SoqlError {
        self.at(literal.span, &Error::invalid_date(text))
    }

    /// Points at the field and not at the value, as a recorded error does for ids.
    pub(super) fn wrong_type(&self, left: Left<'_>, kind: &str, quotes: &str) -> super::SoqlError {
        self.at(left.span, &Error::wrong_criterion(left.name, kind, quotes))
    }

    pub(super) fn wrong_operator(&self, left: Left<'_>) -> super::SoqlError {
        self.at(left.span, &Error::invalid_operator(left.kind.as_str()))
    }
}

const UNQUOTED: &str = "should not be enclosed in quotes";

/// `5`, `-5`, `.5`, `-.5`
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let text = if text.starts_with('.') { format!("0{text}") } else { text.replace("-.", "-0.") };
    Decimal::from_str(&text).ok()
}

fn in_bounds(date: Date) -> bool {
    (FIRST_YEAR..=LAST_YEAR).contains(&date.year())
}

/// A datetime literal with at most nine digits of fraction: queries in the wild have had thirty.
fn millis(text: &str) -> String {
    let Some((head, tail)) = text.split_once('.') else { return text.to_owned() };
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    format!("{head}.{}{}", &tail[..digits.min(9)], &tail[digits..])
}
