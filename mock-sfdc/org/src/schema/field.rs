//! A field, with everything that describe says of it (contract/rest.md section 2, "sObject describe").

use std::sync::Arc;

use serde_json::Value;

use super::{FieldType, LookupFilter, RollUp};
use crate::{formula::RecordFormula, name::Name};

/// The SOAP type that describe names; one of those that are known.
pub type SoapType = &'static str;

/// One field of an object. Members are named after describe's keys; what describe calls `type` is `kind`.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "describe says them one by one, and so do its readers")]
pub struct Field {
    pub name: Name,
    pub label: String,
    pub kind: FieldType,
    #[serde(with = "super::soap_type")]
    pub soap_type: SoapType,
    pub length: u32,
    /// What describe gives; three bytes a character unless the definition says otherwise.
    pub byte_length: u32,
    pub precision: u8,
    pub scale: u8,
    pub digits: u8,

    pub createable: bool,
    pub updateable: bool,
    pub nillable: bool,
    pub defaulted_on_create: bool,
    pub calculated: bool,
    pub auto_number: bool,
    pub case_sensitive: bool,
    pub unique: bool,
    pub external_id: bool,
    pub id_lookup: bool,
    pub name_field: bool,
    pub custom: bool,
    pub encrypted: bool,
    /// How Shield encrypts it at rest. describe tells `encrypted` of it.
    #[serde(default)]
    pub encryption_scheme: Option<EncryptionScheme>,
    pub html_formatted: bool,
    pub permissionable: bool,
    pub deprecated_and_hidden: bool,

    pub aggregatable: bool,
    pub filterable: bool,
    pub groupable: bool,
    pub sortable: bool,
    pub query_by_distance: bool,
    pub search_prefilterable: bool,

    /// What a create gets that does not say. describe hides it where it comes of a formula.
    pub default_value: Option<Value>,
    pub default_value_formula: Option<String>,
    pub calculated_formula: Option<String>,
    /// Its formula or the one of its default value, ready to be evaluated: compiled when the field came into the schema.
    #[serde(skip)]
    pub formula: Option<RecordFormula>,
    pub formula_treat_null_number_as_zero: bool,
    /// What it sums up, if it is a roll-up summary. describe tells of it by `calculated` alone.
    #[serde(with = "super::shared::optional")]
    pub roll_up: Option<Arc<RollUp>>,
    /// How an auto-number is written, for instance `INV-{0000}`. Not told by describe.
    pub display_format: Option<String>,
    /// The first number of an auto-number; 1 where nothing is said. Not told by describe.
    pub starting_number: Option<u64>,
    /// Whether changes are to be kept in the object's history. Not told by describe.
    pub track_history: bool,

    /// Shared: some lists have hundreds of values, and several fields the same list.
    #[serde(with = "super::shared::list")]
    pub picklist_values: Arc<[PicklistValue]>,
    /// The global value set that the values are of. Not told by describe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_value_set: Option<String>,
    pub restricted_picklist: bool,
    pub dependent_picklist: bool,
    pub controller_name: Option<Name>,

    pub reference_to: Vec<Name>,
    pub relationship_name: Option<Name>,
    /// 0 or 1 on the first and second master-detail of a custom object.
    pub relationship_order: Option<u8>,
    pub reference_target_field: Option<Name>,
    pub polymorphic_foreign_key: bool,
    pub name_pointing: bool,
    pub cascade_delete: bool,
    pub restricted_delete: bool,
    pub write_requires_master_read: bool,
    pub filtered_lookup_info: Option<FilteredLookup>,
    /// Which records the lookup may point at. describe tells [`Field::filtered_lookup_info`] of it.
    #[serde(with = "super::shared::optional")]
    pub lookup_filter: Option<Arc<LookupFilter>>,
    /// What the parent's describe says of this reference. Not told by the field's own describe.
    pub child: ChildSide,

    pub compound_field_name: Option<Name>,
    pub extra_type_info: Option<String>,
    pub inline_help_text: Option<String>,
    pub mask: Option<String>,
    pub mask_type: Option<String>,
    pub display_location_in_decimal: bool,
    pub high_scale_number: bool,
    pub ai_prediction_field: bool,
}

/// Shield Platform Encryption, in metadata's words: what is read is plain, what can be asked is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum EncryptionScheme {
    /// Equal texts are stored as different ones: nothing can be asked.
    #[serde(alias = "Probabilistic")]
    ProbabilisticEncryption,
    /// Equal texts are equal: `=` and IN.
    #[serde(alias = "Deterministic")]
    CaseSensitiveDeterministicEncryption,
    CaseInsensitiveDeterministicEncryption,
}

/// A reference as its parent sees it: the row of `childRelationships` there.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChildSide {
    /// The plural that a child subquery names, for instance `Contacts`.
    pub relationship_name: Option<Name>,
    pub cascade_delete: bool,
    pub restricted_delete: bool,
    /// The parent has no row for this reference at all.
    pub absent: bool,
}

/// One value of a picklist, in the order in which describe lists them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PicklistValue {
    pub active: bool,
    pub default_value: bool,
    pub label: String,
    pub value: String,
    /// A bit set in base64: for which values of the controlling field this one may be chosen.
    pub valid_for: Option<String>,
}

/// describe's `filteredLookupInfo`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FilteredLookup {
    pub controlling_fields: Vec<Name>,
    pub dependent: bool,
    pub optional_filter: bool,
}

impl Field {
    /// Encrypts the field at rest.
    pub(super) fn encrypt(&mut self, scheme: EncryptionScheme) {
        self.encrypted = true;
        self.encryption_scheme = Some(scheme);
        self.sortable = false;
        self.aggregatable = false;
        if scheme == EncryptionScheme::ProbabilisticEncryption {
            self.filterable = false;
            self.groupable = false;
        }
        if scheme == EncryptionScheme::CaseSensitiveDeterministicEncryption {
            self.case_sensitive = true;
        }
    }

    /// A create without a value for this field is refused.
    #[must_use]
    pub const fn required_on_create(&self) -> bool {
        self.createable && !self.nillable && !self.defaulted_on_create
    }

    /// The formula that the field's value or its default is computed by. A default that is a constant needs none.
    #[must_use]
    pub fn formula_text(&self) -> Option<&str> {
        let default = self.default_value_formula.as_ref().filter(|_| self.default_value.is_none());
        self.calculated_formula.as_ref().or(default).map(String::as_str)
    }

    /// Computed whenever it is read, and never stored.
    #[must_use]
    pub const fn is_formula(&self) -> bool {
        self.calculated_formula.is_some()
    }

    /// The value that the picklist preselects.
    #[must_use]
    pub fn default_picklist_value(&self) -> Option<&PicklistValue> {
        self.picklist_values.iter().find(|value| value.active && value.default_value)
    }

    /// The active or inactive picklist entry with this API value, without regard to case.
    #[must_use]
    pub fn picklist_value(&self, text: &str) -> Option<&PicklistValue> {
        self.picklist_values.iter().find(|value| value.value.eq_ignore_ascii_case(text))
    }

    /// May the field point to a record of this object?
    #[must_use]
    pub fn refers_to(&self, object: &str) -> bool {
        self.reference_to.iter().any(|name| name.is(object))
    }
}
