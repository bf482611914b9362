//! A project's metadata in an org, over the wire: described, obeyed and broken.

use std::path::PathBuf;

use mock_sfdc::MockSfdc;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client;

fn workshop() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/metadata/workshop")
}

async fn ask(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let method: Method = method.parse().unwrap();
    let mut request = client()
        .request(method, format!("{}/services/data/v66.0{path}", mock.url()))
        .bearer_auth(mock.admin_token());
    if !body.is_null() {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

async fn create(mock: &MockSfdc, object: &str, body: Value) -> String {
    let (status, answer) = ask(mock, "POST", &format!("/sobjects/{object}"), &body).await;
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

async fn query(mock: &MockSfdc, soql: &str) -> Value {
    let url = format!("/query?q={}", soql.replace(' ', "+").replace('\'', "%27"));
    ask(mock, "GET", &url, &Value::Null).await.1
}

#[tokio::test]
async fn a_custom_object_is_described_as_its_project_defines_it() {
    let mock = MockSfdc::builder().metadata(workshop()).start().await.unwrap();
    let (status, described) = ask(&mock, "GET", "/sobjects/Repair__c/describe", &Value::Null).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&described["label"], &described["labelPlural"], &described["custom"]),
        (&json!("Repair"), &json!("Repairs"), &json!(true))
    );
    let fields = described["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
    for (name, expected) in [
        (
            "Serial__c",
            json!({"type": "string", "length": 20, "unique": true, "externalId": true, "caseSensitive": true}),
        ),
        ("Ticket__c", json!({"type": "string", "autoNumber": true, "createable": false, "nillable": false})),
        (
            "Pin__c",
            json!({"type": "encryptedstring", "mask": "X", "maskType": "lastFour", "filterable": false}),
        ),
        ("Hours__c", json!({"type": "double", "precision": 5, "scale": 1})),
        ("Place__c", json!({"type": "location", "createable": false, "displayLocationInDecimal": true})),
        ("Place__Latitude__s", json!({"type": "double", "compoundFieldName": "Place__c", "scale": 6})),
        (
            "Customer__c",
            json!({"type": "reference", "relationshipName": "Customer__r", "restrictedDelete": true}),
        ),
        (
            "Contact__c",
            json!({"filteredLookupInfo": {"controllingFields": ["Customer__c"], "dependent": true, "optionalFilter": false}}),
        ),
        (
            "Town__c",
            json!({"dependentPicklist": true, "controllerName": "Region__c", "restrictedPicklist": true}),
        ),
        ("Total__c", json!({"type": "currency", "calculated": true, "updateable": false})),
    ] {
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&field(name)[key], value, "{name}.{key}");
        }
    }
    assert_eq!(
        field("Town__c")["picklistValues"][1],
        json!({"active": true, "defaultValue": false, "label": "Ulm", "validFor": "QA==", "value": "Ulm"})
    );
}

