//! Who sees what by sharing rules, permission set groups, queues and encryption: the same query, asked by different people.

use mock_sfdc_org::{
    error::ErrorCode,
    id::Id,
    save::DmlOptions,
    soql::{self, BindOptions, Cell, RunContext},
    value::shown,
    verbs,
};

use crate::world::{NOON, World};

const FIXTURE: &str = r#"{
  "packages": [{"objects": {"Lead": {"fields": {
      "Card__c": {"type": "encryptedstring", "length": 20, "maskType": "lastFour"},
      "Secret__c": {"type": "string", "length": 20, "encryptionScheme": "ProbabilisticEncryption"},
      "Code__c": {"type": "string", "length": 20, "encryptionScheme": "CaseSensitiveDeterministicEncryption"},
      "Tag__c": {"type": "string", "length": 20, "encryptionScheme": "CaseInsensitiveDeterministicEncryption"}
  }}}}],
  "sharing": {"Lead": "Private"},
  "profiles": [{"name": "Desk", "objectPermissions": [
      {"object": "Lead", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true}]}],
  "permissionSets": [
    {"name": "Cards", "userPermissions": [{"name": "ViewEncryptedData", "enabled": true}]},
    {"name": "All_Leads", "objectPermissions": [{"object": "Lead", "allowRead": true, "viewAllRecords": true, "modifyAllRecords": true, "allowEdit": true, "allowDelete": true}]},
    {"name": "Setup", "userPermissions": [{"name": "ViewEncryptedData", "enabled": true}, {"name": "ManageUsers", "enabled": true}]}
  ],
  "permissionSetGroups": [
    {"name": "Readers", "permissionSets": ["All_Leads", "Setup"], "mutingPermissionSet": {
       "objectPermissions": [{"object": "Lead", "modifyAllRecords": true}],
       "userPermissions": [{"name": "ViewEncryptedData", "enabled": true}]}}
  ],
  "roles": [{"name": "CEO", "developerName": "CEO"}, {"name": "Sales", "developerName": "Sales", "parentRole": "CEO"}, {"name": "Desk", "developerName": "Desk"}],
  "users": [
    {"ref": "boss", "username": "boss@x.example", "password": "x", "lastName": "Boss", "profile": "Desk", "role": "CEO"},
    {"ref": "rep", "username": "rep@x.example", "password": "x", "lastName": "Rep", "profile": "Desk", "role": "Sales"},
    {"ref": "clerk", "username": "clerk@x.example", "password": "x", "lastName": "Clerk", "profile": "Desk", "role": "Desk"},
    {"ref": "guest", "username": "guest@x.example", "password": "x", "lastName": "Guest", "profile": "Desk"},
    {"ref": "group", "username": "group@x.example", "password": "x", "lastName": "Group", "profile": "Desk", "permissionSetGroups": ["Readers"]},
    {"ref": "cards", "username": "cards@x.example", "password": "x", "lastName": "Cards", "profile": "Desk", "permissionSets": ["Cards"]}
  ],
  "queues": [{"name": "Inbound", "developerName": "Inbound", "objects": ["Lead"], "members": ["@rep"]}],
  "groups": [{"name": "Friends", "developerName": "Friends", "members": ["@guest"]}],
  "sharingRules": {"Lead": {
    "sharingOwnerRules": [
      {"fullName": "Sales_to_desk", "accessLevel": "Read", "sharedFrom": {"role": ["Sales"]}, "sharedTo": {"role": ["Desk"]}},
      {"fullName": "Queue_to_desk", "accessLevel": "Read", "sharedFrom": {"queue": ["Inbound"]}, "sharedTo": {"roleAndSubordinates": ["Desk"]}}],
    "sharingCriteriaRules": [
      {"fullName": "Hot", "accessLevel": "Edit", "criteriaItems": [{"field": "Rating", "operation": "equals", "value": "Hot"}], "sharedTo": {"group": ["Friends"]}}]
  }},
  "records": {"Lead": [
    {"LastName": "Hers", "Company": "A", "OwnerId": "@rep", "Card__c": "4111111111111234"},
    {"LastName": "Queued", "Company": "B", "OwnerId": "@Inbound"},
    {"LastName": "Hot", "Company": "C", "OwnerId": "@admin", "Rating": "Hot"},
    {"LastName": "Cold", "Company": "D", "OwnerId": "@admin", "Rating": "Cold"}
  ]}
}"#;

struct People(World);

impl People {
    fn new() -> Self {
        Self(World::new(FIXTURE))
    }

