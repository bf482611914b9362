//! The SELECT list: fields, functions, subqueries, TYPEOF, `FIELDS()`.

use super::super::ast::{Argument, Call, Literal, LiteralKind, Select, SelectItem, TypeOf, Word};
use super::super::lexer::TokenKind;
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn select(&mut self) -> Parsed<Select> {
        let empty = self.kind_at(1) == TokenKind::Open && self.kind_at(2) == TokenKind::Close;
        if empty && self.at_word("COUNT") {
            let start = self.advance();
            self.advance();
            return Ok(Select::Count(start.to(self.advance())));
        }
        Ok(Select::Items(self.list(Self::select_item)?))
    }

    fn select_item(&mut self) -> Parsed<SelectItem> {
        if self.take_kind(TokenKind::Open) {
            let query = Box::new(self.nested_query(Self::query)?);
            self.expect(TokenKind::Close)?;
            return Ok(SelectItem::Children { query, alias: self.alias() });
        }
        if self.at_word("TYPEOF") && self.kind_at(1) == TokenKind::Word && self.word_at(2, "WHEN") {
            let type_of = self.type_of()?;
            return Ok(SelectItem::TypeOf { type_of, alias: self.alias() });
        }
        if self.kind_at(1) != TokenKind::Open {
            return Ok(SelectItem::Field { path: self.name()?, alias: self.alias() });
        }
        if self.at_word("FIELDS") {
            let start = self.advance();
            self.advance();
            let which = self.name()?;
            return Ok(SelectItem::Fields { which, span: start.to(self.expect(TokenKind::Close)?) });
        }
        Ok(SelectItem::Call { call: self.call(true)?, alias: self.alias() })
    }

    fn type_of(&mut self) -> Parsed<TypeOf> {
        let start = self.advance();
        let path = self.name()?;
        let mut branches = Vec::new();
        while self.take_word("WHEN") {
            let object = self.name()?;
            self.expect_word("THEN")?;
            branches.push((object, self.type_of_fields()?));
        }
        let otherwise = if self.take_word("ELSE") { self.type_of_fields()? } else { Vec::new() };
        let span = start.to(self.expect_word("END")?);
        Ok(TypeOf { path, branches, otherwise, span })
    }

    fn type_of_fields(&mut self) -> Parsed<Vec<Word>> {
        self.list(Self::name)
    }

    /// A function. `many`: whether several arguments may stand here, which the grammar allows in SELECT only.
    pub(super) fn call(&mut self, many: bool) -> Parsed<Call> {
        let name = self.name()?;
        self.expect(TokenKind::Open)?;
        let arguments = if name.is("DISTANCE") {
            self.distance_arguments()?
        } else if name.is("GEOLOCATION") {
            // Only DISTANCE takes a place made of numbers.
            vec![Argument::Field(self.name()?)]
        } else if many {
            self.list(Self::argument)?
        } else {
            vec![self.argument()?]
        };
        let span = name.span.to(self.expect(TokenKind::Close)?);
        Ok(Call { name, arguments, span })
    }

    fn argument(&mut self) -> Parsed<Argument> {
        if !self.at_name() || self.at_date_formula() {
            return Ok(Argument::Literal(self.literal()?));
        }
        if self.kind_at(1) == TokenKind::Open {
            return Ok(Argument::Call(self.nested(|parser| parser.call(false))?));
        }
        Ok(Argument::Field(self.name()?))
    }

    /// `field, GEOLOCATION(latitude, longitude) | field, 'unit'`
    fn distance_arguments(&mut self) -> Parsed<Vec<Argument>> {
        let from = Argument::Field(self.name()?);
        self.expect(TokenKind::Comma)?;
        let to = if self.at_word("GEOLOCATION") && self.kind_at(1) == TokenKind::Open {
            Argument::Call(self.geolocation()?)
        } else {
            Argument::Field(self.name()?)
        };
        self.expect(TokenKind::Comma)?;
        let span = self.expect(TokenKind::Text)?;
        let unit = Literal { kind: LiteralKind::Text(self.slice(span).into()), span };
        Ok(vec![from, to, Argument::Literal(unit)])
    }

    fn geolocation(&mut self) -> Parsed<Call> {
        let name = self.take();
        self.expect(TokenKind::Open)?;
        let latitude = self.number()?;
        self.expect(TokenKind::Comma)?;
        let longitude = self.number()?;
        let span = name.span.to(self.expect(TokenKind::Close)?);
        Ok(Call { name, arguments: vec![Argument::Literal(latitude), Argument::Literal(longitude)], span })
    }
}
