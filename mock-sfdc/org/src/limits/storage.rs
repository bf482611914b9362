//! Data storage and file storage. A record takes 2 KB whatever is in it, with the exceptions that Salesforce lists; what lies
//! in the recycle bin and what belongs to set-up takes nothing. Files take what they weigh.

use crate::{
    schema::Object,
    state::{Record, State},
    value::Value,
};

/// What a record takes of data storage.
const RECORD: u64 = 2 * 1024;

/// Records that take another size.
const SIZES: &[(&str, u64)] = &[("Campaign", 8 * 1024), ("CampaignMember", 1024)];

/// Where the weight of a file stands.
const FILES: &[(&str, &str)] =
    &[("Attachment", "BodyLength"), ("ContentVersion", "ContentSize"), ("Document", "BodyLength")];

const MEGABYTE: u64 = 1024 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    Data,
    Files,
}

/// So many bytes of one kind of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    pub storage: Storage,
    pub bytes: u64,
}

impl Stored {
    /// What a record takes, if it takes anything.
    #[must_use]
    pub fn by(object: &Object, record: &impl Values) -> Option<Self> {
        if let Some(position) = weight(object) {
            let bytes = weighed(record.value(position));
            return Some(Self { storage: Storage::Files, bytes });
        }
        size(object).map(|bytes| Self { storage: Storage::Data, bytes })
    }
}

/// Anything that holds values by position.
pub trait Values {
    fn value(&self, position: usize) -> &Value;
}

impl Values for Record {
    fn value(&self, position: usize) -> &Value {
        self.get(position)
    }
}

impl Values for crate::state::Edit {
    fn value(&self, position: usize) -> &Value {
        self.get(position)
    }
}

impl Storage {
    /// Megabytes that the org may use.
    #[must_use]
    pub fn most(self, state: &State) -> u64 {
        match self {
            Self::Data => state.settings().data_storage_mb(),
            Self::Files => state.settings().file_storage_mb(),
        }
    }

    /// Whether saves are refused when it is full.
    #[must_use]
    pub fn is_enforced(self, state: &State) -> bool {
        let limits = &state.settings().limits;
        let set = match self {
            Self::Data => limits.data_storage_mb,
            Self::Files => limits.file_storage_mb,
        };
        set.is_some() || limits.storage_enforced == Some(true)
    }

    /// Bytes in use.
    #[must_use]
    pub fn used(self, state: &State) -> u64 {
        state.schema().objects().map(|object| self.used_by(state, object)).sum()
    }

    fn used_by(self, state: &State, object: &Object) -> u64 {
        let table = state.table(object.index);
        match (self, weight(object)) {
            (Self::Data, None) => size(object).map_or(0, |size| size * count(table.len())),
            (Self::Files, Some(position)) => table.rows().map(|row| weighed(row.get(position))).sum(),
            _ => 0,
        }
    }

    /// Whether so many bytes more are too many.
    #[must_use]
    pub fn is_full(self, state: &State, more: u64) -> bool {
        self.is_enforced(state) && self.used(state) + more > self.most(state).saturating_mul(MEGABYTE)
    }

    /// Megabytes that are left, as `/limits` shows them.
    #[must_use]
    pub fn remaining(self, state: &State) -> u64 {
        self.most(state).saturating_sub(self.used(state).div_ceil(MEGABYTE))
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

fn weight(object: &Object) -> Option<usize> {
    let (_, field) = FILES.iter().find(|(name, _)| object.name.is(name))?;
    object.field(field).map(|(position, _)| position)
}

fn weighed(value: &Value) -> u64 {
    if let Value::Number(bytes) = value { u64::try_from(*bytes).unwrap_or(0) } else { 0 }
}

/// What people make takes storage, which is what the recycle bin keeps; set-up does not.
fn size(object: &Object) -> Option<u64> {
    let own = SIZES.iter().find(|(name, _)| object.name.is(name)).map(|(_, size)| *size);
    own.or_else(|| (object.undeletable && object.createable).then_some(RECORD))
}
