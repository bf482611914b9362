//! Who may do what, as clients are told (`contract/behaviour.md` section 9, `contract/errors.md` section 4): users, what they
//! ask for, and the answer.

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{access::Restriction, id::Id};
use reqwest::Method;

use crate::client;

/// Account harbor is the administrator's; leads are private, so that each user sees the own ones and what a role brings.
const ORG: &str = r#"{
  "packages": ["demo"],
  "sharing": {"Lead": "Private", "Opportunity": "Read"},
  "profiles": [
    {"name": "No Leads", "objectPermissions": [
      {"object": "Account", "allowRead": true, "allowEdit": true, "allowCreate": true},
      {"object": "Contact", "allowRead": true, "allowCreate": true, "allowEdit": true}],
     "userPermissions": [{"name": "ApiEnabled", "enabled": true}]},
    {"name": "No Mail", "userPermissions": [{"name": "ApiEnabled", "enabled": true}],
     "fieldPermissions": [
       {"field": "Lead.Email", "readable": false, "editable": false},
       {"field": "Lead.Phone", "readable": true, "editable": false}]},
    {"name": "No API", "userPermissions": [{"name": "ApiEnabled", "enabled": false}]}
  ],
  "permissionSets": [
    {"name": "Mail", "fieldPermissions": [{"field": "Lead.Email", "readable": true, "editable": true}]},
    {"name": "All_Leads", "objectPermissions": [{"object": "Lead", "allowRead": true, "viewAllRecords": true}]}
  ],
  "roles": [{"name": "CEO"}, {"name": "Sales", "parentRole": "CEO"}],
  "users": [
    {"ref": "boss", "username": "boss@x.example", "password": "secret", "lastName": "Boss", "role": "CEO"},
    {"ref": "rep", "username": "rep@x.example", "password": "secret", "lastName": "Rep", "role": "Sales"},
    {"ref": "peer", "username": "peer@x.example", "password": "secret", "lastName": "Peer", "role": "Sales"},
    {"ref": "reader", "username": "reader@x.example", "password": "secret", "lastName": "Reader", "profile": "Read Only"},
    {"ref": "viewer", "username": "viewer@x.example", "password": "secret", "lastName": "Viewer", "profile": "Read Only",
     "permissionSets": ["All_Leads"]},
    {"ref": "noleads", "username": "noleads@x.example", "password": "secret", "lastName": "Noleads", "profile": "No Leads"},
    {"ref": "nomail", "username": "nomail@x.example", "password": "secret", "lastName": "Nomail", "profile": "No Mail"},
    {"ref": "mail", "username": "mail@x.example", "password": "secret", "lastName": "Mail", "profile": "No Mail",
     "permissionSets": ["Mail"]},
    {"ref": "noapi", "username": "noapi@x.example", "password": "secret", "lastName": "Noapi", "profile": "No API"},
    {"ref": "platform", "username": "platform@x.example", "password": "secret", "lastName": "Platform",
     "profile": "Standard Platform User"}
  ],
  "queues": [{"name": "Inbound", "developerName": "Inbound", "objects": ["Lead"], "members": ["@peer"]}],
  "records": {
    "Account": [{"ref": "harbor", "Name": "Harbor"}],
    "Lead": [
      {"ref": "hers", "LastName": "Hers", "Company": "A", "Email": "hers@a.example", "OwnerId": "@rep"},
      {"ref": "queued", "LastName": "Queued", "Company": "B", "OwnerId": "@Inbound"},
      {"ref": "bosses", "LastName": "Bosses", "Company": "C", "OwnerId": "@boss"}],
    "Opportunity": [{"ref": "deal", "Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-12-31", "OwnerId": "@rep"}]
  }
}"#;

const HERS: &str = "00Q5g0000000001";
const QUEUED: &str = "00Q5g0000000002";
const BOSSES: &str = "00Q5g0000000003";
const DEAL: &str = "0065g0000000001";

