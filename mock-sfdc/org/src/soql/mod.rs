//! SOQL: text in, rows out. One folder, one direction:
//!
//! ```text
//! text -> lexer -> parser -> ast -> bind -> plan -> run -> rows
//! ```
//!
//! `parse` knows the grammar and nothing else: its verdict equals that of Salesforce's own grammar. What the org has (objects,
//! fields, types) is checked by the binder, with Salesforce's codes, texts and carets. Follows `contract/soql.md`, and sections
//! 2 and 3 of `contract/errors.md`. No wire format lives here: a face walks the rows and writes its own.

pub mod ast;
pub mod caret;
pub mod date_literals;
mod error;
mod lexer;
mod parser;
mod print;

pub use self::ast::Query;
pub use self::error::{Code, SoqlError};
pub use self::parser::{MAX_CHARACTERS, MAX_NESTING, MAX_QUERIES, parse};
