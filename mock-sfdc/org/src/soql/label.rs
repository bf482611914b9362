//! `toLabel`: the values of a picklist as people read them.

use std::sync::Arc;

use super::expr::Fetched;
use crate::{
    schema::{Field, FieldType},
    value::Value,
};

/// Values with their labels. What the list does not have is its own label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    pairs: Arc<[(String, String)]>,
    /// Several values in one text, as multi-select picklists hold them.
    many: bool,
}

impl Labels {
    /// None for a field that has no labels: `toLabel` does not take it.
    pub fn of(field: &Field) -> Option<Self> {
        let picklist =
            matches!(field.kind, FieldType::Picklist | FieldType::Multipicklist | FieldType::Combobox);
        if !picklist && field.picklist_values.is_empty() {
            return None;
        }
        let pairs = field.picklist_values.iter().map(|value| (value.value.clone(), value.label.clone()));
        Some(Self { pairs: pairs.collect(), many: field.kind == FieldType::Multipicklist })
    }

    /// For names that translators may give another text to, and none has: they are shown as they are.
    pub fn none() -> Self {
        Self { pairs: Arc::new([]), many: false }
    }

    pub fn label(&self, value: Fetched<'_>) -> Value {
        let Some(text) = value.text() else { return Value::Null };
        if !self.many {
            return Value::text(self.one(text));
        }
        let labels: Vec<&str> = text.split(';').map(|part| self.one(part)).collect();
        Value::text(labels.join(";"))
    }

    fn one<'t>(&'t self, text: &'t str) -> &'t str {
        let pair = self.pairs.iter().find(|(value, _)| value.eq_ignore_ascii_case(text));
        pair.map_or(text, |(_, label)| label)
    }
}
