//! Accounts, and their Referral Update set-up.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;

use super::{Items, Problem, body::Body};
use crate::{
    context::Context,
    failure::Failure,
    store::Account,
    vendors::referral_rock::{config::ReferralUpdate, sales_receiver},
};

pub type Result<T> = std::result::Result<T, Problem>;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    pub id: Option<String>,
    pub name: String,
}

/// The account, or a 404.
pub async fn known(ctx: &Context, id: &str) -> Result<Account> {
    let found = ctx.store.read().await?.account(id).await?;
    Ok(found.ok_or_else(|| Failure::no("account", id))?)
}

#[utoipa::path(post, path = "/v1/accounts", request_body = NewAccount, responses((status = 201, body = Account)))]
pub async fn add(
    State(ctx): State<Arc<Context>>,
    Body(new): Body<NewAccount>,
) -> Result<(StatusCode, Json<Account>)> {
    let account = Account {
        id: new.id.unwrap_or_else(|| ctx.guid()),
        name: new.name,
        created_at: ctx.now(),
        last_entry_received: None,
        referral_update: None,
    };
    let mut tx = ctx.store.write().await?;
    tx.add_account(&account).await?;
    tx.commit().await?;
    ctx.rewire.notify_one();
    Ok((StatusCode::CREATED, Json(account)))
}

#[utoipa::path(get, path = "/v1/accounts", responses((status = 200, body = Items<Account>)))]
pub async fn list(State(ctx): State<Arc<Context>>) -> Result<Json<Items<Account>>> {
    Ok(Json(Items { items: ctx.store.read().await?.accounts().await? }))
}

#[utoipa::path(get, path = "/v1/accounts/{account}", responses((status = 200, body = Account)))]
pub async fn get(State(ctx): State<Arc<Context>>, Path(account): Path<String>) -> Result<Json<Account>> {
    Ok(Json(known(&ctx, &account).await?))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/referral-update", responses((status = 200, body = ReferralUpdate)))]
pub async fn referral_update(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
) -> Result<Json<ReferralUpdate>> {
    Ok(Json(sales_receiver::setup(&known(&ctx, &account).await?)?))
}

#[utoipa::path(put, path = "/v1/accounts/{account}/referral-update", request_body = ReferralUpdate,
    responses((status = 200, body = ReferralUpdate), (status = 422, body = Problem)))]
pub async fn set_referral_update(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
    Body(setup): Body<ReferralUpdate>,
) -> Result<Json<ReferralUpdate>> {
    known(&ctx, &account).await?;
    let mistakes = setup.mistakes();
    if !mistakes.is_empty() {
        return Err(Problem::invalid(mistakes));
    }
    let json = serde_json::to_string(&setup).map_err(Failure::from)?;
    let mut tx = ctx.store.write().await?;
    tx.set_referral_update(&account, &json).await?;
    tx.commit().await?;
    ctx.rewire.notify_one();
    ctx.committed();
    Ok(Json(setup))
}
