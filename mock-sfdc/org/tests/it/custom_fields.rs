//! Custom fields of every kind as a client sees them: what is filled in, what is refused with which error.

use std::sync::Arc;

use mock_sfdc_org::{
    Org,
    clock::Clock,
    error::{Error, ErrorCode},
    id::Id,
    save::{DmlOptions, Draft, coerce::Raw},
    schema::{Object, Schema},
    seed,
    value::{DateTime, Value},
    verbs,
};

/// 2026-03-25T23:30:00Z: the next day in Berlin.
const LATE: DateTime = DateTime::from_millis(1_774_481_400_000);

const ORG: &str = r#"{
"organization": {"timeZone": "Europe/Berlin"},
"packages": [{"objects": {
  "Region__c": {"fields": {"Code__c": {"type": "string", "length": 4}}},
  "Project__c": {
    "nameField": {"displayFormat": "P-{YYYY}{MM}{DD}-{000}", "startingNumber": 7},
    "fields": {
      "Key__c": {"type": "string", "length": 20, "unique": true, "caseSensitive": true, "externalId": true},
      "Slug__c": {"type": "string", "length": 20, "unique": true},
      "Place__c": {"type": "location", "scale": 5, "label": "Place"},
      "Kind__c": {"type": "picklist", "restrictedPicklist": true, "picklistValues": ["Inner", "Outer"]},
      "Tags__c": {"type": "multipicklist", "restrictedPicklist": true, "picklistValues": ["red", "green", "blue"]},
      "Region__c": {"type": "reference", "referenceTo": ["Region__c"], "childRelationship": "Projects__r", "restrictedDelete": true},
      "Twin__c": {"type": "reference", "referenceTo": ["Project__c"]},
      "Client__c": {"type": "reference", "referenceTo": ["Account"], "childRelationship": "Projects__r"},
      "Contact__c": {"type": "reference", "referenceTo": ["Contact"], "lookupFilter": {
        "filterItems": [
          {"field": "Contact.AccountId", "operation": "equals", "valueField": "$Source.Client__c"},
          {"field": "Contact.Title", "operation": "notEqual", "value": "Retired"}],
        "booleanFilter": "1 AND 2", "errorMessage": "Pick somebody who works there."}}
    }
  },
  "Step__c": {"fields": {
    "Project__c": {"type": "reference", "referenceTo": ["Project__c"], "relationshipOrder": 0, "childRelationship": "Steps__r"},
    "Movable__c": {"type": "reference", "referenceTo": ["Account"], "relationshipOrder": 1, "updateable": true, "childRelationship": "Steps__r"}
  }},
  "Note__c": {"fields": {
    "Region__c": {"type": "reference", "referenceTo": ["Region__c"], "childRelationship": "Notes__r", "cascadeDelete": true},
    "Client__c": {"type": "reference", "referenceTo": ["Account"], "nillable": false, "childRelationship": "Notes__r"},
    "Secret__c": {"type": "encryptedstring", "length": 30, "maskType": "lastFour", "mask": "X"}
  }},
  "Limits__c": {"customSettingsType": "Hierarchy", "fields": {"Most__c": {"type": "double", "precision": 4}}},
  "Country_Code__c": {"customSettingsType": "List", "fields": {"Code__c": "string"}},
  "Rate__mdt": {"fields": {"Percent__c": {"type": "percent", "precision": 5, "scale": 2}}},
  "Alarm__e": {"fields": {"Text__c": "string"}}
}}]}"#;

struct World {
    org: Org,
    admin: Id,
}

type Row<'a> = &'a [(&'a str, &'a str)];

impl World {
    fn new() -> Self {
        let state = seed::load("org.json", ORG, LATE, &|_| None).unwrap();
        let admin = seed::administrator(state.settings());
        Self { org: Org::new(state, Clock::fixed(LATE), 1), admin }
    }

    fn object(&self, name: &str) -> Arc<Object> {
        Arc::clone(self.org.snapshot().schema().object(name).unwrap())
    }

