//! What is on its way to the org, and what was laid aside.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;

use super::{
    Items, Problem,
    accounts::{Result, known},
    body::Query,
};
use crate::{
    context::Context,
    store::{OutboxItem, OutboxState},
    vendors::referral_rock::referral_add,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub state: Option<String>,
}

#[utoipa::path(get, path = "/v1/accounts/{account}/outbox", params(("state" = Option<OutboxState>, Query)),
    responses((status = 200, body = Items<OutboxItem>)))]
pub async fn list(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Json<Items<OutboxItem>>> {
    known(&ctx, &account).await?;
    let state = filter.state.as_deref().map(|text| {
        OutboxState::parse(text)
            .ok_or_else(|| Problem::invalid(vec![format!("state: there is no state `{text}`.")]))
    });
    let items = ctx.store.read().await?.outbox(&account, state.transpose()?).await?;
    Ok(Json(Items { items }))
}

#[utoipa::path(post, path = "/v1/accounts/{account}/outbox/{item}/retry",
    responses((status = 200, body = OutboxItem), (status = 409, body = Problem)))]
pub async fn retry(
    State(ctx): State<Arc<Context>>,
    Path((account, item)): Path<(String, String)>,
) -> Result<Json<OutboxItem>> {
    Ok(Json(referral_add::send_again(&ctx, &account, &item).await?))
}
