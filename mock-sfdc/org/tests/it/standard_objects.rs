//! What Salesforce does around its standard objects: record types, prices and totals, histories, files, definitions.

use std::sync::Arc;

use mock_sfdc_org::{
    Org,
    clock::Clock,
    error::{Error, ErrorCode},
    id::Id,
    save::{DmlOptions, Draft, coerce::Raw},
    schema::Object,
    seed,
    soql::{self, BindOptions, RunContext},
    value::{DateTime, Value},
    verbs,
};

const NOON: DateTime = DateTime::from_millis(1_774_440_000_000);

struct World {
    org: Org,
    user: Id,
}

type Row<'a> = &'a [(&'a str, &'a str)];

impl World {
    fn new(fixture: &str) -> Self {
        let state =
            seed::load("test.json", fixture, NOON, &|_| None).unwrap_or_else(|error| panic!("{error}"));
        let user = seed::administrator(state.settings());
        Self { org: Org::new(state, Clock::fixed(NOON), 1), user }
    }

    fn object(&self, name: &str) -> Arc<Object> {
        Arc::clone(self.org.snapshot().schema().object(name).unwrap())
    }

    fn draft(&self, object: &str, row: Row<'_>) -> Draft {
        let object = self.object(object);
        let mut draft = Draft::default();
        for (field, text) in row {
            let raw = if text.is_empty() { Raw::Null } else { Raw::Text(text) };
            draft.set(&object, field, raw).unwrap_or_else(|error| panic!("{field}: {error:?}"));
        }
        draft
    }

    fn try_create(&self, object: &str, row: Row<'_>) -> Result<Id, String> {
        let draft = self.draft(object, row);
        let made = self
            .org
            .transact(self.user, |tx| verbs::create(tx, &self.object(object), draft, &DmlOptions::default()));
        made.map_err(|errors: Vec<Error>| {
            errors
                .iter()
                .map(|error| format!("{}: {}", error.code.as_str(), error.message))
                .collect::<Vec<_>>()
                .concat()
        })
    }

    fn create(&self, object: &str, row: Row<'_>) -> Id {
        self.try_create(object, row).unwrap_or_else(|error| panic!("{object}: {error}"))
    }

    fn update(&self, object: &str, id: Id, row: Row<'_>) {
        let draft = self.draft(object, row);
        self.org
            .transact(self.user, |tx| {
                verbs::update(tx, &self.object(object), id, draft, &DmlOptions::default())
            })
            .unwrap_or_else(|errors| panic!("{object}: {errors:?}"));
    }

    fn delete(&self, object: &str, id: Id) {
        self.org.transact(self.user, |tx| verbs::delete(tx, &self.object(object), id)).unwrap();
    }

    /// The values of fields of a record, each as people write it.
    fn read(&self, id: Id, fields: &str) -> String {
        let state = self.org.snapshot();
        let (object, record) = state.find(id).unwrap();
        let of = |field: &str| shown(record.get(object.field(field).unwrap().0));
        fields.split(' ').map(of).collect::<Vec<_>>().join(" | ")
    }

    /// How many rows a query has, or its error.
    fn rows(&self, text: &str) -> Result<usize, String> {
        let state = self.org.snapshot();
        let query =
            soql::prepare(text, state.schema(), &BindOptions::default()).map_err(|error| error.message)?;
        let context = RunContext::new(self.user, NOON.millis());
        soql::run(&query, &state, &context).map(|rows| rows.len()).map_err(|error| error.message)
    }

    fn standard_book(&self) -> Id {
        let book = self.object("Pricebook2");
        self.org.snapshot().table(book.index).rows().next().unwrap().id()
    }

    /// A product with a standard price.
    fn product(&self, name: &str, price: &str) -> (Id, Id) {
        let product =
            self.create("Product2", &[("Name", name), ("ProductCode", "P-1"), ("IsActive", "true")]);
        let book = self.standard_book();
        let entry = self.create(
            "PricebookEntry",
            &[
                ("Pricebook2Id", &book.to_string()),
                ("Product2Id", &product.to_string()),
                ("UnitPrice", price),
                ("IsActive", "true"),
            ],
        );
        (product, entry)
    }

