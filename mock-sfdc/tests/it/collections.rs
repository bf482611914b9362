//! `/composite/sobjects`, byte by byte (`contract/rest.md` section 3).

use mock_sfdc::MockSfdc;

use crate::{
    mock,
    wire::{ask, column, create},
};

const COLLECTIONS: &str = "/v66.0/composite/sobjects";

async fn accounts(mock: &MockSfdc) -> Vec<String> {
    column(mock, "SELECT Name FROM Account ORDER BY Name").await
}

#[tokio::test]
async fn each_record_has_its_result_in_the_order_of_the_request() {
    let mock = mock().await;
    let body = r#"{"allOrNone":false,"records":[
        {"attributes":{"type":"Account"},"Name":"One"},
        {"attributes":{"type":"Contact"},"FirstName":"Ada"},
        {"attributes":{"type":"account"},"Name":"Two","AnnualRevenue":12.50}]}"#;
    let (status, text) = ask(&mock, "POST", COLLECTIONS, body).await;
    assert_eq!(status, 200);
    assert_eq!(
        text,
        r#"[{"id":"0015g0000000001AAA","success":true,"errors":[]},{"success":false,"errors":[{"statusCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [LastName]","fields":["LastName"]}]},{"id":"0015g0000000002AAA","success":true,"errors":[]}]"#
    );
    assert_eq!(accounts(&mock).await, ["One", "Two"]);
}

const ROLLED_BACK: &str = r#"{"statusCode":"ALL_OR_NONE_OPERATION_ROLLED_BACK","message":"Record rolled back because not all records were valid and the request was using AllOrNone header","fields":[]}"#;

#[tokio::test]
async fn all_or_none_tells_what_failed_and_what_was_rolled_back() {
    let mock = mock().await;
    let body = r#"{"allOrNone":true,"records":[
        {"attributes":{"type":"Account"},"Name":"One"},
        {"attributes":{"type":"Account"},"Name":"Two","OwnerId":"nobody"},
        {"attributes":{"type":"Account"}}]}"#;
    assert_eq!(
        ask(&mock, "POST", COLLECTIONS, body).await.1,
        format!(
            r#"[{{"success":false,"errors":[{ROLLED_BACK}]}},{{"success":false,"errors":[{{"statusCode":"MALFORMED_ID","message":"Owner ID: id value of incorrect type: nobody","fields":["OwnerId"]}}]}},{{"success":false,"errors":[{{"statusCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [Name]","fields":["Name"]}}]}}]"#
        )
    );
    assert!(accounts(&mock).await.is_empty());

    // What was there before keeps its id in the answer.
    let one = create(&mock, "Account", r#"{"Name":"One"}"#).await;
    let body = format!(
        r#"{{"allOrNone":true,"records":[{{"attributes":{{"type":"Account"}},"id":"{one}","Name":"Changed"}},{{"attributes":{{"type":"Account"}},"Id":"001xx000003DGb2999"}}]}}"#
    );
    assert_eq!(
        ask(&mock, "PATCH", COLLECTIONS, &body).await.1,
        format!(
            r#"[{{"id":"{one}","success":false,"errors":[{ROLLED_BACK}]}},{{"success":false,"errors":[{{"statusCode":"MALFORMED_ID","message":"Account ID: id value of incorrect type: 001xx000003DGb2999","fields":["Id"]}}]}}]"#
        )
    );
    let path = format!("{COLLECTIONS}?ids={one},0015g0000000099AAA&allOrNone=true");
    assert_eq!(
        ask(&mock, "DELETE", &path, "").await.1,
        format!(
            r#"[{{"id":"{one}","success":false,"errors":[{ROLLED_BACK}]}},{{"success":false,"errors":[{{"statusCode":"INVALID_CROSS_REFERENCE_KEY","message":"invalid cross reference id","fields":[]}}]}}]"#
        )
    );
    assert_eq!(accounts(&mock).await, ["One"]);
}

