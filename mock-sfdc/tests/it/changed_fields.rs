//! Custom fields that are changed while records hold values of them.

use mock_sfdc::MockSfdc;
use serde_json::{Value, json};

use crate::tooling::{ask, gadgets, make, tooling};

async fn field(mock: &MockSfdc, name: &str) -> String {
    let found = tooling(mock, &format!("SELECT Id FROM CustomField WHERE DeveloperName = '{name}'")).await;
    found["records"][0]["Id"].as_str().unwrap().to_owned()
}

/// Says a field anew; the message where that is refused.
async fn change(mock: &MockSfdc, id: &str, metadata: Value) -> Option<String> {
    let path = format!("/tooling/sobjects/CustomField/{id}");
    let (status, answer) = ask(mock, "PATCH", &path, &json!({"Metadata": metadata})).await;
    (status != 204).then(|| answer[0]["message"].as_str().unwrap().to_owned())
}

async fn gadget(mock: &MockSfdc, row: Value) -> (u16, Value) {
    ask(mock, "POST", "/sobjects/Gadget__c", &row).await
}

fn text(length: u32, unique: bool) -> Value {
    json!({"label": "Note", "type": "Text", "length": length, "unique": unique})
}

#[tokio::test]
async fn a_change_is_held_against_what_records_have() {
    let mock = MockSfdc::start().await.unwrap();
    gadgets(&mock).await;
    make(&mock, "CustomField", "Gadget__c.Note__c", text(20, false)).await;
    let (note, size) = (field(&mock, "Note").await, field(&mock, "Size").await);
    for row in [json!({"Note__c": "twelve chars", "Size__c": 2500}), json!({"Note__c": "TWELVE CHARS"})] {
        assert_eq!(gadget(&mock, row).await.0, 201);
    }
    for (id, metadata, refused) in [
        (&note, text(11, false), "Note__c cannot hold what a record has in it: twelve chars"),
        (&note, text(20, true), "Note__c cannot be unique: several records have TWELVE CHARS in it"),
        (&note, json!({"label": "Note", "type": "Date"}), "Cannot change type due to existing data"),
        (
            &note,
            json!({"label": "Note", "type": "Text", "formula": "Name"}),
            "Cannot update a field to a Formula from something else",
        ),
        (
            &size,
            json!({"label": "Size", "type": "Number", "precision": 4, "scale": 1}),
            "Size__c cannot hold what a record has in it: 2500",
        ),
    ] {
        let said = change(&mock, id, metadata.clone()).await;
        assert!(said.as_ref().is_some_and(|said| said.contains(refused)), "{metadata}: {said:?}");
    }
    let (_, described) = ask(&mock, "GET", "/sobjects/Gadget__c/describe", &Value::Null).await;
    let fields = described["fields"].as_array().unwrap();
    let kept = fields.iter().find(|field| field["name"] == "Note__c").unwrap();
    assert_eq!(
        (&kept["type"], &kept["length"], &kept["unique"]),
        (&json!("string"), &json!(20), &json!(false))
    );

    assert_eq!(change(&mock, &note, text(12, false)).await, None);
    assert_eq!(
        change(&mock, &size, json!({"label": "Size", "type": "Percent", "precision": 5, "scale": 1})).await,
        None
    );
    let (status, long) = gadget(&mock, json!({"Note__c": "thirteen char"})).await;
    assert_eq!((status, &long[0]["errorCode"]), (400, &json!("STRING_TOO_LONG")));
}

#[tokio::test]
async fn without_data_a_type_is_free() {
    let mock = MockSfdc::start().await.unwrap();
    gadgets(&mock).await;
    make(&mock, "CustomField", "Gadget__c.Note__c", text(20, false)).await;
    let rule = json!({"active": true, "errorConditionFormula": "Note__c = \"x\"", "errorMessage": "No x."});
    let rule = make(&mock, "ValidationRule", "Gadget__c.No_X", rule).await;
    let note = field(&mock, "Note").await;
    let (_, made) = gadget(&mock, json!({"Note__c": "y"})).await;
    let row = format!("/sobjects/Gadget__c/{}", made["id"].as_str().unwrap());
    assert_eq!(ask(&mock, "PATCH", &row, &json!({"Note__c": null})).await.0, 204);
    let number = json!({"label": "Note", "type": "Number", "precision": 5, "scale": 0});
    let kept = change(&mock, &note, number.clone()).await.unwrap();
    assert!(kept.contains("This custom field is referenced elsewhere in salesforce.com. : "), "{kept}");
    let path = format!("/tooling/sobjects/ValidationRule/{rule}");
    assert_eq!(ask(&mock, "DELETE", &path, &Value::Null).await.0, 204);
    assert_eq!(change(&mock, &note, number).await, None);
    assert_eq!(gadget(&mock, json!({"Note__c": 7})).await.0, 201);
    // What is unique from now on is so at once.
    let unique = json!({"label": "Note", "type": "Number", "precision": 5, "scale": 0, "unique": true});
    assert_eq!(change(&mock, &note, unique).await, None);
    let (status, twice) = gadget(&mock, json!({"Note__c": 7})).await;
    assert_eq!((status, &twice[0]["errorCode"]), (400, &json!("DUPLICATE_VALUE")));
}

#[tokio::test]
async fn a_filter_of_a_channel_keeps_the_type_that_it_was_written_for() {
    let mock = MockSfdc::start().await.unwrap();
    gadgets(&mock).await;
    make(&mock, "CustomField", "Gadget__c.Note__c", text(20, false)).await;
    let channel = json!({"channelType": "data", "label": "Gadgets"});
    make(&mock, "PlatformEventChannel", "Gadgets__chn", channel).await;
    let member = json!({"eventChannel": "Gadgets__chn", "selectedEntity": "Gadget__ChangeEvent",
                        "filterExpression": "Note__c = 'sold'"});
    make(&mock, "PlatformEventChannelMember", "Gadgets_Gadget_ChangeEvent", member).await;
    let note = field(&mock, "Note").await;
    let said =
        change(&mock, &note, json!({"label": "Note", "type": "Number", "precision": 4, "scale": 0})).await;
    let refused = "Platform Event Channel Member - Gadgets_Gadget_ChangeEvent";
    assert!(said.as_ref().is_some_and(|said| said.contains(refused)), "{said:?}");
    assert_eq!(change(&mock, &note, text(30, false)).await, None);
}
