//! `/composite/tree/{object}`: records with their children, level by level, all of them or none.

use std::{collections::BTreeMap, sync::Arc};

use http::StatusCode;
use indexmap::IndexMap;
use mock_sfdc_org::{
    error::Error,
    id::Id,
    save::{DmlOptions, Draft},
    schema::{Object, Schema},
    state::Transaction,
    verbs::{self, Errors},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{TREE, records, records::Record, results, since};
use crate::{
    api::rest::{body, error, json, options, shape::Shaped, sobject},
    call::{Answer, Call},
    reply::Reply,
};

const MOST_LEVELS: usize = 5;
const MOST_TYPES: usize = 5;

/// `{"records": […]}`, of the request and of each child relationship.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Branch<'a> {
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

/// A record of the tree.
struct Node<'a> {
    record: Record<'a>,
    /// The object that its place in the tree asks for.
    object: Arc<Object>,
    level: usize,
    parent: Option<Parent>,
}

/// The place of the parent among the nodes, and the lookup that leads to it.
#[derive(Clone, Copy)]
struct Parent {
    node: usize,
    lookup: usize,
}

/// What is wrong with some of the records, by their reference ids.
type Failures = Vec<(String, Errors)>;

/// `POST`
pub fn create(call: &Call) -> Answer {
    since(call, TREE)?;
    let object = sobject::named(call)?;
    let viewer = call.viewer()?;
    let schema = viewer.schema();
    let nodes = gather(call, schema, &object)?;
    check_size(&nodes, records::most(call))?;
    if nodes.iter().any(|node| node.reference().is_empty()) {
        let mut refusal = error::reply(&[Error::tree_without_reference()], call);
        // As clients have seen it, whatever the status of the code elsewhere.
        refusal.status = StatusCode::FORBIDDEN;
        return Ok(refusal);
    }
    let failures = misfits(&nodes);
    if !failures.is_empty() {
        return Ok(failed(&failures));
    }
    let drafts: Vec<Result<Draft, Error>> =
        nodes.iter().map(|node| body::draft(call, schema, &node.object, &node.record.members)).collect();
    let options = options::dml(call)?;
    match call.transact(call.user()?, |tx| grow(tx, &nodes, drafts, &options)) {
        Ok(ids) => Ok(created(&nodes, &ids)),
        Err(failures) => Ok(failed(&failures)),
    }
}

/// All records, a level behind the other, and within a level the records of one object behind each other.
fn gather<'a>(call: &'a Call, schema: &Schema, root: &Arc<Object>) -> Result<Vec<Node<'a>>, Error> {
    let body: Branch<'a> = body::parsed(call)?;
    let mut nodes = Vec::new();
    for raw in body.records {
        nodes.push(Node {
            record: Record::read(call, raw)?,
            object: Arc::clone(root),
            level: 1,
            parent: None,
        });
    }
    let mut level = 0..nodes.len();
    while !level.is_empty() {
        let mut by_object: IndexMap<usize, Vec<Node<'a>>> = IndexMap::new();
        for at in level.clone() {
            for (lookup, child, raw) in branches(schema, &mut nodes[at]) {
                let branch: Shaped<Branch<'a>> = serde_json::from_str(raw.get())
                    .map_err(|_| body::misplaced(call, raw, "SObjectTreeCollection"))?;
                for raw in branch.0.records {
                    let node = Node {
                        record: Record::read(call, raw)?,
                        object: Arc::clone(&child),
                        level: nodes[at].level + 1,
                        parent: Some(Parent { node: at, lookup }),
                    };
                    by_object.entry(child.index.position()).or_default().push(node);
                }
            }
        }
        let end = level.end;
        nodes.extend(by_object.into_values().flatten());
        level = end..nodes.len();
    }
    Ok(nodes)
}

/// Takes out of a record the members that are child relationships: the lookup in the child, its object, and what is written there.
fn branches<'a>(schema: &Schema, node: &mut Node<'a>) -> Vec<(usize, Arc<Object>, &'a RawValue)> {
    let mut found = Vec::new();
    let object = Arc::clone(&node.object);
    node.record.members.retain(|name, raw| {
        let nested = raw.get().starts_with('{');
        let relationship = object.child_relationship(name).filter(|_| nested);
        let child = relationship.and_then(|relationship| schema.by_index(relationship.child));
        match (relationship, child) {
            (Some(relationship), Some(child)) => {
                found.push((relationship.child_field, Arc::clone(child), *raw));
                false
            }
            _ => true,
        }
    });
    found
}

