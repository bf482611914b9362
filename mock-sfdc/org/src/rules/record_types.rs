//! Record types: which picklist values a record of a kind may have, and which kinds a profile may use
//! (`contract/errors.md` section 4, metadata's `RecordType` and `recordTypeVisibilities`).

use std::sync::Arc;

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use crate::{
    id::Id,
    save::{DmlOptions, Draft, coerce::Raw},
    schema::Object,
    state::{State, Transaction},
    verbs,
};

/// A record type, in metadata's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordType {
    /// Object and developer name: `Lead.Partner`.
    pub full_name: String,
    #[serde(default = "yes")]
    pub active: bool,
    pub label: Option<String>,
    pub description: Option<String>,
    pub business_process: Option<String>,
    pub compact_layout_assignment: Option<String>,
    #[serde(default)]
    pub picklist_values: Vec<RecordTypePicklist>,
}

/// The values that one picklist offers in records of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordTypePicklist {
    pub picklist: String,
    #[serde(default)]
    pub values: Vec<RecordTypeValue>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordTypeValue {
    pub full_name: String,
    #[serde(default)]
    pub default: bool,
}

/// What a profile says of a record type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordTypeVisibility {
    /// `Lead.Partner`.
    pub record_type: String,
    #[serde(default = "yes")]
    pub visible: bool,
    #[serde(default)]
    pub default: bool,
    #[serde(default)]
    pub person_account_default: bool,
}

fn yes() -> bool {
    true
}

impl RecordType {
    /// The object of `Lead.Partner`; empty where the name has no dot. Metadata calls accounts of people `PersonAccount`.
    #[must_use]
    pub fn object(&self) -> &str {
        let object = self.full_name.split_once('.').map_or("", |(object, _)| object);
        if self.is_person() { "Account" } else { object }
    }

    /// Whether accounts of this type are people.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.full_name.starts_with("PersonAccount.")
    }

    #[must_use]
    pub fn developer_name(&self) -> &str {
        self.full_name.split_once('.').map_or(self.full_name.as_str(), |(_, name)| name)
    }

    /// The values of a picklist, where the type says anything of it.
    #[must_use]
    pub fn values_of(&self, picklist: &str) -> Option<&[RecordTypeValue]> {
        let found = self.picklist_values.iter().find(|one| one.picklist.eq_ignore_ascii_case(picklist))?;
        Some(&found.values)
    }
}

/// All record types of an org, by the id of their row, and what profiles say of them.
#[derive(Clone, Debug, Default)]
pub struct RecordTypes {
    types: OrdMap<Id, Arc<RecordType>>,
    /// By profile.
    visibilities: OrdMap<Id, Arc<Vec<RecordTypeVisibility>>>,
}

/// All of it in a form that can be written down.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RecordTypesImage {
    types: Vec<(Id, RecordType)>,
    visibilities: Vec<(Id, Vec<RecordTypeVisibility>)>,
}

impl From<&RecordTypes> for RecordTypesImage {
    fn from(all: &RecordTypes) -> Self {
        Self {
            types: all.types.iter().map(|(id, one)| (*id, RecordType::clone(one))).collect(),
            visibilities: all.visibilities.iter().map(|(id, rows)| (*id, Vec::clone(rows))).collect(),
        }
    }
}

impl From<RecordTypesImage> for RecordTypes {
    fn from(image: RecordTypesImage) -> Self {
        Self {
            types: image.types.into_iter().map(|(id, one)| (id, Arc::new(one))).collect(),
            visibilities: image.visibilities.into_iter().map(|(id, rows)| (id, Arc::new(rows))).collect(),
        }
    }
}

impl RecordTypes {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    #[must_use]
    pub fn get(&self, id: Id) -> Option<&RecordType> {
        self.types.get(&id).map(Arc::as_ref)
    }

    /// The id of the type with this name, `Lead.Partner`.
    #[must_use]
    pub fn find(&self, full_name: &str) -> Option<Id> {
        let found = self.types.iter().find(|(_, one)| one.full_name.eq_ignore_ascii_case(full_name));
        found.map(|(id, _)| *id)
    }

