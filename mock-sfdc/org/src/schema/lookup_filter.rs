//! What an administrator asks of the record that a lookup points at, in the words of Salesforce's metadata (`LookupFilter`).

use serde::{Deserialize, Serialize};

use super::FilteredLookup;
use crate::{
    name::Name,
    rules::criteria::{FilterLogic, FilterOperation},
};

/// The filter of one lookup field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LookupFilter {
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boolean_filter: Option<FilterLogic>,
    /// What a refused save says; Salesforce's own text where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    pub filter_items: Vec<LookupFilterItem>,
    /// A hint on the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info_message: Option<String>,
    /// People may pick another record all the same.
    #[serde(default)]
    pub is_optional: bool,
}

/// One line: a field of the record that is looked up (`Contact.AccountId`), of the record itself (`$Source.AccountId`) or of
/// who saves (`$User.Email`), against a text or against another such field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LookupFilterItem {
    pub field: String,
    pub operation: FilterOperation,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_field: Option<String>,
}

fn yes() -> bool {
    true
}

impl LookupFilter {
    /// The fields of the looking record that the filter depends on.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.filter_items
            .iter()
            .flat_map(|item| [Some(item.field.as_str()), item.value_field.as_deref()])
            .flatten()
            .filter_map(|field| field.strip_prefix("$Source."))
    }

    /// As describe tells it.
    #[must_use]
    pub fn info(&self) -> FilteredLookup {
        let mut controlling_fields: Vec<Name> = Vec::new();
        for source in self.sources().map(Name::new) {
            if !controlling_fields.contains(&source) {
                controlling_fields.push(source);
            }
        }
        FilteredLookup {
            dependent: !controlling_fields.is_empty(),
            controlling_fields,
            optional_filter: self.is_optional,
        }
    }
}
