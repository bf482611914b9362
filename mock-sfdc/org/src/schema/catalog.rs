//! All objects of an org. A schema is a value: adding to it gives another one, and the positions of what
//! was there before stay, so that records written under the old one can be read under the new one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    ChildRelationship, Field, FieldType, GlobalValueSet, Object, ObjectIx, RecordTypeInfo, RollUp, RolledUp,
};
use super::{attachable, value_sets};
use crate::name::{Name, NameMap, NameRef};

/// The objects of an org. Cloning it is one reference count.
#[derive(Clone, Debug, Default)]
pub struct Schema(Arc<Inner>);

#[derive(Clone, Debug, Default)]
struct Inner {
    objects: Vec<Arc<Object>>,
    by_name: NameMap<ObjectIx>,
    by_prefix: BTreeMap<[u8; 3], ObjectIx>,
    /// Objects that keep their place but that nobody finds: only in what one user sees of a schema.
    hidden: BTreeSet<ObjectIx>,
    /// The org's own; names that begin with it are also found without it.
    namespace: Option<Name>,
    /// By name, in lower case.
    value_sets: BTreeMap<String, Arc<GlobalValueSet>>,
}

impl Schema {
    /// The object with this name, in any spelling.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<&Arc<Object>> {
        self.index(name).and_then(|ix| self.by_index(ix))
    }

    #[must_use]
    pub fn index(&self, name: &str) -> Option<ObjectIx> {
        self.0.by_name.get(&NameRef(name)).copied()
    }

    #[must_use]
    pub fn by_index(&self, ix: ObjectIx) -> Option<&Arc<Object>> {
        self.0.objects.get(ix.position())
    }

    /// The object whose rows have ids with this prefix. Where several share one (`01J` of the set-up
    /// picklists), the first.
    #[must_use]
    pub fn by_prefix(&self, prefix: [u8; 3]) -> Option<&Arc<Object>> {
        self.0.by_prefix.get(&prefix).and_then(|ix| self.by_index(*ix))
    }

    /// In the order of their indexes, which is the order in which they were added.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.0.objects.iter().filter(|object| !self.0.hidden.contains(&object.index))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.objects.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.objects.is_empty()
    }

    /// This schema and one object more. An object of the same name is replaced in its place; its fields
    /// must then begin with those that it had.
    #[must_use]
    pub fn with_object(&self, object: Object) -> Self {
        self.with_objects([object])
    }

    /// This schema and more objects: their references to each other and to what is here become child
    /// relationships of the parents.
    #[must_use]
    pub fn with_objects(&self, objects: impl IntoIterator<Item = Object>) -> Self {
        let mut inner = (*self.0).clone();
        let changed: Vec<ObjectIx> = objects.into_iter().map(|object| inner.put(object)).collect();
        for ix in &changed {
            inner.attach(*ix);
        }
        inner.relate(&changed);
        inner.sum_up();
        Self(Arc::new(inner))
    }

    /// A field, to be completed.
    pub(super) fn field_mut(&mut self, (object, position): (ObjectIx, usize)) -> Option<&mut Field> {
        let objects = &mut Arc::make_mut(&mut self.0).objects;
        Arc::make_mut(objects.get_mut(object.position())?).fields.get_mut(position)
    }

    /// This schema with a record type more, or with what is new of one: the object has a field for it, and describe lists it
    /// before the master type.
    #[must_use]
    pub fn with_record_type(
        &self,
        object: &str,
        id: &str,
        name: &str,
        developer_name: &str,
        active: bool,
    ) -> Self {
        let Some(known) = self.object(object) else { return self.clone() };
        let mut grown = Object::clone(known);
        if grown.field("RecordTypeId").is_none() {
            let mut field = Field::new("RecordTypeId", FieldType::Reference);
            field.reference_to = vec![Name::new("RecordType")];
            field.relationship_name = Some(Name::new("RecordType"));
            field.byte_length = field.length;
            field.permissionable = false;
            grown.fields.push(field);
        }
        grown.record_type_infos.retain(|info| info.record_type_id != id);
        let at = grown.record_type_infos.iter().position(|info| info.master);
        let info = RecordTypeInfo {
            active,
            available: active,
            default_record_type_mapping: false,
            developer_name: developer_name.to_owned(),
            master: false,
            name: name.to_owned(),
            record_type_id: id.to_owned(),
        };
        grown.record_type_infos.insert(at.unwrap_or(grown.record_type_infos.len()), info);
        self.with_object(grown)
    }

    /// This schema with fields appended to an object, or `None` if it has no such object.
    #[must_use]
    pub fn with_fields(&self, object: &str, fields: impl IntoIterator<Item = Field>) -> Option<Self> {
        let mut grown = Object::clone(self.object(object)?);
        grown.fields.extend(fields);
        Some(self.with_object(grown))
    }

    /// The same objects in the same places, but without names for those that are hidden, and others in the place of those
    /// that look different. What `hidden` and `changed` do not name is shared with this schema.
    pub(super) fn replaced(
        &self,
        hidden: BTreeSet<ObjectIx>,
        changed: impl IntoIterator<Item = Object>,
    ) -> Self {
        let mut inner = (*self.0).clone();
        for object in changed {
            let at = object.index.position();
            inner.objects[at] = Arc::new(object);
        }
        inner.by_name.retain(|_, ix| !hidden.contains(ix));
        inner.by_prefix.retain(|_, ix| !hidden.contains(ix));
        inner.hidden.extend(hidden);
        Self(Arc::new(inner))
    }

    /// The values that several fields share, in the order of their names.
    pub fn global_value_sets(&self) -> impl Iterator<Item = &Arc<GlobalValueSet>> {
        self.0.value_sets.values()
    }

    #[must_use]
    pub fn global_value_set(&self, name: &str) -> Option<&Arc<GlobalValueSet>> {
        self.0.value_sets.get(&name.to_lowercase())
    }

    /// This schema with a set, or with what is new of one: the fields that use it follow.
    #[must_use]
    pub fn with_global_value_set(&self, set: GlobalValueSet) -> Self {
        let followed = self.objects().filter_map(|object| set.followed_by(object)).collect::<Vec<_>>();
        let mut grown = self.with_objects(followed);
        Arc::make_mut(&mut grown.0).value_sets.insert(set.name.to_lowercase(), Arc::new(set));
        grown
    }

    /// This schema without a set. The text names a field that uses it.
    pub fn without_global_value_set(&self, name: &str) -> Result<Self, String> {
        if let Some(user) = self.objects().find_map(|object| value_sets::user_in(object, name)) {
            return Err(super::referenced("global value set", &format!("Custom Field - {user}")));
        }
        let mut lesser = self.clone();
        Arc::make_mut(&mut lesser.0).value_sets.remove(&name.to_lowercase());
        Ok(lesser)
    }

    /// Whether both are one value, not only equal.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// This schema in an org that has a namespace of its own: `ns__Region__c` is also found as `Region__c`.
    #[must_use]
    pub fn with_namespace(&self, namespace: &str) -> Self {
        let mut inner = (*self.0).clone();
        inner.namespace = Some(Name::new(namespace));
        for at in 0..inner.objects.len() {
            let object = Object::clone(&inner.objects[at]);
            inner.put(object);
        }
        Self(Arc::new(inner))
    }

    /// The namespace of the org itself.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.0.namespace.as_ref().map(Name::as_str)
    }

    /// A key prefix for the next custom object: `a00`, `a01`, … in the digits of ids, but none of `taken`.
    pub(super) fn next_custom_prefix(&self, letter: u8, taken: &[[u8; 3]]) -> [u8; 3] {
        const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        DIGITS
            .iter()
            .flat_map(|high| DIGITS.iter().map(move |low| [letter, *high, *low]))
            .find(|prefix| !self.0.by_prefix.contains_key(prefix) && !taken.contains(prefix))
            .unwrap_or([letter, b'z', b'z'])
    }
}

