//! Payloads: single Avro data by the schema of their event, neither framed nor compressed (`contract/pubsub.md` sections 4
//! and 5). The shapes are few and known, so they are written straight from the record.

use std::fmt::Write as _;

use jiff::Timestamp;
use mock_sfdc_org::{
    id::Id,
    schema::FieldType,
    streaming::{
        Carried, ChangeType, ChangedField, EventField, EventSchema, EventType, PlatformEvent, Telling,
        ToldValue,
    },
    value::{DateTime, Value},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// What is wrong with a payload that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

/// A platform event for whoever may hear it: all fields.
#[must_use]
pub fn platform(event: &PlatformEvent) -> Vec<u8> {
    let mut out = Writer(Vec::with_capacity(128));
    for field in &event.schema.fields {
        out.field(field, event.schema.value(field, &event.record));
    }
    out.0
}

/// A change event as this subscriber may read it: the header, and then every field of the schema, null where it is not told.
#[must_use]
pub fn change(telling: &Telling<'_>) -> Vec<u8> {
    let mut out = Writer(Vec::with_capacity(256));
    out.header(telling);
    let mut told = telling.fields().into_iter().peekable();
    for (at, field) in telling.event.schema.fields.iter().enumerate() {
        match told.next_if(|told| told.at == at).map(|told| told.value) {
            None => out.field(field, Carried::Null),
            Some(ToldValue::One(value)) if value.is_null() => out.field(field, Carried::Null),
            Some(ToldValue::One(value)) => out.field(field, Carried::One(value)),
            Some(ToldValue::Parts(parts)) => {
                let mut all = vec![&Value::Null; field.parts.len()];
                for (part, value) in parts {
                    all[part] = value;
                }
                out.field(field, Carried::Parts(all));
            }
        }
    }
    out.0
}

struct Writer(Vec<u8>);

impl Writer {
    fn long(&mut self, number: i64) {
        // Zig-zag, then seven bits at a time.
        let mut rest = ((number << 1) ^ (number >> 63)).cast_unsigned();
        while rest >= 0x80 {
            self.0.push(u8::try_from(rest & 0x7f).unwrap_or(0) | 0x80);
            rest >>= 7;
        }
        self.0.push(u8::try_from(rest).unwrap_or(0));
    }

    fn text(&mut self, text: &str) {
        self.long(i64::try_from(text.len()).unwrap_or(0));
        self.0.extend_from_slice(text.as_bytes());
    }

    fn texts(&mut self, texts: &[String]) {
        if !texts.is_empty() {
            self.long(i64::try_from(texts.len()).unwrap_or(0));
            for text in texts {
                self.text(text);
            }
        }
        self.long(0);
    }

    fn field(&mut self, field: &EventField, carried: Carried<'_>) {
        if !field.nullable {
            return match carried {
                Carried::One(value) => self.value(field.kind, value),
                _ => self.value(field.kind, &Value::Null),
            };
        }
        match carried {
            Carried::Null => self.long(0),
            Carried::One(value) => {
                self.long(1);
                self.value(field.kind, value);
            }
            Carried::Parts(parts) => {
                self.long(if matches!(field.kind, EventType::TextOr(_)) { 2 } else { 1 });
                for (part, value) in field.parts.iter().zip(parts) {
                    if value.is_null() {
                        self.long(0);
                    } else {
                        self.long(1);
                        self.value(part.kind, value);
                    }
                }
            }
        }
    }

    fn value(&mut self, kind: EventType, value: &Value) {
        match kind {
            EventType::Boolean => self.0.push(u8::from(value.is_true())),
            EventType::Int | EventType::Long => self.long(whole(value)),
            EventType::Double => {
                let number = value.as_number().and_then(|number| number.to_f64()).unwrap_or(0.0);
                self.0.extend_from_slice(&number.to_le_bytes());
            }
            EventType::Text | EventType::Compound(_) | EventType::TextOr(_) => match value {
                Value::Id(id) => self.text(&id.to_string()),
                value => self.text(value.as_text().unwrap_or_default()),
            },
        }
    }

    fn header(&mut self, telling: &Telling<'_>) {
        let event = telling.event;
        let header = &event.header;
        self.text(&header.entity_name);
        self.texts(&header.record_ids.iter().map(ToString::to_string).collect::<Vec<_>>());
        let symbol = ChangeType::ALL.iter().position(|kind| *kind == header.change_type);
        self.long(symbol.and_then(|at| i64::try_from(at).ok()).unwrap_or(0));
        self.text(&header.change_origin);
        self.text(&header.transaction_key);
        self.long(i64::from(header.sequence_number));
        self.long(header.commit_timestamp.millis());
        self.long(i64::try_from(header.commit_number).unwrap_or(i64::MAX));
        self.text(&header.commit_user.to_string());
        let seen = event.changed.iter().filter(|changed| telling.shows(&event.schema.fields[changed.field]));
        let seen = seen.copied().collect::<Vec<_>>();
        let nulled = seen.iter().filter(|changed| changed.nulled).copied().collect::<Vec<_>>();
        self.texts(&bitmaps(&nulled));
        self.texts(&[]);
        self.texts(&bitmaps(&seen));
    }
}

/// `["0x400000", "4-0x01"]`: the fields of the record by their places, `ChangeEventHeader` being the first, and for each compound
/// field its parts.
#[must_use]
pub fn bitmaps(changed: &[ChangedField]) -> Vec<String> {
    let mut found = Vec::new();
    let whole = changed.iter().filter(|changed| changed.part.is_none()).map(|changed| changed.field + 1);
    found.extend(bitmap(whole).map(|hex| format!("0x{hex}")));
    let mut compounds = changed
        .iter()
        .filter(|changed| changed.part.is_some())
        .map(|changed| changed.field)
        .collect::<Vec<_>>();
    compounds.dedup();
    for field in compounds {
        let parts =
            changed.iter().filter(|changed| changed.field == field).filter_map(|changed| changed.part);
        found.extend(bitmap(parts).map(|hex| format!("{}-0x{hex}", field + 1)));
    }
    found
}

/// Whole bytes in upper-case hexadecimal, the highest first.
fn bitmap(places: impl Iterator<Item = usize>) -> Option<String> {
    let mut bytes = Vec::new();
    for place in places {
        if bytes.len() <= place / 8 {
            bytes.resize(place / 8 + 1, 0_u8);
        }
        bytes[place / 8] |= 1 << (place % 8);
    }
    if bytes.is_empty() {
        return None;
    }
    let mut text = String::new();
    for byte in bytes.iter().rev() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02X}");
    }
    Some(text)
}

