//! "Connect a New Salesforce account": out to Salesforce's login page, and back with a connection (RR-01, RR-04) and a list of
//! what its user lacks (RR-05).

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use secrecy::ExposeSecret;
use url::Url;

use super::{config::ReferralAdd, permissions, prerequisites};
use crate::{
    clock::after,
    connection::{Authorization, Callback, CallbackError, Inspection, Pending, inspect},
    context::{Context, NoCustody, tokens_of},
    failure::{Failure, Result},
    salesforce::{ErrorKind, OAuth, TokenSet},
    store::{Authorization as Begun, ConnectionRow, StoreError},
};

/// How long a person may take to log in.
const LOGIN_TIME: Duration = Duration::from_mins(15);

/// Where to send the person.
#[derive(Debug)]
pub struct Started {
    pub authorize_url: Url,
    pub state: String,
    pub expires_at: Timestamp,
}

/// Who was connected to what.
#[derive(Debug)]
pub struct Connection {
    pub account_name: String,
    pub org_name: String,
    pub username: String,
    /// Permissions that the user lacks.
    pub missing: Vec<String>,
}

/// Begins a login for an account.
pub async fn begin(ctx: &Context, account: &str, login_url: Option<Url>) -> Result<Started> {
    let login_url = login_url.unwrap_or_else(|| ctx.config.salesforce.login_url.clone());
    let authorization = Authorization::begin(ctx.oauth(&login_url).app(), &ctx.random);
    let state = authorization.pending.state;
    let verifier = authorization.pending.verifier;
    let expires_at = after(ctx.now(), LOGIN_TIME);
    let mut tx = ctx.store.write().await?;
    tx.account(account).await?.ok_or_else(|| Failure::no("account", account))?;
    tx.begin_authorization(&Begun {
        state: state.clone(),
        account_id: account.to_owned(),
        login_url: login_url.to_string(),
        secret: ctx.vault.seal(&verifier_of(&state), verifier.expose_secret())?,
        expires_at,
    })
    .await?;
    tx.commit().await?;
    Ok(Started { authorize_url: authorization.url, state, expires_at })
}

/// Ends a login: the browser came back.
pub async fn finish(ctx: &Context, callback: &Callback) -> Result<Connection> {
    let state = callback.state.as_deref().unwrap_or_default();
    let mut tx = ctx.store.write().await?;
    let begun = tx.take_authorization(state).await?.ok_or(CallbackError::WrongState)?;
    tx.commit().await?;
    if begun.expires_at < ctx.now() {
        return Err(Failure::conflict("The login took longer than 15 minutes: begin again."));
    }
    let login_url = Url::parse(&begun.login_url)
        .map_err(|error| Failure::conflict(format!("The login URL {}: {error}", begun.login_url)))?;
    let oauth = ctx.oauth(&login_url);
    let verifier = ctx.vault.open(&verifier_of(&begun.state), &begun.secret)?;
    let pending = Pending { state: begun.state.clone(), verifier };
    let tokens = pending.complete(&oauth, callback).await?;
    let bound = bind(ctx, &begun, &oauth, &tokens).await;
    if bound.is_err() {
        // A grant that nobody uses should not stay open; that it could not be ended changes nothing for the person.
        let _ = oauth.revoke(&tokens).await;
    }
    bound
}

