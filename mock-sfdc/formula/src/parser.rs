//! The parser: by rank of operators, as Salesforce's own grammar has them (salesforce/formula-engine, `Formula.g4`).

use crate::{
    ast::Expr,
    error::FormulaError,
    limits::{MAX_DEPTH, MAX_LENGTH},
    token::{Op, Token, tokens},
};

/// Operators by rank, the loosest first. In Salesforce's grammar `^` stands between sums and products; its published samples
/// (`Principal * (1 + Rate / M) ^ (T * M)`) only come out right with powers first, so powers come first.
const RANKS: [&[Op]; 7] = [
    &[Op::Or],
    &[Op::And],
    &[Op::Equal, Op::NotEqual],
    &[Op::Less, Op::Greater, Op::LessOrEqual, Op::GreaterOrEqual],
    &[Op::Add, Op::Subtract, Op::Concat],
    &[Op::Multiply, Op::Divide],
    &[Op::Power],
];

/// Operands inside one another: a level of [`MAX_DEPTH`] with one operator before it has two.
const MAX_OPERANDS: usize = 2 * MAX_DEPTH;

/// The tree, and the size of the formula without comments and blanks.
pub(crate) fn parse(text: &str) -> Result<(Expr, usize), FormulaError> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Err(FormulaError::TooLong(length));
    }
    let (tokens, size) = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0, operands: 0 };
    let expr = parser.expression()?;
    match parser.peek() {
        None => Ok((expr, size)),
        Some(token) => Err(FormulaError::Extra(token.text())),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    operands: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let here = self.peek() == Some(token);
        self.at += usize::from(here);
        here
    }

    fn expression(&mut self) -> Result<Expr, FormulaError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormulaError::TooDeep);
        }
        let expr = self.ranked(0)?;
        self.depth -= 1;
        Ok(expr)
    }

    /// Operators of `loosest` rank or tighter. One frame of the stack for all ranks that have no operator here: a nest of
    /// parentheses would need eight for each, otherwise.
    fn ranked(&mut self, loosest: usize) -> Result<Expr, FormulaError> {
        self.operands += 1;
        if self.operands > MAX_OPERANDS {
            return Err(FormulaError::TooDeep);
        }
        let mut left = self.unary()?;
        while let Some((_, rank)) = self.operator().filter(|(_, rank)| *rank >= loosest) {
            let mut rest = Vec::new();
            while let Some((op, _)) = self.operator().filter(|(_, next)| *next == rank) {
                self.at += 1;
                rest.push((op, self.ranked(rank + 1)?));
            }
            left = Expr::Chain(Box::new(left), rest);
        }
        self.operands -= 1;
        Ok(left)
    }

    /// The operator that comes next, and its rank.
    fn operator(&self) -> Option<(Op, usize)> {
        let Some(Token::Op(op)) = self.peek() else { return None };
        RANKS.iter().position(|operators| operators.contains(op)).map(|rank| (*op, rank))
    }

    fn unary(&mut self) -> Result<Expr, FormulaError> {
        let wrap = match self.peek() {
            Some(Token::Not | Token::Op(Op::Bang)) => Expr::Not as fn(Box<Expr>) -> Expr,
            Some(Token::Op(Op::Subtract)) => Expr::Negate,
            Some(Token::Op(Op::Add)) => Expr::Plus,
            _ => return self.primary(),
        };
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormulaError::TooDeep);
        }
        let inner = self.unary()?;
        self.depth -= 1;
        Ok(wrap(Box::new(inner)))
    }

    fn primary(&mut self) -> Result<Expr, FormulaError> {
        let Some(token) = self.tokens.get(self.at).cloned() else { return Err(self.ended()) };
        self.at += 1;
        Ok(match token {
            Token::Null => Expr::Null,
            Token::True => Expr::Bool(true),
            Token::False => Expr::Bool(false),
            Token::Number(number) => Expr::Number(number),
            Token::Text(text) => Expr::Text(text),
            Token::Ident(name) if self.take(&Token::Open) => Expr::Call(name, self.arguments()?),
            Token::Ident(name) => Expr::Field(name),
            Token::Open => {
                let inner = self.expression()?;
                self.close()?;
                inner
            }
            token => return Err(FormulaError::Found(token.text())),
        })
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, FormulaError> {
        let mut arguments = Vec::new();
        if self.take(&Token::Close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if !self.take(&Token::Comma) {
                self.close()?;
                return Ok(arguments);
            }
        }
    }

    fn close(&mut self) -> Result<(), FormulaError> {
        if self.take(&Token::Close) { Ok(()) } else { Err(FormulaError::Missing("')'".to_owned())) }
    }

    /// The text is over where an operand should stand.
    fn ended(&self) -> FormulaError {
        if self.depth > 1 {
            FormulaError::Missing("')'".to_owned())
        } else {
            FormulaError::Found("end of formula".to_owned())
        }
    }
}
