//! What SELECT nests: child subqueries and TYPEOF.

use std::sync::Arc;

use super::super::ast::{self, Query, Word};
use super::super::bound::{Children, Item, Shape};
use super::super::error::SoqlError;
use super::select::SelectList;
use super::{Bind, Binder, MAX_CHILD_LEVELS, NESTED_CHILDREN_SINCE, Output, Scope};
use crate::{error::Error, name::Name, schema::Object};

impl<'a> Binder<'a> {
    pub(super) fn children(
        &mut self,
        query: &'a Query,
        scope: &Scope<'a>,
        level: usize,
        single_parent: bool,
    ) -> Bind<Children> {
        let levels = if self.options.api_version >= NESTED_CHILDREN_SINCE { MAX_CHILD_LEVELS } else { 1 };
        let from = &query.from[0].path;
        if level >= levels {
            return Err(self.at(from.span, &Error::children_too_deep(levels)));
        }
        let steps: Vec<&str> = from.steps().collect();
        let name = match steps.as_slice() {
            [name] => *name,
            [first, name] if scope.is_own(first) => *name,
            _ => return Err(self.unknown_children(from)),
        };
        let relationship =
            scope.object.child_relationship(name).ok_or_else(|| self.unknown_children(from))?;
        let child = self.schema.by_index(relationship.child).ok_or_else(|| self.unknown_children(from))?;
        if self.offset(query.offset.as_ref())? > 0 && !single_parent {
            return Err(Error::offset_in_subquery().into());
        }
        let inner = self.scope(child, &query.from)?;
        let bound = self.query(query, &inner, level + 1)?;
        let key = relationship.relationship_name.as_ref().map_or(name, Name::as_str);
        if !matches!(bound.output, Output::Records(_)) {
            return Err(self.at(from.span, &Error::groups_in_subquery()));
        }
        Ok(Children { key: key.into(), link: relationship.child_field, query: Arc::new(bound) })
    }

    fn unknown_children(&self, path: &Word) -> SoqlError {
        self.at(path.span, &Error::unknown_child_relationship(path))
    }

    pub(super) fn type_of(&self, type_of: &'a ast::TypeOf, scope: &Scope<'a>) -> Bind<Item> {
        let (step, key, field) = self.reference(scope, &type_of.path)?;
        if field.reference_to.len() < 2 {
            return Err(self.at(type_of.path.span, &Error::type_of_one_object(&type_of.path)));
        }
        let mut branches = Vec::with_capacity(type_of.branches.len());
        for (name, fields) in &type_of.branches {
            let object = self.object(name)?;
            if !field.refers_to(object.name.as_str()) {
                return Err(self.at(name.span, &Error::cannot_refer_to(&type_of.path, object.name.as_str())));
            }
            branches.push((object.index, self.fields_of(object, fields)?));
        }
        // The ELSE fields are those of Name; each object answers with its own field of that name.
        let otherwise = self.name_fields(&type_of.otherwise, scope, &type_of.path)?;
        Ok(Item::TypeOf { key, step, branches, otherwise })
    }

    fn fields_of(&self, object: &'a Arc<Object>, words: &'a [Word]) -> Bind<Shape> {
        let scope = Scope::of(object);
        let mut list = SelectList::default();
        for word in words {
            let resolved = self.field(&scope, word)?;
            list.add(&resolved)?;
        }
        Ok(list.shape)
    }

    fn name_fields(&self, words: &'a [Word], scope: &Scope<'a>, path: &Word) -> Bind<Shape> {
        let mut list = SelectList::default();
        for word in words {
            let resolved = self.field_of_name(scope, path, word)?;
            let slot = resolved.path.slot.clone();
            let kind = resolved.kind();
            list.shape.items.push(Item::Field { key: resolved.name().into(), slot, kind });
        }
        Ok(list.shape)
    }
}
