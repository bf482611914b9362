//! Formulas over records of an org.

use mock_sfdc_org::{
    formula::{Purpose, RecordFormula, Subject},
    id::Id,
    schema::FieldType,
    value::{Value, shown},
};

use crate::world::{NOON, World};

fn value(world: &World, object: &str, id: Id, text: &str, purpose: Purpose) -> Value {
    let state = world.org.snapshot();
    let object = world.object(object);
    let formula = RecordFormula::compile(state.schema(), &object, text, purpose)
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    let record = state.table(object.index).get(id).unwrap();
    formula.evaluate(&Subject {
        state: &state,
        object: &object,
        record: record.into(),
        before: None,
        user: world.admin,
        now: NOON,
    })
}

fn text(world: &World, object: &str, id: Id, text: &str) -> String {
    shown(&value(world, object, id, text, Purpose::FieldUpdate(FieldType::String)))
}

fn refused(world: &World, object: &str, text: &str) -> String {
    let state = world.org.snapshot();
    let object = world.object(object);
    RecordFormula::compile(state.schema(), &object, text, Purpose::ValidationRule).unwrap_err().to_string()
}

#[test]
fn a_formula_reads_the_record_its_parents_and_who_acts() {
    let world = World::new("{}");
    let account = world.create("Account", &[("Name", "Harbor"), ("Industry", "Retail")]).unwrap();
    let contact =
        world.create("Contact", &[("LastName", "Lopez"), ("AccountId", &account.to_string())]).unwrap();
    for (formula, expected) in [
        ("LastName & \" of \" & Account.Name", "Lopez of Harbor"),
        ("TEXT(Account.Industry)", "Retail"),
        ("Account.Owner.Username", "admin@mock-sfdc.example"),
        ("$User.Username", "admin@mock-sfdc.example"),
        ("$Profile.Name", "System Administrator"),
        ("AccountId", account.short()),
        ("CASESAFEID(AccountId)", &account.to_string()),
        ("TEXT(TODAY())", "2026-03-25"),
        ("TEXT(NOW())", "2026-03-25 12:00:00Z"),
        ("IF(ISBLANK(ReportsTo.LastName), \"nobody\", ReportsTo.LastName)", "nobody"),
    ] {
        assert_eq!(text(&world, "Contact", contact, formula), expected, "{formula}");
    }
}

#[test]
fn a_reference_to_several_objects_says_which_one_it_means() {
    let world =
        World::new(r#"{"queues": [{"name": "Inbound", "developerName": "Inbound", "objects": ["Lead"]}]}"#);
    let lead = world.create("Lead", &[("LastName", "A"), ("Company", "B")]).unwrap();
    for (formula, expected) in [
        ("Owner:User.Username", "admin@mock-sfdc.example"),
        ("Owner:Queue.QueueName", ""),
        ("IF(Owner:User.IsActive, \"yes\", \"no\")", "yes"),
    ] {
        assert_eq!(text(&world, "Lead", lead, formula), expected, "{formula}");
    }
    assert_eq!(
        refused(&world, "Lead", "Owner:Account.Name = \"x\""),
        "Account is an invalid object type for the Owner field. Check spelling."
    );
}

#[test]
fn what_a_formula_names_wrongly_is_refused_in_salesforces_words() {
    let world = World::new("{}");
    for (formula, error) in [
        ("Bogus__c = 1", "Field Bogus__c does not exist. Check spelling."),
        ("Owner.Bogus = 1", "Field Owner.Bogus does not exist. Check spelling."),
        (
            "LastName",
            "Formula result is data type (Text), incompatible with expected data type (true or false).",
        ),
        (
            "Status = \"Open\"",
            "Field Status is a picklist field. Picklist fields are only supported in certain functions.",
        ),
        ("$Setup.Switch__c.On__c", "$Setup is not emulated in formulas"),
        (
            "ISBLANK(Address)",
            "You referenced an unsupported field type called \"Address\" using the following field: Address",
        ),
    ] {
        assert_eq!(refused(&world, "Lead", formula), error, "{formula}");
    }
}

#[test]
fn a_default_value_may_be_a_formula() {
    let world = World::new(
        r#"{"packages": [{"package": "p", "objects": {"Lead": {"fields": {
            "Due__c": {"type": "date", "label": "Due", "defaultValueFormula": "TODAY() + 14"},
            "Greeting__c": {"type": "string", "length": 80, "label": "Greeting",
                            "defaultValueFormula": "\"Hello from \" & $User.Username"},
            "Share__c": {"type": "percent", "precision": 5, "scale": 2, "label": "Share", "defaultValueFormula": "1 / 4"}
        }}}}]}"#,
    );
    let lead = world.create("Lead", &[("LastName", "A"), ("Company", "B")]).unwrap();
    assert_eq!(world.text("Lead", lead, "Due__c"), "2026-04-08");
    assert_eq!(world.text("Lead", lead, "Greeting__c"), "Hello from admin@mock-sfdc.example");
    assert_eq!(world.get("Lead", lead, "Share__c").as_number(), Some(25.into()));
    let lead =
        world.create("Lead", &[("LastName", "A"), ("Company", "B"), ("Due__c", "2026-01-01")]).unwrap();
    assert_eq!(world.text("Lead", lead, "Due__c"), "2026-01-01");
}
