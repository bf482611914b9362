//! The fields of a record as comparisons read them: by name, a parent's through a path, blanks as none.

use crate::{
    schema::Object,
    state::{Edit, Record, State},
    value::Value,
};

/// A record that is being saved, or a stored one.
#[derive(Clone, Copy)]
pub(super) enum Row<'a> {
    Saved(&'a Edit),
    Stored(&'a Record),
}

impl Row<'_> {
    fn get(&self, position: usize) -> &Value {
        match self {
            Self::Saved(edit) => edit.get(position),
            Self::Stored(record) => record.get(position),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub state: &'a State,
    pub object: &'a Object,
    pub row: Row<'a>,
}

impl Subject<'_> {
    /// The text of `Email`, or of `Account.Name`.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        match path.split_once('.') {
            None => {
                let (position, _) = self.object.field(path)?;
                written(self.row.get(position))
            }
            Some((relationship, field)) => {
                let (position, _) = self.object.parent_relationship(relationship)?;
                let (parent, record) = self.state.find(self.row.get(position).as_id()?)?;
                written(record.get(parent.field(field)?.0))
            }
        }
    }
}

fn written(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null | Value::Blob(_) => return None,
        Value::Text(text) => text.to_string(),
        Value::Id(id) => id.to_string(),
        Value::Number(number) => number.normalize().to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Date(date) => date.to_string(),
        Value::DateTime(at) => at.to_rest(),
        Value::Time(time) => crate::value::time_text(*time),
    };
    Some(text).filter(|text| !text.trim().is_empty())
}
