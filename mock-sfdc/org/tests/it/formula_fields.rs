//! Formula fields, as whoever reads them sees them.

use mock_sfdc_org::{
    error::ErrorCode,
    formula::with_formulas,
    save::{DmlOptions, Draft, coerce::Raw},
    soql::{BindOptions, Cell, RunContext, prepare, run},
    value::{DateTime, shown},
    verbs,
};

use crate::world::{NOON, World};

fn world() -> World {
    World::new(
        r#"{"packages": [{"package": "p", "objects": {
            "Account": {"fields": {
                "Shout__c": {"type": "string", "label": "Shout", "calculatedFormula": "UPPER(Name) & \"!\""}}},
            "Opportunity": {"fields": {
                "Margin__c": {"type": "double", "precision": 18, "scale": 2, "label": "Margin", "calculatedFormula": "Amount / 3",
                              "formulaTreatNullNumberAsZero": true},
                "Double_Margin__c": {"type": "currency", "precision": 18, "scale": 2, "label": "D", "calculatedFormula": "Margin__c * 2"},
                "Days_Left__c": {"type": "double", "precision": 18, "scale": 0, "label": "Days", "calculatedFormula": "CloseDate - TODAY()"},
                "Large__c": {"type": "boolean", "label": "Large", "calculatedFormula": "Amount > 50"},
                "Customer__c": {"type": "string", "label": "Customer", "calculatedFormula": "Account.Shout__c"},
                "Ratio__c": {"type": "double", "precision": 18, "scale": 2, "label": "Ratio", "calculatedFormula": "1 / Amount"}}}
        }}]}"#,
    )
}

fn deals(world: &World) {
    let account = world.create("Account", &[("Name", "Harbor")]).unwrap().to_string();
    for (name, amount, close) in
        [("A", "10", "2026-03-26"), ("B", "100", "2026-04-04"), ("C", "", "2026-03-25")]
    {
        let row = [
            ("Name", name),
            ("StageName", "Prospecting"),
            ("CloseDate", close),
            ("Amount", amount),
            ("AccountId", &account),
        ];
        world.create("Opportunity", &row).unwrap();
    }
}

/// Each row's values, joined by `|`.
fn query_at(world: &World, soql: &str, now: DateTime) -> Vec<String> {
    let state = world.org.snapshot();
    let query =
        prepare(soql, state.schema(), &BindOptions::default()).unwrap_or_else(|e| panic!("{soql}: {e}"));
    let context = RunContext::for_user(&state, world.admin, now);
    let set = run(&query, &state, &context).unwrap();
    let row = |row: mock_sfdc_org::soql::Row<'_>| {
        row.cells().map(|(_, cell)| text(cell)).collect::<Vec<_>>().join("|")
    };
    set.rows().map(row).collect()
}

fn text(cell: Cell<'_>) -> String {
    match cell {
        Cell::Value(value, _) => shown(value),
        Cell::Parent(Some(row)) => row.cells().map(|(_, cell)| text(cell)).collect::<Vec<_>>().join("|"),
        Cell::Children(Some(set)) => {
            let row = |row: mock_sfdc_org::soql::Row<'_>| {
                row.cells().map(|(_, cell)| text(cell)).collect::<Vec<_>>().join("|")
            };
            set.rows().map(row).collect::<Vec<_>>().join(",")
        }
        _ => String::new(),
    }
}

fn query(world: &World, soql: &str) -> Vec<String> {
    query_at(world, soql, NOON)
}

#[test]
fn formula_fields_are_selected_filtered_and_ordered_by() {
    let world = world();
    deals(&world);
    for (soql, expected) in [
        ("SELECT Name, Margin__c FROM Opportunity ORDER BY Name", &["A|3.33", "B|33.33", "C|0"][..]),
        // Formulas see each other's values unrounded.
        ("SELECT Double_Margin__c FROM Opportunity WHERE Name = 'B'", &["66.67"]),
        ("SELECT Name FROM Opportunity WHERE Large__c = true", &["B"]),
        ("SELECT Name FROM Opportunity WHERE Margin__c > 3 ORDER BY Margin__c DESC", &["B", "A"]),
        ("SELECT Name FROM Opportunity ORDER BY Days_Left__c", &["C", "A", "B"]),
        ("SELECT MAX(Margin__c) most FROM Opportunity", &["33.33"]),
        ("SELECT Customer__c FROM Opportunity WHERE Name = 'A'", &["HARBOR!"]),
        (
            "SELECT Account.Shout__c FROM Opportunity WHERE Account.Shout__c LIKE 'HARB%' AND Name = 'A'",
            &["HARBOR!"],
        ),
        (
            "SELECT Name, (SELECT Large__c FROM Opportunities ORDER BY Name) FROM Account",
            &["Harbor|false,true,false"],
        ),
        (
            "SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE Large__c = true)",
            &["Harbor"],
        ),
        ("SELECT COUNT() FROM Opportunity WHERE Large__c = false", &[]),
        // #Error! has no value.
        ("SELECT Name FROM Opportunity WHERE Ratio__c = null", &["C"]),
    ] {
        assert_eq!(query(&world, soql), expected, "{soql}");
    }
}

#[test]
fn today_follows_the_orgs_clock() {
    let world = world();
    deals(&world);
    let soql = "SELECT Days_Left__c FROM Opportunity WHERE Name = 'B'";
    assert_eq!(query(&world, soql), ["10"]);
    let tomorrow = DateTime::from_millis(NOON.millis() + 86_400_000);
    assert_eq!(query_at(&world, soql, tomorrow), ["9"]);
}

#[test]
fn a_formula_field_is_never_written_and_never_stored() {
    let world = world();
    let object = world.object("Account");
    let mut draft = Draft::default();
    draft.set(&object, "Name", Raw::Text("X")).unwrap();
    draft.set(&object, "Shout__c", Raw::Text("Y")).unwrap();
    let refused =
        world.org.transact(world.admin, |tx| verbs::create(tx, &object, draft, &DmlOptions::default()));
    let error = &refused.unwrap_err()[0];
    assert_eq!(
        (error.code, error.fields.clone()),
        (ErrorCode::InvalidFieldForInsertUpdate, Some(vec!["Shout__c".to_owned()]))
    );
    let id = world.create("Account", &[("Name", "X")]).unwrap();
    assert!(world.get("Account", id, "Shout__c").is_null());
    let state = world.org.snapshot();
    let record = state.table(object.index).get(id).unwrap();
    let read = with_formulas(&state, &object, record, world.admin, NOON);
    assert_eq!(shown(read.get(object.field("Shout__c").unwrap().0)), "X!");
    let lead = world.object("Lead");
    let id = world.create("Lead", &[("LastName", "A"), ("Company", "B")]).unwrap();
    let state = world.org.snapshot();
    let record = state.table(lead.index).get(id).unwrap();
    assert!(record.is(&with_formulas(&state, &lead, record, world.admin, NOON)));
}
