//! Change Data Capture as long polling tells it (`contract/streaming.md` section 6, the samples of the guide).

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{seed, value::DateTime, verbs};
use serde_json::{Value, json};

use crate::{
    bayeux::{Bayeux, error},
    client,
};

/// An org that tells of accounts, leads and what leads become, and on a channel of its own of invoices.
async fn org() -> MockSfdc {
    let fixture = json!({
        "packages": [{"package": "p", "objects": {
            "Invoice__c": {"label": "Invoice", "fields": {
                "Total__c": {"type": "currency", "precision": 18, "scale": 2},
                "Paid__c": {"type": "boolean", "defaultValue": false},
                "Due__c": "date"
            }}
        }}],
        "changeDataCapture": ["Account", "Contact", "Opportunity", "LeadChangeEvent"],
        "platformEventChannels": [{"fullName": "Money__chn", "channelType": "data",
            "members": [{"selectedEntity": "Invoice__ChangeEvent"}]}],
        "users": [{"username": "kim@example.com", "password": "p", "lastName": "Kim", "profile": "Standard User"}]
    });
    let noon = DateTime::from_millis(1_774_440_000_000);
    let state = seed::load("test.json", &fixture.to_string(), noon, &|_| None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    mock.clock().freeze_at(noon);
    mock
}

async fn send(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> (u16, String) {
    let url = format!("{}/services/data/v66.0{path}", mock.url());
    let request = client().request(method.parse().unwrap(), url).bearer_auth(mock.admin_token());
    let request =
        request.header("content-type", "application/json").header("Sforce-Call-Options", "client=Sync");
    let answer = request.body(body.to_string()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn created(mock: &MockSfdc, object: &str, body: &Value) -> String {
    let (status, text) = send(mock, "POST", &format!("/sobjects/{object}"), body).await;
    assert_eq!(status, 201, "{text}");
    serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn updated(mock: &MockSfdc, object: &str, id: &str, body: &Value) {
    let (status, text) = send(mock, "PATCH", &format!("/sobjects/{object}/{id}"), body).await;
    assert_eq!(status, 204, "{text}");
}

async fn hearing(mock: &MockSfdc, channel: &str) -> Bayeux {
    let bayeux = Bayeux::connected_as(mock, mock.admin_token(), "66.0").await;
    bayeux.hear(channel, -1).await;
    bayeux
}

fn header(event: &Value) -> &Value {
    &event["data"]["payload"]["ChangeEventHeader"]
}

/// The payload without its header.
fn fields(event: &Value) -> Value {
    let mut payload = event["data"]["payload"].clone();
    payload.as_object_mut().unwrap().remove("ChangeEventHeader");
    payload
}

#[tokio::test]
async fn a_create_tells_what_is_filled_and_who_asked_for_it() {
    let mock = org().await;
    let bayeux = hearing(&mock, "/data/AccountChangeEvent").await;
    let id =
        created(&mock, "Account", &json!({"Name": "Acme", "Description": "Sample", "BillingCity": "Ghent"}))
            .await;
    let events = bayeux.events().await;
    let user = mock.admin().to_string();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["channel"], "/data/AccountChangeEvent");
    assert_eq!(events[0]["data"]["event"], json!({"replayId": 1}));
    assert_eq!(
        fields(&events[0]),
        json!({
            "Name": "Acme", "Description": "Sample", "BillingAddress": {"City": "Ghent"}, "OwnerId": user,
            "CreatedDate": "2026-03-25T12:00:00.000Z", "CreatedById": user,
            "LastModifiedDate": "2026-03-25T12:00:00.000Z", "LastModifiedById": user,
        })
    );
    let told = header(&events[0]);
    for (key, value) in [
        ("entityName", json!("Account")),
        ("changeType", json!("CREATE")),
        ("changedFields", json!([])),
        ("recordIds", json!([id])),
        ("sequenceNumber", json!(1)),
        ("commitUser", json!(user)),
        ("commitTimestamp", json!(1_774_440_000_000_i64)),
        ("changeOrigin", json!("com/salesforce/api/rest/66.0;client=Sync")),
    ] {
        assert_eq!(told[key], value, "{key}");
    }
    assert_eq!(told["transactionKey"].as_str().unwrap().len(), 36);
    let (_, schema) =
        send(&mock, "GET", "/sobjects/AccountChangeEvent/eventSchema?payloadFormat=COMPACT", &json!({}))
            .await;
    assert_eq!(events[0]["data"]["schema"], serde_json::from_str::<Value>(&schema).unwrap()["uuid"]);
}

#[tokio::test]
async fn an_update_tells_what_changed_part_by_part() {
    let mock = org().await;
    let id = created(
        &mock,
        "Account",
        &json!({"Name": "Acme", "Phone": "1", "BillingCity": "Ghent", "BillingStreet": "A"}),
    )
    .await;
    mock.clock().advance(5_000);
    let bayeux = hearing(&mock, "/data/ChangeEvents").await;
    updated(&mock, "Account", &id, &json!({"Industry": "Energy", "Phone": null, "BillingStreet": "B"})).await;
    let events = bayeux.events().await;
    assert_eq!(
        fields(&events[0]),
        json!({"BillingAddress": {"Street": "B"}, "Phone": null, "Industry": "Energy", "LastModifiedDate": "2026-03-25T12:00:05.000Z"})
    );
    assert_eq!(
        header(&events[0])["changedFields"],
        json!(["BillingAddress.Street", "Phone", "Industry", "LastModifiedDate"])
    );
    // A second save within the same second of a clock that stands.
    updated(&mock, "Account", &id, &json!({"Industry": "Media"})).await;
    assert_eq!(header(&bayeux.events().await[0])["changedFields"], json!(["Industry", "LastModifiedDate"]));
}

#[tokio::test]
async fn a_deletion_tells_its_header_only_and_an_undeletion_all() {
    let mock = org().await;
    let id = created(&mock, "Account", &json!({"Name": "Acme"})).await;
    let bayeux = hearing(&mock, "/data/AccountChangeEvent").await;
    assert_eq!(send(&mock, "DELETE", &format!("/sobjects/Account/{id}"), &json!({})).await.0, 204);
    let state = mock.org().snapshot();
    let object = state.schema().object("Account").unwrap();
    let record = mock_sfdc_org::id::Id::parse(&id).unwrap();
    mock.org().transact(mock.admin(), |tx| verbs::undelete(tx, object, record)).unwrap();
    let events = bayeux.events().await;
    let kinds: Vec<_> = events.iter().map(|event| header(event)["changeType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["DELETE", "UNDELETE"]);
    assert_eq!(fields(&events[0]), json!({}));
    assert_eq!(fields(&events[1])["Name"], "Acme");
    // Nobody asked an API for this one.
    assert_eq!(header(&events[1])["changeOrigin"], "");
    mock.org().transact(mock.admin(), |tx| verbs::hard_delete(tx, object, record)).unwrap();
    let purged = bayeux.events().await;
    assert!(purged.iter().all(|event| header(event)["changeType"] == "DELETE"), "{purged:?}");
}

#[tokio::test]
async fn a_lead_conversion_is_four_events_of_one_transaction() {
    let mock = org().await;
    let lead = created(
        &mock,
        "Lead",
        &json!({"FirstName": "Brenda", "LastName": "Mcclure", "Company": "Cadinal Inc.", "LeadSource": "Web", "State": "IL"}),
    )
    .await;
    let bayeux = hearing(&mock, "/data/ChangeEvents").await;
    let request = verbs::LeadConvert::new(mock_sfdc_org::id::Id::parse(&lead).unwrap(), "Closed - Converted");
    mock.org()
        .transact(mock.admin(), |tx| {
            verbs::convert_lead(tx, &request, &mock_sfdc_org::save::DmlOptions::default())
        })
        .unwrap();
    let events = bayeux.events().await;
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            let header = header(event);
            let text = |key: &str| header[key].as_str().unwrap().to_owned();
            (header["sequenceNumber"].as_u64().unwrap(), text("entityName"), text("changeType"))
        })
        .collect();
    let told: Vec<_> = told.iter().map(|(at, entity, kind)| (*at, entity.as_str(), kind.as_str())).collect();
    assert_eq!(
        told,
        [
            (1, "Account", "CREATE"),
            (2, "Contact", "CREATE"),
            (3, "Opportunity", "CREATE"),
            (4, "Lead", "UPDATE")
        ]
    );
    for event in &events[1..] {
        for key in ["transactionKey", "commitNumber"] {
            assert_eq!(header(event)[key], header(&events[0])[key]);
        }
    }
    assert_eq!(fields(&events[0])["BillingAddress"], json!({"State": "IL"}));
    assert_eq!(fields(&events[1])["Name"], json!({"FirstName": "Brenda", "LastName": "Mcclure"}));
    assert_eq!(
        header(&events[3])["changedFields"],
        json!([
            "Status",
            "IsConverted",
            "ConvertedDate",
            "ConvertedAccountId",
            "ConvertedContactId",
            "ConvertedOpportunityId",
            "LastModifiedDate"
        ])
    );
}

#[tokio::test]
async fn alike_changes_of_one_transaction_share_an_event() {
    let mock = org().await;
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        ids.push(created(&mock, "Account", &json!({ "Name": name })).await);
    }
    let bayeux = hearing(&mock, "/data/AccountChangeEvent").await;
    let state = mock.org().snapshot();
    let object = state.schema().object("Account").unwrap();
    mock.org()
        .transact(mock.admin(), |tx| {
            for (at, id) in ids.iter().enumerate() {
                let mut draft = mock_sfdc_org::save::Draft::default();
                let industry = if at == 2 { "Media" } else { "Apparel" };
                draft.set(object, "Industry", mock_sfdc_org::save::coerce::Raw::Text(industry)).unwrap();
                let id = mock_sfdc_org::id::Id::parse(id).unwrap();
                verbs::update(tx, object, id, draft, &mock_sfdc_org::save::DmlOptions::default())?;
            }
            Ok::<_, Vec<mock_sfdc_org::error::Error>>(())
        })
        .unwrap();
    let events = bayeux.events().await;
    let records: Vec<_> = events.iter().map(|event| header(event)["recordIds"].clone()).collect();
    assert_eq!(records, [json!([ids[0], ids[1]]), json!([ids[2]])]);
    assert_eq!(header(&events[1])["sequenceNumber"], 2);
}

#[tokio::test]
async fn what_cannot_be_told_is_a_gap_and_too_much_an_overflow() {
    let mock = org().await;
    let bayeux = hearing(&mock, "/data/AccountChangeEvent").await;
    let url = format!("{}/orgs/default/streaming", mock.control_url());
    let set = |body: &'static str| {
        client().patch(url.clone()).header("x-mock-token", mock.control_token()).body(body)
    };
    set(r#"{"gaps": true}"#).send().await.unwrap();
    let id = created(&mock, "Account", &json!({"Name": "Acme"})).await;
    let gap = bayeux.events().await.remove(0);
    assert_eq!(fields(&gap), json!({}));
    assert_eq!(
        (&header(&gap)["changeType"], &header(&gap)["changeOrigin"]),
        (&json!("GAP_CREATE"), &json!(""))
    );
    assert_eq!(header(&gap)["recordIds"], json!([id]));
    set(r#"{"gaps": false, "overflowAfter": 0}"#).send().await.unwrap();
    created(&mock, "Account", &json!({"Name": "More"})).await;
    let overflow = bayeux.events().await.remove(0);
    assert_eq!(header(&overflow)["changeType"], "GAP_OVERFLOW");
    assert_eq!(header(&overflow)["recordIds"], json!(["000000000000000AAA"]));
}

#[tokio::test]
async fn custom_objects_are_told_on_their_own_and_on_custom_channels_only() {
    let mock = org().await;
    let all = hearing(&mock, "/data/ChangeEvents").await;
    let money = hearing(&mock, "/data/Money__chn").await;
    let own = hearing(&mock, "/data/Invoice__ChangeEvent").await;
    let id = created(&mock, "Invoice__c", &json!({"Total__c": 12.5, "Due__c": "2026-04-01"})).await;
    created(&mock, "Account", &json!({"Name": "Acme"})).await;
    let told = money.events().await;
    assert_eq!(told.len(), 1);
    assert_eq!(fields(&told[0])["Total__c"], 12.5);
    assert_eq!(fields(&told[0])["Due__c"], "2026-04-01");
    assert_eq!(fields(&told[0])["Paid__c"], false);
    assert_eq!(header(&told[0])["recordIds"], json!([id]));
    assert_eq!(own.events().await[0]["data"]["payload"], told[0]["data"]["payload"]);
    let entities: Vec<_> =
        all.events().await.iter().map(|event| header(event)["entityName"].clone()).collect();
    assert_eq!(entities, ["Account"]);
}

#[tokio::test]
async fn subscribers_need_view_all_and_channels_must_be_there() {
    let mock = org().await;
    let url = format!("{}/orgs/default/sessions", mock.control_url());
    let open = client().post(url).header("x-mock-token", mock.control_token());
    let session: Value =
        open.body(r#"{"username": "kim@example.com"}"#).send().await.unwrap().json().await.unwrap();
    let kim = Bayeux::connected_as(&mock, session["accessToken"].as_str().unwrap(), "66.0").await;
    for channel in ["/data/ChangeEvents", "/data/AccountChangeEvent"] {
        let reply = kim.subscribe(channel, json!({})).await;
        assert_eq!(error(&reply), "403::User not allowed to subscribe CDC without View All Data permissions");
    }
    let url = format!("{}/orgs/default/streaming", mock.control_url());
    for (body, problem) in [
        (json!({"changeDataCapture": ["Nothing"]}), "the org has no object \\\"Nothing\\\""),
        (json!({"changeDataCapture": ["PushTopic"]}), "PushTopic has no such events"),
        (
            json!({"changeDataCapture": ["Account", "Contact", "Lead", "Case", "Campaign"]}),
            "6 objects are selected for change events; 5 can be",
        ),
        (
            json!({"platformEventChannels": [{"fullName": "Wrong", "channelType": "data"}]}),
            "\\\"Wrong\\\" is no name for a channel: it must end in __chn",
        ),
    ] {
        let change = client().patch(&url).header("x-mock-token", mock.control_token()).body(body.to_string());
        let answer = change.send().await.unwrap();
        assert_eq!(answer.status(), 400);
        let text = answer.text().await.unwrap();
        assert!(text.contains(problem), "{text}");
    }
}

#[tokio::test]
async fn a_bulk_job_tells_its_api_and_who_made_it() {
    let mock = org().await;
    let bayeux = hearing(&mock, "/data/AccountChangeEvent").await;
    let job = json!({"object": "Account", "operation": "insert"});
    let job: Value = serde_json::from_str(&send(&mock, "POST", "/jobs/ingest", &job).await.1).unwrap();
    let path = format!("/jobs/ingest/{}", job["id"].as_str().unwrap());
    let url = format!("{}/services/data/v66.0{path}/batches", mock.url());
    let put = client().put(url).bearer_auth(mock.admin_token()).header("content-type", "text/csv");
    assert_eq!(put.body("Name\nAcme\n").send().await.unwrap().status(), 201);
    send(&mock, "PATCH", &path, &json!({"state": "UploadComplete"})).await;
    let events = bayeux.events().await;
    assert_eq!(header(&events[0])["changeOrigin"], "com/salesforce/api/bulkapi/66.0;client=Sync");
}
