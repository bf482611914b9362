//! Channels of events as an administrator sets them up, over the Tooling and the Metadata API, and what members add to events.

use mock_sfdc::{MockSfdc, pubsub::wire::ReplayPreset};
use mock_sfdc_org::{seed, value::DateTime};
use serde_json::{Value, json};

use crate::{
    bayeux::Bayeux,
    client,
    metadata_wire::{ROLLBACK, answer, deploy, unpacked},
    pubsub::{fetch, payload, subscribe},
    soap::element,
};

/// An org without any channel, whose clock stands.
pub async fn org() -> MockSfdc {
    let fixture = json!({"packages": [{"package": "p", "objects": {
        "Account": {"fields": {"Erp__c": {"type": "string", "length": 20}}},
        "Low_Ink__e": {"label": "Low Ink", "fields": {
            "Model__c": {"type": "string", "length": 20},
            "Left__c": {"type": "double", "precision": 18, "scale": 2},
            "Note__c": {"type": "textarea", "length": 4000}
        }}
    }}]});
    let noon = DateTime::from_millis(1_774_440_000_000);
    let state = seed::load("test.json", &fixture.to_string(), noon, &|_| None).unwrap();
    let mock = MockSfdc::builder().state(state).pubsub().start().await.unwrap();
    mock.clock().freeze_at(noon);
    mock
}