    fn draft(&self, object: &str, row: Row<'_>) -> Draft {
        let mut draft = Draft::default();
        for (field, text) in row {
            let raw = if text.is_empty() { Raw::Null } else { Raw::Text(text) };
            draft.set(&self.object(object), field, raw).unwrap();
        }
        draft
    }

    fn create(&self, object: &str, row: Row<'_>) -> Result<Id, Vec<Error>> {
        let draft = self.draft(object, row);
        self.org
            .transact(self.admin, |tx| verbs::create(tx, &self.object(object), draft, &DmlOptions::default()))
    }

    fn update(&self, object: &str, id: Id, row: Row<'_>) -> Result<Id, Vec<Error>> {
        let draft = self.draft(object, row);
        self.org.transact(self.admin, |tx| {
            verbs::update(tx, &self.object(object), id, draft, &DmlOptions::default())
        })
    }

    fn delete(&self, object: &str, id: Id) -> Result<(), Vec<Error>> {
        self.org.transact(self.admin, |tx| verbs::delete(tx, &self.object(object), id))
    }

    fn exists(&self, object: &str, id: Id) -> bool {
        self.org.snapshot().table(self.object(object).index).get(id).is_some()
    }

    fn get(&self, object: &str, id: Id, field: &str) -> Value {
        let object = self.object(object);
        let (position, _) = object.field(field).unwrap();
        self.org.snapshot().table(object.index).get(id).unwrap().get(position).clone()
    }
}

#[track_caller]
fn refused(saved: Result<impl std::fmt::Debug, Vec<Error>>, code: ErrorCode, message: &str, fields: &[&str]) {
    let errors = saved.unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!((errors[0].code, errors[0].message.as_str()), (code, message));
    assert_eq!(errors[0].fields.clone().unwrap_or_default(), fields);
}

#[test]
fn auto_numbers_count_from_their_start_in_the_days_of_the_org() {
    let world = World::new();
    for expected in ["P-20260326-007", "P-20260326-008"] {
        let id = world.create("Project__c", &[]).unwrap();
        assert_eq!(world.get("Project__c", id, "Name"), Value::from(expected));
    }
}

#[test]
fn unique_fields_clash_with_or_without_regard_to_case() {
    let world = World::new();
    let first = world.create("Project__c", &[("Key__c", "abc"), ("Slug__c", "abc")]).unwrap();
    world.create("Project__c", &[("Key__c", "ABC"), ("Slug__c", "def")]).unwrap();
    for (field, value) in [("Key__c", "abc"), ("Slug__c", "ABC")] {
        let said =
            format!("duplicate value found: {field} duplicates value on record with id: {}", first.short());
        refused(world.create("Project__c", &[(field, value)]), ErrorCode::DuplicateValue, &said, &[]);
    }
    world.update("Project__c", first, &[("Slug__c", "ABC")]).unwrap();
    // Nothing is no value: many records may have it.
    world.create("Project__c", &[("Key__c", "")]).unwrap();
    world.create("Project__c", &[("Key__c", "")]).unwrap();
}

#[test]
fn a_geolocation_lies_on_the_globe() {
    let world = World::new();
    world.create("Project__c", &[("Place__Latitude__s", "-90"), ("Place__Longitude__s", "180")]).unwrap();
    for (field, value, said) in [
        (
            "Place__Latitude__s",
            "90.5",
            "Place (Latitude): value outside of valid range on numeric field: 90.5",
        ),
        (
            "Place__Longitude__s",
            "-181",
            "Place (Longitude): value outside of valid range on numeric field: -181.0",
        ),
    ] {
        refused(
            world.create("Project__c", &[(field, value)]),
            ErrorCode::NumberOutsideValidRange,
            said,
            &[field],
        );
    }
    let place = world.object("Project__c").field("Place__c").unwrap().1.clone();
    assert!(!place.createable && !place.updateable);
}

