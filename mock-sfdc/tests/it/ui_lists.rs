//! UI API: list views, related lists, lookups, and what else a page asks for beside a record.

use serde_json::{Value, json};

use crate::{
    lists::mock,
    wire::{ask, create},
};

async fn get(mock: &mock_sfdc::MockSfdc, path: &str) -> Value {
    let (status, text) = ask(mock, "GET", path, "").await;
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

async fn refused(mock: &mock_sfdc::MockSfdc, path: &str) -> (u16, String, String) {
    let (status, text) = ask(mock, "GET", path, "").await;
    let said: Value = serde_json::from_str(&text).unwrap();
    let text = |name: &str| said[0][name].as_str().unwrap_or_default().to_owned();
    (status, text("errorCode"), text("message"))
}

/// Three accounts, of which one has two contacts.
async fn org(mock: &mock_sfdc::MockSfdc) -> String {
    let mut first = String::new();
    for name in ["! Alder", "! Birch", "~ Cedar"] {
        let id = create(mock, "Account", &format!(r#"{{"Name":"{name}","Phone":"1"}}"#)).await;
        if name == "! Alder" {
            first = id;
        }
    }
    for name in ["Ash", "Beech"] {
        create(mock, "Contact", &format!(r#"{{"LastName":"{name}","AccountId":"{first}"}}"#)).await;
    }
    first
}

fn names(page: &Value) -> Vec<&str> {
    let records = page["records"].as_array().unwrap();
    records.iter().map(|record| record["fields"]["Name"]["value"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_list_view_is_told_as_a_real_org_told_one_in_46() {
    let mock = mock().await;
    org(&mock).await;
    let views = get(&mock, "/v46.0/ui-api/list-ui/Account").await;
    assert_eq!((&views["count"], &views["lists"][0]["apiName"]), (&json!(2), &json!("AllAccounts")));
    let address = views["lists"][0]["listUiUrl"].as_str().unwrap().strip_prefix("/services/data").unwrap();
    let by_name = get(&mock, address).await;
    let id = views["lists"][0]["id"].as_str().unwrap();
    let list = get(&mock, &format!("/v46.0/ui-api/list-ui/{id}?pageSize=2")).await;
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&list), ["eTag", "info", "records"]);
    let told = [
        "cloneable",
        "createable",
        "deletable",
        "displayColumns",
        "eTag",
        "filterLogicString",
        "filteredByInfo",
        "label",
        "listReference",
        "orderedByInfo",
        "updateable",
        "userPreferences",
        "visibility",
        "visibilityEditable",
    ];
    assert_eq!(keys(&list["info"]), told);
    assert_eq!(list["info"], by_name["info"]);
    assert_eq!(
        list["info"]["listReference"],
        json!({"id": id, "listViewApiName": "AllAccounts", "objectApiName": "Account", "type": "listView"})
    );
    let column = json!({"fieldApiName": "Name", "label": "Account Name", "sortable": true});
    assert_eq!(list["info"]["displayColumns"][0], column);
    assert_eq!(
        keys(&list["records"]),
        [
            "count",
            "currentPageToken",
            "currentPageUrl",
            "listInfoETag",
            "nextPageToken",
            "nextPageUrl",
            "previousPageToken",
            "previousPageUrl",
            "records"
        ]
    );
    assert_eq!(list["records"]["listInfoETag"], list["info"]["eTag"]);
    assert_eq!(list["info"]["eTag"].as_str().unwrap().len(), 32);
    let here = format!("/services/data/v46.0/ui-api/list-records/{id}?pageSize=2&pageToken=0");
    assert_eq!(list["records"]["currentPageUrl"], json!(here));
    // A record has the columns, and of each parent what links and caches need; moments in the form of pages.
    let record = &list["records"]["records"][0];
    assert_eq!(names(&list["records"]), ["! Alder", "! Birch"]);
    let owner = &record["fields"]["Owner"]["value"]["fields"];
    assert!(
        owner["Name"]["value"].is_string() && owner["Id"]["value"] == record["fields"]["OwnerId"]["value"]
    );
    assert!(record["systemModstamp"].as_str().unwrap().ends_with("000Z"), "{record}");
    let next = list["records"]["nextPageUrl"].as_str().unwrap().strip_prefix("/services/data").unwrap();
    let last = get(&mock, next).await;
    assert_eq!(names(&last)[0], "Harbor Grill");
    assert_eq!((&last["currentPageToken"], &last["previousPageToken"]), (&json!("2"), &json!("0")));
}

#[tokio::test]
async fn later_versions_tell_more_of_a_list() {
    let mock = mock().await;
    org(&mock).await;
    let info = get(&mock, "/v66.0/ui-api/list-info/account/allaccounts").await;
    assert_eq!(info["displayColumns"][0]["lookupId"], json!("Id"));
    let edited = &info["displayColumns"][0]["inlineEditAttributes"]["012000000000000AAA"];
    assert_eq!(edited, &json!({"editable": true, "required": true}));
    assert_eq!((&info["hasMassActions"], &info["scope"]["apiName"]), (&json!(true), &json!("everything")));
    let path = "/v66.0/ui-api/list-records/Account/AllAccounts?sortBy=-Name&optionalFields=Account.Nope,Account.Industry&pageSize=1";
    let page = get(&mock, path).await;
    assert_eq!(names(&page), ["~ Cedar"]);
    assert!(page["records"][0]["fields"].get("Industry").is_some());
    assert_eq!((&page["sortBy"], &page["pageSize"]), (&json!(["-Name"]), &json!(1)));
    let (status, text) = ask(
        &mock,
        "POST",
        "/v66.0/ui-api/list-records/Account/AllAccounts",
        r#"{"fields":["Phone"],"sortBy":["-Name"],"pageSize":1}"#,
    )
    .await;
    let posted: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, names(&posted)), (200, vec!["~ Cedar"]));
    let summaries = get(&mock, "/v66.0/ui-api/list-info/Account?q=my").await;
    assert_eq!(summaries["lists"][0]["url"], "/services/data/v66.0/ui-api/list-info/Account/MyAccounts");
    assert_eq!(get(&mock, "/v66.0/ui-api/list-info/Account?recentListsOnly=true").await["count"], json!(0));
    // Nothing of it before its time.
    for (path, since) in
        [("list-info/Account/AllAccounts", 42), ("list-info/Account", 61), ("object-info", 42)]
    {
        assert_eq!(refused(&mock, &format!("/v{}.0/ui-api/{path}", since - 1)).await.0, 404, "{path}");
        get(&mock, &format!("/v{since}.0/ui-api/{path}")).await;
    }
}

#[tokio::test]
async fn what_a_list_is_not_asked_so_is_refused() {
    let mock = mock().await;
    let list = "/v66.0/ui-api/list-records/Account/AllAccounts";
    for (path, status, code, said) in [
        (
            format!("{list}?pageSize=0"),
            400,
            "NUMBER_OUTSIDE_VALID_RANGE",
            "pageSize parameter must be between 1 and 2000",
        ),
        (format!("{list}?pageToken=x"), 400, "ILLEGAL_QUERY_PARAMETER_VALUE", r#"For input string: "x""#),
        (format!("{list}?sortBy=Nope"), 400, "INVALID_FIELD", "No such column 'Nope'"),
        (format!("{list}?sortBy=Name)"), 400, "INVALID_FIELD", "No such column 'Name)'"),
        (format!("{list}?fields=Account.Nope"), 400, "INVALID_FIELD", "No such column 'Nope'"),
        (format!("{list}?where=x"), 400, "INVALID_INPUT", "has no parameter \"where\""),
        (
            "/v66.0/ui-api/list-info/Account/Nope".to_owned(),
            404,
            "NOT_FOUND",
            "The requested resource does not exist",
        ),
        (
            "/v66.0/ui-api/list-info/Account/__Recent".to_owned(),
            403,
            "FUNCTIONALITY_NOT_ENABLED",
            "the list __Recent",
        ),
        ("/v66.0/ui-api/list-ui/001000000000001".to_owned(), 404, "NOT_FOUND", "The requested"),
    ] {
        let (found, error, message) = refused(&mock, &path).await;
        assert_eq!((found, error.as_str()), (status, code), "{path}: {message}");
        assert!(message.contains(said), "{path}: {message}");
    }
    for (method, path) in [
        ("POST", "list-info/Account"),
        ("PATCH", "list-info/Account/AllAccounts"),
        ("PATCH", "related-list-info/Account/Contacts"),
        ("POST", "favorites"),
        ("POST", "lookups/Contact/AccountId"),
    ] {
        let (status, text) = ask(&mock, method, &format!("/v66.0/ui-api/{path}"), "{}").await;
        assert_eq!((status, text.contains("FUNCTIONALITY_NOT_ENABLED")), (403, true), "{path}: {text}");
    }
    assert_eq!(get(&mock, "/v66.0/ui-api/favorites").await, json!({"favorites": []}));
}

#[tokio::test]
async fn related_lists_are_told_read_and_counted() {
    let mock = mock().await;
    let account = org(&mock).await;
    let lists = get(&mock, "/v66.0/ui-api/related-list-info/Account").await;
    let contacts =
        lists["relatedLists"].as_array().unwrap().iter().find(|list| list["relatedListId"] == "Contacts");
    let contacts = contacts.unwrap();
    assert_eq!((&contacts["fieldApiName"], &contacts["keyPrefix"]), (&json!("AccountId"), &json!("003")));
    let address = contacts["relatedListInfoUrl"].as_str().unwrap().strip_prefix("/services/data").unwrap();
    let info = get(&mock, address).await;
    assert_eq!(info["displayColumns"][0]["fieldApiName"], "Name");
    assert_eq!(info["listReference"]["relatedListId"], "Contacts");
    let both = get(&mock, "/v66.0/ui-api/related-list-info/batch/Account/Contacts,Nope").await;
    assert_eq!((&both["results"][0]["result"], &both["results"][1]["statusCode"]), (&info, &json!(400)));

    let records = format!("/v53.0/ui-api/related-list-records/{account}/Contacts");
    let page = get(
        &mock,
        &format!("{records}?fields=Contact.Id,Contact.Name&optionalFields=Contact.Email,Contact.LastName"),
    )
    .await;
    assert_eq!(names(&page), ["Ash", "Beech"]);
    let here = "Contacts?fields=Contact.Id%2CContact.Name&optionalFields=Contact.Email%2CContact.LastName&pageSize=50&pageToken=0";
    assert_eq!(
        page["currentPageUrl"],
        json!(format!("/services/data/v53.0/ui-api/related-list-records/{account}/{here}"))
    );
    let told = page.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        told,
        [
            "count",
            "currentPageToken",
            "currentPageUrl",
            "fields",
            "listInfoETag",
            "listReference",
            "nextPageToken",
            "nextPageUrl",
            "optionalFields",
            "pageSize",
            "previousPageToken",
            "previousPageUrl",
            "records",
            "sortBy"
        ]
    );
    assert_eq!(
        page["listReference"],
        json!({
            "id": null, "inContextOfRecordId": account, "listViewApiName": null, "objectApiName": null,
            "parentObjectApiName": "Account", "recordTypeId": null, "relatedListId": "Contacts", "type": "relatedList",
        })
    );
    assert_eq!(page["records"][0]["recordTypeId"], "012000000000000AAA");
    // Without fields none; an order by what cannot be ordered by is as none.
    let plain = get(&mock, &format!("{records}?sortBy=Nope,-LastName&pageSize=1")).await;
    assert_eq!((&plain["records"][0]["fields"], &plain["sortBy"]), (&json!({}), &json!(["-LastName"])));
    assert_eq!(plain["nextPageToken"], "1");
    let body = r#"{"fields":["Name"],"sortBy":["-LastName"]}"#;
    let (_, text) = ask(&mock, "POST", &records.replace("v53", "v55"), body).await;
    assert_eq!(names(&serde_json::from_str(&text).unwrap()), ["Beech", "Ash"]);
    let batch = get(
        &mock,
        &format!("/v66.0/ui-api/related-list-records/batch/{account}/Contacts,Cases?fields=Contact.Name"),
    )
    .await;
    assert_eq!(batch["results"][1]["result"]["fields"], json!([]));
    assert_eq!(names(&batch["results"][0]["result"]), ["Ash", "Beech"]);

    let counted =
        get(&mock, &format!("/v66.0/ui-api/related-list-count/{account}/Contacts?maxCount=1")).await;
    assert_eq!((&counted["count"], &counted["hasMore"]), (&json!(1), &json!(true)));
    let counted =
        get(&mock, &format!("/v66.0/ui-api/related-list-count/batch/{account}/Contacts,Cases")).await;
    let counts = [0, 1].map(|at| counted["results"][at]["result"]["count"].as_u64());
    assert_eq!(counts, [Some(2), Some(0)]);
    for (path, status, said) in [
        ("related-list-info/Nope/Contacts".to_owned(), 403, "You don't have access to this record."),
        (format!("related-list-records/{account}/Nope"), 400, "does not currently support this entity"),
        (format!("related-list-records/{account}/Contacts?pageSize=2000"), 400, "between 1 and 1999"),
        (
            format!("related-list-count/{account}/Contacts?maxCount=0"),
            400,
            "maxSize parameter must be between 1 and 1999",
        ),
        (
            "related-list-count/001000000000001/Contacts".to_owned(),
            404,
            "The requested resource does not exist",
        ),
    ] {
        let (found, _, message) = refused(&mock, &format!("/v66.0/ui-api/{path}")).await;
        assert_eq!((found, message.contains(said)), (status, true), "{path}: {message}");
    }
}

#[tokio::test]
async fn a_lookup_offers_what_was_looked_at_what_has_the_words_and_what_begins_so() {
    let mock = mock().await;
    let account = org(&mock).await;
    let lookup = "/v66.0/ui-api/lookups/Contact/AccountId";
    let none = get(&mock, lookup).await;
    assert_eq!(none["lookupResults"]["Account"]["count"], json!(0));
    let seen = "/v66.0/query?q=SELECT+Id+FROM+Account+WHERE+Name='!+Birch'+FOR+VIEW";
    ask(&mock, "GET", seen, "").await;
    let recent = get(&mock, &format!("{lookup}/Account")).await;
    assert_eq!(names(&recent), ["! Birch"]);
    let search = get(&mock, &format!("{lookup}?searchType=Search&q=al")).await;
    let found = &search["lookupResults"]["Account"];
    assert_eq!(names(found), ["! Alder"]);
    let fields = json!({
        "DisambiguationField": {"displayValue": null, "value": null},
        "Id": {"displayValue": null, "value": account},
        "Name": {"displayValue": null, "value": "! Alder"},
    });
    assert_eq!(found["records"][0]["fields"], fields);
    create(&mock, "Account", r#"{"Name":"~ Cedarwood 100%"}"#).await;
    let page = get(&mock, &format!("{lookup}/Account?searchType=TypeAhead&q=~+ceda&pageSize=1")).await;
    assert_eq!(names(&page), ["~ Cedar"]);
    let next = page["nextPageUrl"].as_str().unwrap().strip_prefix("/services/data").unwrap();
    let last = get(&mock, next).await;
    assert_eq!((names(&last), &last["nextPageUrl"]), (vec!["~ Cedarwood 100%"], &Value::Null));
    // What somebody types is no pattern.
    assert_eq!(
        get(&mock, &format!("{lookup}/Account?searchType=TypeAhead&q=~+ced%25r")).await["count"],
        json!(0)
    );
    for (path, status, said) in [
        ("Contact/AccountId?searchType=TypeAhead&q=ce", 400, "q has at least 3 characters"),
        ("Contact/AccountId?searchType=Search&q=c", 400, "q has at least 2 characters"),
        ("Contact/AccountId?searchType=Moon", 400, "searchType is one of Recent, Search and TypeAhead"),
        ("Contact/AccountId?dependentFieldBindings=x", 400, "has no parameter \"dependentFieldBindings\""),
        ("Contact/AccountId?page=0", 400, "page parameter must be between 1 and"),
        ("Contact/AccountId/User", 404, "The requested resource does not exist"),
        ("Contact/LastName", 400, "Contact.LastName is no lookup field"),
        ("Contact/Nope", 404, "The requested resource does not exist"),
    ] {
        let (found, _, message) = refused(&mock, &format!("/v66.0/ui-api/lookups/{path}")).await;
        assert_eq!((found, message.contains(said)), (status, true), "{path}: {message}");
    }
}

#[tokio::test]
async fn pages_are_told_which_objects_they_know_and_how_fields_are_written() {
    let mock = mock().await;
    let account = org(&mock).await;
    let objects = get(&mock, "/v66.0/ui-api/object-info").await;
    assert_eq!(
        objects["objects"]["Account"],
        json!({
            "apiName": "Account", "keyPrefix": "001", "label": "Account", "labelPlural": "Accounts",
            "nameFields": ["Name"], "objectInfoUrl": "/services/data/v66.0/ui-api/object-info/Account",
        })
    );
    let record = format!("/v66.0/ui-api/records/{account}");
    let (status, code, _) = refused(&mock, &format!("{record}?fields=Name")).await;
    assert_eq!((status, code.as_str()), (400, "INVALID_FIELD"));
    let found = get(&mock, &format!("{record}?fields=Account.CreatedDate")).await;
    assert!(found["fields"]["CreatedDate"]["value"].as_str().unwrap().ends_with("000Z"), "{found}");
    let body = r#"{"apiName":"Account","fields":{"Name":"x"},"allowSaveOnDuplicate":"yes"}"#;
    let (status, text) = ask(&mock, "POST", "/v66.0/ui-api/records", body).await;
    assert_eq!(
        (status, text.contains("instance of boolean from VALUE_STRING value yes")),
        (400, true),
        "{text}"
    );
}
