//! What a field can hold, and the texts by which Salesforce's faces write it (`contract/rest.md` section 1).
//!
//! A [`Value`] is 24 bytes: a million leads of fourteen filled fields have to fit into a gigabyte, and texts of up to
//! 24 bytes (most names, phones and mail addresses) need no allocation of their own.

use std::{fmt::Write as _, sync::Arc};

use compact_str::CompactString;
use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::Offset,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::id::Id;

/// The value of one field of one record.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    /// Int, long, double, currency and percent: exact, as Salesforce calculates them.
    Number(Decimal),
    /// Every kind of text, picklists included; never empty (Salesforce stores an empty text as null).
    Text(CompactString),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
    Id(Id),
    Blob(Arc<[u8]>),
}

impl Value {
    /// A text; the empty one is null.
    #[must_use]
    pub fn text(text: impl Into<CompactString>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Null } else { Self::Text(text) }
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    #[must_use]
    pub fn as_id(&self) -> Option<Id> {
        if let Self::Id(id) = self { Some(*id) } else { None }
    }

    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    #[must_use]
    pub fn as_number(&self) -> Option<Decimal> {
        if let Self::Number(value) = self { Some(*value) } else { None }
    }

    #[must_use]
    pub fn as_datetime(&self) -> Option<DateTime> {
        if let Self::DateTime(value) = self { Some(*value) } else { None }
    }

    /// Whether both are equal as Salesforce compares: texts without regard to case, unless the field says otherwise.
    #[must_use]
    pub fn same(&self, other: &Self, case_sensitive: bool) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) if !case_sensitive => same_text(one, other),
            _ => self == other,
        }
    }

    /// A checkbox has no null: unset reads as false.
    #[must_use]
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }
}

fn same_text(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        one.to_lowercase() == other.to_lowercase()
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Self {
        Self::Id(id)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<DateTime> for Value {
    fn from(value: DateTime) -> Self {
        Self::DateTime(value)
    }
}

impl From<Date> for Value {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

/// A moment in UTC, to the millisecond, as Salesforce keeps it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize,
)]
pub struct DateTime(i64);

impl DateTime {
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    /// Audit fields carry whole seconds: real orgs answer `.000` for them.
    #[must_use]
    pub fn whole_seconds(self) -> Self {
        Self(self.0 - self.0.rem_euclid(1000))
    }

    /// Replication counts in minutes.
    #[must_use]
    pub fn whole_minutes(self) -> Self {
        Self(self.0 - self.0.rem_euclid(60_000))
    }

    /// Reads what the APIs accept: `…Z`, `+0000`, `+00:00`, with or without milliseconds; never without a zone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once('T')?;
        let date = parse_date(date)?;
        let zone_at = rest.find(['Z', '+', '-'])?;
        let (clock, zone) = rest.split_at(zone_at);
        let time = parse_clock(clock)?;
        let offset = parse_zone(zone)?;
        let moment = offset.to_timestamp(date.to_datetime(time)).ok()?;
        Some(Self(moment.as_millisecond()))
    }

    /// `2026-11-21T23:57:00.000+0000`, the form of REST.
    pub fn write_rest(self, out: &mut String) {
        self.write_with(out, "+0000");
    }

    /// `2026-11-21T23:57:00.000Z`, the form of SOAP, Bulk and Streaming.
    pub fn write_zulu(self, out: &mut String) {
        self.write_with(out, "Z");
    }

    fn write_with(self, out: &mut String, zone: &str) {
        let local = Offset::UTC.to_datetime(self.timestamp());
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{zone}",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second(),
            self.0.rem_euclid(1000)
        );
    }

    #[must_use]
    pub fn to_rest(self) -> String {
        let mut out = String::with_capacity(28);
        self.write_rest(&mut out);
        out
    }

    #[must_use]
    pub fn to_zulu(self) -> String {
        let mut out = String::with_capacity(24);
        self.write_zulu(&mut out);
        out
    }
}

impl From<Timestamp> for DateTime {
    fn from(moment: Timestamp) -> Self {
        Self(moment.as_millisecond())
    }
}

/// `2026-11-21`, and nothing looser.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits(text.get(range)?);
    Date::new(
        i16::try_from(number(0..4)?).ok()?,
        i8::try_from(number(5..7)?).ok()?,
        i8::try_from(number(8..10)?).ok()?,
    )
    .ok()
}

/// `10:20:30.000Z`; the zone and the milliseconds may be missing.
#[must_use]
pub fn parse_time(text: &str) -> Option<Time> {
    parse_clock(text.strip_suffix('Z').unwrap_or(text))
}