/// Numbers as they are, moments and days as milliseconds since 1970, a time of day since midnight.
fn whole(value: &Value) -> i64 {
    match value {
        Value::Number(number) => number.to_i64().unwrap_or(0),
        Value::DateTime(at) => at.millis(),
        Value::Date(date) => {
            date.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |midnight| midnight.timestamp().as_millisecond())
        }
        Value::Time(time) => {
            let seconds =
                (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
            seconds * 1_000 + i64::from(time.millisecond())
        }
        _ => 0,
    }
}

/// What a publisher has sent, by the fields of the schema; the whole payload must be read by it.
pub fn read(schema: &EventSchema, payload: &[u8]) -> Result<Vec<(usize, Value)>, Unreadable> {
    let mut reader = Reader { rest: payload };
    let mut values = Vec::with_capacity(schema.fields.len());
    for field in &schema.fields {
        let wrong = |what: &str| Unreadable(format!("field {}: {what}", field.name));
        let branch =
            if field.nullable { reader.long().ok_or_else(|| wrong("the payload ends"))? } else { 1 };
        let value = match branch {
            0 => Value::Null,
            1 => {
                let kind = schema.object.fields[field.position].kind;
                reader.value(field.kind, kind).ok_or_else(|| wrong("no value of its type"))?
            }
            other => return Err(wrong(&format!("the union has no branch {other}"))),
        };
        values.push((field.position, value));
    }
    if reader.rest.is_empty() {
        Ok(values)
    } else {
        Err(Unreadable(format!("{} bytes follow the last field", reader.rest.len())))
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn take(&mut self, many: usize) -> Option<&[u8]> {
        let (taken, rest) = self.rest.split_at_checked(many)?;
        self.rest = rest;
        Some(taken)
    }

    fn long(&mut self) -> Option<i64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed());
            }
        }
        None
    }

    fn value(&mut self, kind: EventType, field: FieldType) -> Option<Value> {
        Some(match kind {
            EventType::Boolean => Value::Bool(*self.take(1)?.first()? != 0),
            EventType::Int | EventType::Long => moment(self.long()?, field)?,
            EventType::Double => {
                let bytes = self.take(8)?.try_into().ok()?;
                Value::Number(Decimal::from_f64_retain(f64::from_le_bytes(bytes))?.round_dp(15).normalize())
            }
            EventType::Text | EventType::Compound(_) | EventType::TextOr(_) => {
                let length = usize::try_from(self.long()?).ok()?;
                let text = std::str::from_utf8(self.take(length)?).ok()?;
                match field {
                    FieldType::Reference | FieldType::Id => {
                        Id::parse(text).map_or(Value::text(text), Value::Id)
                    }
                    _ => Value::text(text),
                }
            }
        })
    }
}

