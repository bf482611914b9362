//! A schema as one user sees it (`contract/behaviour.md` section 9): what the user may not see has no name there, and flags
//! say what the user may do. Nothing moves: indexes and positions are those of the whole schema, so that records written under
//! it are read under this one, and whatever takes names (describe, queries, bodies) follows permissions without knowing them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Field, Object, ObjectIx, Schema};

/// How an object looks to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectSight {
    Hidden,
    Seen { create: bool, edit: bool, delete: bool },
}

/// How a field looks to a user who sees its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldSight {
    Hidden,
    ReadOnly,
    Editable,
}

impl Schema {
    /// This schema as somebody sees it; itself where that is all of it.
    #[must_use]
    pub fn seen(
        &self,
        of_object: impl Fn(&Object) -> ObjectSight,
        of_field: impl Fn(&Object, usize, &Field) -> FieldSight,
    ) -> Self {
        let mut hidden = BTreeSet::new();
        let mut sights = BTreeMap::new();
        for object in self.objects() {
            match of_object(object) {
                ObjectSight::Hidden => {
                    hidden.insert(object.index);
                }
                ObjectSight::Seen { create, edit, delete } => {
                    let fields = object.fields.iter().enumerate();
                    let fields = fields.map(|(at, field)| of_field(object, at, field)).collect();
                    sights.insert(object.index, Sight { create, edit, delete, fields });
                }
            }
        }
        let changed: Vec<Object> =
            self.objects().filter_map(|object| self.look(object, &hidden, &sights)).collect();
        if hidden.is_empty() && changed.is_empty() {
            return self.clone();
        }
        self.replaced(hidden, changed)
    }

    /// The object as it is seen, where that differs from how it is.
    fn look(
        &self,
        object: &Object,
        hidden: &BTreeSet<ObjectIx>,
        sights: &BTreeMap<ObjectIx, Sight>,
    ) -> Option<Object> {
        let sight = sights.get(&object.index)?;
        let unseen_child = |child: ObjectIx, field: usize| {
            hidden.contains(&child) || sights.get(&child).is_some_and(|sight| sight.hides(field))
        };
        // A reference that leads to nothing visible keeps its id, but cannot be followed.
        let leads_nowhere = |field: &Field| {
            let mut targets =
                field.reference_to.iter().filter_map(|name| self.index(name.as_str())).peekable();
            targets.peek().is_some() && targets.all(|target| hidden.contains(&target))
        };
        let same = sight.leaves(object)
            && !object.child_relationships.iter().any(|row| unseen_child(row.child, row.child_field))
            && !object.fields.iter().any(leads_nowhere);
        if same {
            return None;
        }
        let mut seen = object.clone();
        sight.apply(&mut seen);
        seen.child_relationships.retain(|row| !unseen_child(row.child, row.child_field));
        let lost: Vec<usize> = (0..seen.fields.len())
            .filter(|at| leads_nowhere(&seen.fields[*at]) || sight.hides(*at))
            .collect();
        seen.by_name.retain(|_, at| !sight.hides(usize::from(*at)));
        seen.hide_what_no_name_leads_to();
        seen.by_relationship.retain(|_, at| !lost.contains(&usize::from(*at)));
        Some(seen)
    }
}

/// What somebody may do with an object and its fields.
struct Sight {
    create: bool,
    edit: bool,
    delete: bool,
    fields: Vec<FieldSight>,
}

impl Sight {
    fn hides(&self, field: usize) -> bool {
        self.fields.get(field) == Some(&FieldSight::Hidden)
    }

    /// Whether the object and its fields look as they are.
    fn leaves(&self, object: &Object) -> bool {
        let flags = (self.create || !object.createable)
            && (self.edit || !object.updateable)
            && (self.delete || !object.deletable);
        let field = |(sight, field): (&FieldSight, &Field)| match sight {
            FieldSight::Hidden => false,
            FieldSight::ReadOnly => !field.createable && !field.updateable,
            FieldSight::Editable => true,
        };
        flags && self.fields.iter().zip(&object.fields).all(field)
    }

    fn apply(&self, object: &mut Object) {
        object.createable &= self.create;
        object.updateable &= self.edit;
        object.deletable &= self.delete;
        object.undeletable &= self.delete;
        object.mergeable &= self.edit && self.delete;
        for (field, sight) in object.fields.iter_mut().zip(&self.fields) {
            let editable = *sight == FieldSight::Editable;
            field.createable &= editable && self.create;
            field.updateable &= editable && self.edit;
        }
    }
}
