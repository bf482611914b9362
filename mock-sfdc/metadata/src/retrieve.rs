//! A retrieval: the components that a manifest names, as the files of an archive.

use std::collections::BTreeMap;

use mock_sfdc_org::{error::Error, state::State};
use serde_json::{Map, Value, json};

use crate::{
    definition::{definition, is_custom, names},
    manifest::Manifest,
    types::{MetadataType, own_name, owner_of},
    written,
};

/// What was found, and what was not.
#[derive(Debug, Default)]
pub struct Retrieved {
    /// Paths below the package's folder.
    pub files: BTreeMap<String, String>,
    /// Each component of a file of its own, with that file.
    pub components: Vec<(&'static MetadataType, String, String)>,
    pub problems: Vec<String>,
}

/// What a file is to hold.
#[derive(Default)]
struct Wanted {
    whole: bool,
    parts: Vec<(&'static MetadataType, String)>,
}

/// Writes what the manifest names.
#[must_use]
pub fn retrieve(state: &State, manifest: &Manifest) -> Retrieved {
    let mut retrieved = Retrieved::default();
    let mut wanted: BTreeMap<(&'static str, String), Wanted> = BTreeMap::new();
    for (name, member) in manifest.members() {
        let Some(kind) = MetadataType::find(name) else {
            retrieved.problems.push(unknown(name, member));
            continue;
        };
        for full_name in expanded(state, kind, member) {
            if definition(state, kind, &full_name).is_none() {
                let problem = format!("Entity of type '{name}' named '{full_name}' cannot be found");
                retrieved.problems.push(problem);
                continue;
            }
            let file = kind.file_type();
            let owner = if kind.parent.is_some() { owner_of(&full_name) } else { &full_name };
            let wanted = wanted.entry((file.name, owner.to_owned())).or_default();
            if kind.parent.is_some() {
                wanted.parts.push((kind, full_name));
            } else {
                wanted.whole = true;
            }
        }
    }
    for ((kind, owner), wanted) in wanted {
        let Some(kind) = MetadataType::find(kind) else { continue };
        let said =
            if wanted.whole { definition(state, kind, &owner) } else { Some(parts(state, &wanted.parts)) };
        let Some(Value::Object(mut said)) = said else { continue };
        said.remove("fullName");
        let path = kind.file_of(&owner);
        retrieved.files.insert(path.clone(), written::file(kind.name, &Value::Object(said)));
        retrieved.components.push((kind, owner, path));
    }
    retrieved.files.insert("package.xml".to_owned(), package(manifest, state));
    retrieved
}

/// `*` stands for all of a type; of objects for those that somebody has made.
fn expanded(state: &State, kind: &'static MetadataType, member: &str) -> Vec<String> {
    if member != "*" {
        return vec![member.to_owned()];
    }
    let mut all = names(state, kind);
    if kind.name == "CustomObject" {
        all.retain(|name| state.schema().object(name).is_some_and(|object| is_custom(object)));
    }
    all
}

fn parts(state: &State, parts: &[(&'static MetadataType, String)]) -> Value {
    let mut said = Map::new();
    for (kind, full_name) in parts {
        let (Some((_, tag)), Some(mut one)) = (kind.parent, definition(state, kind, full_name)) else {
            continue;
        };
        one["fullName"] = json!(own_name(full_name));
        if let Value::Array(list) = said.entry(tag).or_insert_with(|| json!([])) {
            list.push(one);
        }
    }
    Value::Object(said)
}

/// The manifest of what is there, with the names that `*` stood for.
fn package(manifest: &Manifest, state: &State) -> String {
    let types: Vec<Value> = manifest
        .types
        .iter()
        .filter_map(|(name, members)| {
            let kind = MetadataType::find(name)?;
            let found = |name: &String| definition(state, kind, name).is_some();
            let all = members.iter().flat_map(|member| expanded(state, kind, member)).filter(found);
            let all: Vec<String> = all.collect();
            (!all.is_empty()).then(|| json!({"members": all, "name": name}))
        })
        .collect();
    written::file("Package", &json!({"types": types, "version": manifest.version}))
}

fn unknown(kind: &str, member: &str) -> String {
    let refused = Error::not_emulated(format_args!("metadata of type '{kind}' ('{member}')"));
    refused.message
}
