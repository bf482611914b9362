//! Where a formula's slot gets its value: from a root, over references, out of a field.

use mock_sfdc_formula::{Location, Value as FormulaValue};

use super::{Row, Subject, value};
use crate::{
    schema::{FieldType, Object, ObjectIx},
    state::State,
    value::Value,
};

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    /// The record itself.
    Record,
    /// `$User`: who acts.
    User,
    /// `$Organization`: the only row of this object.
    Only(ObjectIx),
}

/// A reference to follow, to the one object that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub at: usize,
    pub to: ObjectIx,
}

/// What is read at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Id(usize),
    Field(usize, FieldType),
    /// Computed when it is read.
    Formula(usize, FieldType),
    /// The positions of latitude and longitude.
    Location(usize, usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Path {
        root: Root,
        steps: Box<[Step]>,
        /// The object that the slot belongs to.
        object: ObjectIx,
        slot: Slot,
    },
    /// `VLOOKUP`: the field of the record whose key is named.
    Lookup { object: ObjectIx, key: usize, wanted: usize, kind: FieldType },
}

impl Source {
    pub fn formula_field(&self) -> Option<(ObjectIx, usize)> {
        match self {
            Self::Path { object, slot: Slot::Formula(position, _), .. } => Some((*object, *position)),
            _ => None,
        }
    }

    pub fn read(&self, subject: &Subject<'_>) -> FormulaValue {
        let Self::Path { root, steps, object, slot } = self else { return FormulaValue::Null };
        let Some(row) = follow(*root, steps, subject) else {
            // Behind nothing there is no record, but a checkbox is unchecked all the same.
            return match slot {
                Slot::Field(_, FieldType::Boolean) | Slot::Formula(_, FieldType::Boolean) => {
                    FormulaValue::Bool(false)
                }
                _ => FormulaValue::Null,
            };
        };
        match slot {
            // A new record has no id before it is saved, whatever number is kept for it.
            Slot::Id(position) => match row {
                Row::Edit(edit) => value::to_formula(edit.get(*position), FieldType::Id),
                Row::Record(record) => FormulaValue::text(record.id().short()),
            },
            Slot::Field(position, kind) => value::to_formula(row.get(*position), *kind),
            Slot::Location(latitude, longitude) => {
                match (row.get(*latitude).as_number(), row.get(*longitude).as_number()) {
                    (Some(latitude), Some(longitude)) => {
                        FormulaValue::Location(Location { latitude, longitude })
                    }
                    _ => FormulaValue::Null,
                }
            }
            Slot::Formula(position, kind) => {
                let Some(owner) = subject.state.schema().by_index(*object) else { return FormulaValue::Null };
                value::to_formula(&computed(owner, *position, row, subject), *kind)
            }
        }
    }

    pub fn look_up(&self, state: &State, name: &str) -> FormulaValue {
        let Self::Lookup { object, key, wanted, kind } = self else { return FormulaValue::Null };
        let Some(object) = state.schema().by_index(*object) else { return FormulaValue::Null };
        let found = state.lookup(object, *key, &Value::text(name));
        found.first().map(|row| value::to_formula(row.get(*wanted), *kind)).unwrap_or_default()
    }
}

/// The value of a formula field of `row`, whatever record `subject` is about.
pub(super) fn computed(owner: &Object, position: usize, row: Row<'_>, subject: &Subject<'_>) -> Value {
    let formula = owner.field_at(position).and_then(|field| field.formula.as_ref());
    formula.map_or(Value::Null, |formula| {
        formula.evaluate(&Subject { object: owner, record: row, before: None, ..*subject })
    })
}

fn follow<'a>(root: Root, steps: &[Step], subject: &Subject<'a>) -> Option<Row<'a>> {
    let state = subject.state;
    let mut row = match root {
        Root::Record => subject.record,
        Root::User => Row::Record(state.find(subject.user)?.1),
        Root::Only(object) => Row::Record(state.table(object).rows().next()?),
    };
    for step in steps {
        let id = row.get(step.at).as_id()?;
        row = Row::Record(state.table(step.to).get(id)?);
    }
    Some(row)
}
