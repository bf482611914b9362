//! The schema of an org as data, in describe's own words: objects, fields, relationships, picklists.
//!
//! Knows no records and no HTTP. `Schema::standard()` holds the standard objects (`org/schema/*.json`),
//! packages add to it, and describe shows it.

mod catalog;
mod field;
mod field_type;
mod object;

pub use catalog::Schema;
pub use field::{ChildSide, Field, FilteredLookup, PicklistValue};
pub use field_type::FieldType;
pub use object::{ChildRelationship, Object, ObjectIx, ObjectUrl, RecordTypeInfo, Scope};
