//! Paths: aliases, prefixes, references upwards, references to several objects.

use std::sync::Arc;

use super::super::ast::{self, Span, Word};
use super::super::expr::{Path, Place, Slot, Step};
use super::{Bind, Binder, not_emulated};
use crate::{
    error::Error,
    name::Name,
    schema::{Field, FieldType, Object, ObjectIx},
    state::RECENTLY_VIEWED,
};

/// References that may be followed upwards in one path.
const MAX_LEVELS: usize = 5;

/// Fields of `Name`, the object that stands for whatever a reference to several objects points to.
const FIELDS_OF_NAME: [&str; 16] = [
    "Alias",
    "Email",
    "FirstName",
    "Id",
    "IsActive",
    "LastName",
    "MiddleName",
    "Name",
    "NameOrAlias",
    "Phone",
    "Suffix",
    "Title",
    "Type",
    "Username",
    "ProfileId",
    "UserRoleId",
];

/// What names mean in one query: its object, and what stands after FROM.
#[derive(Clone, Debug)]
pub(in super::super) struct Scope<'a> {
    pub object: &'a Arc<Object>,
    alias: Option<&'a str>,
    /// Aliases of relationship paths: `FROM Contact c, c.Account a`.
    paths: Vec<(&'a str, Vec<&'a str>)>,
}

/// A path whose names were found.
#[derive(Clone, Debug)]
pub(super) struct Resolved<'a> {
    pub path: Path,
    /// Relationship names, in the spelling of the schema.
    pub parents: Vec<Name>,
    /// Of several objects the first that has it.
    pub field: &'a Field,
    /// The object that the field was found in.
    pub owner: &'a Arc<Object>,
}

impl<'a> Resolved<'a> {
    /// `Type` behind a reference to several objects is a text, whatever the field of that name is.
    pub(super) fn kind(&self) -> FieldType {
        if self.path.slot == Slot::Type { FieldType::String } else { self.field.kind }
    }

    /// The field's name as answers spell it.
    pub fn name(&self) -> &'a str {
        if self.path.slot == Slot::Type { "Type" } else { self.field.name.as_str() }
    }

    /// `Account.Owner.Name`, in the spelling of the schema.
    pub fn full_name(&self) -> String {
        let parents = self.parents.iter().map(|name| format!("{name}."));
        format!("{}{}", parents.collect::<String>(), self.name())
    }
}

/// Where a path has come to: one object, or one of several.
#[derive(Clone, Debug)]
struct Reached<'a> {
    objects: Vec<&'a Arc<Object>>,
    many: bool,
}

