//! The schema of an org as data, in describe's own words: objects, fields, relationships, picklists.
//!
//! Knows no records and no HTTP. `Schema::standard()` holds the standard objects (`org/schema/*.json`),
//! packages add to it, and describe shows it.

mod attachable;
mod build;
mod catalog;
mod companions;
mod custom;
mod custom_object;
mod defaults;
pub mod describe;
mod display_format;
mod features;
mod field;
mod field_type;
mod format;
mod formulas;
mod links;
mod lookup_filter;
mod mask;
mod object;
mod package;
mod place;
mod removal;
mod roll_up;
mod shared;
mod soap_type;
mod standard;
mod standard_values;
mod value_sets;
mod view;

#[cfg(test)]
mod package_tests;
mod places;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod standard_tests;

pub use build::MASTER_RECORD_TYPE;
pub use catalog::Schema;
pub use companions::Companion;
pub use display_format::display as display_auto_number;
pub use features::person_name;
pub use field::{ChildSide, EncryptionScheme, Field, FilteredLookup, PicklistValue};
pub use field_type::FieldType;
pub use lookup_filter::{LookupFilter, LookupFilterItem};
pub use object::{ChildRelationship, Object, ObjectIx, ObjectUrl, RecordTypeInfo, Scope};
pub use package::PackageError;
pub(crate) use package::Source;
pub(crate) use places::Places;
pub(crate) use removal::referenced;
pub use roll_up::{RollUp, RolledUp, SummaryOperation};
pub use standard_values::{StandardValue, StandardValues, standard_values};
pub use value_sets::GlobalValueSet;
pub use view::{FieldSight, ObjectSight};
