//! The bearer token of the API, compared in constant time.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use super::Problem;
use crate::context::Context;

pub async fn required(State(ctx): State<Arc<Context>>, request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let given = match given.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    };
    let wanted = ctx.config.api_token.expose_secret();
    if !wanted.is_empty() && bool::from(given.as_bytes().ct_eq(wanted.as_bytes())) {
        return next.run(request).await;
    }
    let detail = "Send `Authorization: Bearer <api_token>` with the api_token of the engine's configuration.";
    let problem =
        Problem::new(StatusCode::UNAUTHORIZED, "token", "The bearer token is missing or wrong", detail);
    ([(header::WWW_AUTHENTICATE, "Bearer")], problem).into_response()
}