impl<'a> Binder<'a> {
    pub(super) fn scope(&self, object: &'a Arc<Object>, from: &'a [ast::From]) -> Bind<Scope<'a>> {
        let alias = from[0].alias.as_ref().map(|alias| alias.text.as_str());
        let mut scope = Scope { object, alias, paths: Vec::new() };
        // A path may begin with an alias that stands further right.
        let mut waiting: Vec<&'a ast::From> = from[1..].iter().collect();
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting.retain(|item| match scope.expand(&item.path) {
                Some(path) => {
                    let name = item.alias.as_ref().unwrap_or(&item.path);
                    scope.paths.push((name.text.as_str(), path));
                    false
                }
                None => true,
            });
            if waiting.len() == before {
                let item = waiting[0];
                return Err(self.unknown_relationship(&item.path.text, item.path.span));
            }
        }
        for item in &from[1..] {
            let name = item.alias.as_ref().unwrap_or(&item.path);
            if let Some((_, path)) = scope.paths.iter().find(|(known, _)| name.is(known)) {
                self.walk(&scope, path, item.path.span)?;
            }
        }
        Ok(scope)
    }

    /// Finds a field.
    pub(super) fn field(&self, scope: &Scope<'a>, word: &'a Word) -> Bind<Resolved<'a>> {
        let mut steps = scope.steps(word);
        let name = steps.pop().unwrap_or_default();
        let (path, parents, place) = self.walk(scope, &steps, word.span)?;
        self.end(path, parents, &place, name, word.span)
    }

    /// Finds the reference that a relationship name stands for: `What` in `TYPEOF What`.
    pub(super) fn reference(&self, scope: &Scope<'a>, word: &'a Word) -> Bind<(Step, Name, &'a Field)> {
        let steps = scope.steps(word);
        let [name] = steps.as_slice() else {
            return Err(self.unknown_relationship(&word.text, word.span));
        };
        let (position, field) = scope
            .object
            .parent_relationship(name)
            .ok_or_else(|| self.unknown_relationship(name, word.span))?;
        let relationship = field.relationship_name.clone().unwrap_or_else(|| Name::new(name));
        Ok((Step { at: Place::At(position), to: None }, relationship, field))
    }

    /// A field of `Name` behind the reference `path`.
    pub(super) fn field_of_name(&self, scope: &Scope<'a>, path: &Word, name: &Word) -> Bind<Resolved<'a>> {
        let steps: Vec<&str> = path.steps().collect();
        let (path, parents, reached) = self.walk(scope, &steps, path.span)?;
        self.end(path, parents, &reached, &name.text, name.span)
    }

    fn walk(
        &self,
        scope: &Scope<'a>,
        names: &[&str],
        span: Span,
    ) -> Bind<(Vec<Step>, Vec<Name>, Reached<'a>)> {
        if names.len() > MAX_LEVELS {
            return Err(self.at(span, &Error::path_too_long(MAX_LEVELS, names.len())));
        }
        let mut place = Reached { objects: vec![scope.object], many: false };
        let mut steps = Vec::with_capacity(names.len());
        let mut parents = Vec::with_capacity(names.len());
        let mut path = String::new();
        for name in names {
            let (step, relationship, next) = self.step(&place, name, span)?;
            steps.push(step);
            path = format!("{path}.{}", relationship.as_str());
            self.upwards.borrow_mut().insert((scope.object.index.0, path.clone()));
            parents.push(relationship);
            place = next;
        }
        Ok((steps, parents, place))
    }

    fn step(&self, place: &Reached<'a>, name: &str, span: Span) -> Bind<(Step, Name, Reached<'a>)> {
        let found: Vec<(ObjectIx, usize, &'a Field)> = place
            .objects
            .iter()
            .filter_map(|object| {
                object.parent_relationship(name).map(|(position, field)| (object.index, position, field))
            })
            .collect();
        let Some((_, position, field)) = found.first().copied() else {
            return Err(self.unknown_relationship(name, span));
        };
        // A reference to several objects that does not point at names is followed to its own one, which is told last.
        let passed = if field.name_pointing { 0 } else { field.reference_to.len().saturating_sub(1) };
        let targets = &field.reference_to[passed..];
        let objects: Vec<&'a Arc<Object>> =
            targets.iter().filter_map(|target| self.schema.object(target.as_str())).collect();
        let Some(first) = objects.first() else {
            let targets: Vec<&str> = field.reference_to.iter().map(Name::as_str).collect();
            return Err(not_emulated(&format!("relationship {name} to {}", targets.join(", "))));
        };
        let many = targets.len() > 1;
        let at = if place.many {
            Place::ByObject(found.iter().map(|(object, position, _)| (*object, *position)).collect())
        } else {
            Place::At(position)
        };
        let relationship = field.relationship_name.clone().unwrap_or_else(|| Name::new(name));
        let to = (!many).then_some(first.index);
        Ok((Step { at, to }, relationship, Reached { objects, many }))
    }

    fn end(
        &self,
        steps: Vec<Step>,
        parents: Vec<Name>,
        place: &Reached<'a>,
        name: &str,
        span: Span,
    ) -> Bind<Resolved<'a>> {
        let entity = if place.many { "Name" } else { place.objects[0].name.as_str() };
        let unknown = || self.unknown_column(name, entity, span);
        if place.many && !FIELDS_OF_NAME.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(unknown());
        }
        let is_type = place.many && name.eq_ignore_ascii_case("Type");
        let found: Vec<(&'a Arc<Object>, usize, &'a Field)> = place
            .objects
            .iter()
            .filter_map(|object| {
                let field = if place.many && (is_type || name.eq_ignore_ascii_case("Name")) {
                    // A case's name is its number, a task's its subject.
                    object.field("Name").or_else(|| object.name_field())
                } else {
                    object.field(name)
                };
                field.map(|(position, field)| (*object, position, field))
            })
            .collect();
        let Some((owner, position, field)) = found.first().copied() else { return Err(unknown()) };
        let slot = if is_type {
            Slot::Type
        } else if field.kind == FieldType::Id {
            Slot::Id
        } else if let Some(position) = self.seen(owner, field) {
            Slot::Seen(position)
        } else if place.many {
            Slot::Field(Place::ByObject(found.iter().map(|(object, at, _)| (object.index, *at)).collect()))
        } else {
            Slot::Field(Place::At(position))
        };
        let path = Path { steps: steps.into(), slot };
        Ok(Resolved { path, parents, field, owner })
    }

    /// Where `RecentlyViewed` keeps what is each user's own.
    pub(super) fn seen(&self, object: &Object, field: &Field) -> Option<usize> {
        let own = field.name.is("LastViewedDate") || field.name.is("LastReferencedDate");
        if !own || object.name.is(RECENTLY_VIEWED) {
            return None;
        }
        let (position, _) = self.schema.object(RECENTLY_VIEWED)?.field(field.name.as_str())?;
        Some(position)
    }

    pub(super) fn unknown_column(&self, name: &str, entity: &str, span: Span) -> super::SoqlError {
        self.at(span, &Error::no_such_column(name, entity))
    }

    pub(super) fn unknown_relationship(&self, name: &str, span: Span) -> super::SoqlError {
        self.at(span, &Error::unknown_relationship(name))
    }
}

impl<'a> Scope<'a> {
    /// Without aliases.
    pub fn of(object: &'a Arc<Object>) -> Self {
        Self { object, alias: None, paths: Vec::new() }
    }

    /// The steps of a path with its alias or the object's own name taken off.
    fn steps(&self, word: &'a Word) -> Vec<&'a str> {
        let steps: Vec<&str> = word.steps().collect();
        if steps.len() < 2 {
            return steps;
        }
        let first = steps[0];
        if let Some((_, path)) = self.paths.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(first)) {
            return path.iter().copied().chain(steps[1..].iter().copied()).collect();
        }
        if self.is_own(first) { steps[1..].to_vec() } else { steps }
    }

    /// The query's alias, or the object's name where no relationship has it.
    pub fn is_own(&self, word: &str) -> bool {
        self.alias.is_some_and(|alias| alias.eq_ignore_ascii_case(word))
            || (self.object.name.is(word) && self.object.parent_relationship(word).is_none())
    }

    /// The relationships that an entry after the first FROM stands for; None when it begins with nothing known.
    fn expand(&self, word: &'a Word) -> Option<Vec<&'a str>> {
        let steps: Vec<&str> = word.steps().collect();
        let (first, rest) = steps.split_first()?;
        if rest.is_empty() {
            return None;
        }
        if let Some((_, path)) = self.paths.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(first)) {
            return Some(path.iter().chain(rest).copied().collect());
        }
        self.is_own(first).then(|| rest.to_vec())
    }
}
