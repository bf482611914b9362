//! Tokens to a tree, by recursive descent; one file per clause. The grammar is `contract/soql.md` section 1, whole: what the
//! evaluator lacks is refused later, by name, so that the verdict on a text never depends on how far the evaluator is.

mod condition;
mod from;
mod group;
mod search;
mod select;
mod value;

pub use self::search::parse_search;
pub(crate) use self::value::decode;

use compact_str::CompactString;

use super::ast::{Condition, Integer, Operand, OrderItem, Query, Span, Update, View, Word};
use super::error::SoqlError;
use super::lexer::{Token, TokenKind, tokens};
use crate::error::Error;

/// Salesforce's limit on a statement; SOQL and SOSL Reference, page 9.
pub const MAX_CHARACTERS: usize = 100_000;
/// Parentheses, functions and subqueries inside each other. Ours: deep enough for any query, shallow enough for any stack.
pub const MAX_NESTING: usize = 100;
/// For how many levels a query inside a query counts; Salesforce itself allows five.
const QUERY_LEVELS: usize = 10;
/// Queries in one statement, subqueries counted. Ours; Salesforce allows 20 child relationships and 2 semi-joins.
pub const MAX_QUERIES: usize = 200;

/// Words that are never a name.
const RESERVED: [&str; 22] = [
    "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "INCLUDES", "EXCLUDES", "ASC", "DESC",
    "NULLS", "NULL", "TRUE", "FALSE", "BY", "USING", "WITH", "FOR", "UPDATE", "HAVING",
];
/// Words that can be a field or an object, but not an alias.
const NO_ALIAS: [&str; 4] = ["GROUP", "LIMIT", "FIRST", "LAST"];

/// Reads one SOQL statement.
pub fn parse(text: &str) -> Result<Query, SoqlError> {
    let mut parser = Parser::over(text)?;
    let query = parser.query()?;
    parser.end()?;
    Ok(query)
}

/// Reads what could stand after WHERE.
pub fn parse_condition(text: &str) -> Result<Condition, SoqlError> {
    let mut parser = Parser::over(text)?;
    let condition = parser.condition()?;
    parser.end()?;
    Ok(condition)
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    nesting: usize,
    queries: usize,
}

type Parsed<T> = Result<T, SoqlError>;

impl<'a> Parser<'a> {
    fn over(text: &'a str) -> Parsed<Self> {
        if text.trim().is_empty() {
            return Err(Error::empty_query().into());
        }
        if text.len() > MAX_CHARACTERS && text.chars().count() > MAX_CHARACTERS {
            return Err(Error::query_too_long(MAX_CHARACTERS).into());
        }
        Ok(Self { text, tokens: tokens(text)?, at: 0, nesting: 0, queries: 0 })
    }
}

