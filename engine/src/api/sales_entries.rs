//! Sales Entries: what the org sent, what became of it, and what a person makes of it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;

use super::{
    Items, Problem,
    accounts::{Result, known},
    body::{Body, Query},
};
use crate::{
    context::Context,
    failure::Failure,
    store::{Corrections, EntryState, SalesEntry},
    vendors::referral_rock::sales_entries,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub state: Option<String>,
}

type At = Path<(String, String)>;

#[utoipa::path(get, path = "/v1/accounts/{account}/sales-entries", params(("state" = Option<EntryState>, Query)),
    responses((status = 200, body = Items<SalesEntry>)))]
pub async fn list(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Json<Items<SalesEntry>>> {
    known(&ctx, &account).await?;
    let state = filter.state.as_deref().map(|text| {
        EntryState::parse(text)
            .ok_or_else(|| Problem::invalid(vec![format!("state: there is no state `{text}`.")]))
    });
    let items = ctx.store.read().await?.entries(&account, state.transpose()?).await?;
    Ok(Json(Items { items }))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/sales-entries/{entry}",
    responses((status = 200, body = SalesEntry)))]
pub async fn get(State(ctx): State<Arc<Context>>, Path((account, id)): At) -> Result<Json<SalesEntry>> {
    let entry = ctx.store.read().await?.entry(&account, &id).await?;
    Ok(Json(entry.ok_or_else(|| Failure::no("sales entry", &id))?))
}

#[utoipa::path(patch, path = "/v1/accounts/{account}/sales-entries/{entry}", request_body = Corrections,
    responses((status = 200, body = SalesEntry), (status = 409, body = Problem)))]
pub async fn correct(
    State(ctx): State<Arc<Context>>,
    Path((account, id)): At,
    Body(corrections): Body<Corrections>,
) -> Result<Json<SalesEntry>> {
    Ok(Json(sales_entries::correct(&ctx, &account, &id, corrections).await?))
}

#[utoipa::path(post, path = "/v1/accounts/{account}/sales-entries/{entry}/retry",
    responses((status = 200, body = SalesEntry), (status = 409, body = Problem)))]
pub async fn retry(State(ctx): State<Arc<Context>>, Path((account, id)): At) -> Result<Json<SalesEntry>> {
    Ok(Json(sales_entries::retry(&ctx, &account, &id).await?))
}

#[utoipa::path(post, path = "/v1/accounts/{account}/sales-entries/{entry}/approve",
    responses((status = 200, body = SalesEntry), (status = 409, body = Problem)))]
pub async fn approve(State(ctx): State<Arc<Context>>, Path((account, id)): At) -> Result<Json<SalesEntry>> {
    Ok(Json(sales_entries::approve(&ctx, &account, &id).await?))
}

#[utoipa::path(post, path = "/v1/accounts/{account}/sales-entries/{entry}/dismiss",
    responses((status = 200, body = SalesEntry), (status = 409, body = Problem)))]
pub async fn dismiss(State(ctx): State<Arc<Context>>, Path((account, id)): At) -> Result<Json<SalesEntry>> {
    Ok(Json(sales_entries::dismiss(&ctx, &account, &id).await?))
}
