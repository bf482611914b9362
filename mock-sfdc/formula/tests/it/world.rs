//! The record that all of these tests look at.

use jiff::tz::{Offset, TimeZone};
use mock_sfdc_formula::{
    Blanks, Context, EvalError, FieldRef, Fields, Formula, FormulaError, Lookup, Resolved, Subject, Type,
    Unresolved, Value,
};

/// Name, type, value, and value before the save. Fields with a dot are a parent's.
type Field = (&'static str, Type, fn() -> Value, fn() -> Value);

const FIELDS: [Field; 19] = [
    ("Name", Type::Text, || "Ada".into(), || "Eve".into()),
    ("NoText", Type::Text, || Value::Null, || "old".into()),
    ("Seven", Type::Number, || 7.into(), || 7.into()),
    ("NoNumber", Type::Number, || Value::Null, || Value::Null),
    ("Yes", Type::Boolean, || true.into(), || false.into()),
    ("No", Type::Boolean, || false.into(), || false.into()),
    ("Day", Type::Date, || date(2026, 2, 28), || date(2026, 1, 1)),
    ("NoDay", Type::Date, || Value::Null, || Value::Null),
    ("At", Type::DateTime, || Value::DateTime(NOW), || Value::DateTime(0)),
    ("NoAt", Type::DateTime, || Value::Null, || Value::Null),
    ("Clock", Type::Time, || jiff::civil::time(10, 20, 30, 400_000_000).into(), || Value::Null),
    ("NoClock", Type::Time, || Value::Null, || Value::Null),
    ("Place", Type::Location, || Value::Null, || Value::Null),
    ("Status", Type::Picklist, || "Open".into(), || "New".into()),
    ("NoStatus", Type::Picklist, || Value::Null, || Value::Null),
    ("Colours", Type::MultiPicklist, || "Red;Blue".into(), || Value::Null),
    ("NoColours", Type::MultiPicklist, || Value::Null, || Value::Null),
    ("Id", Type::Id, || "0015g0000000001".into(), || "0015g0000000001".into()),
    ("Parent.Name", Type::Text, || "Acme".into(), || "Acme".into()),
];

/// 2026-03-25, noon in Greenwich; the user is thirteen hours ahead, in tomorrow.
pub const NOW: i64 = 1_774_440_000_000;

fn date(year: i16, month: i8, day: i8) -> Value {
    jiff::civil::date(year, month, day).into()
}

/// The schema and the record in one.
#[derive(Debug, Default)]
pub struct World {
    pub new: bool,
}

impl Fields for World {
    fn field(&mut self, path: &str) -> Result<Resolved, Unresolved> {
        match path {
            "Long" => return Err(Unresolved::Unsupported("Long Text Area".to_owned())),
            "Owner:Group.Name" => {
                let (field, domain) = ("Owner".to_owned(), "Group".to_owned());
                return Err(Unresolved::NoDomain { field, domain });
            }
            "Broken" => {
                let error = Box::new(FormulaError::NoField("Gone".to_owned()));
                return Err(Unresolved::Wrong(FormulaError::Nested { field: "Broken".to_owned(), error }));
            }
            "Big" => {
                let field = FieldRef { slot: 2, kind: Type::Number, own: true, size: 4_990 };
                return Ok(Resolved::Field(field));
            }
            "$User.FirstName" => return Ok(Resolved::Constant("Grace".into(), Type::Text)),
            _ => {}
        }
        let found = FIELDS.iter().position(|(name, ..)| name.eq_ignore_ascii_case(path));
        let slot = found.ok_or(Unresolved::Unknown)?;
        let own = !path.contains('.');
        Ok(Resolved::Field(FieldRef { slot, kind: FIELDS[slot].1, own, size: 0 }))
    }

    fn lookup(&mut self, wanted: &str, key: &str) -> Result<Lookup, Unresolved> {
        let known = (wanted, key) == ("$ObjectType.Zip.Fields.State", "$ObjectType.Zip.Fields.Name");
        if known { Ok(Lookup { slot: 99, kind: Type::Text }) } else { Err(Unresolved::Unknown) }
    }

    fn has_pick(&self, _: usize, value: &str) -> bool {
        ["Red", "Green", "Blue"].contains(&value)
    }
}

impl Subject for World {
    fn field(&self, slot: usize) -> Value {
        FIELDS[slot].2()
    }

    fn prior(&self, slot: usize) -> Value {
        if self.new { self.field(slot) } else { FIELDS[slot].3() }
    }

    fn changed(&self, slot: usize) -> bool {
        !self.new && self.prior(slot) != self.field(slot)
    }

    fn is_new(&self) -> bool {
        self.new
    }

    fn now(&self) -> i64 {
        NOW
    }

    fn time_zone(&self) -> TimeZone {
        TimeZone::fixed(Offset::constant(13))
    }

    fn look_up(&self, _: usize, key: &str) -> Value {
        if key == "10001" { "NY".into() } else { Value::Null }
    }
}

pub fn compile(text: &str, context: Context, blanks: Blanks) -> Result<Formula, FormulaError> {
    Formula::compile(text, &mut World::default(), context, blanks)
}

/// The result as a text: what a formula field makes of it, or a validation rule where only that may ask.
pub fn result(text: &str, blanks: Blanks) -> String {
    let formula = compile(text, Context::FormulaField, blanks)
        .or_else(|_| compile(text, Context::Validation, blanks))
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    shown(formula.evaluate(&World::default()))
}

pub fn shown(result: Result<Value, EvalError>) -> String {
    match result {
        Err(error) => format!("#Error! {error}"),
        Ok(Value::Null) => "null".to_owned(),
        Ok(Value::Text(text)) => text.to_string(),
        Ok(Value::Number(number)) => number.normalize().to_string(),
        Ok(Value::Bool(value)) => value.to_string(),
        Ok(Value::Date(date)) => date.to_string(),
        Ok(Value::DateTime(ms)) => jiff::Timestamp::from_millisecond(ms).unwrap().to_string(),
        Ok(Value::Time(time)) => time.to_string(),
        Ok(Value::Location(place)) => format!("{}, {}", place.latitude, place.longitude),
    }
}
