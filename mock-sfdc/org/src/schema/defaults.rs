//! What describe says of a field of a given type unless its definition says otherwise, as one table.
//! Read off the recorded describes: the definitions in `org/schema/` write only what differs from it.

use std::sync::Arc;

use serde_json::Value;

use super::{ChildSide, Field, FieldType};
use crate::name::Name;

impl Field {
    /// A standard field with everything that its type implies.
    #[must_use]
    pub fn new(name: &str, kind: FieldType) -> Self {
        let mut field = blank(name, kind);
        field.apply_type();
        field
    }

    #[rustfmt::skip]
    fn apply_type(&mut self) {
        use FieldType as T;
        match self.kind {
            T::Id => { self.length = 18; self.system(); self.defaulted_on_create = true; self.id_lookup = true; }
            T::Reference => self.length = 18,
            T::String | T::Picklist | T::Url | T::DataCategoryGroupReference => self.length = 255,
            T::Combobox => { self.length = 255; self.groupable = false; }
            T::Multipicklist => { self.length = 4099; self.aggregatable = false; self.groupable = false; self.sortable = false; }
            T::Textarea => { self.length = 255; self.extra_type_info = Some("plaintextarea".into()); }
            T::Phone => self.length = 40,
            T::Email => self.length = 80,
            T::EncryptedString => { self.length = 175; self.unsearchable(); }
            T::Boolean => {
                self.nillable = false; self.defaulted_on_create = true; self.aggregatable = false;
                self.default_value = Some(Value::Bool(false));
            }
            T::Int => self.digits = 9,
            T::Long => self.digits = 18,
            T::Currency => { self.precision = 18; self.scale = 2; self.groupable = false; }
            T::Double | T::Percent => { self.precision = 18; self.groupable = false; }
            T::Date => {}
            T::Datetime | T::Time => self.groupable = false,
            T::Address | T::Location => {
                self.createable = false; self.updateable = false; self.query_by_distance = true;
                self.aggregatable = false; self.groupable = false; self.sortable = false;
            }
            T::Base64 | T::AnyType | T::Json | T::ComplexValue | T::FloatArray | T::TextArray => self.unsearchable(),
        }
    }

    /// A text area longer than a column: kept apart by Salesforce, and neither filtered nor grouped.
    pub(super) fn apply_length(&mut self) {
        if self.kind == FieldType::Textarea && self.length > 255 {
            self.unsearchable();
        }
        let bytes = if self.kind.is_id() || self.kind == FieldType::Multipicklist { 1 } else { 3 };
        self.byte_length = self.length.saturating_mul(bytes);
    }

    /// The fields that most objects have, and that mean the same in each.
    #[rustfmt::skip]
    pub(super) fn well_known(name: &str, object: &str, object_label: &str) -> Option<Self> {
        use FieldType as T;
        let (kind, label) = match name {
            "Id" => (T::Id, format!("{object_label} ID")),
            "IsDeleted" => (T::Boolean, "Deleted".to_owned()),
            "CreatedDate" | "LastModifiedDate" | "SystemModstamp" | "LastViewedDate" | "LastReferencedDate" =>
                (T::Datetime, label_from(name)),
            "CreatedById" | "LastModifiedById" | "OwnerId" | "MasterRecordId" => (T::Reference, label_from(name)),
            "LastActivityDate" => (T::Date, "Last Activity".to_owned()),
            _ => return None,
        };
        let mut field = Self::new(name, kind);
        field.label = label;
        field.permissionable = false;
        if kind == T::Reference {
            field.relationship_name = Some(Name::new(name.trim_end_matches("Id")));
            field.reference_to = vec![Name::new(if name == "MasterRecordId" { object } else { "User" })];
        }
        match name {
            "OwnerId" => { field.nillable = false; field.defaulted_on_create = true; }
            "MasterRecordId" => {
                field.createable = false; field.updateable = false; field.child.absent = true;
            }
            "LastActivityDate" | "LastViewedDate" | "LastReferencedDate" | "IsDeleted" => {
                field.createable = false; field.updateable = false;
            }
            "Id" => {}
            _ => { field.system(); field.defaulted_on_create = true; }
        }
        Some(field)
    }

    fn system(&mut self) {
        self.createable = false;
        self.updateable = false;
        self.nillable = false;
        self.permissionable = false;
    }

    fn unsearchable(&mut self) {
        self.aggregatable = false;
        self.filterable = false;
        self.groupable = false;
        self.sortable = false;
    }
}

fn blank(name: &str, kind: FieldType) -> Field {
    Field {
        name: Name::new(name),
        label: label_from(name),
        kind,
        soap_type: kind.soap_type(),
        length: 0,
        byte_length: 0,
        precision: 0,
        scale: 0,
        digits: 0,
        createable: true,
        updateable: true,
        nillable: true,
        defaulted_on_create: false,
        calculated: false,
        auto_number: false,
        case_sensitive: false,
        unique: false,
        external_id: false,
        id_lookup: false,
        name_field: false,
        custom: false,
        encrypted: false,
        encryption_scheme: None,
        html_formatted: false,
        permissionable: true,
        deprecated_and_hidden: false,
        aggregatable: true,
        filterable: true,
        groupable: true,
        sortable: true,
        query_by_distance: false,
        search_prefilterable: false,
        default_value: None,
        default_value_formula: None,
        calculated_formula: None,
        formula: None,
        formula_treat_null_number_as_zero: false,
        roll_up: None,
        display_format: None,
        global_value_set: None,
        starting_number: None,
        track_history: false,
        picklist_values: Arc::default(),
        restricted_picklist: false,
        dependent_picklist: false,
        controller_name: None,
        reference_to: Vec::new(),
        relationship_name: None,
        relationship_order: None,
        reference_target_field: None,
        polymorphic_foreign_key: false,
        name_pointing: false,
        cascade_delete: false,
        restricted_delete: false,
        write_requires_master_read: false,
        filtered_lookup_info: None,
        lookup_filter: None,
        child: ChildSide::default(),
        compound_field_name: None,
        extra_type_info: None,
        inline_help_text: None,
        mask: None,
        mask_type: None,
        display_location_in_decimal: false,
        high_scale_number: false,
        ai_prediction_field: false,
    }
}

/// A label as Salesforce makes it from an API name: `AccountId` is "Account ID".
/// The preferences and permissions drop the word that all of them begin with.
pub(super) fn label_from(name: &str) -> String {
    if let Some(preference) = name.strip_prefix("UserPreferences") {
        return preference.to_owned();
    }
    let bare =
        name.trim_end_matches("__c").strip_prefix("Permissions").unwrap_or(name.trim_end_matches("__c"));
    let mut label = String::with_capacity(bare.len() + 6);
    let mut before = 'A';
    for letter in bare.chars() {
        if letter == '_' {
            label.push(' ');
        } else {
            if letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
                label.push(' ');
            }
            label.push(letter);
        }
        before = letter;
    }
    if label.ends_with(" Id") {
        label.truncate(label.len() - 1);
        label.push('D');
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_names() {
        for (name, label) in [
            ("AccountId", "Account ID"),
            ("LastCURequestDate", "Last CURequest Date"),
            ("NumberOfEmployees", "Number Of Employees"),
            ("Referral_Code__c", "Referral Code"),
            ("UserPreferencesReminderSoundOff", "ReminderSoundOff"),
            ("PermissionsApiEnabled", "Api Enabled"),
        ] {
            assert_eq!(label_from(name), label);
        }
    }
}
