//! What a save leaves behind about itself: rows of `<Object>History` for fields whose history is tracked, and of
//! `OpportunityHistory` for each stage, amount and date that an opportunity has had.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use imbl::OrdMap;

use super::{Save, SaveKind, beside};
use crate::{
    schema::{Companion, Field, FieldType, Object},
    state::State,
    value::Value,
};

/// Fields whose history is tracked, by object; both in lower case.
#[derive(Clone, Debug, Default)]
pub struct HistoryTracking(OrdMap<String, Arc<BTreeSet<String>>>);

impl HistoryTracking {
    /// Tracks a field from now on. An object without a history of its own, or a field that has none, is refused.
    pub fn track(&mut self, state: &State, object: &str, field: &str) -> Result<(), String> {
        let schema = state.schema();
        let known = schema.object(object).ok_or_else(|| format!("the org has no object {object}"))?;
        if schema.object(&Companion::History.name_for(known.name.as_str())).is_none() {
            return Err(format!("{} keeps no history of fields", known.name));
        }
        let (_, field) = known.field(field).ok_or_else(|| format!("{} has no field {field}", known.name))?;
        if field.calculated || field.auto_number || field.kind.is_compound() {
            return Err(format!("the history of {}.{} cannot be tracked", known.name, field.name));
        }
        let fields = self.0.entry(known.name.as_str().to_lowercase()).or_default();
        Arc::make_mut(fields).insert(field.name.as_str().to_lowercase());
        Ok(())
    }

    pub(crate) fn forget(&mut self, object: &str) {
        self.0.remove(&object.to_lowercase());
    }

    /// The fields by their objects, to be written down.
    pub(crate) fn image(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.0.iter().map(|(object, fields)| (object.clone(), BTreeSet::clone(fields))).collect()
    }

    pub(crate) fn of_image(image: BTreeMap<String, BTreeSet<String>>) -> Self {
        Self(image.into_iter().map(|(object, fields)| (object, Arc::new(fields))).collect())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether changes of a field leave rows.
    #[must_use]
    pub fn tracks(&self, object: &Object, field: &Field) -> bool {
        let fields = self.0.get(&object.name.as_str().to_lowercase());
        fields.is_some_and(|fields| fields.contains(&field.name.as_str().to_lowercase()))
    }

    fn of(&self, object: &Object) -> Option<Arc<BTreeSet<String>>> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&object.name.as_str().to_lowercase()).cloned()
    }
}

pub(super) fn write(save: &mut Save<'_>) {
    let id = save.edit.id();
    // A save within a save of the same record is told by the outer one.
    if save.tx.saving().iter().filter(|saving| **saving == id).count() > 1 {
        return;
    }
    if save.is("Opportunity") {
        opportunity(save);
    }
    if save.options.seeding {
        return;
    }
    if let Some(tracked) = save.tx.state().rules().history().of(&save.object) {
        fields(save, &tracked);
    }
}

fn fields(save: &mut Save<'_>, tracked: &BTreeSet<String>) {
    let object = save.object.clone();
    let name = Companion::History.name_for(object.name.as_str());
    let Some(rows) = save.tx.state().schema().object(&name).cloned() else { return };
    let parent = if object.custom { "ParentId".to_owned() } else { format!("{}Id", object.name) };
    let mut changes: Vec<(String, Value, Value)> = Vec::new();
    match &save.before {
        None => changes.push(("created".to_owned(), Value::Null, Value::Null)),
        Some(before) => {
            for (position, field) in object.fields.iter().enumerate() {
                let (old, new) = (before.get(position), save.edit.get(position));
                if old == new || !tracked.contains(&field.name.as_str().to_lowercase()) {
                    continue;
                }
                let called = called(field);
                if field.kind == FieldType::Reference {
                    // A lookup leaves two rows: the names, then the ids.
                    let state = save.tx.state();
                    changes.push((called.clone(), name_of(state, old), name_of(state, new)));
                }
                let long = field.kind == FieldType::Textarea && field.length > 255;
                let (old, new) = if long { (Value::Null, Value::Null) } else { (old.clone(), new.clone()) };
                changes.push((called, old, new));
            }
        }
    }
    let id = save.edit.id();
    if !changes.is_empty() {
        save.store();
    }
    for (field, old, new) in changes {
        let values = vec![
            (parent.as_str(), id.into()),
            ("Field", Value::text(field.as_str())),
            ("OldValue", old),
            ("NewValue", new),
        ];
        beside::insert(save.tx, &rows, values);
    }
}

/// Standard lookups are told by the name of what they lead to: `Owner`, `Account`.
fn called(field: &Field) -> String {
    match &field.relationship_name {
        Some(relationship) if !field.custom => relationship.to_string(),
        _ => field.name.to_string(),
    }
}

fn name_of(state: &State, reference: &Value) -> Value {
    let found = reference.as_id().and_then(|id| state.find(id));
    found.and_then(|(object, record)| Some(record.get(object.name_field()?.0).clone())).unwrap_or_default()
}

/// What an opportunity's history copies, and whether a change of it makes a row.
const STAGE_FIELDS: [(&str, bool); 6] = [
    ("StageName", true),
    ("Amount", true),
    ("CloseDate", true),
    ("Probability", true),
    ("ForecastCategory", true),
    ("ExpectedRevenue", false),
];

fn opportunity(save: &mut Save<'_>) {
    let changed = save.kind == SaveKind::Insert
        || STAGE_FIELDS.iter().any(|(field, tells)| *tells && save.is_changed(field));
    if !changed {
        return;
    }
    let Some(rows) = save.tx.state().schema().object("OpportunityHistory").cloned() else { return };
    save.store();
    let mut values: Vec<(&str, Value)> = vec![("OpportunityId", save.edit.id().into())];
    values.extend(STAGE_FIELDS.iter().map(|(field, _)| (*field, save.value(field).clone())));
    beside::insert(save.tx, &rows, values);
}
