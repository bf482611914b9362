//! Page layouts. This org has none that an administrator drew: every object has one, made of its fields in their own order,
//! two beside each other, and of its child sets. Every record type uses it.

use crate::{
    id::Id,
    schema::{ChildRelationship, Field, FieldType, Object, Schema},
};

/// How many items stand beside each other.
pub const COLUMNS: usize = 2;

/// One object's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub id: Id,
    pub sections: Vec<Section>,
}

/// A heading, and rows of items under it; an item is the position of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub id: Id,
    pub heading: String,
    pub rows: Vec<Vec<usize>>,
}

/// The page on which a record is read.
#[must_use]
pub fn detail(object: &Object, pod: [u8; 2]) -> Layout {
    of(object, pod, |_| true)
}

/// The page on which it is written: what nobody can write is left out.
#[must_use]
pub fn edit(object: &Object, pod: [u8; 2]) -> Layout {
    of(object, pod, |field| {
        field.createable
            || field.updateable
            || components(object, field).any(|(_, part)| part.createable || part.updateable)
    })
}

/// The fields that make up a compound one: they stand in its item, not in items of their own.
pub fn components<'a>(object: &'a Object, compound: &'a Field) -> impl Iterator<Item = (usize, &'a Field)> {
    object
        .visible_fields()
        .filter(|(_, part)| part.compound_field_name.as_ref().is_some_and(|name| *name == compound.name))
        .filter(|(_, part)| part.name != compound.name)
}

/// Whether a page asks for the field: without it a record is not saved.
#[must_use]
pub fn is_required(field: &Field) -> bool {
    field.createable && !field.nillable && !field.defaulted_on_create
}

/// The child sets that a page shows: those with a name, of objects that have pages themselves.
pub fn related_lists<'a>(
    object: &'a Object,
    schema: &'a Schema,
) -> impl Iterator<Item = (&'a ChildRelationship, &'a Object)> {
    object.child_relationships.iter().filter_map(|relationship| {
        let child = schema.object(relationship.child_sobject.as_str())?;
        (relationship.relationship_name.is_some() && child.layoutable).then_some((relationship, &**child))
    })
}

/// What a related list shows of a row: its name or, where rows have none, what their page begins with.
#[must_use]
pub fn list_column(child: &Object) -> Option<&Field> {
    let first = || child.visible_fields().find(|(_, field)| is_item(child, field) && !is_system(field));
    child.name_field().or_else(first).or_else(|| child.visible_fields().next()).map(|(_, field)| field)
}

fn of(object: &Object, pod: [u8; 2], shown: impl Fn(&Field) -> bool) -> Layout {
    let number = u64::from(object.index.0) * 2;
    let section = |at: u64, heading: String, system: bool| {
        let items = object
            .visible_fields()
            .filter(|(_, field)| is_item(object, field) && is_system(field) == system && shown(field))
            .map(|(position, _)| position)
            .collect::<Vec<_>>();
        Section {
            id: Id::from_number(*b"01B", pod, number + at),
            heading,
            rows: items.chunks(COLUMNS).map(<[usize]>::to_vec).collect(),
        }
    };
    let sections = vec![
        section(1, format!("{} Information", object.label), false),
        section(2, "System Information".to_owned(), true),
    ];
    Layout {
        id: Id::from_number(*b"00h", pod, u64::from(object.index.0) + 1),
        sections: sections.into_iter().filter(|section| !section.rows.is_empty()).collect(),
    }
}

/// Ids and what Salesforce keeps for itself stand on no page, nor do parts of a compound field that is there.
fn is_item(object: &Object, field: &Field) -> bool {
    const HIDDEN: [&str; 8] = [
        "IsDeleted",
        "MasterRecordId",
        "SystemModstamp",
        "CreatedDate",
        "LastModifiedDate",
        "LastActivityDate",
        "LastViewedDate",
        "LastReferencedDate",
    ];
    let part = field
        .compound_field_name
        .as_ref()
        .is_some_and(|name| *name != field.name && object.field(name.as_str()).is_some());
    field.kind != FieldType::Id && !part && !HIDDEN.iter().any(|name| field.name.is(name))
}

fn is_system(field: &Field) -> bool {
    field.name.is("CreatedById") || field.name.is("LastModifiedById")
}
