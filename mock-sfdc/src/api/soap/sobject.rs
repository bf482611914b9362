//! An `sObject` of a request: its type, its id, its fields, and those that are to be empty (`contract/soap.md` section 3).

use std::sync::Arc;

use mock_sfdc_org::{
    error::Error,
    id::Id,
    save::{Draft, coerce::Raw},
    schema::{Object, Schema},
    verbs::Errors,
};

use super::envelope::Element;

/// The values of an sObject, without its type and id.
pub fn draft(object: &Object, element: &Element) -> Result<Draft, Errors> {
    let mut draft = Draft::default();
    for child in &element.children {
        let set = match child.name.as_str() {
            "type" | "Id" => continue,
            "fieldsToNull" => draft.set(object, child.text.trim(), Raw::Null),
            name if !child.children.is_empty() => {
                return Err(vec![Error::not_emulated(format_args!(
                    "a parent by external id in SOAP ({name})"
                ))]);
            }
            name if child.nil || child.text.is_empty() => draft.set(object, name, Raw::Null),
            name => draft.set(object, name, Raw::Text(&child.text)),
        };
        set.map_err(|error| vec![error.into_record_error()])?;
    }
    Ok(draft)
}

/// The object that `type` names.
pub fn object(schema: &Schema, element: &Element) -> Result<Arc<Object>, Errors> {
    let name = element.said("type").unwrap_or_default();
    schema.object(name).cloned().ok_or_else(|| vec![Error::unknown_object(name)])
}

/// The id of the child of this name, if it says one.
pub fn id(element: &Element, name: &str) -> Result<Option<Id>, Errors> {
    let Some(text) = element.said(name) else { return Ok(None) };
    Id::parse(text).map(Some).ok_or_else(|| vec![Error::malformed_record_id(text)])
}
