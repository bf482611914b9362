//! SOAP `login()` as Salesforce's clients call it.

use mock_sfdc::MockSfdc;
use mock_sfdc_org::access::Restriction;

use crate::{
    client,
    people::{self, PASSWORD, SECURITY_TOKEN, USERNAME},
};

const ENVELOPE: &str = r#"xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/""#;

async fn ask(mock: &MockSfdc, path: &str, body: &str) -> (u16, String) {
    let body = format!("<soapenv:Envelope {ENVELOPE}><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>");
    let request = client().post(format!("{}/services/Soap/{path}", mock.url()));
    let answer = request.header("content-type", "text/xml").header("SOAPAction", "x").body(body).send().await;
    let answer = answer.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/xml"));
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn login(password: &str) -> String {
    format!(
        r#"<login xmlns="urn:partner.soap.sforce.com"><username>{USERNAME}</username><password>{password}</password></login>"#
    )
}

fn element<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("<{name}>")).unwrap();
    rest.split_once("</").unwrap().0
}

#[tokio::test]
async fn a_login_gives_a_session_for_rest() {
    let (mock, ada) = people::mock().await;
    for path in ["u/58.0", "u/44.0/", "u/59", "c/58.0", "u/58.0/00D5g0000000001"] {
        let (status, text) = ask(&mock, path, &login(&format!("{PASSWORD}{SECURITY_TOKEN}"))).await;
        assert_eq!(status, 200, "{path}: {text}");
        assert_eq!(element(&text, "userId"), ada.to_string());
        assert_eq!(element(&text, "sessionSecondsValid"), "7200");
        let limits = client().get(format!("{}/services/data/v66.0/limits", mock.url()));
        assert_eq!(limits.bearer_auth(element(&text, "sessionId")).send().await.unwrap().status(), 200);
    }
    let (_, text) = ask(&mock, "u/58.0", &login(&format!("{PASSWORD}{SECURITY_TOKEN}"))).await;
    let server = format!("{}/services/Soap/u/58.0/00D5g0000000001", mock.url());
    assert_eq!(element(&text, "serverUrl"), server);
}

#[tokio::test]
async fn the_elements_are_those_of_the_recorded_answer_in_its_order() {
    let (mock, _) = people::mock().await;
    let (_, text) = ask(&mock, "u/58.0", &login(&format!("{PASSWORD}{SECURITY_TOKEN}"))).await;
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");
    let folder = std::env::var("MOCK_SFDC_SHARED").unwrap_or_else(|_| beside.to_owned());
    let file = format!("{folder}/recorded/soap/salesforce_bulk.login_response.xml");
    let Ok(recorded) = std::fs::read_to_string(&file) else {
        eprintln!("skipped: {file} is not there (set MOCK_SFDC_SHARED)");
        return;
    };
    // Version 24 did not have these two yet.
    let newer = ["chatterExternal", "orgDefaultCurrencyLocale"];
    let found = names(&text).into_iter().filter(|name| !newer.contains(name)).collect::<Vec<_>>();
    assert_eq!(found, names(&recorded));
}

/// The names of all opening tags.
fn names(text: &str) -> Vec<&str> {
    let tags = text.split('<').skip(1).filter(|tag| !tag.starts_with(['/', '?']));
    tags.map(|tag| tag.split([' ', '>', '/', '\n']).next().unwrap_or_default()).collect()
}

#[tokio::test]
async fn a_wrong_password_is_the_recorded_fault() {
    let (mock, _) = people::mock().await;
    let (status, text) = ask(&mock, "u/58.0", &login("wrong")).await;
    assert_eq!(status, 500);
    assert_eq!(
        text,
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>sf:INVALID_LOGIN</faultcode><faultstring>INVALID_LOGIN: Invalid username, password, security token; or user locked out.</faultstring><detail><sf:LoginFault xsi:type="sf:LoginFault"><sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode><sf:exceptionMessage>Invalid username, password, security token; or user locked out.</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"#
    );
}

#[tokio::test]
async fn what_else_is_a_fault() {
    let (mock, _) = people::mock().await;
    let good = login(&format!("{PASSWORD}{SECURITY_TOKEN}"));
    for (path, body, code) in [
        (
            "u/65.0",
            good.as_str(),
            "INVALID_OPERATION: The SOAP Login operation is not available in the API version specified (65.0).",
        ),
        ("u/30.0", &good, "UNSUPPORTED_API_VERSION: "),
        ("u/nonsense", &good, "UNSUPPORTED_API_VERSION: "),
        (
            "m/58.0",
            &good,
            "FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate the SOAP API at /services/Soap/m",
        ),
        ("u/58.0", "<query/>", "FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate SOAP query()"),
        ("u/58.0", "", "UNKNOWN_EXCEPTION: The body is no SOAP envelope"),
        ("u/58.0", "<login>&lol;</login>", "UNKNOWN_EXCEPTION: The body is no SOAP envelope"),
    ] {
        let (status, text) = ask(&mock, path, body).await;
        assert_eq!(status, 500);
        assert!(element(&text, "faultstring").starts_with(code), "{path} {body}: {text}");
    }
    people::change(&mock, |access| access.restrict(USERNAME, Some(Restriction::IpRestricted)));
    assert!(ask(&mock, "u/58.0", &good).await.1.contains("sf:LOGIN_DURING_RESTRICTED_DOMAIN"));
}
