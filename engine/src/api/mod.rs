//! The engine's own HTTP API: the product's side of the integration.
//!
//! Everything under `/v1` wants `Authorization: Bearer <api_token>` (the configuration's `api_token`). Bodies and answers
//! are JSON; times are RFC 3339. An error is a problem detail (RFC 9457, `application/problem+json`) with `type`,
//! `title`, `status`, `detail` and, for a bad body, `mistakes` (a list of texts). `{account}` is one Referral Rock
//! account: one engine serves several.
//!
//! | method and path | body | answer |
//! | --- | --- | --- |
//! | GET `/healthz` | | 200 `{"status":"ok"}`; no token |
//! | GET `/openapi.json` | | 200 the `OpenAPI` document; no token |
//! | GET `/oauth/callback?code&state` (or `error`) | | 200 a page for the person; 4xx a page that says what went wrong; no token |
//! | POST `/v1/accounts` | `{"name", "id"?}` | 201 account `{id, name, created_at}` |
//! | GET `/v1/accounts`, `/v1/accounts/{account}` | | 200 `{"items":[account]}`, account |
//! | POST `/v1/accounts/{account}/connection` | `{"login_url"?}` | 201 `{authorize_url, state, expires_at}` |
//! | GET `/v1/accounts/{account}/connection` | | 200 `{state: "disconnected"\|"connected"\|"broken", problem, org_id, org_name, edition, is_sandbox, user_id, username, instance_url, connected_at, last_salesforce_connection, last_entry_received, missing_permissions}` |
//! | DELETE `/v1/accounts/{account}/connection` | | 204 |
//! | GET `/v1/accounts/{account}/diagnosis` | | 200 `{ok, checks:[{name, ok, detail}]}` |
//! | GET, PUT `/v1/accounts/{account}/referral-update` | [`ReferralUpdate`](crate::vendors::referral_rock::config::ReferralUpdate) | 200 the set-up |
//! | POST `/v1/accounts/{account}/programs` | `{"name", "id"?}` | 201 program `{id, name, created_at}` |
//! | GET `…/programs`, `…/programs/{program}` | | 200 `{"items":[program]}`, program |
//! | GET, PUT `…/programs/{program}/referral-add` | [`ReferralAdd`](crate::vendors::referral_rock::config::ReferralAdd) | 200 the set-up |
//! | POST `…/members` | `{"program_id", "first_name", "last_name", "id"?, "email"?, "phone"?, "external_id"?, "referral_code"?, "custom"?: {name: text}}` | 201 member |
//! | GET `…/members`, GET, PUT, DELETE `…/members/{member}` | as POST | 200 `{"items":[member]}`, member; DELETE 204 |
//! | POST `…/referrals` | `{"program_id", "first_name", "last_name", "id"?, "member_id"?, "email"?, "phone"?, "company"?, "external_id"?, "note"?, "custom"?: {…}}` | 201 referral |
//! | GET `…/referrals[?status=]` | | 200 `{"items":[referral]}` |
//! | GET `…/referrals/{referral}` | | 200 referral `{id, program_id, member_id, first_name, last_name, email, phone, company, external_id, amount, note, status, ever_qualified, origin, custom, created_at, updated_at, history:[{at, from, to, cause}], links:[{object, id, how}], sending:{state, attempts, due_at, outcome}\|null}` |
//! | PATCH `…/referrals/{referral}` | `{"status"?, …any field of POST but ids}` | 200 referral; a status that the machine refuses: 409 |
//! | GET `…/sales-entries[?state=]` | | 200 `{"items":[entry]}`, oldest first |
//! | GET `…/sales-entries/{entry}` | | 200 entry `{id, object, record_id, event_type: "created"\|"updated", via: "stream"\|"poll", org_time, received_at, updated_at, state: "received"\|"processed"\|"failed"\|"review"\|"dismissed", reason, matched_by, referral_id, member_id, echo, values: {"Opportunity": {…}\|null}, corrections, attempts, due_at}` |
//! | PATCH `…/sales-entries/{entry}` | `{"referral_id"?, "member_id"?, "referral_code"?, "values"?: {"Lead": {"Email": "…"}}}` | 200 entry with these corrections; nothing runs yet |
//! | POST `…/sales-entries/{entry}/retry` | | 200 entry, processed again at once with its corrections, without a new event |
//! | POST `…/sales-entries/{entry}/approve` | | 200 entry, processed at once although a rule asked for a review |
//! | POST `…/sales-entries/{entry}/dismiss` | | 200 entry, state `dismissed` |
//! | GET `…/outbox[?state=]` | | 200 `{"items":[{id, kind, referral_id, state: "pending"\|"sending"\|"ambiguous"\|"done"\|"dead", attempts, due_at, outcome, …}]}` |
//! | POST `…/outbox/{item}/retry` | | 200 the item, pending and due now |
//! | GET `…/notifications` | | 200 `{"items":[{at, entry_id, text}]}` |
//! | GET `…/log` | | 200 `{"items":[{at, level, subject, text}]}`, oldest first |
//!
//! `id` may be given where a body shows it, so that a product keeps its own ids; without it the engine makes a GUID.

mod accounts;
mod body;
mod connection;
mod journal;
mod members;
mod openapi;
mod outbox;
mod problem;
mod programs;
mod referrals;
mod sales_entries;
mod token;

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{get, post},
};
use serde::Serialize;

pub use self::{openapi::document, problem::Problem};
use crate::context::Context;

/// A list in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Items<T> {
    pub items: Vec<T>,
}

/// The whole API on one page.
pub fn router(ctx: Arc<Context>) -> Router {
    let account = Router::new()
        .route("/", get(accounts::get))
        .route("/connection", get(connection::get).post(connection::begin).delete(connection::disconnect))
        .route("/diagnosis", get(connection::diagnosis))
        .route("/referral-update", get(accounts::referral_update).put(accounts::set_referral_update))
        .route("/programs", get(programs::list).post(programs::add))
        .route("/programs/{program}", get(programs::get))
        .route(
            "/programs/{program}/referral-add",
            get(programs::referral_add).put(programs::set_referral_add),
        )
        .route("/members", get(members::list).post(members::add))
        .route("/members/{member}", get(members::get).put(members::change).delete(members::delete))
        .route("/referrals", get(referrals::list).post(referrals::add))
        .route("/referrals/{referral}", get(referrals::get).patch(referrals::change))
        .route("/sales-entries", get(sales_entries::list))
        .route("/sales-entries/{entry}", get(sales_entries::get).patch(sales_entries::correct))
        .route("/sales-entries/{entry}/retry", post(sales_entries::retry))
        .route("/sales-entries/{entry}/approve", post(sales_entries::approve))
        .route("/sales-entries/{entry}/dismiss", post(sales_entries::dismiss))
        .route("/outbox", get(outbox::list))
        .route("/outbox/{item}/retry", post(outbox::retry))
        .route("/notifications", get(journal::notifications))
        .route("/log", get(journal::log));
    let v1 = Router::new()
        .route("/accounts", get(accounts::list).post(accounts::add))
        .nest("/accounts/{account}", account)
        .layer(middleware::from_fn_with_state(Arc::clone(&ctx), token::required));
    Router::new()
        .route("/healthz", get(openapi::health))
        .route("/openapi.json", get(openapi::serve))
        .route("/oauth/callback", get(connection::callback))
        .nest("/v1", v1)
        .fallback(problem::no_such_page)
        .with_state(ctx)
}
