//! Sharing by hand and teams: who may, what it opens, and when it falls.

use mock_sfdc_org::{
    access::permissions::Level,
    error::{Error, ErrorCode},
    id::Id,
    save::{DmlOptions, OwnerChange},
    verbs,
};

use crate::world::{Row, World};

const FIXTURE: &str = r#"{
  "organization": {"features": ["AccountTeams", "OpportunityTeams"]},
  "packages": [{"objects": {"Boat__c": {"fields": {"Size__c": "string"}}}}],
  "sharing": {"Lead": "Private", "Account": "Read", "Opportunity": "Private", "Case": "ReadWrite", "Contact": "Private", "Boat__c": "Private"},
  "profiles": [{"name": "Desk", "objectPermissions": [
    {"object": "Lead", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true},
    {"object": "Account", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true},
    {"object": "Contact", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true},
    {"object": "Opportunity", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true},
    {"object": "Case", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true},
    {"object": "Boat__c", "allowRead": true, "allowCreate": true, "allowEdit": true, "allowDelete": true}]}],
  "roles": [{"name": "CEO", "developerName": "CEO"}, {"name": "Sales", "developerName": "Sales", "parentRole": "CEO"}],
  "users": [
    {"ref": "boss", "username": "boss@x.example", "password": "x", "lastName": "Boss", "profile": "Desk", "role": "CEO"},
    {"ref": "rep", "username": "rep@x.example", "password": "x", "lastName": "Rep", "profile": "Desk", "role": "Sales"},
    {"ref": "mate", "username": "mate@x.example", "password": "x", "lastName": "Mate", "profile": "Desk"},
    {"ref": "other", "username": "other@x.example", "password": "x", "lastName": "Other", "profile": "Desk"}
  ],
  "groups": [{"name": "Friends", "developerName": "Friends", "members": ["@mate"]}],
  "queues": [{"name": "Inbound", "developerName": "Inbound", "objects": ["Lead"], "members": ["@mate"]}],
  "records": {
    "Lead": [{"LastName": "Hers", "Company": "A", "OwnerId": "@rep"}],
    "Account": [{"ref": "a", "Name": "Harbor", "OwnerId": "@rep"}],
    "Contact": [{"LastName": "Ada", "AccountId": "@a", "OwnerId": "@rep"}],
    "Opportunity": [{"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-12-31", "AccountId": "@a", "OwnerId": "@rep"}],
    "Case": [{"Subject": "Leak", "OwnerId": "@rep"}],
    "Boat__c": [{"Name": "Argo", "OwnerId": "@rep"}]
  }
}"#;

struct Org(World);

impl Org {
    fn new() -> Self {
        Self(World::new(FIXTURE))
    }

    fn user(&self, name: &str) -> Id {
        self.0.org.snapshot().access().login(&format!("{name}@x.example")).unwrap().user
    }

    fn record(&self, object: &str) -> Id {
        let state = self.0.org.snapshot();
        state.table(self.0.object(object).index).rows().next().unwrap().id()
    }

    fn group(&self, name: &str) -> Id {
        let state = self.0.org.snapshot();
        let object = self.0.object("Group");
        let (position, _) = object.field("DeveloperName").unwrap();
        state.lookup(&object, position, &name.into())[0].id()
    }

    fn create(&self, by: &str, object: &str, row: Row<'_>) -> Result<Id, Vec<Error>> {
        let draft = self.0.draft(object, row);
        let known = self.0.object(object);
        self.0.org.transact_as(self.user(by), |tx| verbs::create(tx, &known, draft, &DmlOptions::default()))
    }

    fn update(
        &self,
        by: &str,
        object: &str,
        id: Id,
        row: Row<'_>,
        options: &DmlOptions,
    ) -> Result<Id, Vec<Error>> {
        let draft = self.0.draft(object, row);
        let known = self.0.object(object);
        self.0.org.transact_as(self.user(by), |tx| verbs::update(tx, &known, id, draft, options))
    }

    fn delete(&self, by: &str, object: &str, id: Id) -> Result<(), Vec<Error>> {
        let known = self.0.object(object);
        self.0.org.transact_as(self.user(by), |tx| verbs::delete(tx, &known, id))
    }