async fn bind(ctx: &Context, begun: &Begun, oauth: &OAuth, tokens: &TokenSet) -> Result<Connection> {
    let client = ctx.client_over(oauth.clone(), tokens.clone(), Arc::new(NoCustody));
    let inspection = inspect(&client).await?;
    if let Some(refusal) = prerequisites::refusal(&inspection) {
        return Err(Failure::Conflict(refusal));
    }
    let asked = permissions::missing(&client, &inspection.user_id, inspection.profile_id.as_deref()).await;
    let missing = match asked {
        Ok(missing) => missing.list(),
        // A user who may not even look them up has not got them all.
        Err(error) if matches!(error.kind, ErrorKind::Api { .. }) => {
            vec![format!("the permissions cannot be looked up: {error}")]
        }
        Err(error) => return Err(error.into()),
    };
    let account = &begun.account_id;
    let now = ctx.now();
    let mut tx = ctx.store.write().await?;
    let name = tx.account(account).await?.ok_or_else(|| Failure::no("account", account))?.name;
    if inspection.is_sandbox {
        for program in tx.programs(account).await? {
            let setup: ReferralAdd = super::referral_add::setup(&program)?;
            if setup.enabled {
                return Err(Failure::Conflict(format!(
                    "{} is a sandbox, which can be connected for Referral Updates only, and the program \"{}\" sends \
                     added referrals. Turn Referral Add off there first.",
                    org_name(&inspection),
                    program.name
                )));
            }
        }
    }
    let secret = ctx.vault.seal(&tokens_of(account), tokens.expose().expose_secret())?;
    let row = ConnectionRow {
        account_id: account.clone(),
        org_id: inspection.organization_id.clone(),
        org_name: org_name(&inspection),
        edition: inspection.edition.0.clone(),
        is_sandbox: inspection.is_sandbox,
        user_id: inspection.user_id.clone(),
        username: inspection.username.clone(),
        login_url: begun.login_url.clone(),
        instance_url: tokens.instance_url.to_string(),
        secret,
        problem: None,
        connected_at: now,
        last_contact: Some(now),
        missing_permissions: missing,
    };
    let before = tx.connection(account).await?;
    if before.is_some_and(|before| before.org_id != row.org_id) {
        tx.disconnect(account).await?;
    }
    match tx.connect(&row).await {
        Err(StoreError::Taken { .. }) => {
            return Err(Failure::Conflict(format!(
                "The Salesforce account {} ({}) is already connected to another Referral Rock account. It can be \
                 connected to one at a time: disconnect it there first.",
                row.org_name, row.org_id
            )));
        }
        other => other?,
    }
    tx.due_now(account, now).await?;
    let text =
        format!("Connected to {} ({}, {}) as {}.", row.org_name, row.org_id, row.edition, row.username);
    tx.log(account, now, "info", "connection", &text).await?;
    if !row.missing_permissions.is_empty() {
        let text = format!("{} lacks: {}.", row.username, row.missing_permissions.join("; "));
        tx.log(account, now, "warning", "connection", &text).await?;
    }
    tx.commit().await?;
    ctx.forget_connection(account).await;
    ctx.committed();
    let ConnectionRow { org_name, username, missing_permissions: missing, .. } = row;
    Ok(Connection { account_name: name, org_name, username, missing })
}

/// Lets the org go.
pub async fn disconnect(ctx: &Context, account: &str) -> Result<()> {
    let revoked = match ctx.connected(account).await {
        Ok(connected) => connected.client.session().revoke().await.map_err(Failure::from),
        Err(Failure::NotConnected) => return Err(Failure::NotConnected),
        // Tokens that cannot be read any more must not keep the org bound.
        Err(unreadable) => Err(unreadable),
    };
    let mut tx = ctx.store.write().await?;
    tx.disconnect(account).await?;
    let (level, text) = match revoked {
        Ok(()) => ("info", "Disconnected from Salesforce.".to_owned()),
        Err(error) => (
            "warning",
            format!(
                "Disconnected here; Salesforce could not be told ({error}): revoke the app's access there."
            ),
        ),
    };
    tx.log(account, ctx.now(), level, "connection", &text).await?;
    tx.commit().await?;
    ctx.forget_connection(account).await;
    ctx.committed();
    Ok(())
}

fn org_name(inspection: &Inspection) -> String {
    inspection.organization_name.clone().unwrap_or_else(|| inspection.organization_id.clone())
}

fn verifier_of(state: &str) -> String {
    format!("verifier:{state}")
}