impl Parser<'_> {
    fn end(&self) -> Parsed<()> {
        if self.kind() == TokenKind::End { Ok(()) } else { Err(self.unexpected()) }
    }

    fn query(&mut self) -> Parsed<Query> {
        self.queries += 1;
        if self.queries > MAX_QUERIES {
            return Err(self.refuse(&format!("more than {MAX_QUERIES} queries in one statement")));
        }
        let start = self.expect_word("SELECT")?;
        let select = self.select()?;
        self.expect_word("FROM")?;
        let from = self.sources()?;
        let scope = self.scope()?;
        let condition = self.where_clause()?;
        let with = self.with_clauses()?;
        let group = self.group_by()?;
        let order = self.order_by()?;
        let limit = self.count_after("LIMIT")?;
        let offset = self.count_after("OFFSET")?;
        let view = self.view()?;
        let update = self.update()?;
        let span = start.to(self.last_span());
        Ok(Query { select, from, scope, condition, with, group, order, limit, offset, view, update, span })
    }

    fn order_by(&mut self) -> Parsed<Vec<OrderItem>> {
        if !self.take_words(&["ORDER", "BY"]) {
            return Ok(Vec::new());
        }
        self.list(|parser| {
            let operand = parser.operand()?;
            let descending = parser.choice("ASC", "DESC");
            let nulls_last = if parser.take_word("NULLS") {
                Some(parser.choice("FIRST", "LAST").ok_or_else(|| parser.unexpected())?)
            } else {
                None
            };
            Ok(OrderItem { operand, descending, nulls_last })
        })
    }

    fn count_after(&mut self, keyword: &str) -> Parsed<Option<Integer>> {
        if !self.take_word(keyword) {
            return Ok(None);
        }
        let sign = self.sign();
        let span = self.expect(TokenKind::Integer)?;
        let text = signed(sign, self.slice(span));
        Ok(Some(Integer { text, span }))
    }

    fn view(&mut self) -> Parsed<Option<View>> {
        if !self.take_word("FOR") {
            return Ok(None);
        }
        match self.choice("VIEW", "REFERENCE") {
            Some(reference) => Ok(Some(if reference { View::Reference } else { View::View })),
            None => Err(self.unexpected()),
        }
    }

    fn update(&mut self) -> Parsed<Vec<Update>> {
        if !self.take_word("UPDATE") {
            return Ok(Vec::new());
        }
        self.list(|parser| match parser.choice("TRACKING", "VIEWSTAT") {
            Some(stat) => Ok(if stat { Update::ViewStat } else { Update::Tracking }),
            None => Err(parser.unexpected()),
        })
    }

    /// A field or a function.
    fn operand(&mut self) -> Parsed<Operand> {
        if self.kind_at(1) == TokenKind::Open {
            return Ok(Operand::Call(self.call(false)?));
        }
        Ok(Operand::Field(self.name()?))
    }

    /// A name: any word that is not reserved.
    fn name(&mut self) -> Parsed<Word> {
        if !self.at_name() {
            return Err(self.unexpected());
        }
        Ok(self.take())
    }

    /// A name where an alias may stand.
    fn alias(&mut self) -> Option<Word> {
        (self.at_name() && !NO_ALIAS.iter().any(|word| self.at_word(word))).then(|| self.take())
    }

    fn at_name(&self) -> bool {
        self.kind() == TokenKind::Word && !RESERVED.iter().any(|word| self.at_word(word))
    }

    /// Items separated by commas; at least one.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.take_kind(TokenKind::Comma) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Runs `inner` one level deeper.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.deeper(1, inner)
    }

    /// A query inside a query: it takes ten times the stack of a parenthesis, and counts so.
    fn nested_query<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.deeper(QUERY_LEVELS, inner)
    }

    fn deeper<T>(&mut self, levels: usize, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting + levels > MAX_NESTING {
            return Err(self.refuse(&format!("nested deeper than {MAX_NESTING} levels")));
        }
        self.nesting += levels;
        let result = inner(self);
        self.nesting -= levels;
        result
    }

    // --- tokens ---

    fn token(&self) -> Token {
        self.tokens[self.at]
    }

    fn kind(&self) -> TokenKind {
        self.token().kind
    }

    fn kind_at(&self, ahead: usize) -> TokenKind {
        self.tokens.get(self.at + ahead).map_or(TokenKind::End, |token| token.kind)
    }

    fn slice(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }

    fn at_word(&self, word: &str) -> bool {
        self.word_at(0, word)
    }

    fn word_at(&self, ahead: usize, word: &str) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| {
            token.kind == TokenKind::Word && self.slice(token.span).eq_ignore_ascii_case(word)
        })
    }

    /// Moves on; never past the end.
    fn advance(&mut self) -> Span {
        let span = self.token().span;
        if self.kind() != TokenKind::End {
            self.at += 1;
        }
        span
    }

    fn take(&mut self) -> Word {
        let span = self.advance();
        Word { text: CompactString::from(self.slice(span)), span }
    }

    fn take_kind(&mut self, kind: TokenKind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.advance();
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.take_words(&[word])
    }

    /// All of them in a row, or none.
    fn take_words(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(ahead, word)| self.word_at(ahead, word));
        if found {
            self.at += words.len();
        }
        found
    }

    /// Which of two words stands here, if any: false the first, true the second.
    fn choice(&mut self, first: &str, second: &str) -> Option<bool> {
        if self.take_word(first) { Some(false) } else { self.take_word(second).then_some(true) }
    }

    fn expect(&mut self, kind: TokenKind) -> Parsed<Span> {
        if self.kind() == kind { Ok(self.advance()) } else { Err(self.unexpected()) }
    }

    fn expect_word(&mut self, word: &str) -> Parsed<Span> {
        if self.at_word(word) { Ok(self.advance()) } else { Err(self.unexpected()) }
    }

    fn last_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    /// The token here stands where it must not.
    fn unexpected(&self) -> SoqlError {
        let token = self.token();
        let text = match token.kind {
            TokenKind::End => "unexpected token: '<EOF>'".to_owned(),
            _ => format!("unexpected token: '{}'", self.slice(token.span)),
        };
        // A text's span leaves its quotes out; the token begins with the quote.
        let start = token.span.start - u32::from(token.kind == TokenKind::Text);
        SoqlError::grammar(self.text, Span { start, end: token.span.end }, &text)
    }

    fn refuse(&self, why: &str) -> SoqlError {
        SoqlError::grammar(self.text, self.token().span, why)
    }
}

fn signed(sign: Option<char>, digits: &str) -> CompactString {
    let mut text = CompactString::default();
    if sign == Some('-') {
        text.push('-');
    }
    text.push_str(digits);
    text
}
