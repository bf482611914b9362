//! A project in an org: what it adds, what it refuses, and every single thing that is named as not taken.
use std::path::Path;

use mock_sfdc_metadata::{Files, Metadata, Moment, Report, read_folder};
use mock_sfdc_org::{Org, clock::Clock, seed, value::Value};
use proptest::prelude::*;

use crate::world::{NOON, field, fixture_with, org_with, workshop};

#[test]
fn what_is_not_taken_over_is_named_with_file_and_element() {
    let (_, report) = org_with(&workshop());
    // Why a formula is wrong is the formula language's to say.
    let (rules, others): (Vec<_>, Vec<_>) =
        report.not_taken.iter().partition(|one| one.what.starts_with("validation rule"));
    assert!(rules.iter().any(|one| one.what == "validation rule Repair__c.Nonsense"), "{report}");
    let mut told: Vec<String> = others.iter().map(ToString::to_string).collect();
    told.sort();
    let mut expected = [
        "force-app/main/default/assignmentRules/Lead.assignmentRules-meta.xml:22: assignment rule Elsewhere of Lead: \
         ruleEntry[0].assignedTo: there is no user \"gone@workshop.example\"",
        "force-app/main/default/classes/Repairs.cls-meta.xml: cls Repairs: Apex is not run; a Rust test may register a hook instead",
        "force-app/main/default/flows/Tidy.flow-meta.xml: flow Tidy: flows are not run; a Rust test may register a hook instead",
        "force-app/main/default/objects/Archive__b/Archive__b.object-meta.xml:2: object Archive__b: big objects are not emulated",
        "force-app/main/default/objects/Lead/fields/Broken__c.field-meta.xml:4: field Broken__c: ill-formed document: \
         expected `</fullName>`, but `</CustomField>` was found",
        "force-app/main/default/objects/Lead/fields/Moon__c.field-meta.xml:6: phase of field Lead.Moon__c: this word is not known",
        "force-app/main/default/objects/Repair__c/fields/Part_Of__c.field-meta.xml:2: field Repair__c.Part_Of__c: \
         fields of type ExternalLookup are not emulated",
        "force-app/main/default/objects/Repair__c/recordTypes/Boat.recordType-meta.xml:2: record type Repair__c.Boat: \
         Repair__c.Region__c has no value Moon",
        "force-app/main/default/profiles/Mechanic.profile-meta.xml:8: customPermissions Weld of profile Mechanic: \
         custom permissions are not emulated",
        "force-app/main/default/profiles/Mechanic.profile-meta.xml:17: fieldPermissions Repair__c.Serial__c of profile Mechanic: \
         You cannot deploy to a required field: Repair__c.Serial__c",
        "force-app/main/default/profiles/Mechanic.profile-meta.xml:35: objectPermissions Spaceship__c of profile Mechanic: \
         the org has no object Spaceship__c",
        "force-app/main/default/profiles/Mechanic.profile-meta.xml:49: userPermissions Fly of profile Mechanic: \
         there is no permission Fly",
        "force-app/main/default/workflows/Lead.workflow-meta.xml:12: field update Lead.Lost: field: Lead has no field Nowhere__c",
        "force-app/main/default/workflows/Lead.workflow-meta.xml:20: flowActions Lead.Old_Flow: this part of workflow is not emulated",
        "force-app/main/default/workflows/Lead.workflow-meta.xml:57: workflow rule Lead.Lose: actions[0].name: \
         there is no FieldUpdate \"Lost\" here",
        "force-app/main/default/queues/Front_Desk.queue-meta.xml:2: member nobody@workshop.example of queue Front_Desk: \
         the org has no such user or group; users are said in its fixture",
        "force-app/main/default/standardValueSets/QuestionOrigin1.standardValueSet-meta.xml:2: standard value set QuestionOrigin1: \
         no field of the org uses it",
        "older/objects/Contact.object:25: field Contact.Shoe_Size: the org's Contact has no such standard field",
        "older/objects/Contact.object:30: listView Contact.All: list views are not emulated",
    ];
    expected.sort_unstable();
    assert_eq!(told, expected);
}

#[test]
fn what_is_taken_over_is_counted() {
    let (_, report) = org_with(&workshop());
    for (kind, count) in [
        ("assignment rules", 1),
        ("custom metadata records", 1),
        ("custom objects", 5),
        ("duplicate rules", 1),
        ("global value sets", 1),
        ("matching rules", 1),
        ("members of queues and groups", 1),
        ("public groups", 1),
        ("queues", 1),
        ("permission sets", 1),
        ("profiles", 1),
        ("record types", 1),
        ("roles", 2),
        ("sharing models", 3),
        ("standard value sets", 1),
        ("workflow actions", 2),
        ("workflow rules", 1),
    ] {
        assert_eq!(report.taken.get(kind), Some(&count), "{kind}");
    }
    let text = report.to_string();
    assert!(text.starts_with("taken over: 1 assignment rules, "), "{text}");
    assert!(
        text.contains("not taken over: force-app/main/default/flows/Tidy.flow-meta.xml: flow Tidy: "),
        "{text}"
    );
}

