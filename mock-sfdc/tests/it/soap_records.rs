//! `create`, `update` and `upsert` over SOAP, and what headers change of them (`contract/soap.md` sections 3 to 6).

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{
    id::Id,
    seed,
    value::{DateTime, Value},
};

use crate::{
    people,
    soap::{call, call_at, element, inner, org},
};

fn value(mock: &MockSfdc, id: &str, field: &str) -> Value {
    let state = mock.tenant().org.snapshot();
    let (object, record) = state.find(Id::parse(id).unwrap()).unwrap();
    record.get(object.field(field).unwrap().0).clone()
}

#[tokio::test]
async fn records_are_created_each_with_a_result_as_recorded() {
    let (mock, session) = org().await;
    let body = "<create><sObjects><type>Lead</type><LastName>Hopper</LastName><Company>Navy</Company></sObjects><sObjects><type>Lead</type><LastName>X</LastName></sObjects></create>";
    let (status, text) = call(&mock, &session, "", body).await;
    assert_eq!(status, 200);
    let id = element(&text, "id");
    assert_eq!(
        inner(&text),
        format!(
            r#"<result><id>{id}</id><success>true</success></result><result><errors><fields>Company</fields><message>Required fields are missing: [Company]</message><statusCode>REQUIRED_FIELD_MISSING</statusCode></errors><id xsi:nil="true"/><success>false</success></result>"#
        )
    );
    assert_eq!(value(&mock, id, "LastName"), Value::text("Hopper"));
}

