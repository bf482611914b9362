//! The loader: from a file of definitions to a bigger schema. The standard objects and what a product's
//! package adds come through the same door; a package may add custom objects and custom fields only.
//!
//! A mistake is never skipped: it is an error that names the file, the place and what was expected.

use std::fmt;

use super::build;
use super::custom;
use super::custom_object;
use super::format::{Document, Entries, FieldDef, ObjectDef};
use super::place::{path_at, position_of, position_of_path};
use super::{Object, Schema, roll_up};
use crate::name::{Name, NameMap};
use crate::rules::RuleMistake;

/// A mistake in a file of definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageError {
    pub file: String,
    /// From 1; 0 where no place in the text can be named.
    pub line: usize,
    pub column: usize,
    /// The path of keys, for instance `objects.Lead.fields.Region__c`.
    pub path: String,
    /// What is wrong there, and what was expected.
    pub problem: String,
}

impl fmt::Display for PackageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.problem)
    }
}

impl std::error::Error for PackageError {}

/// Who defines: Salesforce, or somebody who adds to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Standard,
    /// Salesforce again, for an org that has a feature: more fields of its objects, and more objects.
    Feature,
    Package,
    /// An administrator of an org that stands: what is there already is said anew.
    Change,
}

impl Schema {
    /// This schema with what a package adds: custom objects, and custom fields on objects that are here.
    pub fn load_package(&self, file_name: &str, json: &str) -> Result<Self, PackageError> {
        self.load(&[(file_name, json)], Origin::Package)
    }

    /// The same, but a field or an object with a mistake is left out and named, and the rest is taken. Only a text that is no
    /// package at all is an error.
    pub fn load_package_leniently(
        &self,
        file_name: &str,
        json: &str,
    ) -> Result<(Self, Vec<PackageError>), PackageError> {
        let mut left_out = Vec::new();
        let schema = self.load_with(&[(file_name, json)], Origin::Package, &mut |mistake| {
            left_out.push(mistake);
            Ok(())
        })?;
        Ok((schema, left_out))
    }

    /// The same, and custom fields and objects that are here already become what the text says of them, in their places: a
    /// label, values, a length, another type.
    pub fn change_leniently(
        &self,
        file_name: &str,
        json: &str,
    ) -> Result<(Self, Vec<PackageError>), PackageError> {
        let mut left_out = Vec::new();
        let schema = self.load_with(&[(file_name, json)], Origin::Change, &mut |mistake| {
            left_out.push(mistake);
            Ok(())
        })?;
        Ok((schema, left_out))
    }

    /// This schema with more of Salesforce's own objects, in the words of the standard ones: those that only one API shows.
    pub fn with_set_up_objects(&self, file_name: &str, json: &str) -> Result<Self, PackageError> {
        self.load(&[(file_name, json)], Origin::Standard)
    }

    /// All files together: they may refer to each other.
    pub(super) fn load(&self, files: &[(&str, &str)], origin: Origin) -> Result<Self, PackageError> {
        self.load_with(files, origin, &mut Err)
    }

    fn load_with(
        &self,
        files: &[(&str, &str)],
        origin: Origin,
        mistake: OnMistake<'_>,
    ) -> Result<Self, PackageError> {
        let mut schema = self.clone();
        let mut objects: Vec<Object> = Vec::new();
        let mut sources = Vec::new();
        for &(file, json) in files {
            let source = Source { file, json };
            let document: Document = serde_json::from_str(json).map_err(|error| source.syntax(&error))?;
            if let Some(namespace) = &document.namespace {
                schema = schema.with_namespace(namespace);
            }
            for (name, def) in document.objects.0 {
                let taken: Vec<[u8; 3]> = objects.iter().map(|object| object.record_prefix).collect();
                if let Some(object) = schema.load_object(&source, &name, def, origin, &taken, mistake)? {
                    objects.push(object);
                    sources.push(source);
                }
            }
        }
        if matches!(origin, Origin::Package | Origin::Change) {
            let names: Vec<Name> = objects.iter().map(|object| object.name.clone()).collect();
            for (object, source) in objects.iter_mut().zip(&sources) {
                schema.check_references(object, &names, source, mistake)?;
            }
            schema.settle_roll_ups(&mut objects, &sources, mistake)?;
        }
        loop {
            let mut grown = schema.with_objects(objects.iter().cloned());
            let wrong = grown.compile_formulas();
            if wrong.is_empty() {
                return Ok(grown);
            }
            // Where mistakes are left out, others may have referred to them.
            for wrong in wrong {
                let at = objects.iter().position(|object| object.name == *wrong.object);
                let source = at.map_or(Source { file: "", json: "" }, |at| sources[at]);
                let path = ["objects", &wrong.object, "fields", &wrong.field];
                mistake(source.error(&path, wrong.error.to_string()))?;
                if let Some(at) = at {
                    self.leave_out(&mut objects[at], &wrong.field);
                }
            }
        }
    }

