//! Sessions, passwords, faults and the journal as SOAP shows them.

use std::io::Write;

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use mock_sfdc::{
    faults::{Effect, Fault},
    which::Which,
};
use mock_sfdc_org::access::Restriction;

use crate::{
    client,
    people::{self, PASSWORD, SECURITY_TOKEN, USERNAME},
    soap::{call, call_at, element, inner, org},
};

#[tokio::test]
async fn a_session_tells_of_itself_and_ends() {
    let (mock, ada) = people::mock().await;
    let session = mock.tenant().admit(ada);
    let (_, text) = call(&mock, &session, "", "<getUserInfo/>").await;
    assert!(
        inner(&text).starts_with("<result><accessibilityMode>false</accessibilityMode><chatterExternal>"),
        "{text}"
    );
    assert_eq!((element(&text, "userName"), element(&text, "userFullName")), (USERNAME, "Ada Lovelace"));
    let (_, text) = call(&mock, &session, "", "<getServerTimestamp/>").await;
    let now = mock.tenant().org.clock().now().to_zulu();
    assert_eq!(element(&text, "timestamp")[..16], now[..16]);
    let (status, text) = call(&mock, &session, "", "<logout/>").await;
    assert_eq!((status, inner(&text)), (200, ""));
    let (status, text) = call(&mock, &session, "", "<getUserInfo/>").await;
    assert_eq!((status, element(&text, "faultcode")), (500, "sf:INVALID_SESSION_ID"));
    let limits = client().get(format!("{}/services/data/v66.0/limits", mock.url()));
    assert_eq!(limits.bearer_auth(&session).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn sessions_are_ended_by_others() {
    let (mock, ada) = people::mock().await;
    let (session, other) = (mock.tenant().admit(ada), mock.tenant().admit(ada));
    let body = format!(
        "<invalidateSessions><sessionIds>{other}</sessionIds><sessionIds>nonsense</sessionIds></invalidateSessions>"
    );
    let (_, text) = call(&mock, &session, "", &body).await;
    assert_eq!(
        inner(&text),
        "<result><success>true</success></result><result><errors><message>Invalid Session ID found in SessionHeader: Illegal Session</message><statusCode>INVALID_SESSION_ID</statusCode></errors><success>false</success></result>"
    );
    assert_eq!(call(&mock, &other, "", "<getUserInfo/>").await.0, 500);
    assert_eq!(call(&mock, &session, "", "<getUserInfo/>").await.0, 200);
}

#[tokio::test]
async fn passwords_are_set_reset_and_changed() {
    let (mock, ada) = people::mock().await;
    let session = mock.tenant().admit(ada);
    let login = |password: &str| {
        format!(
            "<login><username>{USERNAME}</username><password>{password}{SECURITY_TOKEN}</password></login>"
        )
    };
    let set = |password: &str| {
        format!("<setPassword><userId>{ada}</userId><password>{password}</password></setPassword>")
    };
    let (_, text) = call(&mock, &session, "", &set("engine1843")).await;
    assert_eq!(inner(&text), "<result></result>");
    assert_eq!(call(&mock, "", "", &login("engine1843")).await.0, 200);
    assert_eq!(call(&mock, "", "", &login(PASSWORD)).await.0, 500);

    let (_, text) =
        call(&mock, &session, "", &format!("<resetPassword><userId>{ada}</userId></resetPassword>")).await;
    let made_up = element(&text, "password").to_owned();
    assert_eq!(call(&mock, "", "", &login(&made_up)).await.0, 200);

    let change = |old: &str| {
        format!(
            "<changeOwnPassword><oldPassword>{old}</oldPassword><newPassword>engine1844</newPassword></changeOwnPassword>"
        )
    };
    assert_eq!(call(&mock, &session, "", &change(&made_up)).await.0, 200);
    assert_eq!(call(&mock, "", "", &login("engine1844")).await.0, 200);
    // White space is part of a password.
    assert_eq!(call(&mock, "", "", &login(" engine1844")).await.0, 500);
    assert_eq!(call(&mock, &session, "", &set(" engine 1845")).await.0, 200);
    assert_eq!(call(&mock, "", "", &login("engine 1845")).await.0, 500);
    assert_eq!(call(&mock, "", "", &login(" engine 1845")).await.0, 200);
    assert_eq!(call(&mock, &session, "", &set("engine1844")).await.0, 200);
    for (body, fault) in [
        (set("short1"), "sf:InvalidNewPasswordFault"),
        (set("onlyletters"), "INVALID_NEW_PASSWORD: Your password must include letters and numbers"),
        (set("engine1844"), "invalid repeated password"),
        (change("wrong"), "INVALID_OLD_PASSWORD"),
        ("<resetPassword><userId>nonsense</userId></resetPassword>".to_owned(), "sf:InvalidIdFault"),
        (
            "<resetPassword><userId>0055g0000000099AAA</userId></resetPassword>".to_owned(),
            "INVALID_CROSS_REFERENCE_KEY",
        ),
    ] {
        let (status, text) = call(&mock, &session, "", &body).await;
        assert_eq!(status, 500, "{body}");
        assert!(text.contains(fault), "{body}: {text}");
    }
}

#[tokio::test]
async fn faults_and_the_journal_go_by_the_operation_in_the_body() {
    let (mock, session) = org().await;
    let ended = Fault::new(Which::operation("soap.getUserInfo"), Effect::ExpiredSession);
    mock.tenant().faults.add(ended).unwrap();
    let of_leads = Which { object: Some("Lead".to_owned()), ..Which::operation("soap.create") };
    let effect = Effect::Error { code: "UNABLE_TO_LOCK_ROW".to_owned(), message: None, fields: None };
    mock.tenant().faults.add(Fault::new(of_leads, effect)).unwrap();
    let create = |object: &str| {
        format!(
            "<create><sObjects><type>{object}</type><Name>A</Name><LastName>A</LastName><Company>A</Company></sObjects></create>"
        )
    };
    assert_eq!(call(&mock, &session, "", "<getServerTimestamp/>").await.0, 200);
    assert_eq!(
        call(&mock, &session, "", "<describeSObject><sObjectType>Lead</sObjectType></describeSObject>")
            .await
            .0,
        200
    );
    let (status, text) = call(&mock, &session, "", &create("Lead")).await;
    assert_eq!((status, element(&text, "faultcode")), (500, "sf:UNABLE_TO_LOCK_ROW"));
    let (_, text) = call(&mock, &session, "", "<getUserInfo/>").await;
    assert_eq!(
        element(&text, "faultstring"),
        "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session"
    );
    assert_eq!(call(&mock, &session, "", "<logout/>").await.0, 500);
    let entries = mock.tenant().journal.entries();
    let seen: Vec<_> = entries.iter().map(|entry| (entry.operation, entry.object.as_deref())).collect();
    assert_eq!(
        seen,
        [
            ("soap.getServerTimestamp", None),
            ("soap.describeSObject", Some("Lead")),
            ("soap.create", Some("Lead")),
            ("soap.getUserInfo", None),
            ("soap.logout", None),
        ]
    );
    assert!(entries[0].who.is_some());
}

#[tokio::test]
async fn what_is_not_emulated_is_refused_by_name_behind_the_session() {
    let (mock, session) = org().await;
    let (status, text) = call(&mock, &session, "", "<describeNouns/>").await;
    assert_eq!(status, 500);
    assert!(
        element(&text, "faultstring")
            .starts_with("FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate soap.describeNouns"),
        "{text}"
    );
    let (_, text) = call(&mock, "nobody", "", "<describeNouns/>").await;
    assert_eq!(element(&text, "faultcode"), "sf:INVALID_SESSION_ID");
    let get = client().get(format!("{}/services/Soap/u/62.0", mock.url())).send().await.unwrap();
    assert_eq!(get.status(), 500);
    assert!(get.text().await.unwrap().contains("mock-sfdc does not emulate GET on a SOAP address"));
    let (_, text) = call_at(&mock, "u", &session, "", "<getUserInfo/>").await;
    assert!(text.contains("the SOAP API at /services/Soap/u"), "{text}");
}

#[tokio::test]
async fn bodies_may_be_packed_both_ways() {
    let (mock, session) = org().await;
    let body = format!(
        r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"><e:Header><SessionHeader><sessionId>{session}</sessionId></SessionHeader></e:Header><e:Body><describeSObject><sObjectType>Account</sObjectType></describeSObject></e:Body></e:Envelope>"#
    );
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(body.as_bytes()).unwrap();
    let raw = reqwest::Client::builder().no_gzip().build().unwrap();
    let request = raw
        .post(format!("{}/services/Soap/u/62.0", mock.url()))
        .header("content-type", "text/xml")
        .header("SOAPAction", "\"\"")
        .header("content-encoding", "gzip")
        .header("accept-encoding", "gzip")
        .body(packed.finish().unwrap());
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let bytes = answer.bytes().await.unwrap();
    let text = std::io::read_to_string(GzDecoder::new(&bytes[..])).unwrap();
    assert!(text.contains("<name>Account</name>"), "{text}");
    assert_eq!(mock.tenant().journal.entries()[0].operation, "soap.describeSObject");
}

#[tokio::test]
async fn an_expired_password_is_good_for_changing_it() {
    let (mock, ada) = people::mock().await;
    people::change(&mock, |access| access.restrict(USERNAME, Some(Restriction::PasswordExpired)));
    let login = |password: &str| {
        format!(
            "<login><username>{USERNAME}</username><password>{password}{SECURITY_TOKEN}</password></login>"
        )
    };
    let (status, text) = call(&mock, "", "", &login(PASSWORD)).await;
    assert_eq!((status, element(&text, "passwordExpired")), (200, "true"));
    let session = element(&text, "sessionId").to_owned();
    let query = "<query><queryString>SELECT Id FROM User</queryString></query>";
    let (_, text) = call(&mock, &session, "", query).await;
    assert_eq!(
        element(&text, "faultstring"),
        "INVALID_OPERATION_WITH_EXPIRED_PASSWORD: The users password has expired, you must call SetPassword before attempting any other API operations"
    );
    let limits = || client().get(format!("{}/services/data/v66.0/limits", mock.url())).bearer_auth(&session);
    let refused = limits().send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("INVALID_OPERATION_WITH_EXPIRED_PASSWORD"));
    assert_eq!(call(&mock, &session, "", "<getUserInfo/>").await.0, 200);
    // What was granted before the password grew old goes on.
    assert_eq!(call(&mock, &mock.tenant().admit(ada), "", query).await.0, 200);

    let set = format!("<setPassword><userId>{ada}</userId><password>engine1843</password></setPassword>");
    assert_eq!(call(&mock, &session, "", &set).await.0, 200);
    assert_eq!(limits().send().await.unwrap().status(), 200);
    let (_, text) = call(&mock, "", "", &login("engine1843")).await;
    assert_eq!(element(&text, "passwordExpired"), "false");
}
