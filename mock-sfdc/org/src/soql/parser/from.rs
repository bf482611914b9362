//! FROM with its aliases, USING SCOPE, and the WITH clauses.

use super::super::ast::{Category, CategorySelector, From, With, Word};
use super::super::lexer::TokenKind;
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn sources(&mut self) -> Parsed<Vec<From>> {
        self.list(|parser| {
            let path = parser.name()?;
            let alias = if parser.take_word("AS") { Some(parser.name()?) } else { parser.source_alias() };
            Ok(From { path, alias })
        })
    }

    /// `FROM Account OFFSET` has an alias, `FROM Account OFFSET 1` has none; the same with `ORDER BY`.
    fn source_alias(&mut self) -> Option<Word> {
        let number = matches!(self.kind_at(1), TokenKind::Integer | TokenKind::Plus | TokenKind::Minus);
        let clause = (self.at_word("OFFSET") && number) || (self.at_word("ORDER") && self.word_at(1, "BY"));
        if clause { None } else { self.alias() }
    }

    pub(super) fn scope(&mut self) -> Parsed<Option<Word>> {
        if !self.take_word("USING") {
            return Ok(None);
        }
        self.expect_word("SCOPE")?;
        Ok(Some(self.name()?))
    }

    pub(super) fn with_clauses(&mut self) -> Parsed<Vec<With>> {
        let mut clauses = Vec::new();
        while self.take_word("WITH") {
            clauses.push(self.with_clause()?);
        }
        Ok(clauses)
    }

    fn with_clause(&mut self) -> Parsed<With> {
        let span = self.token().span;
        if self.take_words(&["DATA", "CATEGORY"]) {
            return Ok(With::DataCategory(self.categories()?));
        }
        if self.take_word("SECURITY_ENFORCED") {
            return Ok(With::SecurityEnforced(span));
        }
        if self.take_word("USER_MODE") {
            return Ok(With::UserMode(span));
        }
        if self.take_word("SYSTEM_MODE") {
            return Ok(With::SystemMode(span));
        }
        let name = self.name()?;
        self.expect(TokenKind::Equal)?;
        Ok(With::Setting { name, value: self.literal()? })
    }

    pub(super) fn categories(&mut self) -> Parsed<Vec<Category>> {
        let mut categories = vec![self.category()?];
        while self.take_word("AND") {
            categories.push(self.category()?);
        }
        Ok(categories)
    }

    fn category(&mut self) -> Parsed<Category> {
        let group = self.name()?;
        let selector = match () {
            () if self.take_word("AT") => CategorySelector::At,
            () if self.take_word("ABOVE") => CategorySelector::Above,
            () if self.take_word("BELOW") => CategorySelector::Below,
            () if self.take_word("ABOVE_OR_BELOW") => CategorySelector::AboveOrBelow,
            () => return Err(self.unexpected()),
        };
        let names = if self.take_kind(TokenKind::Open) {
            let names = self.list(Self::name)?;
            self.expect(TokenKind::Close)?;
            names
        } else {
            vec![self.name()?]
        };
        Ok(Category { group, selector, names })
    }
}
