//! SOQL: text in, rows out. One folder, one direction:
//!
//! ```text
//! text -> lexer -> parser -> ast -> bind -> plan -> run -> rows
//! ```
//!
//! `parse` knows the grammar and nothing else: its verdict equals that of Salesforce's own grammar. What the org has (objects,
//! fields, types) is checked by the binder, with Salesforce's codes, texts and carets; what is not emulated is refused there, by
//! name. Follows `contract/soql.md`, and sections 2 and 3 of `contract/errors.md`. No wire format lives here: a face walks the
//! rows and writes its own.

mod aggregate;
mod ahead;
pub mod ast;
mod bind;
mod bound;
pub mod caret;
mod collation;
mod columns;
mod computed;
pub mod cursor;
pub mod date_literals;
mod date_part;
mod definitions;
mod distance;
mod error;
mod explain;
mod expr;
pub mod filter;
mod flat;
mod format;
mod key_table;
mod label;
mod lexer;
mod like;
mod money;
mod order;
mod parser;
mod plan;
mod prepared;
mod print;
mod record_access;
mod rows;
mod run;
mod scope;
mod user_access;

pub use self::ast::Query;
pub use self::bind::BindOptions;
pub(crate) use self::collation::Folded;
pub use self::columns::{ColumnOf, Columns, columns};
pub use self::definitions::{entity_id, with_entities};
pub use self::error::SoqlError;
pub use self::explain::{Explanation, Step, explain};
pub(crate) use self::expr::Fetched;
pub(crate) use self::like::Like;
pub(crate) use self::parser::decode;
pub use self::parser::{MAX_CHARACTERS, MAX_NESTING, MAX_QUERIES, parse, parse_condition, parse_search};
pub use self::prepared::{BoundCondition, Prepared, condition, prepare, run, where_of};
pub(crate) use self::prepared::{bind_condition, prepare_query};
pub use self::rows::{Cell, ResultSet, Row};
pub use self::run::RunContext;
