//! What a package adds, and what each mistake in one is told.

use super::{FieldType, Object, Schema};

fn fixture(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/packages/");
    std::fs::read_to_string(format!("{path}{name}.json")).unwrap()
}

fn demo() -> Schema {
    Schema::standard().load_package("demo.json", &fixture("demo")).unwrap()
}

fn names(object: &Object) -> Vec<&str> {
    object.fields.iter().map(|field| field.name.as_str()).collect()
}

#[test]
fn a_custom_object_has_the_system_fields_and_the_next_prefix() {
    let schema = demo();
    let invoice = schema.object("invoice__c").unwrap();
    assert_eq!(invoice.key_prefix, Some(*b"a00"));
    assert_eq!(schema.by_prefix(*b"a00").unwrap().name, "Invoice__c");
    assert_eq!(
        names(invoice)[..9],
        [
            "Id",
            "IsDeleted",
            "Name",
            "CreatedDate",
            "CreatedById",
            "LastModifiedDate",
            "LastModifiedById",
            "SystemModstamp",
            "Account__c"
        ]
    );
    let (_, name) = invoice.name_field().unwrap();
    assert!(name.auto_number && !name.createable);
    assert_eq!(name.display_format.as_deref(), Some("INV-{0000}"));
}

#[test]
fn a_second_package_gets_the_next_prefix_and_an_owner_without_a_master() {
    let json = r#"{"objects": {"B__c": {"fields": {}}, "C__c": {"fields": {}}}}"#;
    let schema = demo().load_package("b.json", json).unwrap();
    assert_eq!(schema.object("B__c").unwrap().key_prefix, Some(*b"a01"));
    assert_eq!(schema.object("C__c").unwrap().key_prefix, Some(*b"a02"));
    let (_, owner) = schema.object("B__c").unwrap().field("OwnerId").unwrap();
    assert!(owner.refers_to("Group") && owner.refers_to("User"));
}

#[test]
fn references_become_children_of_their_parents() {
    let schema = demo();
    let account = schema.object("Account").unwrap();
    let children = account.child_relationship("invoices__r").unwrap();
    assert_eq!((children.child_sobject.as_str(), children.field.as_str()), ("Invoice__c", "Account__c"));
    assert!(children.cascade_delete);
    assert!(!schema.object("Contact").unwrap().child_relationship("Invoices__r").unwrap().cascade_delete);
    let invoice = schema.object("Invoice__c").unwrap();
    let (_, master) = invoice.parent_relationship("account__r").unwrap();
    assert!(master.required_on_create() && !master.updateable);
    assert!(Schema::standard().object("Account").unwrap().child_relationship("Invoices__r").is_none());
}

#[test]
fn what_was_there_keeps_its_place() {
    let (before, after) = (Schema::standard(), demo());
    let after = after.load_package("rr", &fixture("referral-rock")).unwrap();
    for old in before.objects() {
        let new = after.by_index(old.index).unwrap();
        assert_eq!(new.name.as_str(), old.name.as_str());
        assert_eq!(names(new)[..old.fields.len()], names(old)[..]);
    }
    let lead = after.object("Lead").unwrap();
    let (position, id) = lead.field("referral_rock_referral_id__c").unwrap();
    assert_eq!(position, before.object("Lead").unwrap().fields.len());
    assert!(id.external_id && id.id_lookup && !id.unique && id.custom);
}

#[test]
fn a_picklist_default_is_the_default_of_the_field() {
    let schema = demo();
    let (_, status) = schema.object("Invoice__c").unwrap().field("Status__c").unwrap();
    assert_eq!(status.kind, FieldType::Picklist);
    assert_eq!(status.default_value, Some("Draft".into()));
    assert!(status.defaulted_on_create);
}

#[test]
fn every_fixture_loads_on_top_of_the_others() {
    let mut schema = Schema::standard();
    for name in ["demo", "influitive-advocatehub", "referral-factory", "referral-rock"] {
        schema = schema.load_package(name, &fixture(name)).unwrap_or_else(|mistake| panic!("{mistake}"));
    }
    let acts =
        schema.object("Contact").unwrap().child_relationship("AdvocateHub__AdvocacyActivities__r").unwrap();
    assert_eq!(acts.child_sobject, "AdvocateHub__AdvocacyActivity__c");
}