#[tokio::test]
async fn the_enterprise_api_names_the_type_by_xsi_type() {
    let (mock, session) = org().await;
    let body = r#"<create><sObjects xsi:type="ns1:Account"><Name>A</Name></sObjects></create>"#;
    let (_, text) = call_at(&mock, "c/62.0", &session, "", body).await;
    assert_eq!(value(&mock, element(&text, "id"), "Name"), Value::text("A"));
    assert!(text.contains(r#"xmlns="urn:enterprise.soap.sforce.com""#), "{text}");
    let (_, text) =
        call_at(&mock, "c/62.0", &session, "", "<create><sObjects><Name>A</Name></sObjects></create>").await;
    assert!(text.contains("INVALID_TYPE: Must send a concrete entity type."), "{text}");
}

#[tokio::test]
async fn elements_go_by_their_place_whatever_they_are_called() {
    let (mock, session) = org().await;
    let body = "<create><Account><type>Account</type><Name>A</Name></Account></create>";
    let (_, text) = call(&mock, &session, "", body).await;
    assert_eq!(element(&text, "success"), "true", "{text}");
}

#[tokio::test]
async fn values_are_changed_and_emptied() {
    let (mock, session) = org().await;
    let account =
        people::seed(&mock, "Account", &[("Name", "A"), ("Phone", "1"), ("Fax", "2"), ("Site", "3")])
            .to_string();
    let body = format!(
        r#"<update><sObjects><type>Account</type><fieldsToNull>Phone</fieldsToNull><Id>{account}</Id><Name>B</Name><Fax xsi:nil="true"/><Site></Site></sObjects><sObjects><type>Account</type><Name>C</Name></sObjects></update>"#
    );
    let (_, text) = call(&mock, &session, "", &body).await;
    assert_eq!(
        inner(&text),
        format!(
            r#"<result><id>{account}</id><success>true</success></result><result><errors><message>Id not specified in an update call</message><statusCode>MISSING_ARGUMENT</statusCode></errors><id xsi:nil="true"/><success>false</success></result>"#
        )
    );
    assert_eq!(value(&mock, &account, "Name"), Value::text("B"));
    for field in ["Phone", "Fax", "Site"] {
        assert_eq!(value(&mock, &account, field), Value::Null, "{field}");
    }
}

#[tokio::test]
async fn what_no_schema_knows_is_a_fault_and_nothing_is_saved() {
    let (mock, session) = org().await;
    let good = "<sObjects><type>Account</type><Name>A</Name></sObjects>";
    for (wrong, fault) in [
        ("<sObjects><type>Nonsense</type></sObjects>", "sf:InvalidSObjectFault"),
        ("<sObjects><type>Account</type><Nonsense>1</Nonsense></sObjects>", "sf:InvalidFieldFault"),
        (&*good.repeat(200), "record limit reached. cannot submit more than 200 records into this call"),
    ] {
        let (status, text) = call(&mock, &session, "", &format!("<create>{good}{wrong}</create>")).await;
        assert_eq!(status, 500);
        assert!(text.contains(fault), "{text}");
    }
    let (_, text) =
        call(&mock, &session, "", "<query><queryString>SELECT Id FROM Account</queryString></query>").await;
    assert_eq!(element(&text, "size"), "0");
    // What is wrong with one record stays with it.
    let body = format!(
        "<create>{good}<sObjects><type>Account</type><Name>B</Name><NumberOfEmployees>x</NumberOfEmployees></sObjects><sObjects><type>Account</type><Id>001000000000001AAA</Id><Name>C</Name></sObjects></create>"
    );
    let (_, text) = call(&mock, &session, "", &body).await;
    assert!(text.contains("<message>Employees: value not of required type: x</message>"), "{text}");
    assert!(text.contains("<fields>Id</fields><message>cannot specify Id in an insert call</message><statusCode>INVALID_FIELD_FOR_INSERT_UPDATE</statusCode>"), "{text}");
    assert_eq!(text.matches("<success>true</success>").count(), 1);
}

#[tokio::test]
async fn upserts_go_by_an_external_id_or_the_id() {
    let (mock, session) = org().await;
    let upsert = |field: &str, records: &str| {
        format!("<upsert><externalIDFieldName>{field}</externalIDFieldName>{records}</upsert>")
    };
    let lead = people::seed(&mock, "Lead", &[("LastName", "A"), ("Company", "X")]).to_string();
    let records = format!(
        "<sObjects><type>Lead</type><Id>{lead}</Id><LastName>B</LastName></sObjects><sObjects><type>Lead</type><LastName>C</LastName><Company>Y</Company></sObjects>"
    );
    let (_, text) = call(&mock, &session, "", &upsert("Id", &records)).await;
    let (first, second) = inner(&text).split_once("</result>").unwrap();
    assert_eq!(first, format!("<result><created>false</created><id>{lead}</id><success>true</success>"));
    assert!(second.starts_with("<result><created>true</created><id>00Q"), "{second}");
    assert_eq!(value(&mock, &lead, "LastName"), Value::text("B"));
    let (status, text) = call(&mock, &session, "", &upsert("Company", &records)).await;
    assert_eq!(status, 500);
    assert!(text.contains("Field name provided, Company does not match an External ID, Salesforce Id, or indexed field for Lead"), "{text}");
    // User.Username identifies as well.
    let user = |name: &str| {
        format!("<sObjects><type>User</type><Username>{name}</Username><City>London</City></sObjects>")
    };
    let state = mock.tenant().org.snapshot();
    let admin = seed::administrator(state.settings()).to_string();
    let Value::Text(name) = value(&mock, &admin, "Username") else { panic!("no username") };
    let (_, text) = call(&mock, &session, "", &upsert("Username", &user(&name))).await;
    assert_eq!(
        inner(&text),
        format!("<result><created>false</created><id>{admin}</id><success>true</success></result>")
    );
    let twice = upsert("Username", &(user(&name) + &user(&name)));
    let (_, text) = call(&mock, &session, "", &twice).await;
    assert_eq!(text.matches(&format!("Duplicate external id specified: {name}")).count(), 2, "{text}");
    let none = upsert("Username", "<sObjects><type>User</type><City>London</City></sObjects>");
    let (_, text) = call(&mock, &session, "", &none).await;
    assert!(text.contains("<fields>Username</fields><message>Username not specified</message><statusCode>MISSING_ARGUMENT</statusCode>"), "{text}");
}

#[tokio::test]
async fn a_parent_may_be_named_by_a_field_of_its_own() {
    let (mock, session) = org().await;
    let state = mock.tenant().org.snapshot();
    let admin = seed::administrator(state.settings()).to_string();
    let Value::Text(name) = value(&mock, &admin, "Username") else { panic!("no username") };
    let account = |name: &str| {
        format!(
            "<create><sObjects><type>Account</type><Name>A</Name><Owner><type>User</type><Username>{name}</Username></Owner></sObjects></create>"
        )
    };
    let (_, text) = call(&mock, &session, "", &account(&name)).await;
    assert_eq!(value(&mock, element(&text, "id"), "OwnerId"), Value::Id(Id::parse(&admin).unwrap()));
    let (_, text) = call(&mock, &session, "", &account("nobody@example.com")).await;
    assert!(
        text.contains(
            "Foreign key external ID: nobody@example.com not found for field Username in entity User"
        ),
        "{text}"
    );
}

#[tokio::test]
async fn all_or_none_undoes_a_create() {
    let (mock, session) = org().await;
    let header = "<AllOrNoneHeader><allOrNone>true</allOrNone></AllOrNoneHeader>";
    let body = "<create><sObjects><type>Account</type><Name>A</Name></sObjects><sObjects><type>Account</type></sObjects></create>";
    let (_, text) = call(&mock, &session, header, body).await;
    assert!(
        text.contains("ALL_OR_NONE_OPERATION_ROLLED_BACK") && text.contains("REQUIRED_FIELD_MISSING"),
        "{text}"
    );
    let (_, text) =
        call(&mock, &session, "", "<query><queryString>SELECT Id FROM Account</queryString></query>").await;
    assert_eq!(element(&text, "size"), "0");
}

#[tokio::test]
async fn an_event_is_taken_in_as_the_guide_shows() {
    let fixture = r#"{"packages": [{"package": "events", "objects": {"Low_Ink__e": {"label": "Low Ink", "labelPlural": "Low Ink",
        "fields": {"Printer_Model__c": {"type": "string", "length": 20, "label": "Printer Model"}}}}}]}"#;
    let noon = DateTime::from_millis(1_774_440_000_000);
    let state = seed::load("test.json", fixture, noon, &|_| None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let body = r#"<create><sObjects><type>Low_Ink__e</type><fieldsToNull xsi:nil="true"/><Id xsi:nil="true"/><Printer_Model__c>XZO-600</Printer_Model__c></sObjects></create>"#;
    let (_, text) = call(&mock, mock.admin_token(), "", body).await;
    let (id, message) = (element(&text, "id"), element(&text, "message"));
    assert_eq!(message.len(), 36, "{text}");
    assert_eq!(
        inner(&text),
        format!(
            "<result><errors><message>{message}</message><statusCode>OPERATION_ENQUEUED</statusCode></errors><id>{id}</id><success>true</success></result>"
        )
    );
}

