//! The lexer: Salesforce's tokens, comments and blanks left out.

use rust_decimal::Decimal;

use crate::error::FormulaError;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A field's path or a function's name: dots, colons and `$` belong to it.
    Ident(String),
    Number(Decimal),
    Text(String),
    True,
    False,
    Null,
    Not,
    Op(Op),
    Open,
    Close,
    Comma,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Concat,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    And,
    Or,
    Bang,
}

impl Op {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
            Self::Concat => "&",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::Greater => ">",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
            Self::And => "&&",
            Self::Or => "||",
            Self::Bang => "!",
        }
    }
}

impl Token {
    /// As an error quotes it.
    pub fn text(&self) -> String {
        match self {
            Self::Ident(name) => name.clone(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("\"{text}\""),
            Self::True => "TRUE".to_owned(),
            Self::False => "FALSE".to_owned(),
            Self::Null => "NULL".to_owned(),
            Self::Not => "NOT".to_owned(),
            Self::Op(op) => op.as_str().to_owned(),
            Self::Open => "(".to_owned(),
            Self::Close => ")".to_owned(),
            Self::Comma => ",".to_owned(),
        }
    }
}

/// All tokens, and how many characters they have: what counts as the formula's size.
pub(crate) fn tokens(text: &str) -> Result<(Vec<Token>, usize), FormulaError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    let mut size = 0;
    loop {
        lexer.skip()?;
        let begin = lexer.at;
        let Some(token) = lexer.next()? else { return Ok((tokens, size)) };
        size += text[begin..lexer.at].chars().count();
        tokens.push(token);
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip(&mut self) -> Result<(), FormulaError> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            if !self.rest().starts_with("/*") {
                return Ok(());
            }
            let end = self.rest().find("*/").ok_or_else(|| FormulaError::Missing("'*/'".to_owned()))?;
            self.at += end + 2;
        }
    }

    fn next(&mut self) -> Result<Option<Token>, FormulaError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(None) };
        let token = match first {
            'a'..='z' | 'A'..='Z' | '$' => return Ok(Some(self.word())),
            '0'..='9' => return self.number().map(Some),
            '"' | '\'' => return self.string(first).map(Some),
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            _ => return self.operator(first).map(Some),
        };
        self.at += 1;
        Ok(Some(token))
    }

    fn word(&mut self) -> Token {
        let rest = self.rest();
        let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '_' | ':' | '.' | '#');
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        self.at += end;
        match word.to_ascii_uppercase().as_str() {
            "TRUE" => Token::True,
            "FALSE" => Token::False,
            "NULL" => Token::Null,
            "NOT" => Token::Not,
            _ => Token::Ident(word.to_owned()),
        }
    }

    fn number(&mut self) -> Result<Token, FormulaError> {
        let rest = self.rest();
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let mut end = digits(rest);
        if let Some(fraction) = rest[end..].strip_prefix('.') {
            let count = digits(fraction);
            if count > 0 {
                end += 1 + count;
            }
        }
        self.at += end;
        let text = &rest[..end];
        text.parse().map(Token::Number).map_err(|_| FormulaError::Found(text.to_owned()))
    }

    fn string(&mut self, quote: char) -> Result<Token, FormulaError> {
        let mut out = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, c)) = characters.next() {
            match c {
                _ if c == quote => {
                    self.at += at + 1;
                    return Ok(Token::Text(out));
                }
                '\n' | '\r' => break,
                '\\' => match characters.next().map(|(_, c)| c) {
                    Some('n' | 'N') => out.push('\n'),
                    Some('r' | 'R') => out.push('\r'),
                    Some('t' | 'T') => out.push('\t'),
                    Some(c @ ('"' | '\'' | '\\')) => out.push(c),
                    _ => return Err(FormulaError::Syntax),
                },
                _ => out.push(c),
            }
        }
        Err(FormulaError::Missing(format!("'{quote}'")))
    }

    fn operator(&mut self, first: char) -> Result<Token, FormulaError> {
        const OPERATORS: [(&str, Op); 17] = [
            ("<=", Op::LessOrEqual),
            (">=", Op::GreaterOrEqual),
            ("<>", Op::NotEqual),
            ("!=", Op::NotEqual),
            ("==", Op::Equal),
            ("&&", Op::And),
            ("||", Op::Or),
            ("=", Op::Equal),
            ("<", Op::Less),
            (">", Op::Greater),
            ("+", Op::Add),
            ("-", Op::Subtract),
            ("*", Op::Multiply),
            ("/", Op::Divide),
            ("^", Op::Power),
            ("&", Op::Concat),
            ("!", Op::Bang),
        ];
        let rest = self.rest();
        let found = OPERATORS.iter().find(|(text, _)| rest.starts_with(text));
        let (text, op) = found.ok_or_else(|| FormulaError::Found(first.to_string()))?;
        self.at += text.len();
        Ok(Token::Op(*op))
    }
}