/// The mistake in a package whose only object is `Lead` with these fields, or whose whole text this is.
fn mistake(text: &str) -> String {
    let json = if text.starts_with('{') {
        text.to_owned()
    } else {
        format!("{{\n\"objects\": {{\n\"Lead\": {{\"fields\": {{\n{text}\n}}}}}}}}")
    };
    Schema::standard().load_package("p.json", &json).expect_err(text).to_string()
}

#[test]
fn a_mistake_names_its_place_and_what_was_expected() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        (
            r#""A__c": {"type": "string", "lenght": 3}"#,
            "p.json:4:35: objects.Lead.fields.A__c.lenght: unknown key `lenght`; did you mean `length`?",
        ),
        (
            r#""A__c": {"type": "text"}"#,
            "p.json:4:23: objects.Lead.fields.A__c.type: unknown type `text`, expected one of string, picklist",
        ),
        (
            r#""A__c": {"type": "string", "length": "3"}"#,
            "p.json:4:40: objects.Lead.fields.A__c.length: invalid type: string \"3\", expected u32",
        ),
        (r#""A__c": {"length": 3}"#, "p.json:4:1: objects.Lead.fields.A__c: `type` is missing"),
        (
            r#""A": "string""#,
            "p.json:4:1: objects.Lead.fields.A: `A` is no name for a custom field: it must end in `__c`",
        ),
        (
            r#""A__c": "string", "a__C": "string""#,
            "p.json:4:24: objects.Lead.fields.a__C: `a__C` stands here twice",
        ),
        (
            r#""A__c": {"type": "reference", "referenceTo": ["Nowhere__c"]}"#,
            "p.json:4:1: objects.Lead.fields.A__c: referenceTo names `Nowhere__c`, an object that neither the org nor this file has",
        ),
        (r#""A__c": "reference""#, "p.json:4:1: objects.Lead.fields.A__c: `referenceTo` is missing"),
        (
            r#""A__c": {"type": "reference", "referenceTo": ["Account"], "relationshipOrder": 0}"#,
            "p.json:4:1: objects.Lead.fields.A__c: Lead is a standard object: it cannot be the detail of a master",
        ),
        (
            r#""A__c": {"type": "reference", "referenceTo": ["Account"], "childRelationship": "Kids"}"#,
            "p.json:4:1: objects.Lead.fields.A__c: childRelationship names `Kids`: the name of a custom relationship ends in `__r`",
        ),
        (
            r#""A__c": {"type": "double", "calculatedFormula": "Bogus__c + 1"}"#,
            "p.json:4:1: objects.Lead.fields.A__c: Field Bogus__c does not exist. Check spelling.",
        ),
        (
            r#""A__c": {"type": "double", "calculatedFormula": "LastName"}"#,
            "p.json:4:1: objects.Lead.fields.A__c: Formula result is data type (Text), incompatible with expected data type (Number).",
        ),
        (
            r#""A__c": {"type": "double", "calculatedFormula": "B__c"}, "B__c": {"type": "double", "calculatedFormula": "A__c"}"#,
            "p.json:4:1: objects.Lead.fields.A__c: Formula cannot use another formula field that directly or indirectly refers to itself. A__c, B__c",
        ),
        (
            r#""A__c": {"type": "double", "calculatedFormula": "1", "unique": true}"#,
            "p.json:4:1: objects.Lead.fields.A__c: a formula field has no `unique`: it is computed",
        ),
        (
            r#""A__c": {"type": "picklist", "calculatedFormula": "1"}"#,
            "p.json:4:1: objects.Lead.fields.A__c: a formula cannot yield a picklist",
        ),
        (
            r#""A__c": {"type": "date", "defaultValueFormula": "1 + 1"}"#,
            "p.json:4:1: objects.Lead.fields.A__c: Formula result is data type (Number), incompatible with expected data type (Date).",
        ),
        (
            r#""A__c": {"type": "picklist", "controllerName": "B__c", "picklistValues": ["x"]}"#,
            "p.json:4:1: objects.Lead.fields.A__c: controllerName names `B__c`, a field that Lead does not have",
        ),
        (
            r#""A__c": {"type": "date", "unique": true}"#,
            "p.json:4:1: objects.Lead.fields.A__c: a date can be neither unique",
        ),
        (r#""A__c": "int""#, "p.json:4:1: objects.Lead.fields.A__c: no custom field has the type int"),
        (
            r#""A__c": {"type": "string", "displayFormat": "X"}"#,
            "p.json:4:1: objects.Lead.fields.A__c: displayFormat `X` has no place for the number",
        ),
        (
            r#"{"objects": {"Lead": {"label": "Prospect", "fields": {}}}}"#,
            "p.json:1:14: objects.Lead: the org has this object already: only `fields` can be added to it",
        ),
        (
            r#"{"objects": {"Invoice": {"fields": {}}}}"#,
            "p.json:1:14: objects.Invoice: `Invoice` is no name for a custom object",
        ),
        (r#"{"objects": {"A__c": {"fields": {}}"#, "p.json:1:35: objects.A__c: EOF while parsing an object"),
        (r#"{"object": {}}"#, "p.json:1:9: object: unknown key `object`; did you mean `objects`?"),
    ] {
        let said = mistake(text);
        if !said.starts_with(expected) {
            wrong.push(format!("{text}\n  said     {said}\n  expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_custom_field_is_as_describe_shows_its_kind() {
    let json = r#"{"objects": {"Lead": {"fields": {
        "Count__c": {"type": "string", "displayFormat": "{0000}"},
        "Tags__c": {"type": "multipicklist", "picklistValues": ["a", "b"]},
        "Note__c": {"type": "textarea", "length": 32768},
        "Score__c": {"type": "double", "precision": 3, "scale": 0, "defaultValue": 5},
        "Key__c": {"type": "string", "length": 40, "externalId": true, "unique": true, "nillable": false}
    }}}}"#;
    let schema = Schema::standard().load_package("p.json", json).unwrap();
    let lead = schema.object("Lead").unwrap();
    let field = |name: &str| lead.field(name).unwrap().1;
    assert!(field("Count__c").auto_number && field("Count__c").length == 30 && !field("Count__c").createable);
    assert_eq!(
        (field("Tags__c").length, field("Tags__c").precision, field("Tags__c").sortable),
        (4099, 4, false)
    );
    assert!(
        !field("Note__c").filterable && !field("Note__c").groupable && field("Note__c").byte_length == 98304
    );
    assert!(field("Score__c").defaulted_on_create && !field("Score__c").required_on_create());
    assert!(
        field("Key__c").id_lookup && field("Key__c").required_on_create() && !field("Key__c").permissionable
    );
}

#[test]
fn a_broken_file_is_an_error_wherever_it_breaks() {
    let text = fixture("demo");
    for end in (0..text.len() - 2).filter(|end| text.is_char_boundary(*end)) {
        assert!(Schema::standard().load_package("demo.json", &text[..end]).is_err(), "cut at {end}");
    }
    for at in (0..text.len()).step_by(7).filter(|at| text.is_char_boundary(*at)) {
        let broken = format!("{}]{}", &text[..at], &text[at..]);
        if let Err(mistake) = Schema::standard().load_package("demo.json", &broken) {
            assert!(mistake.line > 0, "{mistake}");
        }
    }
}

/// The demo package, and roll-ups on accounts over its invoices.
fn with_roll_ups(fields: &str) -> Result<Schema, String> {
    let json = format!(r#"{{"objects": {{"Account": {{"fields": {{{fields}}}}}}}}}"#);
    demo().load_package("p.json", &json).map_err(|error| error.to_string())
}

#[test]
fn a_roll_up_has_the_type_of_what_it_sums_up() {
    let key = r#""summaryForeignKey": "Invoice__c.Account__c""#;
    let schema = with_roll_ups(&format!(
        r#""Count__c": {{"rollUp": {{"summaryOperation": "count", {key}}}}},
           "Sum__c": {{"rollUp": {{"summaryOperation": "sum", {key}, "summarizedField": "Invoice__c.Amount__c"}}}},
           "Last__c": {{"rollUp": {{"summaryOperation": "max", {key}, "summarizedField": "Invoice__c.Due_Date__c"}}}}"#
    ))
    .unwrap();
    let account = schema.object("Account").unwrap();
    for (name, kind) in
        [("Count__c", FieldType::Double), ("Sum__c", FieldType::Currency), ("Last__c", FieldType::Date)]
    {
        let (_, field) = account.field(name).unwrap();
        assert_eq!(field.kind, kind, "{name}");
        assert!(field.calculated && !field.createable && !field.updateable, "{name}");
    }
    assert_eq!(schema.object("Invoice__c").unwrap().rolled_up.len(), 3);
}

#[test]
fn a_roll_up_that_cannot_be_is_told_why() {
    for (operation, rest, told) in [
        ("count", r#""summaryForeignKey": "Nope__c.Account__c""#, "with an object that is here"),
        ("count", r#""summaryForeignKey": "Invoice__c.Nope__c""#, "which is no field"),
        (
            "count",
            r#""summaryForeignKey": "Invoice__c.Contact__c""#,
            "does not make Invoice__c the detail of Account",
        ),
        ("sum", r#""summaryForeignKey": "Invoice__c.Account__c""#, "what is the sum of?"),
        (
            "sum",
            r#""summaryForeignKey": "Invoice__c.Account__c", "summarizedField": "Invoice__c.Due_Date__c""#,
            "there is no sum of it",
        ),
        (
            "count",
            r#""summaryForeignKey": "Invoice__c.Account__c", "summaryFilterItems": [{"field": "Invoice__c.X__c", "operation": "equals"}]"#,
            "no field Invoice__c.X__c",
        ),
    ] {
        let field = format!(r#""R__c": {{"rollUp": {{"summaryOperation": "{operation}", {rest}}}}}"#);
        let error = with_roll_ups(&field).unwrap_err();
        assert!(error.starts_with("p.json:1:") && error.contains(told), "{error}");
    }
}

#[test]
fn an_org_finds_names_of_its_own_namespace_without_it() {
    let json = r#"{"namespace": "acme", "objects": {
        "acme__Deal__c": {"fields": {"acme__Size__c": "double", "other__Size2__c": "double",
            "acme__Account__c": {"type": "reference", "referenceTo": ["Account"], "childRelationship": "acme__Deals__r"}}},
        "Lead": {"fields": {"acme__Region__c": "string"}}}}"#;
    let schema = Schema::standard().load_package("p.json", json).unwrap();
    let deal = schema.object("deal__c").unwrap();
    assert_eq!(deal.name.as_str(), "acme__Deal__c");
    assert_eq!(deal.field("size__c").unwrap().1.name.as_str(), "acme__Size__c");
    assert!(deal.field("Size2__c").is_none() && deal.parent_relationship("Account__r").is_some());
    assert!(schema.object("Account").unwrap().child_relationship("Deals__r").is_some());
    assert!(schema.object("Lead").unwrap().field("Region__c").is_some());
    assert_eq!(
        names(schema.object("Lead").unwrap()).iter().filter(|name| name.contains("Region__c")).count(),
        1
    );
}

#[test]
fn a_lenient_load_takes_the_rest_and_names_what_it_left_out() {
    let json = r#"{"objects": {
        "Good__c": {"fields": {"A__c": "string", "Bad": "string", "To__c": {"type": "reference", "referenceTo": ["Gone__c"]},
            "Dependent__c": {"type": "picklist", "picklistValues": ["x"], "controllerName": "Bad"}}},
        "Big__b": {"fields": {"A__c": "string"}},
        "Lead": {"fields": {"LeadSource": {"picklistValues": ["Fair", "Web"]}, "Company": {"length": 3}}}}}"#;
    let (schema, left_out) = Schema::standard().load_package_leniently("p.json", json).unwrap();
    let paths: Vec<&str> = left_out.iter().map(|mistake| mistake.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "objects.Good__c.fields.Bad",
            "objects.Good__c.fields.Dependent__c",
            "objects.Big__b",
            "objects.Lead.fields.Company",
            "objects.Good__c.fields.To__c"
        ]
    );
    assert!(names(schema.object("Good__c").unwrap()).ends_with(&["A__c"]));
    let lead = schema.object("Lead").unwrap();
    let values = &lead.field("LeadSource").unwrap().1.picklist_values;
    assert_eq!(values.iter().map(|value| value.value.as_str()).collect::<Vec<_>>(), ["Fair", "Web"]);
    assert_eq!(lead.fields.len(), Schema::standard().object("Lead").unwrap().fields.len());
}
