//! A `PushTopic` record, read and its query bound: what a commit asks whether it has something to tell.

use std::sync::Arc;

use super::{TOPIC_PREFIX, push_event::PushKind, topic_query::TopicQuery};
use crate::{
    error::Error,
    id::Id,
    schema::Object,
    state::{Record, State},
    value::Value,
};

/// Which changed fields an update must have to be told (`contract/streaming.md` section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyForFields {
    All,
    Referenced,
    Select,
    Where,
}

impl NotifyForFields {
    pub const ALL: [Self; 4] = [Self::All, Self::Referenced, Self::Select, Self::Where];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Referenced => "Referenced",
            Self::Select => "Select",
            Self::Where => "Where",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text))
    }
}

/// One push topic, ready to be evaluated.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "the record has them one by one")]
pub struct Topic {
    pub id: Id,
    pub name: String,
    /// As it was saved.
    pub query_text: String,
    /// `/topic/<name>`
    pub channel: Arc<str>,
    pub active: bool,
    pub notify_for_fields: NotifyForFields,
    on_create: bool,
    on_update: bool,
    on_delete: bool,
    on_undelete: bool,
    /// A topic that was saved has one; a fixture may have brought in what no save lets pass.
    pub query: Result<TopicQuery, Error>,
}

impl Topic {
    /// Reads a record of `PushTopic`. What is not set has its default: active, Referenced, all four operations.
    pub(super) fn read(state: &State, object: &Object, record: &Record) -> Self {
        let value =
            |name: &str| object.field(name).map_or(&Value::Null, |(position, _)| record.get(position));
        let on = |name: &str| value(name).as_bool().unwrap_or(true);
        let text = |name: &str| value(name).as_text().unwrap_or_default();
        let name = text("Name").to_owned();
        Self {
            id: record.id(),
            channel: format!("{TOPIC_PREFIX}{name}").into(),
            name,
            query_text: text("Query").to_owned(),
            active: on("IsActive"),
            notify_for_fields: NotifyForFields::parse(text("NotifyForFields"))
                .unwrap_or(NotifyForFields::Referenced),
            on_create: on("NotifyForOperationCreate"),
            on_update: on("NotifyForOperationUpdate"),
            on_delete: on("NotifyForOperationDelete"),
            on_undelete: on("NotifyForOperationUndelete"),
            query: TopicQuery::bind(state, text("Query")).map_err(|mut errors| errors.swap_remove(0)),
        }
    }

    /// Does the topic tell of this kind of operation at all?
    #[must_use]
    pub const fn tells_of(&self, kind: PushKind) -> bool {
        match kind {
            PushKind::Created => self.on_create,
            PushKind::Updated => self.on_update,
            PushKind::Deleted => self.on_delete,
            PushKind::Undeleted => self.on_undelete,
        }
    }
}
