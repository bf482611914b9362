//! Records as they come from Salesforce, and fields as they go to it.
//!
//! Names match without regard to case, as in Salesforce; the order and the spelling of the answer are kept. A field
//! that was not asked for and a field that is null are two different things, and stay so.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One record of an answer or an event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record(Map<String, Value>);

static NULL: Value = Value::Null;

impl Record {
    #[must_use]
    pub fn new(values: Map<String, Value>) -> Self {
        Self(values)
    }

    /// `attributes.type`: the object in its canonical spelling. Streamed records carry none.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        self.0.get("attributes")?.get("type")?.as_str()
    }

    /// The record's own id, 18 characters.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.text("Id")
    }

    /// The value at a field name or a dotted path (`Account.Name`).
    ///
    /// `None`: not part of this record. `Some(Null)`: null in the org, also when a parent on the way is null.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut map = &self.0;
        let mut names = path.split('.');
        let mut name = names.next()?;
        loop {
            let value = field(map, name)?;
            let Some(next) = names.next() else { return Some(value) };
            match value {
                Value::Null => return Some(&NULL),
                Value::Object(parent) => map = parent,
                _ => return None,
            }
            name = next;
        }
    }

    /// Whether the record says anything about this path, be it null.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.get(path).is_some()
    }

    /// Whether the org says that there is nothing at this path. False for what was not asked for.
    #[must_use]
    pub fn is_null(&self, path: &str) -> bool {
        self.get(path).is_some_and(Value::is_null)
    }

    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.get(path)?.as_str()
    }

    #[must_use]
    pub fn bool(&self, path: &str) -> Option<bool> {
        self.get(path)?.as_bool()
    }

    #[must_use]
    pub fn integer(&self, path: &str) -> Option<i64> {
        let value = self.get(path)?;
        // Salesforce writes a whole number of a double field as `100.0`.
        value.as_i64().or_else(|| whole(value.as_f64()?))
    }

    #[must_use]
    pub fn number(&self, path: &str) -> Option<f64> {
        self.get(path)?.as_f64()
    }

    /// A dateTime in any of Salesforce's three spellings: `+0000`, `Z`, `+00:00`.
    #[must_use]
    pub fn timestamp(&self, path: &str) -> Option<Timestamp> {
        timestamp(self.text(path)?)
    }

    #[must_use]
    pub fn date(&self, path: &str) -> Option<Date> {
        self.text(path)?.parse().ok()
    }

    /// The value as a person would write it into a text field: text as it is, numbers and booleans in JSON's form.
    #[must_use]
    pub fn display(&self, path: &str) -> Option<String> {
        match self.get(path)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A parent record that was selected with it.
    #[must_use]
    pub fn parent(&self, path: &str) -> Option<Record> {
        self.get(path)?.as_object().cloned().map(Record)
    }

    /// The records of a child subquery, first page; null (no children) is empty.
    #[must_use]
    pub fn children(&self, relationship: &str) -> Option<Vec<Record>> {
        match self.get(relationship)? {
            Value::Null => Some(Vec::new()),
            value => {
                let records = value.get("records")?.as_array()?;
                Some(records.iter().filter_map(|record| record.as_object().cloned().map(Record)).collect())
            }
        }
    }

    /// Where the rest of a child subquery's records is, when there is a rest.
    #[must_use]
    pub fn more_children(&self, relationship: &str) -> Option<&str> {
        self.get(relationship)?.get("nextRecordsUrl")?.as_str()
    }

    /// Names and values in the order of the answer, without `attributes`.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().filter(|(name, _)| *name != "attributes").map(|(name, value)| (name.as_str(), value))
    }

    #[must_use]
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

fn field<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    // Nearly every caller writes the name as the org does.
    map.get(name)
        .or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn whole(number: f64) -> Option<i64> {
    // Beyond 2^53 a double no longer says which whole number it is.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || number.abs() > EXACT {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and within the exact range, checked above")]
    Some(number as i64)
}

/// Reads a dateTime of the wire; `None` when it is none.
#[must_use]
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok())
}

/// Fields to write, in the order in which they were set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(Map<String, Value>);

impl Fields {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field; the same name in any case is replaced, since Salesforce refuses it twice.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        let known = self.0.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned();
        self.0.insert(known.unwrap_or_else(|| name.to_owned()), value.into());
    }

    /// Clears the field in the org.
    pub fn clear(&mut self, name: &str) {
        self.set(name, Value::Null);
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        field(&self.0, name)
    }

    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let known = self.0.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned()?;
        self.0.shift_remove(&known)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut fields = Self::new();
        for (name, value) in pairs {
            fields.set(&name.into(), value);
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> Record {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn names_match_in_any_case_and_paths_lead_through_parents() {
        let record = record(
            r#"{"attributes":{"type":"Contact"},"LastName":"L","account":{"attributes":{"type":"Account"},"Name":"Acme"}}"#,
        );
        assert_eq!(record.object(), Some("Contact"));
        assert_eq!(record.text("lastname"), Some("L"));
        assert_eq!(record.text("Account.NAME"), Some("Acme"));
        assert_eq!(record.parent("Account").unwrap().object(), Some("Account"));
        assert_eq!(record.fields().map(|(name, _)| name).collect::<Vec<_>>(), ["LastName", "account"]);
    }

    #[test]
    fn null_and_absent_are_two_things() {
        let record = record(r#"{"Phone":null,"Account":null,"Name":"x"}"#);
        for (path, has, is_null) in [
            ("Phone", true, true),
            ("Account", true, true),
            ("Account.Name", true, true),
            ("Account.Owner.Name", true, true),
            ("Fax", false, false),
            ("Owner.Name", false, false),
            ("Name.First", false, false),
            ("Name", true, false),
            ("", false, false),
        ] {
            assert_eq!((record.has(path), record.is_null(path)), (has, is_null), "{path}");
        }
    }

    #[test]
    fn values_are_read_in_all_of_salesforces_spellings() {
        let record = record(
            r#"{"a":"2026-11-21T23:57:00.250+0000","b":"2026-11-21T23:57:00.250Z","c":"2026-11-21T23:57:00.250+00:00",
                "d":"2026-11-21","n":100.0,"m":0.5,"i":7,"t":true,"x":"2026-11-21 23:57"}"#,
        );
        let at: Timestamp = "2026-11-21T23:57:00.25Z".parse().unwrap();
        for path in ["a", "b", "c"] {
            assert_eq!(record.timestamp(path), Some(at), "{path}");
        }
        assert_eq!(record.timestamp("x"), None);
        assert_eq!(record.date("d"), Some(jiff::civil::date(2026, 11, 21)));
        assert_eq!(
            (record.integer("n"), record.integer("m"), record.integer("i")),
            (Some(100), None, Some(7))
        );
        assert_eq!((record.number("m"), record.bool("t")), (Some(0.5), Some(true)));
        assert_eq!(record.display("t").as_deref(), Some("true"));
    }

    #[test]
    fn children_are_read_with_their_rest() {
        let record = record(
            r#"{"Contacts":{"totalSize":3,"done":false,"nextRecordsUrl":"/q-1","records":[{"Id":"1"},{"Id":"2"}]},"Cases":null}"#,
        );
        let ids: Vec<_> = record
            .children("contacts")
            .unwrap()
            .iter()
            .filter_map(|child| child.id().map(str::to_owned))
            .collect();
        assert_eq!(ids, ["1", "2"]);
        assert_eq!(record.more_children("Contacts"), Some("/q-1"));
        assert_eq!(record.children("Cases"), Some(Vec::new()));
        assert_eq!(record.children("Leads"), None);
    }
}
