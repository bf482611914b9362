//! Values on their way between the org's records and the product's: reading them as text, and building a record.

use serde_json::{Map, Value};

/// Reads an org value as the product keeps it: text. Null and blank are nothing.
#[must_use]
pub fn as_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
        Value::String(text) => text.trim().to_owned(),
        // Salesforce writes every double with a point: an amount of 1200.0 is 1200 to a person.
        Value::Number(_) => {
            let text = value.to_string();
            text.strip_suffix(".0").map_or_else(|| text.clone(), ToOwned::to_owned)
        }
        Value::Bool(_) => value.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// A record to be sent, in the order in which its fields were added.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Outgoing(Map<String, Value>);

impl Outgoing {
    /// Adds a field unless the product has nothing to say for it. The first mapping of a field wins.
    pub fn put(&mut self, field: &str, value: Option<&str>) {
        let value = value.map(str::trim).filter(|text| !text.is_empty());
        if let (false, Some(value)) = (field.is_empty() || self.0.contains_key(field), value) {
            self.0.insert(field.to_owned(), Value::String(value.to_owned()));
        }
    }

    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    #[must_use]
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }

    /// What is left to send when values that the record already has must stay: fields that are blank there.
    #[must_use]
    pub fn only_blanks_of(self, current: &Map<String, Value>) -> Self {
        let blank = |field: &String| current.get(field).is_none_or(|value| as_text(value).is_none());
        Self(self.0.into_iter().filter(|(field, _)| blank(field)).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn text_of_values() {
        for (value, expected) in [
            (json!(null), None),
            (json!("  "), None),
            (json!(" a "), Some("a")),
            (json!(true), Some("true")),
            (json!(12.5), Some("12.5")),
            (json!(1200.0), Some("1200")),
            (json!(7), Some("7")),
            (json!({"city": "Bern"}), None),
        ] {
            assert_eq!(as_text(&value).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn nothing_is_not_sent_and_the_first_mapping_wins() {
        let mut record = Outgoing::default();
        record.put("Email", Some("a@x.test"));
        record.put("Email", Some("b@x.test"));
        record.put("Phone", Some(" "));
        record.put("Title", None);
        assert_eq!(Value::Object(record.into_map()), json!({"Email": "a@x.test"}));
    }

    proptest! {
        #[test]
        fn adding_information_never_changes_a_filled_field(
            ours in proptest::collection::btree_map("[A-D]", "[a-z]{1,3}", 0..4),
            theirs in proptest::collection::btree_map("[A-D]", "[ a-z]{0,3}", 0..4),
        ) {
            let mut record = Outgoing::default();
            for (field, value) in &ours {
                record.put(field, Some(value));
            }
            let current: Map<String, Value> = theirs.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
            let sent = record.only_blanks_of(&current).into_map();
            for (field, value) in &current {
                prop_assert!(as_text(value).is_none() || !sent.contains_key(field));
            }
            for field in ours.keys() {
                let blank = current.get(field).is_none_or(|value| as_text(value).is_none());
                prop_assert_eq!(blank, sent.contains_key(field));
            }
        }
    }
}
