//! What an item of criteria compares with, read once: texts, numbers, days, relative days.

use jiff::civil::{Date, DateTime as LocalDateTime, Time};
use rust_decimal::Decimal;

use crate::{
    id::Id,
    schema::{Field, FieldType},
    soql::date_literals::{Calendar, DateLiteral},
    value::{DateTime, parse_date, parse_time},
};

/// The parts of the value, any of which may be meant; one of them for operations that compare.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) parts: Vec<Part>,
}

/// One part, in the kind of its field.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Blank,
    Bool(bool),
    Number(Decimal),
    /// In lower case; a picklist's label stands beside its value.
    Text {
        text: String,
        other: Option<String>,
    },
    /// A record by its id, or by its name in lower case.
    Record {
        id: Option<Id>,
        name: String,
    },
    Day(Date),
    Moment(DateTime),
    Local(LocalDateTime),
    Time(Time),
    Relative(DateLiteral, i64),
}

impl Wanted {
    /// Reads a value as metadata writes it for a field; says what is wrong with it if that cannot be.
    pub(super) fn parse(field: &Field, value: &str) -> Result<Self, String> {
        let parts = value.split(',').map(str::trim).map(|part| Part::parse(field, part));
        Ok(Self { parts: parts.collect::<Result<_, _>>()? })
    }
}

impl Part {
    fn parse(field: &Field, text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self::Blank);
        }
        let wrong = |what: &str| format!("{text:?} is no {what}, which {} wants", field.name.as_str());
        match field.kind {
            FieldType::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Ok(Self::Bool(true)),
                "false" | "0" => Ok(Self::Bool(false)),
                _ => Err(wrong("True or False")),
            },
            FieldType::Int
            | FieldType::Long
            | FieldType::Double
            | FieldType::Currency
            | FieldType::Percent => {
                let plain = text.trim_start_matches('$').trim_end_matches('%').trim();
                plain.parse().map(Self::Number).map_err(|_| wrong("number"))
            }
            FieldType::Date | FieldType::Datetime => day(text).ok_or_else(|| wrong("date")),
            FieldType::Time => parse_time(text).map(Self::Time).ok_or_else(|| wrong("time")),
            FieldType::Id | FieldType::Reference => {
                Ok(Self::Record { id: Id::parse(text), name: text.to_lowercase() })
            }
            _ => {
                let labelled = field.picklist_values.iter().find(|known| same(&known.label, text));
                let other = labelled.map(|known| known.value.to_lowercase());
                Ok(Self::Text { text: text.to_lowercase(), other })
            }
        }
    }

    /// The days or the moment that it means now, as a half-open range.
    pub(super) fn range(&self, calendar: &Calendar) -> Option<(i64, i64)> {
        let days = |from: Date, to: Date| (calendar.start_ms(from), calendar.start_ms(to));
        match self {
            Self::Day(day) => Some(days(*day, day.tomorrow().ok()?)),
            Self::Moment(at) => Some((at.millis(), at.millis() + 1)),
            Self::Local(at) => {
                let zoned = at.to_zoned(calendar.time_zone.clone()).ok()?;
                let at = zoned.timestamp().as_millisecond();
                Some((at, at + 1))
            }
            Self::Relative(literal, count) => {
                let meant = literal.days(*count, calendar);
                Some(days(meant.start, meant.end))
            }
            _ => None,
        }
    }

    /// The days that it means now, without time of day.
    pub(super) fn days(&self, calendar: &Calendar) -> Option<(Date, Date)> {
        match self {
            Self::Day(day) => Some((*day, day.tomorrow().ok()?)),
            Self::Relative(literal, count) => {
                let meant = literal.days(*count, calendar);
                Some((meant.start, meant.end))
            }
            Self::Moment(at) => {
                let day = calendar.day_of(at.millis());
                Some((day, day.tomorrow().ok()?))
            }
            Self::Local(at) => Some((at.date(), at.date().tomorrow().ok()?)),
            _ => None,
        }
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A day or a moment: as the API writes it, as `en_US` writes it (`1/31/2026`, `1/31/2026 2:30 PM`), or in words (`TODAY`,
/// `LAST 30 DAYS`, `LAST_N_DAYS:30`).
fn day(text: &str) -> Option<Part> {
    if let Some(date) = parse_date(text) {
        return Some(Part::Day(date));
    }
    if let Some(at) = DateTime::parse(text) {
        return Some(Part::Moment(at));
    }
    let (date, time) = text.split_once(' ').map_or((text, None), |(date, time)| (date, Some(time)));
    if let Some(date) = american(date) {
        return match time {
            None => Some(Part::Day(date)),
            Some(time) => Some(Part::Local(date.to_datetime(twelve_hours(time)?))),
        };
    }
    relative(text)
}

fn american(text: &str) -> Option<Date> {
    let mut parts = text.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `2:30 PM`, `14:30`.
fn twelve_hours(text: &str) -> Option<Time> {
    let (clock, half) = text.split_once(' ').unwrap_or((text, ""));
    let (hour, minute) = clock.split_once(':')?;
    let hour: i8 = hour.parse().ok()?;
    let hour = match half.to_ascii_uppercase().as_str() {
        "" => hour,
        "AM" => hour % 12,
        "PM" => hour % 12 + 12,
        _ => return None,
    };
    Time::new(hour, minute.parse().ok()?, 0, 0).ok()
}

fn relative(text: &str) -> Option<Part> {
    let words = text.replace('_', " ").to_ascii_uppercase();
    let words = words.split_whitespace().collect::<Vec<_>>();
    if let [which @ ("LAST" | "NEXT"), count, unit] = words.as_slice()
        && let Ok(count) = count.parse()
    {
        let unit = unit.trim_end_matches('S');
        return Some(Part::Relative(DateLiteral::named(&format!("{which}_N_{unit}S"))?, count));
    }
    let joined = words.join("_");
    let (name, count) = joined.split_once(':').unwrap_or((&joined, "0"));
    let literal = DateLiteral::named(name)?;
    (literal.counted() == joined.contains(':')).then_some(())?;
    Some(Part::Relative(literal, count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_in_every_form_of_metadata() {
        let calendar = Calendar::utc(1_774_440_000_000); // 2026-03-25
        for (text, days) in [
            ("2026-01-31", "2026-01-31 2026-02-01"),
            ("1/31/2026", "2026-01-31 2026-02-01"),
            ("TODAY", "2026-03-25 2026-03-26"),
            ("this month", "2026-03-01 2026-04-01"),
            ("LAST 30 DAYS", "2026-02-23 2026-03-26"),
            ("LAST_N_DAYS:30", "2026-02-23 2026-03-26"),
            ("NEXT 1 DAY", "2026-03-26 2026-03-27"),
            ("1/31/2026 2:30 PM", "2026-01-31 2026-02-01"),
        ] {
            let (start, end) = day(text).unwrap_or_else(|| panic!("{text}")).days(&calendar).unwrap();
            assert_eq!(format!("{start} {end}"), days, "{text}");
        }
        let (start, _) = day("1/31/2026 2:30 PM").unwrap().range(&calendar).unwrap();
        assert_eq!(DateTime::from_millis(start).to_zulu(), "2026-01-31T14:30:00.000Z");
        for text in ["soon", "13/1/2026", "1/2", "LAST_N_DAYS", "TODAY:3", "1/31/2026 25:00"] {
            assert!(day(text).is_none(), "{text}");
        }
    }
}
