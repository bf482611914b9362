//! What an administrator sets about lead conversion: the mapping of custom fields and how strictly the new records are
//! checked (`contract/behaviour.md` section 4.3, `LeadConvertSettings` and `LeadConfigSettings` of the metadata).

use serde::{Deserialize, Serialize};

use crate::schema::{FieldType, Schema};

/// `LeadConvertSettings`, in the words of Salesforce's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LeadConvertSettings {
    /// Only the conversion page asks: through the API the caller always names an owner.
    pub allow_owner_change: bool,
    /// Only the conversion page asks: through the API the caller decides.
    pub opportunity_creation_options: OpportunityCreation,
    pub object_mapping: Vec<ObjectMapping>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum OpportunityCreation {
    NotVisible,
    #[default]
    VisibleOptional,
    VisibleRequired,
}

/// Where the fields of one object go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectMapping {
    /// `Lead`.
    pub input_object: String,
    /// `Account`, `Contact` or `Opportunity`.
    pub output_object: String,
    #[serde(default)]
    pub mapping_fields: Vec<MappingField>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MappingField {
    pub input_field: String,
    pub output_field: String,
}

/// All settings of lead conversion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadConversion {
    pub settings: LeadConvertSettings,
    /// `LeadConfigSettings.shouldLeadConvertRequireValidation`: validation rules and before triggers see the records.
    pub require_validation: bool,
}

impl Default for LeadConversion {
    fn default() -> Self {
        Self { settings: LeadConvertSettings::default(), require_validation: true }
    }
}

impl LeadConvertSettings {
    /// What is wrong with the mapping in this org, if anything: where, and what.
    pub fn check(&self, schema: &Schema) -> Result<(), (String, String)> {
        for (at, mapping) in self.object_mapping.iter().enumerate() {
            let place = format!("objectMapping[{at}]");
            if !mapping.input_object.eq_ignore_ascii_case("Lead") {
                return Err((
                    format!("{place}.inputObject"),
                    "leads are converted: `Lead` expected".to_owned(),
                ));
            }
            let known = ["Account", "Contact", "Opportunity"];
            if !known.iter().any(|name| mapping.output_object.eq_ignore_ascii_case(name)) {
                let problem = format!("{:?} is none of {}", mapping.output_object, known.join(", "));
                return Err((format!("{place}.outputObject"), problem));
            }
            for (which, pair) in mapping.mapping_fields.iter().enumerate() {
                for (key, object, field) in [
                    ("inputField", "Lead", &pair.input_field),
                    ("outputField", mapping.output_object.as_str(), &pair.output_field),
                ] {
                    let found = schema.object(object).and_then(|object| object.field(field));
                    let problem = match found {
                        None => format!("{object} has no field {field}"),
                        Some((_, found)) if found.kind == FieldType::EncryptedString => {
                            format!("the encrypted field {field} can't be mapped")
                        }
                        Some(_) => continue,
                    };
                    return Err((format!("{place}.mappingFields[{which}].{key}"), problem));
                }
            }
        }
        Ok(())
    }
}
