//! Single components made, changed and taken away in an org that stands: what `createMetadata` and its like and the Tooling API do.

use mock_sfdc_org::{
    error::Error,
    removal,
    state::{State, Transaction},
    streaming,
};

use crate::{
    Component, Metadata,
    definition::{definition, listed},
    types::{MetadataType, own_name, owner_of},
};

/// What may be there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Create,
    Update,
    Upsert,
}

/// Whether the org has a component.
#[must_use]
pub fn exists(state: &State, kind: &MetadataType, full_name: &str) -> bool {
    definition(state, kind, full_name).is_some()
}

/// Saves a component whole or not at all; answers whether it is new.
pub fn save(tx: &mut Transaction, component: &Component, mode: Mode) -> Result<bool, Error> {
    let (kind, name) = (component.kind, component.full_name.as_str());
    let known = exists(tx.state(), kind, name);
    match mode {
        Mode::Create if known => return Err(Error::duplicate_component(kind.name, name)),
        Mode::Update if !known => return Err(Error::no_component(kind.name, name)),
        _ => {}
    }
    let savepoint = tx.savepoint();
    let metadata = Metadata::of_components(std::slice::from_ref(component), tx.state().schema());
    let report = metadata.apply_all(tx);
    let why = match report.not_taken.first() {
        Some(not_taken) => not_taken.said(),
        None if exists(tx.state(), kind, name) => return Ok(!known),
        None => format!("the org did not take {} {name}", kind.name),
    };
    tx.roll_back_to(savepoint);
    Err(Error::component_refused(&why))
}

/// Takes a component away.
pub fn delete(tx: &mut Transaction, kind: &'static MetadataType, full_name: &str) -> Result<(), Error> {
    if !exists(tx.state(), kind, full_name) {
        return Err(Error::no_component(kind.name, full_name));
    }
    let savepoint = tx.savepoint();
    let gone = remove(tx, kind, full_name);
    if gone.is_err() {
        tx.roll_back_to(savepoint);
    }
    gone
}

fn remove(tx: &mut Transaction, kind: &'static MetadataType, full_name: &str) -> Result<(), Error> {
    let (owner, own) = (owner_of(full_name), own_name(full_name));
    let refused = |why: String| Error::component_refused(&why);
    let object = tx.state().schema().object(owner).cloned();
    match (kind.name, object) {
        ("CustomField", _) => removal::field(tx, owner, own).map_err(refused),
        ("CustomObject", _) => removal::object(tx, full_name).map_err(refused),
        ("GlobalValueSet", _) => {
            let lesser = tx.state().schema().without_global_value_set(full_name).map_err(refused)?;
            tx.set_schema(lesser);
            Ok(())
        }
        ("ValidationRule", Some(object)) => {
            tx.rules_mut().remove_validation_rule(object.index, own);
            Ok(())
        }
        ("AutoResponseRule", Some(object)) => {
            tx.rules_mut().remove_auto_response_rule(object.index);
            Ok(())
        }
        ("DuplicateRule", _) => {
            tx.rules_mut().remove_duplicate_rule(full_name);
            Ok(())
        }
        ("MatchingRule", _) => {
            tx.rules_mut().remove_matching_rule(full_name);
            Ok(())
        }
        (_, Some(object)) if kind.file_type().name == "Workflow" && kind.parent.is_some() => {
            let list = kind.parent.map_or("rules", |(_, tag)| tag);
            removal::workflow(tx, &object, list, own).map_err(refused)
        }
        ("PlatformEventChannel", _) => {
            streaming::remove_channel(tx, full_name);
            Ok(())
        }
        ("PlatformEventChannelMember", _) => {
            streaming::remove_member(tx, full_name);
            Ok(())
        }
        // What Salesforce says of it, too.
        ("RecordType", _) => Err(refused("Cannot delete record type through API".to_owned())),
        ("Profile", _) => {
            let id = listed(tx.state(), kind, full_name).id;
            removal::profile(tx, id).map_err(refused)
        }
        ("Queue" | "Group" | "Role" | "PermissionSet" | "MutingPermissionSet" | "PermissionSetGroup", _) => {
            let id = listed(tx.state(), kind, full_name).id;
            removal::row(tx, id).map_err(refused)
        }
        (other, _) => Err(Error::not_emulated(format_args!("deleting metadata of type {other}"))),
    }
}
