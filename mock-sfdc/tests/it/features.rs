//! What an org may have or not, over the wire: people as accounts, several currencies, encrypted text.

use mock_sfdc::MockSfdc;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client;

const ORG: &str = r#"{
  "organization": {"features": ["PersonAccounts", "MultiCurrency"], "currency": "USD"},
  "currencies": [{"isoCode": "EUR", "conversionRate": 0.8}],
  "packages": [{"objects": {"Contact": {"fields": {"Card__c": {"type": "encryptedstring", "length": 20, "maskType": "lastFour"}}}}}]
}"#;

async fn ask(mock: &MockSfdc, method: &str, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/services/data/v66.0{path}", mock.url());
    let request = client().request(method.parse::<Method>().unwrap(), url).bearer_auth(mock.admin_token());
    let request = if body.is_null() { request } else { request.json(&body) };
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
}

#[tokio::test]
async fn clients_meet_what_the_org_has() {
    let state = mock_sfdc::fixtures::from_text("features", ORG, None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let ada = json!({"LastName": "Lovelace", "PersonEmail": "ada@example.com", "AnnualRevenue": 100, "CurrencyIsoCode": "EUR",
                     "Card__pc": "4111111111111234"});
    let (status, created) = ask(&mock, "POST", "/sobjects/Account", ada).await;
    assert_eq!(status, 201, "{created}");
    let id = created["id"].as_str().unwrap();
    let (_, account) = ask(&mock, "GET", &format!("/sobjects/Account/{id}"), Value::Null).await;
    assert_eq!((&account["Name"], &account["IsPersonAccount"]), (&json!("Lovelace"), &json!(true)));
    // The administrator has no View Encrypted Data.
    assert_eq!(account["Card__pc"], "************1234");
    let query =
        "SELECT+Card__c,Account.AnnualRevenue,Account.PersonEmail+FROM+Contact+WHERE+IsPersonAccount=true";
    let (_, found) = ask(&mock, "GET", &format!("/query?q={query}"), Value::Null).await;
    let row = &found["records"][0];
    assert_eq!(
        (&row["Card__c"], &row["Account"]["PersonEmail"]),
        (&json!("************1234"), &json!("ada@example.com"))
    );
    let query = "SELECT+convertCurrency(AnnualRevenue)+worth+FROM+Account+WHERE+AnnualRevenue>USD124";
    let (_, found) = ask(&mock, "GET", &format!("/query?q={query}"), Value::Null).await;
    assert_eq!(found["records"][0]["worth"], json!(125.0), "{found}");
    let (status, refused) =
        ask(&mock, "PATCH", &format!("/sobjects/Account/{id}"), json!({"Name": "Company"})).await;
    assert_eq!(status, 400);
    assert_eq!(
        refused,
        json!([{"message": "Account: bad field names on insert/update call: Name", "errorCode": "INVALID_FIELD_FOR_INSERT_UPDATE", "fields": ["Name"]}])
    );
    let (_, described) = ask(&mock, "GET", "/sobjects/Account/describe", Value::Null).await;
    let currency = described["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["name"] == "CurrencyIsoCode")
        .unwrap();
    let codes =
        currency["picklistValues"].as_array().unwrap().iter().map(|value| value["value"].as_str().unwrap());
    assert_eq!(codes.collect::<Vec<_>>(), ["USD", "EUR"]);
}
