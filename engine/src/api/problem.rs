//! Errors as problem details (RFC 9457).

use axum::{
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{connection::CallbackError, failure::Failure, store::StoreError};

/// What went wrong, for a program (`type`) and for a person (`detail`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// Each thing that is wrong with what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<String>,
}

impl Problem {
    pub fn new(status: StatusCode, kind: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:engine:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            mistakes: Vec::new(),
        }
    }

    #[must_use]
    pub fn invalid(mistakes: Vec<String>) -> Self {
        let detail = mistakes.join(" ");
        let kind =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "What was sent is not right", detail);
        Self { mistakes, ..kind }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let detail = failure.to_string();
        match failure {
            Failure::NotFound { .. } => Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail),
            Failure::Conflict(_) | Failure::Store(StoreError::Taken { .. } | StoreError::InUse { .. }) => {
                Self::new(StatusCode::CONFLICT, "conflict", "Not possible as things stand", detail)
            }
            Failure::Invalid(mistakes) => Self::invalid(mistakes),
            Failure::NotConnected => {
                Self::new(StatusCode::CONFLICT, "not-connected", "Not connected to Salesforce", detail)
            }
            Failure::Callback(CallbackError::Exchange(_)) | Failure::Salesforce(_) => {
                Self::new(StatusCode::BAD_GATEWAY, "salesforce", "Salesforce did not do it", detail)
            }
            Failure::Callback(_) => {
                Self::new(StatusCode::BAD_REQUEST, "login", "The login did not succeed", detail)
            }
            Failure::Store(_) | Failure::Vault(_) | Failure::Setup(_) => {
                tracing::error!(%detail, "a request failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The engine failed", detail)
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::from(Failure::from(error))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

pub async fn no_such_page(uri: Uri) -> Problem {
    let detail = format!("There is nothing at {}; the API is described in /openapi.json.", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
}
