//! WHERE and HAVING. AND and OR are never mixed at one level, and NOT ends its level: `NOT a AND b` is wrong in SOQL.

use super::super::ast::{Comparison, Condition, Operand, SemiJoin};
use super::super::lexer::TokenKind;
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn where_clause(&mut self) -> Parsed<Option<Condition>> {
        if self.take_word("WHERE") { Ok(Some(self.condition()?)) } else { Ok(None) }
    }

    pub(super) fn condition(&mut self) -> Parsed<Condition> {
        let start = self.token().span;
        if self.take_word("NOT") {
            let inner = self.simple()?;
            return Ok(Condition::Not(Box::new(inner), start.to(self.last_span())));
        }
        let first = self.simple()?;
        if self.at_word("AND") {
            return Ok(Condition::And(self.chain(first, "AND")?));
        }
        if self.at_word("OR") {
            return Ok(Condition::Or(self.chain(first, "OR")?));
        }
        Ok(first)
    }

    fn chain(&mut self, first: Condition, word: &str) -> Parsed<Vec<Condition>> {
        let mut parts = vec![first];
        while self.take_word(word) {
            parts.push(self.simple()?);
        }
        Ok(parts)
    }

    fn simple(&mut self) -> Parsed<Condition> {
        if self.take_kind(TokenKind::Open) {
            let inner = self.nested(Self::condition)?;
            self.expect(TokenKind::Close)?;
            return Ok(inner);
        }
        let left = self.operand()?;
        if self.take_word("LIKE") {
            return Ok(Condition::Like { left, pattern: self.literal()? });
        }
        if self.take_word("IN") {
            return self.membership(left, false);
        }
        if self.word_at(1, "IN") && self.take_word("NOT") {
            self.advance();
            return self.membership(left, true);
        }
        match left {
            Operand::Field(_) if self.at_word("INCLUDES") || self.at_word("EXCLUDES") => self.includes(left),
            Operand::Field(_) if matches!(self.kind(), TokenKind::Plus | TokenKind::Minus) => {
                self.calculated(left)
            }
            _ => {
                let comparison = self.comparison()?;
                Ok(Condition::Compare { left, comparison, value: self.literal()? })
            }
        }
    }

    fn comparison(&mut self) -> Parsed<Comparison> {
        let comparison = match self.kind() {
            TokenKind::Equal => Comparison::Equal,
            TokenKind::NotEqual => Comparison::NotEqual,
            TokenKind::Less => Comparison::Less,
            TokenKind::LessOrEqual => Comparison::LessOrEqual,
            TokenKind::Greater => Comparison::Greater,
            TokenKind::GreaterOrEqual => Comparison::GreaterOrEqual,
            _ => return Err(self.unexpected()),
        };
        self.advance();
        Ok(comparison)
    }

    fn membership(&mut self, left: Operand, negated: bool) -> Parsed<Condition> {
        self.expect(TokenKind::Open)?;
        let condition = if self.at_word("SELECT") {
            let query = Box::new(self.nested_query(Self::semi_join)?);
            Condition::SemiJoin { left, negated, query }
        } else {
            Condition::In { left, negated, values: self.list(Self::literal)? }
        };
        self.expect(TokenKind::Close)?;
        Ok(condition)
    }

    /// One field, no alias, none of the clauses that order or cut.
    fn semi_join(&mut self) -> Parsed<SemiJoin> {
        self.queries += 1;
        if self.queries > super::MAX_QUERIES {
            return Err(self.refuse(&format!("more than {} queries in one statement", super::MAX_QUERIES)));
        }
        let start = self.expect_word("SELECT")?;
        let field = self.name()?;
        self.expect_word("FROM")?;
        let from = self.sources()?;
        let scope = self.scope()?;
        let condition = self.where_clause()?;
        let with = self.with_clauses()?;
        Ok(SemiJoin { field, from, scope, condition, with, span: start.to(self.last_span()) })
    }

    fn includes(&mut self, left: Operand) -> Parsed<Condition> {
        let Operand::Field(field) = left else { return Err(self.unexpected()) };
        let negated = self.at_word("EXCLUDES");
        self.advance();
        self.expect(TokenKind::Open)?;
        let values = self.list(Self::literal)?;
        self.expect(TokenKind::Close)?;
        Ok(Condition::Includes { field, negated, values })
    }

    fn calculated(&mut self, left: Operand) -> Parsed<Condition> {
        let Operand::Field(left) = left else { return Err(self.unexpected()) };
        let plus = self.sign() == Some('+');
        let right = self.name()?;
        let comparison = self.comparison()?;
        Ok(Condition::Calculated { left, plus, right, comparison, value: self.literal()? })
    }
}
