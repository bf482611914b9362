//! Programs, and their Referral Add set-up.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;

use super::{
    Items, Problem,
    accounts::{Result, known},
    body::Body,
};
use crate::{
    context::Context,
    failure::Failure,
    store::Program,
    vendors::referral_rock::{self, config::ReferralAdd},
};

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgram {
    pub id: Option<String>,
    pub name: String,
}

async fn found(ctx: &Context, account: &str, id: &str) -> Result<Program> {
    known(ctx, account).await?;
    let program = ctx.store.read().await?.program(account, id).await?;
    Ok(program.ok_or_else(|| Failure::no("program", id))?)
}

#[utoipa::path(post, path = "/v1/accounts/{account}/programs", request_body = NewProgram,
    responses((status = 201, body = Program)))]
pub async fn add(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
    Body(new): Body<NewProgram>,
) -> Result<(StatusCode, Json<Program>)> {
    known(&ctx, &account).await?;
    let program = Program {
        id: new.id.unwrap_or_else(|| ctx.guid()),
        account_id: account,
        name: new.name,
        referral_add: None,
        created_at: ctx.now(),
    };
    let mut tx = ctx.store.write().await?;
    tx.add_program(&program).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(program)))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/programs", responses((status = 200, body = Items<Program>)))]
pub async fn list(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
) -> Result<Json<Items<Program>>> {
    known(&ctx, &account).await?;
    Ok(Json(Items { items: ctx.store.read().await?.programs(&account).await? }))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/programs/{program}", responses((status = 200, body = Program)))]
pub async fn get(
    State(ctx): State<Arc<Context>>,
    Path((account, program)): Path<(String, String)>,
) -> Result<Json<Program>> {
    Ok(Json(found(&ctx, &account, &program).await?))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/programs/{program}/referral-add",
    responses((status = 200, body = ReferralAdd)))]
pub async fn referral_add(
    State(ctx): State<Arc<Context>>,
    Path((account, program)): Path<(String, String)>,
) -> Result<Json<ReferralAdd>> {
    Ok(Json(referral_rock::referral_add::setup(&found(&ctx, &account, &program).await?)?))
}

#[utoipa::path(put, path = "/v1/accounts/{account}/programs/{program}/referral-add", request_body = ReferralAdd,
    responses((status = 200, body = ReferralAdd), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn set_referral_add(
    State(ctx): State<Arc<Context>>,
    Path((account, program)): Path<(String, String)>,
    Body(setup): Body<ReferralAdd>,
) -> Result<Json<ReferralAdd>> {
    found(&ctx, &account, &program).await?;
    let mistakes = setup.mistakes();
    if !mistakes.is_empty() {
        return Err(Problem::invalid(mistakes));
    }
    let json = serde_json::to_string(&setup).map_err(Failure::from)?;
    let mut tx = ctx.store.write().await?;
    // RR-03: a sandbox can only be connected to complete Referral Updates.
    let sandbox = tx.connection(&account).await?.filter(|connection| connection.is_sandbox);
    if let (true, Some(connection)) = (setup.enabled, sandbox) {
        return Err(Failure::Conflict(format!(
            "{} is a sandbox, which can be connected for Referral Updates only: Referral Add cannot be turned on.",
            connection.org_name
        ))
        .into());
    }
    tx.set_referral_add(&account, &program, &json).await?;
    tx.commit().await?;
    Ok(Json(setup))
}
