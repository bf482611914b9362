//! The Tooling API: a client sets up its schema through Salesforce's own calls, and uses it at once.

use mock_sfdc::MockSfdc;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client;

pub async fn ask(mock: &MockSfdc, method: &str, path: &str, body: &Value) -> (u16, Value) {
    ask_as(mock, mock.admin_token(), method, path, body).await
}

async fn ask_as(mock: &MockSfdc, token: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let method: Method = method.parse().unwrap();
    let mut request =
        client().request(method, format!("{}/services/data/v66.0{path}", mock.url())).bearer_auth(token);
    if !body.is_null() {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

pub async fn make(mock: &MockSfdc, kind: &str, name: &str, metadata: Value) -> String {
    let body = json!({"FullName": name, "Metadata": metadata});
    let (status, answer) = ask(mock, "POST", &format!("/tooling/sobjects/{kind}"), &body).await;
    assert_eq!(status, 201, "{kind} {name}: {answer}");
    let id = answer["id"].as_str().unwrap().to_owned();
    assert_eq!(answer, json!({"id": id, "success": true, "errors": [], "warnings": [], "infos": []}));
    id
}

pub async fn tooling(mock: &MockSfdc, soql: &str) -> Value {
    let path = format!("/tooling/query?q={}", soql.replace(' ', "+"));
    ask(mock, "GET", &path, &Value::Null).await.1
}

pub async fn gadgets(mock: &MockSfdc) {
    let object = json!({
        "label": "Gadget", "pluralLabel": "Gadgets", "deploymentStatus": "Deployed", "sharingModel": "ReadWrite",
        "nameField": {"type": "Text", "label": "Gadget Name"},
    });
    assert!(make(mock, "CustomObject", "Gadget__c", object).await.starts_with("01I"));
    let size = json!({"label": "Size", "type": "Number", "precision": 6, "scale": 1, "externalId": true});
    assert!(make(mock, "CustomField", "Gadget__c.Size__c", size).await.starts_with("00N"));
}

#[tokio::test]
async fn what_is_made_is_usable_at_once() {
    let mock = MockSfdc::start().await.unwrap();
    gadgets(&mock).await;
    let owner =
        json!({"label": "Owner", "type": "Lookup", "referenceTo": "Account", "relationshipName": "Gadgets"});
    make(&mock, "CustomField", "Gadget__c.Holder__c", owner).await;
    let colour = json!({"label": "Colour", "type": "Picklist", "valueSet": {"restricted": true,
        "valueSetDefinition": {"sorted": false, "value": [
            {"fullName": "Red", "default": true, "label": "Red"}, {"fullName": "Blue", "default": false, "label": "Blue"}]}}});
    make(&mock, "CustomField", "Gadget__c.Colour__c", colour).await;
    let double =
        json!({"label": "Double", "type": "Number", "precision": 18, "scale": 1, "formula": "Size__c * 2"});
    make(&mock, "CustomField", "Gadget__c.Double__c", double).await;
    let rule = json!({"active": true, "errorConditionFormula": "Size__c > 100", "errorMessage": "Too big."});
    assert!(make(&mock, "ValidationRule", "Gadget__c.Not_Too_Big", rule).await.starts_with("03d"));
    let note = json!({"label": "Note", "type": "Text", "length": 20, "required": false});
    make(&mock, "CustomField", "Gadget__c.Note__c", note).await;
    let update = json!({"field": "Note__c", "name": "Note it", "operation": "Literal", "literalValue": "seen",
        "notifyAssignee": false, "protected": false});
    make(&mock, "WorkflowFieldUpdate", "Gadget__c.Note_It", update).await;
    let rule = json!({"active": true, "triggerType": "onCreateOnly", "formula": "true",
        "actions": [{"name": "Note_It", "type": "FieldUpdate"}]});
    assert!(make(&mock, "WorkflowRule", "Gadget__c.On_Create", rule).await.starts_with("01Q"));

    let (status, described) = ask(&mock, "GET", "/sobjects/Gadget__c/describe", &Value::Null).await;
    assert_eq!((status, &described["custom"]), (200, &json!(true)));
    let (status, made) =
        ask(&mock, "POST", "/sobjects/Gadget__c", &json!({"Name": "G", "Size__c": 2.5})).await;
    assert_eq!(status, 201, "{made}");
    let soql = "SELECT Size__c, Double__c, Colour__c, Note__c, Holder__r.Name FROM Gadget__c";
    let (_, rows) = ask(&mock, "GET", &format!("/query?q={}", soql.replace(' ', "+")), &Value::Null).await;
    let row = &rows["records"][0];
    assert_eq!((&row["Size__c"], &row["Double__c"]), (&json!(2.5), &json!(5.0)));
    assert_eq!((&row["Colour__c"], &row["Note__c"]), (&json!("Red"), &json!("seen")));
    let (status, refused) = ask(&mock, "POST", "/sobjects/Gadget__c", &json!({"Size__c": 101})).await;
    assert_eq!((status, &refused[0]["message"]), (400, &json!("Too big.")));
}

#[tokio::test]
async fn a_query_has_the_shape_of_the_tooling_api() {
    let mock = MockSfdc::start().await.unwrap();
    gadgets(&mock).await;
    let soql = "SELECT DeveloperName, TableEnumOrId, EntityDefinition.QualifiedApiName, Precision FROM CustomField \
                WHERE EntityDefinition.QualifiedApiName = 'Gadget__c'";
    let found = tooling(&mock, soql).await;
    let keys: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["size", "totalSize", "done", "queryLocator", "entityTypeName", "records"]);
    assert_eq!((&found["size"], &found["entityTypeName"]), (&json!(1), &json!("CustomField")));
    let row = &found["records"][0];
    let url = row["attributes"]["url"].as_str().unwrap();
    assert!(url.starts_with("/services/data/v66.0/tooling/sobjects/CustomField/00N"), "{url}");
    assert_eq!((&row["DeveloperName"], &row["Precision"]), (&json!("Size"), &json!(6)));
    assert!(row["TableEnumOrId"].as_str().unwrap().starts_with("01I"));
    assert_eq!(row["EntityDefinition"]["QualifiedApiName"], "Gadget__c");

    let one = tooling(&mock, "SELECT FullName, Metadata FROM CustomField WHERE DeveloperName = 'Size'").await;
    assert_eq!(one["records"][0]["FullName"], "Gadget__c.Size__c");
    let metadata = &one["records"][0]["Metadata"];
    assert_eq!(
        (&metadata["type"], &metadata["precision"], &metadata["externalId"]),
        (&json!("Number"), &json!(6), &json!(true))
    );
    let many = tooling(&mock, "SELECT Metadata FROM StandardValueSet").await;
    assert_eq!(many[0]["errorCode"], "MALFORMED_QUERY");
    assert!(many[0]["message"].as_str().unwrap().contains("no more than one row"), "{many}");
    let one =
        tooling(&mock, "SELECT MasterLabel, Metadata FROM StandardValueSet WHERE MasterLabel = 'Industry'")
            .await;
    assert!(
        one["records"][0]["Metadata"]["standardValue"].as_array().is_some_and(|values| values.len() > 5),
        "{one}"
    );

    let entities =
        tooling(&mock, "SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName = 'Lead'").await;
    assert_eq!(entities["records"][0]["QualifiedApiName"], "Lead");
    let fields = tooling(&mock, "SELECT QualifiedApiName FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Gadget__c' AND QualifiedApiName = 'Size__c'").await;
    assert_eq!(fields["size"], 1, "{fields}");
    // The Salesforce CLI asks first what it will be answered.
    let (_, columns) =
        ask(&mock, "GET", "/tooling/query?columns=true&q=SELECT+Id,Active+FROM+ValidationRule", &Value::Null)
            .await;
    assert_eq!(
        (&columns["entityName"], &columns["columnMetadata"][1]["apexType"]),
        (&json!("ValidationRule"), &json!("Boolean"))
    );
    let unknown = tooling(&mock, "SELECT Id FROM Account").await;
    assert_eq!(unknown[0]["errorCode"], "INVALID_TYPE", "data is no set-up");
}

#[tokio::test]
async fn components_are_read_changed_and_taken_away() {
    let mock = MockSfdc::start().await.unwrap();
    gadgets(&mock).await;
    let text = json!({"label": "Note", "type": "Text", "length": 20});
    let id = make(&mock, "CustomField", "Gadget__c.Note__c", text).await;
    let (_, made) = ask(&mock, "POST", "/sobjects/Gadget__c", &json!({"Name": "G", "Note__c": "kept"})).await;
    let path = format!("/tooling/sobjects/CustomField/{id}");
    let wider = json!({"Metadata": {"label": "Remark", "type": "TextArea"}});
    assert_eq!(ask(&mock, "PATCH", &path, &wider).await.0, 204);
    let (_, read) = ask(&mock, "GET", &path, &Value::Null).await;
    assert_eq!(
        (&read["FullName"], &read["Metadata"]["label"]),
        (&json!("Gadget__c.Note__c"), &json!("Remark"))
    );
    let row = format!("/sobjects/Gadget__c/{}", made["id"].as_str().unwrap());
    assert_eq!(ask(&mock, "GET", &row, &Value::Null).await.1["Note__c"], "kept");
    let other = json!({"Metadata": {"label": "Note", "type": "Date"}});
    let (status, refused) = ask(&mock, "PATCH", &path, &other).await;
    assert_eq!((status, &refused[0]["errorCode"]), (400, &json!("FIELD_INTEGRITY_EXCEPTION")));

    assert_eq!(ask(&mock, "DELETE", &path, &Value::Null).await.0, 204);
    let (_, read) = ask(&mock, "GET", &row, &Value::Null).await;
    assert!(read.get("Note__c").is_none() && read["Name"] == "G", "{read}");
    assert_eq!(ask(&mock, "GET", &path, &Value::Null).await.0, 404);
    let (status, _) = ask(&mock, "POST", "/sobjects/Gadget__c", &json!({"Note__c": "x"})).await;
    assert_eq!(status, 400);
    // The name is free again, and what was there does not come back with it.
    let text = json!({"label": "Note", "type": "Checkbox", "defaultValue": "true"});
    make(&mock, "CustomField", "Gadget__c.Note__c", text).await;
    assert_eq!(ask(&mock, "GET", &row, &Value::Null).await.1["Note__c"], false);
}

#[tokio::test]
async fn what_something_needs_stays() {
    let mock = MockSfdc::start().await.unwrap();
    gadgets(&mock).await;
    let double =
        json!({"label": "Double", "type": "Number", "precision": 18, "scale": 1, "formula": "Size__c * 2"});
    let double = make(&mock, "CustomField", "Gadget__c.Double__c", double).await;
    let rule = json!({"active": false, "errorConditionFormula": "Double__c > 9", "errorMessage": "No."});
    let rule = make(&mock, "ValidationRule", "Gadget__c.Small", rule).await;
    let size = tooling(&mock, "SELECT Id FROM CustomField WHERE DeveloperName = 'Size'").await;
    let size = size["records"][0]["Id"].as_str().unwrap().to_owned();
    for (path, by) in [
        (format!("CustomField/{size}"), "Gadget__c.Double__c"),
        (format!("CustomField/{double}"), "Gadget__c.Small"),
    ] {
        let (status, refused) =
            ask(&mock, "DELETE", &format!("/tooling/sobjects/{path}"), &Value::Null).await;
        let text = refused[0]["message"].as_str().unwrap();
        assert_eq!(status, 400);
        assert!(
            text.starts_with("This custom field is referenced elsewhere in salesforce.com. : ")
                && text.contains(by),
            "{text}"
        );
    }
    for path in
        [format!("ValidationRule/{rule}"), format!("CustomField/{double}"), format!("CustomField/{size}")]
    {
        assert_eq!(
            ask(&mock, "DELETE", &format!("/tooling/sobjects/{path}"), &Value::Null).await.0,
            204,
            "{path}"
        );
    }
    let object = tooling(&mock, "SELECT Id FROM CustomObject WHERE DeveloperName = 'Gadget'").await;
    let object = object["records"][0]["Id"].as_str().unwrap().to_owned();
    ask(&mock, "POST", "/sobjects/Gadget__c", &json!({"Name": "G"})).await;
    let path = format!("/tooling/sobjects/CustomObject/{object}");
    assert_eq!(ask(&mock, "DELETE", &path, &Value::Null).await.0, 204);
    assert_eq!(ask(&mock, "GET", "/sobjects/Gadget__c/describe", &Value::Null).await.0, 404);
    gadgets(&mock).await;
    let (_, rows) = ask(&mock, "GET", "/query?q=SELECT+COUNT()+FROM+Gadget__c", &Value::Null).await;
    assert_eq!(rows["totalSize"], 0, "an object made anew is empty");
}

#[tokio::test]
async fn what_cannot_be_made_is_told() {
    let mock = MockSfdc::start().await.unwrap();
    gadgets(&mock).await;
    let text = json!({"label": "X", "type": "Text", "length": 5});
    for (kind, body, status, code, message) in [
        (
            "CustomField",
            json!({"FullName": "Gadget__c.Size__c", "Metadata": text}),
            400,
            "DUPLICATE_DEVELOPER_NAME",
            "There is already a field named Size on Gadget__c.",
        ),
        (
            "CustomField",
            json!({"FullName": "Gadget__c.A__c", "Metadata": {"label": "A", "type": "Telepathy"}}),
            400,
            "FIELD_INTEGRITY_EXCEPTION",
            "fields of type Telepathy are not emulated",
        ),
        (
            "CustomField",
            json!({"FullName": "Gadget__c.A__c", "Metadata": {"label": "A", "type": "Text", "length": 5, "phase": "full"}}),
            400,
            "FIELD_INTEGRITY_EXCEPTION",
            "this word is not known",
        ),
        (
            "CustomField",
            json!({"Metadata": text}),
            400,
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [FullName]",
        ),
        (
            "CustomField",
            json!({"FullName": "Nowhere__c.A__c", "Metadata": text}),
            400,
            "FIELD_INTEGRITY_EXCEPTION",
            "the org has no object Nowhere__c",
        ),
        (
            "CustomField",
            json!({"FullName": "Gadget__c.A__c", "Moon": "full"}),
            400,
            "JSON_PARSER_ERROR",
            "Unrecognized field \"Moon\"",
        ),
        (
            "ApexClass",
            json!({"Name": "A", "Body": "class A {}"}),
            403,
            "FUNCTIONALITY_NOT_ENABLED",
            "mock-sfdc does not emulate POST of ApexClass through the Tooling API",
        ),
    ] {
        let (found, answer) = ask(&mock, "POST", &format!("/tooling/sobjects/{kind}"), &body).await;
        let said = answer[0]["message"].as_str().unwrap();
        assert_eq!((found, answer[0]["errorCode"].as_str().unwrap()), (status, code), "{body}: {answer}");
        assert!(said.contains(message), "{said}");
    }
    let (status, _) = ask(&mock, "POST", "/tooling/sobjects/Moon", &json!({})).await;
    assert_eq!(status, 404);
    for path in [
        "executeAnonymous?anonymousBody=x",
        "runTestsAsynchronous",
        "runTestsSynchronous",
        "completions?type=apex",
        "search?q=x",
        "composite",
        "apexManifest",
    ] {
        let (status, answer) = ask(&mock, "GET", &format!("/tooling/{path}"), &Value::Null).await;
        assert_eq!((status, &answer[0]["errorCode"]), (403, &json!("FUNCTIONALITY_NOT_ENABLED")), "{path}");
    }
}

#[tokio::test]
async fn set_up_is_for_those_who_may_customize_it() {
    let org =
        r#"{"users": [{"ref": "rep", "username": "rep@x.example", "password": "p", "lastName": "Rep"}]}"#;
    let state = mock_sfdc::fixtures::from_text("org", org, None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let rep = mock.org().snapshot().access().login("rep@x.example").unwrap().user;
    let token = &mock.tenant().admit(rep);
    let body = json!({"FullName": "Lead.A__c", "Metadata": {"label": "A", "type": "Text", "length": 5}});
    let (status, answer) = ask_as(&mock, token, "POST", "/tooling/sobjects/CustomField", &body).await;
    assert_eq!((status, &answer[0]["errorCode"]), (403, &json!("INSUFFICIENT_ACCESS")));
    let (status, _) = ask_as(&mock, token, "GET", "/tooling/sobjects", &Value::Null).await;
    assert_eq!(status, 200, "a standard user may look at set-up");
}

#[tokio::test]
async fn its_objects_are_described() {
    let mock = MockSfdc::start().await.unwrap();
    let (status, all) = ask(&mock, "GET", "/tooling/sobjects", &Value::Null).await;
    assert_eq!(status, 200);
    let names: Vec<&str> =
        all["sobjects"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(
        names.contains(&"CustomField") && names.contains(&"EntityDefinition") && !names.contains(&"Lead"),
        "{names:?}"
    );
    let field = all["sobjects"].as_array().unwrap().iter().find(|one| one["name"] == "CustomField").unwrap();
    assert_eq!(field["urls"]["describe"], "/services/data/v66.0/tooling/sobjects/CustomField/describe");
    let (_, described) = ask(&mock, "GET", "/tooling/sobjects/CustomField/describe", &Value::Null).await;
    assert!(described["fields"].as_array().unwrap().iter().any(|field| field["name"] == "Metadata"));
    let (_, basic) = ask(&mock, "GET", "/tooling/sobjects/CustomField", &Value::Null).await;
    assert_eq!(basic["objectDescribe"]["keyPrefix"], "00N");
    // None of them stands beside the data.
    assert_eq!(ask(&mock, "GET", "/sobjects/CustomField/describe", &Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let mock = MockSfdc::start().await.unwrap();
    let state = mock.org().snapshot();
    let names = state.schema().objects().take(120).map(|object| format!("'{}'", object.name.as_str()));
    let list = names.collect::<Vec<_>>().join(",");
    let soql = format!(
        "SELECT QualifiedApiName FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName IN ({list})"
    );
    let first = tooling(&mock, &soql).await;
    assert_eq!((&first["size"], &first["done"]), (&json!(2000), &json!(false)), "{first}");
    let next = first["nextRecordsUrl"].as_str().unwrap().strip_prefix("/services/data/v66.0").unwrap();
    assert!(next.ends_with(first["queryLocator"].as_str().unwrap()), "{next}");
    let (status, second) = ask(&mock, "GET", next, &Value::Null).await;
    assert_eq!((status, &second["totalSize"]), (200, &first["totalSize"]));
    assert_ne!(second["records"][0], first["records"][0]);
    assert_eq!(ask(&mock, "GET", "/tooling/query/nonsense", &Value::Null).await.0, 400);
}

#[tokio::test]
async fn a_word_of_another_kind_makes_no_field() {
    let mock = MockSfdc::start().await.unwrap();
    for (word, value, said) in [
        ("length", json!("twenty"), "`length` is a whole number, not `twenty`"),
        ("length", json!(20.5), "`length` is a whole number, not `20.5`"),
        ("required", json!("maybe"), "`required` is true or false, not `maybe`"),
        ("externalId", json!(2), "`externalId` is true or false, not `2`"),
    ] {
        let mut metadata = json!({"label": "Wrong", "type": "Text", "length": 20});
        metadata[word] = value;
        let body = json!({"FullName": "Account.Wrong__c", "Metadata": metadata});
        let (status, answer) = ask(&mock, "POST", "/tooling/sobjects/CustomField", &body).await;
        assert_eq!((status, &answer[0]["errorCode"]), (400, &json!("FIELD_INTEGRITY_EXCEPTION")), "{answer}");
        assert!(answer[0]["message"].as_str().unwrap().contains(said), "{answer}");
    }
    // As text it is what it is as a number or a boolean.
    let metadata = json!({"label": "Right", "type": "Text", "length": "20", "required": "1"});
    make(&mock, "CustomField", "Account.Right__c", metadata).await;
    let (_, described) = ask(&mock, "GET", "/sobjects/Account/describe", &Value::Null).await;
    let field = described["fields"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&field["name"], &field["length"], &field["nillable"]),
        (&json!("Right__c"), &json!(20), &json!(false))
    );
}
