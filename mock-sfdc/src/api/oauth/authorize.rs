//! `/services/oauth2/authorize`: the web server flow, and the consent page's answer (`contract/oauth.md` section 2).
//!
//! Refusals that concern the app or its address are shown as a page; all others go back to the app.

use std::sync::Arc;

use http::{Method, StatusCode};
use mock_sfdc_org::{
    access::{self, ConnectedApp, NewCode, OAuthError, Scopes, pkce::Challenge},
    id::Id,
};

use super::{
    client, cookie,
    error::Refusal,
    form::Fields,
    page::{self, Consent, Display},
};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
    reply::Reply,
};

const KNOWN: &[&str] = &[
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "prompt",
    "display",
    "login_hint",
    "immediate",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];

/// Flows that Salesforce has and this mock does not have yet.
const OTHER_FLOWS: &[&str] =
    &["token", "token id_token", "id_token", "hybrid_token", "code_credentials", "device_code"];

/// A request whose app and address are good: refusals may go back to the app.
struct Request {
    fields: Fields,
    tenant: Arc<Tenant>,
    app: Arc<ConnectedApp>,
    redirect_uri: String,
}

/// What the user is to be asked.
struct Wanted {
    scopes: Scopes,
    challenge: Option<Challenge>,
    display: Display,
    log_in_again: bool,
    ask_again: bool,
    immediate: bool,
}

/// `GET /services/oauth2/authorize`.
pub fn authorize(call: &Call) -> Answer {
    let fields = Fields::of(call);
    if call.method != Method::GET {
        let refusal = match fields.get("response_type") {
            Some("code_credentials") => {
                Refusal::not_emulated("unsupported_response_type", "the headless code and credentials flow")
            }
            _ => OAuthError::UseGet.into(),
        };
        return Ok(page::refusal(&refusal));
    }
    let request = match Request::read(call, fields) {
        Ok(request) => request,
        Err(refusal) => return Ok(page::refusal(&refusal)),
    };
    Ok(request.ask(call).unwrap_or_else(|refusal| request.send_back(&refusal)))
}

/// `POST /setup/secur/RemoteAccessAuthorizationPage.apexp`: allow or deny.
pub fn decide(call: &Call) -> Answer {
    let form = Fields::of(call);
    let fields = Fields::read(form.get("request").unwrap_or_default());
    let request = match Request::read(call, fields) {
        Ok(request) => request,
        Err(refusal) => return Ok(page::refusal(&refusal)),
    };
    Ok(request.decide(call, &form).unwrap_or_else(|refusal| request.send_back(&refusal)))
}

impl Request {
    fn read(call: &Call, fields: Fields) -> Result<Self, Refusal> {
        let client_id = fields.filled("client_id").ok_or(OAuthError::ClientIdInvalid)?;
        let (mut tenant, mut app) = client::find(call, client_id, fields.filled("login_hint"))?;
        // Who is logged in to an org that has the app, means that one.
        if let Some((other, _)) = cookie::session(call)
            && let Some(known) = other.org.snapshot().access().app(client_id)
        {
            app = Arc::clone(known);
            tenant = other;
        }
        app.check_redirect(fields.get("redirect_uri"))?;
        let redirect_uri = fields.get("redirect_uri").unwrap_or_default().to_owned();
        Ok(Self { fields, tenant, app, redirect_uri })
    }

    fn wanted(&self, call: &Call) -> Result<Wanted, Refusal> {
        let fields = &self.fields;
        fields.only(call, KNOWN)?;
        match fields.get("response_type") {
            Some("code") => {}
            Some(other) if OTHER_FLOWS.contains(&other) => {
                let what = format!("response_type {other:?}");
                return Err(Refusal::not_emulated("unsupported_response_type", &what));
            }
            _ => return Err(OAuthError::ResponseTypeUnsupported.into()),
        }
        let scopes = check_scope(&self.app, fields.get("scope"))?;
        let challenge = Challenge::read(fields.get("code_challenge"), fields.get("code_challenge_method"))?;
        if self.app.pkce_required && challenge.is_none() {
            return Err(OAuthError::ChallengeMissing.into());
        }
        let display = Display::read(fields.filled("display"))
            .ok_or_else(|| Refusal::not_emulated("invalid_request", "this value of display"))?;
        let mut wanted = Wanted {
            scopes,
            challenge,
            display,
            log_in_again: false,
            ask_again: false,
            immediate: fields.get("immediate") == Some("true"),
        };
        for word in fields.get("prompt").unwrap_or_default().split_whitespace() {
            match word {
                "login" | "select_account" => wanted.log_in_again = true,
                "consent" => wanted.ask_again = true,
                other => {
                    let what = format!("the prompt {other:?}");
                    return Err(Refusal::not_emulated("invalid_request", &what));
                }
            }
        }
        Ok(wanted)
    }

