//! Invocable actions, and workflow rules on demand.

use mock_sfdc::{MockSfdc, fixtures};
use mock_sfdc_org::access::{NewSession, SessionKind, adopt_session};
use serde_json::{Value, json};

use crate::{
    TOKEN, client, mock,
    wire::{ask, column, create, send},
};

#[tokio::test]
async fn a_mail_goes_to_the_outbox() {
    let mock = mock().await;
    assert_eq!(
        ask(&mock, "GET", "/v66.0/actions", "").await.1,
        r#"{"standard":"/services/data/v66.0/actions/standard","custom":"/services/data/v66.0/actions/custom"}"#
    );
    let custom: Value =
        serde_json::from_str(&ask(&mock, "GET", "/v66.0/actions/custom", "").await.1).unwrap();
    assert_eq!(custom["flow"], "/services/data/v66.0/actions/custom/flow");
    assert_eq!(ask(&mock, "GET", "/v66.0/actions/custom/flow", "").await.0, 403);
    let path = "/v66.0/actions/standard/emailSimple";
    let list: Value =
        serde_json::from_str(&ask(&mock, "GET", "/v66.0/actions/standard", "").await.1).unwrap();
    assert_eq!(list["actions"][0]["url"], "/services/data/v66.0/actions/standard/emailSimple");
    let described: Value = serde_json::from_str(&ask(&mock, "GET", path, "").await.1).unwrap();
    assert_eq!(
        (&described["name"], &described["inputs"][2]["required"]),
        (&json!("emailSimple"), &json!(true))
    );

    let good = r#"{"emailAddresses":"a@x.example, b@x.example","emailSubject":"S","emailBody":"B"}"#;
    let bad = r#"{"emailAddresses":"a@x.example","emailBody":"B"}"#;
    assert_eq!(
        ask(&mock, "POST", path, &format!(r#"{{"inputs":[{good},{bad}]}}"#)).await,
        (
            200,
            r#"[{"actionName":"emailSimple","errors":null,"isSuccess":true,"outputValues":null},{"actionName":"emailSimple","errors":[{"statusCode":"MISSING_ARGUMENT","message":"Missing required input parameter: emailSubject","fields":[]}],"isSuccess":false,"outputValues":null}]"#.to_owned()
        )
    );
    let mails = mock.org().snapshot().mails().cloned().collect::<Vec<_>>();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        (mails[0].to.join(" "), mails[0].subject.as_str()),
        ("a@x.example b@x.example".to_owned(), "S")
    );

    assert_eq!(ask(&mock, "POST", path, &format!(r#"{{"inputs":[{bad}]}}"#)).await.0, 400);
    let (status, text) = ask(&mock, "POST", "/v66.0/actions/standard/chatterPost", r#"{"inputs":[]}"#).await;
    assert!(status == 403 && text.contains("the action chatterPost"), "{text}");
}

#[tokio::test]
async fn leads_are_assigned_on_demand() {
    let mock = mock().await;
    let path = "/v66.0/actions/standard/invocableApplyLeadAssignmentRules";
    let lead = create(&mock, "Lead", r#"{"LastName":"A","Company":"B"}"#).await;
    let post = |id: &str| {
        let body = format!(r#"{{"inputs":[{{"leadId":"{id}"}}]}}"#);
        let mock = &mock;
        async move { ask(mock, "POST", path, &body).await }
    };
    let (status, text) = post(&lead).await;
    assert_eq!(
        (status, text.as_str()),
        (
            200,
            r#"[{"actionName":"invocableApplyLeadAssignmentRules","errors":null,"isSuccess":true,"outputValues":null}]"#
        )
    );
    let (status, text) = post("0015g0000000001").await;
    assert!(
        status == 500 && text.contains("Something's not right with one or more the specified LeadIds."),
        "{text}"
    );
    assert_eq!(ask(&mock, "DELETE", &format!("/v66.0/sobjects/Lead/{lead}"), "").await.0, 204);
    let (status, text) = post(&lead).await;
    assert!(status == 400 && text.contains("One or more of the specified LeadIds were deleted."), "{text}");
}

#[tokio::test]
async fn an_org_without_rules_says_so() {
    let mock = mock().await;
    for (path, body) in [
        ("/v66.0/process/rules", r#"{"rules":{}}"#),
        ("/v66.0/process/rules/Lead", r#"{"rules":{"Lead":[]}}"#),
        ("/v66.0/process/approvals", r#"{"approvals":{}}"#),
    ] {
        assert_eq!(ask(&mock, "GET", path, "").await, (200, body.to_owned()));
    }
    let account = create(&mock, "Account", r#"{"Name":"A"}"#).await;
    let submit = |id: &str| {
        format!(
            r#"{{"requests":[{{"actionType":"Submit","contextId":"{id}","comments":"Please","nextApproverIds":[]}}]}}"#
        )
    };
    let refused = |code: &str, message: &str| {
        (
            400,
            format!(
                r#"[{{"actorIds":null,"entityId":null,"errors":[{{"statusCode":"{code}","message":"{message}","fields":[]}}],"instanceId":null,"instanceStatus":null,"newWorkitemIds":null,"success":false}}]"#
            ),
        )
    };
    let path = "/v66.0/process/approvals";
    assert_eq!(ask(&mock, "POST", path, r#"{"requests":[]}"#).await, (200, "[]".to_owned()));
    assert_eq!(
        ask(&mock, "POST", path, &submit(&account)).await,
        refused("NO_APPLICABLE_PROCESS", "No applicable approval process was found.")
    );
    assert_eq!(
        ask(&mock, "POST", path, &submit("04i5g0000000001AAA").replace("Submit", "Approve")).await,
        refused("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    );
    for body in
        [submit(&account).replace("Submit", "Forget"), submit(&account).replace("comments", "comment")]
    {
        assert_eq!(ask(&mock, "POST", path, &body).await.0, 400, "{body}");
    }
    let request =
        client().post(format!("{}/services/data/v66.0/process/rules/", mock.url())).bearer_auth(TOKEN);
    let answer = request.json(&json!({"contextIds": ["0015g00000009zz"]})).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}

/// An org with what the fixture adds, and [`TOKEN`] for its administrator.
async fn mock_of(fixture: &Value) -> MockSfdc {
    let state = fixtures::from_text("test.json", &fixture.to_string(), None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let admin = mock_sfdc_org::seed::administrator(mock.org().snapshot().settings());
    let session = NewSession::of(admin, SessionKind::Given);
    assert!(mock.tenant().in_transaction(admin, |tx| adopt_session(tx, TOKEN, session)));
    mock
}

#[tokio::test]
async fn rules_are_listed_and_asked_on_demand() {
    let mock = mock_of(&json!({"workflows": {"Lead": {
        "fieldUpdates": [{"fullName": "Hot", "field": "Rating", "operation": "Literal", "literalValue": "Hot"}],
        "rules": [
            {"fullName": "New ones", "active": true, "triggerType": "onCreateOnly",
             "criteriaItems": [{"field": "Lead.Company", "operation": "equals", "value": "Engines"}],
             "actions": [{"name": "Hot", "type": "FieldUpdate"}]},
            {"fullName": "Off", "active": false, "triggerType": "onAllChanges", "formula": "true"}]}}}))
    .await;
    let listed: Value = serde_json::from_str(&ask(&mock, "GET", "/v66.0/process/rules", "").await.1).unwrap();
    let rule = &listed["rules"]["Lead"][0];
    assert_eq!(listed["rules"]["Lead"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(
        (&rule["name"], &rule["object"], &rule["actions"]),
        (&json!("New ones"), &json!("Lead"), &json!([{"id": null, "name": "Hot", "type": "FieldUpdate"}]))
    );
    let of_object = ask(&mock, "GET", "/v66.0/process/rules/lead", "").await.1;
    assert_eq!(serde_json::from_str::<Value>(&of_object).unwrap(), listed);
    let path = format!("/v66.0/process/rules/Lead/{}", rule["id"].as_str().unwrap());
    assert_eq!(&serde_json::from_str::<Value>(&ask(&mock, "GET", &path, "").await.1).unwrap(), rule);

    let lead = create(&mock, "Lead", r#"{"LastName":"A","Company":"Engines"}"#).await;
    let other = create(&mock, "Lead", r#"{"LastName":"B","Company":"Other"}"#).await;
    let row = format!("/v66.0/sobjects/Lead/{lead}");
    let body = format!(r#"{{"contextIds":["{lead}","{other}"]}}"#);
    for path in ["/v66.0/process/rules/", "/v66.0/process/rules/Lead", path.as_str()] {
        assert_eq!(ask(&mock, "PATCH", &row, r#"{"Rating":"Cold"}"#).await.0, 204);
        assert_eq!(
            ask(&mock, "POST", path, &body).await,
            (200, r#"{"errors":null,"success":true}"#.to_owned())
        );
        let soql = "SELECT Rating FROM Lead WHERE LastName = 'A'";
        assert_eq!(column(&mock, soql).await, ["Hot"], "{path}");
    }
    // The path says of which object the records are.
    let (status, text) = ask(&mock, "POST", "/v66.0/process/rules/Contact", &body).await;
    assert!(status == 400 && text.contains("MALFORMED_ID"), "{text}");
    let rows = ask(
        &mock,
        "GET",
        "/v66.0/query?q=SELECT+Rating+FROM+Lead+WHERE+LastName+IN+('A','B')+ORDER+BY+LastName",
        "",
    )
    .await
    .1;
    let rows: Value = serde_json::from_str(&rows).unwrap();
    assert_eq!((&rows["records"][0]["Rating"], &rows["records"][1]["Rating"]), (&json!("Hot"), &Value::Null));
}

#[tokio::test]
async fn a_default_namespace_is_left_out_of_names() {
    let mock = mock_of(&json!({"packages": [{"objects": {
        "Lead": {"fields": {"acme__Region__c": "string"}}}}]}))
    .await;
    let options = [("sforce-call-options", "client=test/1.0, defaultNamespace=acme")];
    let query = "/v66.0/query?q=SELECT+Region__c+FROM+Lead+WHERE+Region__c='North'";
    let body = r#"{"LastName":"A","Company":"B","Region__c":"North"}"#;
    for (options, status) in [(&options[..], 200), (&[], 400)] {
        let made = send(&mock, "POST", "/v66.0/sobjects/Lead", options, body).await.status().as_u16();
        assert_eq!(made, if status == 200 { 201 } else { 400 });
        let answer = send(&mock, "GET", query, options, "").await;
        assert_eq!(answer.status().as_u16(), status);
        if status == 200 {
            let text = answer.text().await.unwrap();
            assert!(text.contains(r#""acme__Region__c":"North""#), "{text}");
        }
    }
}