fn moment(number: i64, field: FieldType) -> Option<Value> {
    Some(match field {
        FieldType::Datetime => day(number).map(|_| Value::DateTime(DateTime::from_millis(number)))?,
        FieldType::Date => Value::Date(day(number)?),
        FieldType::Time => {
            let nanos = i64::checked_mul(number, 1_000_000)?;
            let span = jiff::SignedDuration::from_nanos(nanos);
            Value::Time(jiff::civil::Time::midnight().checked_add(span).ok()?)
        }
        _ => Value::Number(number.into()),
    })
}

/// The day of a moment that the other APIs could write: its year has four digits.
fn day(millis: i64) -> Option<jiff::civil::Date> {
    let day = Timestamp::from_millisecond(millis).ok()?.to_zoned(jiff::tz::TimeZone::UTC).date();
    (day.year() > 0).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(field: usize, part: Option<usize>) -> ChangedField {
        ChangedField { field, part, nulled: false }
    }

    /// `contract/pubsub.md` section 5: the guide's samples, checked by hand. Places here do not count the header.
    #[test]
    fn bitmaps_are_those_of_the_guide() {
        for (fields, written) in [
            (vec![(10, None), (21, None)], vec!["0x400800"]),
            (vec![(3, Some(0)), (21, None)], vec!["0x400000", "4-0x01"]),
            (vec![(1, None), (21, None)], vec!["0x400004"]),
            (
                vec![(11, None), (18, None), (19, None), (20, None), (21, None), (22, None), (26, None)],
                vec!["0x08F81000"],
            ),
            (vec![], vec![]),
        ] {
            let fields = fields.into_iter().map(|(field, part)| changed(field, part)).collect::<Vec<_>>();
            assert_eq!(bitmaps(&fields), written);
        }
    }

    #[test]
    fn numbers_are_zigzag_in_groups_of_seven_bits() {
        for (number, bytes) in [
            (0, vec![0]),
            (-1, vec![1]),
            (1, vec![2]),
            (-64, vec![0x7f]),
            (64, vec![0x80, 0x01]),
            (i64::MAX, vec![0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
            (i64::MIN, vec![0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
        ] {
            let mut out = Writer(Vec::new());
            out.long(number);
            assert_eq!(out.0, bytes, "{number}");
            assert_eq!(Reader { rest: &bytes }.long(), Some(number));
        }
    }
}