    fn user(&self, name: &str) -> Id {
        self.0.org.snapshot().access().login(&format!("{name}@x.example")).unwrap().user
    }

    fn lead(&self, name: &str) -> Id {
        let state = self.0.org.snapshot();
        let object = state.schema().object("Lead").unwrap();
        let (position, _) = object.field("LastName").unwrap();
        state.lookup(object, position, &name.into())[0].id()
    }

    fn rows(&self, name: &str, text: &str) -> Result<Vec<String>, (ErrorCode, String)> {
        let state = self.0.org.snapshot();
        let user = self.user(name);
        let viewer = state.viewer(user);
        let query = soql::prepare(text, viewer.schema(), &BindOptions::default());
        let query = query.map_err(|error| (error.code, error.message))?;
        let found = soql::run(&query, &state, &RunContext::for_user(&state, user, NOON)).unwrap();
        let cell = |cell: Cell<'_>| match cell {
            Cell::Value(value, _) => shown(value),
            Cell::Computed(value, _) => shown(&value),
            Cell::Id(id) => id.to_string(),
            _ => "…".to_owned(),
        };
        Ok(found
            .rows()
            .map(|row| row.cells().map(|(_, one)| cell(one)).collect::<Vec<_>>().join("|"))
            .collect())
    }

    /// What becomes of a change of a lead by somebody.
    fn change(&self, name: &str, lead: &str) -> Option<ErrorCode> {
        let draft = self.0.draft("Lead", &[("Title", "Changed")]);
        let (object, id) = (self.0.object("Lead"), self.lead(lead));
        let changed = self
            .0
            .org
            .transact_as(self.user(name), |tx| verbs::update(tx, &object, id, draft, &DmlOptions::default()));
        changed.err().map(|errors| errors[0].code)
    }
}

#[test]
fn sharing_rules_groups_and_queues_open_what_is_private() {
    let people = People::new();
    for (name, seen) in [
        ("rep", &["Hers", "Queued"][..]),
        // Above a member of the queue, and above the owner.
        ("boss", &["Hers", "Queued"]),
        ("clerk", &["Hers", "Queued"]),
        ("guest", &["Hot"]),
        ("group", &["Cold", "Hers", "Hot", "Queued"]),
        ("cards", &[]),
    ] {
        assert_eq!(people.rows(name, "SELECT LastName FROM Lead ORDER BY LastName").unwrap(), seen, "{name}");
    }
    for (name, lead, refused) in [
        ("rep", "Queued", None),
        ("boss", "Queued", None),
        ("clerk", "Hers", Some(ErrorCode::InsufficientAccessOrReadonly)),
        ("guest", "Hot", None),
        ("guest", "Cold", Some(ErrorCode::InvalidCrossReferenceKey)),
        // Modify All is muted, View All is not.
        ("group", "Cold", Some(ErrorCode::InsufficientAccessOrReadonly)),
    ] {
        assert_eq!(people.change(name, lead), refused, "{name} {lead}");
    }
}

#[test]
fn a_rule_follows_what_it_depends_on() {
    let people = People::new();
    people.0.update("Lead", people.lead("Cold"), &[("Rating", "Hot")]).unwrap();
    people.0.update("Lead", people.lead("Hot"), &[("Rating", "")]).unwrap();
    let text = "SELECT LastName FROM Lead ORDER BY LastName";
    assert_eq!(people.rows("guest", text).unwrap(), ["Cold"]);
    let rep = people.user("rep");
    let desk = people.0.get("User", people.user("clerk"), "UserRoleId").as_id().unwrap();
    people.0.update("User", rep, &[("UserRoleId", &desk.to_string())]).unwrap();
    assert_eq!(people.rows("clerk", text).unwrap(), ["Queued"], "the owner is no longer in Sales");
}

#[test]
fn record_access_says_how_far_somebody_reaches() {
    let people = People::new();
    let ask = |name: &str, leads: &[&str]| {
        let ids = leads.iter().map(|lead| format!("'{}'", people.lead(lead))).collect::<Vec<_>>().join(",");
        people.rows(
            "boss",
            &format!(
                "SELECT HasReadAccess, HasEditAccess, HasDeleteAccess, HasTransferAccess, HasAllAccess, MaxAccessLevel \
                 FROM UserRecordAccess WHERE UserId = '{}' AND RecordId IN ({ids})",
                people.user(name)
            ),
        )
    };
    assert_eq!(
        ask("rep", &["Hers", "Hot"]).unwrap(),
        ["true|true|true|true|true|All", "false|false|false|false|false|None"]
    );
    assert_eq!(ask("clerk", &["Hers"]).unwrap(), ["true|false|false|false|false|Read"]);
    assert_eq!(ask("guest", &["Hot"]).unwrap(), ["true|true|false|false|false|Edit"]);
    let short = format!(
        "SELECT RecordId FROM UserRecordAccess WHERE UserId = '{}' AND RecordId = '{}'",
        people.user("rep").short(),
        people.lead("Hers").short()
    );
    assert_eq!(people.rows("boss", &short).unwrap(), [people.lead("Hers").short().to_string()]);
    for text in [
        "SELECT RecordId FROM UserRecordAccess",
        "SELECT RecordId FROM UserRecordAccess WHERE UserId = '0055g0000000001' OR RecordId = '0055g0000000001'",
    ] {
        assert_eq!(people.rows("boss", text).unwrap_err().0, ErrorCode::MalformedQuery);
    }
}

