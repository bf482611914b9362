//! Functions of dates, moments and times.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{
    Evaluated,
    operator::{DAY_MS, millis_of},
};
use crate::{error::EvalError, function::Function, value::Value};

/// A moment as a calendar and a clock in Greenwich show it.
pub(super) fn civil(ms: i64) -> DateTime {
    Offset::UTC.to_datetime(timestamp(ms))
}

/// The day that a moment falls on in a time zone.
pub(super) fn local(ms: i64, zone: &TimeZone) -> Date {
    zone.to_datetime(timestamp(ms)).date()
}

fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn millis(at: DateTime) -> Result<i64, EvalError> {
    Offset::UTC.to_timestamp(at).map(Timestamp::as_millisecond).map_err(|_| EvalError::Overflow)
}

pub(super) fn call(function: Function, values: &[Value]) -> Evaluated {
    use Function as F;
    let Some(first) = values.first().filter(|value| !value.is_null()) else { return Ok(Value::Null) };
    Ok(match function {
        F::Date => return date(values),
        F::DateTimeValue => return date_time_value(first),
        F::TimeValue => return time_value(first),
        F::AddMonths => return add_months(first, &values[1]),
        F::FromUnixTime => {
            let seconds = first.as_number().unwrap_or_default();
            let ms = seconds.checked_mul(1000.into()).and_then(|ms| ms.trunc().to_i64());
            Value::DateTime(ms.ok_or(EvalError::Overflow)?)
        }
        F::UnixTimestamp => Value::from(match first {
            Value::Date(date) => millis(date.to_datetime(Time::midnight()))? / 1000,
            Value::DateTime(ms) => ms.div_euclid(1000),
            Value::Time(time) => millis_of(*time) / 1000,
            _ => return Ok(Value::Null),
        }),
        _ => match first {
            Value::Date(date) => of_date(function, *date),
            Value::DateTime(ms) => of_date(function, civil(*ms).date()),
            Value::Time(time) => of_time(function, *time),
            _ => Value::Null,
        },
    })
}

fn of_date(function: Function, date: Date) -> Value {
    use Function as F;
    Value::from(match function {
        F::Day => i64::from(date.day()),
        F::Month => i64::from(date.month()),
        F::Year => i64::from(date.year()),
        F::Weekday => i64::from(date.weekday().to_sunday_one_offset()),
        F::DayOfYear => i64::from(date.day_of_year()),
        F::IsoWeek => i64::from(date.iso_week_date().week()),
        F::IsoYear => i64::from(date.iso_week_date().year()),
        _ => return Value::Null,
    })
}

fn of_time(function: Function, time: Time) -> Value {
    use Function as F;
    Value::from(match function {
        F::Hour => i64::from(time.hour()),
        F::Minute => i64::from(time.minute()),
        F::Second => i64::from(time.second()),
        F::Millisecond => i64::from(time.millisecond()),
        _ => return Value::Null,
    })
}

/// Fractions do not count. Years have up to four digits.
fn date(values: &[Value]) -> Evaluated {
    let parts: Option<Vec<Decimal>> = values.iter().map(Value::as_number).collect();
    let Some(parts) = parts else { return Ok(Value::Null) };
    let wrong = || EvalError::InvalidDate(format!("DATE({}, {}, {})", parts[0], parts[1], parts[2]));
    let whole = |at: usize| parts[at].trunc().to_i64().ok_or_else(wrong);
    let (year, month, day) = (whole(0)?, whole(1)?, whole(2)?);
    let date = || {
        let year = i16::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    date().map(Value::Date).ok_or_else(wrong)
}

/// The day of a moment where the user is; or a text that begins like `2026-11-22`.
pub(super) fn date_value(value: &Value, zone: &TimeZone) -> Evaluated {
    match value {
        Value::DateTime(ms) => Ok(Value::Date(local(*ms, zone))),
        Value::Text(text) => match leading_date(text) {
            Some((date, _)) => Ok(Value::Date(date)),
            None => Err(EvalError::InvalidDate(text.to_string())),
        },
        Value::Date(date) => Ok(Value::Date(*date)),
        _ => Ok(Value::Null),
    }
}

/// `2026-11-22 10:20:30`, in Greenwich.
fn date_time_value(value: &Value) -> Evaluated {
    match value {
        Value::Text(text) => {
            let parsed = leading_date(text).and_then(|(date, rest)| {
                let clock = rest.strip_prefix(' ')?.trim();
                let mut parts = clock.splitn(3, ':').map(digits);
                let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
                Some(date.to_datetime(clock_time(hour, minute, second, 0)?))
            });
            let at = parsed.ok_or_else(|| EvalError::InvalidDate(text.to_string()))?;
            millis(at).map(Value::DateTime)
        }
        other => Ok(other.clone()),
    }
}

/// `10:20:30.400`; or the time of a moment, in Greenwich.
fn time_value(value: &Value) -> Evaluated {
    match value {
        Value::DateTime(ms) => Ok(Value::Time(civil(*ms).time())),
        Value::Text(text) => {
            let parsed = || {
                let (clock, fraction) = text.trim().split_once('.')?;
                let mut parts = clock.splitn(3, ':').map(digits);
                let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
                let ms = if fraction.len() == 3 { digits(fraction)? } else { return None };
                clock_time(hour, minute, second, ms)
            };
            parsed().map(Value::Time).ok_or_else(|| EvalError::InvalidDate(text.to_string()))
        }
        other => Ok(other.clone()),
    }
}

fn clock_time(hour: i32, minute: i32, second: i32, ms: i32) -> Option<Time> {
    let small = |part: i32| i8::try_from(part).ok();
    Time::new(small(hour)?, small(minute)?, small(second)?, ms * 1_000_000).ok()
}

fn digits(text: &str) -> Option<i32> {
    let plain = !text.is_empty() && text.len() < 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// The date that a text begins with, and what follows. Four digits of a year; months and days may have one.
fn leading_date(text: &str) -> Option<(Date, &str)> {
    let mut parts = text.splitn(3, '-');
    let (year, month, rest) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || year == "0000" {
        return None;
    }
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, rest) = rest.split_at(end);
    let date = Date::new(
        i16::try_from(digits(year)?).ok()?,
        i8::try_from(digits(month)?).ok()?,
        i8::try_from(digits(day)?).ok()?,
    );
    Some((date.ok()?, rest))
}

/// The last day of a month stays the last day.
fn add_months(value: &Value, months: &Value) -> Evaluated {
    let Some(months) = months.as_number() else { return Ok(Value::Null) };
    let months = months.trunc().to_i64().ok_or(EvalError::Overflow)?;
    match value {
        Value::Date(date) => later(*date, months).map(Value::Date),
        Value::DateTime(ms) => {
            let day = later(civil(*ms).date(), months)?;
            Ok(Value::DateTime(millis(day.to_datetime(Time::midnight()))? + ms.rem_euclid(DAY_MS)))
        }
        _ => Ok(Value::Null),
    }
}

fn later(date: Date, months: i64) -> Result<Date, EvalError> {
    let count = i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
    let count = count.checked_add(months).ok_or(EvalError::Overflow)?;
    let year = i16::try_from(count.div_euclid(12)).map_err(|_| EvalError::Overflow)?;
    let month = i8::try_from(count.rem_euclid(12) + 1).map_err(|_| EvalError::Overflow)?;
    let first = Date::new(year, month, 1).map_err(|_| EvalError::Overflow)?;
    let last = date.day() == date.days_in_month();
    let day = if last { first.days_in_month() } else { date.day().min(first.days_in_month()) };
    Date::new(year, month, day).map_err(|_| EvalError::Overflow)
}
