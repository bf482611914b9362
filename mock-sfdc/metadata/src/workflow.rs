//! Workflow of a project. Each rule and each action is taken by itself: what the org refuses is named, with what needs it, and
//! the rest of the object's workflow stands. What the org has already stays, unless the file says it anew.

use std::sync::Arc;

use mock_sfdc_org::{rules::workflow::Workflow, schema::Object, state::Transaction};
use serde_json::{Map, Value, json};

use crate::{NotTaken, Report, project::Metadata, source::Part};

/// The elements of a workflow file, what people call one, and how what was taken is counted.
const KINDS: &[(&str, &str, &str)] = &[
    ("rules", "workflow rule", "workflow rules"),
    ("fieldUpdates", "field update", "workflow actions"),
    ("alerts", "email alert", "workflow actions"),
    ("tasks", "workflow task", "workflow actions"),
    ("outboundMessages", "outbound message", "workflow actions"),
];

/// A rule or an action that a file brings.
struct Brought {
    tag: &'static str,
    kind: &'static str,
    name: String,
    what: String,
    line: usize,
    /// What stood under its name before.
    old: Option<Value>,
}

impl Metadata {
    pub(crate) fn apply_workflows(&self, tx: &mut Transaction, report: &mut Report) {
        for part in &self.workflows {
            let name = self.names.own(&part.name);
            let Some(object) = tx.state().schema().object(&name).cloned() else {
                let what = format!("workflow {name}");
                let why = format!("the org has no object {name}");
                report.not_taken.push(NotTaken::new(&part.file, part.element.line, &what, &why));
                continue;
            };
            take_over(part, &object, tx, report);
        }
    }
}

fn take_over(part: &Part, object: &Arc<Object>, tx: &mut Transaction, report: &mut Report) {
    let known = tx.state().rules().workflow_source(object.index);
    let mut all = known.and_then(|known| serde_json::to_value(known).ok()).unwrap_or_else(|| json!({}));
    let Value::Object(lists) = &mut all else { return };
    let mut brought = bring(part, object, lists, report);
    loop {
        let set = serde_json::from_value::<Workflow>(Value::Object(lists.clone()))
            .map_err(|error| (String::new(), error.to_string()))
            .and_then(|workflow| {
                tx.set_workflow(object, workflow).map_err(|mistake| (mistake.path, mistake.problem))
            });
        let Err((path, problem)) = set else { break };
        let wrong = place(&path, lists).and_then(|(tag, name, inner)| {
            let at = brought.iter().position(|one| one.tag == tag && one.name == name)?;
            Some((at, if inner.is_empty() { problem.clone() } else { format!("{inner}: {problem}") }))
        });
        let Some((at, why)) = wrong else {
            // Not ours: the file does not fit what the org has.
            let what = format!("workflow {}", object.name);
            report.not_taken.push(NotTaken::new(&part.file, part.element.line, &what, &problem));
            return;
        };
        let one = brought.remove(at);
        report.not_taken.push(NotTaken::new(&part.file, one.line, &one.what, &why));
        take_back(lists, &one);
    }
    for one in &brought {
        report.took(one.kind, 1);
    }
}

/// Puts what the file says into the lists; what is no rule or action of the org is named.
fn bring(part: &Part, object: &Object, lists: &mut Map<String, Value>, report: &mut Report) -> Vec<Brought> {
    let mut brought = Vec::new();
    for element in part.element.children.iter().filter(|element| element.name != "fullName") {
        let name = element.text_of("fullName").unwrap_or("?").to_owned();
        let known = KINDS.iter().find(|(tag, _, _)| *tag == element.name);
        let word = known.map_or(element.name.as_str(), |(_, word, _)| word);
        let what = format!("{word} {}.{name}", object.name);
        let value = element.to_json();
        let read = match known {
            None => Err("this part of workflow is not emulated".to_owned()),
            Some((tag, _, _)) => serde_json::from_value::<Workflow>(json!({ *tag: [value.clone()] }))
                .map(|_| ())
                .map_err(|error| error.to_string()),
        };
        match (read, known) {
            (Ok(()), Some((tag, _, kind))) => {
                let old = put(lists, tag, &name, value);
                brought.push(Brought { tag, kind, name, what, line: element.line, old });
            }
            (Err(why), _) => {
                report.not_taken.push(NotTaken::new(&part.file, element.line, &what, &why));
            }
            (Ok(()), None) => {}
        }
    }
    brought
}

/// Adds to a list, or replaces what has the name.
fn put(lists: &mut Map<String, Value>, tag: &str, name: &str, value: Value) -> Option<Value> {
    let list = lists.entry(tag).or_insert_with(|| json!([])).as_array_mut()?;
    if let Some(known) = list.iter_mut().find(|one| one["fullName"] == *name) {
        return Some(std::mem::replace(known, value));
    }
    list.push(value);
    None
}

fn take_back(lists: &mut Map<String, Value>, one: &Brought) {
    let Some(list) = lists.get_mut(one.tag).and_then(Value::as_array_mut) else { return };
    let Some(old) = &one.old else {
        list.retain(|known| known["fullName"] != one.name.as_str());
        return;
    };
    if let Some(known) = list.iter_mut().find(|known| known["fullName"] == one.name.as_str()) {
        *known = old.clone();
    }
}

/// What a mistake's path leads to: `rules[2].criteriaItems[0]` is the list, the name of its third, and the rest.
fn place(path: &str, lists: &Map<String, Value>) -> Option<(String, String, String)> {
    let (tag, rest) = path.split_once('[')?;
    let (at, inner) = rest.split_once(']')?;
    let name = lists.get(tag)?.get(at.parse::<usize>().ok()?)?["fullName"].as_str()?;
    Some((tag.to_owned(), name.to_owned(), inner.trim_start_matches('.').to_owned()))
}
