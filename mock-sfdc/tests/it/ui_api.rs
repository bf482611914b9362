//! UI API: records and what an object looks like.

use serde_json::{Value, json};

use crate::{
    mock,
    wire::{ask, create, send},
};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn a_record_is_read_as_a_page_reads_it() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Acme","Industry":"Banking"}"#).await;
    let contact = create(&mock, "Contact", &format!(r#"{{"LastName":"B","AccountId":"{account}"}}"#)).await;
    let path = format!(
        "/v66.0/ui-api/records/{contact}?fields=Contact.LastName,Contact.Account.Name&optionalFields=Contact.Nope,Contact.Email"
    );
    let (status, text) = ask(&mock, "GET", &path, "").await;
    assert_eq!(status, 200, "{text}");
    let body = parsed(&text);
    assert_eq!((&body["apiName"], &body["id"]), (&json!("Contact"), &json!(contact)));
    assert_eq!(body["fields"]["LastName"], json!({"displayValue": null, "value": "B"}));
    assert_eq!(body["fields"]["Email"], json!({"displayValue": null, "value": null}));
    assert!(body["fields"].get("Nope").is_none());
    let parent = &body["fields"]["Account"];
    assert_eq!((&parent["displayValue"], &parent["value"]["id"]), (&json!("Acme"), &json!(account)));
    assert_eq!(parent["value"]["fields"]["Name"]["value"], "Acme");

    let path = format!("/v66.0/ui-api/records/{account}?layoutTypes=Full&modes=View");
    let body = parsed(&ask(&mock, "GET", &path, "").await.1);
    assert_eq!(body["fields"]["Industry"], json!({"displayValue": "Banking", "value": "Banking"}));
    for (query, status) in [("", 400), ("?fields=Account.Nope", 400), ("?layoutTypes=Odd", 403)] {
        let path = format!("/v66.0/ui-api/records/{account}{query}");
        assert_eq!(ask(&mock, "GET", &path, "").await.0, status, "{query}");
    }
    assert_eq!(
        ask(&mock, "GET", "/v66.0/ui-api/records/0015g00000009zz?fields=Account.Name", "").await.0,
        404
    );
}

#[tokio::test]
async fn records_are_written_and_errors_are_laid_out() {
    let mock = mock().await;
    let (status, text) =
        ask(&mock, "POST", "/v66.0/ui-api/records", r#"{"apiName":"Account","fields":{"Name":"Acme"}}"#)
            .await;
    assert_eq!(status, 201, "{text}");
    let body = parsed(&text);
    assert_eq!(body["fields"], json!({"Name": {"displayValue": null, "value": "Acme"}}));
    let row = format!("/v66.0/ui-api/records/{}", body["id"].as_str().unwrap());
    let (status, text) = ask(&mock, "PATCH", &row, r#"{"fields":{"Phone":"1"}}"#).await;
    assert_eq!((status, &parsed(&text)["fields"]["Phone"]["value"]), (200, &json!("1")));

    let (status, text) = ask(&mock, "PATCH", &row, r#"{"fields":{"Name":""}}"#).await;
    let body = parsed(&text);
    assert_eq!((status, &body[0]["enhancedErrorType"]), (400, &json!("RecordError")));
    assert_eq!(
        body[0]["output"]["fieldErrors"]["Name"][0],
        json!({"constituentField": null, "duplicateRecordError": null, "errorCode": "REQUIRED_FIELD_MISSING", "field": "Name",
               "fieldLabel": "Account Name", "message": "Required fields are missing: [Name]"})
    );
    assert_eq!(ask(&mock, "DELETE", &row, "").await, (204, String::new()));
    assert_eq!(ask(&mock, "DELETE", &row, "").await.0, 404);
    let odd = r#"{"apiName":"Account","fields":{"Name":"A"},"useDefaultRule":true}"#;
    let (status, text) = ask(&mock, "POST", "/v66.0/ui-api/records", odd).await;
    assert!(status == 403 && text.contains("useDefaultRule"), "{text}");
}

#[tokio::test]
async fn a_key_makes_a_request_count_once() {
    let mock = mock().await;
    let body = r#"{"apiName":"Account","fields":{"Name":"Acme"}}"#;
    let post = |key: &'static str, body: &'static str| {
        let mock = &mock;
        async move {
            let answer = send(mock, "POST", "/v66.0/ui-api/records", &[("idempotency-key", key)], body).await;
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    let first = post("a-1", body).await;
    assert_eq!(first.0, 201);
    assert_eq!(post("a-1", body).await, first);
    assert_eq!(post("a-2", body).await.0, 201);
    let (status, text) = post("a-1", r#"{"apiName":"Account","fields":{"Name":"Other"}}"#).await;
    assert!(status == 400 && text.contains("IDEMPOTENCY_KEY_ALREADY_USED"), "{text}");
    let (status, text) = post("a b", body).await;
    assert!(status == 400 && text.contains("INVALID_IDEMPOTENCY_KEY"), "{text}");
    let count = ask(&mock, "GET", "/v66.0/query?q=SELECT+COUNT()+FROM+Account", "").await.1;
    assert!(count.contains("\"totalSize\":2"), "{count}");
}

#[tokio::test]
async fn an_object_is_described_for_pages() {
    let mock = mock().await;
    let body = parsed(&ask(&mock, "GET", "/v66.0/ui-api/object-info/contact", "").await.1);
    assert_eq!((&body["apiName"], &body["keyPrefix"]), (&json!("Contact"), &json!("003")));
    assert_eq!(body["nameFields"], json!(["Name", "LastName", "FirstName"]));
    let account = &body["fields"]["AccountId"];
    assert_eq!(
        (&account["dataType"], &account["relationshipName"]),
        (&json!("Reference"), &json!("Account"))
    );
    assert_eq!(account["referenceToInfos"], json!([{"apiName": "Account", "nameFields": ["Name"]}]));
    assert_eq!(body["recordTypeInfos"]["012000000000000AAA"]["master"], true);
    assert_eq!(ask(&mock, "GET", "/v66.0/ui-api/object-info/Nope", "").await.0, 404);
}

#[tokio::test]
async fn several_records_and_objects_come_in_one_answer() {
    let mock = mock().await;
    let account = create(&mock, "Account", r#"{"Name":"Acme"}"#).await;
    let contact = create(&mock, "Contact", &format!(r#"{{"LastName":"B","AccountId":"{account}"}}"#)).await;
    let path = format!(
        "/v66.0/ui-api/records/batch/{account},{contact},0015g00000009zzAAA?fields=Account.Name,Contact.LastName,Contact.Account.Name"
    );
    let (status, text) = ask(&mock, "GET", &path, "").await;
    let body = parsed(&text);
    assert_eq!((status, &body["hasErrors"]), (200, &json!(true)), "{text}");
    let results = body["results"].as_array().unwrap();
    let codes: Vec<_> = results.iter().map(|one| one["statusCode"].as_u64().unwrap()).collect();
    assert_eq!(codes, [200, 200, 404]);
    assert_eq!(results[0]["result"]["fields"], json!({"Name": {"displayValue": null, "value": "Acme"}}));
    assert_eq!(results[1]["result"]["fields"]["Account"]["displayValue"], "Acme");
    assert_eq!(results[2]["result"][0]["errorCode"], "NOT_FOUND");

    let body = parsed(&ask(&mock, "GET", "/v66.0/ui-api/object-info/batch/Account,Nope", "").await.1);
    assert_eq!(body["results"][0]["result"]["apiName"], "Account");
    assert_eq!(body["results"][1]["statusCode"], 404);
    let (status, text) = ask(&mock, "PATCH", "/v66.0/ui-api/records/batch/x", "{}").await;
    assert!(status == 403 || status == 405, "{status} {text}");
}

#[tokio::test]
async fn picklists_tell_their_values_by_record_type_and_what_they_mean() {
    let mock = crate::lists::mock().await;
    let path = "/v66.0/ui-api/object-info/Opportunity/picklist-values/012000000000000AAA";
    let (status, text) = ask(&mock, "GET", path, "").await;
    assert_eq!(status, 200, "{text}");
    let all = parsed(&text);
    let stages = &all["picklistFieldValues"]["StageName"];
    let won = stages["values"].as_array().unwrap().iter().find(|one| one["value"] == "Closed Won").unwrap();
    assert_eq!(
        won["attributes"],
        json!({"closed": true, "defaultProbability": 100.0, "forecastCategoryName": "Closed",
               "picklistAtrributesValueType": "OpportunityStage", "won": true})
    );
    let one = parsed(&ask(&mock, "GET", &format!("{path}/StageName"), "").await.1);
    assert_eq!(&one, stages);
    assert_eq!(one["url"], format!("/services/data{path}/StageName"));
    assert_eq!((&one["controllerValues"], &one["defaultValue"]), (&json!({}), &Value::Null));
    let keys: Vec<_> = one.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["controllerValues", "defaultValue", "eTag", "url", "values"]);
    for (path, status) in [
        (format!("{path}/Name"), 404),
        ("/v66.0/ui-api/object-info/Opportunity/picklist-values/012000000000001AAA".to_owned(), 404),
    ] {
        assert_eq!(ask(&mock, "GET", &path, "").await.0, status, "{path}");
    }
}

#[tokio::test]
async fn a_record_type_and_a_controlling_field_narrow_what_a_page_offers() {
    let fixture = json!({
        "packages": [{"package": "p", "objects": {"Account": {"fields": {
            "Region__c": {"type": "picklist", "picklistValues": ["EU", "US"]},
            "State__c": {"type": "picklist", "controllerName": "Region__c", "picklistValues": [
                {"value": "Ghent", "validFor": "gAAA"}, {"value": "Texas", "validFor": "QAAA"}]}
        }}}}],
        "recordTypes": [{"fullName": "Account.European", "picklistValues": [
            {"picklist": "Region__c", "values": [{"fullName": "EU", "default": true}]}]}]
    });
    let now = mock_sfdc_org::value::DateTime::from_millis(1_774_440_000_000);
    let state = mock_sfdc_org::seed::load("test.json", &fixture.to_string(), now, &|_| None).unwrap();
    let mock = mock_sfdc::MockSfdc::builder().state(state).start().await.unwrap();
    let get = async |path: &str| {
        let url = format!("{}/services/data/v66.0/ui-api/{path}", mock.url());
        let answer = crate::client().get(url).bearer_auth(mock.admin_token()).send().await.unwrap();
        parsed(&answer.text().await.unwrap())
    };
    let info = get("object-info/Account").await;
    let types = info["recordTypeInfos"].as_object().unwrap();
    let (european, _) = types.iter().find(|(_, one)| one["name"] == "European").unwrap();
    let region = get(&format!("object-info/Account/picklist-values/{european}/Region__c")).await;
    assert_eq!(region["values"], json!([{"attributes": null, "label": "EU", "validFor": [], "value": "EU"}]));
    assert_eq!(region["defaultValue"]["value"], "EU");
    let state = get("object-info/Account/picklist-values/012000000000000AAA/State__c").await;
    assert_eq!(state["controllerValues"], json!({"EU": 0, "US": 1}));
    let valid: Vec<_> =
        state["values"].as_array().unwrap().iter().map(|one| one["validFor"].clone()).collect();
    assert_eq!(valid, [json!([0]), json!([1])]);
}

#[tokio::test]
async fn a_page_is_told_with_its_record_and_its_object() {
    let mock = mock().await;
    let contact = create(&mock, "Contact", r#"{"FirstName":"Ada","LastName":"Lovelace"}"#).await;
    let layout = parsed(&ask(&mock, "GET", "/v66.0/ui-api/layout/Contact?mode=Edit", "").await.1);
    assert_eq!(
        (&layout["layoutType"], &layout["mode"], &layout["objectApiName"], &layout["recordTypeId"]),
        (&json!("Full"), &json!("Edit"), &json!("Contact"), &json!("012000000000000AAA"))
    );
    let items = layout["sections"][0]["layoutRows"].as_array().unwrap();
    let items: Vec<_> = items.iter().flat_map(|row| row["layoutItems"].as_array().unwrap()).collect();
    let name = items.iter().find(|item| item["lookupIdApiName"] == "Id").unwrap();
    let parts: Vec<_> =
        name["layoutComponents"].as_array().unwrap().iter().map(|part| &part["apiName"]).collect();
    assert!(parts.contains(&&json!("LastName")) && name["required"] == true, "{name}");
    let compact = parsed(&ask(&mock, "GET", "/v66.0/ui-api/layout/Contact?layoutType=Compact", "").await.1);
    assert_eq!(compact["sections"][0]["rows"], 1);

    let path = format!("/v66.0/ui-api/record-ui/{contact}?layoutTypes=Full,Compact&modes=View,Edit");
    let (status, text) = ask(&mock, "GET", &path, "").await;
    assert_eq!(status, 200, "{text}");
    let page = parsed(&text);
    let layouts = &page["layouts"]["Contact"]["012000000000000AAA"];
    assert_eq!(layouts["Full"]["Edit"], layout);
    assert_eq!(layouts["Compact"]["View"], compact);
    let id = layout["id"].as_str().unwrap();
    assert_eq!(page["layoutUserStates"][id]["id"], id);
    assert_eq!(page["objectInfos"]["Contact"]["apiName"], "Contact");
    assert_eq!(page["records"][&contact]["fields"]["Name"]["value"], "Ada Lovelace");
    for (path, status) in [
        ("layout/Contact?layoutType=Tiny", 403),
        ("layout/PushTopic", 404),
        ("layout/Contact?recordTypeId=012000000000009AAA", 404),
        ("record-ui/003000000000009AAA", 404),
        ("record-ui/nonsense", 400),
        ("actions/global", 403),
        ("mru-list-ui/Account", 403),
        ("apps", 403),
    ] {
        let (told, text) = ask(&mock, "GET", &format!("/v66.0/ui-api/{path}"), "").await;
        assert_eq!(told, status, "{path}: {text}");
    }
}

#[tokio::test]
async fn a_new_record_begins_with_its_defaults_or_with_those_of_another() {
    let mock = mock().await;
    let path = "/v66.0/ui-api/record-defaults/create/Lead";
    let (status, text) = ask(&mock, "GET", path, "").await;
    assert_eq!(status, 200, "{text}");
    let body = parsed(&text);
    let fields = &body["record"]["fields"];
    assert_eq!(
        fields["Status"],
        json!({"displayValue": "Open - Not Contacted", "value": "Open - Not Contacted"})
    );
    assert_eq!((&fields["Company"]["value"], &body["record"]["id"]), (&Value::Null, &Value::Null));
    assert!(fields.get("CreatedById").is_none(), "what nobody can give has no default");
    assert_eq!(
        (&body["layout"]["mode"], &body["objectInfos"]["Lead"]["apiName"]),
        (&json!("Create"), &json!("Lead"))
    );
    let lead = create(&mock, "Lead", r#"{"LastName":"B","Company":"Engines"}"#).await;
    let body = parsed(&ask(&mock, "GET", &format!("/v66.0/ui-api/record-defaults/clone/{lead}"), "").await.1);
    assert_eq!(body["record"]["fields"]["Company"]["value"], "Engines");
}
