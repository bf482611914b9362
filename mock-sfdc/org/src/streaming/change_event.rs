//! A change event: which records changed how, and the values that they have now (`contract/streaming.md` section 6,
//! `contract/pubsub.md` section 5).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event_schema::EventSchema;
use crate::{id::Id, state::Shared, value::DateTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeType {
    Create,
    Update,
    Delete,
    Undelete,
    GapCreate,
    GapUpdate,
    GapDelete,
    GapUndelete,
    GapOverflow,
}

impl ChangeType {
    /// In the order of Salesforce's schema.
    pub const ALL: [Self; 9] = [
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Undelete,
        Self::GapCreate,
        Self::GapUpdate,
        Self::GapDelete,
        Self::GapUndelete,
        Self::GapOverflow,
    ];

    /// As headers write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Undelete => "UNDELETE",
            Self::GapCreate => "GAP_CREATE",
            Self::GapUpdate => "GAP_UPDATE",
            Self::GapDelete => "GAP_DELETE",
            Self::GapUndelete => "GAP_UNDELETE",
            Self::GapOverflow => "GAP_OVERFLOW",
        }
    }

    /// The change happened, its values cannot be told.
    #[must_use]
    pub const fn gap(self) -> Self {
        match self {
            Self::Create => Self::GapCreate,
            Self::Update => Self::GapUpdate,
            Self::Delete => Self::GapDelete,
            Self::Undelete => Self::GapUndelete,
            gap => gap,
        }
    }
}

/// `ChangeEventHeader`, without what follows from the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeEventHeader {
    pub entity_name: String,
    pub record_ids: Vec<Id>,
    pub change_type: ChangeType,
    /// `com/salesforce/api/rest/66.0;client=…`; empty where no API was asked.
    pub change_origin: String,
    pub transaction_key: String,
    pub sequence_number: u32,
    pub commit_timestamp: DateTime,
    pub commit_number: u64,
    pub commit_user: Id,
}

/// A changed field: its place in the schema, and of a compound one the part; null says that it was emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedField {
    pub field: usize,
    pub part: Option<usize>,
    pub nulled: bool,
}

/// A change event.
#[derive(Debug, Clone)]
pub struct ChangeEvent {
    pub schema: Arc<EventSchema>,
    pub header: Arc<ChangeEventHeader>,
    /// What the records look like now; none where the event is a header only.
    pub(super) record: Option<Shared>,
    /// Of an update, in the order of the schema.
    pub changed: Arc<[ChangedField]>,
}

impl ChangeEvent {
    #[must_use]
    pub fn record(&self) -> Option<&Shared> {
        self.record.as_ref()
    }

    /// Whether the field changed, or of a compound one this part.
    #[must_use]
    pub fn changes(&self, field: usize, part: Option<usize>) -> bool {
        self.changed.iter().any(|changed| {
            changed.field == field && (part.is_none() || changed.part.is_none() || changed.part == part)
        })
    }

    /// `Industry`, `BillingAddress.Street`
    #[must_use]
    pub fn name_of(&self, changed: &ChangedField) -> String {
        let Some(field) = self.schema.fields.get(changed.field) else { return String::new() };
        match changed.part.and_then(|part| field.parts.get(part)) {
            Some(part) => format!("{}.{}", field.name, part.name),
            None => field.name.clone(),
        }
    }
}
