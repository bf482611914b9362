//! Saves as a client sees them: what is refused with which error, what is filled in, who owns the record.

use std::sync::Arc;

use mock_sfdc_org::{
    Org,
    clock::Clock,
    error::{Error, ErrorCode},
    id::Id,
    rules::assignment::AssignmentRule,
    save::{AssignmentRuleChoice, DmlOptions, Draft, DraftError, coerce::Raw},
    schema::{Object, Schema},
    settings::Settings,
    state::{ChangeKind, State},
    value::{DateTime, Value},
    verbs,
};

const NOON: DateTime = DateTime::from_millis(1_774_440_000_123);

struct World {
    org: Org,
    admin: Id,
}

/// Field and text; an empty text is null.
type Row<'a> = &'a [(&'a str, &'a str)];

impl World {
    fn new() -> Self {
        let org = Org::new(State::empty(Schema::standard(), Settings::default()), Clock::fixed(NOON), 1);
        let admin = Id::from_number(*b"005", *b"5g", 1);
        let mut world = Self { org, admin };
        world.seed(
            "UserLicense",
            &[
                ("Name", "Salesforce"),
                ("LicenseDefinitionKey", "SFDC"),
                ("MasterLabel", "Salesforce"),
                ("Status", "Active"),
                ("TotalLicenses", "5"),
            ],
        );
        world.admin = world.seed_user("admin@demo.example");
        world
    }

    fn object(&self, name: &str) -> Arc<Object> {
        Arc::clone(self.org.snapshot().schema().object(name).unwrap())
    }

    fn draft(&self, object: &str, row: Row<'_>) -> Result<Draft, DraftError> {
        let object = self.object(object);
        let mut draft = Draft::default();
        for (field, text) in row {
            let raw = if text.is_empty() { Raw::Null } else { Raw::Text(text) };
            draft.set(&object, field, raw)?;
        }
        Ok(draft)
    }

    fn seed(&self, object: &str, row: Row<'_>) -> Id {
        let options = DmlOptions { seeding: true, ..DmlOptions::default() };
        let draft = self.draft(object, row).unwrap();
        self.org.transact(self.admin, |tx| verbs::create(tx, &self.object(object), draft, &options)).unwrap()
    }

    fn seed_user(&self, username: &str) -> Id {
        let profile = self.seed("Profile", &[("Name", username), ("UserLicenseId", "1005g0000000001")]);
        self.seed(
            "User",
            &[
                ("Username", username),
                ("Email", username),
                ("LastName", "Somebody"),
                ("Alias", "some"),
                ("CommunityNickname", username),
                ("TimeZoneSidKey", "Europe/Berlin"),
                ("LocaleSidKey", "en_US"),
                ("EmailEncodingKey", "UTF-8"),
                ("LanguageLocaleKey", "en_US"),
                ("ProfileId", &profile.to_string()),
                ("IsActive", "true"),
            ],
        )
    }

    fn create_with(&self, object: &str, row: Row<'_>, options: &DmlOptions) -> Result<Id, Vec<Error>> {
        let draft = self.draft(object, row).map_err(|error| vec![error.into_record_error()])?;
        self.org.transact(self.admin, |tx| verbs::create(tx, &self.object(object), draft, options))
    }

    fn create(&self, object: &str, row: Row<'_>) -> Result<Id, Vec<Error>> {
        self.create_with(object, row, &DmlOptions::default())
    }

    fn update(&self, object: &str, id: Id, row: Row<'_>) -> Result<Id, Vec<Error>> {
        let draft = self.draft(object, row).map_err(|error| vec![error.into_record_error()])?;
        self.org.transact(self.admin, |tx| {
            verbs::update(tx, &self.object(object), id, draft, &DmlOptions::default())
        })
    }

    fn delete(&self, object: &str, id: Id) -> Result<(), Vec<Error>> {
        self.org.transact(self.admin, |tx| verbs::delete(tx, &self.object(object), id))
    }

    fn get(&self, object: &str, id: Id, field: &str) -> Value {
        let object = self.object(object);
        let (position, _) = object.field(field).unwrap();
        self.org.snapshot().table(object.index).get(id).unwrap().get(position).clone()
    }

    fn text(&self, object: &str, id: Id, field: &str) -> String {
        match self.get(object, id, field) {
            Value::Text(text) => text.to_string(),
            Value::Number(number) => number.normalize().to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Id(id) => id.to_string(),
            Value::DateTime(at) => at.to_rest(),
            other => format!("{other:?}"),
        }
    }
}

