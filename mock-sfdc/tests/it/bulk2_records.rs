//! What jobs of Bulk API 2.0 do to records, and who may have it done (`contract/bulk.md` section 2).

use mock_sfdc::MockSfdc;
use serde_json::{Value, json};

use crate::client;

const INGEST: &str = "/services/data/v66.0/jobs/ingest";

const ORG: &str = r#"{
  "packages": ["demo"],
  "sharing": {"Lead": "Private"},
  "profiles": [
    {"name": "Loader", "objectPermissions": [
      {"object": "Lead", "allowRead": true, "allowEdit": true, "allowCreate": true, "allowDelete": true},
      {"object": "Account", "allowRead": true}],
     "fieldPermissions": [{"field": "Lead.Phone", "readable": true, "editable": true}],
     "userPermissions": [{"name": "ApiEnabled", "enabled": true}]}],
  "permissionSets": [{"name": "Hard", "userPermissions": [{"name": "BulkApiHardDelete", "enabled": true}]}],
  "users": [
    {"ref": "loader", "username": "loader@x.example", "password": "secret", "lastName": "Loader", "profile": "Loader"},
    {"ref": "hard", "username": "hard@x.example", "password": "secret", "lastName": "Hard", "profile": "System Administrator",
     "permissionSets": ["Hard"]}]
}"#;

struct World(MockSfdc);

impl World {
    async fn new() -> Self {
        let state = mock_sfdc::fixtures::from_text("bulk", ORG, None).unwrap();
        Self(MockSfdc::builder().state(state).start().await.unwrap())
    }

    fn token(&self, user: &str) -> String {
        let id = self.0.org().snapshot().access().login(user).unwrap().user;
        self.0.tenant().admit(id)
    }