    /// The types of an object, in the order in which they were made.
    pub fn of<'a>(&'a self, object: &'a Object) -> impl Iterator<Item = (Id, &'a RecordType)> {
        self.types.iter().filter(|(_, one)| object.name.is(one.object())).map(|(id, one)| (*id, &**one))
    }

    /// Sets what a profile says; of a profile that says nothing of an object, users may use every active type of it.
    pub fn set_visibilities(&mut self, profile: Id, rows: Vec<RecordTypeVisibility>) {
        self.visibilities.insert(profile, Arc::new(rows));
    }

    pub(crate) fn forget(&mut self, object: &Object) {
        let own = self.of(object).map(|(id, _)| id).collect::<Vec<_>>();
        for id in own {
            self.types.remove(&id);
        }
    }

    /// What a profile says, of all objects.
    #[must_use]
    pub fn visibilities(&self, profile: Id) -> &[RecordTypeVisibility] {
        self.visibilities.get(&profile).map_or(&[], |rows| rows.as_slice())
    }

    fn said(&self, profile: Option<Id>, object: &Object) -> Vec<&RecordTypeVisibility> {
        let rows = profile.and_then(|profile| self.visibilities.get(&profile));
        let here = |row: &&RecordTypeVisibility| {
            row.record_type.split_once('.').is_some_and(|(name, _)| {
                object.name.is(name) || (name == "PersonAccount" && object.name.is("Account"))
            })
        };
        rows.map(|rows| rows.iter().filter(here).collect()).unwrap_or_default()
    }

    /// Whether users of a profile may give records this type.
    #[must_use]
    pub fn may_use(&self, profile: Option<Id>, object: &Object, id: Id) -> bool {
        let Some(wanted) = self.get(id).filter(|one| one.active && object.name.is(one.object())) else {
            return false;
        };
        let said = self.said(profile, object);
        said.is_empty()
            || said.iter().any(|row| row.visible && row.record_type.eq_ignore_ascii_case(&wanted.full_name))
    }

    /// The type of a new account that is a person.
    #[must_use]
    pub fn person_default(&self, profile: Option<Id>, object: &Object) -> Option<Id> {
        let said = self.said(profile, object);
        let row = said.iter().find(|row| row.person_account_default && row.visible);
        let first = || {
            let mut people = self.of(object).filter(|(_, one)| one.active && one.is_person());
            people.find(|(id, _)| self.may_use(profile, object, *id)).map(|(id, _)| id)
        };
        row.and_then(|row| self.find(&row.record_type)).or_else(first)
    }

    /// The type that a new record of these users has unless they choose one; none is the master type.
    #[must_use]
    pub fn default_for(&self, profile: Option<Id>, object: &Object) -> Option<Id> {
        let said = self.said(profile, object);
        let row = said.iter().find(|row| row.default && row.visible)?;
        self.find(&row.record_type)
    }
}

/// The profile of a user.
#[must_use]
pub fn profile_of(state: &State, user: Id) -> Option<Id> {
    let (object, record) = state.find(user)?;
    record.get(object.field("ProfileId")?.0).as_id()
}

/// Makes a record type: its row, its field on the object, and what describe tells. Answers the id of the row.
pub fn install(tx: &mut Transaction, record_type: RecordType) -> Result<Id, String> {
    let schema = tx.state().schema().clone();
    let object = schema
        .object(record_type.object())
        .ok_or_else(|| format!("`{}` names no object; `Lead.Partner` expected", record_type.full_name))?;
    for picklist in &record_type.picklist_values {
        check_values(object, picklist)?;
    }
    let rows = schema.object("RecordType").cloned().ok_or("the org has no RecordType")?;
    let (object_name, name) = (object.name.to_string(), record_type.developer_name().to_owned());
    let label = record_type.label.clone().unwrap_or_else(|| name.replace('_', " "));
    let mut draft = Draft::default();
    let description = record_type.description.clone().unwrap_or_default();
    if record_type.is_person() {
        let person = draft.set(&rows, "IsPersonType", Raw::Bool(true));
        person.map_err(|_| {
            "the org has no person accounts: `features` of the organization name them".to_owned()
        })?;
    }
    for (field, raw) in [
        ("Name", Raw::Text(&label)),
        ("DeveloperName", Raw::Text(&name)),
        ("SobjectType", Raw::Text(&object_name)),
        ("IsActive", Raw::Bool(record_type.active)),
        ("Description", Raw::Text(&description)),
    ] {
        draft.set(&rows, field, raw).map_err(|error| error.into_record_error().message)?;
    }
    let known = tx.state().rules().record_types().find(&record_type.full_name);
    let saved = match known {
        Some(id) => verbs::update(tx, &rows, id, draft, &DmlOptions::seeding()),
        None => verbs::create(tx, &rows, draft, &DmlOptions::seeding()),
    };
    let id = saved.map_err(|errors| errors.first().map(|error| error.message.clone()).unwrap_or_default())?;
    tx.set_schema(schema.with_record_type(&object_name, &id.to_string(), &label, &name, record_type.active));
    tx.rules_mut().record_types_mut().types.insert(id, Arc::new(record_type));
    Ok(id)
}

fn check_values(object: &Object, picklist: &RecordTypePicklist) -> Result<(), String> {
    let Some((_, field)) = object.field(&picklist.picklist).filter(|(_, field)| field.kind.is_picklist())
    else {
        return Err(format!("{} has no picklist {}", object.name, picklist.picklist));
    };
    let unknown = picklist.values.iter().find(|value| {
        // Metadata writes some values in percent encoding; those are compared as they are stored.
        !value.full_name.contains('%') && field.picklist_value(&value.full_name).is_none()
    });
    match unknown {
        Some(value) if field.restricted_picklist => {
            Err(format!("{}.{} has no value {}", object.name, field.name, value.full_name))
        }
        _ => Ok(()),
    }
}
