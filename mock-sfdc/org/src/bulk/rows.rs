//! A chunk of records is saved in one transaction, each record by itself: what fails leaves nothing behind, the rest stands.
//! Nobody is told of it (`contract/streaming.md` section 5: no push topic hears of Bulk changes).

use std::{collections::BTreeMap, sync::Arc};

use super::{columns::Row, job::Spec, outcomes::Outcome, words::Operation};
use crate::{
    error::Error,
    id::Id,
    save::DmlOptions,
    schema::Object,
    state::Transaction,
    value::{Value, shown},
    verbs::{self, Errors},
};

/// Salesforce saves so many records at a time.
pub(super) const CHUNK: usize = 200;

/// `read` makes the chunk's records ready, as often as it is asked.
pub(super) fn save(
    tx: &mut Transaction,
    object: &Arc<Object>,
    spec: &Spec,
    read: impl Fn() -> Vec<Row>,
) -> Vec<Outcome> {
    let ready = || {
        let mut rows = read();
        refuse_repetitions(object, spec, &mut rows);
        rows
    };
    let options = DmlOptions { assignment: spec.assignment, ..DmlOptions::default() };
    let was_silent = tx.set_silent(true);
    // What watches saves from outside must not see any of them twice, and an event that is out cannot be taken back.
    let unwatched = !tx.is_traced() && tx.state().hooks().is_empty() && !object.is_platform_event();
    let at_once = if unwatched { all(tx, object, spec, ready(), &options) } else { None };
    let outcomes = at_once.unwrap_or_else(|| each(tx, object, spec, ready(), &options));
    tx.set_silent(was_silent);
    outcomes
}

/// All records without a savepoint between them, which is what costs; as soon as one fails, none of them.
fn all(
    tx: &mut Transaction,
    object: &Arc<Object>,
    spec: &Spec,
    rows: Vec<Row>,
    options: &DmlOptions,
) -> Option<Vec<Outcome>> {
    let before = tx.savepoint();
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(error) = row.error {
            outcomes.push(failed(row.id, vec![error]));
            continue;
        }
        let Ok(outcome) = one(tx, object, spec, row, options) else {
            tx.roll_back_to(before);
            return None;
        };
        outcomes.push(outcome);
    }
    Some(outcomes)
}

/// One record after the other, each by itself.
fn each(
    tx: &mut Transaction,
    object: &Arc<Object>,
    spec: &Spec,
    rows: Vec<Row>,
    options: &DmlOptions,
) -> Vec<Outcome> {
    let save = |row: Row| {
        let id = row.id;
        if let Some(error) = row.error {
            return failed(id, vec![error]);
        }
        let before = tx.savepoint();
        one(tx, object, spec, row, options).unwrap_or_else(|errors| {
            tx.roll_back_to(before);
            failed(id, errors)
        })
    };
    rows.into_iter().map(save).collect()
}

fn failed(id: Option<Id>, errors: Errors) -> Outcome {
    Outcome::Failed { id, errors }
}

fn one(
    tx: &mut Transaction,
    object: &Arc<Object>,
    spec: &Spec,
    row: Row,
    options: &DmlOptions,
) -> Result<Outcome, Errors> {
    let Row { id, key, draft, .. } = row;
    let named = || id.ok_or_else(|| vec![Error::missing_update_id()]);
    let saved = |id, created| Ok(Outcome::Saved { id, created });
    match spec.operation {
        Operation::Insert => saved(verbs::create(tx, object, draft, options)?, true),
        Operation::Update => saved(verbs::update(tx, object, named()?, draft, options)?, false),
        Operation::Upsert => match (id, key) {
            (Some(id), _) => saved(verbs::update(tx, object, id, draft, options)?, false),
            (None, Some(key)) => {
                let done = verbs::upsert(tx, key, draft, options)?;
                saved(done.id, done.created)
            }
            // A record without an id is a new one; one without another key cannot be told from others.
            (None, None) => match spec.external_id.as_deref().filter(|name| !name.eq_ignore_ascii_case("Id"))
            {
                None => saved(verbs::create(tx, object, draft, options)?, true),
                Some(name) => Err(vec![Error::external_id_not_specified(name)]),
            },
        },
        Operation::Delete => {
            let id = id.ok_or_else(|| vec![Error::missing_delete_id()])?;
            verbs::delete(tx, object, id)?;
            saved(id, false)
        }
        Operation::HardDelete => {
            let id = id.ok_or_else(|| vec![Error::missing_delete_id()])?;
            verbs::hard_delete(tx, object, id)?;
            saved(id, false)
        }
        Operation::Query | Operation::QueryAll => {
            Err(vec![Error::unknown_exception("a query saves nothing")])
        }
    }
}

/// All records of a chunk that share a key fail; of those that share an id, the first one stands.
fn refuse_repetitions(object: &Object, spec: &Spec, rows: &mut [Row]) {
    if spec.operation == Operation::Insert {
        return;
    }
    let mut ids: BTreeMap<Id, usize> = BTreeMap::new();
    let mut keys: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows.iter() {
        if let Some(key) = &row.key {
            *keys.entry(folded(object, key.position, &key.value)).or_default() += 1;
        }
    }
    for row in rows.iter_mut().filter(|row| row.error.is_none()) {
        if let Some(id) = row.id {
            let seen = ids.entry(id).or_default();
            *seen += 1;
            if *seen > 1 {
                row.error = Some(Error::duplicate_id(id));
            }
        }
        if let Some(key) = &row.key
            && keys.get(&folded(object, key.position, &key.value)).is_some_and(|count| *count > 1)
        {
            let name = object.field_at(key.position).map_or("", |field| field.name.as_str());
            row.error = Some(Error::duplicate_external_id(name, &shown(&key.value)));
        }
    }
}

fn folded(object: &Object, position: usize, value: &Value) -> String {
    let text = shown(value);
    let case_sensitive = object.field_at(position).is_some_and(|field| field.case_sensitive);
    if case_sensitive { text } else { text.to_lowercase() }
}
