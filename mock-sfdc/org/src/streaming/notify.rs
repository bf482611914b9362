//! Push topics, at each commit: which topics tell of which changes (`contract/streaming.md` section 5, `behaviour.md` section 8).
//!
//! A commit is one change a record, however often the transaction touched it, so there is one event a record and topic.

use std::sync::Arc;

use super::{
    event::{Content, Draft},
    push_event::{PushEvent, PushKind},
    push_topic::{OBJECT, PREFIX},
    topic::{NotifyForFields, Topic},
    topic_query::TopicQuery,
};
use crate::formula::with_formulas;
use crate::state::{Change, ChangeKind, Record, Shared, State};

/// Publishes what topics tell of a commit, and follows changes of topics. Without topics it costs a look at each change's prefix.
pub fn on_commit(state: &mut State, changes: &[Arc<Change>]) {
    for change in changes {
        if change.id.prefix() == PREFIX {
            follow(state, change);
        } else if state.streams().active.contains_key(&change.object) && !change.silent {
            publish(state, change);
        }
    }
}

/// Reads the topics of a state whose records did not come by commits: a seed, a fixture.
pub fn adopt(state: &mut State) {
    let Some(object) = state.schema().object(OBJECT).cloned() else { return };
    let known = state.streams().topics.len();
    if known == state.table(object.index).len() {
        return;
    }
    let topics = state
        .table(object.index)
        .rows()
        .map(|record| Arc::new(Topic::read(state, &object, record)))
        .collect::<Vec<_>>();
    for topic in topics {
        state.streams_mut().put_topic(topic);
    }
}

fn follow(state: &mut State, change: &Change) {
    let Some(object) = state.schema().by_index(change.object).cloned() else { return };
    match (change.kind, &change.after) {
        (ChangeKind::Created | ChangeKind::Updated | ChangeKind::Undeleted, Some(record)) => {
            let topic = Arc::new(Topic::read(state, &object, record));
            state.streams_mut().put_topic(topic);
        }
        _ => state.streams_mut().remove_topic(change.id),
    }
}

fn publish(state: &mut State, change: &Change) {
    let object = state.schema().by_index(change.object).filter(|object| !object.formula_fields.is_empty());
    let computed = object.map(|object| {
        // Formula fields are selected and compared like others.
        let fill = |record: &Shared| with_formulas(state, object, record, change.user, change.at);
        let (before, after) = (change.before.as_ref().map(fill), change.after.as_ref().map(fill));
        Change { before, after, ..change.clone() }
    });
    let change = computed.as_ref().unwrap_or(change);
    let Some((kind, record)) = told(change) else { return };
    let Some(topics) = state.streams().active.get(&change.object) else { return };
    let drafts = topics
        .iter()
        .filter(|topic| topic.tells_of(kind))
        .filter(|topic| topic.query.as_ref().is_ok_and(|query| query.matches(state, record, change.at)))
        .filter(|topic| kind != PushKind::Updated || relevant(topic, change))
        .map(|topic| PushEvent { kind, topic: Arc::clone(topic), record: Shared::clone(record) })
        .collect::<Vec<_>>();
    if drafts.is_empty() {
        return;
    }
    let streams = state.streams_mut();
    for event in drafts {
        let channel = Arc::clone(&event.topic.channel);
        streams.publish(&channel, Draft { at: change.at, content: Content::Push(event) });
    }
}

/// What the world is told of a change, and the version of the record that the WHERE is asked about: the new one, and of a
/// deletion the last one. A record that was born and gone in one transaction was never there.
fn told(change: &Change) -> Option<(PushKind, &Shared)> {
    match change.kind {
        ChangeKind::Created => Some((PushKind::Created, change.after.as_ref()?)),
        ChangeKind::Updated => Some((PushKind::Updated, change.after.as_ref()?)),
        ChangeKind::Deleted => Some((PushKind::Deleted, change.before.as_ref()?)),
        ChangeKind::Undeleted => Some((PushKind::Undeleted, change.after.as_ref()?)),
        ChangeKind::Purged => None,
    }
}

/// Has an update changed what the topic cares for?
fn relevant(topic: &Topic, change: &Change) -> bool {
    let (Ok(query), Some(before), Some(after)) = (&topic.query, &change.before, &change.after) else {
        return false;
    };
    let selected = || query.selected().any(|(position, _)| changed(query, position, before, after));
    let compared = || query.compared().iter().any(|position| changed(query, *position, before, after));
    match topic.notify_for_fields {
        // Each save stamps the record, so each save changes a field.
        NotifyForFields::All => true,
        NotifyForFields::Referenced => selected() || compared(),
        NotifyForFields::Select => selected(),
        NotifyForFields::Where => compared(),
    }
}

/// The stamps change with every save. When two saves fall into one second of the org's clock their values do not show it,
/// and a clock that stands still must not hide what a real org tells.
fn changed(query: &TopicQuery, position: usize, before: &Record, after: &Record) -> bool {
    query.is_stamp(position) || before.get(position) != after.get(position)
}
