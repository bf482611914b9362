//! Operators.

use std::cmp::Ordering;

use jiff::{
    Span,
    civil::{Date, Time},
};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use super::Evaluated;
use crate::{check::Binary, error::EvalError, number, value::Value};

pub(super) const DAY_MS: i64 = 86_400_000;

pub(super) fn apply(binary: Binary, left: Value, right: Value) -> Evaluated {
    Ok(match binary {
        Binary::Concat => concat(&left, &right),
        Binary::SameText(wanted) => Value::Bool((left.as_text() == right.as_text()) == wanted),
        Binary::Same(wanted) => match compare(&left, &right) {
            Some(ordering) => Value::Bool((ordering == Ordering::Equal) == wanted),
            None => Value::Null,
        },
        Binary::Less => ordered(&left, &right, Ordering::is_lt),
        Binary::Greater => ordered(&left, &right, Ordering::is_gt),
        Binary::LessOrEqual => ordered(&left, &right, Ordering::is_le),
        Binary::GreaterOrEqual => ordered(&left, &right, Ordering::is_ge),
        Binary::Multiply => numbers(&left, &right, number::multiply)?,
        Binary::Divide => numbers(&left, &right, number::divide)?,
        Binary::Power => numbers(&left, &right, number::power)?,
        Binary::Add => add(left, right)?,
        Binary::Subtract => subtract(left, right)?,
        // Decided by the chain, which need not look at the second operand.
        Binary::And => Value::Bool(left.is_true() && right.is_true()),
        Binary::Or => Value::Bool(left.is_true() || right.is_true()),
    })
}

fn concat(left: &Value, right: &Value) -> Value {
    Value::text(format!("{}{}", left.as_text(), right.as_text()))
}

fn ordered(left: &Value, right: &Value, holds: impl Fn(Ordering) -> bool) -> Value {
    compare(left, right).map_or(Value::Null, |ordering| Value::Bool(holds(ordering)))
}

/// None where either is null.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::DateTime(left), Value::DateTime(right)) => Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn numbers(
    left: &Value,
    right: &Value,
    operation: impl Fn(Decimal, Decimal) -> Result<Decimal, EvalError>,
) -> Evaluated {
    match (left.as_number(), right.as_number()) {
        (Some(left), Some(right)) => operation(left, right).map(Value::Number),
        _ => Ok(Value::Null),
    }
}

fn add(left: Value, right: Value) -> Evaluated {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => number::add(left, right).map(Value::Number),
        (moment, Value::Number(number)) | (Value::Number(number), moment) => shift(&moment, number),
        _ => Ok(Value::Null),
    }
}

fn subtract(left: Value, right: Value) -> Evaluated {
    let days = |ms: i64| number::divide(ms.into(), DAY_MS.into());
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => number::subtract(left, right).map(Value::Number),
        (Value::Date(left), Value::Date(right)) => {
            let days = left.since(right).map_err(|_| EvalError::Overflow)?.get_days();
            Ok(Value::from(i64::from(days)))
        }
        (Value::DateTime(left), Value::DateTime(right)) => {
            days(left.checked_sub(right).ok_or(EvalError::Overflow)?).map(Value::Number)
        }
        // Around midnight.
        (Value::Time(left), Value::Time(right)) => {
            Ok(Value::from((millis_of(left) - millis_of(right)).rem_euclid(DAY_MS)))
        }
        (moment, Value::Number(number)) => shift(&moment, -number),
        _ => Ok(Value::Null),
    }
}

/// A moment later: dates by whole days, moments by days to the second, times by milliseconds.
fn shift(moment: &Value, number: Decimal) -> Evaluated {
    match moment {
        Value::Date(date) => {
            let days = number.trunc().to_i64().ok_or(EvalError::Overflow)?;
            later(*date, days).map(Value::Date)
        }
        Value::DateTime(at) => {
            let seconds = number::multiply(number, 86_400.into())?
                .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
                .to_i64()
                .ok_or(EvalError::Overflow)?;
            let shifted = seconds.checked_mul(1000).and_then(|ms| at.checked_add(ms));
            shifted.map(Value::DateTime).ok_or(EvalError::Overflow)
        }
        Value::Time(time) => {
            let ms = number.trunc().to_i64().and_then(|ms| millis_of(*time).checked_add(ms));
            let ms = ms.filter(|ms| *ms >= 0).ok_or(EvalError::OutOfRange("a time"))?;
            Ok(time_of(ms % DAY_MS).map_or(Value::Null, Value::Time))
        }
        _ => Ok(Value::Null),
    }
}

fn later(date: Date, days: i64) -> Result<Date, EvalError> {
    let span = Span::new().try_days(days).map_err(|_| EvalError::Overflow)?;
    date.checked_add(span).map_err(|_| EvalError::Overflow)
}

pub(super) fn millis_of(time: Time) -> i64 {
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    seconds * 1000 + i64::from(time.millisecond())
}

/// None beyond a day.
pub(super) fn time_of(millis: i64) -> Option<Time> {
    let part = |unit: i64, range: i64| i8::try_from(millis / unit % range).ok();
    let nanos = i32::try_from(millis % 1000 * 1_000_000).ok()?;
    Time::new(i8::try_from(millis / 3_600_000).ok()?, part(60_000, 60)?, part(1000, 60)?, nanos).ok()
}
