//! What each user has looked at: `FOR VIEW` and `FOR REFERENCE` write it, and it is what `LastViewedDate`,
//! `LastReferencedDate` and the rows of `RecentlyViewed` show (`contract/soql.md` section 2).

use std::sync::Arc;

use imbl::OrdMap;

use super::{Edit, Record, Shared, State};
use crate::{
    id::Id,
    schema::{FieldType, Object},
    value::{DateTime, Value},
};

/// The object whose rows are the views of whoever asks.
pub const RECENTLY_VIEWED: &str = "RecentlyViewed";

/// One user's rows of `RecentlyViewed`, by the record that was looked at.
pub type Seen = OrdMap<Id, Shared>;

#[derive(Debug, Clone, Default)]
pub struct Views(OrdMap<Id, Seen>);

impl Views {
    #[must_use]
    pub fn of(&self, user: Id) -> Seen {
        self.0.get(&user).cloned().unwrap_or_default()
    }

    /// What each user has seen.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Id, &Seen)> {
        self.0.iter().map(|(user, seen)| (*user, seen))
    }

    /// Whether both are one value, not only equal.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0)
    }

    /// Puts back a row that was there before.
    pub(crate) fn take_back(&mut self, user: Id, row: Shared) {
        self.0.entry(user).or_default().insert(row.id(), row);
    }

    /// `viewed`: looked at; else only referred to.
    pub(super) fn mark(&mut self, seen: &Sight<'_>) {
        let mut rows = self.of(seen.user);
        let id = seen.record.id();
        let width = seen.recently_viewed.fields.len();
        let mut edit = rows.get(&id).map_or_else(|| Edit::new(id, width), |row| row.edit(width));
        let mut set = |name: &str, value: Value| {
            if let Some((position, _)) = seen.recently_viewed.field(name) {
                edit.set(position, value);
            }
        };
        for (position, field) in seen.object.fields.iter().enumerate() {
            let shared = seen.recently_viewed.field(field.name.as_str());
            if shared.is_some_and(|(_, other)| other.kind == field.kind && field.kind != FieldType::Id) {
                set(field.name.as_str(), seen.record.get(position).clone());
            }
        }
        if let Some((position, _)) = seen.object.name_field() {
            set("Name", seen.record.get(position).clone());
        }
        set("Type", Value::text(seen.object.name.as_str()));
        set("LastReferencedDate", seen.now.into());
        if seen.viewed {
            set("LastViewedDate", seen.now.into());
        }
        rows.insert(id, edit.build());
        self.0.insert(seen.user, rows);
    }
}

impl State {
    /// The records that the user of [`State::seen_by`] has looked at or come across and that are still there, the last one first.
    #[must_use]
    pub fn recently_seen(&self) -> Vec<(Arc<Object>, Shared)> {
        let Some(rows) = self.schema().object(RECENTLY_VIEWED) else { return Vec::new() };
        let moment = |row: &Shared, name: &str| {
            rows.field(name).and_then(|(position, _)| row.get(position).as_datetime())
        };
        let last = |row: &Shared| moment(row, "LastViewedDate").max(moment(row, "LastReferencedDate"));
        let mut seen: Vec<(Option<DateTime>, Id)> = self.sights().map(|row| (last(row), row.id())).collect();
        seen.sort_unstable_by(|one, other| other.cmp(one));
        seen.into_iter()
            .filter_map(|(_, id)| self.find(id))
            .map(|(object, record)| (Arc::clone(object), Shared::clone(record)))
            .collect()
    }
}

/// That somebody saw a record.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    pub user: Id,
    pub object: &'a Object,
    pub record: &'a Record,
    pub recently_viewed: &'a Object,
    pub viewed: bool,
    pub now: DateTime,
}