/// `10:20:30.000Z`
#[must_use]
pub fn time_text(time: Time) -> String {
    format!("{:02}:{:02}:{:02}.{:03}Z", time.hour(), time.minute(), time.second(), time.millisecond())
}

fn parse_clock(text: &str) -> Option<Time> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let bytes = whole.as_bytes();
    if bytes.len() != 8 || bytes[2] != b':' || bytes[5] != b':' || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits(whole.get(range)?);
    let nanos = digits(fraction)? * 10_i32.pow(9 - u32::try_from(fraction.len()).ok()?);
    Time::new(
        i8::try_from(number(0..2)?).ok()?,
        i8::try_from(number(3..5)?).ok()?,
        i8::try_from(number(6..8)?).ok()?,
        nanos - nanos % 1_000_000,
    )
    .ok()
}

fn parse_zone(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = match text.get(1..)? {
        rest if rest.len() == 5 && rest.as_bytes()[2] == b':' => (rest.get(..2)?, rest.get(3..)?),
        rest if rest.len() == 4 => (rest.get(..2)?, rest.get(2..)?),
        _ => return None,
    };
    let minutes = digits(hours)? * 60 + digits(minutes)?;
    Offset::from_seconds(sign * minutes * 60).ok()
}

fn digits(text: &str) -> Option<i32> {
    (!text.is_empty() && text.bytes().all(|c| c.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A number as Java prints a double, which is how Salesforce's faces print double, currency and percent: `100.0`, `0.25`,
/// `9.12260031E8` from ten million on (recorded in Bulk results; assumed for REST, see `docs/FIDELITY.md`).
pub fn write_double(number: Decimal, out: &mut String) {
    let magnitude = number.abs();
    let whole_limit = Decimal::from(10_000_000);
    let small_limit = Decimal::new(1, 3);
    if !magnitude.is_zero()
        && (magnitude >= whole_limit || magnitude < small_limit)
        && let Some(double) = number.to_f64()
    {
        out.push_str(&java_double(double));
        return;
    }
    let normal = number.normalize();
    let _ = write!(out, "{normal}");
    if normal.scale() == 0 {
        out.push_str(".0");
    }
}

/// A large or small double, as Java prints it: `1.0E20`.
#[must_use]
pub fn java_double(double: f64) -> String {
    let text = format!("{double:E}");
    match text.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0E{exponent}"),
        _ => text,
    }
}

/// A whole number: int and long print without a point.
pub fn write_int(number: Decimal, out: &mut String) {
    let _ = write!(out, "{}", number.trunc().normalize());
}

/// A value as messages print it.
#[must_use]
pub fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Id(id) => id.to_string(),
        Value::Number(number) => number.normalize().to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::DateTime(at) => at.to_zulu(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time_text(*time),
        Value::Null | Value::Blob(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_small() {
        assert_eq!(size_of::<Value>(), 24);
    }

    #[test]
    fn datetimes_read_every_form_of_the_apis_and_no_other() {
        let noon = DateTime::from_millis(1_774_440_000_000);
        for text in [
            "2026-03-25T12:00:00Z",
            "2026-03-25T12:00:00.000Z",
            "2026-03-25T12:00:00.000+0000",
            "2026-03-25T12:00:00+00:00",
            "2026-03-25T14:00:00.000+0200",
            "2026-03-25T07:30:00-04:30",
        ] {
            assert_eq!(DateTime::parse(text), Some(noon), "{text}");
        }
        for text in [
            "2026-03-25",
            "2026-03-25 12:00:00",
            "2026-03-25T12:00:00",
            "2026-03-25T12:00Z",
            "2026-02-30T12:00:00Z",
            "",
            "T",
            "2026-03-25T25:00:00Z",
            "2026-03-25T12:00:00.Z",
        ] {
            assert_eq!(DateTime::parse(text), None, "{text}");
        }
        assert_eq!(noon.to_rest(), "2026-03-25T12:00:00.000+0000");
        assert_eq!(noon.to_zulu(), "2026-03-25T12:00:00.000Z");
    }

    #[test]
    fn doubles_print_as_java_does() {
        for (number, text) in [
            ("0", "0.0"),
            ("100", "100.0"),
            ("12.50", "12.5"),
            ("-3", "-3.0"),
            ("9999999", "9999999.0"),
            ("10000000", "1.0E7"),
            ("912260031", "9.12260031E8"),
            ("1426565671063.28", "1.42656567106328E12"),
            ("0.001", "0.001"),
            ("0.0005", "5.0E-4"),
        ] {
            let mut out = String::new();
            write_double(number.parse().unwrap(), &mut out);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn an_empty_text_is_null() {
        assert!(Value::text("").is_null());
    }
}
