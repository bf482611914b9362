//! Referrals of the product: add one, and see how it does.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

use super::{
    Items, Problem,
    accounts::{Result, known},
    body::{Body, Query},
};
use crate::{
    context::Context,
    failure::Failure,
    store::{HistoryLine, Link, Origin, OutboxItem, Referral, Tx},
    sync::status::{Move, Status, change as ask},
    vendors::referral_rock::referral_add,
};

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReferral {
    pub id: Option<String>,
    pub program_id: String,
    pub member_id: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub external_id: Option<String>,
    pub note: Option<String>,
    #[serde(default)]
    pub custom: BTreeMap<String, String>,
}

/// What a person may change in the product. What is not given stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangedReferral {
    pub status: Option<Status>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub external_id: Option<String>,
    pub note: Option<String>,
    pub custom: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub status: Option<Status>,
}

/// A referral with its history, its records in the org, and how its sending goes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WholeReferral {
    #[serde(flatten)]
    pub referral: Referral,
    pub history: Vec<HistoryLine>,
    pub links: Vec<Link>,
    /// Null if it was never to be sent.
    pub sending: Option<OutboxItem>,
}

async fn whole(tx: &mut Tx, account: &str, id: &str) -> Result<WholeReferral> {
    let referral = tx.referral(account, id).await?.ok_or_else(|| Failure::no("referral", id))?;
    Ok(WholeReferral {
        history: tx.history(&referral.id).await?,
        links: tx.links_of_referral(&referral.id).await?,
        sending: tx.outbox_of_referral(&referral.id).await?,
        referral,
    })
}

#[utoipa::path(post, path = "/v1/accounts/{account}/referrals", request_body = NewReferral,
    responses((status = 201, body = WholeReferral)))]
pub async fn add(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
    Body(new): Body<NewReferral>,
) -> Result<(StatusCode, Json<WholeReferral>)> {
    known(&ctx, &account).await?;
    let mut tx = ctx.store.write().await?;
    let Some(program) = tx.program(&account, &new.program_id).await? else {
        return Err(Problem::invalid(vec![format!("program_id: there is no program `{}`.", new.program_id)]));
    };
    if let Some(member) = &new.member_id
        && tx.member(&account, member).await?.is_none()
    {
        return Err(Problem::invalid(vec![format!("member_id: there is no member `{member}`.")]));
    }
    let now = ctx.now();
    let referral = Referral {
        id: new.id.unwrap_or_else(|| ctx.guid()),
        account_id: account.clone(),
        program_id: new.program_id,
        member_id: new.member_id,
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty()),
        phone: new.phone,
        company: new.company,
        external_id: new.external_id,
        amount: None,
        note: new.note,
        status: Status::Pending,
        ever_qualified: false,
        origin: Origin::Product,
        custom: new.custom,
        created_at: now,
        updated_at: now,
    };
    tx.add_referral(&referral, "product").await?;
    referral_add::referral_was_added(&ctx, &mut tx, &program, &referral).await?;
    let answer = whole(&mut tx, &account, &referral.id).await?;
    tx.commit().await?;
    ctx.committed();
    Ok((StatusCode::CREATED, Json(answer)))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/referrals", params(("status" = Option<Status>, Query)),
    responses((status = 200, body = Items<Referral>)))]
pub async fn list(
    State(ctx): State<Arc<Context>>,
    Path(account): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Json<Items<Referral>>> {
    known(&ctx, &account).await?;
    Ok(Json(Items { items: ctx.store.read().await?.referrals(&account, filter.status).await? }))
}

#[utoipa::path(get, path = "/v1/accounts/{account}/referrals/{referral}",
    responses((status = 200, body = WholeReferral)))]
pub async fn get(
    State(ctx): State<Arc<Context>>,
    Path((account, referral)): Path<(String, String)>,
) -> Result<Json<WholeReferral>> {
    known(&ctx, &account).await?;
    Ok(Json(whole(&mut ctx.store.read().await?, &account, &referral).await?))
}

#[utoipa::path(patch, path = "/v1/accounts/{account}/referrals/{referral}", request_body = ChangedReferral,
    responses((status = 200, body = WholeReferral), (status = 409, body = Problem)))]
pub async fn change(
    State(ctx): State<Arc<Context>>,
    Path((account, id)): Path<(String, String)>,
    Body(new): Body<ChangedReferral>,
) -> Result<Json<WholeReferral>> {
    known(&ctx, &account).await?;
    let mut tx = ctx.store.write().await?;
    let mut referral = tx.referral(&account, &id).await?.ok_or_else(|| Failure::no("referral", &id))?;
    let now = ctx.now();
    if let Some(status) = new.status {
        match ask(referral.status, status, referral.ever_qualified) {
            Move::To(status) => tx.set_status(&mut referral, status, now, "product").await?,
            Move::Already => {}
            Move::Refused(why) => {
                return Err(
                    Failure::Conflict(format!("The referral stays {}: {why}.", referral.status)).into()
                );
            }
        }
    }
    referral.first_name = new.first_name.unwrap_or(referral.first_name);
    referral.last_name = new.last_name.unwrap_or(referral.last_name);
    referral.email = new.email.or(referral.email);
    referral.phone = new.phone.or(referral.phone);
    referral.company = new.company.or(referral.company);
    referral.external_id = new.external_id.or(referral.external_id);
    referral.note = new.note.or(referral.note);
    referral.custom.extend(new.custom);
    referral.updated_at = now;
    tx.update_referral(&referral).await?;
    let answer = whole(&mut tx, &account, &referral.id).await?;
    tx.commit().await?;
    ctx.committed();
    Ok(Json(answer))
}
