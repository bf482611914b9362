//! A SOSL statement as it was written.

use super::term::Term;
use crate::soql::ast::{Integer, Literal, Query, Update, Word};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    pub term: Term,
    pub fields: FieldGroup,
    /// Empty: every object that can be searched.
    pub returning: Vec<Returning>,
    pub with: Vec<With>,
    pub limit: Option<Integer>,
    pub update: Vec<Update>,
}

/// `IN … FIELDS`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldGroup {
    #[default]
    All,
    Name,
    Email,
    Phone,
    Sidebar,
}

impl FieldGroup {
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        const ALL: [(&str, FieldGroup); 5] = [
            ("ALL", FieldGroup::All),
            ("NAME", FieldGroup::Name),
            ("EMAIL", FieldGroup::Email),
            ("PHONE", FieldGroup::Phone),
            ("SIDEBAR", FieldGroup::Sidebar),
        ];
        ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, group)| *group)
    }
}

/// One object, with what is wanted of it, written as the query that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returning {
    pub query: Query,
    /// `USING ListView=…`
    pub list_view: Option<Word>,
}

/// `WITH …`: all but the spelling correction narrow or decorate the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct With {
    /// In upper case, such as `DATA CATEGORY`.
    pub name: String,
    pub values: Vec<Literal>,
}