    async fn call(&self, user: &str, method: &str, path: &str, kind: &str, body: String) -> (u16, String) {
        let request = client().request(method.parse().unwrap(), format!("{}{path}", self.0.url()));
        let request = request.bearer_auth(self.token(user)).header("content-type", kind).body(body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn json(&self, user: &str, method: &str, path: &str, body: Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let text = self.call(user, method, path, "application/json", body).await.1;
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }

    /// What became of the rows of an upload: saved ones, failed ones, each without the header.
    async fn load(&self, user: &str, job: Value, csv: &str) -> (Vec<String>, Vec<String>) {
        let made = self.json(user, "POST", INGEST, job).await;
        let path = format!("{INGEST}/{}", made["id"].as_str().unwrap_or_else(|| panic!("{made}")));
        let put = self.call(user, "PUT", &format!("{path}/batches"), "text/csv", csv.to_owned()).await;
        assert_eq!(put.0, 201, "{}", put.1);
        self.json(user, "PATCH", &path, json!({"state": "UploadComplete"})).await;
        let done = self.json(user, "GET", &path, Value::Null).await;
        assert_eq!(done["state"], "JobComplete", "{done}");
        let mut rows = Vec::new();
        for name in ["successfulResults", "failedResults"] {
            let text = self.call(user, "GET", &format!("{path}/{name}"), "", String::new()).await.1;
            rows.push(text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>());
        }
        let failed = rows.remove(1);
        (rows.remove(0), failed)
    }

    async fn soql(&self, soql: &str) -> Value {
        let query = percent(soql);
        self.json(
            "admin@mock-sfdc.example",
            "GET",
            &format!("/services/data/v66.0/queryAll?q={query}"),
            Value::Null,
        )
        .await["records"]
            .clone()
    }
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

const ADMIN: &str = "admin@mock-sfdc.example";

#[tokio::test]
async fn records_are_updated_upserted_and_deleted() {
    let world = World::new().await;
    let insert = json!({"object": "Lead", "operation": "insert"});
    let (saved, failed) =
        world.load(ADMIN, insert, "LastName,Company,Title,Owner.Username\nA,X,old,loader@x.example\nB,X,old,\nC,X,old,nobody@x.example\n").await;
    assert_eq!((saved.len(), failed.len()), (2, 1));
    assert_eq!(
        failed[0],
        "\"\",\"INVALID_FIELD:Foreign key external ID: nobody@x.example not found for field Username in entity User:--\",\"C\",\"X\",\"old\",\"nobody@x.example\""
    );
    let id = |row: &str| row.split('"').nth(1).unwrap().to_owned();
    let (a, b) = (id(&saved[0]), id(&saved[1]));
    let leads = world.soql("SELECT Owner.Username, Title FROM Lead ORDER BY LastName").await;
    assert_eq!(leads[0]["Owner"]["Username"], "loader@x.example");

    let update = json!({"object": "Lead", "operation": "update"});
    let csv =
        format!("Id,Title,Company\n{a},#N/A,\n{b},,Y\n00Q000000000000EAA,x,\nnonsense,x,\n{b},z,\n,x,\n");
    let (saved, failed) = world.load(ADMIN, update, &csv).await;
    assert_eq!(
        saved,
        [format!("\"{a}\",\"false\",\"{a}\",\"#N/A\",\"\""), format!("\"{b}\",\"false\",\"{b}\",\"\",\"Y\"")]
    );
    assert_eq!(
        failed,
        [
            "\"00Q000000000000EAA\",\"INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--\",\"00Q000000000000EAA\",\"x\",\"\"".to_owned(),
            "\"\",\"MALFORMED_ID:Record ID: id value of incorrect type: nonsense:Id --\",\"nonsense\",\"x\",\"\"".to_owned(),
            format!("\"{b}\",\"DUPLICATE_VALUE:Duplicate id specified: {b}:--\",\"{b}\",\"z\",\"\""),
            "\"\",\"MISSING_ARGUMENT:Id not specified in an update call:--\",\"\",\"x\",\"\"".to_owned(),
        ]
    );
    let leads = world.soql("SELECT Title, Company FROM Lead ORDER BY LastName").await;
    assert_eq!((&leads[0]["Title"], &leads[0]["Company"]), (&Value::Null, &json!("X")));
    assert_eq!((&leads[1]["Title"], &leads[1]["Company"]), (&json!("old"), &json!("Y")));

    let by_name = json!({"object": "User", "operation": "upsert", "externalIdFieldName": "username"});
    let (saved, failed) = world
        .load(
            ADMIN,
            by_name,
            "Username,Title\nloader@x.example,Boss\n,x\nHARD@x.example,1\nhard@x.example,2\n",
        )
        .await;
    assert_eq!(saved.len(), 1, "{failed:?}");
    assert_eq!(
        failed,
        [
            "\"\",\"MISSING_ARGUMENT:Username not specified:Username --\",\"\",\"x\"",
            "\"\",\"DUPLICATE_VALUE:Duplicate external id specified: HARD@x.example:Username --\",\"HARD@x.example\",\"1\"",
            "\"\",\"DUPLICATE_VALUE:Duplicate external id specified: hard@x.example:Username --\",\"hard@x.example\",\"2\"",
        ]
    );
    let by_id = json!({"object": "Lead", "operation": "upsert", "externalIdFieldName": "Id"});
    let (saved, _) = world.load(ADMIN, by_id, &format!("Id,LastName,Company\n{a},A2,\n,New,Z\n")).await;
    assert!(
        saved[0].starts_with(&format!("\"{a}\",\"false\"")) && saved[1].contains("\",\"true\","),
        "{saved:?}"
    );

    let delete = json!({"object": "Lead", "operation": "delete"});
    let (saved, failed) = world.load(ADMIN, delete.clone(), &format!("Id\n{a}\n")).await;
    assert_eq!((saved, failed.len()), (vec![format!("\"{a}\",\"false\",\"{a}\"")], 0));
    let (_, failed) = world.load(ADMIN, delete, &format!("Id\n{a}\n")).await;
    assert_eq!(failed, [format!("\"{a}\",\"ENTITY_IS_DELETED:entity is deleted:--\",\"{a}\"")]);
}

#[tokio::test]
async fn rights_are_those_of_whoever_made_the_job() {
    let world = World::new().await;
    let (saved, _) = world
        .load(ADMIN, json!({"object": "Lead", "operation": "insert"}), "LastName,Company\nHers,X\n")
        .await;
    let hers = saved[0].split('"').nth(1).unwrap().to_owned();
    let user = "loader@x.example";
    let update = json!({"object": "Lead", "operation": "update"});
    let (_, failed) = world.load(user, update, &format!("Id,Company\n{hers},Y\n")).await;
    assert_eq!(
        failed,
        [format!(
            "\"{hers}\",\"INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--\",\"{hers}\",\"Y\""
        )]
    );
    let (_, failed) =
        world.load(user, json!({"object": "Account", "operation": "insert"}), "Name\nx\n").await;
    assert!(
        failed[0].starts_with("\"\",\"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:")
            || failed[0].contains("INSUFFICIENT"),
        "{failed:?}"
    );
    let hard = json!({"object": "Lead", "operation": "hardDelete"});
    assert_eq!(
        world.json(ADMIN, "POST", INGEST, hard.clone()).await[0],
        json!({"errorCode": "FEATURENOTENABLED", "message": "hardDelete operation requires special user profile permission, please contact your system administrator"})
    );
    let (saved, failed) = world.load("hard@x.example", hard, &format!("Id\n{hers}\n")).await;
    assert_eq!((saved.len(), failed.len()), (1, 0));
    assert_eq!(world.soql("SELECT Id FROM Lead").await, json!([]));
}

#[tokio::test]
async fn no_push_topic_hears_of_a_job() {
    let world = World::new().await;
    let topic = json!({"Name": "Leads", "Query": "SELECT Id, LastName FROM Lead", "ApiVersion": 66.0});
    let made = world.json(ADMIN, "POST", "/services/data/v66.0/sobjects/PushTopic", topic).await;
    assert_eq!(made["success"], true, "{made}");
    let events = async || {
        let url = format!("{}/_mock/orgs/default/events", world.0.url());
        let answer = client().get(url).header("x-mock-token", world.0.control_token()).send().await.unwrap();
        serde_json::from_str::<Value>(&answer.text().await.unwrap())
            .unwrap()
            .to_string()
            .matches("replayId")
            .count()
    };
    world.load(ADMIN, json!({"object": "Lead", "operation": "insert"}), "LastName,Company\nBulk,X\n").await;
    assert_eq!(events().await, 0);
    world
        .json(
            ADMIN,
            "POST",
            "/services/data/v66.0/sobjects/Lead",
            json!({"LastName": "Rest", "Company": "X"}),
        )
        .await;
    assert_eq!(events().await, 1);
}

#[tokio::test]
async fn a_job_and_its_data_come_in_one_request() {
    let world = World::new().await;
    let body = "--BOUNDARY\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{\"object\":\"Lead\",\"contentType\":\"CSV\",\"operation\":\"insert\"}\r\n--BOUNDARY\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name=\"content\"; filename=\"content\"\r\n\r\nLastName,Company\nMulti,Part\n\r\n--BOUNDARY--\r\n";
    let kind = "multipart/form-data; boundary=BOUNDARY";
    let (status, text) = world.call(ADMIN, "POST", INGEST, kind, body.to_owned()).await;
    let job: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (status, &job["state"], job.get("contentUrl")),
        (200, &json!("UploadComplete"), None),
        "{text}"
    );
    let path = format!("{INGEST}/{}", job["id"].as_str().unwrap());
    let done = world.json(ADMIN, "GET", &path, Value::Null).await;
    assert_eq!(
        (&done["state"], &done["numberRecordsProcessed"]),
        (&json!("JobComplete"), &json!(1)),
        "{done}"
    );
    let (status, text) = world.call(ADMIN, "POST", INGEST, kind, "--BOUNDARY".to_owned()).await;
    assert_eq!((status, text.contains("INVALIDJOB")), (400, true), "{text}");
}

/// Bodies of jobs that are refused, the code, and what the message names.
const REFUSED: [(&str, &str, &str); 10] = [
    (r#"{"object":"Nothing__c","operation":"insert"}"#, "INVALIDJOB", "Unable to find object: Nothing__c"),
    (r#"{"operation":"insert"}"#, "INVALIDJOB", "object is missing"),
    (r#"{"object":"Lead"}"#, "INVALIDJOB", "operation is missing"),
    (r#"{"object":"Lead","operation":"INSERT"}"#, "INVALIDJOB", "\\\"INSERT\\\" is no value of operation"),
    (r#"{"object":"Lead","operation":"insert","contentType":"JSON"}"#, "INVALIDJOB", "contentType"),
    (r#"{"object":"Lead","operation":"insert","columnDelimiter":"DOT"}"#, "INVALIDJOB", "columnDelimiter"),
    (
        r#"{"object":"Lead","operation":"insert","lineend":"LF"}"#,
        "INVALIDJOB",
        "unknown member \\\"lineend\\\"",
    ),
    (r#"{"object":"Lead","operation":"upsert"}"#, "INVALIDJOB", "External ID was blank for Lead"),
    (
        r#"{"object":"Lead","operation":"upsert","externalIdFieldName":"Company"}"#,
        "INVALIDJOB",
        "Field name provided, Company does not match an External ID, Salesforce Id, or indexed field for Lead",
    ),
    (
        r#"{"object":"Lead","operation":"insert","assignmentRuleId":"01Q000000000000AAA"}"#,
        "INVALID_ASSIGNMENT_RULE",
        "01Q000000000000AAA",
    ),
];

#[tokio::test]
async fn jobs_that_mean_nothing_are_refused() {
    let world = World::new().await;
    for (body, code, message) in REFUSED {
        let (status, text) = world.call(ADMIN, "POST", INGEST, "application/json", body.to_owned()).await;
        assert_eq!(status, 400, "{body}: {text}");
        assert!(
            text.contains(&format!("\"errorCode\":\"{code}\"")) && text.contains(message),
            "{body}: {text}"
        );
    }
}
