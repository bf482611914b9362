//! `trigger_workflow`: workflow rules are asked of a record that nobody saves (`/process/rules`).

use super::{Errors, rights};
use crate::{
    error::Error,
    id::Id,
    save::{self, DmlOptions},
    state::Transaction,
};

/// Asks the active rules of the record's object, or one of them. Those that hold do their actions, whatever they are asked
/// for otherwise: on creation, or when a record begins to meet them.
pub fn trigger_workflow(tx: &mut Transaction, record: Id, only: Option<Id>) -> Result<(), Errors> {
    let found = tx.state().find(record).map(|(object, record)| (object.clone(), record.clone()));
    let (object, found) = found.ok_or_else(|| vec![Error::invalid_cross_reference()])?;
    rights::update(tx, &object, &found, &DmlOptions::default())?;
    if let Some(rule) = only
        && !tx.state().rules().workflow_rules(object.index).any(|(id, one)| id == rule && one.active)
    {
        return Err(vec![Error::resource_not_found()]);
    }
    save::ask_workflow(tx, &object, &found, only)
}
