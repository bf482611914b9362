//! `FORMAT`: a value as a person with the user's locale and time zone reads it (`contract/soql.md` section 2).

use rust_decimal::Decimal;

use super::expr::Fetched;
use super::run::RunContext;
use crate::{
    currency,
    locale::Locale,
    schema::{Field, FieldType},
    state::State,
    value::Value,
};

/// What is formatted, as far as its look goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Number { scale: u8 },
    Percent { scale: u8 },
    Money,
    Date,
    Moment,
    Time,
}

impl Form {
    /// None for a field that FORMAT does not take.
    pub fn of(field: &Field) -> Option<Self> {
        Self::of_kind(field.kind, field.scale)
    }

    pub fn of_kind(kind: FieldType, scale: u8) -> Option<Self> {
        Some(match kind {
            FieldType::Int | FieldType::Long => Self::Number { scale: 0 },
            FieldType::Double => Self::Number { scale },
            FieldType::Percent => Self::Percent { scale },
            FieldType::Currency => Self::Money,
            FieldType::Date => Self::Date,
            FieldType::Datetime => Self::Moment,
            FieldType::Time => Self::Time,
            _ => return None,
        })
    }

    /// The text; null stays null.
    pub fn write(self, value: Fetched<'_>, state: &State, context: &RunContext) -> Value {
        // A context without a known locale never gets here: the query was refused.
        let Ok(locale) = context.locale else { return Value::Null };
        let text = match value {
            Fetched::Value(Value::Number(number)) => self.number(*number, locale, state),
            Fetched::Real(number) => self.number(number, locale, state),
            Fetched::Whole(number) => locale.number(number.into(), 0),
            Fetched::Value(Value::Date(day)) => locale.date(*day),
            Fetched::Day(day) => locale.date(day),
            Fetched::Value(Value::DateTime(moment)) => {
                locale.moment(context.time_zone.to_datetime(moment.timestamp()))
            }
            Fetched::Value(Value::Time(time)) => locale.time(*time),
            _ => return Value::Null,
        };
        Value::text(text)
    }

    fn number(self, number: Decimal, locale: &Locale, state: &State) -> String {
        match self {
            // A sum is in the corporate currency, which is named where there are others.
            Self::Money if currency::is_multiple(state) => {
                locale.amount_of(number, &state.settings().currency)
            }
            Self::Money => locale.amount(number, &state.settings().currency),
            Self::Percent { scale } => format!("{}%", locale.number(number, scale.into())),
            Self::Number { scale } => locale.number(number, scale.into()),
            Self::Date | Self::Moment | Self::Time => locale.number(number, 0),
        }
    }
}