#[tokio::test]
async fn records_obey_and_break_the_rules_of_a_project() {
    let mock = MockSfdc::builder().metadata(workshop()).start().await.unwrap();
    let customer = create(&mock, "Account", json!({"Name": "Boats"})).await;
    let other = create(&mock, "Account", json!({"Name": "Cars"})).await;
    let contact = create(&mock, "Contact", json!({"LastName": "Hull", "AccountId": other})).await;
    let good = json!({"Serial__c": "A1", "Customer__c": customer, "Region__c": "North", "Tools__c": "Saw;Drill",
        "Place__Latitude__s": 54.3, "Place__Longitude__s": 10.1});
    let repair = create(&mock, "Repair__c", good.clone()).await;
    for line in [10.5, 4.0] {
        create(&mock, "Repair_Line__c", json!({"Repair__c": repair, "Name": "Work", "Amount__c": line}))
            .await;
    }
    let found = query(
        &mock,
        "SELECT Name, Ticket__c, Tools__c, Warranty__c, Hours__c, Total__c, Place__c FROM Repair__c",
    )
    .await;
    let row = &found["records"][0];
    assert!(row["Name"].as_str().unwrap().ends_with("-0100"), "{row}");
    assert_eq!(row["Ticket__c"], "T001");
    assert_eq!(row["Tools__c"], "Drill;Saw");
    assert_eq!((&row["Warranty__c"], &row["Hours__c"]), (&json!(true), &json!(1.0)));
    assert_eq!(row["Total__c"], json!(14.5));
    assert_eq!(row["Place__c"], json!({"latitude": 54.3, "longitude": 10.1}));

    let id15 = &repair[..15];
    for (change, code, message) in [
        (json!({"Serial__c": "A1"}), "DUPLICATE_VALUE", format!("duplicate value found: Serial__c duplicates value on record with id: {id15}")),
        (json!({"Serial__c": null}), "REQUIRED_FIELD_MISSING", "Required fields are missing: [Serial__c]".to_owned()),
        (
            json!({"Region__c": "West"}),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Region: bad value for restricted picklist field: West".to_owned(),
        ),
        (
            json!({"Tools__c": "Saw;Axe"}),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Tools: bad value for restricted picklist field: Axe".to_owned(),
        ),
        (
            json!({"Contact__c": contact}),
            "FIELD_FILTER_VALIDATION_EXCEPTION",
            "The contact works for another customer.".to_owned(),
        ),
        (
            json!({"Place__Latitude__s": 91}),
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Place (Latitude): value outside of valid range on numeric field: 91.0".to_owned(),
        ),
        (
            json!({"Discount__c": 60}),
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "Half the price is all we can give.".to_owned(),
        ),
        (
            json!({"Ticket__c": "T9"}),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: Ticket__c. Please check the security settings of this field and verify that it is \
             read/write for your profile or permission set."
                .to_owned(),
        ),
    ] {
        let mut body = good.clone();
        body["Serial__c"] = json!("B2");
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        let (status, answer) = ask(&mock, "POST", "/sobjects/Repair__c", &body).await;
        assert_eq!(status, 400, "{change}");
        assert_eq!((&answer[0]["errorCode"], &answer[0]["message"]), (&json!(code), &json!(message)));
    }
    let (status, answer) = ask(&mock, "DELETE", &format!("/sobjects/Account/{customer}"), &Value::Null).await;
    assert_eq!((status, &answer[0]["errorCode"]), (400, &json!("DELETE_FAILED")));
}

#[tokio::test]
async fn queues_rules_and_values_of_a_project_work() {
    let mock = MockSfdc::builder().metadata(workshop()).start().await.unwrap();
    create(
        &mock,
        "Lead",
        json!({"LastName": "Hull", "Company": "Boats", "Region__c": "North", "Phone": "040 1"}),
    )
    .await;
    let leads = query(&mock, "SELECT Status, Owner.Name FROM Lead WHERE LastName = 'Hull'").await;
    assert_eq!(leads["records"][0]["Owner"]["Name"], "Front Desk");
    assert_eq!(leads["records"][0]["Status"], "New");
    let twin = json!({"LastName": "Keel", "Company": "Boats", "Phone": "040 1"});
    let (status, answer) = ask(&mock, "POST", "/sobjects/Lead", &twin).await;
    assert_eq!((status, &answer[0]["errorCode"]), (400, &json!("DUPLICATES_DETECTED")));
    assert_eq!(answer[0]["message"], "We know this phone.");
    let rates = query(&mock, "SELECT MasterLabel, Percent__c FROM Rate__mdt").await;
    assert_eq!(rates["records"][0]["Percent__c"], json!(19.0));
    let (status, answer) = ask(&mock, "POST", "/sobjects/Alarm__e", &json!({"Text__c": "fire"})).await;
    assert_eq!(
        (status, &answer["success"]),
        (201, &json!(true)),
        "an event of the project is published: {answer}"
    );
}

#[tokio::test]
async fn a_fixture_names_its_project_and_uses_it() {
    let folder = std::env::temp_dir().join(format!("mock-sfdc-metadata-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("org.json");
    let fixture = json!({
        "metadata": [workshop()],
        "users": [{"username": "gone@workshop.example", "password": "p", "lastName": "Gone"}],
        "records": {"Repair__c": [{"Serial__c": "Z9"}]},
    });
    std::fs::write(&file, fixture.to_string()).unwrap();
    let mock = MockSfdc::builder().fixture(&file).start().await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let found = query(&mock, "SELECT Serial__c FROM Repair__c").await;
    assert_eq!(found["records"][0]["Serial__c"], "Z9");
    // The user of the second rule is in the fixture, so both are taken.
    assert_eq!(mock.metadata().taken["assignment rules"], 2);
    let flow = mock.metadata().not_taken.iter().find(|one| one.what == "flow Tidy").unwrap();
    assert!(flow.file.contains("workshop") && flow.file.ends_with("Tidy.flow-meta.xml"), "{flow}");

    let missing = MockSfdc::builder().metadata("/nowhere/at/all").start().await.unwrap_err();
    assert!(missing.to_string().starts_with("cannot read /nowhere/at/all: "), "{missing}");
}