#[test]
fn fields_of_every_type_are_what_they_are_in_salesforce() {
    let (state, _) = org_with(&workshop());
    for (name, kind) in [
        ("Serial__c", "string"),
        ("Ticket__c", "string"),
        ("Notes__c", "textarea"),
        ("Report__c", "textarea"),
        ("Pin__c", "encryptedstring"),
        ("Warranty__c", "boolean"),
        ("Hours__c", "double"),
        ("Price__c", "currency"),
        ("Discount__c", "percent"),
        ("Due__c", "date"),
        ("Picked_Up__c", "datetime"),
        ("Opens__c", "time"),
        ("Mail__c", "email"),
        ("Phone__c", "phone"),
        ("Page__c", "url"),
        ("Place__c", "location"),
        ("Region__c", "picklist"),
        ("Tools__c", "multipicklist"),
        ("Customer__c", "reference"),
        ("Total__c", "currency"),
    ] {
        assert_eq!(field(&state, "Repair__c", name).kind.as_str(), kind, "{name}");
    }
    let serial = field(&state, "Repair__c", "Serial__c");
    assert!(serial.unique && serial.external_id && serial.case_sensitive && serial.required_on_create());
    assert_eq!(field(&state, "Repair__c", "Name").display_format.as_deref(), Some("R-{YYYY}-{0000}"));
    assert_eq!(field(&state, "Repair__c", "Name").starting_number, Some(100));
    assert!(field(&state, "Repair__c", "Report__c").html_formatted);
    assert_eq!(field(&state, "Repair__c", "Pin__c").masked("123456").as_deref(), Some("XX3456"));
    assert_eq!(field(&state, "Repair__c", "Warranty__c").default_value, Some(true.into()));
    assert!(field(&state, "Repair__c", "Customer__c").restricted_delete);
    assert!(field(&state, "Repair__c", "Contact__c").lookup_filter.is_some());
    let town = field(&state, "Repair__c", "Town__c");
    let bits: Vec<Option<&str>> =
        town.picklist_values.iter().map(|value| value.valid_for.as_deref()).collect();
    assert!(
        town.dependent_picklist && town.controller_name.as_ref().is_some_and(|name| name.is("Region__c"))
    );
    assert_eq!(bits, [Some("gA=="), Some("QA==")]);
    let sorted: Vec<String> = field(&state, "Repair__c", "Tools__c")
        .picklist_values
        .iter()
        .map(|value| value.value.clone())
        .collect();
    assert_eq!(sorted, ["Drill", "Saw"]);
    assert!(state.schema().object("Repair__c").unwrap().child_relationship("Lines__r").is_some());
    assert_eq!(field(&state, "Contact", "Mood__c").default_value, Some("Good".into()));
    assert_eq!(field(&state, "Lead", "LeadSource").inline_help_text.as_deref(), Some("Where did we meet?"));
    assert!(state.schema().object("Lead").unwrap().field("Unseen__c").is_none());
}

#[test]
fn rows_and_rules_stand_in_the_org() {
    let (state, _) = org_with(&workshop());
    let rows = |object: &str, field: &str| -> Vec<Value> {
        let object = state.schema().object(object).unwrap();
        let (position, _) = object.field(field).unwrap();
        state.table(object.index).rows().map(|row| row.get(position).clone()).collect()
    };
    assert_eq!(rows("Rate__mdt", "Percent__c"), [Value::Number(19.into())]);
    assert_eq!(rows("LeadStatus", "MasterLabel"), ["New", "Working", "Won"].map(Value::from));
    assert_eq!(rows("LeadStatus", "IsConverted"), [false, false, true].map(Value::Bool));
    assert_eq!(rows("UserRole", "DeveloperName"), ["Head", "Bench"].map(Value::from));
    assert_eq!(rows("QueueSobject", "SobjectType"), ["Lead", "Repair__c"].map(Value::from));
    let lead = state.schema().object("Lead").unwrap();
    assert!(state.rules().active_assignment_rule(&state, lead).is_some());
}

#[test]
fn an_org_that_stands_takes_a_project_too() {
    let state = seed::load("org.json", "{}", NOON, &|_| None).unwrap();
    let admin = seed::administrator(state.settings());
    let org = Org::new(state, Clock::fixed(NOON), 1);
    let metadata = Metadata::read(&workshop());
    let mut report = Report::default();
    let taken: Result<(), std::convert::Infallible> = org.transact(admin, |tx| {
        for moment in Moment::ALL {
            report.add(metadata.apply(moment, tx));
        }
        Ok(())
    });
    taken.unwrap();
    assert_eq!(report, org_with(&workshop()).1);
    assert!(org.snapshot().schema().object("Repair__c").is_some());
}

