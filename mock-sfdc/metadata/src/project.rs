//! From the files of a project to what an org can take over.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{
    NotTaken, Report, describe,
    files::Files,
    names::Names,
    object::{self, Definitions, Objects},
    record_type::{self, RecordTypePart},
    rules::{self, Fragment},
    source::{self, Part, Project},
    values::{self, GlobalValueSets, MEANINGS, Values},
    xml,
};

/// A project, read but not yet part of an org.
#[derive(Debug, Default)]
pub struct Metadata {
    pub(crate) names: Names,
    /// In the package format.
    pub(crate) definitions: Definitions,
    pub(crate) fragments: Vec<Fragment>,
    /// The rows that say what statuses and stages mean, by the name of their set.
    pub(crate) meanings: Vec<(String, Values)>,
    /// Queues with their files and members.
    pub(crate) members: Vec<Part>,
    pub(crate) roles: Vec<Part>,
    pub(crate) record_types: Vec<RecordTypePart>,
    pub(crate) workflows: Vec<Part>,
    /// Profiles and permission sets.
    pub(crate) permissions: Vec<Part>,
    /// Files of objects that say who reaches whose records.
    pub(crate) sharing: Vec<Part>,
    /// What the files themselves hold that cannot be taken over.
    pub(crate) report: Report,
}

impl Metadata {
    /// Reads the files of a project. Nothing in them is an error of the whole: a file that cannot be read is named.
    #[must_use]
    pub fn read(files: &Files) -> Self {
        let mut read = Self::default();
        let left = &mut read.report.not_taken;
        let project = Project::of(files).unwrap_or_else(|why| {
            left.push(NotTaken::new("sfdx-project.json", 0, "the project file", &why));
            Project::default()
        });
        read.names = Names { namespace: project.namespace.clone() };
        let mut objects = Objects::new();
        let (mut shared, mut standard) = (GlobalValueSets::new(), BTreeMap::<String, Values>::new());
        let mut others = Vec::new();
        let mut described = Map::new();
        for (path, bytes) in files.iter().filter(|(path, _)| project.has(path)) {
            if crate::files::is_kind(path, "json") {
                describe::read(path, bytes, &mut described, left);
                continue;
            }
            let Some(part) = part(path, bytes, left) else { continue };
            match part.kind.as_str() {
                "object" | "field" | "validationRule" | "recordType" | "businessProcess" => {
                    object::collect(&mut objects, part, left);
                }
                "globalValueSet" => {
                    shared.insert(part.name.to_lowercase(), values::values(&part.element, "customValue"));
                    read.report
                        .taken
                        .entry("global value sets".to_owned())
                        .and_modify(|n| *n += 1)
                        .or_insert(1);
                }
                "standardValueSet" => {
                    if !values::STANDARD_VALUE_SETS.iter().any(|(known, _)| *known == part.name) {
                        let what = format!("standard value set {}", part.name);
                        left.push(NotTaken::new(
                            path,
                            part.element.line,
                            &what,
                            "no field of the org uses it",
                        ));
                        continue;
                    }
                    if MEANINGS.contains(&part.name.as_str()) {
                        let rows = part.element.all("standardValue").filter_map(values::meaning).collect();
                        read.meanings.push((part.name.clone(), rows));
                    }
                    standard.insert(part.name.clone(), values::values(&part.element, "standardValue"));
                    read.report
                        .taken
                        .entry("standard value sets".to_owned())
                        .and_modify(|n| *n += 1)
                        .or_insert(1);
                }
                "role" => read.roles.push(part),
                "workflow" => read.workflows.push(part),
                "profile" | "permissionset" => read.permissions.push(part),
                _ => others.push(part),
            }
        }
        read.definitions = object::define(&objects, &read.names, &shared, &standard, left);
        for (name, definition) in described {
            read.definitions.objects.entry(name).or_insert(definition);
        }
        for (object, parts) in &objects {
            let known = read.names.own(object);
            for part in &parts.validation_rules {
                read.fragments.push(rules::validation_rule(&known, part));
            }
            read.record_types.extend(record_type::of_object(&known, parts));
            read.sharing
                .extend(parts.own.clone().filter(|own| own.element.text_of("sharingModel").is_some()));
        }
        for part in others {
            read.fragments.extend(rules::fragments(&part, &read.names));
            if part.kind == "queue" || part.kind == "group" {
                read.members.push(part);
            }
        }
        // A duplicate rule asks matching rules.
        read.fragments.sort_by_key(|fragment| fragment.key == "duplicateRules");
        read
    }

    /// What the files alone say: what cannot be read, and what no org takes.
    #[must_use]
    pub fn read_report(&self) -> &Report {
        &self.report
    }

    /// The package that adds the project's objects and fields.
    pub(crate) fn package(&self) -> Value {
        let mut package = json!({"objects": self.definitions.objects});
        if let Some(namespace) = &self.names.namespace {
            package["namespace"] = json!(namespace);
        }
        package
    }
}

/// A file as a part, or nothing where it is left out; `left` then says why, unless it is no metadata at all.
fn part(path: &str, bytes: &[u8], left: &mut Vec<NotTaken>) -> Option<Part> {
    let (kind, name) = source::kind_of(path)?;
    if let Some(why) = source::why_left(&kind) {
        left.push(NotTaken::new(path, 0, &format!("{kind} {name}"), why));
        return None;
    }
    match xml::parse(bytes) {
        Ok(element) => {
            let name = element.text_of("fullName").map_or(name, str::to_owned);
            let object = source::object_of(path).map(str::to_owned);
            if object.is_none()
                && ["field", "validationRule", "recordType", "businessProcess"].contains(&kind.as_str())
            {
                let what = format!("{kind} {name}");
                left.push(NotTaken::new(path, element.line, &what, "it stands in no folder of an object"));
                return None;
            }
            Some(Part { file: path.to_owned(), kind, object, name, element })
        }
        Err(error) => {
            left.push(NotTaken::new(path, error.line, &format!("{kind} {name}"), &error.problem));
            None
        }
    }
}