#[test]
fn restricted_values_are_checked_one_by_one() {
    let world = World::new();
    let id = world.create("Project__c", &[("Tags__c", "blue;red;blue"), ("Kind__c", "inner")]).unwrap();
    assert_eq!(world.get("Project__c", id, "Tags__c"), Value::from("red;blue"));
    assert_eq!(world.get("Project__c", id, "Kind__c"), Value::from("Inner"));
    refused(
        world.create("Project__c", &[("Tags__c", "red;pink")]),
        ErrorCode::InvalidOrNullForRestrictedPicklist,
        "Tags: bad value for restricted picklist field: pink",
        &["Tags__c"],
    );
}

#[test]
fn a_lookup_filter_is_asked_when_the_lookup_or_its_source_changes() {
    let world = World::new();
    let [here, there] =
        ["Here", "There"].map(|name| world.create("Account", &[("Name", name)]).unwrap().to_string());
    let person = |account: &str, title: &str| {
        let row = [("LastName", "Hopper"), ("AccountId", account), ("Title", title)];
        world.create("Contact", &row).unwrap().to_string()
    };
    let (grace, retired) = (person(&here, "Admiral"), person(&here, "Retired"));
    let said = "Pick somebody who works there.";
    let refuse = |saved| refused(saved, ErrorCode::FieldFilterValidation, said, &["Contact__c"]);
    refuse(world.create("Project__c", &[("Client__c", &there), ("Contact__c", &grace)]));
    refuse(world.create("Project__c", &[("Client__c", &here), ("Contact__c", &retired)]));
    let id = world.create("Project__c", &[("Client__c", &here), ("Contact__c", &grace)]).unwrap();
    refuse(world.update("Project__c", id, &[("Client__c", &there)]));
    // The contact changes behind the project's back: only its own lookup and source are watched.
    world.update("Contact", Id::parse(&grace).unwrap(), &[("Title", "Retired")]).unwrap();
    world.update("Project__c", id, &[("Slug__c", "kept")]).unwrap();
}

#[test]
fn a_record_does_not_refer_to_itself() {
    let world = World::new();
    let id = world.create("Project__c", &[]).unwrap();
    refused(
        world.update("Project__c", id, &[("Twin__c", &id.to_string())]),
        ErrorCode::FieldIntegrity,
        "Twin: a record cannot refer to itself",
        &["Twin__c"],
    );
}

#[test]
fn a_detail_needs_its_masters_and_keeps_the_one_that_is_not_reparentable() {
    let world = World::new();
    let projects = [(); 2].map(|()| world.create("Project__c", &[]).unwrap().to_string());
    let accounts = ["A", "B"].map(|name| world.create("Account", &[("Name", name)]).unwrap().to_string());
    assert!(world.object("Step__c").field("OwnerId").is_none());
    refused(
        world.create("Step__c", &[("Project__c", &projects[0])]),
        ErrorCode::RequiredFieldMissing,
        "Required fields are missing: [Movable__c]",
        &["Movable__c"],
    );
    let step =
        world.create("Step__c", &[("Project__c", &projects[0]), ("Movable__c", &accounts[0])]).unwrap();
    world.update("Step__c", step, &[("Movable__c", &accounts[1])]).unwrap();
    refused(
        world.update("Step__c", step, &[("Project__c", &projects[1])]),
        ErrorCode::InvalidFieldForInsertUpdate,
        "Unable to create/update fields: Project__c. Please check the security settings of this field and verify that it is \
         read/write for your profile or permission set.",
        &["Project__c"],
    );
    assert_eq!(world.get("Step__c", step, "Name"), Value::from(step.short()));
    world.delete("Project__c", Id::parse(&projects[0]).unwrap()).unwrap();
    assert!(!world.exists("Step__c", step));
}