#[test]
fn a_project_with_a_namespace_has_it_before_its_own_names() {
    let mut files = Files::new();
    let project = br#"{"namespace": "acme", "packageDirectories": [{"path": "src"}]}"#;
    files.insert("sfdx-project.json".to_owned(), project.to_vec());
    let text = |name: &str, more: &str| {
        format!("<CustomField><fullName>{name}</fullName><label>x</label>{more}</CustomField>").into_bytes()
    };
    let path = |object: &str, name: &str| format!("src/objects/{object}/fields/{name}.field-meta.xml");
    files.insert(
        "src/objects/Deal__c/Deal__c.object-meta.xml".to_owned(),
        b"<CustomObject><label>Deal</label></CustomObject>".to_vec(),
    );
    files.insert(
        path("Deal__c", "Size__c"),
        text("Size__c", "<precision>5</precision><scale>0</scale><type>Number</type>"),
    );
    files.insert(
        path("Lead", "Deal__c"),
        text(
            "Deal__c",
            "<referenceTo>Deal__c</referenceTo><relationshipName>Leads</relationshipName><type>Lookup</type>",
        ),
    );
    let (state, report) = org_with(&files);
    assert_eq!(report.not_taken, []);
    let deal = field(&state, "Lead", "Deal__c");
    assert_eq!((deal.name.as_str(), deal.reference_to[0].as_str()), ("acme__Deal__c", "acme__Deal__c"));
    assert_eq!(deal.relationship_name.unwrap().as_str(), "acme__Deal__r");
    assert!(state.schema().object("Deal__c").unwrap().child_relationship("acme__Leads__r").is_some());
}

#[test]
fn a_describe_as_a_file_adds_its_custom_fields() {
    let json = br#"{"name": "Lead", "childRelationships": [], "custom": false, "fields": [
        {"name": "LastName", "custom": false, "type": "string", "length": 80},
        {"name": "Score__c", "custom": true, "type": "double", "label": "Score", "length": 0, "precision": 3, "scale": 0,
         "nillable": true, "defaultValue": null, "picklistValues": [], "referenceTo": []},
        {"name": "Odd__c", "custom": true, "type": "double", "calculated": true},
        {"name": "Wrong__c", "custom": true, "type": "string", "length": "long"}]}"#;
    let files = Files::from([
        ("describes/Lead.json".to_owned(), json.to_vec()),
        ("package.json".to_owned(), b"{}".to_vec()),
    ]);
    let (state, report) = org_with(&files);
    assert_eq!(field(&state, "Lead", "Score__c").precision, 3);
    let told: Vec<&str> = report.not_taken.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(told, ["field Lead.Odd__c", "field Lead.Wrong__c"]);
}

#[test]
fn recorded_describes_load() {
    let shared = std::env::var_os("MOCK_SFDC_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        std::path::PathBuf::from,
    );
    let folder = shared.join("recorded/describe");
    if !folder.is_dir() {
        eprintln!("skipped: no recorded describes");
        return;
    }
    let (state, report) = org_with(&read_folder(&folder).unwrap());
    assert!(state.schema().object("Custom__c").is_some(), "{report}");
    assert!(
        state.schema().object("Account").unwrap().field("npo02__OppAmountLastNDays__c").is_some(),
        "{report}"
    );
}

#[test]
fn how_shield_encrypts_a_field_is_taken_over_and_given_back() {
    let field_of = |scheme: &str| {
        format!(
            "<CustomField><label>Secret</label><type>Text</type><length>40</length>\
             <encryptionScheme>{scheme}</encryptionScheme></CustomField>"
        )
    };
    for (scheme, taken) in [
        ("ProbabilisticEncryption", true),
        ("CaseInsensitiveDeterministicEncryption", true),
        ("None", false),
        ("Rot13", false),
    ] {
        let path = "objects/Lead/fields/Secret__c.field-meta.xml".to_owned();
        let (state, report) = org_with(&Files::from([(path, field_of(scheme).into_bytes())]));
        assert_eq!(report.not_taken.is_empty(), scheme != "Rot13", "{report}");
        assert_eq!(field(&state, "Lead", "Secret__c").encrypted, taken, "{scheme}");
        let kind = mock_sfdc_metadata::MetadataType::find("CustomField").unwrap();
        let said = mock_sfdc_metadata::definition(&state, kind, "Lead.Secret__c").unwrap();
        assert_eq!(said.get("encryptionScheme").and_then(|said| said.as_str()), taken.then_some(scheme));
    }
}

