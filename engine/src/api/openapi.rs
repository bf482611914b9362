//! The API's description of itself.

use axum::Json;
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::{accounts, connection, journal, members, outbox, programs, referrals, sales_entries};

#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Referral engine",
        description = "The product's side of the Salesforce integration. Everything under /v1 wants a bearer token; \
                       errors are problem details (RFC 9457)."
    ),
    paths(
        accounts::add,
        accounts::list,
        accounts::get,
        accounts::referral_update,
        accounts::set_referral_update,
        connection::begin,
        connection::callback,
        connection::get,
        connection::disconnect,
        connection::diagnosis,
        programs::add,
        programs::list,
        programs::get,
        programs::referral_add,
        programs::set_referral_add,
        members::add,
        members::list,
        members::get,
        members::change,
        members::delete,
        referrals::add,
        referrals::list,
        referrals::get,
        referrals::change,
        sales_entries::list,
        sales_entries::get,
        sales_entries::correct,
        sales_entries::retry,
        sales_entries::approve,
        sales_entries::dismiss,
        outbox::list,
        outbox::retry,
        journal::notifications,
        journal::log
    )
)]
struct Api;

/// The `OpenAPI` document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}

pub async fn health() -> Json<Value> {
    Json(json!({"status": "ok"}))
}
