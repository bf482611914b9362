//! Layouts, searches, tabs and limits: what clients ask of an org as a whole.

use serde_json::Value;

use crate::{
    mock,
    wire::{ask, create, send},
};

async fn get(mock: &mock_sfdc::MockSfdc, path: &str) -> Value {
    let (status, text) = ask(mock, "GET", path, "").await;
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_layout_shows_each_field_once() {
    let mock = mock().await;
    let body = get(&mock, "/v66.0/sobjects/Contact/describe/layouts").await;
    let layout = &body["layouts"][0];
    let items = |section: &Value| {
        let rows = section["layoutRows"].as_array().unwrap().clone();
        rows.into_iter().flat_map(|row| row["layoutItems"].as_array().unwrap().clone()).collect::<Vec<_>>()
    };
    let shown = items(&layout["detailLayoutSections"][0]);
    let values: Vec<&str> =
        shown.iter().map(|item| item["layoutComponents"][0]["value"].as_str().unwrap()).collect();
    assert_eq!(&values[..4], ["AccountId", "Name", "OtherAddress", "MailingAddress"]);
    let name = &shown[1];
    assert_eq!((&name["required"], &name["editableForNew"]), (&Value::Bool(true), &Value::Bool(true)));
    let parts: Vec<&str> = name["layoutComponents"][0]["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["value"].as_str().unwrap())
        .collect();
    assert_eq!(parts, ["LastName", "FirstName", "Salutation"]);
    assert_eq!(name["layoutComponents"][0]["components"][0]["details"]["length"], 80);
    assert_eq!(layout["detailLayoutSections"][1]["heading"], "System Information");

    let mapping = &body["recordTypeMappings"][0];
    assert_eq!((&mapping["name"], &mapping["layoutId"]), (&Value::from("Master"), &layout["id"]));
    let one =
        get(&mock, mapping["urls"]["layout"].as_str().unwrap().trim_start_matches("/services/data")).await;
    assert_eq!(&one, layout);
    let first = send(&mock, "GET", "/v66.0/sobjects/Contact/describe/layouts", &[], "").await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let again =
        send(&mock, "GET", "/v66.0/sobjects/Contact/describe/layouts", &[("if-none-match", &tag)], "").await;
    assert_eq!(again.status(), 304);
    for path in [
        "Contact/describe/layouts/012000000000001AAA",
        "LeadStatus/describe/layouts",
        "Nope/describe/layouts",
    ] {
        assert_eq!(ask(&mock, "GET", &format!("/v66.0/sobjects/{path}"), "").await.0, 404, "{path}");
    }
    for path in ["Lead/describe/namedLayouts/UserAlt", "User/describe/namedLayouts/X"] {
        assert_eq!(ask(&mock, "GET", &format!("/v66.0/sobjects/{path}"), "").await.0, 404, "{path}");
    }
    // The one that there is: users have it, and the page is theirs.
    let named = get(&mock, "/v66.0/sobjects/User/describe/namedLayouts/UserAlt").await;
    assert_eq!(named, get(&mock, "/v66.0/sobjects/User/describe/layouts").await);
    assert_eq!(named["layouts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn compact_and_approval_layouts() {
    let mock = mock().await;
    let body = get(&mock, "/v66.0/sobjects/Account/describe/compactLayouts").await;
    assert_eq!(body["compactLayouts"][0]["fieldItems"][0]["layoutComponents"][0]["value"], "Name");
    assert_eq!(body["recordTypeCompactLayoutMappings"][0]["compactLayoutName"], "SYSTEM");
    // The links of the answer lead to one of them.
    let master = body["recordTypeCompactLayoutMappings"][0]["urls"]["compactLayout"].as_str().unwrap();
    for link in [body["urls"]["primary"].as_str().unwrap(), master] {
        let one = get(&mock, link.strip_prefix("/services/data").unwrap()).await;
        assert_eq!(one, body["compactLayouts"][0], "{link}");
    }
    let nobody = "/v66.0/sobjects/Account/describe/compactLayouts/012000000000009AAA";
    assert_eq!(ask(&mock, "GET", nobody, "").await.0, 404);
    let both = get(&mock, "/v66.0/compactLayouts?q=Account,Contact").await;
    assert_eq!(both["Account"], body);
    assert_eq!(both["Contact"]["compactLayouts"][0]["objectType"], "Contact");
    let approvals = ask(&mock, "GET", "/v66.0/sobjects/Account/describe/approvalLayouts", "").await;
    assert_eq!(approvals, (200, r#"{"approvalLayouts":[]}"#.to_owned()));
    let (status, text) = ask(&mock, "GET", "/v66.0/compactLayouts?q=Nope", "").await;
    assert!(status == 400 && text.contains("sObject type 'Nope' is not supported"), "{text}");
}

#[tokio::test]
async fn what_a_search_box_asks() {
    let mock = mock().await;
    let id = create(&mock, "Account", r#"{"Name":"Acme Works"}"#).await;
    create(&mock, "Account", r#"{"Name":"Acme Two"}"#).await;
    assert_eq!(
        ask(&mock, "GET", "/v66.0/search/layout?q=Account", "").await.1,
        r#"[{"errorMsg":null,"label":"Search Results","limitRows":25,"objectType":"Account","searchColumns":[{"field":"Account.Name","format":null,"label":"Account Name","name":"Name"}]}]"#
    );
    let order = get(&mock, "/v66.0/search/scopeOrder").await;
    assert_eq!(order[0]["url"], "/services/data/v66.0/sobjects/Account/describe");
    assert_eq!(
        ask(&mock, "GET", "/v66.0/search/suggestions?q=wor&sobject=Account", "").await.1,
        format!(
            r#"{{"autoSuggestResults":[{{"attributes":{{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{id}"}},"Id":"{id}","Name":"Acme Works"}}],"hasMoreResults":false,"meta":{{"nameFields":[{{"entityApiName":"Account","fieldApiName":"Name"}}]}}}}"#
        )
    );
    let few = get(&mock, "/v66.0/search/suggestions?q=acme&sobject=Account&limit=1").await;
    assert_eq!(
        (few["autoSuggestResults"].as_array().unwrap().len(), &few["hasMoreResults"]),
        (1, &Value::Bool(true))
    );
    for (query, code) in [
        ("q=a&sobject=Account", "MALFORMED_SEARCH"),
        ("q=acme", "MISSING_ARGUMENT"),
        ("sobject=Account", "MISSING_ARGUMENT"),
    ] {
        let (status, text) = ask(&mock, "GET", &format!("/v66.0/search/suggestions?{query}"), "").await;
        assert!(status == 400 && text.contains(code), "{query}: {text}");
    }
}

#[tokio::test]
async fn tabs_theme_and_menu() {
    let mock = mock().await;
    let tabs = get(&mock, "/v66.0/tabs").await;
    assert_eq!(
        (&tabs[0]["name"], &tabs[0]["label"]),
        (&Value::from("standard-Account"), &Value::from("Accounts"))
    );
    assert_eq!(get(&mock, "/v66.0/theme").await["themeItems"][0]["name"], "Account");
    assert_eq!(ask(&mock, "GET", "/v66.0/appMenu/AppSwitcher", "").await.1, r#"{"appMenuItems":[]}"#);
    let (status, text) = ask(&mock, "GET", "/v66.0/appMenu/Nope", "").await;
    assert!(status == 404 && text.contains("NOT_FOUND"), "{text}");
}

/// The WSDLs want one at least, so a client made of them cannot read a list without.
#[tokio::test]
async fn a_related_list_has_a_column() {
    let mock = mock().await;
    for object in ["Account", "Contact", "Opportunity", "Case"] {
        let body = get(&mock, &format!("/v66.0/sobjects/{object}/describe/layouts")).await;
        let lists = body["layouts"][0]["relatedLists"].as_array().unwrap();
        assert!(!lists.is_empty(), "{object}");
        for list in lists {
            assert!(list["columns"][0]["name"].is_string(), "{object}: {list}");
        }
    }
}

#[tokio::test]
async fn all_limits_are_listed_and_requests_are_counted() {
    let mock = mock().await;
    let before = get(&mock, "/v66.0/limits").await;
    let after = get(&mock, "/v66.0/limits").await;
    let names: Vec<&String> = after.as_object().unwrap().keys().collect();
    assert!(names.is_sorted() && names.len() > 50, "{names:?}");
    let left = |body: &Value| body["DailyApiRequests"]["Remaining"].as_u64().unwrap();
    assert_eq!((after["DailyApiRequests"]["Max"].as_u64(), left(&before) - left(&after)), (Some(15_000), 1));
    assert_eq!(after["DataStorageMB"]["Max"], 5);
    assert_eq!(after["PermissionSets"]["CreateCustom"]["Max"], 1000);
}

#[tokio::test]
async fn a_password_is_set_and_reset() {
    let mock = mock().await;
    let users = get(&mock, "/v66.0/query?q=SELECT+Id+FROM+User+WHERE+Username+LIKE+'ada%25'").await;
    let path = format!("/v66.0/sobjects/User/{}/password", users["records"][0]["Id"].as_str().unwrap());
    assert_eq!(ask(&mock, "GET", &path, "").await, (200, r#"{"isExpired":false}"#.to_owned()));
    assert_eq!(ask(&mock, "POST", &path, r#"{"NewPassword":"brand-new-1"}"#).await, (204, String::new()));
    let (status, text) = ask(&mock, "POST", &path, r#"{"NewPassword":"short"}"#).await;
    assert!(status == 400 && text.contains("INVALID_NEW_PASSWORD"), "{text}");
    let (status, text) = ask(&mock, "DELETE", &path, "").await;
    assert!(status == 200 && text.starts_with(r#"{"NewPassword":""#), "{text}");
    assert_eq!(ask(&mock, "GET", "/v66.0/sobjects/User/0055g00000009zz/password", "").await.0, 404);
}
