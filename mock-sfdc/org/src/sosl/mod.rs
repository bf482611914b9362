//! SOSL: a text to look for, and the objects to look in (`contract/soql.md` section 4). RETURNING is bound and run as SOQL is;
//! what is different stands here: the search expression, words, and which fields a search reads.

pub mod ast;
mod bind;
mod fields;
mod run;
pub mod term;
mod words;

pub use self::bind::{PreparedSearch, of_words, prepare};
pub use self::run::{Found, run};
pub use crate::soql::parse_search as parse;

/// Salesforce's limits; SOQL and SOSL Reference, pages 95-117. A longer expression finds nothing.
pub const MAX_CHARACTERS: usize = 10_000;
/// In a longer expression AND, OR and NOT are words as others are.
pub const MAX_OPERATORS: usize = 4_000;
/// Rows of a whole answer.
pub const MAX_ROWS: usize = 2_000;
/// Rows of one object that does not say what it wants.
pub const MAX_ROWS_OF_ONE: usize = 250;
