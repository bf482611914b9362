//! Connecting an org: out to the login page, back with a code, and a look at what was connected.

use engine::connection::{Authorization, Callback, CallbackError, challenge, inspect};
use engine::random::Random;
use engine::salesforce::auth::signature_holds;
use engine::salesforce::{ErrorKind, RetryClass, TokenSet};
use secrecy::ExposeSecret;

use super::stub::{Reply, Stub};
use super::world::{app, oauth, options, token_answer, world};

#[test]
fn the_challenge_is_that_of_rfc_7636_appendix_b() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into();
    assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn the_signature_is_an_hmac_over_id_and_time() {
    // The ids of omniauth-salesforce's specification under its secret; the sum computed with openssl.
    let id = "https://login.salesforce.com/id/00Dd0000000d45TEBQ/005d0000000fyGPCCY";
    let holds = |secret: &str, issued_at| {
        signature_holds(&secret.into(), id, issued_at, "US+o9SSknqogfi9fRiX4LDLM2TYqv3/DIpUmmhV4Okw=")
    };
    assert!(holds("Consumer Secret", "1331142541514"));
    assert!(!holds("Consumer Secret", "1331142541515"));
    assert!(!holds("another", "1331142541514"));
    assert!(!signature_holds(&"Consumer Secret".into(), id, "1331142541514", "no base64"));
}

#[tokio::test]
async fn the_browser_is_sent_with_everything_salesforce_asks_for() {
    let stub = Stub::scripted([]).await;
    let authorization = Authorization::begin(&app(&stub), &Random::seeded(3));
    let pairs: Vec<(String, String)> = authorization.url.query_pairs().into_owned().collect();
    let pair =
        |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap();
    assert_eq!(authorization.url.path(), "/services/oauth2/authorize");
    assert_eq!(pair("response_type"), "code");
    assert_eq!(pair("client_id"), "3MVG9client");
    assert_eq!(pair("redirect_uri"), "http://127.0.0.1:9/callback");
    assert_eq!(pair("scope"), "api refresh_token");
    assert_eq!(pair("state"), authorization.pending.state);
    assert_eq!(pair("code_challenge"), challenge(&authorization.pending.verifier));
    assert_eq!(pair("code_challenge_method"), "S256");
    let verifier = authorization.pending.verifier.expose_secret();
    assert!((43..=128).contains(&verifier.len()) && !authorization.url.as_str().contains(verifier));
    let another = Authorization::begin(&app(&stub), &Random::seeded(4));
    assert_ne!(another.pending.state, authorization.pending.state);
}

#[tokio::test]
async fn the_code_is_traded_with_its_verifier() {
    let stub = Stub::start(|request| async move {
        Reply::json(
            200,
            token_answer(&format!("http://{}", request.header("host").unwrap()), "at", Some("rt")),
        )
    })
    .await;
    let pending = Authorization::begin(&app(&stub), &Random::seeded(3)).pending;
    let callback = Callback {
        code: Some("aPrx.code==".into()),
        state: Some(pending.state.clone()),
        ..Callback::default()
    };
    let tokens = pending.complete(&oauth(&stub, &options()), &callback).await.unwrap();
    assert_eq!(tokens.owner(), Some(("00Dd0000000d45TEBQ", "005d0000000fyGPCCY")));
    let request = &stub.requests()[0];
    assert_eq!(request.form("grant_type").as_deref(), Some("authorization_code"));
    assert_eq!(request.form("code").as_deref(), Some("aPrx.code=="));
    assert_eq!(request.form("code_verifier").as_deref(), Some(pending.verifier.expose_secret()));
    assert_eq!(request.form("redirect_uri").as_deref(), Some("http://127.0.0.1:9/callback"));
    let kept = TokenSet::parse(&tokens.expose()).unwrap();
    assert_eq!(kept.refresh_token.unwrap().expose_secret(), "rt");
    assert_eq!(kept.issued_at, tokens.issued_at);
    assert!(!format!("{tokens:?}").contains("rt\""), "{tokens:?}");
}