#[tokio::test]
async fn texts_are_cut_when_the_header_allows_it() {
    let (mock, session) = org().await;
    let long = "x".repeat(300);
    let body = format!("<create><sObjects><type>Account</type><Name>{long}</Name></sObjects></create>");
    let (_, text) = call(&mock, &session, "", &body).await;
    assert_eq!(element(&text, "statusCode"), "STRING_TOO_LONG");
    let header = "<AllowFieldTruncationHeader><allowFieldTruncation>true</allowFieldTruncation></AllowFieldTruncationHeader>";
    let (_, text) = call(&mock, &session, header, &body).await;
    assert_eq!(value(&mock, element(&text, "id"), "Name"), Value::text("x".repeat(255)));
}

#[tokio::test]
async fn no_record_finds_an_approval_process() {
    let (mock, session) = org().await;
    let account = people::seed(&mock, "Account", &[("Name", "A")]);
    let body = format!(
        r#"<process><actions xsi:type="ProcessSubmitRequest"><objectId>{account}</objectId></actions><actions xsi:type="ProcessWorkitemRequest"><action>Approve</action><workitemId>nonsense</workitemId></actions></process>"#
    );
    let (status, text) = call(&mock, &session, "", &body).await;
    assert_eq!(status, 200, "{text}");
    assert!(inner(&text).starts_with(r#"<result><entityId xsi:nil="true"/><errors><message>No applicable approval process was found.</message><statusCode>NO_APPLICABLE_PROCESS</statusCode></errors><instanceId xsi:nil="true"/><instanceStatus xsi:nil="true"/><success>false</success></result>"#), "{text}");
    assert!(text.contains("<statusCode>MALFORMED_ID</statusCode>"), "{text}");
}

#[tokio::test]
async fn a_record_is_updated_once_in_a_call() {
    let (mock, session) = org().await;
    let (_, made) =
        call(&mock, &session, "", "<create><sObjects><type>Account</type><Name>A</Name></sObjects></create>")
            .await;
    let id = element(&made, "id");
    let record =
        |name: &str| format!("<sObjects><type>Account</type><Id>{id}</Id><Name>{name}</Name></sObjects>");
    let body = format!("<update>{}{}</update>", record("B"), record("C"));
    let (_, text) = call(&mock, &session, "", &body).await;
    let twice =
        format!("<message>Duplicate id specified: {id}</message><statusCode>DUPLICATE_VALUE</statusCode>");
    assert_eq!(
        inner(&text),
        format!(
            "<result><id>{id}</id><success>true</success></result><result><errors>{twice}</errors><id xsi:nil=\"true\"/><success>false</success></result>"
        )
    );
}