fn check_size(nodes: &[Node<'_>], most: usize) -> Result<(), Error> {
    if nodes.len() > most {
        return Err(Error::too_many_records(most));
    }
    if nodes.iter().any(|node| node.level > MOST_LEVELS) {
        return Err(Error::tree_too_deep(MOST_LEVELS));
    }
    let mut types: Vec<usize> = nodes.iter().map(|node| node.object.index.position()).collect();
    types.sort_unstable();
    types.dedup();
    if types.len() > MOST_TYPES { Err(Error::tree_with_too_many_types(MOST_TYPES)) } else { Ok(()) }
}

impl Node<'_> {
    fn reference(&self) -> &str {
        self.record.attributes.reference_id.as_deref().unwrap_or_default()
    }

    /// What keeps the record from standing where it stands.
    fn misfit(&self, uses: usize) -> Option<Error> {
        if uses > 1 {
            return Some(Error::tree_with_reference_twice());
        }
        match self.record.attributes.kind.as_deref() {
            None => Some(Error::tree_without_type()),
            Some(kind) if !self.object.name.is(kind) => {
                Some(Error::record_of_another_type(kind, self.object.name.as_str()))
            }
            Some(_) => None,
        }
    }
}

fn misfits(nodes: &[Node<'_>]) -> Failures {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for node in nodes {
        *uses.entry(node.reference()).or_default() += 1;
    }
    let misfit = |node: &Node<'_>| {
        let error = node.misfit(uses.get(node.reference()).copied().unwrap_or_default())?;
        Some((node.reference().to_owned(), vec![error]))
    };
    nodes.iter().filter_map(misfit).collect()
}

/// Creates the records. Those of one object and level are worked on together: when some of them fail, all that do are told, and
/// nothing behind them is tried.
fn grow(
    tx: &mut Transaction,
    nodes: &[Node<'_>],
    drafts: Vec<Result<Draft, Error>>,
    options: &DmlOptions,
) -> Result<Vec<Id>, Failures> {
    let mut ids: Vec<Id> = Vec::with_capacity(nodes.len());
    let mut failures = Failures::new();
    let mut group = None;
    for (node, draft) in nodes.iter().zip(drafts) {
        let own = (node.level, node.object.index);
        if group != Some(own) && !failures.is_empty() {
            break;
        }
        group = Some(own);
        let created = draft.map_err(|error| vec![error]).and_then(|mut draft| {
            if let Some(parent) = node.parent {
                draft.put(parent.lookup, ids[parent.node].into());
            }
            verbs::create(tx, &node.object, draft, options)
        });
        match created {
            Ok(id) => ids.push(id),
            Err(errors) => failures.push((node.reference().to_owned(), errors)),
        }
    }
    if failures.is_empty() { Ok(ids) } else { Err(failures) }
}

/// `{"hasErrors":false,"results":[{"referenceId":"ref1","id":"001…"}]}`
fn created(nodes: &[Node<'_>], ids: &[Id]) -> Reply {
    let mut out = b"{\"hasErrors\":false,\"results\":[".to_vec();
    for (node, id) in nodes.iter().zip(ids) {
        json::comma(&mut out);
        out.extend_from_slice(b"{\"referenceId\":");
        json::string(&mut out, node.reference());
        out.extend_from_slice(b",\"id\":");
        json::id(&mut out, *id);
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    Reply::json(StatusCode::CREATED, out)
}

/// `{"hasErrors":true,"results":[{"referenceId":"ref1","errors":[…]}]}`: only those that failed.
fn failed(failures: &Failures) -> Reply {
    let mut out = b"{\"hasErrors\":true,\"results\":[".to_vec();
    for (reference, errors) in failures {
        json::comma(&mut out);
        out.extend_from_slice(b"{\"referenceId\":");
        json::string(&mut out, reference);
        out.push(b',');
        results::errors(&mut out, errors);
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    Reply::json(StatusCode::BAD_REQUEST, out)
}
