//! `query?columns=true`, as the Salesforce CLI asks before it prints a table.

use serde_json::{Value, json};

use crate::{mock, wire::ask};

async fn columns(soql: &str) -> Value {
    let mock = mock().await;
    let (status, text) = ask(&mock, "GET", &format!("/v66.0/query?q={soql}&columns=true"), "").await;
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn column(name: &str, apex: &str, more: &Value) -> Value {
    let mut column = json!({"aggregate": false, "apexType": apex, "booleanType": false, "columnName": name, "custom": false,
        "displayName": name, "foreignKeyName": null, "insertable": false, "joinColumns": [], "numberType": false,
        "textType": apex == "String", "updatable": false});
    for (key, value) in more.as_object().unwrap() {
        column[key] = value.clone();
    }
    column
}

#[tokio::test]
async fn fields_parents_and_children() {
    let body = columns("select+id,+Owner.Name,+(SELECT+LastName+FROM+Contacts)+FROM+account").await;
    let name = column("Name", "String", &json!({}));
    let last_name = column("LastName", "String", &json!({"insertable": true, "updatable": true}));
    assert_eq!(
        body,
        json!({"columnMetadata": [
            column("Id", "Id", &json!({})),
            column("Owner", "", &json!({"apexType": null, "foreignKeyName": "OwnerId", "joinColumns": [name]})),
            column("Contacts", "", &json!({"apexType": null, "aggregate": true, "joinColumns": [last_name]})),
        ], "entityName": "Account", "groupBy": false, "idSelected": true, "keyPrefix": "001"})
    );
}

#[tokio::test]
async fn groups() {
    let body =
        columns("SELECT+CampaignId,+avg(Amount),+COUNT(Id)+n+FROM+Opportunity+GROUP+BY+CampaignId").await;
    assert_eq!(
        body,
        json!({"columnMetadata": [
            column("CampaignId", "Id", &json!({"insertable": true, "updatable": true})),
            column("expr0", "", &json!({"apexType": null, "aggregate": true, "displayName": "avg(Amount)", "numberType": true})),
            column("n", "", &json!({"apexType": null, "aggregate": true, "displayName": "COUNT(Id)", "numberType": true})),
        ], "entityName": "Opportunity", "groupBy": true, "idSelected": false, "keyPrefix": "006"})
    );
}

#[tokio::test]
async fn a_statement_that_cannot_run_has_no_columns() {
    let mock = mock().await;
    let (status, text) = ask(&mock, "GET", "/v66.0/query?q=SELECT+Nope+FROM+Lead&columns=true", "").await;
    assert_eq!(status, 400);
    assert!(text.contains("No such column 'Nope' on entity 'Lead'"), "{text}");
    let (status, text) = ask(&mock, "GET", "/v66.0/query?q=SELECT+Id+FROM+Lead&columns=maybe", "").await;
    assert_eq!(status, 403);
    assert!(text.contains("query?columns=maybe"), "{text}");
}
