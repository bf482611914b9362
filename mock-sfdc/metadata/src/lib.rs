//! Salesforce metadata, as a project keeps it, taken over into an org: objects, fields, values, rules, queues and what else
//! says how an org behaves. Reads the source format of Salesforce DX (`objects/Lead/fields/X__c.field-meta.xml`), the older
//! form (`objects/Lead.object`) and describes as JSON. What it cannot take over it names, with file and element, and goes on.
//!
//! Read first: [`Metadata::read`], from files to definitions, and [`Metadata::apply`], from definitions into an org.

mod apply;
mod describe;
mod field;
mod files;
mod names;
mod object;
mod permissions;
mod project;
mod record_type;
mod report;
mod rules;
mod sharing;
mod source;
mod values;
mod words;
mod workflow;
mod xml;

pub use apply::Moment;
pub use files::{Files, FolderError, read_folder};
pub use project::Metadata;
pub use report::{NotTaken, Report};
