//! Characters to tokens. Keywords are plain words here: SOQL lets most of them be names, and the parser knows where.
//!
//! A dotted path is one word, as in Salesforce's lexer: `Account . Name` is not a path, and `Contact..Name` is one word that
//! no field answers to.

use super::ast::Span;
use super::caret;
use super::error::SoqlError;
use crate::error::ErrorCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Integer,
    Decimal,
    /// Span without the quotes.
    Text,
    Date,
    DateTime,
    Time,
    Comma,
    Open,
    Close,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Colon,
    /// Never right, but people write `SELECT *` and deserve the parser's answer.
    Star,
    /// A quote that opens nothing: the last character of the text.
    LoneQuote,
    End,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// All tokens, the last one `End`. The whole text is cut before the first token is parsed, so a bad character wins over
/// a bad token before it.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, SoqlError> {
    tokens_from(query, 0)
}

/// The tokens behind byte `at`.
pub(super) fn tokens_from(query: &str, at: usize) -> Result<Vec<Token>, SoqlError> {
    let mut lexer =
        Lexer { query, bytes: query.as_bytes(), at, tokens: Vec::with_capacity(query.len() / 5 + 2) };
    while lexer.skip_space() {
        let start = lexer.at;
        let kind = lexer.token()?;
        lexer.push(kind, start);
    }
    lexer.push(TokenKind::End, lexer.at);
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    query: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
}

fn span(start: usize, end: usize) -> Span {
    // The parser refuses texts of more than 100,000 characters before they come here.
    let clip = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: clip(start), end: clip(end) }
}