    fn user(&self, call: &Call) -> Option<Id> {
        let (tenant, session) = cookie::session(call)?;
        Arc::ptr_eq(&tenant, &self.tenant).then_some(session.user)
    }

    /// The login page, the consent page, or the code at once.
    fn ask(&self, call: &Call) -> Result<Reply, Refusal> {
        let wanted = self.wanted(call)?;
        let state = self.tenant.org.snapshot();
        let org = &state.settings().name;
        let user = self.user(call).filter(|_| !wanted.log_in_again);
        let Some(user) = user else {
            if wanted.immediate {
                return Err(OAuthError::ImmediateUnsuccessful.into());
            }
            // The page has then done what these prompts ask for; going on must not ask again.
            let prompt = if wanted.ask_again { "consent" } else { "" };
            let start = format!("{}?{}", call.uri.path(), self.fields.query_with("prompt", prompt));
            let hint = self.fields.get("login_hint").unwrap_or_default();
            return Ok(page::log_in(wanted.display, org, hint, &start, None));
        };
        self.app.check_user(user)?;
        let approved = access::approved(&state, user, &self.app.client_id).unwrap_or_default();
        if self.app.is_pre_authorized() || (!wanted.ask_again && approved.cover(wanted.scopes)) {
            return Ok(self.give_code(user, wanted));
        }
        if wanted.immediate {
            return Err(OAuthError::ImmediateUnsuccessful.into());
        }
        let consent = Consent {
            display: wanted.display,
            org,
            app: &self.app.name,
            username: state.access().login_of(user).map_or("", |login| login.username.as_str()),
            scopes: wanted.scopes,
            request: &self.fields.query_with("", ""),
        };
        Ok(page::consent(&consent))
    }

    fn decide(&self, call: &Call, form: &Fields) -> Result<Reply, Refusal> {
        let wanted = self.wanted(call)?;
        // The session may have ended while the page was open: log in again.
        let Some(user) = self.user(call) else { return self.ask(call) };
        if form.get("save").is_none() {
            return Err(OAuthError::AccessDenied.into());
        }
        self.app.check_user(user)?;
        self.tenant.in_transaction(user, |tx| access::approve(tx, user, &self.app.client_id, wanted.scopes));
        Ok(self.give_code(user, wanted))
    }

    fn give_code(&self, user: Id, wanted: Wanted) -> Reply {
        let what = NewCode {
            client_id: self.app.client_id.as_str().into(),
            redirect_uri: self.redirect_uri.clone(),
            user,
            scopes: wanted.scopes,
            challenge: wanted.challenge,
            nonce: self.fields.filled("nonce").map(str::to_owned),
        };
        let random = self.tenant.org.random();
        let code = self.tenant.in_transaction(user, |tx| access::issue_code(tx, random, what));
        self.redirect(&[("code", &code)])
    }

    fn send_back(&self, refusal: &Refusal) -> Reply {
        self.redirect(&[("error", refusal.error), ("error_description", &refusal.description)])
    }

    fn redirect(&self, pairs: &[(&str, &str)]) -> Reply {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        if let Some(state) = self.fields.get("state") {
            query.append_pair("state", state);
        }
        let joint = if self.redirect_uri.contains('?') { '&' } else { '?' };
        super::error::private(Reply {
            status: StatusCode::FOUND,
            ..Reply::redirect(&format!("{}{joint}{}", self.redirect_uri, query.finish()))
        })
    }
}

/// The scopes of a request. As long as there are no id tokens, who asks for `openid` is refused by name; who asks for
/// nothing in particular gets the app's scopes without it, and the answer says so.
pub(super) fn check_scope(app: &ConnectedApp, scope: Option<&str>) -> Result<Scopes, Refusal> {
    let scopes = app.check_scope(scope)?;
    if scope.is_some_and(|text| !text.trim().is_empty()) && scopes.has(Scopes::OPENID) {
        return Err(Refusal::not_emulated("invalid_scope", "id tokens: leave the scope openid out"));
    }
    Ok(scopes.without(Scopes::OPENID))
}
