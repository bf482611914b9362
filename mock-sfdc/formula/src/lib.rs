//! Salesforce's formula language, as validation rules, workflow and assignment criteria, formula fields and default values
//! speak it (`contract/behaviour.md` section 13).
//!
//! A text is lexed ([`token`]), parsed ([`parser`]) into a tree ([`ast`]), and checked ([`check`]) against fields that the
//! caller knows ([`Fields`]); what comes out is a [`Formula`], which is evaluated any number of times over a [`Subject`].
//! The crate knows no records, no schema and no clock: the org gives it all three.

mod ast;
mod check;
mod error;
mod eval;
mod function;
mod limits;
mod number;
mod parser;
mod token;
mod types;
mod value;

pub use check::{Blanks, Context, FieldRef, Fields, Formula, Lookup, Resolved, Unresolved};
pub use error::{EvalError, FormulaError};
pub use eval::Subject;
pub use limits::{MAX_COMPILED_SIZE, MAX_DEPTH, MAX_LENGTH};
pub use types::Type;
pub use value::{Location, Value};