impl Inner {
    fn put(&mut self, mut object: Object) -> ObjectIx {
        object.namespace.clone_from(&self.namespace);
        object.reindex();
        if let Some(&ix) = self.by_name.get(&object.name) {
            object.index = ix;
            self.objects[ix.position()] = Arc::new(object);
            return ix;
        }
        let ix = ObjectIx(u16::try_from(self.objects.len()).unwrap_or(u16::MAX));
        object.index = ix;
        self.by_name.insert(object.name.clone(), ix);
        if let Some(short) = object.without_namespace(&object.name)
            && !self.by_name.contains_key(&short)
        {
            self.by_name.insert(short, ix);
        }
        self.by_prefix.entry(object.record_prefix).or_insert(ix);
        self.objects.push(Arc::new(object));
        ix
    }

    /// Lets files and notes hang on the records of a custom object.
    fn attach(&mut self, ix: ObjectIx) {
        let object = Arc::clone(&self.objects[ix.position()]);
        for (child, lookup) in attachable::lookups(&object) {
            let Some(&child) = self.by_name.get(&NameRef(child)) else { continue };
            if let Some(child) = attachable::attached(&self.objects[child.position()], lookup, &object) {
                self.put(child);
            }
        }
    }

    /// Derives the child relationships that the references of `changed` give their parents, and those
    /// that others' references give to `changed`.
    fn relate(&mut self, changed: &[ObjectIx]) {
        let mut rows: BTreeMap<ObjectIx, Vec<ChildRelationship>> = BTreeMap::new();
        for child in self.objects.iter().filter(|child| !self.hidden.contains(&child.index)) {
            let child_changed = changed.contains(&child.index);
            for (position, field) in child.fields.iter().enumerate() {
                for parent in &field.reference_to {
                    let Some(&parent) = self.by_name.get(parent) else { continue };
                    if !field.child.absent && (child_changed || changed.contains(&parent)) {
                        rows.entry(parent).or_default().push(row(child, position, field));
                    }
                }
            }
        }
        for (parent, rows) in rows {
            let parent = Arc::make_mut(&mut self.objects[parent.position()]);
            for row in rows {
                let known = |old: &ChildRelationship| {
                    old.child_sobject == row.child_sobject && old.field == row.field
                };
                match parent.child_relationships.iter_mut().find(|old| known(old)) {
                    Some(old) => *old = row,
                    None => parent.child_relationships.push(row),
                }
            }
            parent.child_relationships.sort_by(|a, b| {
                a.child_sobject
                    .as_str()
                    .cmp(b.child_sobject.as_str())
                    .then_with(|| a.child_field.cmp(&b.child_field))
            });
        }
    }
}