impl Lexer<'_> {
    fn push(&mut self, kind: TokenKind, start: usize) {
        let span = match kind {
            TokenKind::Text => span(start + 1, self.at - 1),
            _ => span(start, self.at),
        };
        self.tokens.push(Token { kind, span });
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// False at the end of the text.
    fn skip_space(&mut self) -> bool {
        while self.at < self.bytes.len() && self.bytes[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
        self.at < self.bytes.len()
    }

    fn token(&mut self) -> Result<TokenKind, SoqlError> {
        let byte = self.peek(0);
        if byte.is_ascii_alphabetic() || byte == b'_' {
            self.skip_while(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
            return Ok(TokenKind::Word);
        }
        if byte.is_ascii_digit() || (byte == b'.' && self.peek(1).is_ascii_digit()) {
            return Ok(self.number());
        }
        if byte == b'\'' {
            return self.text();
        }
        let (kind, length) = match (byte, self.peek(1)) {
            (b',', _) => (TokenKind::Comma, 1),
            (b'(', _) => (TokenKind::Open, 1),
            (b')', _) => (TokenKind::Close, 1),
            (b'=', _) => (TokenKind::Equal, 1),
            (b'!', b'=') | (b'<', b'>') => (TokenKind::NotEqual, 2),
            (b'<', b'=') => (TokenKind::LessOrEqual, 2),
            (b'>', b'=') => (TokenKind::GreaterOrEqual, 2),
            (b'<', _) => (TokenKind::Less, 1),
            (b'>', _) => (TokenKind::Greater, 1),
            (b'+', _) => (TokenKind::Plus, 1),
            (b'-', _) => (TokenKind::Minus, 1),
            (b':', _) => (TokenKind::Colon, 1),
            (b'*', _) => (TokenKind::Star, 1),
            _ => return Err(self.bad_character()),
        };
        self.at += length;
        Ok(kind)
    }

    fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        while self.at < self.bytes.len() && keep(self.bytes[self.at]) {
            self.at += 1;
        }
    }

    /// The longest of: datetime, date, time, decimal, integer.
    fn number(&mut self) -> TokenKind {
        let rest = &self.bytes[self.at..];
        let (kind, length) = if let Some(date) = date_length(rest) {
            match clock_length(&rest[date..]) {
                Some(clock) => (TokenKind::DateTime, date + clock),
                None => (TokenKind::Date, date),
            }
        } else if let Some(time) = time_length(rest) {
            (TokenKind::Time, time + usize::from(rest.get(time) == Some(&b'Z')))
        } else {
            let whole = digits(rest);
            let fraction = if rest.get(whole) == Some(&b'.') { digits(&rest[whole + 1..]) } else { 0 };
            if fraction > 0 {
                (TokenKind::Decimal, whole + 1 + fraction)
            } else {
                (TokenKind::Integer, whole)
            }
        };
        self.at += length;
        kind
    }

    /// A text in single quotes; its escapes are checked here and decoded later.
    fn text(&mut self) -> Result<TokenKind, SoqlError> {
        let start = self.at;
        self.at += 1;
        if self.at == self.bytes.len() {
            return Ok(TokenKind::LoneQuote);
        }
        loop {
            match self.peek(0) {
                b'\'' => {
                    self.at += 1;
                    return Ok(TokenKind::Text);
                }
                b'\\' => self.escape()?,
                b'\n' | b'\r' => return Err(self.unclosed("\\n")),
                0 if self.at >= self.bytes.len() => return Err(self.unclosed("<EOF>")),
                _ => self.at += 1,
            }
            debug_assert!(self.at > start);
        }
    }

    fn escape(&mut self) -> Result<(), SoqlError> {
        let length = match self.peek(1).to_ascii_lowercase() {
            b'n' | b'r' | b't' | b'b' | b'f' | b'"' | b'\'' | b'\\' | b'%' | b'_' => 2,
            b'u' if (2..6).all(|ahead| self.peek(ahead).is_ascii_hexdigit()) => 6,
            _ => {
                let here = span(self.at, self.at + 1);
                return Err(SoqlError::grammar(self.query, here, "Invalid Escape Character"));
            }
        };
        self.at += length;
        Ok(())
    }

    fn unclosed(&self, found: &str) -> SoqlError {
        let (row, column) = caret::line_and_column(self.query, self.at);
        let text = format!("line {row}:{column} mismatched character '{found}' expecting '''");
        SoqlError::grammar(self.query, span(self.at, self.at), &text)
    }

    fn bad_character(&self) -> SoqlError {
        let (row, column) = caret::line_and_column(self.query, self.at);
        let Some(character) = self.query[self.at..].chars().next() else {
            return SoqlError::plain(ErrorCode::MalformedQuery, "unexpected end of the query");
        };
        let text = format!("line {row}:{column} no viable alternative at character '{character}'");
        SoqlError::grammar(self.query, span(self.at, self.at + character.len_utf8()), &text)
    }
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// `pattern`: `d` stands for a digit, anything else for itself.
fn matches(bytes: &[u8], pattern: &[u8]) -> bool {
    bytes.len() >= pattern.len()
        && pattern.iter().zip(bytes).all(|(p, b)| if *p == b'd' { b.is_ascii_digit() } else { p == b })
}

fn date_length(bytes: &[u8]) -> Option<usize> {
    let pattern = b"dddd-dd-dd";
    (matches(bytes, pattern) && !bytes.get(pattern.len()).is_some_and(u8::is_ascii_digit))
        .then_some(pattern.len())
}

/// `hh:mm:ss` and a fraction.
fn time_length(bytes: &[u8]) -> Option<usize> {
    let pattern = b"dd:dd:dd";
    if !matches(bytes, pattern) {
        return None;
    }
    let fraction =
        if bytes.get(pattern.len()) == Some(&b'.') { digits(&bytes[pattern.len() + 1..]) } else { 0 };
    Some(pattern.len() + if fraction > 0 { fraction + 1 } else { 0 })
}

/// What makes a date a datetime: `T`, the time, and a zone, which is not optional.
fn clock_length(bytes: &[u8]) -> Option<usize> {
    if !bytes.first().is_some_and(|b| b.eq_ignore_ascii_case(&b'T')) {
        return None;
    }
    let time = 1 + time_length(&bytes[1..])?;
    let zone = &bytes[time..];
    match zone.first()? {
        b'Z' | b'z' => Some(time + 1),
        b'+' | b'-' if matches(&zone[1..], b"dd:dd") => Some(time + 6),
        b'+' | b'-' if matches(&zone[1..], b"dddd") => Some(time + 5),
        _ => None,
    }
}
