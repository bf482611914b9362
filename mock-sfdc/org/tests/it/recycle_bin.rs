//! Deleting and bringing back: what cascades, what forbids, what is emptied, and for how long it can be undone.

use std::collections::BTreeMap;

use mock_sfdc_org::{
    error::{Error, ErrorCode},
    id::Id,
    state::{ChangeKind, Shared},
    verbs,
};
use proptest::prelude::*;

use crate::world::World;

const DAY: i64 = 86_400_000;

/// Invoices of an account with a unique number, and a contact to bill.
const FIXTURE: &str = r#"{"packages": [{"objects": {"Invoice__c": {"fields": {
    "Account__c": {"type": "reference", "referenceTo": ["Account"], "relationshipOrder": 0, "childRelationship": "Invoices__r"},
    "Contact__c": {"type": "reference", "referenceTo": ["Contact"], "childRelationship": "Invoices__r"},
    "Number__c": {"type": "string", "length": 40, "unique": true}
}}}}]}"#;

fn code<T: std::fmt::Debug>(result: Result<T, Vec<Error>>) -> ErrorCode {
    result.unwrap_err()[0].code
}

/// An account with a contact, an invoice that bills it, and a task.
struct Family {
    world: World,
    account: Id,
    contact: Id,
    invoice: Id,
    task: Id,
}

impl Family {
    fn new() -> Self {
        let world = World::new(FIXTURE);
        let account = world.create("Account", &[("Name", "Acme")]).unwrap();
        let of = account.to_string();
        let contact = world.create("Contact", &[("LastName", "Hopper"), ("AccountId", &of)]).unwrap();
        let bill = contact.to_string();
        let invoice = world
            .create("Invoice__c", &[("Account__c", &of), ("Contact__c", &bill), ("Number__c", "N-1")])
            .unwrap();
        let task = world.create("Task", &[("Subject", "Call"), ("WhoId", &bill)]).unwrap();
        Self { world, account, contact, invoice, task }
    }
}

#[test]
fn a_deletion_cascades_and_an_undelete_brings_all_of_it_back() {
    let Family { world, account, contact, invoice, task } = Family::new();
    world.delete("Account", account).unwrap();
    for id in [account, contact, invoice, task] {
        assert!(!world.exists(id));
    }
    assert_eq!(world.count_all("SELECT Id FROM Contact WHERE IsDeleted = true"), 1);
    world.undelete("Account", account).unwrap();
    for id in [account, contact, invoice, task] {
        assert!(world.exists(id));
    }
    assert_eq!(world.text("Invoice__c", invoice, "Contact__c"), contact.to_string());
}

#[test]
fn what_had_been_deleted_before_stays_deleted() {
    let Family { world, account, contact, task, .. } = Family::new();
    world.delete("Task", task).unwrap();
    world.delete("Account", account).unwrap();
    world.undelete("Account", account).unwrap();
    assert!(world.exists(contact) && !world.exists(task));
    world.undelete("Task", task).unwrap();
    assert!(world.exists(task));
}

#[test]
fn a_lookup_is_emptied_and_filled_again_unless_it_was_filled_meanwhile() {
    let Family { world, account, contact, invoice, .. } = Family::new();
    let modified = world.text("Invoice__c", invoice, "LastModifiedDate");
    world.org.clock().advance(5_000);
    world.delete("Contact", contact).unwrap();
    assert_eq!(world.text("Invoice__c", invoice, "Contact__c"), "");
    assert_eq!(world.text("Invoice__c", invoice, "LastModifiedDate"), modified);
    world.undelete("Contact", contact).unwrap();
    assert_eq!(world.text("Invoice__c", invoice, "Contact__c"), contact.to_string());

    world.delete("Contact", contact).unwrap();
    let other =
        world.create("Contact", &[("LastName", "Other"), ("AccountId", &account.to_string())]).unwrap();
    world.update("Invoice__c", invoice, &[("Contact__c", &other.to_string())]).unwrap();
    world.undelete("Contact", contact).unwrap();
    assert_eq!(world.text("Invoice__c", invoice, "Contact__c"), other.to_string());
}

#[test]
fn a_lookup_in_the_bin_does_not_come_back_to_what_is_gone() {
    let Family { world, contact, invoice, .. } = Family::new();
    world.delete("Invoice__c", invoice).unwrap();
    world.delete("Contact", contact).unwrap();
    world.undelete("Invoice__c", invoice).unwrap();
    assert_eq!(world.text("Invoice__c", invoice, "Contact__c"), "");
}

#[test]
fn what_cannot_be_brought_back() {
    let Family { world, account, contact, invoice, .. } = Family::new();
    assert_eq!(code(world.undelete("Contact", contact)), ErrorCode::UndeleteFailed, "it is not deleted");
    world.delete("Invoice__c", invoice).unwrap();
    assert_eq!(code(world.delete("Invoice__c", invoice)), ErrorCode::EntityIsDeleted);
    world.delete("Account", account).unwrap();
    let error = world.undelete("Invoice__c", invoice).unwrap_err();
    assert_eq!(error, [Error::parent_is_deleted()], "its master is gone");
    assert_eq!(code(world.undelete("Contact", contact)), ErrorCode::UndeleteFailed);
    world.undelete("Account", account).unwrap();
    assert!(!world.exists(invoice), "it had a deletion of its own");
    let row = [("Account__c", &*account.to_string()), ("Number__c", "N-1")];
    world.create("Invoice__c", &row).unwrap();
    assert_eq!(code(world.undelete("Invoice__c", invoice)), ErrorCode::DuplicateValue);
}

