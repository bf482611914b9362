//! The token endpoint: code for tokens, refresh, revoke (contract/oauth.md sections 3, 5, 6).
//!
//! Not the browser's side (see [`crate::connection`]), and no custody: who stores what is [`super::Session`]'s affair.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;
use url::Url;

use super::error::{Effect, Error, ErrorKind};
use super::http::{Answer, Http};
use super::rest::excerpt;

/// The connected app as it is registered in Salesforce.
#[derive(Debug, Clone)]
pub struct ConnectedApp {
    /// `https://login.salesforce.com`, `https://test.salesforce.com` or the org's My Domain.
    pub login_url: Url,
    pub client_id: String,
    pub client_secret: SecretString,
    /// Exactly as registered; Salesforce compares it as text.
    pub redirect_uri: Url,
    pub scopes: Vec<String>,
}

impl ConnectedApp {
    pub(crate) fn endpoint(&self, name: &str) -> Url {
        let mut url = self.login_url.clone();
        url.set_path(&format!("/services/oauth2/{name}"));
        url.set_query(None);
        url.set_fragment(None);
        url
    }
}

/// What a grant is worth: the tokens, and where they count.
#[derive(Debug, Clone)]
pub struct TokenSet {
    pub access_token: SecretString,
    /// Absent without the `refresh_token` scope.
    pub refresh_token: Option<SecretString>,
    pub instance_url: Url,
    /// `…/id/<organization>/<user>`.
    pub identity_url: String,
    pub issued_at: Timestamp,
    pub scope: String,
    pub signature: String,
}

/// The stored form; only [`TokenSet::expose`] and [`TokenSet::parse`] see it.
#[derive(Serialize, Deserialize)]
struct Stored {
    access_token: String,
    refresh_token: Option<String>,
    instance_url: Url,
    identity_url: String,
    issued_at: Timestamp,
    scope: String,
    signature: String,
}

impl TokenSet {
    /// Everything in the clear, for [`crate::secret::Vault::seal`] and nothing else.
    #[must_use]
    pub fn expose(&self) -> SecretString {
        let stored = Stored {
            access_token: self.access_token.expose_secret().to_owned(),
            refresh_token: self.refresh_token.as_ref().map(|token| token.expose_secret().to_owned()),
            instance_url: self.instance_url.clone(),
            identity_url: self.identity_url.clone(),
            issued_at: self.issued_at,
            scope: self.scope.clone(),
            signature: self.signature.clone(),
        };
        // Strings, a URL and a timestamp always serialize; an empty text would fail to parse, loudly.
        SecretString::from(serde_json::to_string(&stored).unwrap_or_default())
    }

    /// Reads what `expose` wrote.
    pub fn parse(exposed: &SecretString) -> Result<Self, Error> {
        let stored: Stored = serde_json::from_str(exposed.expose_secret()).map_err(|error| {
            Error::refused("oauth.stored_tokens", format!("the stored tokens are unreadable: {error}"))
        })?;
        Ok(Self {
            access_token: stored.access_token.into(),
            refresh_token: stored.refresh_token.map(Into::into),
            instance_url: stored.instance_url,
            identity_url: stored.identity_url,
            issued_at: stored.issued_at,
            scope: stored.scope,
            signature: stored.signature,
        })
    }

    /// The organization's and the user's id out of the identity URL.
    #[must_use]
    pub fn owner(&self) -> Option<(&str, &str)> {
        let mut segments = self.identity_url.rsplit('/');
        let user = segments.next().filter(|id| !id.is_empty())?;
        let organization = segments.next().filter(|id| !id.is_empty())?;
        Some((organization, user))
    }
}

/// A client of the token endpoint for one connected app.
#[derive(Debug, Clone)]
pub struct OAuth {
    http: Http,
    app: ConnectedApp,
}

impl OAuth {
    #[must_use]
    pub fn new(http: Http, app: ConnectedApp) -> Self {
        Self { http, app }
    }

    #[must_use]
    pub fn app(&self) -> &ConnectedApp {
        &self.app
    }

    pub(crate) fn http(&self) -> &Http {
        &self.http
    }