    fn opportunity(&self, name: &str) -> Id {
        self.create(
            "Opportunity",
            &[("Name", name), ("StageName", "Prospecting"), ("CloseDate", "2026-05-01")],
        )
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.normalize().to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Date(date) => date.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn products_make_the_amount_of_their_opportunity() {
    let world = World::new("{}");
    let (_, entry) = world.product("Anchor", "40");
    let deal = world.opportunity("Harbor");
    let line = |quantity: &str, more: (&str, &str)| {
        world.create(
            "OpportunityLineItem",
            &[
                ("OpportunityId", &deal.to_string()),
                ("PricebookEntryId", &entry.to_string()),
                ("Quantity", quantity),
                more,
            ],
        )
    };
    let first = line("3", ("UnitPrice", "50"));
    assert_eq!(
        world.read(first, "Name ListPrice UnitPrice TotalPrice ProductCode"),
        "Harbor Anchor | 40 | 50 | 150 | P-1"
    );
    let second = line("2", ("TotalPrice", "60"));
    assert_eq!(world.read(second, "UnitPrice TotalPrice"), "30 | 60");
    let fields = "Amount HasOpportunityLineItem TotalOpportunityQuantity ExpectedRevenue";
    assert_eq!(world.read(deal, fields), "210 | true | 5 | 21");
    world.update("Opportunity", deal, &[("Amount", "1"), ("NextStep", "Call")]);
    assert_eq!(world.read(deal, "Amount NextStep"), "210 | Call");
    world.update("OpportunityLineItem", first, &[("Discount", "10")]);
    assert_eq!(world.read(first, "TotalPrice"), "135");
    world.delete("OpportunityLineItem", second);
    assert_eq!(world.read(deal, "Amount TotalOpportunityQuantity"), "135 | 3");
    assert!(
        world.rows(&format!(
            "SELECT Id FROM Opportunity WHERE Id = '{deal}' AND Pricebook2.IsStandard = true"
        )) == Ok(1)
    );
}

#[test]
fn a_product_on_an_opportunity_is_of_its_price_book() {
    let world = World::new("{}");
    let (product, entry) = world.product("Anchor", "40");
    let book = world.create("Pricebook2", &[("Name", "Partners"), ("IsActive", "true")]);
    let deal = world.opportunity("Harbor");
    world.update("Opportunity", deal, &[("Pricebook2Id", &book.to_string())]);
    let refused = world.try_create(
        "OpportunityLineItem",
        &[
            ("OpportunityId", &deal.to_string()),
            ("PricebookEntryId", &entry.to_string()),
            ("Quantity", "1"),
            ("UnitPrice", "1"),
        ],
    );
    assert_eq!(
        refused.unwrap_err(),
        "FIELD_INTEGRITY_EXCEPTION: field integrity exception: PricebookEntryId (pricebook entry is in a different \
         pricebook than the one assigned to the opportunity)"
    );
    // The product itself is found in the price book of the opportunity once it has a price there.
    let own = world.create(
        "PricebookEntry",
        &[
            ("Pricebook2Id", &book.to_string()),
            ("Product2Id", &product.to_string()),
            ("UseStandardPrice", "true"),
            ("IsActive", "true"),
        ],
    );
    assert_eq!(world.read(own, "Name UnitPrice"), "Anchor | 40");
    let line = world.create(
        "OpportunityLineItem",
        &[
            ("OpportunityId", &deal.to_string()),
            ("Product2Id", &product.to_string()),
            ("Quantity", "1"),
            ("UnitPrice", "9"),
        ],
    );
    assert_eq!(world.read(line, "ListPrice TotalPrice"), "40 | 9");
    world.update("PricebookEntry", entry, &[("UnitPrice", "44")]);
    assert_eq!(world.read(own, "UnitPrice"), "44");
}

#[test]
fn a_standard_price_comes_first_and_only_once() {
    let world = World::new("{}");
    let book = world.create("Pricebook2", &[("Name", "Partners"), ("IsActive", "true")]).to_string();
    let product = world.create("Product2", &[("Name", "Anchor")]).to_string();
    let row = [("Pricebook2Id", book.as_str()), ("Product2Id", product.as_str()), ("UnitPrice", "1")];
    assert_eq!(
        world.try_create("PricebookEntry", &row).unwrap_err(),
        "STANDARD_PRICE_NOT_DEFINED: No standard price defined for this product"
    );
    let standard = world.standard_book().to_string();
    let row = [("Pricebook2Id", standard.as_str()), ("Product2Id", product.as_str()), ("UnitPrice", "1")];
    world.create("PricebookEntry", &row);
    assert_eq!(
        world.try_create("PricebookEntry", &row).unwrap_err(),
        "DUPLICATE_VALUE: This price definition already exists in this price book"
    );
}

#[test]
fn what_salesforce_fills_in_on_contracts_orders_and_assets() {
    let world = World::new("{}");
    let account = world.create("Account", &[("Name", "Harbor")]).to_string();
    let contract = world
        .create("Contract", &[("AccountId", &account), ("StartDate", "2026-01-15"), ("ContractTerm", "12")]);
    assert_eq!(
        world.read(contract, "ContractNumber Status StatusCode EndDate ActivatedDate"),
        "00000100 | Draft | Draft | 2027-01-14 | -"
    );
    world.update("Contract", contract, &[("Status", "Activated")]);
    assert_eq!(world.read(contract, "StatusCode"), "Activated");
    assert!(
        world.rows("SELECT Id FROM Contract WHERE ActivatedDate != null AND ActivatedById != null") == Ok(1)
    );

    let (_, entry) = world.product("Anchor", "40");
    let order = world.create(
        "Order",
        &[
            ("AccountId", &account),
            ("EffectiveDate", "2026-02-01"),
            ("Status", "Draft"),
            ("Pricebook2Id", &world.standard_book().to_string()),
        ],
    );
    assert_eq!(world.read(order, "OrderNumber StatusCode TotalAmount"), "00000100 | Draft | 0");
    let item = world.create(
        "OrderItem",
        &[("OrderId", &order.to_string()), ("PricebookEntryId", &entry.to_string()), ("Quantity", "2")],
    );
    assert_eq!(world.read(item, "OrderItemNumber UnitPrice TotalPrice"), "0000000001 | 40 | 80");
    assert_eq!(world.read(order, "TotalAmount"), "80");

    assert_eq!(
        world.try_create("Asset", &[("Name", "Crane")]).unwrap_err(),
        "FIELD_INTEGRITY_EXCEPTION: Every asset needs an account, a contact, or both."
    );
    let crane = world.create("Asset", &[("Name", "Crane"), ("AccountId", &account)]).to_string();
    let hook = world.create("Asset", &[("Name", "Hook"), ("AccountId", &account), ("ParentId", &crane)]);
    assert_eq!(world.read(hook, "AssetLevel"), "2");
    assert_eq!(world.rows(&format!("SELECT Id FROM Asset WHERE RootAssetId = '{crane}'")), Ok(2));
}

const PARTNERS: &str = r#"{
  "profiles": [{"name": "Sales", "permissions": ["PermissionsApiEnabled"], "recordTypeVisibilities": [
    {"recordType": "Lead.Partner", "visible": true, "default": true}, {"recordType": "Lead.Direct", "visible": false}]}],
  "users": [{"ref": "sam", "username": "sam@test.example", "password": "x", "lastName": "Sales", "profile": "Sales"}],
  "recordTypes": [
    {"fullName": "Lead.Partner", "label": "Partner lead", "picklistValues": [
      {"picklist": "LeadSource", "values": [{"fullName": "Partner Referral", "default": true}]},
      {"picklist": "GeocodeAccuracy", "values": [{"fullName": "City"}]}]},
    {"fullName": "Lead.Direct"}],
  "records": {"Lead": [{"ref": "old", "LastName": "Old", "Company": "C", "RecordTypeId": "@Lead.Direct"}]}
}"#;

impl World {
    fn acting_as(mut self, name: &str) -> Self {
        let state = self.org.snapshot();
        let users = state.schema().object("User").unwrap();
        let (username, _) = users.field("Username").unwrap();
        self.user = state.lookup(users, username, &name.into())[0].id();
        self
    }

