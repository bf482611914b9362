//! `/composite`, `/composite/batch` and `/composite/graph`, byte by byte (`contract/rest.md` section 3).

use mock_sfdc::{
    MockSfdc,
    faults::{Effect, Fault},
    which::Which,
};
use serde_json::{Value, json};

use crate::{
    TOKEN, client, mock,
    wire::{ask, column, create, send},
};

const COMPOSITE: &str = "/v66.0/composite";
const HALTED: &str = r#"[{"errorCode":"PROCESSING_HALTED","message":"The transaction was rolled back since another operation in the same transaction failed."}]"#;

/// Method, url behind `/services/data/v66.0`, reference id, body.
type Step<'a> = (&'a str, &'a str, &'a str, &'a str);

fn steps(steps: &[Step<'_>]) -> String {
    let step = |(method, url, reference, body): &Step<'_>| {
        let body = if body.is_empty() { String::new() } else { format!(r#","body":{body}"#) };
        format!(
            r#"{{"method":"{method}","url":"/services/data/v66.0{url}","referenceId":"{reference}"{body}}}"#
        )
    };
    steps.iter().map(step).collect::<Vec<_>>().join(",")
}

async fn composite(mock: &MockSfdc, all_or_none: bool, list: &[Step<'_>]) -> (u16, String) {
    let body = format!(r#"{{"allOrNone":{all_or_none},"compositeRequest":[{}]}}"#, steps(list));
    ask(mock, "POST", COMPOSITE, &body).await
}

/// Status and body of each result.
async fn results(mock: &MockSfdc, all_or_none: bool, list: &[Step<'_>]) -> Vec<(u64, String)> {
    let (status, text) = composite(mock, all_or_none, list).await;
    assert_eq!(status, 200, "{text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    let result = |result: &Value| (result["httpStatusCode"].as_u64().unwrap(), result["body"].to_string());
    body["compositeResponse"].as_array().unwrap().iter().map(result).collect()
}

#[tokio::test]
async fn what_one_answers_the_next_uses() {
    let mock = mock().await;
    let (status, text) = composite(
        &mock,
        false,
        &[
            ("POST", "/sobjects/Account", "acc", r#"{"Name":"Acme","NumberOfEmployees":7}"#),
            ("GET", "/sobjects/Account/@{acc.id}?fields=Name,NumberOfEmployees", "read", ""),
            ("POST", "/sobjects/Contact", "con", r#"{"LastName":"of @{read.Name}","AccountId":"@{acc.id}"}"#),
            ("GET", "/query?q=SELECT Id FROM Contact WHERE AccountId='@{acc.id}'", "found", ""),
            ("PATCH", "/sobjects/Contact/@{found.records[0].Id}", "new", r#"{"Title":"Boss"}"#),
            ("GET", "/sobjects/Foo", "none", ""),
        ],
    )
    .await;
    let account = "0015g0000000001AAA";
    let contact = "0035g0000000001AAA";
    assert_eq!(status, 200);
    // An account that is read has a version.
    let (before, rest) = text.split_once(r#""ETag":"\"#).unwrap();
    let (version, after) = rest.split_once('}').unwrap();
    assert!(version.contains(r#""Last-Modified":""#), "{version}");
    assert_eq!(
        format!("{before}}}{after}"),
        [
            format!(r#"{{"compositeResponse":[{{"body":{{"id":"{account}","success":true,"errors":[]}},"httpHeaders":{{"Location":"/services/data/v66.0/sobjects/Account/{account}"}},"httpStatusCode":201,"referenceId":"acc"}}"#),
            format!(r#"{{"body":{{"attributes":{{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{account}"}},"Name":"Acme","NumberOfEmployees":7}},"httpHeaders":{{}},"httpStatusCode":200,"referenceId":"read"}}"#),
            format!(r#"{{"body":{{"id":"{contact}","success":true,"errors":[]}},"httpHeaders":{{"Location":"/services/data/v66.0/sobjects/Contact/{contact}"}},"httpStatusCode":201,"referenceId":"con"}}"#),
            format!(r#"{{"body":{{"totalSize":1,"done":true,"records":[{{"attributes":{{"type":"Contact","url":"/services/data/v66.0/sobjects/Contact/{contact}"}},"Id":"{contact}"}}]}},"httpHeaders":{{}},"httpStatusCode":200,"referenceId":"found"}}"#),
            r#"{"body":null,"httpHeaders":{},"httpStatusCode":204,"referenceId":"new"}"#.to_owned(),
            r#"{"body":[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}],"httpHeaders":{},"httpStatusCode":404,"referenceId":"none"}]}"#.to_owned(),
        ]
        .join(",")
    );
    assert_eq!(column(&mock, "SELECT LastName FROM Contact WHERE Title='Boss'").await, ["of Acme"]);
}

#[tokio::test]
async fn without_all_or_none_only_dependents_of_a_failure_are_not_tried() {
    let mock = mock().await;
    let found = results(
        &mock,
        false,
        &[
            ("POST", "/sobjects/Account", "bad", "{}"),
            ("POST", "/sobjects/Contact", "child", r#"{"LastName":"A","AccountId":"@{bad.id}"}"#),
            ("POST", "/sobjects/Account", "good", r#"{"Name":"Good"}"#),
            ("GET", "/limits", "other", ""),
        ],
    )
    .await;
    assert_eq!(
        found[1],
        (
            400,
            r#"[{"errorCode":"PROCESSING_HALTED","message":"Invalid reference specified. No value for bad.id found in bad. Provided referenceId ('bad.id') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_')."}]"#.to_owned()
        )
    );
    assert_eq!((found[0].0, found[2].0), (400, 201));
    assert_eq!(
        found[3],
        (
            400,
            r#"[{"errorCode":"PROCESSING_HALTED","message":"The composite resource does not support GET /services/data/v66.0/limits"}]"#.to_owned()
        )
    );
    assert_eq!(column(&mock, "SELECT Name FROM Account").await, ["Good"]);
}

#[tokio::test]
async fn with_all_or_none_a_failure_undoes_all() {
    let mock = mock().await;
    let found = results(
        &mock,
        true,
        &[
            ("POST", "/sobjects/Account", "one", r#"{"Name":"One"}"#),
            ("POST", "/sobjects/Account", "two", "{}"),
            ("POST", "/sobjects/Account", "three", r#"{"Name":"Three"}"#),
        ],
    )
    .await;
    let missing = r#"[{"message":"Required fields are missing: [Name]","errorCode":"REQUIRED_FIELD_MISSING","fields":["Name"]}]"#;
    assert_eq!(found, [(400, HALTED.to_owned()), (400, missing.to_owned()), (400, HALTED.to_owned())]);
    assert!(column(&mock, "SELECT Id FROM Account").await.is_empty());

    // A record of a collection that fails is a failure too, and the collection tells what it would have done.
    let records =
        r#"{"records":[{"attributes":{"type":"Account"},"Name":"A"},{"attributes":{"type":"Account"}}]}"#;
    let list = [
        ("POST", "/composite/sobjects", "many", records),
        ("POST", "/sobjects/Contact", "one", r#"{"LastName":"X"}"#),
    ];
    let found = results(&mock, true, &list).await;
    assert_eq!(found[0].0, 200);
    assert!(found[0].1.contains(r#""success":true"#) && found[0].1.contains("REQUIRED_FIELD_MISSING"));
    assert_eq!(found[1], (400, HALTED.to_owned()));
    assert!(column(&mock, "SELECT Id FROM Account").await.is_empty());
    assert_eq!(results(&mock, false, &list).await[1].0, 201);
    assert_eq!(column(&mock, "SELECT Name FROM Account").await, ["A"]);
}

#[tokio::test]
async fn all_or_none_is_one_transaction_that_tells_of_each_record_once() {
    let mock = mock().await;
    let before = mock.org().snapshot().log().next_seq();
    let found = results(
        &mock,
        true,
        &[
            ("POST", "/sobjects/Account", "acc", r#"{"Name":"One"}"#),
            ("PATCH", "/sobjects/Account/@{acc.id}", "again", r#"{"Name":"Two"}"#),
            ("GET", "/sobjects/Account/@{acc.id}?fields=Name", "read", ""),
        ],
    )
    .await;
    assert!(found[2].1.contains(r#""Name":"Two""#), "{found:?}");
    let state = mock.org().snapshot();
    let changes = state.log().since(before).count();
    assert_eq!(changes, 1, "created and changed in one transaction is created");
}

#[tokio::test]
async fn a_request_that_is_not_well_formed_does_nothing() {
    let mock = mock().await;
    let account = r#"{"method":"POST","url":"/services/data/v66.0/sobjects/Account","referenceId":"a","body":{"Name":"A"}}"#;
    let with = |from: &str, to: &str| account.replace(from, to);
    let query = |at: usize| {
        with("\"a\"", &format!("\"q{at}\"")).replace("POST", "GET").replace("sobjects/Account", "query?q=x")
    };
    let many = |count: usize| {
        (0..count).map(|at| with("\"a\"", &format!("\"a{at}\""))).collect::<Vec<_>>().join(",")
    };
    for (list, text) in [
        (
            with("\"a\"", "\"a[1]\""),
            "Provided referenceId ('a[1]') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').",
        ),
        (format!("{account},{account}"), "referenceId 'a' stands in the request twice"),
        (with("POST", "post"), "method is one of POST, PUT, PATCH, GET and DELETE, not 'post'"),
        (
            with("/services/data/", ""),
            "url begins with /services/data/vXX.X/, which 'v66.0/sobjects/Account' does not",
        ),
        (
            with("\"body\"", r#""httpHeaders":{"Accept":"x"},"body""#),
            "httpHeaders of a subrequest cannot have 'Accept': Accept, Authorization and Content-Type are those of the request",
        ),
        (many(26), "A request takes at most 25 subrequests"),
        (
            (0..6).map(query).collect::<Vec<_>>().join(","),
            "At most 5 subrequests of a request are queries or sObject Collections",
        ),
    ] {
        let body = format!(r#"{{"compositeRequest":[{list}]}}"#);
        let (status, answer) = ask(&mock, "POST", COMPOSITE, &body).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((status, answer[0]["message"].as_str()), (400, Some(text)));
    }
    assert!(column(&mock, "SELECT Id FROM Account").await.is_empty());
    let (status, text) = ask(&mock, "GET", COMPOSITE, "").await;
    assert_eq!(
        (status, text.as_str()),
        (
            200,
            r#"{"tree":"/services/data/v66.0/composite/tree","batch":"/services/data/v66.0/composite/batch","sobjects":"/services/data/v66.0/composite/sobjects","graph":"/services/data/v66.0/composite/graph"}"#
        )
    );
}

#[tokio::test]
async fn what_a_client_has_already_is_not_sent_again_and_files_never() {
    let mock = mock().await;
    let subrequest = |reference: &str, headers: &str| {
        format!(
            r#"{{"method":"GET","url":"/services/data/v66.0/sobjects","referenceId":"{reference}"{headers}}}"#
        )
    };
    let first = format!(r#"{{"compositeRequest":[{}]}}"#, subrequest("a", ""));
    let answer: Value = serde_json::from_str(&ask(&mock, "POST", COMPOSITE, &first).await.1).unwrap();
    let headers = &answer["compositeResponse"][0]["httpHeaders"];
    let since = format!(r#","httpHeaders":{{"If-Modified-Since":{}}}"#, headers["Last-Modified"]);
    let again = format!(r#"{{"compositeRequest":[{}]}}"#, subrequest("b", &since));
    assert_eq!(
        ask(&mock, "POST", COMPOSITE, &again).await.1,
        format!(
            r#"{{"compositeResponse":[{{"body":null,"httpHeaders":{headers},"httpStatusCode":304,"referenceId":"b"}}]}}"#
        )
    );
    let account = create(&mock, "Account", r#"{"Name":"A"}"#).await;
    let file = format!(r#"{{"Name":"f","Body":"aGk=","ParentId":"{account}"}}"#);
    let file = create(&mock, "Attachment", &file).await;
    let path = format!("/sobjects/Attachment/{file}/Body");
    let found = results(&mock, false, &[("GET", &path, "f", "")]).await;
    assert!(found[0].0 == 400 && found[0].1.contains("does not support GET"), "{found:?}");
}

#[tokio::test]
async fn subrequests_have_headers_of_their_own() {
    let mock = mock().await;
    create(&mock, "Account", r#"{"Name":"A"}"#).await;
    let query = r#"{"method":"GET","url":"/services/data/v66.0/query?q=SELECT+Id+FROM+Account","referenceId":"a","httpHeaders":{"Sforce-Query-Options":"batchSize=1"}}"#;
    let body = format!(r#"{{"compositeRequest":[{query}]}}"#);
    let answer = ask(&mock, "POST", COMPOSITE, &body).await.1;
    assert!(answer.contains("INVALID_BATCH_SIZE"), "{answer}");
    let plain = body.replace(r#","httpHeaders":{"Sforce-Query-Options":"batchSize=1"}"#, "");
    let headers = [("Sforce-Query-Options", "batchSize=1")];
    let answer = send(&mock, "POST", COMPOSITE, &headers, &plain).await.text().await.unwrap();
    assert!(answer.contains(r#""totalSize":1"#), "{answer}");
}

#[tokio::test]
async fn subrequests_stand_in_the_journal_and_meet_their_faults() {
    let mock = mock().await;
    let fault = |operation: &str, effect: Effect| {
        mock.tenant().faults.add(Fault::new(Which::operation(operation), effect)).unwrap();
    };
    let locked = Effect::Error { code: "UNABLE_TO_LOCK_ROW".to_owned(), message: None, fields: None };
    fault("rest.sobject.create", locked);
    let list = [("POST", "/sobjects/Account", "a", r#"{"Name":"A"}"#)];
    let found = results(&mock, true, &list).await;
    assert!(found[0].1.contains("UNABLE_TO_LOCK_ROW"), "{found:?}");
    let entries = mock.journal().entries();
    let seen: Vec<_> = entries.iter().map(|entry| (entry.operation, entry.within, entry.status())).collect();
    assert_eq!(
        seen,
        [("rest.composite", None, Some(200)), ("rest.sobject.create", Some(entries[0].seq), Some(400))]
    );

    // A connection that is cut before the commit of one leaves nothing of all.
    fault("rest.sobject.create", Effect::ResetBeforeCommit);
    let body = format!(
        r#"{{"allOrNone":true,"compositeRequest":[{}]}}"#,
        steps(&[("POST", "/sobjects/Contact", "c", r#"{"LastName":"C"}"#), list[0]])
    );
    let url = format!("{}/services/data{COMPOSITE}", mock.url());
    let request = || client().post(&url).bearer_auth(TOKEN).header("content-type", "application/json");
    assert!(request().body(body.clone()).send().await.is_err());
    assert!(column(&mock, "SELECT Id FROM Contact").await.is_empty());
    fault("rest.sobject.create", Effect::ResetAfterCommit);
    assert!(request().body(body).send().await.is_err());
    assert_eq!(column(&mock, "SELECT LastName FROM Contact").await, ["C"]);
    assert!(mock.tenant().faults.unused().is_empty());

    fault("rest.sobject.create", Effect::ExpiredSession);
    let found = results(&mock, false, &list).await;
    assert_eq!(found[0].0, 401);
    assert_eq!(ask(&mock, "GET", "/v66.0/limits", "").await.0, 401);
}

#[tokio::test]
async fn a_batch_answers_each_for_itself() {
    let mock = mock().await;
    let id = create(&mock, "Account", r#"{"Name":"One"}"#).await;
    let batch = |halt: bool| {
        format!(
            r#"{{"haltOnError":{halt},"batchRequests":[{{"method":"PATCH","url":"v66.0/sobjects/account/{id}","richInput":{{"Name":"NewName"}}}},{{"method":"GET","url":"/services/data/v57.0/sobjects/account/{id}?fields=Name,BillingPostalCode"}},{{"method":"GET","url":"v66.0/sobjects/account/0015g0000000099AAA"}},{{"method":"GET","url":"v66.0/limits/recordCount?sObjects=Account"}}]}}"#
        )
    };
    let (status, text) = ask(&mock, "POST", "/v66.0/composite/batch", &batch(false)).await;
    assert_eq!(status, 200);
    let row = format!(
        r#"{{"attributes":{{"type":"Account","url":"/services/data/v57.0/sobjects/Account/{id}"}},"Name":"NewName","BillingPostalCode":null}}"#
    );
    let head = format!(
        r#"{{"hasErrors":true,"results":[{{"statusCode":204,"result":null}},{{"statusCode":200,"result":{row}}},{{"statusCode":404,"result":[{{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}}]}},"#
    );
    assert_eq!(
        text,
        format!(r#"{head}{{"statusCode":200,"result":{{"sObjects":[{{"count":1,"name":"Account"}}]}}}}]}}"#)
    );
    let (_, text) = ask(&mock, "POST", "/v66.0/composite/batch", &batch(true)).await;
    assert_eq!(
        text,
        format!(
            r#"{head}{{"statusCode":412,"result":[{{"errorCode":"BATCH_PROCESSING_HALTED","message":"Batch processing halted per request"}}]}}]}}"#
        )
    );
    for (url, message) in [
        ("v66.0/tooling/query?q=x", "The batch resource does not support v66.0/tooling/query?q=x"),
        (
            "v67.0/limits",
            "The version of a batch's subrequest is v34.0 or later and at most v66.0, not v67.0",
        ),
    ] {
        let body = format!(r#"{{"batchRequests":[{{"method":"GET","url":"{url}"}}]}}"#);
        let expected = json!([{"message": message, "errorCode": "INVALID_BATCH_REQUEST"}]).to_string();
        assert_eq!(ask(&mock, "POST", "/v66.0/composite/batch", &body).await, (400, expected));
    }
}

#[tokio::test]
async fn each_graph_stands_or_falls_as_a_whole() {
    let mock = mock().await;
    let good = steps(&[
        ("POST", "/sobjects/Account/", "acc", r#"{"name":"Cloudy"}"#),
        ("POST", "/sobjects/Contact/", "con", r#"{"LastName":"Cashman","AccountId":"@{acc.id}"}"#),
    ]);
    let bad = steps(&[
        ("POST", "/sobjects/Account/", "acc", r#"{"name":"Lost"}"#),
        ("POST", "/sobjects/Contact/", "con", r#"{"AccountId":"@{acc.id}"}"#),
    ]);
    let body = format!(
        r#"{{"graphs":[{{"graphId":"1","compositeRequest":[{bad}]}},{{"graphId":"2","compositeRequest":[{good}]}}]}}"#
    );
    let (status, text) = ask(&mock, "POST", "/v66.0/composite/graph", &body).await;
    assert_eq!(status, 200);
    assert_eq!(
        text,
        format!(
            r#"{{"graphs":[{{"graphId":"1","graphResponse":{{"compositeResponse":[{{"body":{HALTED},"httpHeaders":{{}},"httpStatusCode":400,"referenceId":"acc"}},{{"body":[{{"message":"Required fields are missing: [LastName]","errorCode":"REQUIRED_FIELD_MISSING","fields":["LastName"]}}],"httpHeaders":{{}},"httpStatusCode":400,"referenceId":"con"}}]}},"isSuccessful":false}},{{"graphId":"2","graphResponse":{{"compositeResponse":[{{"body":{{"id":"0015g0000000001AAA","success":true,"errors":[]}},"httpHeaders":{{"Location":"/services/data/v66.0/sobjects/Account/0015g0000000001AAA"}},"httpStatusCode":201,"referenceId":"acc"}},{{"body":{{"id":"0035g0000000001AAA","success":true,"errors":[]}},"httpHeaders":{{"Location":"/services/data/v66.0/sobjects/Contact/0035g0000000001AAA"}},"httpStatusCode":201,"referenceId":"con"}}]}},"isSuccessful":true}}]}}"#
        )
    );
    assert_eq!(column(&mock, "SELECT Name FROM Account").await, ["Cloudy"]);
}

#[tokio::test]
async fn graphs_have_limits() {
    let mock = mock().await;
    let graph = |id: usize, list: &str| format!(r#"{{"graphId":"g{id}","compositeRequest":[{list}]}}"#);
    let account = |reference: &str, body: &str| steps(&[("POST", "/sobjects/Account", reference, body)]);
    let chain = |length: usize| {
        let link = |at: usize| {
            let parent =
                if at == 0 { String::new() } else { format!(r#","ParentId":"@{{n{}.id}}""#, at - 1) };
            account(&format!("n{at}"), &format!(r#"{{"Name":"A"{parent}}}"#))
        };
        (0..length).map(link).collect::<Vec<_>>().join(",")
    };
    let many = |count: usize| {
        (0..count).map(|at| account(&format!("n{at}"), r#"{"Name":"A"}"#)).collect::<Vec<_>>().join(",")
    };
    for (graphs, message) in [
        ((0..76).map(|id| graph(id, "")).collect(), "A graph request has at most 75 graphs"),
        (vec![graph(0, &many(501))], "A graph request has at most 500 nodes"),
        (vec![graph(0, &chain(16))], "A graph request has at most 15 nodes in a chain"),
        (
            vec![graph(0, ""), graph(0, "")],
            "graphId 'g0' must be unique, start with a letter or a number, be shorter than 40 characters and have no '.'",
        ),
    ] {
        let body = format!(r#"{{"graphs":[{}]}}"#, graphs.join(","));
        let (status, text) = ask(&mock, "POST", "/v66.0/composite/graph", &body).await;
        let text: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((status, text[0]["message"].as_str()), (400, Some(message)));
    }
    let graphs: Vec<String> = (0..16).map(|id| graph(id, &account("a", "{}"))).collect();
    let body = format!(r#"{{"graphs":[{},{}]}}"#, graphs.join(","), graph(99, &chain(15)));
    let (_, text) = ask(&mock, "POST", "/v66.0/composite/graph", &body).await;
    assert_eq!(text.matches("REQUIRED_FIELD_MISSING").count(), 15);
    let halted = "More than 14 graphs of the request failed; this one was not processed.";
    assert_eq!(text.matches(halted).count(), 16, "one graph of one node, one of fifteen");
    assert!(column(&mock, "SELECT Id FROM Account").await.is_empty());
    let query = steps(&[("GET", "/query?q=x", "q", "")]);
    let body = format!(r#"{{"graphs":[{}]}}"#, graph(0, &query));
    let (_, text) = ask(&mock, "POST", "/v66.0/composite/graph", &body).await;
    assert!(text.contains("The composite resource does not support GET"), "{text}");
}

#[tokio::test]
async fn a_query_may_be_longer_than_any_address() {
    let mock = mock().await;
    create(&mock, "Account", r#"{"Name":"Acme"}"#).await;
    let names = vec!["'aVeryLongNameThatNobodyHas'"; 3000].join(",");
    let query = format!("/query/?q=SELECT+Name+FROM+Account+WHERE+Name+IN+('Acme',{names})");
    assert!(query.len() > 65_535);
    let found = results(&mock, true, &[("GET", &query, "long", "")]).await;
    assert_eq!(found[0].0, 200, "{:.300}", found[0].1);
    assert!(found[0].1.contains(r#""totalSize":1"#), "{:.300}", found[0].1);
}