    /// Takes a field out that has a mistake: a new one goes, one that was there stays as it was.
    fn leave_out(&self, object: &mut Object, field: &str) {
        let before = self.object(object.name.as_str()).and_then(|known| known.field(field));
        match before {
            Some((position, before)) => object.fields[position] = before.clone(),
            None => object.fields.retain(|known| known.name != *field),
        }
    }

    fn load_object(
        &self,
        source: &Source<'_>,
        name: &str,
        mut def: ObjectDef,
        origin: Origin,
        taken: &[[u8; 3]],
        mistake: OnMistake<'_>,
    ) -> Result<Option<Object>, PackageError> {
        let defs = std::mem::take(&mut def.fields);
        let made = match (self.object(name), origin) {
            (Some(_), Origin::Standard) => Err(format!("{name} is defined already")),
            (Some(known), Origin::Feature) => Ok(Object::clone(known)),
            (Some(known), Origin::Package) => custom_object::only_fields(&def).map(|()| Object::clone(known)),
            (Some(known), Origin::Change) => custom_object::change(known, def),
            (None, Origin::Standard | Origin::Feature) => Ok(build::object(name, &mut def)),
            (None, Origin::Package | Origin::Change) => {
                let next_prefix = |letter| self.next_custom_prefix(letter, taken);
                custom_object::object(name, &mut def, &defs, next_prefix)
            }
        };
        let mut object = match made {
            Ok(object) => object,
            Err(problem) => {
                mistake(source.error(&["objects", name], problem))?;
                return Ok(None);
            }
        };
        load_fields(source, &mut object, name, defs, origin, mistake)?;
        Ok(Some(object))
    }

    /// The types of roll-ups follow from objects that may stand further down in the file.
    fn settle_roll_ups(
        &self,
        objects: &mut [Object],
        sources: &[Source<'_>],
        mistake: OnMistake<'_>,
    ) -> Result<(), PackageError> {
        let (mut settled, mut wrong) = (Vec::new(), Vec::new());
        for (at, (parent, source)) in objects.iter().zip(sources).enumerate() {
            for (position, field) in parent.fields.iter().enumerate() {
                let Some(roll_up) = &field.roll_up else { continue };
                let child = roll_up.foreign_key().and_then(|(name, _)| {
                    let known = || self.object(name).map(AsRef::as_ref);
                    objects.iter().rfind(|object| object.name.is(name)).or_else(known)
                });
                let checked = match child {
                    Some(child) => roll_up.check(parent, child),
                    None => Err(format!(
                        "summaryForeignKey names `{}`; `Child__c.Parent__c` expected, with an object that is here",
                        roll_up.summary_foreign_key
                    )),
                };
                let path = ["objects", parent.name.as_str(), "fields", field.name.as_str()];
                match checked {
                    Ok(summarized) => settled.push((at, position, summarized.cloned())),
                    Err(problem) => {
                        mistake(source.error(&path, problem))?;
                        wrong.push((at, position));
                    }
                }
            }
        }
        for (at, position, summarized) in settled {
            roll_up::settle(&mut objects[at].fields[position], summarized.as_ref());
        }
        // From behind, so that the places before keep their meaning.
        for (at, position) in wrong.into_iter().rev() {
            let field = objects[at].fields[position].name.to_string();
            self.leave_out(&mut objects[at], &field);
        }
        Ok(())
    }

    /// Takes out the fields that point at an object which is nowhere.
    fn check_references(
        &self,
        object: &mut Object,
        added: &[Name],
        source: &Source<'_>,
        mistake: OnMistake<'_>,
    ) -> Result<(), PackageError> {
        let mut at = 0;
        while let Some(field) = object.fields.get(at) {
            let nowhere = |to: &&Name| self.object(to.as_str()).is_none() && !added.contains(to);
            let missing = field.reference_to.iter().filter(|_| field.custom).find(nowhere);
            let Some(to) = missing else {
                at += 1;
                continue;
            };
            let problem =
                format!("referenceTo names `{to}`, an object that neither the org nor this file has");
            let path = ["objects", object.name.as_str(), "fields", field.name.as_str()];
            mistake(source.error(&path, problem))?;
            let name = field.name.to_string();
            self.leave_out(object, &name);
            if object.fields.get(at).is_some_and(|left| left.name == *name) {
                at += 1;
            }
        }
        Ok(())
    }
}

/// What becomes of a mistake: it ends the loading, or it is written down and what has it is left out.
type OnMistake<'a> = &'a mut dyn FnMut(PackageError) -> Result<(), PackageError>;

fn load_fields(
    source: &Source<'_>,
    object: &mut Object,
    spelled: &str,
    defs: Entries<FieldDef>,
    origin: Origin,
    mistake: OnMistake<'_>,
) -> Result<(), PackageError> {
    let label = object.label.clone();
    let had = object.fields.len();
    for (name, def) in defs.0 {
        // A standard object comes with no field yet, and no name stands in its file twice.
        let known = if origin == Origin::Standard {
            None
        } else {
            object.fields.iter().position(|field| field.name.is(&name))
        };
        let made = match (known, origin) {
            (Some(known), Origin::Change) if object.fields[known].custom => {
                custom::redefine(&name, object, known, def).map(|()| Vec::new())
            }
            (Some(known), _) => custom::change(&object.fields[known], def).map(|field| {
                object.fields[known] = field;
                Vec::new()
            }),
            (None, Origin::Standard | Origin::Feature) => {
                build::field(&name, object.name.as_str(), &label, def).map(|field| vec![field])
            }
            (None, Origin::Package | Origin::Change) => custom::fields(&name, object, def),
        };
        match made {
            Ok(fields) => object.fields.extend(fields),
            Err(problem) => mistake(source.error(&["objects", spelled, "fields", &name], problem))?,
        }
    }
    while let Err((field, problem)) = check_names(object) {
        mistake(source.error(&["objects", spelled, "fields", &field], problem))?;
        // Only what is new can be wrong, so this ends.
        let Some(at) = object.fields.iter().skip(had).position(|known| known.name.is(&field)) else { break };
        object.fields.remove(had + at);
    }
    Ok(())
}

/// Names within the object that fields mention.
fn check_names(object: &Object) -> Result<(), (String, String)> {
    let names: NameMap<()> = object.fields.iter().map(|field| (field.name.clone(), ())).collect();
    let mut relationships: NameMap<&Name> = NameMap::default();
    for field in &object.fields {
        if let Some(relationship) = &field.relationship_name {
            relationships.entry(relationship.clone()).or_insert(&field.name);
        }
    }
    // The last one first: of two that clash, the newer is wrong.
    for field in object.fields.iter().rev() {
        let mentioned =
            [("controllerName", &field.controller_name), ("compoundFieldName", &field.compound_field_name)];
        for (key, name) in mentioned {
            if let Some(name) = name.as_ref().filter(|name| !names.contains_key(*name)) {
                let problem = format!("{key} names `{name}`, a field that {} does not have", object.name);
                return Err((field.name.to_string(), problem));
            }
        }
        let first = field.relationship_name.as_ref().and_then(|name| relationships.get(name));
        if let Some(other) = first.filter(|other| ***other != field.name) {
            let problem = format!("{} and {other} have the same relationshipName", field.name);
            return Err((field.name.to_string(), problem));
        }
    }
    Ok(())
}

/// A file, for errors that name their place in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) json: &'a str,
}

