//! Members of the product.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;

use super::{
    Items,
    accounts::{Result, known},
    body::Body,
};
use crate::{context::Context, failure::Failure, store::Member};

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    pub id: Option<String>,
    pub program_id: String,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub external_id: Option<String>,
    /// Made up when it is not given.
    pub referral_code: Option<String>,
    #[serde(default)]
    pub custom: BTreeMap<String, String>,
}

async fn put(
    ctx: &Context,
    account: String,
    id: String,
    new: NewMember,
    before: Option<Member>,
) -> Result<Member> {
    let mut tx = ctx.store.write().await?;
    if tx.program(&account, &new.program_id).await?.is_none() {
        return Err(
            Failure::Invalid(vec![format!("program_id: there is no program `{}`.", new.program_id)]).into()
        );
    }
    let (code, created_at) = match before {
        Some(before) => (before.referral_code, before.created_at),
        None => (ctx.guid()[..8].to_uppercase(), ctx.now()),
    };
    let member = Member {
        id,
        account_id: account,
        program_id: new.program_id,
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email,
        phone: new.phone,
        external_id: new.external_id,
        referral_code: new.referral_code.unwrap_or(code),
        custom: new.custom,
        created_at,
    };
    tx.put_member(&member).await?;
    tx.commit().await?;
    Ok(member)
}

async fn found(ctx: &Context, account: &str, id: &str) -> Result<Member> {
    known(ctx, account).await?;
    let member = ctx.store.read().await?.member(account, id).await?;
    Ok(member.ok_or_else(|| Failure::no("member", id))?)
}

#[utoipa::path(post, path = "/v1/accounts/{account}/members", request_body = NewMember,
    responses((status = 201, body = Member)))]
pub async fn add(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
    Body(mut new): Body<NewMember>,
) -> Result<(StatusCode, Json<Member>)> {
    known(&ctx, &account).await?;
    let id = new.id.take().unwrap_or_else(|| ctx.guid());
    if ctx.store.read().await?.member(&account, &id).await?.is_some() {
        return Err(Failure::Conflict(format!("There is already a member `{id}`.")).into());
    }
    Ok((StatusCode::CREATED, Json(put(&ctx, account, id, new, None).await?)))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/members", responses((status = 200, body = Items<Member>)))]
pub async fn list(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
) -> Result<Json<Items<Member>>> {
    known(&ctx, &account).await?;
    Ok(Json(Items { items: ctx.store.read().await?.members(&account).await? }))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/members/{member}", responses((status = 200, body = Member)))]
pub async fn get(
    State(ctx): State<Arc<Context>>,
    Path((account, member)): Path<(String, String)>,
) -> Result<Json<Member>> {
    Ok(Json(found(&ctx, &account, &member).await?))
}

#[utoipa::path(put, path = "/v1/accounts/{account}/members/{member}", request_body = NewMember,
    responses((status = 200, body = Member)))]
pub async fn change(
    State(ctx): State<Arc<Context>>,
    Path((account, member)): Path<(String, String)>,
    Body(new): Body<NewMember>,
) -> Result<Json<Member>> {
    let before = found(&ctx, &account, &member).await?;
    Ok(Json(put(&ctx, account, member, new, Some(before)).await?))
}

#[utoipa::path(delete, path = "/v1/accounts/{account}/members/{member}", responses((status = 204)))]
pub async fn delete(
    State(ctx): State<Arc<Context>>,
    Path((account, member)): Path<(String, String)>,
) -> Result<StatusCode> {
    found(&ctx, &account, &member).await?;
    let mut tx = ctx.store.write().await?;
    tx.delete_member(&account, &member).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