pub struct World {
    mock: MockSfdc,
}

impl World {
    pub async fn new() -> Self {
        let state = mock_sfdc::fixtures::from_text("permissions", ORG, None).unwrap();
        Self { mock: MockSfdc::builder().state(state).start().await.unwrap() }
    }

    pub fn id(&self, user: &str) -> Id {
        let username =
            if user == "admin" { "admin@mock-sfdc.example".to_owned() } else { format!("{user}@x.example") };
        self.mock.org().snapshot().access().login(&username).unwrap().user
    }

    fn token(&self, user: &str) -> String {
        self.mock.tenant().admit(self.id(user))
    }

    /// `GET /sobjects/Lead/describe` and the like, as somebody; status and body.
    pub async fn ask(&self, user: &str, request: &str) -> (u16, String) {
        let (head, body) = request.split_once(' ').map_or((request, ""), |(method, rest)| (method, rest));
        let (path, body) = body.split_once(' ').unwrap_or((body, ""));
        let url = format!("{}/services/data/v66.0{path}", self.mock.url());
        let mut sent = client().request(head.parse::<Method>().unwrap(), url).bearer_auth(self.token(user));
        if !body.is_empty() {
            sent = sent.header("content-type", "application/json").body(body.to_owned());
        }
        let answer = sent.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub async fn query(&self, user: &str, soql: &str) -> (u16, String) {
        self.ask(user, &format!("GET /query?q={}", soql.replace(' ', "+").replace('\'', "%27"))).await
    }
}

#[tokio::test]
async fn who_asks_for_what_is_answered_by_permissions() {
    let world = World::new().await;
    let lead = |id: &str| format!("/sobjects/Lead/{id}");
    let unwritable =
        "Unable to create/update fields: Phone. Please check the security settings of this field";
    for (user, request, status, says) in [
        // Objects.
        ("noleads", "GET /sobjects/Lead/describe".to_owned(), 404, "NOT_FOUND"),
        ("noleads", "GET /sobjects/Contact/describe".to_owned(), 200, r#""name":"Contact""#),
        ("noleads", r#"POST /sobjects/Lead {"LastName":"L","Company":"C"}"#.to_owned(), 404, "NOT_FOUND"),
        (
            "reader",
            r#"POST /sobjects/Lead {"LastName":"L","Company":"C"}"#.to_owned(),
            400,
            "entity type cannot be inserted: Lead",
        ),
        (
            "reader",
            r#"POST /sobjects/Invoice__c {"Number__c":"1"}"#.to_owned(),
            400,
            "entity type cannot be inserted: Invoice__c",
        ),
        ("rep", r#"POST /sobjects/Lead {"LastName":"L","Company":"C"}"#.to_owned(), 201, "success"),
        (
            "rep",
            r#"POST /sobjects/Campaign {"Name":"C"}"#.to_owned(),
            400,
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        ),
        ("platform", "GET /sobjects/Lead/describe".to_owned(), 404, "NOT_FOUND"),
        ("platform", "GET /sobjects/Account/describe".to_owned(), 200, r#""name":"Account""#),
        ("noapi", "GET /sobjects/Lead/describe".to_owned(), 403, "API is disabled for this User"),
        // Rows.
        ("rep", format!("GET {}", lead(HERS)), 200, "Hers"),
        ("boss", format!("GET {}", lead(HERS)), 200, "Hers"),
        ("peer", format!("GET {}", lead(HERS)), 404, "The requested resource does not exist"),
        ("peer", format!("GET {}", lead(QUEUED)), 200, "Queued"),
        ("rep", format!("GET {}", lead(BOSSES)), 404, "NOT_FOUND"),
        ("viewer", format!("GET {}", lead(BOSSES)), 200, "Bosses"),
        (
            "viewer",
            format!("PATCH {} {{\"Rating\":\"Hot\"}}", lead(BOSSES)),
            403,
            "insufficient access rights on object id",
        ),
        ("boss", format!("PATCH {} {{\"Rating\":\"Hot\"}}", lead(HERS)), 204, ""),
        ("peer", format!("PATCH {} {{\"Rating\":\"Hot\"}}", lead(HERS)), 404, "INVALID_CROSS_REFERENCE_KEY"),
        (
            "peer",
            format!("PATCH /sobjects/Opportunity/{DEAL} {{\"NextStep\":\"x\"}}"),
            403,
            "INSUFFICIENT_ACCESS_OR_READONLY",
        ),
        ("rep", format!("PATCH /sobjects/Opportunity/{DEAL} {{\"NextStep\":\"x\"}}"), 204, ""),
        (
            "peer",
            format!("DELETE /sobjects/Opportunity/{DEAL}"),
            403,
            "insufficient access rights on object id",
        ),
        // Everybody may change an account, only its owner and those above delete it.
        ("rep", "PATCH /sobjects/Account/0015g0000000001AAA {\"Site\":\"x\"}".to_owned(), 204, ""),
        (
            "rep",
            "DELETE /sobjects/Account/0015g0000000001AAA".to_owned(),
            403,
            "INSUFFICIENT_ACCESS_OR_READONLY",
        ),
        // Fields.
        (
            "nomail",
            r#"POST /sobjects/Lead {"LastName":"L","Company":"C","Email":"l@c.example"}"#.to_owned(),
            400,
            "No such column 'Email' on sobject of type Lead",
        ),
        (
            "nomail",
            r#"POST /sobjects/Lead {"LastName":"L","Company":"C","Phone":"1"}"#.to_owned(),
            400,
            unwritable,
        ),
        (
            "mail",
            r#"POST /sobjects/Lead {"LastName":"L","Company":"C","Email":"l@c.example"}"#.to_owned(),
            201,
            "success",
        ),
        // References.
        (
            "peer",
            format!("POST /sobjects/Task {{\"Subject\":\"Call\",\"WhoId\":\"{HERS}\"}}"),
            400,
            "insufficient access rights on cross-reference id: 00Q5g0000000001",
        ),
        ("rep", format!("POST /sobjects/Task {{\"Subject\":\"Call\",\"WhoId\":\"{HERS}\"}}"), 201, "success"),
    ] {
        let (found, body) = world.ask(user, &request).await;
        assert_eq!(found, status, "{user}: {request}: {body}");
        assert!(body.contains(says), "{user}: {request}: {body}");
    }
}

#[tokio::test]
async fn queries_show_what_their_user_may_see() {
    let world = World::new().await;
    for (user, soql, status, says) in [
        ("admin", "SELECT COUNT() FROM Lead", 200, r#""totalSize":3"#),
        ("rep", "SELECT COUNT() FROM Lead", 200, r#""totalSize":1"#),
        // Those of the queue as well: a member stands below.
        ("boss", "SELECT COUNT() FROM Lead", 200, r#""totalSize":3"#),
        ("peer", "SELECT COUNT() FROM Lead", 200, r#""totalSize":1"#),
        ("viewer", "SELECT COUNT() FROM Lead", 200, r#""totalSize":3"#),
        ("noleads", "SELECT Id FROM Lead", 400, "sObject type 'Lead' is not supported."),
        ("platform", "SELECT Id FROM Opportunity", 400, "INVALID_TYPE"),
        ("nomail", "SELECT Id, Email FROM Lead", 400, "No such column 'Email' on entity 'Lead'."),
        ("nomail", "SELECT Id FROM Lead WHERE Email = 'x'", 400, "INVALID_FIELD"),
        ("nomail", "SELECT Id FROM Lead ORDER BY Email", 400, "INVALID_FIELD"),
        ("mail", "SELECT Id, Email FROM Lead", 200, "records"),
        ("noleads", "SELECT Id, (SELECT Id FROM Opportunities) FROM Account", 400, "INVALID_TYPE"),
        (
            "rep",
            "SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Contact)",
            200,
            r#""totalSize":0"#,
        ),
    ] {
        let (found, body) = world.query(user, soql).await;
        assert_eq!(found, status, "{user}: {soql}: {body}");
        assert!(body.contains(says), "{user}: {soql}: {body}");
    }
    let (_, describe) = world.ask("nomail", "GET /sobjects/Lead/describe").await;
    assert!(!describe.contains(r#""name":"Email""#), "a hidden field is absent from describe");
    let (_, all) = world.ask("noleads", "GET /sobjects").await;
    assert!(!all.contains(r#""name":"Lead""#) && all.contains(r#""name":"Account""#), "{all}");
    let (_, reader) = world.ask("reader", "GET /sobjects/Account/describe").await;
    assert!(reader.contains(r#""createable":false,"custom":false"#), "flags are those of the user");
}

#[tokio::test]
async fn a_permission_counts_from_the_moment_it_is_given() {
    let world = World::new().await;
    assert_eq!(world.query("nomail", "SELECT Email FROM Lead").await.0, 400);
    let (_, found) = world.query("admin", "SELECT Id FROM PermissionSet WHERE Name = 'Mail'").await;
    let set = found.split("\"Id\":\"").nth(1).unwrap()[..18].to_owned();
    let (_, found) = world.query("admin", "SELECT Id FROM User WHERE LastName = 'Nomail'").await;
    let user = found.split("\"Id\":\"").nth(1).unwrap()[..18].to_owned();
    let body = format!(r#"{{"AssigneeId":"{user}","PermissionSetId":"{set}"}}"#);
    let (status, refused) = world.ask("rep", &format!("POST /sobjects/PermissionSetAssignment {body}")).await;
    assert_eq!(status, 400, "{refused}");
    let (status, made) = world.ask("admin", &format!("POST /sobjects/PermissionSetAssignment {body}")).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(world.query("nomail", "SELECT Email FROM Lead").await.0, 200);
}

#[tokio::test]
async fn a_frozen_user_is_out_at_once() {
    let world = World::new().await;
    let token = world.token("rep");
    let url = format!("{}/services/data/v66.0/limits", world.mock.url());
    let ask = || client().get(&url).bearer_auth(&token).send();
    assert_eq!(ask().await.unwrap().status(), 200);
    let user = world.mock.admin();
    world.mock.tenant().in_transaction(user, |tx| {
        assert!(tx.access_mut().restrict("rep@x.example", Some(Restriction::Frozen)));
    });
    let answer = ask().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.text().await.unwrap().contains("INVALID_SESSION_ID"));
}

#[tokio::test]
async fn what_rows_say_of_a_user_counts_at_the_next_request() {
    let world = World::new().await;
    let (_, found) = world.query("admin", "SELECT Id FROM User WHERE LastName = 'Rep'").await;
    let user = found.split("\"Id\":\"").nth(1).unwrap()[..18].to_owned();
    let (_, found) = world.query("admin", &format!("SELECT Id FROM UserLogin WHERE UserId = '{user}'")).await;
    let login = found.split("\"Id\":\"").nth(1).unwrap()[..18].to_owned();
    for (row, keep_out, let_in) in [
        (format!("UserLogin/{login}"), r#"{"IsFrozen":true}"#, r#"{"IsFrozen":false}"#),
        (format!("User/{user}"), r#"{"IsActive":false}"#, r#"{"IsActive":true}"#),
    ] {
        for (change, status) in [(keep_out, 401), (let_in, 200)] {
            let (changed, answer) = world.ask("admin", &format!("PATCH /sobjects/{row} {change}")).await;
            assert_eq!(changed, 204, "{answer}");
            assert_eq!(world.query("rep", "SELECT Id FROM Lead").await.0, status, "{row} {change}");
        }
    }
}
