//! Merging: which values stay, who the children belong to, what becomes of the losers, and what is refused.

use std::collections::BTreeSet;

use mock_sfdc_org::{
    error::{Error, ErrorCode},
    id::Id,
    save::DmlOptions,
    state::ChangeKind,
    verbs::{self, Merge, Merged},
};
use proptest::prelude::*;

use crate::world::World;

/// Invoices of an account, summed up there.
const FIXTURE: &str = r#"{"packages": [{"objects": {
    "Invoice__c": {"fields": {
        "Account__c": {"type": "reference", "referenceTo": ["Account"], "relationshipOrder": 0, "childRelationship": "Invoices__r"},
        "Contact__c": {"type": "reference", "referenceTo": ["Contact"], "childRelationship": "Invoices__r"}}},
    "Account": {"fields": {
        "Invoices__c": {"rollUp": {"summaryOperation": "count", "summaryForeignKey": "Invoice__c.Account__c"}}}}
}}]}"#;

fn merge(
    world: &World,
    object: &str,
    master: Id,
    values: &[(&str, &str)],
    losers: &[Id],
) -> Result<Merged, Vec<Error>> {
    let request = Merge { master, values: world.draft(object, values), losers: losers.to_vec() };
    let object = world.object(object);
    world.org.transact(world.admin, |tx| verbs::merge(tx, &object, request, &DmlOptions::default()))
}

fn lead(world: &World, name: &str, more: &[(&str, &str)]) -> Id {
    let mut row = vec![("LastName", name), ("Company", "Acme")];
    row.extend(more);
    world.create("Lead", &row).unwrap()
}

#[test]
fn the_masters_values_win_even_where_they_are_empty() {
    let world = World::new(FIXTURE);
    let master = lead(&world, "A", &[("City", "Berlin"), ("Title", "CEO")]);
    let loser = lead(&world, "B", &[("City", "Paris"), ("Phone", "1")]);
    let merged = merge(&world, "Lead", master, &[("LastName", "Chosen"), ("Title", "")], &[loser]).unwrap();
    assert_eq!((merged.id, merged.merged), (master, vec![loser]));
    for (field, value) in [("LastName", "Chosen"), ("City", "Berlin"), ("Title", ""), ("Phone", "")] {
        assert_eq!(world.text("Lead", master, field), value, "{field}");
    }
    assert!(!world.exists(loser));
    let found = world.count_all("SELECT Id FROM Lead WHERE IsDeleted = true AND MasterRecordId != null");
    assert_eq!(found, 1);
}

#[test]
fn a_merged_lead_was_created_when_the_oldest_was() {
    let world = World::new(FIXTURE);
    let loser = lead(&world, "Old", &[]);
    let created = world.text("Lead", loser, "CreatedDate");
    world.org.clock().advance(60_000);
    let master = lead(&world, "New", &[]);
    merge(&world, "Lead", master, &[], &[loser]).unwrap();
    assert_eq!(world.text("Lead", master, "CreatedDate"), created);
}

#[test]
fn children_belong_to_the_master() {
    let world = World::new(FIXTURE);
    let master = world.create("Account", &[("Name", "Acme")]).unwrap();
    let losers = ["B", "C"].map(|name| world.create("Account", &[("Name", name)]).unwrap());
    let mut children = BTreeSet::new();
    for loser in losers {
        let of = loser.to_string();
        for (object, row) in [
            ("Contact", [("LastName", "X"), ("AccountId", of.as_str())]),
            ("Account", [("Name", "Child"), ("ParentId", &of)]),
            ("Task", [("Subject", "Call"), ("WhatId", &of)]),
            ("Case", [("Subject", "Broken"), ("AccountId", &of)]),
            ("Invoice__c", [("Contact__c", ""), ("Account__c", &of)]),
        ] {
            children.insert((object, world.create(object, &row).unwrap()));
        }
    }
    let from = world.org.snapshot().log().next_seq();
    let merged = merge(&world, "Account", master, &[], &losers).unwrap();
    assert_eq!(
        merged.updated_related.into_iter().collect::<BTreeSet<_>>(),
        children.iter().map(|(_, id)| *id).collect()
    );
    for (object, id) in children {
        let field = match object {
            "Account" => "ParentId",
            "Task" => "WhatId",
            "Invoice__c" => "Account__c",
            _ => "AccountId",
        };
        assert_eq!(world.text(object, id, field), master.to_string(), "{object}");
    }
    assert_eq!(world.text("Account", master, "Invoices__c"), "2");
    // The world hears of two deletions and one update, and of nothing else.
    let state = world.org.snapshot();
    let told = state.log().since(from).filter(|change| !change.silent);
    let mut told = told.map(|change| (change.id, change.kind)).collect::<Vec<_>>();
    told.sort_by_key(|(id, _)| *id);
    let deleted = losers.map(|loser| (loser, ChangeKind::Deleted));
    assert_eq!(told, [(master, ChangeKind::Updated), deleted[0], deleted[1]]);
}

#[test]
fn a_junction_that_the_master_has_stands_once() {
    let world = World::new(FIXTURE);
    let (master, loser) = (lead(&world, "A", &[]), lead(&world, "B", &[]));
    let campaigns = ["One", "Two"].map(|name| world.create("Campaign", &[("Name", name)]).unwrap());
    let member = |campaign: Id, lead: Id| {
        let row = [("CampaignId", &*campaign.to_string()), ("LeadId", &*lead.to_string())];
        world.create("CampaignMember", &row).unwrap()
    };
    let kept = member(campaigns[0], master);
    let twice = member(campaigns[0], loser);
    let moved = member(campaigns[1], loser);
    merge(&world, "Lead", master, &[], &[loser]).unwrap();
    assert!(world.exists(kept) && !world.exists(twice));
    assert_eq!(world.text("CampaignMember", moved, "LeadId"), master.to_string());
}