    fn share_lead(&self, by: &str, with: Id, level: &str) -> Result<Id, Vec<Error>> {
        let (lead, with) = (self.record("Lead").to_string(), with.to_string());
        self.create(
            by,
            "LeadShare",
            &[("LeadId", &lead), ("UserOrGroupId", &with), ("LeadAccessLevel", level)],
        )
    }

    fn level(&self, user: &str, object: &str) -> Level {
        let state = self.0.org.snapshot();
        let known = self.0.object(object);
        let record = state.table(known.index).rows().next().unwrap().clone();
        state.viewer(self.user(user)).level(&state, known.index, &record)
    }

    fn rows(&self, object: &str) -> usize {
        self.0.org.snapshot().table(self.0.object(object).index).rows().count()
    }
}

fn said<T>(result: Result<T, Vec<Error>>) -> (ErrorCode, String) {
    let Err(mut errors) = result else { panic!("it went through") };
    let error = errors.remove(0);
    (error.code, error.message)
}

#[test]
fn who_has_a_record_in_hand_shares_it() {
    let org = Org::new();
    let mate = org.user("mate");
    assert_eq!(org.level("mate", "Lead"), Level::None);
    let (code, _) = said(org.share_lead("other", mate, "Read"));
    assert_eq!(code, ErrorCode::InsufficientAccessOnCrossReference);
    let share = org.share_lead("boss", mate, "Read").unwrap();
    assert_eq!(org.0.text("LeadShare", share, "RowCause"), "Manual");
    assert_eq!(org.level("mate", "Lead"), Level::Read);
    assert_eq!(org.level("other", "Lead"), Level::None);
    // Whom it is shared with hands it on to nobody.
    org.update("rep", "LeadShare", share, &[("LeadAccessLevel", "Edit")], &DmlOptions::default()).unwrap();
    assert_eq!(org.level("mate", "Lead"), Level::Edit);
    let (code, _) = said(org.share_lead("mate", org.user("other"), "Read"));
    assert_eq!(code, ErrorCode::InsufficientAccessOnCrossReference);
    let (code, _) = said(org.delete("mate", "LeadShare", share));
    assert_eq!(code, ErrorCode::InsufficientAccessOrReadonly);
    org.delete("rep", "LeadShare", share).unwrap();
    assert_eq!(org.level("mate", "Lead"), Level::None);
}

#[test]
fn groups_and_custom_objects_share_alike() {
    let org = Org::new();
    org.share_lead("rep", org.group("Friends"), "Edit").unwrap();
    assert_eq!(org.level("mate", "Lead"), Level::Edit);
    let (boat, mate) = (org.record("Boat__c").to_string(), org.user("mate").to_string());
    let row = [("ParentId", boat.as_str()), ("UserOrGroupId", mate.as_str()), ("AccessLevel", "Read")];
    org.create("rep", "Boat__Share", &row).unwrap();
    assert_eq!(org.level("mate", "Boat__c"), Level::Read);
    // Contacts have an org-wide default of their own here.
    let contact = org.record("Contact").to_string();
    let row =
        [("ContactId", contact.as_str()), ("UserOrGroupId", mate.as_str()), ("ContactAccessLevel", "Edit")];
    org.create("rep", "ContactShare", &row).unwrap();
    assert_eq!(org.level("mate", "Contact"), Level::Edit);
}

#[test]
fn a_share_says_more_than_everybody_has() {
    let org = Org::new();
    let mate = org.user("mate").to_string();
    let case = org.record("Case").to_string();
    let row = [("CaseId", case.as_str()), ("UserOrGroupId", mate.as_str()), ("CaseAccessLevel", "Edit")];
    let (code, text) = said(org.create("rep", "CaseShare", &row));
    assert_eq!(code, ErrorCode::FieldIntegrity);
    assert!(
        text.contains("CaseAccessLevel (trivial share level Edit, for organization with default level Edit)"),
        "{text}"
    );
    let account = org.record("Account").to_string();
    let base = [("AccountId", account.as_str()), ("UserOrGroupId", mate.as_str())];
    let with = |more: &[(&'static str, &'static str)]| {
        let row: Vec<(&str, &str)> = base.iter().copied().chain(more.iter().copied()).collect();
        org.create("rep", "AccountShare", &row)
    };
    assert_eq!(
        said(with(&[("AccountAccessLevel", "Edit")])).1,
        "Required fields are missing: [OpportunityAccessLevel]"
    );
    let trivial = with(&[("AccountAccessLevel", "Read"), ("OpportunityAccessLevel", "None")]);
    assert!(said(trivial).1.contains("AccountAccessLevel (trivial share level Read"));
    let share = with(&[("AccountAccessLevel", "Read"), ("OpportunityAccessLevel", "Read")]).unwrap();
    assert_eq!(org.0.text("AccountShare", share, "CaseAccessLevel"), "Edit");
    assert_eq!(org.0.text("AccountShare", share, "ContactAccessLevel"), "None");
    assert_eq!(org.level("mate", "Opportunity"), Level::Read);
}

