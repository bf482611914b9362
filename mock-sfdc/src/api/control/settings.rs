//! `/_mock/orgs/{org}/settings` and `/sessions`: what an administrator sets, and who is in.

use mock_sfdc_org::{access, id::Id, limits::LimitSettings, seed, settings::Edition};
use serde::Deserialize;
use serde_json::json;

use super::{created, missing, nothing_more, ok, org, read, wrong};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
};

/// What is not named stays.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Changes {
    /// Also sets the requests a day that the edition brings.
    edition: Option<Edition>,
    daily_api_requests: Option<u64>,
    /// How many of them are used up.
    api_requests_used: Option<u64>,
    /// So many requests of 20 seconds and more are under way besides those that really are.
    long_requests_held: Option<u32>,
    /// What is not named stays as well.
    limits: Option<LimitSettings>,
    session_minutes: Option<u32>,
    streaming_enabled: Option<bool>,
    enforce_ip_ranges_every_request: Option<bool>,
    suspended: Option<bool>,
    fiscal_year_start_month: Option<u8>,
    default_lead_owner: Option<Id>,
    default_case_owner: Option<Id>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Login {
    /// Without it the administrator.
    username: Option<String>,
}

fn shown(tenant: &Tenant) -> Answer {
    let (state, usage) = (tenant.org.snapshot(), tenant.org.usage());
    let settings = state.settings();
    let allocations = state.streams().setup().allocations(settings);
    ok(&json!({
        "organizationId": settings.organization_id,
        "name": settings.name,
        "edition": settings.edition,
        "sandbox": settings.sandbox,
        "timeZone": settings.time_zone,
        "locale": settings.locale,
        "language": settings.language,
        "currency": settings.currency,
        "fiscalYearStartMonth": settings.fiscal_year_start_month,
        "dailyApiRequests": settings.daily_api_requests,
        "apiRequestsUsed": usage.api_requests.used(tenant.org.clock().now()),
        "longRequestsHeld": usage.long_requests.held(),
        "limits": {
            "concurrentLongRequests": settings.concurrent_long_requests(),
            "rowLockWaitSeconds": settings.limits.row_lock_wait_millis() / 1000,
            "queryCharacters": settings.limits.query_characters,
            "queryFields": settings.limits.query_fields,
            "queryConditions": settings.limits.query_conditions,
            "recordsPerCall": settings.limits.records_per_call(),
            "pushTopics": allocations.push_topics,
            "streamingClients": allocations.clients,
            "dailyStreamingEvents": allocations.daily_events,
            "storageEnforced": settings.limits.enforces_storage(),
            "dataStorageMB": settings.data_storage_mb(),
            "fileStorageMB": settings.file_storage_mb(),
        },
        "sessionMinutes": settings.session_minutes,
        "streamingEnabled": settings.streaming_enabled,
        "enforceIpRangesEveryRequest": settings.enforce_ip_ranges_every_request,
        "suspended": state.access().is_suspended(),
        "defaultLeadOwner": settings.default_lead_owner,
        "defaultCaseOwner": settings.default_case_owner,
    }))
}

pub fn get(call: &Call) -> Answer {
    shown(&*org(call)?)
}

pub fn change(call: &Call) -> Answer {
    let (tenant, changes): (_, Changes) = (org(call)?, read(call)?);
    if changes.fiscal_year_start_month.is_some_and(|month| !(1..=12).contains(&month)) {
        return Err(wrong("fiscalYearStartMonth is a month, 1 to 12"));
    }
    if changes.session_minutes == Some(0) {
        return Err(wrong("sessionMinutes is at least 1"));
    }
    tenant.in_transaction(administrator(&tenant), |tx| {
        if let Some(suspended) = changes.suspended {
            tx.access_mut().suspend(suspended);
        }
        let settings = tx.settings_mut();
        if let Some(edition) = changes.edition {
            settings.edition = edition;
            settings.daily_api_requests = settings.usual_daily_api_requests();
        }
        set(&mut settings.daily_api_requests, changes.daily_api_requests);
        set(&mut settings.session_minutes, changes.session_minutes);
        settings.limits = settings.limits.with(&changes.limits.unwrap_or_default());
        set(&mut settings.streaming_enabled, changes.streaming_enabled);
        set(&mut settings.enforce_ip_ranges_every_request, changes.enforce_ip_ranges_every_request);
        set(&mut settings.fiscal_year_start_month, changes.fiscal_year_start_month);
        settings.default_lead_owner = changes.default_lead_owner.or(settings.default_lead_owner);
        settings.default_case_owner = changes.default_case_owner.or(settings.default_case_owner);
    });
    if let Some(used) = changes.api_requests_used {
        tenant.org.usage().api_requests.set_used(tenant.org.clock().now(), used);
    }
    if let Some(held) = changes.long_requests_held {
        tenant.org.usage().long_requests.hold(held);
    }
    shown(&tenant)
}

fn set<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

fn administrator(tenant: &Tenant) -> Id {
    seed::administrator(tenant.org.snapshot().settings())
}

/// A session without a login.
pub fn open_session(call: &Call) -> Answer {
    let (tenant, login): (_, Login) = (org(call)?, read(call)?);
    let user = match &login.username {
        None => administrator(&tenant),
        Some(name) => tenant
            .org
            .snapshot()
            .access()
            .login(name)
            .map(|login| login.user)
            .ok_or_else(|| missing(format!("{} has no user {name:?}", tenant.name)))?,
    };
    created(&json!({ "accessToken": tenant.admit(user), "userId": user }))
}

/// Ends all sessions; refresh tokens stay.
pub fn expire_sessions(call: &Call) -> Answer {
    let tenant = org(call)?;
    tenant.in_transaction(administrator(&tenant), access::expire_all);
    nothing_more()
}