#[test]
fn encrypted_text_is_a_mask_to_who_may_not_read_it() {
    let people = People::new();
    let text = "SELECT Card__c FROM Lead WHERE LastName = 'Hers'";
    // The group's sets would let its holder read it, and its muting does not.
    for (name, card) in [("rep", "************1234"), ("group", "************1234")] {
        assert_eq!(people.rows(name, text).unwrap(), [card], "{name}");
    }
    let lead = people.lead("Hers");
    let cards = people.user("cards");
    people.0.update("Lead", lead, &[("OwnerId", &cards.to_string())]).unwrap();
    assert_eq!(people.rows("cards", text).unwrap(), ["4111111111111234"]);
    let state = people.0.org.snapshot();
    let object = people.0.object("Lead");
    let record = state.table(object.index).get(lead).unwrap().clone();
    let (position, _) = object.field("Card__c").unwrap();
    let read = |name: &str| shown(state.viewer(people.user(name)).reads(&object, &record).get(position));
    assert_eq!((read("rep").as_str(), read("cards").as_str()), ("************1234", "4111111111111234"));
}

#[test]
fn shield_leaves_less_to_ask() {
    let people = People::new();
    let lead = people.lead("Hers");
    people.0.update("Lead", lead, &[("Secret__c", "s"), ("Code__c", "Ab"), ("Tag__c", "Ab")]).unwrap();
    for (condition, expected) in [
        ("Code__c = 'Ab'", Ok(1)),
        ("Code__c = 'ab'", Ok(0)),
        ("Code__c IN ('Ab', 'x')", Ok(1)),
        ("Tag__c = 'ab'", Ok(1)),
        ("Tag__c != 'ab'", Ok(1)),
        ("Code__c LIKE 'A%'", Err(ErrorCode::InvalidQueryFilterOperator)),
        ("Code__c > 'A'", Err(ErrorCode::InvalidQueryFilterOperator)),
        ("Secret__c = 's'", Err(ErrorCode::InvalidField)),
    ] {
        let found = people.rows("rep", &format!("SELECT Id FROM Lead WHERE {condition}"));
        assert_eq!(found.map(|rows| rows.len()).map_err(|(code, _)| code), expected, "{condition}");
    }
    for text in [
        "SELECT Id FROM Lead ORDER BY Code__c",
        "SELECT Id FROM Lead ORDER BY Secret__c",
        "SELECT Secret__c FROM Lead GROUP BY Secret__c",
    ] {
        assert_eq!(people.rows("rep", text).unwrap_err().0, ErrorCode::InvalidField, "{text}");
    }
    assert_eq!(people.rows("rep", "SELECT Secret__c FROM Lead WHERE LastName = 'Hers'").unwrap(), ["s"]);
    let object = people.0.object("Lead");
    let encrypted = ["Secret__c", "Code__c", "Tag__c"].map(|name| object.field(name).unwrap().1.encrypted);
    assert_eq!(encrypted, [true; 3]);
}

#[test]
fn mistakes_in_sharing_are_named() {
    for (fixture, said) in [
        (
            r#"{"sharingRules": {"Lead": {"sharingOwnerRules": [{"fullName": "X", "accessLevel": "Read", "sharedFrom": {"role": ["No"]}, "sharedTo": {}}]}}}"#,
            "sharingRules.Lead.sharingOwnerRules[0].sharedFrom: there is no role \"No\"",
        ),
        (
            r#"{"sharingRules": {"Lead": {"sharingCriteriaRules": [{"fullName": "X", "accessLevel": "Read", "criteriaItems": [{"field": "Nope", "operation": "equals", "value": "x"}], "sharedTo": {}}]}}}"#,
            "sharingRules.Lead.sharingCriteriaRules[0].criteriaItems[0]: Lead has no field Nope",
        ),
        (
            r#"{"permissionSetGroups": [{"name": "G", "permissionSets": ["No"]}]}"#,
            "permissionSetGroups[0].permissionSets[0]: there is no permission set \"No\"",
        ),
    ] {
        let mistake =
            mock_sfdc_org::seed::load("test.json", fixture, NOON, &|_| None).unwrap_err().to_string();
        assert!(mistake.ends_with(said), "{mistake}");
    }
}