#[test]
fn what_is_no_share_by_hand_is_refused() {
    let org = Org::new();
    let (mate, lead) = (org.user("mate").to_string(), org.record("Lead").to_string());
    let row = |level: &'static str, cause: &'static str| {
        org.create(
            "rep",
            "LeadShare",
            &[("LeadId", &lead), ("UserOrGroupId", &mate), ("LeadAccessLevel", level), ("RowCause", cause)],
        )
    };
    assert_eq!(said(row("All", "")).0, ErrorCode::FieldIntegrity);
    assert_eq!(said(row("Read", "Rule")).0, ErrorCode::FieldIntegrity);
    assert_eq!(
        said(org.share_lead("rep", org.group("Inbound"), "Read")).0,
        ErrorCode::InvalidCrossReferenceKey
    );
    let piece = format!(
        r#"{{"records": {{"LeadShare": [{{"LeadId": "{lead}", "UserOrGroupId": "{mate}", "LeadAccessLevel": "Read", "RowCause": "Rule"}}]}}}}"#
    );
    org.0
        .org
        .transact(org.0.admin, |tx| {
            mock_sfdc_org::seed::add(tx, "test", &piece).unwrap();
            Ok::<(), ()>(())
        })
        .unwrap();
    let by_rule = org.record("LeadShare");
    let changed =
        org.update("rep", "LeadShare", by_rule, &[("LeadAccessLevel", "Edit")], &DmlOptions::default());
    assert_eq!(said(changed).0, ErrorCode::InsufficientAccessOrReadonly);
    assert_eq!(said(org.delete("rep", "LeadShare", by_rule)).0, ErrorCode::DeleteFailed);
}

#[test]
fn the_same_share_again_changes_it() {
    let org = Org::new();
    let first = org.share_lead("rep", org.user("mate"), "Read").unwrap();
    let again = org.share_lead("rep", org.user("mate"), "Edit").unwrap();
    assert_eq!((first, org.rows("LeadShare")), (again, 1));
    assert_eq!(org.level("mate", "Lead"), Level::Edit);
}

#[test]
fn another_owner_shares_anew() {
    let org = Org::new();
    org.share_lead("rep", org.user("mate"), "Edit").unwrap();
    let lead = org.record("Lead");
    org.update("rep", "Lead", lead, &[("Title", "Ms")], &DmlOptions::default()).unwrap();
    assert_eq!(org.rows("LeadShare"), 1);
    let other = org.user("other").to_string();
    org.update("rep", "Lead", lead, &[("OwnerId", &other)], &DmlOptions::default()).unwrap();
    assert_eq!(org.rows("LeadShare"), 0);
    assert_eq!(org.level("mate", "Lead"), Level::None);
}

