//! What files and notes hang on: every custom object too, from when an org has it until it goes.

use super::Object;

/// The lookups of Salesforce's own objects that lead to custom objects by themselves.
const LOOKUPS: &[(&str, &str)] =
    &[("Attachment", "ParentId"), ("ContentDocumentLink", "LinkedEntityId"), ("Note", "ParentId")];

/// Those that lead to this object.
pub(super) fn lookups(object: &Object) -> &'static [(&'static str, &'static str)] {
    let attachable = object.custom && !object.custom_setting && object.name.as_str().ends_with("__c");
    if attachable { LOOKUPS } else { &[] }
}

/// `child` with a lookup that leads to `object` too; nothing where it does already.
pub(super) fn attached(child: &Object, lookup: &str, object: &Object) -> Option<Object> {
    let at = child.fields.iter().position(|field| field.name == *lookup)?;
    if child.fields[at].reference_to.contains(&object.name) {
        return None;
    }
    let mut child = child.clone();
    child.fields[at].reference_to.push(object.name.clone());
    Some(child)
}

/// `child` without that.
pub(super) fn detach(child: &mut Object, object: &Object) {
    for field in child.fields.iter_mut().filter(|field| !field.custom) {
        field.reference_to.retain(|name| *name != object.name);
    }
}