#[tokio::test]
async fn a_callback_that_is_not_ours_or_not_good_leads_nowhere() {
    let stub = Stub::scripted([]).await;
    let pending = Authorization::begin(&app(&stub), &Random::seeded(3)).pending;
    let oauth = oauth(&stub, &options());
    let state = || Some(pending.state.clone());
    let denied = Callback {
        state: state(),
        error: Some("access_denied".to_owned()),
        error_description: Some("end-user denied authorization".to_owned()),
        code: None,
    };
    for wrong in [None, Some(String::new()), Some("forged".to_owned())] {
        let callback = Callback { state: wrong, code: Some("c".into()), ..denied.clone() };
        assert!(matches!(pending.complete(&oauth, &callback).await, Err(CallbackError::WrongState)));
    }
    let error = pending.complete(&oauth, &denied).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Salesforce refused the login: access_denied: end-user denied authorization"
    );
    let empty = Callback { state: state(), ..Callback::default() };
    assert!(matches!(pending.complete(&oauth, &empty).await, Err(CallbackError::NoCode)));
    assert!(stub.lines().is_empty(), "no code was traded");
}

#[tokio::test]
async fn a_refused_code_names_salesforces_reason() {
    let body = r#"{"error":"invalid_grant","error_description":"expired authorization code"}"#;
    let stub = Stub::scripted([Reply::json(400, body)]).await;
    let error = oauth(&stub, &options()).exchange(&"c".into(), &"v".into()).await.unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Auth {
            error: "invalid_grant".to_owned(),
            description: "expired authorization code".to_owned()
        }
    );
}

#[tokio::test]
async fn a_code_whose_answer_was_lost_is_not_sent_again() {
    let stub = Stub::scripted([Reply::Hangup]).await;
    let error = oauth(&stub, &options()).exchange(&"c".into(), &"v".into()).await.unwrap_err();
    assert_eq!(error.retry_class(), RetryClass::Ambiguous);
    assert_eq!(stub.lines().len(), 1);
}

#[tokio::test]
async fn revoking_names_the_refresh_token_and_ends_the_session() {
    let stub = Stub::scripted([
        Reply::Answer {
            status: 400,
            headers: vec![],
            body: "error=unsupported_token_type&error_description=this%20token%20type%20is%20not%20supported"
                .to_owned(),
        },
        Reply::Answer { status: 200, headers: vec![], body: String::new() },
    ])
    .await;
    let world = world(&stub);
    let error = world.client.session().revoke().await.unwrap_err();
    assert!(error.to_string().contains("this token type is not supported"), "{error}");
    world.client.session().revoke().await.unwrap();
    assert_eq!(stub.requests()[1].form("token").as_deref(), Some("r0"));
    assert!(matches!(world.client.limits().await.unwrap_err().kind, ErrorKind::NeedsReconnect { .. }));
}

#[tokio::test]
async fn the_inspection_names_org_edition_user_and_licence() {
    let identity =
        r#"{"user_id":"005d0000000fyGPCCY","organization_id":"00Dd0000000d45TEBQ","username":"a@b.c"}"#;
    let organization = r#"{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Organization"},"Id":"00Dd0000000d45TEBQ","Name":"Acme","OrganizationType":"Developer Edition","IsSandbox":false,"InstanceName":"NA1"}]}"#;
    let user = r#"{"totalSize":1,"done":true,"records":[{"attributes":{"type":"User"},"Id":"005d0000000fyGPCCY","Username":"a@b.c","Profile":{"attributes":{"type":"Profile"},"Name":"System Administrator","UserLicense":{"attributes":{"type":"UserLicense"},"Name":"Salesforce"}}}]}"#;
    let stub = Stub::start(move |request| async move {
        let body = if request.path.starts_with("/id/") {
            identity
        } else if request.path.contains("FROM%20Organization") {
            organization
        } else {
            user
        };
        Reply::json(200, body)
    })
    .await;
    let world = world(&stub);
    let inspection = inspect(&world.client).await.unwrap();
    assert_eq!(inspection.edition.to_string(), "Developer Edition");
    assert_eq!(inspection.licence.as_deref(), Some("Salesforce"));
    assert_eq!(inspection.profile.as_deref(), Some("System Administrator"));
    assert_eq!(inspection.instance_name.as_deref(), Some("NA1"));
    assert!(!inspection.is_sandbox);
}