#[test]
fn contact_roles_of_a_loser_are_no_longer_primary() {
    let world = World::new(FIXTURE);
    let [master, loser] = ["A", "B"].map(|name| world.create("Contact", &[("LastName", name)]).unwrap());
    let deal = world
        .create("Opportunity", &[("Name", "D"), ("StageName", "Prospecting"), ("CloseDate", "2026-05-01")])
        .unwrap();
    let row =
        [("OpportunityId", &*deal.to_string()), ("ContactId", &*loser.to_string()), ("IsPrimary", "true")];
    let role = world.create("OpportunityContactRole", &row).unwrap();
    merge(&world, "Contact", master, &[], &[loser]).unwrap();
    assert_eq!(world.text("OpportunityContactRole", role, "ContactId"), master.to_string());
    assert_eq!(world.text("OpportunityContactRole", role, "IsPrimary"), "false");
}

#[test]
fn a_loser_comes_back_without_its_children() {
    let world = World::new(FIXTURE);
    let [master, loser] = ["A", "B"].map(|name| world.create("Account", &[("Name", name)]).unwrap());
    let child = world.create("Contact", &[("LastName", "X"), ("AccountId", &loser.to_string())]).unwrap();
    merge(&world, "Account", master, &[], &[loser]).unwrap();
    world.undelete("Account", loser).unwrap();
    assert_eq!(world.text("Account", loser, "MasterRecordId"), "");
    assert_eq!(world.text("Contact", child, "AccountId"), master.to_string());
}

#[test]
fn what_cannot_be_merged() {
    let world = World::new(FIXTURE);
    let [a, b, c, d] = ["A", "B", "C", "D"].map(|name| world.create("Account", &[("Name", name)]).unwrap());
    let contact = world.create("Contact", &[("LastName", "X")]).unwrap();
    let gone = world.create("Account", &[("Name", "Gone")]).unwrap();
    world.delete("Account", gone).unwrap();
    let below = world.create("Account", &[("Name", "Below"), ("ParentId", &d.to_string())]).unwrap();
    for (why, master, losers, code) in [
        ("no loser", a, vec![], ErrorCode::MergeFailed),
        ("three losers", a, vec![b, c, d], ErrorCode::MergeFailed),
        ("twice", a, vec![b, b], ErrorCode::InvalidMergeRecord),
        ("itself", a, vec![a], ErrorCode::InvalidMergeRecord),
        ("of another object", a, vec![contact], ErrorCode::InvalidMergeRecord),
        ("a deleted loser", a, vec![gone], ErrorCode::EntityIsDeleted),
        ("a deleted master", gone, vec![a], ErrorCode::EntityIsDeleted),
        ("nobody", a, vec![Id::parse("001000000000099").unwrap()], ErrorCode::InvalidCrossReferenceKey),
        ("its own parent", below, vec![d], ErrorCode::MergeFailed),
    ] {
        let errors = merge(&world, "Account", master, &[], &losers).unwrap_err();
        assert_eq!(errors[0].code, code, "{why}");
    }
    let [one, two] = [(); 2].map(|()| {
        let row = [("Name", "D"), ("StageName", "Prospecting"), ("CloseDate", "2026-05-01")];
        world.create("Opportunity", &row).unwrap()
    });
    let errors = merge(&world, "Opportunity", one, &[], &[two]).unwrap_err();
    assert_eq!(errors[0].code, ErrorCode::InvalidTypeForOperation);
    let refused = merge(&world, "Account", a, &[("Name", "")], &[b]).unwrap_err();
    assert_eq!(refused[0].code, ErrorCode::RequiredFieldMissing);
    assert!(world.exists(b), "all or nothing");
}

#[test]
fn cases_merge_too() {
    let world = World::new(FIXTURE);
    let [a, b] = ["A", "B"].map(|subject| world.create("Case", &[("Subject", subject)]).unwrap());
    let child = world.create("Case", &[("Subject", "C"), ("ParentId", &b.to_string())]).unwrap();
    merge(&world, "Case", a, &[], &[b]).unwrap();
    assert_eq!(world.text("Case", child, "ParentId"), a.to_string());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever belonged to any of the contacts belongs to the master, but for what may stand only once.
    #[test]
    fn a_merge_never_loses_a_child(
        owners in proptest::collection::vec((0..3_usize, 0..4_u8), 0..12),
        losers in 1..=2_usize,
    ) {
        let world = World::new(FIXTURE);
        let account = world.create("Account", &[("Name", "Acme")]).unwrap().to_string();
        let contacts = ["A", "B", "C"].map(|name| world.create("Contact", &[("LastName", name)]).unwrap());
        let mut children = Vec::new();
        for (owner, kind) in owners {
            let of = contacts[owner].to_string();
            let (object, field) = [("Task", "WhoId"), ("Case", "ContactId"), ("Invoice__c", "Contact__c"), ("Contact", "ReportsToId")][usize::from(kind)];
            let row = [(field, of.as_str()), if kind == 2 { ("Account__c", &*account) } else if kind == 3 { ("LastName", "X") } else { ("Subject", "X") }];
            children.push((object, field, owner, world.create(object, &row).unwrap()));
        }
        merge(&world, "Contact", contacts[0], &[], &contacts[1..=losers]).unwrap();
        for (object, field, owner, id) in children {
            prop_assert!(world.exists(id));
            let now = contacts[if owner <= losers { 0 } else { owner }];
            prop_assert_eq!(world.text(object, id, field), now.to_string());
        }
    }
}
