//! Global value sets: values that several picklists share. A field keeps a copy, as describe shows it, and the name of the set.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Object, PicklistValue};

/// A set of values with a name of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GlobalValueSet {
    pub name: String,
    pub label: String,
    #[serde(with = "super::shared::list")]
    pub values: Arc<[PicklistValue]>,
}

impl GlobalValueSet {
    /// The object with these values in each of its fields that uses the set, if any does.
    pub(super) fn followed_by(&self, object: &Object) -> Option<Object> {
        let uses =
            |set: &Option<String>| set.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&self.name));
        if !object.fields.iter().any(|field| uses(&field.global_value_set)) {
            return None;
        }
        let mut object = object.clone();
        for field in object.fields.iter_mut().filter(|field| uses(&field.global_value_set)) {
            field.picklist_values = self.values.clone();
            let default = field.default_picklist_value();
            field.default_value = default.map(|value| value.value.clone().into());
            field.defaulted_on_create = field.default_value.is_some();
        }
        Some(object)
    }
}

/// A field of the object that uses the set of this name.
pub(super) fn user_in(object: &Object, set: &str) -> Option<String> {
    let uses = |known: &&str| known.eq_ignore_ascii_case(set);
    let user =
        object.fields.iter().find(|field| field.global_value_set.as_deref().as_ref().is_some_and(uses))?;
    Some(format!("{}.{}", object.name, user.name))
}
