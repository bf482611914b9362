//! Literals: texts, numbers, dates, date formulas, amounts of money.

use std::borrow::Cow;

use compact_str::CompactString;

use super::super::ast::{Literal, LiteralKind};
use super::super::date_literals::DateLiteral;
use super::super::error::SoqlError;
use super::super::lexer::TokenKind;
use super::{Parsed, Parser, signed};

impl Parser<'_> {
    pub(super) fn literal(&mut self) -> Parsed<Literal> {
        let kind = match self.kind() {
            TokenKind::Plus | TokenKind::Minus | TokenKind::Integer | TokenKind::Decimal => {
                return self.number();
            }
            TokenKind::Text => LiteralKind::Text(self.here()),
            TokenKind::Date => LiteralKind::Date(self.here()),
            TokenKind::DateTime => LiteralKind::DateTime(self.here()),
            TokenKind::Time => LiteralKind::Time(self.here()),
            TokenKind::Word => return self.word_literal(),
            _ => return Err(self.unexpected()),
        };
        Ok(Literal { kind, span: self.advance() })
    }

    fn here(&self) -> CompactString {
        self.slice(self.token().span).into()
    }

    pub(super) fn sign(&mut self) -> Option<char> {
        if self.take_kind(TokenKind::Minus) {
            return Some('-');
        }
        self.take_kind(TokenKind::Plus).then_some('+')
    }

    pub(super) fn number(&mut self) -> Parsed<Literal> {
        let start = self.token().span;
        let sign = self.sign();
        let token = self.token();
        let text = signed(sign, self.slice(token.span));
        let kind = match token.kind {
            TokenKind::Integer => LiteralKind::Integer(text),
            TokenKind::Decimal => LiteralKind::Decimal(text),
            _ => return Err(self.unexpected()),
        };
        Ok(Literal { kind, span: start.to(self.advance()) })
    }

    pub(super) fn at_date_formula(&self) -> bool {
        self.kind() == TokenKind::Word && DateLiteral::named(self.slice(self.token().span)).is_some()
    }

    fn word_literal(&mut self) -> Parsed<Literal> {
        let span = self.token().span;
        let kind = match () {
            () if self.take_word("TRUE") => LiteralKind::Boolean(true),
            () if self.take_word("FALSE") => LiteralKind::Boolean(false),
            () if self.take_word("NULL") => LiteralKind::Null,
            () if is_money(self.slice(span)) => LiteralKind::Currency(self.take().text),
            () => return self.date_formula(),
        };
        Ok(Literal { kind, span })
    }

    fn date_formula(&mut self) -> Parsed<Literal> {
        let span = self.token().span;
        let Some(literal) = DateLiteral::named(self.slice(span)) else { return Err(self.unexpected()) };
        let name = self.take().text;
        if !literal.counted() {
            return Ok(Literal { kind: LiteralKind::DateFormula { name, count: None }, span });
        }
        if !self.take_kind(TokenKind::Colon) {
            let token = self.token();
            let found = if token.kind == TokenKind::End { "<EOF>" } else { self.slice(token.span) };
            let text = format!("expecting a colon, found '{found}'");
            return Err(SoqlError::grammar(self.text, token.span, &text));
        }
        let count = self.expect(TokenKind::Integer)?;
        let digits = CompactString::from(self.slice(count));
        Ok(Literal { kind: LiteralKind::DateFormula { name, count: Some(digits) }, span: span.to(count) })
    }
}

/// Three letters and a number: `USD5000.01`.
fn is_money(word: &str) -> bool {
    let Some((code, amount)) = word.split_at_checked(3) else { return false };
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, "0"));
    let number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    code.bytes().all(|b| b.is_ascii_alphabetic()) && number(whole) && number(fraction)
}

/// The text that a literal stands for. `\%` and `\_` mean something in LIKE only; elsewhere they stay as written.
pub(crate) fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        flush(&mut units, &mut text, at > 0);
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(escape) = rest.chars().next() else { break };
        rest = &rest[escape.len_utf8()..];
        if escape.eq_ignore_ascii_case(&'u') {
            let (hex, after) = rest.split_at_checked(4).unwrap_or((rest, ""));
            units.push(u16::from_str_radix(hex, 16).unwrap_or(0xFFFD));
            rest = after;
            continue;
        }
        flush(&mut units, &mut text, true);
        match escape.to_ascii_lowercase() {
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'f' => text.push('\u{c}'),
            // Page 6 of the reference calls it bell.
            'b' => text.push('\u{7}'),
            '%' | '_' => text.extend(['\\', escape]),
            _ => text.push(escape),
        }
    }
    flush(&mut units, &mut text, true);
    text.push_str(rest);
    Cow::Owned(text)
}

/// Two `\u` escapes in a row can be one character, so they are gathered first.
fn flush(units: &mut Vec<u16>, text: &mut String, now: bool) {
    if now && !units.is_empty() {
        text.push_str(&String::from_utf16_lossy(units));
        units.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_characters() {
        for (raw, text) in [
            ("plain", "plain"),
            (r"O\'Neil", "O'Neil"),
            (r"a\nb\Tc", "a\nb\tc"),
            (r"caf\u00e9!", "café!"),
            (r"\uD83D\uDE00x", "😀x"),
            (r"\uD83Dx", "\u{FFFD}x"),
            (r"back\\slash", r"back\slash"),
            (r"100\%", r"100\%"),
        ] {
            assert_eq!(decode(raw), text, "{raw}");
        }
    }

    #[test]
    fn money_is_three_letters_and_a_number() {
        for (word, money) in [
            ("USD5", true),
            ("usd5.01", true),
            ("USD", false),
            ("US5", false),
            ("USD5x", false),
            ("USD5.", false),
        ] {
            assert_eq!(is_money(word), money, "{word}");
        }
    }
}