impl Inner {
    /// Tells each object which roll-ups of others its records feed.
    fn sum_up(&mut self) {
        let mut fed: BTreeMap<ObjectIx, Vec<RolledUp>> = BTreeMap::new();
        for parent in self.objects.iter().filter(|parent| !self.hidden.contains(&parent.index)) {
            for (position, field) in parent.fields.iter().enumerate() {
                let Some(roll_up) = &field.roll_up else { continue };
                let child = roll_up.foreign_key().and_then(|(name, _)| self.by_name.get(&NameRef(name)));
                if let Some(child) = child.and_then(|child| self.objects.get(child.position()))
                    && let Some(place) = RollUp::resolve(roll_up, child, parent.index, position)
                {
                    fed.entry(child.index).or_default().push(place);
                }
            }
        }
        for (child, places) in fed {
            let child = &mut self.objects[child.position()];
            if child.rolled_up != places {
                Arc::make_mut(child).rolled_up = places;
            }
        }
    }
}

fn row(child: &Object, child_field: usize, field: &Field) -> ChildRelationship {
    ChildRelationship {
        child_sobject: child.name.clone(),
        field: field.name.clone(),
        relationship_name: field.child.relationship_name.clone(),
        cascade_delete: field.child.cascade_delete,
        restricted_delete: field.child.restricted_delete,
        deprecated_and_hidden: child.deprecated_and_hidden || field.deprecated_and_hidden,
        junction_id_list_names: Vec::new(),
        junction_reference_to: Vec::new(),
        child: child.index,
        child_field,
    }
}