#[tokio::test]
async fn records_are_changed_and_deleted_by_their_ids() {
    let mock = mock().await;
    let one = create(&mock, "Account", r#"{"Name":"One"}"#).await;
    let two = create(&mock, "Account", r#"{"Name":"Two"}"#).await;
    let body = format!(
        r#"{{"records":[{{"attributes":{{"type":"Account"}},"ID":"{one}","Name":"First"}},{{"attributes":{{"type":"Account"}},"Name":"X"}},{{"attributes":{{"type":"Account"}},"id":"{two}","NumberOfEmployees":"many"}},{{"attributes":{{"type":"Account"}},"id":"0015g0000000099AAA"}}]}}"#
    );
    let (status, text) = ask(&mock, "PATCH", COLLECTIONS, &body).await;
    let column = body.find("\"many\"").unwrap() + 1;
    assert_eq!(status, 200);
    assert_eq!(
        text,
        format!(
            r#"[{{"id":"{one}","success":true,"errors":[]}},{{"success":false,"errors":[{{"statusCode":"MISSING_ARGUMENT","message":"Id not specified in an update call","fields":[]}}]}},{{"success":false,"errors":[{{"statusCode":"JSON_PARSER_ERROR","message":"Cannot deserialize instance of int from VALUE_STRING value many or request may be missing a required field at [line:1, column:{column}]","fields":[]}}]}},{{"success":false,"errors":[{{"statusCode":"INVALID_CROSS_REFERENCE_KEY","message":"invalid cross reference id","fields":[]}}]}}]"#
        )
    );
    assert_eq!(accounts(&mock).await, ["First", "Two"]);

    let path = format!("{COLLECTIONS}?ids={one},{one},001RM000003oLrB000&allOrNone=false");
    assert_eq!(
        ask(&mock, "DELETE", &path, "").await,
        (
            200,
            format!(
                r#"[{{"id":"{one}","success":true,"errors":[]}},{{"success":false,"errors":[{{"statusCode":"ENTITY_IS_DELETED","message":"entity is deleted","fields":[]}}]}},{{"success":false,"errors":[{{"statusCode":"MALFORMED_ID","message":"malformed id 001RM000003oLrB000","fields":[]}}]}}]"#
            )
        )
    );
    assert_eq!(accounts(&mock).await, ["Two"]);
}

#[tokio::test]
async fn records_are_upserted_by_a_field_that_identifies() {
    let mock = mock().await;
    let ada = create(&mock, "Contact", r#"{"LastName":"Lovelace","Email":"ada@example.com"}"#).await;
    let by_email = format!("{COLLECTIONS}/Contact/Email");
    let contact = r#""attributes":{"type":"Contact"}"#;
    let body = format!(
        r#"{{"allOrNone":null,"records":[{{{contact},"LastName":"King","email":"ADA@example.com"}},{{{contact},"LastName":"Hopper","Email":"grace@example.com"}},{{{contact},"FirstName":"Nobody","Email":"nobody@example.com"}},{{{contact},"LastName":"Again","Email":"grace@example.com"}},{{{contact},"LastName":"X","Birthdate":"soon","Email":"x@example.com"}},{{{contact},"LastName":"Y"}}]}}"#
    );
    let (status, text) = ask(&mock, "PATCH", &by_email, &body).await;
    assert_eq!(status, 200);
    let grace = column(&mock, "SELECT Id FROM Contact WHERE LastName='Hopper'").await.remove(0);
    let place = body.find("\"soon\"").unwrap() + 1;
    assert_eq!(
        text,
        [
            format!(r#"[{{"id":"{ada}","success":true,"errors":[],"created":false}}"#),
            format!(r#"{{"id":"{grace}","success":true,"errors":[],"created":true}}"#),
            r#"{"success":false,"errors":[{"statusCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [LastName]","fields":["LastName"]}],"created":true}"#.to_owned(),
            r#"{"success":false,"errors":[{"statusCode":"DUPLICATE_VALUE","message":"Duplicate external id specified: grace@example.com","fields":[]}],"created":false}"#.to_owned(),
            format!(r#"{{"success":false,"errors":[{{"statusCode":"JSON_PARSER_ERROR","message":"Cannot deserialize instance of date from VALUE_STRING value soon or request may be missing a required field at [line:1, column:{place}]","fields":[]}}],"created":false}}"#),
            r#"{"success":false,"errors":[{"statusCode":"MISSING_ARGUMENT","message":"Email not specified","fields":[]}],"created":false}]"#.to_owned(),
        ]
        .join(",")
    );

    // By Id: null and none insert.
    let body = format!(
        r#"{{"records":[{{{contact},"Id":"{grace}","LastName":"Murray"}},{{{contact},"Id":null,"LastName":"New"}},{{{contact},"LastName":"Newer"}}]}}"#
    );
    let (_, text) = ask(&mock, "PATCH", &format!("{COLLECTIONS}/Contact/Id"), &body).await;
    assert!(text.starts_with(&format!(r#"[{{"id":"{grace}","success":true,"errors":[],"created":false}}"#)));
    assert_eq!(text.matches(r#""created":true"#).count(), 2, "{text}");
    let names = column(&mock, "SELECT LastName FROM Contact ORDER BY LastName").await;
    assert_eq!(names, ["King", "Murray", "New", "Newer"]);

    let (status, text) = ask(&mock, "PATCH", &format!("{COLLECTIONS}/Contact/Title"), &body).await;
    assert_eq!(
        (status, text.as_str()),
        (
            404,
            r#"[{"message":"Provided external ID field does not exist or is not accessible: Title","errorCode":"NOT_FOUND"}]"#
        )
    );
}

#[tokio::test]
async fn records_are_retrieved_in_the_order_of_their_ids() {
    let mock = mock().await;
    let one = create(&mock, "Account", r#"{"Name":"One"}"#).await;
    let two = create(&mock, "Account", r#"{"Name":"Two"}"#).await;
    let row = |id: &str, name: &str| {
        format!(
            r#"{{"attributes":{{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{id}"}},"Id":"{id}","Name":"{name}"}}"#
        )
    };
    let expected = format!("[{},null,{},null]", row(&two, "Two"), row(&one, "One"));
    let ids = [two.as_str(), "0015g0000000099AAA", &one[..15], "nonsense"];
    let path = format!("{COLLECTIONS}/Account?ids={}&fields=id,name", ids.join(","));
    assert_eq!(ask(&mock, "GET", &path, "").await, (200, expected.clone()));
    let body = format!(r#"{{"ids":["{}"],"fields":["id","name"]}}"#, ids.join("\",\""));
    assert_eq!(ask(&mock, "POST", &format!("{COLLECTIONS}/Account"), &body).await, (200, expected));
    for (path, text) in [
        (
            format!("{COLLECTIONS}/Account?ids={one}&fields=Nothing"),
            r#"[{"message":"No such column 'Nothing' on sobject of type Account","errorCode":"INVALID_FIELD"}]"#,
        ),
        (
            format!("{COLLECTIONS}/Account?ids={one}"),
            r#"[{"message":"The parameter fields is required","errorCode":"MISSING_ARGUMENT"}]"#,
        ),
    ] {
        assert_eq!(ask(&mock, "GET", &path, "").await, (400, text.to_owned()));
    }
}

#[tokio::test]
async fn what_a_collection_cannot_be_is_refused_whole() {
    let mock = mock().await;
    let many = |count: usize, kinds: [&str; 2]| {
        let record = |at: usize| format!(r#"{{"attributes":{{"type":"{}"}},"Name":"A"}}"#, kinds[at % 2]);
        format!(r#"{{"records":[{}]}}"#, (0..count).map(record).collect::<Vec<_>>().join(","))
    };
    for (path, body, status, text) in [
        (
            COLLECTIONS,
            many(201, ["Account", "Account"]),
            400,
            r#"[{"message":"record limit reached. cannot submit more than 200 records into this call","errorCode":"EXCEEDED_ID_LIMIT"}]"#,
        ),
        (
            COLLECTIONS,
            many(11, ["Account", "Contact"]),
            400,
            r#"[{"message":"Cannot have more than 10 chunks in a single operation. Please rearrange the data to reduce chunking.","errorCode":"LIMIT_EXCEEDED"}]"#,
        ),
        (
            COLLECTIONS,
            r#"{"records":[],"allOrNothing":true}"#.to_owned(),
            400,
            r#"[{"message":"Unrecognized field \"allOrNothing\" at [line:1, column:28]","errorCode":"JSON_PARSER_ERROR"}]"#,
        ),
        (
            "/v41.0/composite/sobjects",
            r#"{"records":[]}"#.to_owned(),
            404,
            r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#,
        ),
    ] {
        assert_eq!(ask(&mock, "POST", path, &body).await, (status, text.to_owned()));
    }
    let (status, text) = ask(&mock, "POST", COLLECTIONS, &many(200, ["Account", "Account"])).await;
    assert_eq!((status, text.matches(r#""success":true"#).count()), (200, 200));
    // A record that says nothing of itself is a mistake of that record.
    let body = r#"{"records":[{"Name":"A"},{"attributes":{"type":"Nothing"}}]}"#;
    let (_, text) = ask(&mock, "POST", COLLECTIONS, body).await;
    assert!(text.contains("JSON_PARSER_ERROR") && text.contains("INVALID_TYPE"), "{text}");
}
