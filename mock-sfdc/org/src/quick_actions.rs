//! The quick actions that every org has: one creates a record, and ties it to the record from which it was started. None are
//! made by administrators here.

use std::sync::Arc;

use crate::{
    error::Error,
    id::Id,
    save::{DmlOptions, Draft},
    schema::{Field, Object, Schema},
    state::Transaction,
    value::Value,
    verbs::{self, Errors},
};

/// One action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuickAction {
    pub name: &'static str,
    pub label: &'static str,
    /// `Create` or `LogACall`.
    pub kind: &'static str,
    pub target: &'static str,
    /// Fields that the action fills unless the request does.
    pub presets: &'static [(&'static str, &'static str)],
    /// Where it stands: everywhere, or on the pages of these objects.
    pub on: Option<&'static [&'static str]>,
}

const fn create(name: &'static str, label: &'static str, target: &'static str) -> QuickAction {
    QuickAction { name, label, kind: "Create", target, presets: &[], on: None }
}

const ACTIONS: [QuickAction; 8] = [
    QuickAction {
        name: "LogACall",
        label: "Log a Call",
        kind: "LogACall",
        target: "Task",
        presets: &[("Subject", "Call"), ("Status", "Completed"), ("TaskSubtype", "Call")],
        on: None,
    },
    create("NewTask", "New Task", "Task"),
    create("NewEvent", "New Event", "Event"),
    QuickAction { on: Some(&["Account"]), ..create("NewContact", "New Contact", "Contact") },
    QuickAction {
        on: Some(&["Account", "Contact"]),
        ..create("NewOpportunity", "New Opportunity", "Opportunity")
    },
    QuickAction { on: Some(&["Account", "Contact"]), ..create("NewCase", "New Case", "Case") },
    QuickAction { on: Some(&[]), ..create("NewAccount", "New Account", "Account") },
    QuickAction { on: Some(&[]), ..create("NewLead", "New Lead", "Lead") },
];

/// The actions that stand outside of any record.
pub fn global() -> impl Iterator<Item = &'static QuickAction> {
    ACTIONS.iter()
}

/// The actions on an object's pages: those whose record can be tied to one of the object's.
pub fn of<'a>(
    object: &'a Object,
    schema: &'a Schema,
) -> impl Iterator<Item = &'static QuickAction> + use<'a> {
    ACTIONS.iter().filter(|action| {
        let here = action.on.is_none_or(|objects| objects.iter().any(|name| object.name.is(name)));
        let target = schema.object(action.target);
        here && target.is_some_and(|target| link(target, object).is_some())
    })
}

impl QuickAction {
    /// The action of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        ACTIONS.iter().find(|action| action.name.eq_ignore_ascii_case(name))
    }

    /// Creates the action's record, tied to `context`.
    pub fn perform(
        &self,
        tx: &mut Transaction,
        context: Option<Id>,
        mut draft: Draft,
        options: &DmlOptions,
    ) -> Result<Id, Errors> {
        let schema = tx.state().schema().clone();
        let absent = || vec![Error::resource_not_found()];
        let target = schema.object(self.target).ok_or_else(absent)?;
        let mut fill = |position: usize, value: Value| {
            if !draft.sets(position) {
                draft.put(position, value);
            }
        };
        if let Some(id) = context {
            let found = tx.state().find(id).map(|(object, _)| Arc::clone(object));
            let object = found.ok_or_else(|| vec![Error::invalid_cross_reference()])?;
            let (position, _) =
                link(target, &object).ok_or_else(|| vec![Error::invalid_cross_reference()])?;
            fill(position, id.into());
        }
        for (position, value) in self.presets_of(target) {
            fill(position, value);
        }
        verbs::create(tx, target, draft, options)
    }

    /// What the action fills by itself, by position.
    pub fn presets_of(&self, target: &Object) -> impl Iterator<Item = (usize, Value)> {
        self.presets.iter().filter_map(|(name, value)| Some((target.field(name)?.0, (*value).into())))
    }
}

/// The reference that ties a record of `target` to one of `context`: `WhoId` or `WhatId` of activities, else the first that can.
#[must_use]
pub fn link<'a>(target: &'a Object, context: &Object) -> Option<(usize, &'a Field)> {
    let name = context.name.as_str();
    target.visible_fields().find(|(_, field)| {
        let of_owner = field.name.is("OwnerId") || field.name.is("RecordTypeId");
        field.createable && field.refers_to(name) && !of_owner
    })
}
