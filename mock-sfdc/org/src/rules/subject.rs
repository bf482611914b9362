//! The record that a rule is asked about, and everything that it may look at besides.

use crate::{
    formula,
    id::Id,
    schema::Object,
    soql::{RunContext, date_literals::Calendar},
    state::{Edit, Record, State},
    value::DateTime,
};

/// A record on its way through a save, as criteria, formulas and templates see it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub state: &'a State,
    pub object: &'a Object,
    pub record: &'a Edit,
    /// As it was stored before the save; none of a new one.
    pub before: Option<&'a Record>,
    /// Who saves.
    pub user: Id,
    pub now: DateTime,
}

impl<'a> Subject<'a> {
    /// The same, as formulas look at it.
    #[must_use]
    pub fn of_formula(&self) -> formula::Subject<'a> {
        formula::Subject {
            state: self.state,
            object: self.object,
            record: self.record.into(),
            before: self.before,
            user: self.user,
            now: self.now,
        }
    }
}

/// The days of whoever saves.
pub(super) fn calendar_of(subject: &Subject<'_>) -> Calendar {
    RunContext::for_user(subject.state, subject.user, subject.now).calendar(subject.state)
}
