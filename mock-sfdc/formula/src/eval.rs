//! The evaluator. Null spreads as in Salesforce's database: an operation on null is null, a comparison with null is neither
//! true nor false, and a test that is null counts as false. Texts know no null: an empty one takes part as an empty text.

mod date;
mod duration;
mod encode;
mod math;
mod operator;
mod text;

use std::cmp::Ordering;

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    check::{Binary, Node},
    error::EvalError,
    function::Function,
    value::Value,
};

/// What a formula is evaluated over: a record on its way, or at rest.
pub trait Subject {
    /// The value of a field. Percents come as fractions: 40 % is 0.4.
    fn field(&self, slot: usize) -> Value;

    /// The value before the save; that of now where there was none.
    fn prior(&self, slot: usize) -> Value {
        self.field(slot)
    }

    /// Whether the save changes the field. A new record changes nothing.
    fn changed(&self, _slot: usize) -> bool {
        false
    }

    fn is_new(&self) -> bool {
        false
    }

    fn is_clone(&self) -> bool {
        false
    }

    /// Milliseconds since 1970, in UTC.
    fn now(&self) -> i64;

    /// The user's: where today is decided.
    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }

    /// Units of this currency for one of the corporate currency; 1 for what is no currency of the org.
    fn currency_rate(&self, _code: &str) -> Value {
        Value::from(1)
    }

    /// What the record named `key` has in the field behind the slot.
    fn look_up(&self, _slot: usize, _key: &str) -> Value {
        Value::Null
    }
}

pub(crate) type Evaluated = Result<Value, EvalError>;

pub(crate) fn evaluate(node: &Node, subject: &dyn Subject) -> Evaluated {
    Ok(match node {
        Node::Const(value) => value.clone(),
        Node::Field(slot) => subject.field(*slot),
        Node::ZeroedField(slot) => zeroed(subject.field(*slot)),
        Node::Prior(slot) => subject.prior(*slot),
        Node::ZeroedPrior(slot) => zeroed(subject.prior(*slot)),
        Node::Changed(slot) => Value::Bool(subject.changed(*slot)),
        Node::Lookup(slot, key) => {
            let key = evaluate(key, subject)?;
            if key.is_null() { Value::Null } else { subject.look_up(*slot, key.as_text()) }
        }
        Node::Not(inner) => match evaluate(inner, subject)? {
            Value::Bool(value) => Value::Bool(!value),
            other => other,
        },
        Node::Negate(inner) => match evaluate(inner, subject)? {
            Value::Number(number) => Value::Number(-number),
            other => other,
        },
        Node::Match(text, pattern) => {
            let text = evaluate(text, subject)?;
            Value::Bool(pattern.is_match(text.as_text()))
        }
        Node::Chain(first, rest) => chain(first, rest, subject)?,
        Node::Call(function, arguments) => call(*function, arguments, subject)?,
    })
}

fn zeroed(value: Value) -> Value {
    if value.is_null() { Value::from(0) } else { value }
}

fn chain(first: &Node, rest: &[(Binary, Node)], subject: &dyn Subject) -> Evaluated {
    let mut left = evaluate(first, subject)?;
    for (binary, operand) in rest {
        left = match (binary, left.is_true()) {
            // What decides, decides: the operand is not looked at.
            (Binary::And, false) => Value::Bool(false),
            (Binary::Or, true) => Value::Bool(true),
            (Binary::And | Binary::Or, _) => Value::Bool(evaluate(operand, subject)?.is_true()),
            _ => operator::apply(*binary, left, evaluate(operand, subject)?)?,
        };
    }
    Ok(left)
}

fn call(function: Function, arguments: &[Node], subject: &dyn Subject) -> Evaluated {
    use Function as F;
    let at = |at: usize| arguments.get(at).map_or(Ok(Value::Null), |node| evaluate(node, subject));
    let test = |node: &Node| evaluate(node, subject).map(|value| value.is_true());
    Ok(match function {
        F::And => {
            for argument in arguments {
                if !test(argument)? {
                    return Ok(Value::Bool(false));
                }
            }
            Value::Bool(true)
        }
        F::Or => {
            for argument in arguments {
                if test(argument)? {
                    return Ok(Value::Bool(true));
                }
            }
            Value::Bool(false)
        }
        F::If | F::Ifs => {
            for pair in arguments.chunks(2) {
                match pair {
                    [condition, result] if test(condition)? => return evaluate(result, subject),
                    [otherwise] => return evaluate(otherwise, subject),
                    _ => {}
                }
            }
            Value::Null
        }
        F::Case => {
            let value = at(0)?;
            for pair in arguments[1..].chunks(2) {
                match pair {
                    [candidate, result] if matches(&value, &evaluate(candidate, subject)?) => {
                        return evaluate(result, subject);
                    }
                    [otherwise] => return evaluate(otherwise, subject),
                    _ => {}
                }
            }
            Value::Null
        }
        F::IsBlank | F::IsNull => Value::Bool(at(0)?.is_null()),
        F::BlankValue | F::NullValue => match at(0)? {
            Value::Null => at(1)?,
            value => value,
        },
        F::IfError => match at(0) {
            Err(_) => at(1)?,
            value => value?,
        },
        F::In => {
            let value = at(0)?;
            for candidate in &arguments[1..] {
                let candidate = evaluate(candidate, subject)?;
                if !value.is_null() && operator::compare(&value, &candidate) == Some(Ordering::Equal) {
                    return Ok(Value::Bool(true));
                }
            }
            Value::Bool(false)
        }
        F::IsPickVal => Value::Bool(at(0)?.as_text() == at(1)?.as_text()),
        F::Includes => {
            let (chosen, wanted) = (at(0)?, at(1)?);
            Value::Bool(chosen.as_text().split(';').any(|one| one.trim() == wanted.as_text()))
        }
        F::IsNew => Value::Bool(subject.is_new()),
        F::IsClone => Value::Bool(subject.is_clone()),
        F::CurrencyRate => subject.currency_rate(at(0)?.as_text()),
        F::Today => Value::Date(today(subject)),
        F::Now => Value::DateTime(subject.now()),
        F::TimeNow => Value::Time(date::civil(subject.now()).time()),
        F::DateValue => date::date_value(&at(0)?, &subject.time_zone())?,
        _ => {
            let mut values = Vec::with_capacity(arguments.len());
            for argument in arguments {
                values.push(evaluate(argument, subject)?);
            }
            strict(function, &values)?
        }
    })
}

/// Functions that look at all of their arguments, and at nothing else.
fn strict(function: Function, values: &[Value]) -> Evaluated {
    if let Some(result) = text::call(function, values) {
        return result;
    }
    if let Some(result) = math::call(function, values) {
        return result;
    }
    date::call(function, values)
}

fn today(subject: &dyn Subject) -> Date {
    date::local(subject.now(), &subject.time_zone())
}

/// As CASE compares: an empty text is a text like others, any other null is nobody's equal.
fn matches(value: &Value, candidate: &Value) -> bool {
    match (value, candidate) {
        (Value::Null | Value::Text(_), Value::Text(_)) | (Value::Text(_), Value::Null) => {
            value.as_text() == candidate.as_text()
        }
        _ => operator::compare(value, candidate) == Some(Ordering::Equal),
    }
}
