//! The records of a fixture. They may refer to each other in any order: each is made once all that it names are there.

use indexmap::IndexMap;
use serde_json::Value;

use super::{Planting, format::Fixture};
use crate::{save::coerce::Raw, schema::PackageError};

/// The key that gives a record its symbolic name.
const REF: &str = "ref";

struct Waiting<'a> {
    path: String,
    object: &'a str,
    values: &'a IndexMap<String, Value>,
}

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    // Push topics come last: what a seed brings is no news.
    let (topics, others): (Vec<_>, Vec<_>) =
        fixture.records.iter().partition(|(object, _)| object.eq_ignore_ascii_case("PushTopic"));
    let mut waiting: Vec<Waiting<'_>> = others
        .into_iter()
        .chain(topics)
        .flat_map(|(object, rows)| {
            rows.iter().enumerate().map(move |(at, values)| Waiting {
                path: format!("records.{object}[{at}]"),
                object,
                values,
            })
        })
        .collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut still = Vec::new();
        for row in waiting {
            if names(planting, &row)?.iter().all(|(_, name)| planting.symbols.contains_key(name)) {
                make(planting, &row)?;
            } else {
                still.push(row);
            }
        }
        if still.len() == before {
            return Err(stuck(planting, &still));
        }
        waiting = still;
    }
    Ok(())
}

/// The fields of a record that name another one by its symbol.
fn names(planting: &Planting<'_>, row: &Waiting<'_>) -> Result<Vec<(String, String)>, PackageError> {
    let Some(object) = planting.tx.state().schema().object(row.object) else {
        return Err(planting.unknown_object(&row.path, row.object));
    };
    let is_reference =
        |field: &str| object.field(field).is_some_and(|(_, field)| !field.reference_to.is_empty());
    Ok(row
        .values
        .iter()
        .filter(|(field, _)| is_reference(field))
        .filter_map(|(field, value)| Some((field.clone(), value.as_str()?.strip_prefix('@')?.to_owned())))
        .collect())
}

fn make(planting: &mut Planting<'_>, row: &Waiting<'_>) -> Result<(), PackageError> {
    let mut resolved = Vec::new();
    for (field, name) in names(planting, row)? {
        let id = planting.resolve(&format!("{}.{field}", row.path), &name)?;
        resolved.push((field, id));
    }
    let mut values = Vec::new();
    for (field, value) in row.values.iter().filter(|(field, _)| field.as_str() != REF) {
        let id =
            resolved.iter().find(|(known, _)| known == field).map(|(_, id)| Scalar::Text(id.to_string()));
        let Some(scalar) = id.or_else(|| Scalar::of(value)) else {
            let problem = "a text, number, boolean or null was expected; a reference is \"@name\"";
            return Err(planting.source.mistake(&format!("{}.{field}", row.path), problem));
        };
        values.push((field.as_str(), scalar));
    }
    let values: Vec<(&str, Raw<'_>)> = values.iter().map(|(field, scalar)| (*field, scalar.raw())).collect();
    let id = planting.create(&row.path, row.object, &values)?;
    let symbol = match row.values.get(REF) {
        None => None,
        Some(Value::String(symbol)) => Some(symbol.as_str()),
        Some(_) => return Err(planting.source.mistake(&format!("{}.ref", row.path), "a name was expected")),
    };
    planting.name(&row.path, symbol, id)
}

/// Nothing can be made any more: somebody names what is not there, or all wait for each other.
fn stuck(planting: &Planting<'_>, rows: &[Waiting<'_>]) -> PackageError {
    let promised: Vec<&str> =
        rows.iter().filter_map(|row| Some(row.values.get(REF)?.as_str()?.trim_start_matches('@'))).collect();
    for row in rows {
        for (field, name) in names(planting, row).unwrap_or_default() {
            if !promised.contains(&name.as_str())
                && let Err(mistake) = planting.resolve(&format!("{}.{field}", row.path), &name)
            {
                return mistake;
            }
        }
    }
    let path = rows.first().map_or("records", |row| row.path.as_str());
    planting.source.mistake(path, "these records refer to each other in a circle, so none can be the first")
}

/// A scalar of JSON with a text of its own.
pub enum Scalar {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
}

impl Scalar {
    /// `None` for lists and objects.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Null),
            Value::Bool(flag) => Some(Self::Bool(*flag)),
            Value::Number(number) => Some(Self::Number(number.to_string())),
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Array(_) | Value::Object(_) => None,
        }
    }

    pub fn raw(&self) -> Raw<'_> {
        match self {
            Self::Null => Raw::Null,
            Self::Bool(flag) => Raw::Bool(*flag),
            Self::Number(text) => Raw::Number(text),
            Self::Text(text) => Raw::Text(text),
        }
    }
}