    /// Trades the code of the callback for tokens. A code counts once: the call is never repeated.
    pub async fn exchange(&self, code: &SecretString, verifier: &SecretString) -> Result<TokenSet, Error> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("code_verifier", verifier.expose_secret()),
            ("redirect_uri", self.app.redirect_uri.as_str()),
        ];
        let answer = self.post("oauth.exchange", Effect::Create, "token", &form).await?;
        self.tokens("oauth.exchange", &answer, None)
    }

    /// A new access token. With rotation the answer carries a new refresh token; without, the old one stays.
    pub async fn refresh(&self, tokens: &TokenSet) -> Result<TokenSet, Error> {
        let Some(refresh_token) = &tokens.refresh_token else {
            let reason =
                "the grant has no refresh token: add the refresh_token scope and connect again".to_owned();
            return Err(Error::new(
                "oauth.refresh",
                Effect::Idempotent,
                ErrorKind::NeedsReconnect { reason },
            ));
        };
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose_secret())];
        let answer = self.post("oauth.refresh", Effect::Idempotent, "token", &form).await?;
        self.tokens("oauth.refresh", &answer, Some(tokens))
    }

    /// Ends the grant: revoking the refresh token ends its access tokens too.
    pub async fn revoke(&self, tokens: &TokenSet) -> Result<(), Error> {
        let token = tokens.refresh_token.as_ref().unwrap_or(&tokens.access_token);
        let answer = self
            .post("oauth.revoke", Effect::Idempotent, "revoke", &[("token", token.expose_secret())])
            .await?;
        if answer.status == 200 { Ok(()) } else { Err(refusal("oauth.revoke", &answer)) }
    }

    async fn post(
        &self,
        operation: &'static str,
        effect: Effect,
        endpoint: &str,
        form: &[(&str, &str)],
    ) -> Result<Answer, Error> {
        let url = self.app.endpoint(endpoint);
        self.http.check(operation, &url)?;
        let mut fields = form.to_vec();
        if endpoint == "token" {
            fields.push(("client_id", &self.app.client_id));
            fields.push(("client_secret", self.app.client_secret.expose_secret()));
        }
        let request =
            self.http.request(reqwest::Method::POST, url).header("Accept", "application/json").form(&fields);
        tracing::debug!(operation, "token endpoint");
        self.http.send(operation, effect, request).await
    }

    fn tokens(
        &self,
        operation: &'static str,
        answer: &Answer,
        before: Option<&TokenSet>,
    ) -> Result<TokenSet, Error> {
        if answer.status != 200 {
            return Err(refusal(operation, answer));
        }
        let body: Value = serde_json::from_slice(&answer.body)
            .map_err(|error| Error::malformed(operation, Effect::Idempotent, error))?;
        let optional = |name: &str| body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let required = |name: &str| {
            optional(name).ok_or_else(|| {
                Error::malformed(operation, Effect::Idempotent, format!("the token answer has no {name}"))
            })
        };
        let identity_url = required("id")?;
        let issued_at = required("issued_at")?;
        let signature = required("signature")?;
        if !signature_holds(&self.app.client_secret, &identity_url, &issued_at, &signature) {
            let detail = "the signature of the token answer is wrong: is the client secret that of this app?";
            return Err(Error::malformed(operation, Effect::Idempotent, detail));
        }
        let instance_url: Url = required("instance_url")?.parse().map_err(|error| {
            Error::malformed(operation, Effect::Idempotent, format!("instance_url: {error}"))
        })?;
        self.http.check(operation, &instance_url)?;
        let issued_at = issued_at
            .parse()
            .ok()
            .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok())
            .ok_or_else(|| {
                Error::malformed(operation, Effect::Idempotent, "issued_at is no time in milliseconds")
            })?;
        Ok(TokenSet {
            access_token: required("access_token")?.into(),
            refresh_token: optional("refresh_token")
                .map(SecretString::from)
                .or_else(|| before.and_then(|before| before.refresh_token.clone())),
            instance_url,
            identity_url,
            issued_at,
            scope: optional("scope")
                .or_else(|| before.map(|before| before.scope.clone()))
                .unwrap_or_default(),
            signature,
        })
    }
}

/// `base64(HMAC-SHA256(client_secret, id + issued_at))`, compared in constant time.
#[must_use]
pub fn signature_holds(secret: &SecretString, id: &str, issued_at: &str, signature: &str) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return false };
    mac.update(id.as_bytes());
    mac.update(issued_at.as_bytes());
    STANDARD.decode(signature).is_ok_and(|signature| mac.verify_slice(&signature).is_ok())
}

/// `{"error","error_description"}`; the revoke endpoint writes the same as a form.
fn refusal(operation: &'static str, answer: &Answer) -> Error {
    let pair = serde_json::from_slice::<Value>(&answer.body).ok().and_then(|body| {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        Some((text("error")?, text("error_description").unwrap_or_default()))
    });
    let pair = pair.or_else(|| {
        let mut error = None;
        let mut description = String::new();
        for (name, value) in url::form_urlencoded::parse(&answer.body) {
            match &*name {
                "error" => error = Some(value.into_owned()),
                "error_description" => description = value.into_owned(),
                _ => {}
            }
        }
        error.map(|error| (error, description))
    });
    let kind = match pair {
        Some((error, description)) => ErrorKind::Auth { error, description },
        None => ErrorKind::Http { status: answer.status, excerpt: excerpt(&answer.body) },
    };
    Error::new(operation, Effect::Idempotent, kind)
}
