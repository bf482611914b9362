//! What the org has already of what a file brings: queues, groups, roles and records of custom metadata are rows, and a file says
//! anew what stands in them.

use mock_sfdc_org::{
    id::Id,
    save::{DmlOptions, Draft, coerce::Raw},
    state::Transaction,
    verbs,
};
use serde_json::{Map, Value};

/// Writes values into a row.
pub fn rewrite(tx: &mut Transaction, id: Id, values: &Map<String, Value>) -> Result<(), String> {
    let Some((object, _)) = tx.state().find(id) else { return Ok(()) };
    let object = object.clone();
    let mut draft = Draft::default();
    for (name, value) in values {
        let number = value.to_string();
        let raw = match value {
            Value::Null => Raw::Null,
            Value::Bool(flag) => Raw::Bool(*flag),
            Value::String(text) => Raw::Text(text),
            _ => Raw::Number(&number),
        };
        draft.set(&object, name, raw).map_err(|error| error.into_record_error().message)?;
    }
    verbs::update(tx, &object, id, draft, &DmlOptions::seeding())
        .map(|_| ())
        .map_err(|errors| errors.first().map(|error| error.message.clone()).unwrap_or_default())
}

/// Deletes the rows of an object that belong to a row: members of a queue, the objects that it is for.
pub fn clear(tx: &mut Transaction, object: &str, field: &str, owner: Id) -> Result<(), String> {
    let Some(object) = tx.state().schema().object(object).cloned() else { return Ok(()) };
    let Some((position, _)) = object.field(field) else { return Ok(()) };
    for row in tx.state().lookup(&object, position, &owner.into()) {
        verbs::delete(tx, &object, row.id())
            .map_err(|errors| errors.first().map(|error| error.message.clone()).unwrap_or_default())?;
    }
    Ok(())
}
