//! An `sObject` of a request: its type, its id, its fields, and those that are to be empty (`contract/soap.md` section 3).

use std::{collections::BTreeMap, sync::Arc};

use mock_sfdc_org::{
    error::Error,
    id::Id,
    save::{Draft, coerce::Raw},
    schema::{Object, Schema},
    verbs::Errors,
};

use super::envelope::Element;

/// The values of an sObject, without its type and id.
pub fn draft(schema: &Schema, object: &Object, element: &Element) -> Result<Draft, Error> {
    said_once(element)?;
    let mut draft = Draft::default();
    for child in &element.children {
        let name = child.name.as_str();
        let set = match name {
            _ if name == "type" || name.eq_ignore_ascii_case("Id") => continue,
            "fieldsToNull" if child.is_empty() => continue,
            "fieldsToNull" => draft.set(object, child.text.trim(), Raw::Null),
            _ if !child.children.is_empty() => {
                parent(schema, object, &mut draft, child)?;
                continue;
            }
            // A parent record as an answer of a query had it, null.
            _ if child.nil && object.parent_relationship(name).is_some() && object.field(name).is_none() => {
                continue;
            }
            _ if child.nil || child.text.is_empty() => draft.set(object, name, Raw::Null),
            _ => draft.set(object, name, Raw::Text(text(object, child))),
        };
        set.map_err(mock_sfdc_org::save::DraftError::into_record_error)?;
    }
    Ok(draft)
}

/// White space is part of a text, and of nothing else.
fn text<'a>(object: &Object, element: &'a Element) -> &'a str {
    let is_text = object.field(&element.name).is_none_or(|(_, field)| field.kind.is_text());
    if is_text { &element.text } else { element.text.trim() }
}

/// Each element at most once, but for one that says the same again, as the id of a queried record does; and no field that is to have
/// a value and to be null.
fn said_once(element: &Element) -> Result<(), Error> {
    let mut said: BTreeMap<String, &Element> = BTreeMap::new();
    let of_null = |child: &&Element| child.name == "fieldsToNull";
    for child in element.children.iter().filter(|child| !of_null(child)) {
        let before = said.insert(child.name.to_ascii_lowercase(), child);
        if before.is_some_and(|before| {
            (before.nil, &before.text, &before.children) != (child.nil, &child.text, &child.children)
        }) {
            return Err(Error::field_twice(&child.name));
        }
    }
    for child in element.children.iter().filter(of_null) {
        let name = child.text.trim();
        if said.get(&name.to_ascii_lowercase()).is_some_and(|valued| !valued.is_empty()) {
            return Err(Error::field_twice(name));
        }
    }
    Ok(())
}

/// `<Account><type>Account</type><Number__c>7</Number__c></Account>`: the parent by a field of its own.
fn parent(schema: &Schema, object: &Object, draft: &mut Draft, element: &Element) -> Result<(), Error> {
    let is_key = |child: &&Element| child.name != "type" && !child.is_empty();
    let mut keys = element.children.iter().filter(is_key);
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return Err(Error::parent_needs_one_key(&element.name));
    };
    let value = (key.name.as_str(), Raw::Text(&key.text));
    draft
        .set_parent(schema, object, &element.name, element.record_type(), value)
        .map_err(mock_sfdc_org::save::DraftError::into_record_error)
}

/// The object that a record is of.
pub fn object(schema: &Schema, element: &Element) -> Result<Arc<Object>, Error> {
    let name = element.record_type().ok_or_else(Error::no_concrete_type)?;
    schema.object(name).cloned().ok_or_else(|| Error::unknown_object(name))
}

/// The id of the child of this name, if it says one.
pub fn id(element: &Element, name: &str) -> Result<Option<Id>, Errors> {
    let child =
        element.children.iter().find(|child| child.name.eq_ignore_ascii_case(name) && !child.is_empty());
    let Some(text) = child.map(|child| child.text.trim()) else { return Ok(None) };
    Id::parse(text).map(Some).ok_or_else(|| vec![Error::malformed_record_id(text)])
}
