//! The tree of a formula before anything of it has been looked up.

use rust_decimal::Decimal;

use crate::token::Op;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(String),
    /// A field by its path.
    Field(String),
    Call(String, Vec<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// `+x`
    Plus(Box<Expr>),
    /// Operators of one rank, from left to right: a chain of a thousand additions is no deeper than one.
    Chain(Box<Expr>, Vec<(Op, Expr)>),
}
