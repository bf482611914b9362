//! From the files of a project to what an org can take over.

use std::collections::BTreeMap;

use mock_sfdc_org::schema::Schema;
use serde_json::{Map, Value, json};

use crate::{
    NotTaken, Report, describe,
    files::Files,
    names::Names,
    object::{self, Definitions, Known, Objects},
    record_type::{self, RecordTypePart},
    rules::{self, Fragment},
    source::{self, Part, Project},
    values::{self, MEANINGS, Values},
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
    /// Global value sets.
    pub(crate) value_sets: Vec<Part>,
    pub(crate) record_types: Vec<RecordTypePart>,
    pub(crate) workflows: Vec<Part>,
    /// Channels of platform and change events, and their members.
    pub(crate) event_channels: Vec<Part>,
    /// Profiles and permission sets.
    pub(crate) permissions: Vec<Part>,
    /// Files of objects that say who reaches whose records.
    pub(crate) sharing: Vec<Part>,
    /// What the files themselves hold that cannot be taken over.
    pub(crate) report: Report,
}

impl Metadata {
    /// Reads the files of a project for a new org. Nothing in them is an error of the whole: a file that cannot be read is named.
    #[must_use]
    pub fn read(files: &Files) -> Self {
        Self::read_for(files, &Schema::standard())
    }

    /// The same for an org that stands: values of its own fields may be referred to.
    #[must_use]
    pub fn read_for(files: &Files, schema: &Schema) -> Self {
        let mut left = Vec::new();
        let project = Project::of(files).unwrap_or_else(|why| {
            left.push(NotTaken::new("sfdx-project.json", 0, "the project file", &why));
            Project::default()
        });
        let mut described = Map::new();
        let mut parts = Vec::new();
        for (path, bytes) in files.iter().filter(|(path, _)| project.has(path)) {
            if crate::files::is_kind(path, "json") {
                describe::read(path, bytes, &mut described, &mut left);
                continue;
            }
            parts.extend(part(path, bytes, &mut left));
        }
        let names = Names { namespace: project.namespace };
        let mut read = Self::sorted(names, parts, schema, left);
        for (name, definition) in described {
            read.definitions.objects.entry(name).or_insert(definition);
        }
        read
    }

    /// Parts that come from no file.
    pub(crate) fn of_parts(parts: Vec<Part>, schema: &Schema) -> Self {
        Self::sorted(Names::default(), parts, schema, Vec::new())
    }

    /// Each part to what becomes of its kind.
    fn sorted(names: Names, parts: Vec<Part>, schema: &Schema, left: Vec<NotTaken>) -> Self {
        let mut read = Self { names, ..Self::default() };
        read.report.not_taken = left;
        let mut objects = Objects::new();
        let (mut shared, mut standard) = (values::of_org(schema), BTreeMap::<String, Values>::new());
        let mut others = Vec::new();
        for part in parts {
            match part.kind.as_str() {
                "object" | "field" | "validationRule" | "recordType" | "businessProcess" => {
                    object::collect(&mut objects, part, &mut read.report.not_taken);
                }
                "globalValueSet" => {
                    shared.insert(part.name.to_lowercase(), values::values(&part.element, "customValue"));
                    read.value_sets.push(part);
                }
                "standardValueSet" => read.standard_value_set(&part, &mut standard),
                "role" => read.roles.push(part),
                "workflow" => read.workflows.push(part),
                "platformEventChannel" | "platformEventChannelMember" => read.event_channels.push(part),
                "profile" | "permissionset" | "mutingpermissionset" => read.permissions.push(part),
                _ => others.push(part),
            }
        }
        let known = Known { schema, shared: &shared, standard: &standard };
        read.definitions = object::define(&objects, &read.names, &known, &mut read.report.not_taken);
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

    fn standard_value_set(&mut self, part: &Part, standard: &mut BTreeMap<String, Values>) {
        if !values::STANDARD_VALUE_SETS.iter().any(|(known, _)| *known == part.name) {
            let what = format!("standard value set {}", part.name);
            let why = "no field of the org uses it";
            self.report.not_taken.push(NotTaken::new(&part.file, part.element.line, &what, why));
            return;
        }
        if MEANINGS.contains(&part.name.as_str()) {
            let rows = part.element.all("standardValue").filter_map(values::meaning).collect();
            self.meanings.push((part.name.clone(), rows));
        }
        standard.insert(part.name.clone(), values::values(&part.element, "standardValue"));
        self.report.took("standard value sets", 1);
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
pub(crate) fn part(path: &str, bytes: &[u8], left: &mut Vec<NotTaken>) -> Option<Part> {
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
