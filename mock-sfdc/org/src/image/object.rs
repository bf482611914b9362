//! Objects in JSON: those that differ from Salesforce's own. Its own follow the version of the mock, not the file.

use std::sync::Arc;

use crate::schema::{Object, Schema};

/// Name and text of each object that somebody has added or changed, in the order of the schema.
pub(super) fn write(schema: &Schema) -> Vec<(String, String)> {
    let standard = Schema::standard();
    schema
        .objects()
        .filter_map(|object| {
            let known = standard.object(object.name.as_str());
            if known.is_some_and(|known| Arc::ptr_eq(known, object)) {
                return None;
            }
            let text = text(object)?;
            let own = known.and_then(self::text);
            (own.as_ref() != Some(&text)).then(|| (object.name.as_str().to_owned(), text))
        })
        .collect()
}

/// The place in the schema is no property of the object.
fn text(object: &Arc<Object>) -> Option<String> {
    serde_json::to_string(object.as_ref()).ok()
}

/// Salesforce's own objects and these, which come in the order in which they were made.
pub(super) fn read(namespace: Option<&str>, mut objects: Vec<Object>) -> Result<Schema, String> {
    objects.sort_by_key(|object| object.index);
    let standard = Schema::standard();
    let schema = namespace.map_or_else(|| standard.clone(), |name| standard.with_namespace(name));
    schema.with_stored(objects)
}
