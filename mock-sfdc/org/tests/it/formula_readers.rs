//! Readers of formula fields besides queries: criteria of rules, and searches.

use mock_sfdc_org::{
    soql::{BindOptions, Cell, RunContext},
    sosl,
    value::shown,
};

use crate::world::{NOON, World};

const FIELDS: &str = r#""packages": [{"package": "p", "objects": {
    "Account": {"fields": {
        "Shout__c": {"type": "string", "label": "Shout", "calculatedFormula": "UPPER(Name) & \"!\""}}},
    "Contact": {"fields": {
        "Far__c": {"type": "boolean", "label": "Far", "calculatedFormula": "MailingCity <> \"London\""},
        "Length__c": {"type": "double", "precision": 18, "scale": 0, "label": "Length", "calculatedFormula": "LEN(LastName) / 2"}}}}}]"#;

fn world(items: &str) -> World {
    World::new(&format!(
        r#"{{{FIELDS}, "workflows": {{"Contact": {{
            "fieldUpdates": [{{"fullName": "Mark", "field": "Title", "operation": "Literal", "literalValue": "fired"}}],
            "rules": [{{"fullName": "R", "active": true, "triggerType": "onAllChanges", "criteriaItems": [{items}],
                        "actions": [{{"name": "Mark", "type": "FieldUpdate"}}]}}]}}}}}}"#
    ))
}

#[test]
fn criteria_read_what_a_formula_comes_to() {
    // The item, and whether it is met.
    for (item, met) in [
        (r#"{"field": "Contact.Far__c", "operation": "equals", "value": "true"}"#, true),
        (r#"{"field": "Contact.Far__c", "operation": "equals", "value": "false"}"#, false),
        // Half of five, rounded to the field's decimals.
        (r#"{"field": "Contact.Length__c", "operation": "equals", "value": "3"}"#, true),
        (r#"{"field": "Contact.Length__c", "operation": "lessThan", "value": "3"}"#, false),
        (r#"{"field": "Account.Shout__c", "operation": "equals", "value": "ACME!"}"#, true),
        (r#"{"field": "Account.Shout__c", "operation": "equals", "value": ""}"#, false),
    ] {
        let world = world(item);
        let account = world.create("Account", &[("Name", "Acme")]).unwrap().to_string();
        let row = [("LastName", "Byron"), ("MailingCity", "Paris"), ("AccountId", account.as_str())];
        let contact = world.create("Contact", &row).unwrap();
        assert_eq!(!world.get("Contact", contact, "Title").is_null(), met, "{item}");
    }
}

#[test]
fn criteria_see_what_a_save_changes_in_a_formula() {
    let world = world(r#"{"field": "Contact.Far__c", "operation": "equals", "value": "true"}"#);
    let contact = world.create("Contact", &[("LastName", "Byron"), ("MailingCity", "London")]).unwrap();
    assert!(world.get("Contact", contact, "Title").is_null());
    world.update("Contact", contact, &[("MailingCity", "Missolonghi")]).unwrap();
    assert_eq!(world.text("Contact", contact, "Title"), "fired");
}

#[test]
fn searches_show_formula_fields_and_do_not_look_into_them() {
    let world = World::new(&format!("{{{FIELDS}}}"));
    world.create("Account", &[("Name", "Acme Tools")]).unwrap();
    let state = world.org.snapshot();
    let found = |search: &str| {
        let search = sosl::prepare(search, state.schema(), &BindOptions::default()).unwrap();
        let context = RunContext::for_user(&state, world.admin, NOON);
        let found = sosl::run(&search, &state, &context).unwrap();
        let text =
            |cell: Cell<'_>| if let Cell::Value(value, _) = cell { shown(value) } else { String::new() };
        let rows =
            found.rows().map(|row| row.cells().map(|(_, cell)| text(cell)).collect::<Vec<_>>().join("|"));
        rows.collect::<Vec<_>>()
    };
    let asked = |words: &str| {
        found(&format!("FIND {{{words}}} RETURNING Account(Name, Shout__c WHERE Shout__c LIKE 'ACME%')"))
    };
    assert_eq!(asked("tools"), ["Acme Tools|ACME TOOLS!"]);
    world.create("Account", &[("Name", "Other Tools")]).unwrap();
    assert_eq!(asked("tools"), ["Acme Tools|ACME TOOLS!"]);
    assert!(asked("nothing").is_empty());
}