#[test]
fn a_lookup_restricts_cascades_or_is_emptied() {
    let world = World::new();
    let [used, noted] = [(); 2].map(|()| world.create("Region__c", &[]).unwrap());
    let client = world.create("Account", &[("Name", "C")]).unwrap();
    let project = world
        .create("Project__c", &[("Region__c", &used.to_string()), ("Client__c", &client.to_string())])
        .unwrap();
    assert_eq!(world.delete("Region__c", used).unwrap_err()[0].code, ErrorCode::DeleteFailed);
    let keeper = world.create("Account", &[("Name", "K")]).unwrap();
    let row = [("Region__c", noted.to_string()), ("Client__c", keeper.to_string())];
    let row: Vec<(&str, &str)> = row.iter().map(|(field, id)| (*field, id.as_str())).collect();
    let note = world.create("Note__c", &row).unwrap();
    assert_eq!(
        world.delete("Account", keeper).unwrap_err()[0].code,
        ErrorCode::DeleteFailed,
        "required: restricts"
    );
    world.delete("Region__c", noted).unwrap();
    assert!(!world.exists("Note__c", note));
    world.delete("Account", client).unwrap();
    assert_eq!(world.get("Project__c", project, "Client__c"), Value::Null);
}

#[test]
fn custom_settings_have_one_row_for_an_owner_or_a_name() {
    let world = World::new();
    let id = world.create("Limits__c", &[("Most__c", "5")]).unwrap();
    let organization = world.org.snapshot().settings().organization_id;
    assert_eq!(world.get("Limits__c", id, "SetupOwnerId"), Value::Id(organization));
    let said =
        format!("duplicate value found: SetupOwnerId duplicates value on record with id: {}", id.short());
    refused(world.create("Limits__c", &[]), ErrorCode::DuplicateValue, &said, &[]);
    world.create("Limits__c", &[("SetupOwnerId", &world.admin.to_string())]).unwrap();
    let id = world.create("Country_Code__c", &[("Name", "Germany")]).unwrap();
    let said = format!("duplicate value found: Name duplicates value on record with id: {}", id.short());
    refused(world.create("Country_Code__c", &[("Name", "germany")]), ErrorCode::DuplicateValue, &said, &[]);
    assert!(world.object("Limits__c").custom_setting);
}

#[test]
fn metadata_types_are_read_only_and_events_are_published_and_not_kept() {
    let world = World::new();
    let said = "entity type Rate__mdt does not support create";
    refused(world.create("Rate__mdt", &[]), ErrorCode::InvalidTypeForOperation, said, &[]);
    let event = world.create("Alarm__e", &[("Text__c", "fire")]).unwrap();
    assert!(event.to_string().starts_with("e00") && world.org.snapshot().find(event).is_none());
    assert!(world.object("Alarm__e").field("Id").is_none() && !world.object("Alarm__e").queryable);
}

#[test]
fn encrypted_text_says_how_it_hides() {
    let world = World::new();
    let object = world.object("Note__c");
    let (_, secret) = object.field("Secret__c").unwrap();
    assert!(secret.encrypted && !secret.filterable && !secret.sortable && !secret.groupable);
    assert_eq!(secret.masked("12345678").as_deref(), Some("XXXX5678"));
}

#[test]
fn files_and_notes_hang_on_custom_objects_until_these_go() {
    let world = World::new();
    let region = world.create("Region__c", &[]).unwrap().to_string();
    let file = [("ParentId", &*region), ("Name", "a.txt"), ("Body", "YQ==")];
    world.create("Attachment", &file).unwrap();
    world.create("Note", &[("ParentId", &region), ("Title", "n")]).unwrap();
    let schema = world.org.snapshot().schema().clone();
    let children = &schema.object("Region__c").unwrap().child_relationships;
    assert!(children.iter().any(|child| child.child_sobject == "Attachment" && child.cascade_delete));
    let hang = |schema: &Schema| {
        [("Attachment", "ParentId"), ("Note", "ParentId"), ("ContentDocumentLink", "LinkedEntityId")].map(
            |(object, field)| {
                let (_, field) = schema.object(object).unwrap().field(field).unwrap();
                field.reference_to.iter().any(|name| *name == "Region__c")
            },
        )
    };
    let bare = r#"{"objects": {"Region__c": {"fields": {}}}}"#;
    let bare = Schema::standard().load_package("p", bare).unwrap();
    assert_eq!(hang(&bare), [true; 3]);
    assert_eq!(hang(&bare.without_object("Region__c").unwrap()), [false; 3]);
}
