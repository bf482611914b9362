//! Workflow actions that wait for their moment by the org's clock (`contract/behaviour.md` section 3).

use std::sync::Arc;

use imbl::OrdMap;

use crate::{
    clock::Clock,
    id::Id,
    name::Name,
    schema::{ObjectIx, Schema},
    value::DateTime,
};

/// The actions of one time trigger for one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub object: ObjectIx,
    pub record: Id,
    /// The workflow rule, and which of its time triggers.
    pub rule: Id,
    pub trigger: usize,
    /// Who made the rule fire.
    pub user: Id,
}

/// All that wait, by their moment.
#[derive(Debug, Clone, Default)]
pub struct TimeTriggers {
    queue: OrdMap<(i64, u64), Arc<Waiting>>,
    count: u64,
}

/// All that wait, in a form that can be written down.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TimeTriggersImage {
    count: u64,
    queue: Vec<WaitingImage>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WaitingImage {
    at: i64,
    number: u64,
    object: Name,
    record: Id,
    rule: Id,
    trigger: usize,
    user: Id,
}

impl TimeTriggersImage {
    pub(crate) fn of(triggers: &TimeTriggers, schema: &Schema) -> Self {
        let queue = triggers.queue.iter().filter_map(|((at, number), waiting)| {
            let Waiting { object, record, rule, trigger, user } = **waiting;
            let object = schema.by_index(object)?.name.clone();
            Some(WaitingImage { at: *at, number: *number, object, record, rule, trigger, user })
        });
        Self { count: triggers.count, queue: queue.collect() }
    }

    pub(crate) fn into_triggers(self, schema: &Schema) -> TimeTriggers {
        let queue = self.queue.into_iter().filter_map(|image| {
            let WaitingImage { at, number, object, record, rule, trigger, user } = image;
            let object = schema.index(object.as_str())?;
            Some(((at, number), Arc::new(Waiting { object, record, rule, trigger, user })))
        });
        TimeTriggers { queue: queue.collect(), count: self.count }
    }
}

impl TimeTriggers {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The moment and what waits for it, soonest first.
    pub fn waiting(&self) -> impl Iterator<Item = (DateTime, &Waiting)> {
        self.queue.iter().map(|((at, _), waiting)| (DateTime::from_millis(*at), &**waiting))
    }

    /// The soonest moment.
    #[must_use]
    pub fn next(&self) -> Option<DateTime> {
        self.queue.get_min().map(|((at, _), _)| DateTime::from_millis(*at))
    }

    /// Whether the clock has passed a moment.
    #[must_use]
    pub fn is_due(&self, clock: &Clock) -> bool {
        self.next().is_some_and(|next| next <= clock.now())
    }

    pub(crate) fn add(&mut self, at: DateTime, waiting: Waiting) {
        self.count += 1;
        self.queue.insert((at.millis(), self.count), Arc::new(waiting));
    }

    pub(crate) fn take_due(&mut self, now: DateTime) -> Option<Arc<Waiting>> {
        let key = self.queue.get_min().filter(|((at, _), _)| *at <= now.millis())?.0;
        self.queue.remove(&key)
    }

    /// Takes away what waits for a record, as far as `which` says so.
    pub(crate) fn drop_of(&mut self, record: Id, which: impl Fn(&Waiting) -> bool) -> usize {
        let of_record = self.queue.iter().filter(|(_, one)| one.record == record && which(one));
        let keys = of_record.map(|(key, _)| *key).collect::<Vec<_>>();
        for key in &keys {
            self.queue.remove(key);
        }
        keys.len()
    }
}