#[test]
fn a_team_is_seen_in_shares() {
    let org = Org::new();
    let (mate, deal) = (org.user("mate").to_string(), org.record("Opportunity").to_string());
    let row = [
        ("OpportunityId", deal.as_str()),
        ("UserId", mate.as_str()),
        ("TeamMemberRole", "Sales Rep"),
        ("OpportunityAccessLevel", "Edit"),
    ];
    assert_eq!(
        said(org.create("other", "OpportunityTeamMember", &row)).0,
        ErrorCode::InsufficientAccessOnCrossReference
    );
    let member = org.create("rep", "OpportunityTeamMember", &row).unwrap();
    assert_eq!(org.level("mate", "Opportunity"), Level::Edit);
    let share = org.record("OpportunityShare");
    assert_eq!(org.0.text("OpportunityShare", share, "RowCause"), "Team");
    assert_eq!(org.0.text("OpportunityShare", share, "OpportunityAccessLevel"), "Edit");
    assert_eq!(said(org.delete("rep", "OpportunityShare", share)).0, ErrorCode::DeleteFailed);
    // Once more is a change.
    let again =
        [("OpportunityId", deal.as_str()), ("UserId", mate.as_str()), ("OpportunityAccessLevel", "Read")];
    assert_eq!(org.create("rep", "OpportunityTeamMember", &again).unwrap(), member);
    assert_eq!((org.level("mate", "Opportunity"), org.rows("OpportunityShare")), (Level::Read, 1));
    org.delete("rep", "OpportunityTeamMember", member).unwrap();
    assert_eq!((org.level("mate", "Opportunity"), org.rows("OpportunityShare")), (Level::None, 0));
}

#[test]
fn the_team_of_an_account_reaches_its_children() {
    let org = Org::new();
    let (mate, account) = (org.user("mate").to_string(), org.record("Account").to_string());
    let row =
        [("AccountId", account.as_str()), ("UserId", mate.as_str()), ("OpportunityAccessLevel", "Edit")];
    let member = org.create("rep", "AccountTeamMember", &row).unwrap();
    assert_eq!(org.0.text("AccountTeamMember", member, "AccountAccessLevel"), "Read");
    assert_eq!(org.level("mate", "Opportunity"), Level::Edit);
    assert_eq!(org.level("mate", "Contact"), Level::None);
    org.update("rep", "AccountTeamMember", member, &[("ContactAccessLevel", "Read")], &DmlOptions::default())
        .unwrap();
    assert_eq!(org.level("mate", "Contact"), Level::Read);
}

#[test]
fn a_team_is_kept_for_another_owner_where_that_is_asked() {
    for (asked, kept) in
        [(vec![], 0), (vec![OwnerChange::KeepSalesTeam], 1), (vec![OwnerChange::KeepAccountTeam], 0)]
    {
        let org = Org::new();
        let (mate, deal) = (org.user("mate").to_string(), org.record("Opportunity"));
        let id = deal.to_string();
        let row =
            [("OpportunityId", id.as_str()), ("UserId", mate.as_str()), ("OpportunityAccessLevel", "Edit")];
        org.create("rep", "OpportunityTeamMember", &row).unwrap();
        let options = DmlOptions { owner_changes: asked, ..DmlOptions::default() };
        let other = org.user("other").to_string();
        org.update("rep", "Opportunity", deal, &[("OwnerId", &other)], &options).unwrap();
        assert_eq!((org.rows("OpportunityTeamMember"), org.rows("OpportunityShare")), (kept, kept));
    }
}

#[test]
fn without_the_feature_there_are_no_teams() {
    let world = World::new("{}");
    let state = world.org.snapshot();
    assert!(
        ["AccountTeamMember", "OpportunityTeamMember"]
            .iter()
            .all(|name| state.schema().object(name).is_none())
    );
}

#[test]
fn a_field_that_a_sharing_rule_asks_for_stays() {
    let world = World::new(
        r#"{
      "packages": [{"objects": {"Boat__c": {"fields": {"Size__c": {"type": "string", "length": 9}, "Sail__c": {"type": "string", "length": 9}}}}}],
      "groups": [{"name": "Friends", "developerName": "Friends", "members": []}],
      "sharingRules": {"Boat__c": {"sharingCriteriaRules": [{"fullName": "Big", "accessLevel": "Read",
        "criteriaItems": [{"field": "Size__c", "operation": "equals", "value": "Big"}], "sharedTo": {"group": ["Friends"]}}]}}
    }"#,
    );
    let remove =
        |field| world.org.transact(world.admin, |tx| mock_sfdc_org::removal::field(tx, "Boat__c", field));
    assert_eq!(
        remove("Size__c").unwrap_err(),
        "This custom field is referenced elsewhere in salesforce.com. : Criteria Based Sharing Rule - Boat__c.Big"
    );
    remove("Sail__c").unwrap();
    world.org.transact(world.admin, |tx| mock_sfdc_org::removal::object(tx, "Boat__c")).unwrap();
    assert!(world.org.snapshot().access().permissions().sharing_rules.is_empty());
}