pub async fn ask(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/services/data/v66.0{path}", mock.url());
    let request = client().request(method.parse().unwrap(), url).bearer_auth(mock.admin_token());
    let request = request.header("content-type", "application/json");
    let request = if body.is_null() { request } else { request.body(body.to_string()) };
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

pub async fn created(mock: &MockSfdc, object: &str, body: &Value) -> String {
    let (status, made) = ask(mock, "POST", &format!("/sobjects/{object}"), body).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

pub async fn updated(mock: &MockSfdc, id: &str, body: &Value) {
    assert_eq!(ask(mock, "PATCH", &format!("/sobjects/Account/{id}"), body).await.0, 204);
}

/// A channel of change events or platform events.
pub async fn channel(mock: &MockSfdc, name: &str, kind: &str) -> String {
    let body = json!({"FullName": name, "Metadata": {"channelType": kind, "label": "A Channel"}});
    created(mock, "../tooling/sobjects/PlatformEventChannel", &body).await
}

pub async fn member(mock: &MockSfdc, name: &str, metadata: &Value) -> (u16, Value) {
    let body = json!({"FullName": name, "Metadata": metadata});
    ask(mock, "POST", "/tooling/sobjects/PlatformEventChannelMember", &body).await
}

pub async fn hearing(mock: &MockSfdc, channel: &str) -> Bayeux {
    let bayeux = Bayeux::connected_as(mock, mock.admin_token(), "66.0").await;
    bayeux.hear(channel, -1).await;
    bayeux
}

/// The payload without its header.
pub fn fields(event: &Value) -> Value {
    let mut payload = event["data"]["payload"].clone();
    payload.as_object_mut().unwrap().remove("ChangeEventHeader");
    payload
}

pub fn header(event: &Value) -> &Value {
    &event["data"]["payload"]["ChangeEventHeader"]
}

async fn tooling(mock: &MockSfdc, soql: &str) -> Vec<Value> {
    let path = format!("/tooling/query?q={}", soql.replace(' ', "+"));
    let (status, found) = ask(mock, "GET", &path, &Value::Null).await;
    assert_eq!(status, 200, "{found}");
    found["records"].as_array().unwrap().clone()
}

/// `SalesEvents__chn` with accounts that always tell these fields.
async fn enriched(mock: &MockSfdc, names: &[&str]) -> String {
    channel(mock, "SalesEvents__chn", "data").await;
    let names: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
    let said = json!({"enrichedFields": names, "eventChannel": "SalesEvents__chn", "selectedEntity": "AccountChangeEvent"});
    let (status, made) = member(mock, "SalesEvents_AccountChangeEvent", &said).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_channel_tells_the_fields_that_its_member_adds() {
    let mock = org().await;
    enriched(&mock, &["Erp__c", "Industry", "BillingAddress", "Phone"]).await;
    let account =
        json!({"Name": "Acme", "Erp__c": "1ABC", "Industry": "Energy", "BillingCity": "Ghent", "Fax": "1"});
    let id = created(&mock, "Account", &account).await;
    let rich = hearing(&mock, "/data/SalesEvents__chn").await;
    let own = hearing(&mock, "/data/AccountChangeEvent").await;
    let stamp = json!("2026-03-25T12:00:00.000Z");
    updated(&mock, &id, &json!({"Fax": "2"})).await;
    updated(&mock, &id, &json!({"BillingStreet": "A", "Industry": null})).await;
    assert_eq!(ask(&mock, "DELETE", &format!("/sobjects/Account/{id}"), &Value::Null).await.0, 204);
    let (told, plain) = (rich.events().await, own.events().await);
    assert_eq!(told.len(), 3);
    // Fields that are added are read when the event is delivered: Industry is empty by now.
    let city = json!({"Street": "A", "City": "Ghent"});
    assert_eq!(
        fields(&told[0]),
        json!({"Erp__c": "1ABC", "BillingAddress": city, "Fax": "2", "LastModifiedDate": stamp})
    );
    assert_eq!(header(&told[0])["changedFields"], json!(["Fax", "LastModifiedDate"]));
    // What changed to nothing is told as a change; of an address that is added all that is filled.
    assert_eq!(
        fields(&told[1]),
        json!({"Erp__c": "1ABC", "BillingAddress": city, "Industry": null, "LastModifiedDate": stamp})
    );
    assert_eq!(
        header(&told[1])["changedFields"],
        json!(["BillingAddress.Street", "Industry", "LastModifiedDate"])
    );
    assert_eq!(fields(&told[2]), json!({"Erp__c": "1ABC", "BillingAddress": city}));
    assert_eq!(fields(&plain[0]), json!({"Fax": "2", "LastModifiedDate": stamp}));
    assert_eq!(fields(&plain[1])["BillingAddress"], json!({"Street": "A"}));
    assert_eq!(fields(&plain[2]), json!({}));
}

#[tokio::test]
async fn pubsub_tells_them_in_their_places_and_not_as_changes() {
    let mock = org().await;
    enriched(&mock, &["Erp__c", "BillingAddress"]).await;
    let account = json!({"Name": "Acme", "Erp__c": "1ABC", "BillingCity": "Ghent"});
    let id = created(&mock, "Account", &account).await;
    updated(&mock, &id, &json!({"Fax": "4155551212"})).await;
    let mut rich = subscribe(&mock, fetch("/data/SalesEvents__chn", ReplayPreset::Earliest, 2)).await;
    let told = payload(&mock, rich.next().await.events[1].event.as_ref().unwrap()).await;
    assert_eq!((&told["Erp__c"], &told["Fax"]), (&json!("1ABC"), &json!("4155551212")));
    assert_eq!(
        (&told["BillingAddress"]["City"], &told["BillingAddress"]["Street"]),
        (&json!("Ghent"), &Value::Null)
    );
    assert_eq!(told["Name"], Value::Null);
    let changed = told["ChangeEventHeader"]["changedFields"].as_array().unwrap();
    assert_eq!(changed.len(), 1, "no part of the address changed: {changed:?}");
}

#[tokio::test]
async fn records_that_tell_fields_of_their_own_are_told_apart_under_one_replay_id() {
    let mock = org().await;
    enriched(&mock, &["Erp__c"]).await;
    let mut ids = Vec::new();
    for erp in ["1", "2", "3"] {
        ids.push(created(&mock, "Account", &json!({"Name": "Acme", "Erp__c": erp})).await);
    }
    let rich = hearing(&mock, "/data/SalesEvents__chn").await;
    let own = hearing(&mock, "/data/AccountChangeEvent").await;
    let mut grpc = subscribe(&mock, fetch("/data/SalesEvents__chn", ReplayPreset::Earliest, 4)).await;
    let mut before = 0;
    while before < 3 {
        before += grpc.next().await.events.len();
    }
    let attributes = json!({"type": "Account"});
    let records: Vec<Value> =
        ids.iter().map(|id| json!({"attributes": attributes, "id": id, "Industry": "Media"})).collect();
    let body = json!({"allOrNone": true, "records": records});
    assert_eq!(ask(&mock, "PATCH", "/composite/sobjects", &body).await.0, 200);
    let (told, merged) = (rich.events().await, own.events().await);
    assert_eq!(merged.len(), 1);
    assert_eq!(header(&merged[0])["recordIds"], json!(ids));
    let apart: Vec<_> = told
        .iter()
        .map(|event| {
            let records = header(event)["recordIds"].as_array().unwrap();
            assert_eq!(records.len(), 1);
            (records[0].as_str().unwrap(), event["data"]["payload"]["Erp__c"].as_str().unwrap())
        })
        .collect();
    let wanted: Vec<_> = ids.iter().map(String::as_str).zip(["1", "2", "3"]).collect();
    assert_eq!(apart, wanted);
    let places: Vec<_> = told.iter().map(|event| &event["data"]["event"]["replayId"]).collect();
    assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
    // A stream that asks for one at a time gets one at a time, and each of them.
    let mut heard = Vec::new();
    for at in 0..3 {
        let response = grpc.next().await;
        assert_eq!(response.events.len(), 1);
        let said = payload(&mock, response.events[0].event.as_ref().unwrap()).await;
        heard.push(said["Erp__c"].as_str().unwrap().to_owned());
        if at < 2 {
            grpc.requests.send(fetch("", ReplayPreset::Latest, 1)).await.unwrap();
        }
    }
    assert_eq!(heard, ["1", "2", "3"]);
}

#[tokio::test]
async fn channels_and_members_are_rows_of_the_tooling_api() {
    let mock = org().await;
    let captured = json!({"eventChannel": "ChangeEvents", "selectedEntity": "LeadChangeEvent"});
    assert_eq!(member(&mock, "ChangeEvents_LeadChangeEvent", &captured).await.0, 201);
    let id = enriched(&mock, &["Erp__c", "Industry"]).await;
    let ink = channel(&mock, "Printers__chn", "event").await;
    let low = json!({"eventChannel": "Printers__chn", "selectedEntity": "Low_Ink__e", "filterExpression": "Left__c < 10"});
    assert_eq!(member(&mock, "Printers_chn_Low_Ink_e", &low).await.0, 201);
    assert!(ink.starts_with("0YL") && id.starts_with("0v8"), "{ink} {id}");

    let soql =
        "SELECT Id, DeveloperName, ChannelType, MasterLabel FROM PlatformEventChannel ORDER BY DeveloperName";
    let channels = tooling(&mock, soql).await;
    let told: Vec<_> = channels
        .iter()
        .map(|row| (row["DeveloperName"].as_str().unwrap(), row["ChannelType"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("Printers", "event"), ("SalesEvents", "data")], "the standard channel is none");
    assert_eq!((&channels[0]["Id"], &channels[0]["MasterLabel"]), (&json!(ink), &json!("A Channel")));

    let soql = "SELECT DeveloperName, EventChannel, FilterExpression, SelectedEntity FROM PlatformEventChannelMember ORDER BY DeveloperName";
    let members = tooling(&mock, soql).await;
    assert_eq!(
        (&members[0]["EventChannel"], &members[0]["SelectedEntity"]),
        (&json!("ChangeEvents"), &json!("LeadChangeEvent"))
    );
    assert_eq!(
        (&members[1]["EventChannel"], &members[1]["FilterExpression"]),
        (&json!(ink), &json!("Left__c < 10"))
    );
    assert!(members[1]["SelectedEntity"].as_str().unwrap().starts_with("01I"), "{members:?}");
    assert_eq!(members[2]["EventChannel"], channels[1]["Id"]);

    let fields = tooling(&mock, "SELECT Id, ChannelMemberId, Field FROM EnrichedField ORDER BY Field").await;
    assert_eq!((&fields[1]["Field"], &fields[1]["ChannelMemberId"]), (&json!("Industry"), &json!(id)));
    assert!(fields[0]["Field"].as_str().unwrap().starts_with("00N"), "{fields:?}");
    let gone = format!("/tooling/sobjects/EnrichedField/{}", fields[0]["Id"].as_str().unwrap());
    assert_eq!(ask(&mock, "DELETE", &gone, &Value::Null).await.0, 204);
    let path = format!("/tooling/sobjects/PlatformEventChannelMember/{id}");
    let (_, read) = ask(&mock, "GET", &path, &Value::Null).await;
    assert_eq!(read["FullName"], "SalesEvents_AccountChangeEvent");
    assert_eq!(read["Metadata"]["enrichedFields"], json!([{"name": "Industry"}]));

    // What is said anew is the whole of it; what it selects stays.
    let phone = json!({"Metadata": {"enrichedFields": [{"name": "Phone"}], "eventChannel": "SalesEvents__chn",
        "selectedEntity": "AccountChangeEvent"}});
    assert_eq!(ask(&mock, "PATCH", &path, &phone).await.0, 204);
    let (_, read) = ask(&mock, "GET", &path, &Value::Null).await;
    assert_eq!(read["Metadata"]["enrichedFields"], json!([{"name": "Phone"}]));
    let other =
        json!({"Metadata": {"eventChannel": "SalesEvents__chn", "selectedEntity": "ContactChangeEvent"}});
    let (status, refused) = ask(&mock, "PATCH", &path, &other).await;
    assert_eq!((status, &refused[0]["errorCode"]), (400, &json!("FIELD_INTEGRITY_EXCEPTION")));

    assert_eq!(ask(&mock, "DELETE", &path, &Value::Null).await.0, 204);
    let bayeux = hearing(&mock, "/data/AccountChangeEvent").await;
    created(&mock, "Account", &json!({"Name": "Acme"})).await;
    assert!(bayeux.events().await.is_empty(), "nobody has selected accounts any more");
    let printers = format!("/tooling/sobjects/PlatformEventChannel/{ink}");
    assert_eq!(ask(&mock, "DELETE", &printers, &Value::Null).await.0, 204);
    assert_eq!(tooling(&mock, "SELECT Id FROM PlatformEventChannelMember").await.len(), 1);
}

const PACKAGE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Package xmlns="http://soap.sforce.com/2006/04/metadata">
    <types><members>*</members><name>PlatformEventChannel</name></types>
    <types><members>*</members><name>PlatformEventChannelMember</name></types>
    <version>66.0</version>
</Package>"#;

const CHANNEL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<PlatformEventChannel xmlns="http://soap.sforce.com/2006/04/metadata">
    <channelType>data</channelType>
    <label>Custom Channel for Sales Events</label>
</PlatformEventChannel>
"#;

const MEMBER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<PlatformEventChannelMember xmlns="http://soap.sforce.com/2006/04/metadata">
    <enrichedFields>
        <name>Erp__c</name>
    </enrichedFields>
    <enrichedFields>
        <name>BillingAddress</name>
    </enrichedFields>
    <eventChannel>SalesEvents__chn</eventChannel>
    <filterExpression>Industry = &apos;Agriculture&apos; AND NumberOfEmployees &gt; 1000</filterExpression>
    <selectedEntity>AccountChangeEvent</selectedEntity>
</PlatformEventChannelMember>
"#;

#[tokio::test]
async fn channels_and_members_are_deployed_and_retrieved() {
    let mock = org().await;
    let channel_file = "platformEventChannels/SalesEvents__chn.platformEventChannel";
    let member_file =
        "platformEventChannelMembers/SalesEvents_chn_AccountChangeEvent.platformEventChannelMember";
    let files = [("package.xml", PACKAGE), (member_file, MEMBER), (channel_file, CHANNEL)];
    let done = deploy(&mock, &files, ROLLBACK).await;
    assert!(done.contains("<numberComponentsDeployed>2</numberComponentsDeployed>"), "{done}");
    let bayeux = hearing(&mock, "/data/SalesEvents__chn").await;
    created(&mock, "Account", &json!({"Name": "A", "Industry": "Agriculture", "NumberOfEmployees": 5})).await;
    created(&mock, "Account", &json!({"Name": "B", "Industry": "Agriculture", "NumberOfEmployees": 1500}))
        .await;
    let told = bayeux.events().await;
    assert_eq!(told.len(), 1);
    assert_eq!(fields(&told[0])["Name"], "B");

    let types = PACKAGE.split_once("04/metadata\">").unwrap().1.replace("</Package>", "");
    let wanted = format!(
        "<retrieveRequest><apiVersion>66.0</apiVersion><unpackaged>{types}</unpackaged></retrieveRequest>"
    );
    let queued = answer(&mock, "retrieve", &wanted).await;
    let id = format!("<asyncProcessId>{}</asyncProcessId>", element(&queued, "id"));
    let files = unpacked(element(&answer(&mock, "checkRetrieveStatus", &id).await, "zipFile"));
    assert_eq!(files[&format!("unpackaged/{channel_file}")], CHANNEL);
    assert_eq!(
        files[&format!("unpackaged/{member_file}")].replace("&apos;", "'"),
        MEMBER.replace("&apos;", "'")
    );

    let read = answer(
        &mock,
        "readMetadata",
        "<type>PlatformEventChannelMember</type><fullNames>SalesEvents_chn_AccountChangeEvent</fullNames>",
    )
    .await;
    assert!(read.contains("<eventChannel>SalesEvents__chn</eventChannel>"), "{read}");
    let wrong = MEMBER.replace("Erp__c", "Nothing__c").replace("AND", "NEAR");
    let done = deploy(&mock, &[("package.xml", PACKAGE), (member_file, &wrong)], ROLLBACK).await;
    assert!(done.contains("Account has no field &quot;Nothing__c&quot;"), "{done}");
    let gone = answer(
        &mock,
        "deleteMetadata",
        "<type>PlatformEventChannel</type><fullNames>SalesEvents__chn</fullNames>",
    )
    .await;
    assert!(gone.contains("<success>true</success>"), "{gone}");
    let (status, refused) =
        ask(&mock, "POST", "/tooling/sobjects/EventRelayConfig", &json!({"FullName": "X", "Metadata": {}}))
            .await;
    assert_eq!(status, 404, "{refused}");
}