fn only(errors: Result<impl std::fmt::Debug, Vec<Error>>) -> (ErrorCode, String, Option<Vec<String>>) {
    let mut errors = errors.unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    let error = errors.remove(0);
    (error.code, error.message, error.fields)
}

#[test]
fn a_lead_is_saved_with_what_salesforce_adds() {
    let world = World::new();
    let id = world
        .create(
            "Lead",
            &[
                ("FirstName", "Ada"),
                ("LastName", " Lovelace "),
                ("Company", "Engines"),
                ("Email", "Ada@Example.com"),
            ],
        )
        .unwrap();
    for (field, value) in [
        ("LastName", "Lovelace"),
        ("Name", "Ada Lovelace"),
        ("Email", "ada@example.com"),
        ("Status", "Open - Not Contacted"),
        ("IsConverted", "false"),
        ("IsDeleted", "false"),
        ("OwnerId", &world.admin.to_string()),
        ("CreatedById", &world.admin.to_string()),
        ("CreatedDate", "2026-03-25T12:00:00.000+0000"),
        ("SystemModstamp", "2026-03-25T12:00:00.000+0000"),
    ] {
        assert_eq!(world.text("Lead", id, field), value, "{field}");
    }
}

#[test]
fn what_is_refused_names_the_field() {
    let world = World::new();
    let long = "x".repeat(81);
    let table: [(Row<'_>, ErrorCode, String, Option<Vec<&str>>); 7] = [
        (&[], ErrorCode::RequiredFieldMissing, "Required fields are missing: [LastName, Company]".into(), Some(vec!["LastName", "Company"])),
        (&[("LastName", "A"), ("Company", "B"), ("Pet__c", "Dog")], ErrorCode::InvalidField, "No such column 'Pet__c' on sobject of type Lead".into(), None),
        (&[("LastName", &long), ("Company", "B")], ErrorCode::StringTooLong, format!("Last Name: data value too large: {long} (max length=80)"), Some(vec!["LastName"])),
        (&[("LastName", "A"), ("Company", "B"), ("Email", "V")], ErrorCode::InvalidEmailAddress, "Email: invalid email address: v".into(), Some(vec!["Email"])),
        (&[("LastName", "A"), ("Company", "B"), ("CleanStatus", "Filthy")], ErrorCode::InvalidOrNullForRestrictedPicklist, "Clean Status: bad value for restricted picklist field: Filthy".into(), Some(vec!["CleanStatus"])),
        (&[("LastName", "A"), ("Company", "B"), ("OwnerId", "001000000000001")], ErrorCode::MalformedId, "Owner ID: id value of incorrect type: 001000000000001AAA".into(), Some(vec!["OwnerId"])),
        (&[("LastName", "A"), ("Company", "B"), ("ConvertedAccountId", "001000000000001")], ErrorCode::InvalidFieldForInsertUpdate, "Unable to create/update fields: ConvertedAccountId. Please check the security settings of this field and verify that it is read/write for your profile or permission set.".into(), Some(vec!["ConvertedAccountId"])),
    ];
    for (row, code, message, fields) in table {
        let found = only(world.create("Lead", row));
        let fields = fields.map(|fields| fields.into_iter().map(ToOwned::to_owned).collect());
        assert_eq!(found, (code, message, fields));
    }
    assert!(world.org.snapshot().table(world.object("Lead").index).is_empty(), "nothing was stored");
}

#[test]
fn a_lookup_points_at_a_record_that_is_there() {
    let world = World::new();
    let account = world.create("Account", &[("Name", "Acme")]).unwrap();
    world.create("Contact", &[("LastName", "A"), ("AccountId", account.short())]).unwrap();
    let nobody = Id::from_number(*b"001", *b"5g", 99);
    let refused = only(world.create("Contact", &[("LastName", "A"), ("AccountId", &nobody.to_string())]));
    assert_eq!(
        (refused.0, refused.1.as_str()),
        (ErrorCode::InvalidCrossReferenceKey, "invalid cross reference id")
    );
    world.delete("Account", account).unwrap();
    let refused = only(world.create("Contact", &[("LastName", "A"), ("AccountId", account.short())]));
    assert_eq!((refused.0, refused.1.as_str()), (ErrorCode::EntityIsDeleted, "entity is deleted"));
}

#[test]
fn a_deleted_account_takes_its_contacts_along_and_brings_them_back() {
    let world = World::new();
    let account = world.create("Account", &[("Name", "Acme")]).unwrap();
    let contact = world.create("Contact", &[("LastName", "A"), ("AccountId", account.short())]).unwrap();
    world.delete("Account", account).unwrap();
    let contacts = world.object("Contact");
    assert!(world.org.snapshot().table(contacts.index).get(contact).is_none());
    assert_eq!(only(world.delete("Account", account)).1, "entity is deleted");
    world.org.transact(world.admin, |tx| verbs::undelete(tx, &world.object("Account"), account)).unwrap();
    assert_eq!(world.text("Contact", contact, "AccountId"), account.to_string());
}

#[test]
fn an_account_with_a_case_stays() {
    let world = World::new();
    let account = world.create("Account", &[("Name", "Acme")]).unwrap();
    world.create("Case", &[("Subject", "Broken"), ("AccountId", account.short())]).unwrap();
    let (code, message, _) = only(world.delete("Account", account));
    assert_eq!(code, ErrorCode::DeleteFailed);
    assert_eq!(
        message,
        "Your attempt to delete Acme could not be completed because it is associated with the following cases.: 00001001\n"
    );
    assert_eq!(world.text("Account", account, "Name"), "Acme");
}

#[test]
fn an_update_changes_the_stamp_and_an_empty_required_field_is_refused() {
    let world = World::new();
    let id = world.create("Lead", &[("LastName", "A"), ("Company", "B")]).unwrap();
    world.org.clock().advance(5_000);
    world.update("Lead", id, &[("Company", "C")]).unwrap();
    assert_eq!(world.text("Lead", id, "SystemModstamp"), "2026-03-25T12:00:05.000+0000");
    assert_eq!(world.text("Lead", id, "CreatedDate"), "2026-03-25T12:00:00.000+0000");
    assert_eq!(
        only(world.update("Lead", id, &[("Company", "")])).1,
        "Required fields are missing: [Company]"
    );
}

#[test]
fn assignment_rules_pick_the_owner() {
    let world = World::new();
    let sam = world.seed_user("sam@demo.example");
    let queue = world.seed("Group", &[("Name", "Inbound"), ("DeveloperName", "Inbound"), ("Type", "Queue")]);
    world.seed("QueueSobject", &[("QueueId", &queue.to_string()), ("SobjectType", "Lead")]);
    let rule =
        world.seed("AssignmentRule", &[("Name", "Standard"), ("SobjectType", "Lead"), ("Active", "true")]);
    let idle =
        world.seed("AssignmentRule", &[("Name", "Idle"), ("SobjectType", "Lead"), ("Active", "false")]);
    let entries = |json| serde_json::from_value::<AssignmentRule>(json).unwrap();
    world
        .org
        .transact(world.admin, |tx| {
            tx.set_assignment_rule(rule, entries(serde_json::json!({"ruleEntry": [
                {"criteriaItems": [{"field": "Lead.Rating", "operation": "equals", "value": "Hot, Warm"}, {"field": "Lead.NumberOfEmployees", "operation": "greaterOrEqual", "value": "100"}], "assignedTo": {"User": "sam@demo.example"}},
                {"criteriaItems": [{"field": "Lead.LeadSource", "operation": "equals", "value": "Partner Referral"}]},
                {"criteriaItems": [{"field": "Lead.Country", "operation": "startsWith", "value": "D,F"}], "assignedTo": {"Queue": "Inbound"}}
            ]}))).unwrap();
            tx.set_assignment_rule(idle, entries(serde_json::json!({"ruleEntry": [{"assignedTo": {"Queue": "Inbound"}}]}))).unwrap();
            Ok::<_, Error>(())
        })
        .unwrap();
    let active = DmlOptions { assignment: AssignmentRuleChoice::Active, ..DmlOptions::default() };
    let table: [(Row<'_>, DmlOptions, Id); 7] = [
        (&[("Rating", "warm"), ("NumberOfEmployees", "100")], active.clone(), sam),
        (&[("Rating", "Hot"), ("NumberOfEmployees", "99"), ("Country", "Denmark")], active.clone(), queue),
        (&[("LeadSource", "Partner Referral"), ("Country", "France")], active.clone(), world.admin),
        (&[("Country", "Italy")], active.clone(), world.admin),
        (&[("Country", "France")], DmlOptions::default(), world.admin),
        (&[], DmlOptions { assignment: AssignmentRuleChoice::Rule(idle), ..DmlOptions::default() }, queue),
        (&[("OwnerId", &world.admin.to_string()), ("Country", "France")], active.clone(), queue),
    ];
    for (row, options, owner) in table {
        let row = [&[("LastName", "A"), ("Company", "B")], row].concat();
        let id = world.create_with("Lead", &row, &options).unwrap();
        assert_eq!(world.get("Lead", id, "OwnerId"), owner.into(), "{row:?}");
    }
    assert_eq!(world.org.snapshot().mails().count(), 0, "no mail unless asked for");
    let told = DmlOptions { mail_owner: true, ..active };
    world
        .create_with(
            "Lead",
            &[("LastName", "A"), ("Company", "B"), ("Rating", "Hot"), ("NumberOfEmployees", "500")],
            &told,
        )
        .unwrap();
    assert_eq!(world.org.snapshot().mails().next().unwrap().to, ["sam@demo.example"]);
}

#[test]
fn a_stage_means_probability_and_outcome() {
    let world = World::new();
    for (label, probability, closed, won, category) in
        [("Prospecting", "10", "false", "false", "Pipeline"), ("Closed Won", "100", "true", "true", "Closed")]
    {
        world.seed(
            "OpportunityStage",
            &[
                ("MasterLabel", label),
                ("DefaultProbability", probability),
                ("IsClosed", closed),
                ("IsWon", won),
                ("ForecastCategory", category),
                ("ForecastCategoryName", category),
            ],
        );
    }
    let id = world
        .create(
            "Opportunity",
            &[("Name", "Big"), ("StageName", "Prospecting"), ("CloseDate", "2026-06-30"), ("Amount", "200")],
        )
        .unwrap();
    assert_eq!(world.text("Opportunity", id, "ExpectedRevenue"), "20");
    world.update("Opportunity", id, &[("StageName", "Closed Won")]).unwrap();
    for (field, value) in [
        ("Probability", "100"),
        ("IsWon", "true"),
        ("IsClosed", "true"),
        ("ForecastCategory", "Closed"),
        ("Fiscal", "2026 2"),
        ("ExpectedRevenue", "200"),
    ] {
        assert_eq!(world.text("Opportunity", id, field), value, "{field}");
    }
}

#[test]
fn the_log_says_once_what_a_transaction_did() {
    let world = World::new();
    let object = world.object("Account");
    let from = world.org.snapshot().log().next_seq();
    let (kept, gone) = world
        .org
        .transact(world.admin, |tx| {
            let options = DmlOptions::default();
            let kept =
                verbs::create(tx, &object, world.draft("Account", &[("Name", "A")]).unwrap(), &options)?;
            verbs::update(tx, &object, kept, world.draft("Account", &[("Name", "B")]).unwrap(), &options)?;
            let savepoint = tx.savepoint();
            let gone =
                verbs::create(tx, &object, world.draft("Account", &[("Name", "C")]).unwrap(), &options)?;
            tx.roll_back_to(savepoint);
            Ok::<_, Vec<Error>>((kept, gone))
        })
        .unwrap();
    let state = world.org.snapshot();
    let changes = state.log().since(from).map(|change| (change.kind, change.id)).collect::<Vec<_>>();
    assert_eq!(changes, [(ChangeKind::Created, kept)]);
    assert!(state.table(object.index).get(gone).is_none());
}

#[test]
fn an_object_that_means_more_than_its_row_refuses_writes_by_name() {
    let world = World::new();
    let (code, message, _) = only(world.create("Partner", &[("Role", "Agency")]));
    assert_eq!(code, ErrorCode::FunctionalityNotEnabled);
    assert!(message.contains("writes to Partner"), "{message}");
    let class = world.seed("ApexClass", &[("Name", "Hello"), ("ApiVersion", "59.0"), ("Status", "Active")]);
    let (code, ..) = only(world.update("ApexClass", class, &[("Status", "Inactive")]));
    assert_eq!(code, ErrorCode::FunctionalityNotEnabled);
}

#[test]
fn an_attachment_knows_the_length_of_its_body() {
    let world = World::new();
    let account = world.create("Account", &[("Name", "Acme")]).unwrap();
    let parent = account.to_string();
    let row = [("ParentId", parent.as_str()), ("Name", "hi.txt"), ("Body", "aGVsbG8=")];
    let attachment = world.create("Attachment", &row).unwrap();
    assert_eq!(world.text("Attachment", attachment, "BodyLength"), "5");
}