#[test]
fn encrypted_text_is_no_part_of_rules_messages_and_mappings() {
    let field = r#"{"type": "encryptedstring", "length": 20}"#;
    let package = format!(r#""packages": [{{"objects": {{"Lead": {{"fields": {{"Card__c": {field}}}}}}}}}]"#);
    let item = r#"{"field": "Lead.Card__c", "operation": "equals", "value": "1"}"#;
    for (part, said) in [
        (
            r#""workflows": {"Lead": {"outboundMessages": [{"fullName": "N", "apiVersion": 42.0, "endpointUrl": "http://x/", "fields": ["Card__c"]}]}}"#
                .to_owned(),
            "an outbound message can't carry the encrypted field Card__c",
        ),
        (
            format!(r#""workflows": {{"Lead": {{"rules": [{{"fullName": "R", "triggerType": "onCreateOnly", "criteriaItems": [{item}]}}]}}}}"#),
            "Card__c is encrypted, and can't be filtered on",
        ),
        (
            r#""workflows": {"Lead": {"rules": [{"fullName": "R", "triggerType": "onCreateOnly", "formula": "Card__c = \"1\""}]}}"#
                .to_owned(),
            "Text (Encrypted)",
        ),
        (
            r#""leadConvertSettings": {"objectMapping": [{"inputObject": "Lead", "outputObject": "Contact", "mappingFields": [{"inputField": "Card__c", "outputField": "Description"}]}]}"#
                .to_owned(),
            "the encrypted field Card__c can't be mapped",
        ),
    ] {
        let fixture = format!("{{{package}, {part}}}");
        let mistake = mock_sfdc_org::seed::load("test.json", &fixture, NOON, &|_| None).unwrap_err().to_string();
        assert!(mistake.contains(said), "{mistake}");
    }
    let rule = r#""validationRules": {"Lead": [{"fullName": "V", "active": true, "errorConditionFormula": "ISBLANK(Card__c)", "errorMessage": "a card, please"}]}"#;
    let fixture = format!("{{{package}, {rule}}}");
    let loaded = mock_sfdc_org::seed::load("test.json", &fixture, NOON, &|_| None);
    assert!(
        loaded.is_ok(),
        "validation rules read what is encrypted: {:?}",
        loaded.err().map(|error| error.to_string())
    );
}

#[test]
fn a_muting_permission_set_is_a_record_that_comes_and_goes() {
    let people = People::new();
    let world = &people.0;
    let card = || people.rows("group", "SELECT Card__c FROM Lead WHERE LastName = 'Hers'").unwrap();
    assert_eq!(card(), ["************1234"]);
    let muting = "SELECT Id FROM PermissionSetGroupComponent WHERE PermissionSetId IN \
                  (SELECT Id FROM MutingPermissionSet WHERE PermissionsViewEncryptedData = true)";
    let component = |text: &str| {
        let found = people.rows("boss", text).unwrap();
        found.iter().map(|id| Id::parse(id).unwrap()).collect::<Vec<_>>()
    };
    let [first] = component(muting)[..] else { panic!("one group mutes") };
    let group = world.text("PermissionSetGroupComponent", first, "PermissionSetGroupId");
    world.delete("PermissionSetGroupComponent", first).unwrap();
    assert_eq!(card(), ["4111111111111234"]);
    let set = world
        .create(
            "MutingPermissionSet",
            &[("DeveloperName", "Again"), ("MasterLabel", "Again"), ("PermissionsViewEncryptedData", "true")],
        )
        .unwrap();
    let part = [("PermissionSetGroupId", group.as_str()), ("PermissionSetId", &set.to_string())];
    world.create("PermissionSetGroupComponent", &part).unwrap();
    assert_eq!(card(), ["************1234"]);
    world.update("MutingPermissionSet", set, &[("PermissionsViewEncryptedData", "false")]).unwrap();
    assert_eq!(card(), ["4111111111111234"]);
    let given =
        "SELECT Id FROM PermissionSetGroupComponent WHERE PermissionSet.PermissionsManageUsers = true";
    assert_eq!(component(given).len(), 1, "the relationship leads to permission sets");
}
