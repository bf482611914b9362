//! The REST resources that the engine uses, a file each, all as methods of [`super::Client`] (contract/rest.md).

mod answer;
mod describe;
mod org;
mod path;
mod query;
mod rows;

pub(crate) use answer::{excerpt, failure};
pub use describe::{Describe, DescribeGlobal, FieldDescribe, ObjectSummary, PicklistValue, RecordTypeInfo};
pub use org::{Identity, Limit, UserInfo, Version};
pub use query::{Locator, Page};
pub use rows::{AutoAssign, DeletedRecord, DeletedRecords, Deletion, UpdatedRecords, Upserted, WriteOptions};
