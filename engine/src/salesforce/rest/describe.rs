//! What objects and fields an org has. Only what the engine reads; the rest of a describe is passed over.

use serde::Deserialize;

use super::answer::parse;
use super::path;
use crate::salesforce::client::{Call, Client};
use crate::salesforce::error::{Effect, Error};

/// `GET /sobjects`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DescribeGlobal {
    pub sobjects: Vec<ObjectSummary>,
}

impl DescribeGlobal {
    #[must_use]
    pub fn object(&self, name: &str) -> Option<&ObjectSummary> {
        self.sobjects.iter().find(|object| object.name.eq_ignore_ascii_case(name))
    }
}

/// An object in the list; the flags are those of the connected user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "Salesforce's own shape")]
pub struct ObjectSummary {
    pub name: String,
    pub label: String,
    pub key_prefix: Option<String>,
    pub custom: bool,
    pub createable: bool,
    pub updateable: bool,
    pub deletable: bool,
    pub queryable: bool,
}

/// `GET /sobjects/T/describe`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "Salesforce's own shape")]
pub struct Describe {
    pub name: String,
    pub label: String,
    pub key_prefix: Option<String>,
    pub createable: bool,
    pub updateable: bool,
    pub deletable: bool,
    pub queryable: bool,
    pub fields: Vec<FieldDescribe>,
    #[serde(default)]
    pub record_type_infos: Vec<RecordTypeInfo>,
}

impl Describe {
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldDescribe> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

/// A field; absent altogether when the connected user may not read it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "Salesforce's own shape")]
pub struct FieldDescribe {
    pub name: String,
    pub label: String,
    /// `string`, `picklist`, `reference` and the other words of describe.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub length: u32,
    pub nillable: bool,
    pub createable: bool,
    pub updateable: bool,
    #[serde(default)]
    pub defaulted_on_create: bool,
    #[serde(default)]
    pub calculated: bool,
    #[serde(default)]
    pub custom: bool,
    #[serde(default)]
    pub external_id: bool,
    #[serde(default)]
    pub id_lookup: bool,
    #[serde(default)]
    pub unique: bool,
    /// Under Shield Platform Encryption, or of the old encrypted type.
    #[serde(default)]
    pub encrypted: bool,
    #[serde(default)]
    pub filterable: bool,
    #[serde(default)]
    pub restricted_picklist: bool,
    #[serde(default)]
    pub picklist_values: Vec<PicklistValue>,
    #[serde(default)]
    pub reference_to: Vec<String>,
    pub relationship_name: Option<String>,
}

impl FieldDescribe {
    /// Whether a create without it is refused.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.createable && !self.nillable && !self.defaulted_on_create
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PicklistValue {
    pub value: String,
    pub label: Option<String>,
    pub active: bool,
    #[serde(default)]
    pub default_value: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordTypeInfo {
    pub name: String,
    pub record_type_id: String,
    #[serde(default)]
    pub developer_name: Option<String>,
    #[serde(default)]
    pub available: bool,
    #[serde(default)]
    pub master: bool,
    #[serde(default)]
    pub default_record_type_mapping: bool,
}

impl Client {
    pub async fn describe(&self, object: &str) -> Result<Describe, Error> {
        const OPERATION: &str = "rest.describe";
        let path = self.data_path(&format!("/sobjects/{}/describe", path::name(OPERATION, object)?));
        parse(OPERATION, Effect::Read, &self.call(&Call::get(OPERATION, path)).await?)
    }

    pub async fn describe_global(&self) -> Result<DescribeGlobal, Error> {
        const OPERATION: &str = "rest.describe_global";
        let path = self.data_path("/sobjects");
        parse(OPERATION, Effect::Read, &self.call(&Call::get(OPERATION, path)).await?)
    }
}
