//! Notifications and the log of an account.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};

use super::{
    Items,
    accounts::{Result, known},
};
use crate::{
    context::Context,
    store::{LogLine, Notification},
};

#[utoipa::path(get, path = "/v1/accounts/{account}/notifications",
    responses((status = 200, body = Items<Notification>)))]
pub async fn notifications(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
) -> Result<Json<Items<Notification>>> {
    known(&ctx, &account).await?;
    Ok(Json(Items { items: ctx.store.read().await?.notifications(&account).await? }))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/log", responses((status = 200, body = Items<LogLine>)))]
pub async fn log(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
) -> Result<Json<Items<LogLine>>> {
    known(&ctx, &account).await?;
    Ok(Json(Items { items: ctx.store.read().await?.log_lines(&account).await? }))
}