#[test]
fn profiles_go_when_nobody_has_them_and_record_types_never() {
    let fixture = r#"{"profiles": [{"name": "Spare", "objectPermissions": [{"object": "Lead", "allowRead": true}]}, {"name": "Taken"}],
        "recordTypes": [{"fullName": "Lead.Partner"}],
        "users": [{"username": "dan@x.example", "password": "x", "lastName": "Dan", "profile": "Taken"}]}"#;
    let (state, _) = fixture_with(fixture, &Files::new());
    let admin = seed::administrator(state.settings());
    let org = Org::new(state, Clock::fixed(NOON), 1);
    let delete = |kind: &str, name: &str| {
        let kind = mock_sfdc_metadata::MetadataType::find(kind).unwrap();
        let gone = org.transact(admin, |tx| mock_sfdc_metadata::delete(tx, kind, name));
        gone.map_err(|error| error.message)
    };
    let said = |kind, name| delete(kind, name).unwrap_err();
    assert!(said("Profile", "Taken").contains("users have it"));
    assert!(said("Profile", "Admin").contains("standard profile"));
    assert!(said("RecordType", "Lead.Partner").contains("Cannot delete record type through API"));
    let sets = |org: &Org| {
        let state = org.snapshot();
        let object = state.schema().object("PermissionSet").unwrap();
        state.table(object.index).len()
    };
    let before = sets(&org);
    delete("Profile", "Spare").unwrap();
    assert_eq!(sets(&org), before - 1, "the permission set behind it goes too");
    assert!(delete("Profile", "Spare").is_err());
}

#[test]
fn a_global_value_set_is_the_values_of_all_fields_that_use_it() {
    let (state, _) = org_with(&workshop());
    let kind = mock_sfdc_metadata::MetadataType::find("GlobalValueSet").unwrap();
    let told = |state: &mock_sfdc_org::state::State| {
        let said = mock_sfdc_metadata::definition(state, kind, "Region").unwrap();
        let values = said["customValue"].as_array().unwrap().clone();
        values.iter().map(|value| value["fullName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let offered = |state: &mock_sfdc_org::state::State, object: &str| {
        let values = field(state, object, "Region__c").picklist_values;
        values.iter().filter(|value| value.active).map(|value| value.value.clone()).collect::<Vec<_>>()
    };
    let before = told(&state);
    for object in ["Lead", "Repair__c"] {
        assert_eq!(offered(&state, object), before, "{object}");
    }
    let admin = seed::administrator(state.settings());
    let org = Org::new(state, Clock::fixed(NOON), 1);
    let set = "<GlobalValueSet><masterLabel>Region</masterLabel><sorted>false</sorted>\
        <customValue><fullName>Moon</fullName><default>false</default><label>The Moon</label></customValue></GlobalValueSet>";
    let files =
        Files::from([("globalValueSets/Region.globalValueSet-meta.xml".to_owned(), set.as_bytes().to_vec())]);
    let changed = org.transact(admin, |tx| {
        let metadata = Metadata::read_for(&files, tx.state().schema());
        Ok::<_, ()>(metadata.apply(Moment::Schema, tx).not_taken.len())
    });
    assert_eq!(changed, Ok(0));
    let state = org.snapshot();
    assert_eq!(told(&state), ["Moon"]);
    for object in ["Lead", "Repair__c"] {
        assert_eq!(offered(&state, object), ["Moon"], "{object}");
    }
    let gone = org.transact(admin, |tx| mock_sfdc_metadata::delete(tx, kind, "Region"));
    assert!(gone.unwrap_err().message.contains("Custom Field - "), "a field still needs it");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    /// Cut, doubled or disturbed anywhere, a file is named or still read; nothing panics, and the rest of the project stands.
    #[test]
    fn a_broken_file_never_breaks_the_rest(at in 0_usize..6000, which in 0_usize..60, byte in any::<u8>(), cut in any::<bool>()) {
        let mut files = workshop();
        let name = files.keys().nth(which % files.len()).unwrap().clone();
        let bytes = files.get_mut(&name).unwrap();
        let at = at % bytes.len().max(1);
        if cut { bytes.truncate(at) } else { bytes.insert(at, byte) }
        let (state, _) = org_with(&files);
        prop_assert!(state.schema().object("Lead").is_some());
    }

    #[test]
    fn any_bytes_are_read_or_named(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let path = "objects/Lead/fields/X__c.field-meta.xml".to_owned();
        let report = Metadata::read(&Files::from([(path.clone(), bytes)])).read_report().clone();
        prop_assert!(report.not_taken.iter().all(|one| one.file == path));
        prop_assert!(!report.not_taken.is_empty());
    }
}