    fn record_type(&self, name: &str) -> String {
        self.org.snapshot().rules().record_types().find(name).unwrap().to_string()
    }
}

#[test]
fn a_record_has_the_type_of_its_creators_profile() {
    let world = World::new(PARTNERS).acting_as("sam@test.example");
    let lead = world.create("Lead", &[("LastName", "Lovelace"), ("Company", "Engines")]);
    assert_eq!(world.read(lead, "LeadSource"), "Partner Referral");
    assert_eq!(world.rows("SELECT Id FROM Lead WHERE RecordType.DeveloperName = 'Partner'"), Ok(1));
    assert_eq!(
        world.rows("SELECT Id FROM RecordType WHERE SobjectType = 'Lead' AND Name = 'Partner lead'"),
        Ok(1)
    );
    let direct = world.record_type("Lead.Direct");
    assert_eq!(
        world
            .try_create("Lead", &[("LastName", "L"), ("Company", "E"), ("RecordTypeId", &direct)])
            .unwrap_err(),
        format!(
            "INVALID_CROSS_REFERENCE_KEY: Record Type ID: this ID value isn't valid for the user: {direct}"
        )
    );
}

#[test]
fn whose_profile_says_nothing_may_use_every_type_of_the_object() {
    let world = World::new(PARTNERS);
    let master = world.create("Lead", &[("LastName", "Lovelace"), ("Company", "Engines")]);
    assert_eq!(world.read(master, "RecordTypeId LeadSource"), "- | -");
    let partner = world.record_type("Lead.Partner");
    let row = [("LastName", "L"), ("Company", "E"), ("RecordTypeId", partner.as_str())];
    world.create("Lead", &row);
    let refused = world.try_create("Lead", &[&row[..], &[("GeocodeAccuracy", "Zip")]].concat());
    assert_eq!(
        refused.unwrap_err(),
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: Geocode Accuracy: bad value for restricted picklist field: Zip"
    );
    let ((), account) = ((), "012000000000000AAA");
    let lead = world.create("Lead", &[("LastName", "L"), ("Company", "E"), ("RecordTypeId", account)]);
    assert_eq!(world.read(lead, "RecordTypeId"), "-");
    let state = world.org.snapshot();
    let infos = &state.schema().object("Lead").unwrap().record_type_infos;
    let names: Vec<&str> = infos.iter().map(|info| info.developer_name.as_str()).collect();
    assert_eq!(names, ["Partner", "Direct", "Master"]);
}

#[test]
fn tracked_fields_leave_a_history() {
    let world = World::new(
        r#"{"historyTracking": {"Contact": ["AccountId", "Title"], "Opportunity": ["StageName"]}}"#,
    );
    let account = world.create("Account", &[("Name", "Harbor")]);
    let contact = world.create("Contact", &[("LastName", "Lopez"), ("Title", "Chef")]);
    world.update(
        "Contact",
        contact,
        &[("Title", "Owner"), ("AccountId", &account.to_string()), ("Phone", "1")],
    );
    assert_eq!(world.rows("SELECT Id FROM ContactHistory WHERE Field = 'created'"), Ok(1));
    assert_eq!(world.rows("SELECT OldValue, NewValue FROM ContactHistory WHERE Field = 'Title'"), Ok(1));
    assert_eq!(world.rows("SELECT NewValue FROM ContactHistory WHERE Field = 'Account'"), Ok(2));
    assert_eq!(world.rows("SELECT Id FROM ContactHistory"), Ok(4));
    let deal = world.opportunity("Deal");
    world.update("Opportunity", deal, &[("StageName", "Qualification")]);
    world.update("Opportunity", deal, &[("NextStep", "Call")]);
    assert_eq!(world.rows("SELECT Id FROM OpportunityFieldHistory WHERE Field = 'StageName'"), Ok(1));
    assert_eq!(world.rows("SELECT Id FROM OpportunityHistory"), Ok(2));
    assert_eq!(world.rows("SELECT Id FROM OpportunityHistory WHERE StageName = 'Qualification'"), Ok(1));
    let mistake = seed::load("t.json", r#"{"historyTracking": {"Task": ["Subject"]}}"#, NOON, &|_| None);
    assert!(mistake.unwrap_err().problem.contains("Task keeps no history"));
}

#[test]
fn definitions_are_made_of_the_schema() {
    let world = World::new("{}");
    assert_eq!(
        world.rows("SELECT KeyPrefix, Label FROM EntityDefinition WHERE QualifiedApiName = 'Lead'"),
        Ok(1)
    );
    assert_eq!(world.rows("SELECT QualifiedApiName FROM EntityDefinition WHERE KeyPrefix = '001'"), Ok(1));
    let by_path = "SELECT DataType FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Account' AND QualifiedApiName = 'Industry'";
    assert_eq!(world.rows(by_path), Ok(1));
    let by_id =
        "SELECT Id FROM FieldDefinition WHERE EntityDefinitionId = 'Lead' AND DataType = 'Lookup(User)'";
    assert!(world.rows(by_id).is_ok_and(|rows| rows >= 2));
    assert_eq!(
        world.rows("SELECT QualifiedApiName FROM FieldDefinition"),
        Err("a filter on a reified column is required [EntityDefinitionId,DurableId]".to_owned())
    );
    let nested = "SELECT (SELECT QualifiedApiName FROM Fields) FROM EntityDefinition WHERE QualifiedApiName = 'Contact'";
    assert_eq!(world.rows(nested), Ok(1));
    assert!(
        world
            .object("FieldDefinition")
            .visible_fields()
            .all(|(_, field)| !field.name.as_str().starts_with('$'))
    );
}

#[test]
fn a_version_makes_its_document() {
    let world = World::new("{}");
    let account = world.create("Account", &[("Name", "Harbor")]).to_string();
    let row = [
        ("PathOnClient", "menu.PDF"),
        ("VersionData", "SGVsbG8="),
        ("FirstPublishLocationId", account.as_str()),
    ];
    let version = world.create("ContentVersion", &row);
    assert_eq!(
        world.read(version, "Title FileExtension FileType ContentSize VersionNumber IsLatest"),
        "menu | PDF | PDF | 5 | 1 | true"
    );
    let of_account = format!(
        "SELECT ContentDocumentId FROM ContentDocumentLink WHERE LinkedEntityId = '{account}' AND ShareType = 'V'"
    );
    assert_eq!(world.rows(&of_account), Ok(1));
    assert_eq!(world.rows("SELECT Id FROM ContentDocument WHERE Title = 'menu' AND LatestPublishedVersion.VersionNumber = '1'"), Ok(1));
    let state = world.org.snapshot();
    let (object, record) = state.find(version).unwrap();
    let document = record.get(object.field("ContentDocumentId").unwrap().0).as_id().unwrap().to_string();
    let again = [
        ("PathOnClient", "menu2.pdf"),
        ("VersionData", "SGVsbG8="),
        ("ContentDocumentId", document.as_str()),
    ];
    let second = world.create("ContentVersion", &again);
    assert_eq!(world.read(second, "VersionNumber IsLatest"), "2 | true");
    assert_eq!(world.read(version, "IsLatest"), "false");
    assert_eq!(
        world.rows("SELECT Id FROM ContentDocument WHERE LatestPublishedVersion.VersionNumber = '2'"),
        Ok(1)
    );
    let contact = world.create("Contact", &[("LastName", "Lopez")]).to_string();
    let link = [("ContentDocumentId", document.as_str()), ("LinkedEntityId", contact.as_str())];
    let made = world.create("ContentDocumentLink", &link);
    assert_eq!(world.read(made, "ShareType Visibility"), "V | AllUsers");
    assert!(world.try_create("ContentDocumentLink", &link).unwrap_err().starts_with("DUPLICATE_VALUE"));
    assert_eq!(
        world.try_create("ContentVersion", &[("Title", "x")]).unwrap_err(),
        "REQUIRED_FIELD_MISSING: Required fields are missing: [PathOnClient, VersionData]"
    );
}

#[test]
fn what_cascades_and_restricts_falls_until_it_is_activated() {
    let world = World::new("{}");
    let (product, entry) = world.product("Anchor", "40");
    world.delete("Product2", product);
    assert!(world.org.snapshot().find(entry).is_none(), "its prices go with a product");
    let account = world.create("Account", &[("Name", "Harbor")]);
    let row = [("AccountId", &*account.to_string()), ("StartDate", "2026-01-15"), ("ContractTerm", "12")];
    let contract = world.create("Contract", &row);
    world.update("Contract", contract, &[("Status", "Activated")]);
    let object = world.object("Account");
    let refused = world.org.transact(world.user, |tx| verbs::delete(tx, &object, account));
    assert_eq!(refused.unwrap_err()[0].code, ErrorCode::DeleteFailed);
    let other = world.create("Account", &[("Name", "Pier")]);
    let row = [("AccountId", &*other.to_string()), ("StartDate", "2026-01-15"), ("ContractTerm", "12")];
    let draft = world.create("Contract", &row);
    world.delete("Account", other);
    assert!(world.org.snapshot().find(draft).is_none());
}

#[test]
fn every_org_has_business_hours_and_tells_nobody_twice_of_apex() {
    let world = World::new("{}");
    assert_eq!(
        world.rows("SELECT Id FROM BusinessHours WHERE IsDefault = true AND MondayStartTime = 00:00:00.000Z"),
        Ok(1)
    );
    let user = world.user.to_string();
    world.create("ApexEmailNotification", &[("UserId", &user)]);
    let twice = world.try_create("ApexEmailNotification", &[("UserId", &user)]).unwrap_err();
    assert!(twice.starts_with("DUPLICATE_VALUE"), "{twice}");
}

#[test]
fn a_file_may_be_empty_and_an_owner_may_not() {
    let world = World::new("{}");
    let account = world.create("Account", &[("Name", "Harbor")]).to_string();
    let object = world.object("Attachment");
    let mut draft = world.draft("Attachment", &[("ParentId", &account), ("Name", "empty.txt")]);
    draft.set(&object, "Body", Raw::Text("")).unwrap();
    let made = world.org.transact(world.user, |tx| verbs::create(tx, &object, draft, &DmlOptions::default()));
    assert_eq!(world.read(made.unwrap(), "Name BodyLength"), "empty.txt | 0");
    assert_eq!(
        world.try_create("Account", &[("Name", "Pier"), ("OwnerId", "")]).unwrap_err(),
        "INVALID_CROSS_REFERENCE_KEY: Owner ID: owner cannot be blank"
    );
}
