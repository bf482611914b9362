//! "Troubleshooting": the document's table of questions, asked of the org (RR-27, RR-28, and what RR-05 and RR-31 need).

use serde::Serialize;

use super::{permissions, push_topics, relations::trigger_fields, sales_receiver};
use crate::{
    connection::inspect,
    context::{Connected, Context},
    failure::{Failure, Result},
    salesforce::soql::{Condition, Select},
    sync::relation::{Object, is_relational},
};

/// "Referral Rock requires version 22 or greater."
const OLDEST_VERSION: u16 = 22;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Check {
    pub name: String,
    pub ok: bool,
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Diagnosis {
    pub ok: bool,
    pub checks: Vec<Check>,
}

fn check(name: &str, ok: bool, detail: impl Into<String>) -> Check {
    Check { name: name.to_owned(), ok, detail: detail.into() }
}

/// Asks every question; one that cannot be answered is a check that failed, not an error.
pub async fn diagnose(ctx: &Context, account: &str) -> Result<Diagnosis> {
    let known = ctx.store.read().await?.account(account).await?;
    let setup = sales_receiver::setup(&known.ok_or_else(|| Failure::no("account", account))?)?;
    let version = ctx.version();
    let mut checks = vec![check(
        "API version",
        version.number() >= OLDEST_VERSION,
        format!("The engine uses version {version}; version {OLDEST_VERSION}.0 or greater is required."),
    )];
    match ctx.connected(account).await {
        Err(Failure::NotConnected) => {
            checks.push(check("Connection", false, Failure::NotConnected.to_string()));
        }
        Err(other) => return Err(other),
        Ok(connected) => {
            checks.push(reachable(&connected).await);
            checks.extend(allowed(&connected).await);
            checks.push(topics(&connected, setup.enabled).await);
            if setup.enabled {
                checks.push(streaming(ctx, account));
            }
            checks.extend(mapped_fields(ctx, account, &connected, &setup).await);
        }
    }
    if !setup.enabled {
        checks.push(check(
            "Referral Update",
            false,
            "Referral Update is turned off: no events are received.",
        ));
    }
    Ok(Diagnosis { ok: checks.iter().all(|check| check.ok), checks })
}

async fn reachable(connected: &Connected) -> Check {
    match connected.client.identity().await {
        Ok(identity) => check("Connection", true, format!("Connected as {}.", identity.username)),
        Err(error) => check("Connection", false, error.to_string()),
    }
}

/// What the connected user is allowed today, which may be other than when the org was connected.
async fn allowed(connected: &Connected) -> Vec<Check> {
    const SYSTEM: &str = "User permissions";
    let found = match inspect(&connected.client).await {
        Ok(user) => permissions::missing(&connected.client, &user.user_id, user.profile_id.as_deref()).await,
        Err(error) => Err(error),
    };
    let missing = match found {
        Ok(missing) => missing,
        Err(error) => return vec![check(SYSTEM, false, error.to_string())],
    };
    let lacks = |names: &[&str], of: &str| format!("The connected user lacks {}{of}.", names.join(", "));
    let system = if missing.system.is_empty() {
        check(SYSTEM, true, "All that are required.")
    } else {
        check(SYSTEM, false, lacks(&missing.system, ""))
    };
    let objects = permissions::OBJECTS.into_iter().map(|object| {
        let title = format!("Permissions on {object}");
        match missing.of(object) {
            [] => check(&title, true, "Read, Create, Edit, View All and Modify All."),
            lacking => check(&title, false, lacks(lacking, &format!(" on {object}"))),
        }
    });
    std::iter::once(system).chain(objects).collect()
}

/// "Ensure that your Streaming API is enabled": what Salesforce said when it was last tried.
fn streaming(ctx: &Context, account: &str) -> Check {
    const NAME: &str = "Streaming API";
    if ctx.followed.borrow().contains(account) {
        return check(NAME, true, "The push topics are subscribed to.");
    }
    match ctx.trouble.borrow().get(account) {
        Some(trouble) => check(NAME, false, format!("The events are not followed at present: {trouble}.")),
        None => check(NAME, false, "The engine has not subscribed yet."),
    }
}

/// "Ensure Push Topics are being sent": they are there.
async fn topics(connected: &Connected, enabled: bool) -> Check {
    const NAME: &str = "Push topics";
    let names = Object::ALL.map(push_topics::topic_name);
    let query = Select::from("PushTopic").field("Name").filter(Condition::any_of("Name", names));
    match connected.client.query(&query.to_string()).await {
        Err(error) => check(NAME, false, format!("The push topics cannot be read: {error}.")),
        Ok(records) => {
            let missing: Vec<&str> = names
                .into_iter()
                .filter(|name| !records.iter().any(|record| record.text("Name") == Some(name)))
                .collect();
            let detail = if missing.is_empty() {
                "All four are there.".to_owned()
            } else {
                format!("Missing: {}. They are made when Referral Update is on.", missing.join(", "))
            };
            check(NAME, missing.is_empty() || !enabled, detail)
        }
    }
}

/// Mapped fields that will arrive as null, whatever the org holds.
async fn mapped_fields(
    ctx: &Context,
    account: &str,
    connected: &Connected,
    setup: &super::config::ReferralUpdate,
) -> Vec<Check> {
    let mut checks = Vec::new();
    for (object, fields) in setup.fields_by_object() {
        let title = format!("Mapped fields of {object}");
        let readable = match trigger_fields(ctx, account, connected, setup, object).await {
            Ok(readable) => readable,
            Err(error) => {
                checks.push(check(&title, false, error.to_string()));
                continue;
            }
        };
        let relational: Vec<&str> =
            fields.iter().map(String::as_str).filter(|field| is_relational(field)).collect();
        let unreadable: Vec<&str> = fields
            .iter()
            .map(String::as_str)
            .filter(|field| {
                !is_relational(field) && !readable.iter().any(|name| name.eq_ignore_ascii_case(field))
            })
            .collect();
        let mut texts = Vec::new();
        if !relational.is_empty() {
            texts.push(format!("Relational fields are always null: {}.", relational.join(", ")));
        }
        if !unreadable.is_empty() {
            texts.push(format!("Not there, not readable, or encrypted: {}.", unreadable.join(", ")));
        }
        let ok = texts.is_empty();
        checks.push(check(&title, ok, if ok { "All can be read.".to_owned() } else { texts.join(" ") }));
    }
    checks
}
