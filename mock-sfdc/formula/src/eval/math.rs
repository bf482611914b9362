//! Functions of numbers and places.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::Evaluated;
use crate::{
    error::EvalError,
    function::Function,
    number,
    value::{Location, Value},
};

/// None where the function is none of these.
pub(super) fn call(function: Function, values: &[Value]) -> Option<Evaluated> {
    use Function as F;
    Some(match function {
        F::Geolocation => geolocation(values),
        F::Distance => distance(values),
        F::Pi => number::from_double("PI", std::f64::consts::PI).map(Value::Number),
        F::Max | F::Min => Ok(extreme(values, function == F::Max)),
        _ => {
            let first = values.first();
            let decimals = |at: usize| match values.get(at) {
                None => Some(0),
                Some(value) => value.as_number().map(places),
            };
            if !is_maths(function) {
                return None;
            }
            let Some(number) = first?.as_number() else { return Some(Ok(Value::Null)) };
            let second = values.get(1).map(Value::as_number);
            if second == Some(None) {
                return Some(Ok(Value::Null));
            }
            let second = second.flatten().unwrap_or_default();
            unary(function, number, second, decimals(1).unwrap_or(0)).map(Value::Number)
        }
    })
}

/// A number of decimals; beyond all that a number can have, the sign alone counts.
fn places(decimals: Decimal) -> i64 {
    let beyond = if decimals.is_sign_negative() { i64::MIN } else { i64::MAX };
    decimals.trunc().to_i64().unwrap_or(beyond)
}

fn is_maths(function: Function) -> bool {
    use Function as F;
    matches!(
        function,
        F::Abs
            | F::Ceiling
            | F::Floor
            | F::MCeiling
            | F::MFloor
            | F::Round
            | F::Trunc
            | F::Mod
            | F::Exp
            | F::Ln
            | F::Log
            | F::Sqrt
            | F::Sin
            | F::Cos
            | F::Tan
            | F::Asin
            | F::Acos
            | F::Atan
            | F::Atan2
    )
}

fn unary(function: Function, number: Decimal, second: Decimal, decimals: i64) -> Result<Decimal, EvalError> {
    use Function as F;
    let double = |name, function: fn(f64) -> f64| number::through_double(name, number, function);
    match function {
        F::Abs => Ok(number.abs()),
        F::Ceiling => Ok(number::ceiling(number)),
        F::Floor => Ok(number::floor(number)),
        F::MCeiling => Ok(number::mathematical_ceiling(number)),
        F::MFloor => Ok(number::mathematical_floor(number)),
        F::Round => Ok(number::round(number, decimals)),
        F::Trunc => Ok(number::truncate(number, decimals)),
        F::Mod => number::modulo(number, second),
        F::Exp => double("EXP", f64::exp),
        F::Ln => double("LN", f64::ln),
        // By natural logarithms, as Salesforce divides them: the last digits show it.
        F::Log => double("LOG", |x| x.ln() / std::f64::consts::LN_10),
        F::Sqrt => double("SQRT", f64::sqrt),
        F::Sin => double("SIN", f64::sin),
        F::Cos => double("COS", f64::cos),
        F::Tan => double("TAN", f64::tan),
        F::Asin => double("ASIN", f64::asin),
        F::Acos => double("ACOS", f64::acos),
        F::Atan => double("ATAN", f64::atan),
        _ => {
            let other = second.to_f64().ok_or(EvalError::Overflow)?;
            number::through_double("ATAN2", number, |y| y.atan2(other))
        }
    }
}

/// Null, where any of them is.
fn extreme(values: &[Value], largest: bool) -> Value {
    let numbers: Option<Vec<Decimal>> = values.iter().map(Value::as_number).collect();
    let found = numbers.and_then(
        |numbers| {
            if largest { numbers.into_iter().max() } else { numbers.into_iter().min() }
        },
    );
    found.map_or(Value::Null, Value::Number)
}

fn geolocation(values: &[Value]) -> Evaluated {
    let [latitude, longitude] = values else { return Ok(Value::Null) };
    match (latitude.as_number(), longitude.as_number()) {
        (None, None) => Ok(Value::Null),
        (Some(latitude), Some(longitude))
            if latitude.abs() <= Decimal::from(90) && longitude.abs() <= Decimal::from(180) =>
        {
            Ok(Value::Location(Location { latitude, longitude }))
        }
        _ => Err(EvalError::OutOfRange("GEOLOCATION")),
    }
}

/// The mean radius of the earth, by which Salesforce measures.
const EARTH_KM: f64 = 6_371.009;
const EARTH_MILES: f64 = 3_958.761;

/// Along a great circle, in `mi` or `km`.
fn distance(values: &[Value]) -> Evaluated {
    let [Value::Location(from), Value::Location(to), unit] = values else { return Ok(Value::Null) };
    let radius = match unit.as_text() {
        unit if unit.eq_ignore_ascii_case("mi") => EARTH_MILES,
        unit if unit.eq_ignore_ascii_case("km") => EARTH_KM,
        _ => return Err(EvalError::OutOfRange("DISTANCE")),
    };
    let radians = |degrees: Decimal| degrees.to_f64().unwrap_or(0.0).to_radians();
    let point = |place: &Location| {
        let (latitude, longitude) = (radians(place.latitude), radians(place.longitude));
        [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
    };
    let (one, other) = (point(from), point(to));
    let chord: f64 = one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
    number::from_double("DISTANCE", 2.0 * radius * (chord / 2.0).min(1.0).asin()).map(Value::Number)
}
