//! Salesforce metadata, as a project keeps it, taken over into an org: objects, fields, values, rules, queues and what else
//! says how an org behaves. Reads the source format of Salesforce DX (`objects/Lead/fields/X__c.field-meta.xml`), the older
//! form (`objects/Lead.object`) and describes as JSON. What it cannot take over it names, with file and element, and goes on.
//!
//! Read first: [`Metadata::read`], from files to definitions, and [`Metadata::apply`], from definitions into an org.

mod apply;
mod change;
mod component;
mod definition;
mod deploy;
mod describe;
mod event_channels;
mod field;
mod files;
mod manifest;
mod names;
mod object;
mod permissions;
mod project;
mod record_type;
mod report;
mod retrieve;
mod rules;
mod sharing;
mod source;
mod standing;
mod tooling;
mod types;
mod values;
mod words;
mod workflow;
mod written;
mod xml;

pub use apply::Moment;
pub use change::{Mode, delete, exists, save};
pub use component::Component;
pub use definition::{Listed, component_id, definition, listed, names};
pub use deploy::{Message, deploy};
pub use files::{Files, FolderError, read_folder};
pub use manifest::Manifest;
pub use project::Metadata;
pub use report::{NotTaken, Report};
pub use retrieve::{Retrieved, retrieve};
pub use tooling::{ENRICHED_FIELD, TOOLING_TYPES, Tooling, by_id, enriched_by_id};
pub use types::{MetadataType, TYPES, own_name, owner_of};
pub use written::{NAMESPACE, compact};
pub use xml::{Element, XmlError, parse};
