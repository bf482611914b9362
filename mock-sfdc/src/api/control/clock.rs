//! `/_mock/orgs/{org}/clock`: the org's time.

use mock_sfdc_org::value::DateTime;
use serde::Deserialize;
use serde_json::json;

use super::{ok, org, read, wrong};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moment {
    at: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MaybeMoment {
    at: Option<String>,
}

/// Added up.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Span {
    days: i64,
    hours: i64,
    minutes: i64,
    seconds: i64,
    millis: i64,
}

fn shown(tenant: &Tenant) -> Answer {
    let clock = tenant.org.clock();
    ok(&json!({ "now": clock.now().to_zulu(), "frozen": clock.is_frozen() }))
}

fn parse(text: &str) -> Result<DateTime, mock_sfdc_org::error::Error> {
    DateTime::parse(text)
        .ok_or_else(|| wrong(format!("{text:?} is no moment; one such as 2026-03-01T09:00:00Z was expected")))
}

pub fn get(call: &Call) -> Answer {
    shown(&*org(call)?)
}

/// Sets the time; it flows or stands as before.
pub fn set(call: &Call) -> Answer {
    let (tenant, to): (_, Moment) = (org(call)?, read(call)?);
    tenant.org.clock().set(parse(&to.at)?);
    shown(&tenant)
}

/// The first millisecond of the year 4001.
const END: i64 = 64_092_211_200_000;

pub fn advance(call: &Call) -> Answer {
    let (tenant, by): (_, Span) = (org(call)?, read(call)?);
    let parts = [
        (by.days, 86_400_000),
        (by.hours, 3_600_000),
        (by.minutes, 60_000),
        (by.seconds, 1_000),
        (by.millis, 1),
    ];
    let sum = parts.iter().try_fold(0_i64, |sum, (count, unit)| sum.checked_add(count.checked_mul(*unit)?));
    let clock = tenant.org.clock();
    let ends = |millis: i64| clock.now().millis().checked_add(millis).is_some_and(|end| end < END);
    match sum {
        Some(millis) if millis > 0 && ends(millis) => clock.advance(millis),
        Some(millis) if millis > 0 => {
            return Err(wrong("no clock goes beyond the year 4000, as no date does"));
        }
        _ => {
            return Err(wrong(
                "an advance goes forward: days, hours, minutes, seconds, millis, more than nothing in sum",
            ));
        }
    }
    shown(&tenant)
}

pub fn freeze(call: &Call) -> Answer {
    let (tenant, at): (_, MaybeMoment) = (org(call)?, read(call)?);
    match at.at {
        Some(text) => tenant.org.clock().freeze_at(parse(&text)?),
        None => tenant.org.clock().freeze(),
    }
    shown(&tenant)
}

pub fn resume(call: &Call) -> Answer {
    let tenant = org(call)?;
    tenant.org.clock().resume();
    shown(&tenant)
}