impl Source<'_> {
    fn error(&self, path: &[&str], problem: String) -> PackageError {
        let (line, column) = position_of(self.json, path).unwrap_or((0, 0));
        PackageError { file: self.file.to_owned(), line, column, path: path.join("."), problem }
    }

    /// A mistake at a written path, such as `records.Lead[2].Email`.
    pub(crate) fn mistake(&self, path: &str, problem: impl Into<String>) -> PackageError {
        let (line, column) = position_of_path(self.json, path);
        PackageError {
            file: self.file.to_owned(),
            line,
            column,
            path: path.to_owned(),
            problem: problem.into(),
        }
    }

    /// A mistake in a rule that stands at `path`.
    pub(crate) fn rule(&self, path: &str, mistake: RuleMistake) -> PackageError {
        let mistake = mistake.within(path);
        self.mistake(&mistake.path, mistake.problem)
    }

    pub(crate) fn syntax(&self, error: &serde_json::Error) -> PackageError {
        let (line, column) = (error.line(), error.column());
        let said = error.to_string();
        let bare = said.rfind(" at line ").map_or(said.as_str(), |at| &said[..at]);
        PackageError {
            file: self.file.to_owned(),
            line,
            column,
            path: path_at(self.json, line, column),
            problem: explain(bare),
        }
    }
}

/// Serde's list of all keys is long: the nearest one comes first.
fn explain(message: &str) -> String {
    let Some(rest) = message.strip_prefix("unknown field `") else { return message.to_owned() };
    let Some((unknown, rest)) = rest.split_once('`') else { return message.to_owned() };
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let nearest = known.iter().min_by_key(|word| distance(unknown, word));
    match nearest {
        Some(word) if distance(unknown, word) <= 1 + unknown.len() / 3 => {
            format!("unknown key `{unknown}`; did you mean `{word}`?")
        }
        _ => format!("unknown key `{unknown}`, expected one of {}", known.join(", ")),
    }
}

/// Levenshtein's distance without regard to case.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
