//! `FORMATDURATION`: seconds, or what lies between two moments, as `HH:MM:SS` or `D:HH:MM:SS`.

use rust_decimal::prelude::ToPrimitive;

use super::{Evaluated, operator::millis_of};
use crate::{error::EvalError, value::Value};

pub(super) fn format(values: &[Value]) -> Evaluated {
    let (seconds, days) = match values {
        [Value::DateTime(one), Value::DateTime(other)] => (one.abs_diff(*other) / 1000, true),
        [Value::Time(one), Value::Time(other)] => (millis_of(*one).abs_diff(millis_of(*other)) / 1000, false),
        [Value::Number(number), rest @ ..] => {
            let seconds = number.trunc().to_i64().ok_or(EvalError::Overflow)?;
            (seconds.unsigned_abs(), rest.first().is_some_and(Value::is_true))
        }
        _ => return Ok(Value::Null),
    };
    let (minutes, second) = (seconds / 60, seconds % 60);
    let (hours, minute) = (minutes / 60, minutes % 60);
    Ok(Value::text(if days {
        format!("{}:{:02}:{minute:02}:{second:02}", hours / 24, hours % 24)
    } else {
        format!("{hours:02}:{minute:02}:{second:02}")
    }))
}
