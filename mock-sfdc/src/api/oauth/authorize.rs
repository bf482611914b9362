//! `/services/oauth2/authorize`: the web server and the user-agent flow, and the consent page's answer (`contract/oauth.md`
//! section 2).
//!
//! Refusals that concern the app or its address are shown as a page; all others go back to the app.

use http::Method;
use mock_sfdc_org::{
    access::{self, NewCode, OAuthError},
    id::Id,
};

use super::{
    authorize_request::{Flow, Request, Wanted},
    error::Refusal,
    form::Fields,
    granted,
    page::{self, Consent},
};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// `GET /services/oauth2/authorize`.
pub fn authorize(call: &Call) -> Answer {
    let fields = Fields::of(call);
    if call.method != Method::GET && call.method != Method::HEAD {
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
    Ok(ask(&request, call).unwrap_or_else(|refusal| request.send_back(&refusal)))
}

/// `POST /setup/secur/RemoteAccessAuthorizationPage.apexp`: allow or deny.
pub fn decide(call: &Call) -> Answer {
    let form = Fields::of(call);
    let fields = Fields::read(form.get("request").unwrap_or_default());
    let request = match Request::read(call, fields) {
        Ok(request) => request,
        Err(refusal) => return Ok(page::refusal(&refusal)),
    };
    Ok(decided(&request, call, &form).unwrap_or_else(|refusal| request.send_back(&refusal)))
}

/// `/services/oauth2/success`: where apps without a server of their own find their tokens, behind the `#`.
pub fn success(_: &Call) -> Answer {
    Ok(page::said("Access allowed", "The app may go on; you may close this window."))
}

/// The login page, the consent page, or what was asked for at once.
fn ask(request: &Request, call: &Call) -> Result<Reply, Refusal> {
    let wanted = request.wanted(call)?;
    let state = request.tenant.org.snapshot();
    let org = &state.settings().name;
    let user = request.user(call).filter(|_| !wanted.log_in_again);
    let Some(user) = user else {
        if wanted.immediate {
            return Err(OAuthError::ImmediateUnsuccessful.into());
        }
        // The page has then done what these prompts ask for; going on must not ask again.
        let prompt = if wanted.ask_again { "consent" } else { "" };
        let start = format!("{}?{}", call.uri.path(), request.fields.query_with("prompt", prompt));
        let hint = request.fields.get("login_hint").unwrap_or_default();
        return Ok(page::log_in(wanted.display, org, hint, &start, None));
    };
    request.app.check_user(&state, user)?;
    let approved = access::approved(&state, user, &request.app.client_id).unwrap_or_default();
    if request.app.is_pre_authorized() || (!wanted.ask_again && approved.cover(wanted.scopes)) {
        return give(request, call, user, wanted);
    }
    if wanted.immediate {
        return Err(OAuthError::ImmediateUnsuccessful.into());
    }
    let consent = Consent {
        display: wanted.display,
        org,
        app: &request.app.name,
        username: state.access().login_of(user).map_or("", |login| login.username.as_str()),
        scopes: wanted.scopes,
        action: "/setup/secur/RemoteAccessAuthorizationPage.apexp",
        hidden: ("request", &request.fields.query_with("", "")),
    };
    Ok(page::consent(&consent))
}

fn decided(request: &Request, call: &Call, form: &Fields) -> Result<Reply, Refusal> {
    let wanted = request.wanted(call)?;
    // The session may have ended while the page was open: log in again.
    let Some(user) = request.user(call) else { return ask(request, call) };
    if form.get("save").is_none() {
        return Err(OAuthError::AccessDenied.into());
    }
    request.app.check_user(&request.tenant.org.snapshot(), user)?;
    let client_id = &request.app.client_id;
    request.tenant.in_transaction(user, |tx| access::approve(tx, user, client_id, wanted.scopes));
    give(request, call, user, wanted)
}

/// A code to exchange, or the tokens themselves.
fn give(request: &Request, call: &Call, user: Id, wanted: Wanted) -> Result<Reply, Refusal> {
    match wanted.flow {
        Flow::WebServer => Ok(give_code(request, user, wanted)),
        Flow::UserAgent { .. } => give_tokens(request, call, user, &wanted),
    }
}

fn give_code(request: &Request, user: Id, wanted: Wanted) -> Reply {
    let what = NewCode {
        client_id: request.app.client_id.as_str().into(),
        redirect_uri: request.redirect_uri.clone(),
        user,
        scopes: wanted.scopes,
        challenge: wanted.challenge,
        nonce: request.fields.filled("nonce").map(str::to_owned),
    };
    let random = request.tenant.org.random();
    let code = request.tenant.in_transaction(user, |tx| access::issue_code(tx, random, what));
    request.redirect(&[("code", &code)])
}

fn give_tokens(request: &Request, call: &Call, user: Id, wanted: &Wanted) -> Result<Reply, Refusal> {
    let offline = wanted.scopes.offline() && request.keeps_tokens(call);
    let org = &request.tenant.org;
    let mut tokens = org.transact(user, |tx| {
        access::issue_tokens(tx, org.random(), &request.app, user, wanted.scopes, offline)
    })?;
    tokens.nonce = request.fields.filled("nonce").map(str::to_owned);
    let mut pairs = granted::fragment(call, &request.tenant, &request.app, &tokens);
    if wanted.flow != (Flow::UserAgent { id_token: true }) {
        pairs.retain(|(name, _)| *name != "id_token");
    }
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(request.redirect(&pairs))
}
