//! Arithmetic as Salesforce does it: decimal, rounded half up, with what it does near zero; functions of analysis go
//! through doubles, as there.
//!
//! Salesforce calculates with 39 digits and shows 18; a `Decimal` has 28. What does not fit 28 digits before the point is an
//! overflow here, where Salesforce goes on and shows `#Too Big!` at the end.

use rust_decimal::{Decimal, RoundingStrategy, prelude::FromPrimitive, prelude::ToPrimitive};

use crate::error::EvalError;

/// Digits that count when a quotient such as 1/3 is rounded to a whole number: six fewer than there are, so that
/// `FLOOR(1 / 3 * 3)` is 1.
const SETTLED_DIGITS: u32 = 22;

/// Digits of a power.
const POWER_DIGITS: u32 = 18;

type Number = Result<Decimal, EvalError>;

pub(crate) fn add(left: Decimal, right: Decimal) -> Number {
    left.checked_add(right).ok_or(EvalError::Overflow)
}

pub(crate) fn subtract(left: Decimal, right: Decimal) -> Number {
    left.checked_sub(right).ok_or(EvalError::Overflow)
}

pub(crate) fn multiply(left: Decimal, right: Decimal) -> Number {
    left.checked_mul(right).ok_or(EvalError::Overflow)
}

pub(crate) fn divide(left: Decimal, right: Decimal) -> Number {
    if right.is_zero() {
        return Err(EvalError::DivisionByZero);
    }
    left.checked_div(right).ok_or(EvalError::Overflow)
}

/// The sign is that of the dividend.
pub(crate) fn modulo(left: Decimal, right: Decimal) -> Number {
    if right.is_zero() {
        return Err(EvalError::DivisionByZero);
    }
    left.checked_rem(right).ok_or(EvalError::Overflow)
}

/// Whole exponents only, and no result above 10^64.
pub(crate) fn power(base: Decimal, exponent: Decimal) -> Number {
    let wrong = EvalError::OutOfRange("the operator ^");
    if !exponent.fract().is_zero() {
        return Err(wrong);
    }
    let whole = exponent.to_i64().filter(|whole| whole.unsigned_abs() <= 999_999_999).ok_or(wrong.clone())?;
    let magnitude = base.abs().to_f64().unwrap_or(0.0).log10() * exponent.to_f64().unwrap_or(0.0);
    if magnitude > 64.0 {
        return Err(wrong);
    }
    if magnitude > 29.0 {
        return Err(EvalError::Overflow);
    }
    if magnitude < -39.0 {
        return Ok(Decimal::ZERO);
    }
    let raised = raise(base, whole.unsigned_abs());
    let result = if whole < 0 {
        raised.map_or(Ok(Decimal::ZERO), |raised| divide(Decimal::ONE, raised))?
    } else {
        raised.ok_or(EvalError::Overflow)?
    };
    Ok(result.round_sf_with_strategy(POWER_DIGITS, RoundingStrategy::MidpointAwayFromZero).unwrap_or(result))
}

/// None when it does not fit.
fn raise(base: Decimal, mut exponent: u64) -> Option<Decimal> {
    let (mut result, mut square) = (Decimal::ONE, base);
    loop {
        if exponent & 1 == 1 {
            result = result.checked_mul(square)?;
        }
        exponent >>= 1;
        if exponent == 0 {
            return Some(result);
        }
        square = square.checked_mul(square)?;
    }
}

/// Rounded to so many decimals, half up; negative ones round before the point. A number without a digit at that place is
/// zero: 60 rounded to hundreds, too.
pub(crate) fn round(number: Decimal, decimals: i64) -> Decimal {
    at_place(number, decimals, RoundingStrategy::MidpointAwayFromZero)
}

pub(crate) fn truncate(number: Decimal, decimals: i64) -> Decimal {
    at_place(number, decimals, RoundingStrategy::ToZero)
}

fn at_place(number: Decimal, decimals: i64, strategy: RoundingStrategy) -> Decimal {
    if let Ok(decimals) = u32::try_from(decimals) {
        return number.round_dp_with_strategy(decimals.min(28), strategy);
    }
    let Ok(places) = u32::try_from(decimals.unsigned_abs()) else { return Decimal::ZERO };
    if places >= whole_digits(number) {
        return Decimal::ZERO;
    }
    let unit = Decimal::from_i128_with_scale(10_i128.pow(places), 0);
    number
        .checked_div(unit)
        .map(|units| units.round_dp_with_strategy(0, strategy))
        .and_then(|units| units.checked_mul(unit))
        .unwrap_or(number)
}

/// Digits before the point.
fn whole_digits(number: Decimal) -> u32 {
    let whole = number.trunc().abs().mantissa() / 10_i128.pow(number.trunc().scale());
    whole.checked_ilog10().map_or(0, |digits| digits + 1)
}

/// Without the last digits of an endless fraction: what is rounded to a whole number passes here first.
fn settled(number: Decimal) -> Decimal {
    let decimals = SETTLED_DIGITS.saturating_sub(whole_digits(number));
    number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// Towards zero: -1.7 is -1. (`MFLOOR` is the mathematician's.)
pub(crate) fn floor(number: Decimal) -> Decimal {
    settled(number).round_dp_with_strategy(0, RoundingStrategy::ToZero)
}

/// Away from zero: -1.2 is -2.
pub(crate) fn ceiling(number: Decimal) -> Decimal {
    settled(number).round_dp_with_strategy(0, RoundingStrategy::AwayFromZero)
}

pub(crate) fn mathematical_floor(number: Decimal) -> Decimal {
    settled(number).floor()
}

pub(crate) fn mathematical_ceiling(number: Decimal) -> Decimal {
    settled(number).ceil()
}

/// A function of analysis: through doubles, and back by the shortest text that means the same double, as Java does it.
pub(crate) fn through_double(
    name: &'static str,
    number: Decimal,
    function: impl Fn(f64) -> f64,
) -> Result<Decimal, EvalError> {
    let argument = number.to_f64().ok_or(EvalError::Overflow)?;
    from_double(name, function(argument))
}

pub(crate) fn from_double(name: &'static str, double: f64) -> Number {
    if !double.is_finite() {
        return Err(EvalError::OutOfRange(name));
    }
    let text = format!("{double:e}");
    Decimal::from_scientific(&text).or_else(|_| Decimal::from_f64(double).ok_or(EvalError::Overflow))
}

/// What `VALUE` reads: digits with an optional sign, point and exponent.
pub(crate) fn parse(text: &str) -> Option<Decimal> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let digits = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric(whole) || !numeric(fraction) || whole.len() + fraction.len() == 0 {
        return None;
    }
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let number = Decimal::from_str_exact(&format!("{sign}{whole}.{fraction}0"))
        .or_else(|_| format!("{sign}{whole}.{fraction}0").parse())
        .ok()?;
    let shift = |power: u32| {
        10_i128.checked_pow(power).and_then(|unit| Decimal::try_from_i128_with_scale(unit, 0).ok())
    };
    match exponent {
        0 => Some(number),
        1.. => number.checked_mul(shift(exponent.unsigned_abs())?),
        _ => number.checked_div(shift(exponent.unsigned_abs())?),
    }
    .map(|number| number.normalize())
}
