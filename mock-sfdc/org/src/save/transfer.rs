//! Step 16: what goes to a new owner together with the record. Nothing does by itself: a request asks for it, kind by kind
//! (`OwnerChangeOptions`, `contract/soap.md` section 3).

use std::{collections::BTreeMap, sync::Arc};

use super::{DmlOptions, Save, SaveKind, assignment, owner, resave};
use crate::{
    id::Id,
    schema::Object,
    state::{Shared, State},
    value::{DateTime, Value},
};

/// What a request may ask for, in Salesforce's words without their `Transfer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerChange {
    /// The new owner is told.
    SendEmail,
    OpenActivities,
    NotesAndAttachments,
    Contacts,
    Contracts,
    Orders,
    OwnedOpenOpportunities,
    OthersOpenOpportunities,
    OwnedClosedOpportunities,
    OwnedOpenCases,
    AllOwnedCases,
    /// The team of the account stays.
    KeepAccountTeam,
    /// The team of the opportunity stays.
    KeepSalesTeam,
}

impl OwnerChange {
    /// Where such records hang on the one whose owner changes.
    fn lookups(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::SendEmail | Self::KeepAccountTeam | Self::KeepSalesTeam => &[],
            Self::OpenActivities => {
                &[("Task", "WhatId"), ("Task", "WhoId"), ("Event", "WhatId"), ("Event", "WhoId")]
            }
            Self::NotesAndAttachments => &[("Note", "ParentId"), ("Attachment", "ParentId")],
            Self::Contacts => &[("Contact", "AccountId")],
            Self::Contracts => &[("Contract", "AccountId")],
            Self::Orders => &[("Order", "AccountId")],
            Self::OwnedOpenOpportunities | Self::OthersOpenOpportunities | Self::OwnedClosedOpportunities => {
                &[("Opportunity", "AccountId")]
            }
            Self::OwnedOpenCases | Self::AllOwnedCases => &[("Case", "AccountId")],
        }
    }

    /// Activities, notes and files hang on any record, all else on accounts.
    fn is_of_accounts(self) -> bool {
        !matches!(
            self,
            Self::SendEmail
                | Self::OpenActivities
                | Self::NotesAndAttachments
                | Self::KeepAccountTeam
                | Self::KeepSalesTeam
        )
    }

    /// Whether such a record goes along: what the old owner has, and others' opportunities.
    fn takes(self, of: &Belonging<'_>, old: Id) -> bool {
        let owned = of.value("OwnerId").as_id() == Some(old);
        let closed = of.value("IsClosed").is_true();
        match self {
            Self::SendEmail | Self::KeepAccountTeam | Self::KeepSalesTeam => false,
            Self::OpenActivities => owned && of.is_to_come() && !closed,
            Self::NotesAndAttachments | Self::Contacts | Self::Contracts | Self::AllOwnedCases => owned,
            Self::Orders => owned && of.value("StatusCode").as_text() == Some("Draft"),
            Self::OwnedOpenOpportunities | Self::OwnedOpenCases => owned && !closed,
            Self::OthersOpenOpportunities => !owned && !closed,
            Self::OwnedClosedOpportunities => owned && closed,
        }
    }
}

/// A record that hangs on another.
struct Belonging<'a> {
    object: &'a Object,
    record: &'a Shared,
    now: DateTime,
}

impl Belonging<'_> {
    fn value(&self, field: &str) -> &Value {
        self.object.field(field).map_or(&Value::Null, |(position, _)| self.record.get(position))
    }

    /// An event that is over is no open activity; tasks say themselves whether they are closed.
    fn is_to_come(&self) -> bool {
        let end = self.value("EndDateTime").as_datetime();
        end.is_none_or(|end| end > self.now)
    }
}

pub(super) fn run(save: &mut Save<'_>) {
    if save.options.owner_changes.is_empty() || save.kind == SaveKind::Insert || !save.is_changed("OwnerId") {
        return;
    }
    let Some(new) = save.value("OwnerId").as_id() else { return };
    let before = save.before.as_ref().zip(save.object.field("OwnerId"));
    let Some(old) = before.and_then(|(before, (position, _))| before.get(position).as_id()) else { return };
    save.store();
    if save.options.owner_changes.contains(&OwnerChange::SendEmail) {
        assignment::tell(save, new, None);
    }
    let options = DmlOptions::default();
    for (id, object) in belongings(save, old) {
        // A queue owns only what it was made for.
        if owner::may_own(save.tx.state(), new, object.name.as_str()).is_err() {
            continue;
        }
        let Some((position, _)) = object.field("OwnerId") else { continue };
        if let Err(errors) = resave(save.tx, &object, id, [(position, new.into())], &options) {
            save.errors = errors;
            return;
        }
    }
    save.reload();
}

/// What goes along, each record once.
fn belongings(save: &Save<'_>, old: Id) -> BTreeMap<Id, Arc<Object>> {
    let (state, now): (&State, DateTime) = (save.tx.state(), save.tx.now());
    let parent = save.edit.id().into();
    let mut found = BTreeMap::new();
    for change in &save.options.owner_changes {
        if change.is_of_accounts() && !save.is("Account") {
            continue;
        }
        for (name, lookup) in change.lookups() {
            let Some(object) = state.schema().object(name) else { continue };
            let Some((position, _)) = object.field(lookup) else { continue };
            for record in state.lookup(object, position, &parent) {
                if change.takes(&Belonging { object, record: &record, now }, old) {
                    found.insert(record.id(), Arc::clone(object));
                }
            }
        }
    }
    found
}