#[test]
fn a_restricting_child_forbids_it_by_name() {
    let Family { world, account, contact, .. } = Family::new();
    let row = [("Subject", "Broken"), ("ContactId", &*contact.to_string())];
    world.create("Case", &row).unwrap();
    for (object, id) in [("Contact", contact), ("Account", account)] {
        let error = world.delete(object, id).unwrap_err().remove(0);
        assert_eq!(error.code, ErrorCode::DeleteFailed);
        assert_eq!(
            error.message,
            "Your attempt to delete Hopper could not be completed because it is associated with the following cases.: 00001001\n"
        );
        assert!(world.exists(id));
    }
}

#[test]
fn the_bin_forgets_after_fifteen_days_of_the_orgs_clock() {
    let Family { world, account, contact, .. } = Family::new();
    world.delete("Account", account).unwrap();
    world.org.clock().advance(15 * DAY);
    assert_eq!(world.count_all("SELECT Id FROM Account"), 1);
    world.undelete("Account", account).unwrap();
    world.delete("Account", account).unwrap();
    world.org.clock().advance(15 * DAY + 1);
    assert_eq!(world.count_all("SELECT Id FROM Account"), 0, "before anybody writes again");
    assert_eq!(code(world.undelete("Account", account)), ErrorCode::InvalidCrossReferenceKey);
    assert_eq!(code(world.delete("Contact", contact)), ErrorCode::InvalidCrossReferenceKey);
    world.create("Account", &[("Name", "Next")]).unwrap();
    let state = world.org.snapshot();
    let purged = state.log().since(0).filter(|change| change.kind == ChangeKind::Purged);
    assert_eq!(purged.count(), 4, "account, contact, invoice and task");
    assert!(state.find_deleted(account).is_none());
}

#[test]
fn emptying_the_bin_takes_what_fell_together() {
    let Family { world, account, contact, .. } = Family::new();
    let empty = |id: Id| world.org.transact(world.admin, |tx| verbs::empty_recycle_bin(tx, id));
    assert_eq!(code(empty(account)), ErrorCode::UndeleteFailed);
    world.delete("Account", account).unwrap();
    empty(account).unwrap();
    assert_eq!(world.count_all("SELECT Id FROM Contact"), 0);
    assert_eq!(code(empty(account)), ErrorCode::InvalidCrossReferenceKey);
    assert_eq!(code(world.undelete("Contact", contact)), ErrorCode::InvalidCrossReferenceKey);
}

#[test]
fn a_hard_delete_leaves_nothing_in_the_bin() {
    let Family { world, account, .. } = Family::new();
    let object = world.object("Account");
    world.org.transact(world.admin, |tx| verbs::hard_delete(tx, &object, account)).unwrap();
    assert_eq!(world.count_all("SELECT Id FROM Account"), 0);
    assert_eq!(world.count_all("SELECT Id FROM Task"), 0);
}

/// All live records, but for the stamps that a deletion and an undelete move.
fn contents(world: &World) -> BTreeMap<Id, Vec<String>> {
    let state = world.org.snapshot();
    let mut all = BTreeMap::new();
    for object in state.schema().objects() {
        let stamp = object.field("SystemModstamp").map(|(position, _)| position);
        let shown = |row: &Shared| {
            row.filled().filter(|(at, _)| Some(*at) != stamp).map(|cell| format!("{cell:?}")).collect()
        };
        all.extend(state.table(object.index).rows().map(|row| (row.id(), shown(row))));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is deleted, an undelete gives the org as it was.
    #[test]
    fn an_undelete_undoes_a_delete(
        links in proptest::collection::vec((0..3_usize, proptest::option::of(0..6_usize), any::<bool>()), 1..10),
        which in 0..20_usize,
    ) {
        let world = World::new(FIXTURE);
        let mut accounts: Vec<Id> = Vec::new();
        for name in ["A", "B", "C"] {
            let parent = accounts.last().map(ToString::to_string).unwrap_or_default();
            accounts.push(world.create("Account", &[("Name", name), ("ParentId", &parent)]).unwrap());
        }
        let mut contacts: Vec<Id> = Vec::new();
        let mut all = accounts.clone();
        for (account, manager, bills) in links {
            let of = accounts[account].to_string();
            let boss = manager.and_then(|at| contacts.get(at)).map(ToString::to_string).unwrap_or_default();
            let contact =
                world.create("Contact", &[("LastName", "X"), ("AccountId", &of), ("ReportsToId", &boss)]).unwrap();
            contacts.push(contact);
            all.push(contact);
            if bills {
                let bill = contact.to_string();
                all.push(world.create("Invoice__c", &[("Account__c", &of), ("Contact__c", &bill)]).unwrap());
            }
        }
        let before = contents(&world);
        let doomed = all[which % all.len()];
        let object = world.org.snapshot().find(doomed).unwrap().0.name.to_string();
        world.delete(&object, doomed).unwrap();
        prop_assert!(!world.exists(doomed));
        world.undelete(&object, doomed).unwrap();
        prop_assert_eq!(before, contents(&world));
    }
}
