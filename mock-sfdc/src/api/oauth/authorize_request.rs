//! What an app asks for at `/services/oauth2/authorize`, and how it is answered: behind the `?` in the web server flow, behind
//! the `#` in the user-agent flow.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    access::{ConnectedApp, OAuthError, Scopes, pkce::Challenge},
    id::Id,
};

use super::{client, cookie, error, error::Refusal, form::Fields, page::Display};
use crate::{call::Call, orgs::Tenant, reply::Reply};

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

/// Flows that Salesforce has and this mock has not.
const OTHER_FLOWS: &[&str] = &["hybrid_token", "code_credentials"];

/// What is given in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// A code, to be exchanged.
    WebServer,
    /// The tokens themselves.
    UserAgent { id_token: bool },
}

impl Flow {
    fn read(response_type: Option<&str>) -> Result<Self, Refusal> {
        match response_type {
            Some("code") => Ok(Self::WebServer),
            Some("token") => Ok(Self::UserAgent { id_token: false }),
            Some("token id_token" | "id_token token") => Ok(Self::UserAgent { id_token: true }),
            Some(other) if OTHER_FLOWS.contains(&other) => {
                let what = format!("response_type {other:?}");
                Err(Refusal::not_emulated("unsupported_response_type", &what))
            }
            _ => Err(OAuthError::ResponseTypeUnsupported.into()),
        }
    }
}

/// A request whose app and address are good: refusals may go back to the app.
pub struct Request {
    pub fields: Fields,
    pub tenant: Arc<Tenant>,
    pub app: Arc<ConnectedApp>,
    pub redirect_uri: String,
}

/// What the user is to be asked.
pub struct Wanted {
    pub flow: Flow,
    pub scopes: Scopes,
    pub challenge: Option<Challenge>,
    pub display: Display,
    pub log_in_again: bool,
    pub ask_again: bool,
    pub immediate: bool,
}

impl Request {
    pub fn read(call: &Call, fields: Fields) -> Result<Self, Refusal> {
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

    pub fn wanted(&self, call: &Call) -> Result<Wanted, Refusal> {
        let fields = &self.fields;
        fields.only(call, KNOWN)?;
        let flow = Flow::read(fields.get("response_type"))?;
        let scopes = self.app.check_scope(fields.get("scope"))?;
        let challenge = Challenge::read(fields.get("code_challenge"), fields.get("code_challenge_method"))?;
        let promised = fields.filled("code_challenge_method").is_some();
        if (self.app.pkce_required || promised) && challenge.is_none() {
            return Err(OAuthError::ChallengeMissing.into());
        }
        let display = Display::read(fields.filled("display"))
            .ok_or_else(|| Refusal::not_emulated("invalid_request", "this value of display"))?;
        let mut wanted = Wanted {
            flow,
            scopes,
            challenge,
            display,
            log_in_again: false,
            ask_again: false,
            immediate: immediate(fields)?,
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

    /// Who is logged in to the app's org.
    pub fn user(&self, call: &Call) -> Option<Id> {
        let (tenant, session) = cookie::session(call)?;
        Arc::ptr_eq(&tenant, &self.tenant).then_some(session.user)
    }

    /// Whether the app can keep a refresh token: one with a scheme of its own, or one that reads it off Salesforce's own page.
    pub fn keeps_tokens(&self, call: &Call) -> bool {
        let of_a_page = ["http://", "https://"].iter().any(|scheme| self.redirect_uri.starts_with(scheme));
        let success = "/services/oauth2/success";
        let own = [call.base.as_str(), "https://login.salesforce.com", "https://test.salesforce.com"];
        let on_ours = || own.iter().any(|base| self.redirect_uri == format!("{base}{success}"));
        !of_a_page || on_ours()
    }

    pub fn send_back(&self, refusal: &Refusal) -> Reply {
        self.redirect(&[("error", refusal.error), ("error_description", &refusal.description)])
    }

    pub fn redirect(&self, pairs: &[(&str, &str)]) -> Reply {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        if let Some(state) = self.fields.get("state") {
            query.append_pair("state", state);
        }
        let by_fragment = self.fields.get("response_type").is_some_and(|kind| kind.contains("token"));
        let joint = match self.redirect_uri.contains('?') {
            _ if by_fragment => '#',
            true => '&',
            false => '?',
        };
        error::private(Reply {
            status: StatusCode::FOUND,
            ..Reply::redirect(&format!("{}{joint}{}", self.redirect_uri, query.finish()))
        })
    }
}

fn immediate(fields: &Fields) -> Result<bool, Refusal> {
    match fields.filled("immediate") {
        Some("true") => Ok(true),
        None | Some("false") => Ok(false),
        Some(other) => Err(Refusal::wrong_parameter(&format!("immediate is true or false, not {other:?}"))),
    }
}
