//! Connecting an account to its org, and how the connection does.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    Problem,
    accounts::{Result, known},
    body::{Body, Query},
};
use crate::{
    connection::Callback,
    context::Context,
    vendors::referral_rock::{
        connecting,
        diagnosis::{Diagnosis, diagnose},
    },
};

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// Another login page than the configured one, for instance a sandbox's.
    #[schema(value_type = Option<String>)]
    pub login_url: Option<Url>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Begun {
    /// Send the person's browser here.
    pub authorize_url: String,
    pub state: String,
    pub expires_at: Timestamp,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    Disconnected,
    Connected,
    /// It was connected, and needs a person.
    Broken,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Status {
    pub state: ConnectionState,
    pub problem: Option<String>,
    pub org_id: Option<String>,
    pub org_name: Option<String>,
    pub edition: Option<String>,
    pub is_sandbox: Option<bool>,
    pub user_id: Option<String>,
    pub username: Option<String>,
    pub instance_url: Option<String>,
    pub connected_at: Option<Timestamp>,
    pub last_salesforce_connection: Option<Timestamp>,
    pub last_entry_received: Option<Timestamp>,
    /// What the connected user was not allowed when the org was connected: `View Event Log Files`, `Modify All on Lead`.
    pub missing_permissions: Vec<String>,
}

#[utoipa::path(post, path = "/v1/accounts/{account}/connection", request_body = Begin,
    responses((status = 201, body = Begun)))]
pub async fn begin(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
    Body(wish): Body<Begin>,
) -> Result<(StatusCode, Json<Begun>)> {
    let started = connecting::begin(&ctx, &account, wish.login_url).await?;
    let begun = Begun {
        authorize_url: started.authorize_url.to_string(),
        state: started.state,
        expires_at: started.expires_at,
    };
    Ok((StatusCode::CREATED, Json(begun)))
}

#[utoipa::path(get, path = "/oauth/callback",
    responses((status = 200, description = "Connected: a page for the person"),
        (status = 400, description = "A page that says what went wrong")))]
pub async fn callback(State(ctx): State<Arc<Context>>, Query(callback): Query<Callback>) -> Response {
    match connecting::finish(&ctx, &callback).await {
        Ok(connection) => {
            let text = format!(
                "{} is now connected to the Salesforce org {} as {}. You can close this window.",
                connection.account_name, connection.org_name, connection.username
            );
            let missing = (!connection.missing.is_empty()).then(|| {
                let user = &connection.username;
                format!("The user {user} lacks permissions that the integration needs:")
            });
            page(StatusCode::OK, "Connected", &text, missing.as_deref(), &connection.missing)
        }
        Err(failure) => {
            let problem = Problem::from(failure);
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
            page(status, "Not connected", &problem.detail, None, &[])
        }
    }
}

fn page(status: StatusCode, title: &str, text: &str, above: Option<&str>, list: &[String]) -> Response {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let list = above.map_or_else(String::new, |above| {
        let items = list.iter().map(|item| format!("<li>{}</li>", escape(item))).collect::<Vec<_>>();
        format!("<p>{}</p><ul>{}</ul>", escape(above), items.concat())
    });
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <body style=\"font-family: sans-serif; max-width: 40em; margin: 4em auto\"><h1>{title}</h1><p>{}</p>{list}</body></html>",
        escape(text)
    );
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

#[utoipa::path(get, path = "/v1/accounts/{account}/connection", responses((status = 200, body = Status)))]
pub async fn get(State(ctx): State<Arc<Context>>, Path(account): Path<String>) -> Result<Json<Status>> {
    let known = known(&ctx, &account).await?;
    let row = ctx.store.read().await?.connection(&account).await?;
    let last_entry_received = known.last_entry_received;
    let Some(row) = row else {
        return Ok(Json(Status {
            state: ConnectionState::Disconnected,
            problem: None,
            org_id: None,
            org_name: None,
            edition: None,
            is_sandbox: None,
            user_id: None,
            username: None,
            instance_url: None,
            connected_at: None,
            last_salesforce_connection: None,
            last_entry_received,
            missing_permissions: Vec::new(),
        }));
    };
    Ok(Json(Status {
        state: if row.problem.is_some() { ConnectionState::Broken } else { ConnectionState::Connected },
        problem: row.problem,
        org_id: Some(row.org_id),
        org_name: Some(row.org_name),
        edition: Some(row.edition),
        is_sandbox: Some(row.is_sandbox),
        user_id: Some(row.user_id),
        username: Some(row.username),
        instance_url: Some(row.instance_url),
        connected_at: Some(row.connected_at),
        last_salesforce_connection: row.last_contact,
        last_entry_received,
        missing_permissions: row.missing_permissions,
    }))
}

#[utoipa::path(delete, path = "/v1/accounts/{account}/connection", responses((status = 204)))]
pub async fn disconnect(State(ctx): State<Arc<Context>>, Path(account): Path<String>) -> Result<StatusCode> {
    known(&ctx, &account).await?;
    connecting::disconnect(&ctx, &account).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(get, path = "/v1/accounts/{account}/diagnosis", responses((status = 200, body = Diagnosis)))]
pub async fn diagnosis(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
) -> Result<Json<Diagnosis>> {
    Ok(Json(diagnose(&ctx, &account).await?))
}
