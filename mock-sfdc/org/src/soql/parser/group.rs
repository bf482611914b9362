//! GROUP BY, ROLLUP, CUBE, HAVING.

use super::super::ast::{Group, GroupKind};
use super::super::lexer::TokenKind;
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn group_by(&mut self) -> Parsed<Option<Group>> {
        let start = self.token().span;
        if !self.take_word("GROUP") {
            return Ok(None);
        }
        self.expect_word("BY")?;
        let kind = match () {
            () if self.kind_at(1) != TokenKind::Open => GroupKind::Plain,
            () if self.take_word("ROLLUP") => GroupKind::Rollup,
            () if self.take_word("CUBE") => GroupKind::Cube,
            () => GroupKind::Plain,
        };
        let items = if kind == GroupKind::Plain {
            self.list(Self::operand)?
        } else {
            self.expect(TokenKind::Open)?;
            let items = self.list(Self::operand)?;
            self.expect(TokenKind::Close)?;
            items
        };
        let span = start.to(self.last_span());
        let having = if self.take_word("HAVING") { Some(self.condition()?) } else { None };
        Ok(Some(Group { kind, items, having, span }))
    }
}
