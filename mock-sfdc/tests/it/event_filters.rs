//! Filters of event channels: which events a channel has, and what no filter may say.

use serde_json::{Value, json};

use crate::event_channels::{ask, channel, created, fields, header, hearing, member, org, updated};

#[tokio::test]
async fn a_filter_looks_at_the_record_and_adds_what_it_looks_at() {
    let mock = org().await;
    channel(&mock, "Farms__chn", "data").await;
    let filter = "Industry = 'agriculture' AND (NOT(NumberOfEmployees <= 1000))";
    let said = json!({"eventChannel": "Farms__chn", "selectedEntity": "AccountChangeEvent", "filterExpression": filter});
    assert_eq!(member(&mock, "Farms_chn_AccountChangeEvent", &said).await.0, 201);
    let farms = hearing(&mock, "/data/Farms__chn").await;
    let farm = json!({"Name": "Acme", "Industry": "Agriculture", "NumberOfEmployees": 1500});
    let id = created(&mock, "Account", &farm).await;
    created(&mock, "Account", &json!({"Name": "Small", "Industry": "Agriculture", "NumberOfEmployees": 9}))
        .await;
    created(&mock, "Account", &json!({"Name": "Bank", "Industry": "Banking", "NumberOfEmployees": 1500}))
        .await;
    updated(&mock, &id, &json!({"Type": "Prospect"})).await;
    updated(&mock, &id, &json!({"NumberOfEmployees": 10})).await;
    updated(&mock, &id, &json!({"Fax": "1"})).await;
    let told = farms.events().await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(fields(&told[0])["Name"], "Acme");
    assert_eq!(header(&told[1])["changedFields"], json!(["Type", "LastModifiedDate"]));
    let added = fields(&told[1]);
    assert_eq!((&added["Type"], &added["Industry"]), (&json!("Prospect"), &json!("Agriculture")));
    assert_eq!(added["NumberOfEmployees"], 10, "fields that are added are read at delivery");
    updated(&mock, &id, &json!({"NumberOfEmployees": 5000})).await;
    assert_eq!(ask(&mock, "DELETE", &format!("/sobjects/Account/{id}"), &Value::Null).await.0, 204);
    let told = farms.events().await;
    let kinds: Vec<_> = told.iter().map(|event| header(event)["changeType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["UPDATE", "DELETE"], "a deletion is judged by the last values");
}

#[tokio::test]
async fn a_filter_looks_at_headers_and_at_parts_of_compound_fields() {
    let mock = org().await;
    for (channel_name, filter) in [
        ("Updates__chn", "ChangeEventHeader.changeType = 'UPDATE'"),
        (
            "Mine__chn",
            "ChangeEventHeader.commitUser != null AND ChangeEventHeader.changeOrigin LIKE '%/rest/%'",
        ),
        ("Ghent__chn", "BillingAddress.City = 'ghent' OR Name LIKE 'Gh%'"),
        ("Nobody__chn", "ChangeEventHeader.sequenceNumber > 1"),
    ] {
        channel(&mock, channel_name, "data").await;
        let said = json!({"eventChannel": channel_name, "selectedEntity": "AccountChangeEvent", "filterExpression": filter});
        let (status, refused) = member(&mock, &format!("M_{}", channel_name.replace("__", "_")), &said).await;
        assert_eq!(status, 201, "{refused}");
    }
    let mut all = Vec::new();
    for name in ["Updates__chn", "Mine__chn", "Ghent__chn", "Nobody__chn"] {
        all.push(hearing(&mock, &format!("/data/{name}")).await);
    }
    let id = created(&mock, "Account", &json!({"Name": "Acme", "BillingCity": "Ghent"})).await;
    updated(&mock, &id, &json!({"Phone": "1"})).await;
    let id = created(&mock, "Account", &json!({"Name": "Other"})).await;
    updated(&mock, &id, &json!({"Phone": "2"})).await;
    let mut told = Vec::new();
    for bayeux in &all {
        told.push(bayeux.events().await);
    }
    assert_eq!(told.iter().map(Vec::len).collect::<Vec<_>>(), [2, 4, 2, 0]);
    assert_eq!(fields(&told[0][0]), json!({"Phone": "1", "LastModifiedDate": "2026-03-25T12:00:00.000Z"}));
    assert_eq!(fields(&told[2][1])["BillingAddress"], json!({"City": "Ghent"}));
}

#[tokio::test]
async fn platform_events_are_filtered_by_what_they_say() {
    let mock = org().await;
    channel(&mock, "Printers__chn", "event").await;
    let filter = "(Model__c IN ('X1', 'x2') AND Left__c < 10.5) OR Note__c LIKE '%urgent%'";
    let said =
        json!({"eventChannel": "Printers__chn", "selectedEntity": "Low_Ink__e", "filterExpression": filter});
    let (status, refused) = member(&mock, "Printers_chn_Low_Ink_e", &said).await;
    assert_eq!(status, 201, "{refused}");
    let some = hearing(&mock, "/event/Printers__chn").await;
    let all = hearing(&mock, "/event/Low_Ink__e").await;
    for event in [
        json!({"Model__c": "X1", "Left__c": 10}),
        json!({"Model__c": "X1", "Left__c": 11}),
        json!({"Model__c": "X3", "Left__c": 1}),
        json!({"Model__c": "X3", "Note__c": "Urgent!"}),
    ] {
        created(&mock, "Low_Ink__e", &event).await;
    }
    let told = some.events().await;
    let models: Vec<_> =
        told.iter().map(|event| event["data"]["payload"]["Model__c"].as_str().unwrap()).collect();
    assert_eq!(models, ["X1", "X3"]);
    assert_eq!(told[0]["data"]["event"]["EventApiName"], "Low_Ink__e");
    assert_eq!(all.events().await.len(), 4);
}

#[tokio::test]
async fn what_a_member_may_not_say_is_refused_by_name() {
    let mock = org().await;
    channel(&mock, "Any__chn", "data").await;
    channel(&mock, "Ink__chn", "event").await;
    let eleven: Vec<Value> = [
        "Name", "Type", "ParentId", "Phone", "Fax", "Website", "Sic", "Industry", "Site", "Rating", "OwnerId",
    ]
    .iter()
    .map(|name| json!({ "name": name }))
    .collect();
    let long = format!("Name = '{}'", "x".repeat(131_072));
    for (said, problem) in [
        (json!({"filterExpression": "Nothing__c = 1"}), "events of Account carry no field Nothing__c"),
        (json!({"filterExpression": "Owner.Name = 'Kim'"}), "events of Account carry no field Owner.Name"),
        (json!({"filterExpression": "BillingAddress = 'Ghent'"}), "BillingAddress is a compound field"),
        (json!({"filterExpression": "Description = 'x'"}), "Description is a long text"),
        (
            json!({"filterExpression": "Industry IN ('A', 'B')"}),
            "IN and NOT IN are not supported for change events",
        ),
        (json!({"filterExpression": "CreatedDate = TODAY"}), "the date literal TODAY is not supported"),
        (json!({"filterExpression": "NumberOfEmployees > null"}), "by = and != only"),
        (json!({"filterExpression": "AnnualRevenue > 2147483648"}), "A number format error occurred"),
        (json!({"filterExpression": "NumberOfEmployees > 'many'"}), "should not be enclosed in quotes"),
        (json!({"filterExpression": "CALENDAR_YEAR(CreatedDate) = 2026"}), "functions are not supported"),
        (
            json!({"filterExpression": "Id IN (SELECT AccountId FROM Contact)"}),
            "sub-selects are not supported",
        ),
        (
            json!({"filterExpression": "ChangeEventHeader.recordIds = '001'"}),
            "ChangeEventHeader.recordIds is a list",
        ),
        (
            json!({"filterExpression": "ChangeEventHeader.nothing = '1'"}),
            "ChangeEventHeader has no field nothing",
        ),
        (json!({"filterExpression": "Industry 'Banking'"}), "unexpected token"),
        (json!({"filterExpression": long}), "131072 can be"),
        (json!({"enrichedFields": [{"name": "BillingCity"}]}), "BillingCity is a part of a compound field"),
        (json!({"enrichedFields": [{"name": "Description"}]}), "of a type that cannot be added"),
        (json!({"enrichedFields": [{"name": "Owner.Name"}]}), "Account has no field"),
        (json!({"enrichedFields": eleven}), "11 fields; 10 can be"),
        (json!({"selectedEntity": "PushTopic"}), "PushTopic has no such events"),
        (json!({"eventChannel": "None__chn"}), "the org has no channel \"None__chn\""),
        (
            json!({"eventChannel": "Ink__chn", "selectedEntity": "Low_Ink__e", "enrichedFields": [{"name": "Model__c"}]}),
            "platform events have all their fields",
        ),
        (json!({"relay": "x"}), "the element relay is not emulated"),
    ] {
        let mut metadata = json!({"eventChannel": "Any__chn", "selectedEntity": "AccountChangeEvent"});
        for (key, value) in said.as_object().unwrap() {
            metadata[key] = value.clone();
        }
        let (status, refused) = member(&mock, "Any_chn_AccountChangeEvent", &metadata).await;
        assert_eq!(
            (status, &refused[0]["errorCode"]),
            (400, &json!("FIELD_INTEGRITY_EXCEPTION")),
            "{metadata}"
        );
        let message = refused[0]["message"].as_str().unwrap();
        assert!(message.contains(problem), "{metadata}: {message}");
    }
}

#[tokio::test]
async fn a_field_that_a_member_needs_stays() {
    let mock = org().await;
    channel(&mock, "Erp__chn", "data").await;
    let said = json!({"eventChannel": "Erp__chn", "selectedEntity": "Account", "filterExpression": "Erp__c != null"});
    assert_eq!(member(&mock, "Erp_chn_AccountChangeEvent", &said).await.0, 201);
    let found = ask(
        &mock,
        "GET",
        "/tooling/query?q=SELECT+Id+FROM+CustomField+WHERE+DeveloperName='Erp'",
        &Value::Null,
    )
    .await
    .1;
    let path = format!("/tooling/sobjects/CustomField/{}", found["records"][0]["Id"].as_str().unwrap());
    let (status, refused) = ask(&mock, "DELETE", &path, &Value::Null).await;
    assert_eq!(status, 400, "{refused}");
    let message = refused[0]["message"].as_str().unwrap();
    assert!(message.contains("Platform Event Channel Member - Erp_chn_AccountChangeEvent"), "{message}");
    let long =
        json!({"Metadata": {"label": "Erp", "type": "LongTextArea", "length": 1000, "visibleLines": 3}});
    let (status, refused) = ask(&mock, "PATCH", &path, &long).await;
    assert_eq!(status, 400, "{refused}");
}
