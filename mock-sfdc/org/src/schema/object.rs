//! An object (describe calls it sObject): its fields in their own order, and what describe says of it.

use serde::{Deserialize, Serialize};

use super::{Field, FieldType, Places, RolledUp};
use crate::name::{Name, NameMap, NameRef};

/// The place of an object in its schema. It never moves while the schema grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct ObjectIx(pub u16);

impl ObjectIx {
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}

/// One object. Members are named after describe's keys.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "describe says them one by one, and so do its readers")]
pub struct Object {
    pub index: ObjectIx,
    pub name: Name,
    pub label: String,
    pub label_plural: String,
    /// What describe tells; several set-up objects have none, and some share one.
    pub key_prefix: Option<[u8; 3]>,
    /// What the ids of its rows begin with; the same where describe tells one.
    pub record_prefix: [u8; 3],

    pub activateable: bool,
    pub compact_layoutable: bool,
    pub createable: bool,
    pub custom: bool,
    pub custom_setting: bool,
    pub deep_cloneable: bool,
    pub deletable: bool,
    pub deprecated_and_hidden: bool,
    pub feed_enabled: bool,
    pub has_subtypes: bool,
    pub is_interface: bool,
    pub is_subtype: bool,
    pub layoutable: bool,
    pub mergeable: bool,
    pub mru_enabled: bool,
    pub queryable: bool,
    pub replicateable: bool,
    pub retrieveable: bool,
    pub search_layoutable: bool,
    pub searchable: bool,
    pub triggerable: bool,
    pub undeletable: bool,
    pub updateable: bool,

    pub associate_entity_type: Option<String>,
    pub associate_parent_entity: Option<Name>,
    pub network_scope_field_name: Option<Name>,

    /// A platform event that a trigger publishes waits for the commit; without it, it is out at once.
    #[serde(default)]
    pub publish_after_commit: bool,
    /// Rows can be read but not written: what Salesforce would do besides saving the row, and this org cannot.
    pub writes_not_emulated: Option<String>,

    /// In the object's own order; records store their values by it. Only ever appended to.
    pub fields: Vec<Field>,
    /// Derived, as are the two below and the roll-ups: no image has them.
    #[serde(skip)]
    pub child_relationships: Vec<ChildRelationship>,
    /// Whether any lookup has a filter: a save asks this first.
    pub has_lookup_filters: bool,
    /// Positions of the fields that are computed when they are read.
    pub formula_fields: Vec<usize>,
    /// The roll-ups of other objects that this one's records feed.
    #[serde(skip)]
    pub rolled_up: Vec<RolledUp>,
    pub record_type_infos: Vec<RecordTypeInfo>,
    pub supported_scopes: Vec<Scope>,
    /// The keys of describe's `urls`, in its order.
    pub urls: Vec<ObjectUrl>,

    /// That of the org: its own names are also found without it.
    pub(super) namespace: Option<Name>,
    #[serde(skip)]
    pub(super) by_name: NameMap<u16>,
    #[serde(skip)]
    pub(super) by_relationship: NameMap<u16>,
    /// Positions that no name leads to, for whoever looks: what each row is asked must not ask each name.
    #[serde(skip)]
    pub(super) hidden: Vec<usize>,
    /// The positions of each compound field's parts.
    #[serde(skip)]
    pub(super) parts: Vec<(usize, Vec<usize>)>,
    #[serde(skip)]
    pub(crate) places: Places,
}

/// A row of describe's `childRelationships`: a reference of another object to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildRelationship {
    pub child_sobject: Name,
    pub field: Name,
    pub relationship_name: Option<Name>,
    pub cascade_delete: bool,
    pub restricted_delete: bool,
    pub deprecated_and_hidden: bool,
    pub junction_id_list_names: Vec<Name>,
    pub junction_reference_to: Vec<Name>,
    /// Where the child stands in the schema, and the reference in the child.
    pub child: ObjectIx,
    pub child_field: usize,
}

/// A row of describe's `recordTypeInfos`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "describe says them one by one")]
pub struct RecordTypeInfo {
    pub active: bool,
    pub available: bool,
    pub default_record_type_mapping: bool,
    pub developer_name: String,
    pub master: bool,
    pub name: String,
    /// 18 characters, as on the wire.
    pub record_type_id: String,
}

/// A row of describe's `supportedScopes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Scope {
    pub label: String,
    pub name: String,
}

/// A key of describe's `urls`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ObjectUrl {
    ApprovalLayouts,
    CaseArticleSuggestions,
    CaseRowArticleSuggestions,
    CompactLayouts,
    Describe,
    EventSchema,
    EventSeriesUpdates,
    Layouts,
    Listviews,
    NamedLayouts,
    PasswordUtilities,
    Push,
    QuickActions,
    RowTemplate,
    Sobject,
    UiDetailTemplate,
    UiEditTemplate,
    UiNewRecord,
}

impl Object {
    /// Whether its rows are events that are published and never stored.
    #[must_use]
    pub fn is_platform_event(&self) -> bool {
        self.name.as_str().ends_with("__e")
    }

    /// The field with this name, and its position in records. Any spelling finds it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<(usize, &Field)> {
        let position = usize::from(*self.by_name.get(&NameRef(name))?);
        Some((position, &self.fields[position]))
    }

    #[must_use]
    pub fn field_at(&self, position: usize) -> Option<&Field> {
        self.fields.get(position)
    }

    /// The fields that are there for whoever looks at this object; a user's view leaves some out without moving the others.
    pub fn visible_fields(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(position, _)| self.shows(*position))
    }

    fn shows(&self, position: usize) -> bool {
        self.hidden.binary_search(&position).is_err()
    }

    /// The parts of the compound field at a position, as far as they are visible.
    pub fn parts(&self, position: usize) -> impl Iterator<Item = (usize, &Field)> {
        let parts = self.parts.iter().find(|(compound, _)| *compound == position);
        let parts = parts.map_or(&[][..], |(_, parts)| parts);
        parts.iter().filter(|part| self.shows(**part)).map(|part| (*part, &self.fields[*part]))
    }

    /// The field that names a record to people: `Name`, `CaseNumber`, `Subject`.
    #[must_use]
    pub fn name_field(&self) -> Option<(usize, &Field)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name_field)
    }

    /// The children that a subquery `(SELECT … FROM name)` means.
    #[must_use]
    pub fn child_relationship(&self, name: &str) -> Option<&ChildRelationship> {
        self.child_relationships.iter().find(|child| {
            child.relationship_name.as_ref().is_some_and(|n| n.is(name) || self.is_short_for(name, n))
        })
    }

    fn is_short_for(&self, short: &str, name: &Name) -> bool {
        self.without_namespace(name).is_some_and(|known| known.is(short))
    }

    /// `ns__Region__c` as the org of that namespace may also say it.
    pub(super) fn without_namespace(&self, name: &Name) -> Option<Name> {
        let namespace = self.namespace.as_ref()?.as_str();
        let (before, short) = name.as_str().split_once("__")?;
        (before.eq_ignore_ascii_case(namespace) && short.contains("__")).then(|| Name::new(short))
    }

    /// The reference that `name.Field` follows upwards.
    #[must_use]
    pub fn parent_relationship(&self, name: &str) -> Option<(usize, &Field)> {
        let position = usize::from(*self.by_relationship.get(&NameRef(name))?);
        Some((position, &self.fields[position]))
    }

    /// Fields whose `type` is this one.
    pub fn fields_of(&self, kind: FieldType) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(move |(_, field)| field.kind == kind)
    }

    /// After `fields` changed: find names again.
    pub(super) fn reindex(&mut self) {
        let fields = self.fields.iter().enumerate();
        self.formula_fields =
            fields.filter(|(_, field)| field.is_formula()).map(|(position, _)| position).collect();
        self.has_lookup_filters = self.fields.iter().any(|field| field.lookup_filter.is_some());
        self.by_name.clear();
        self.by_relationship.clear();
        for (position, field) in (0u16..).zip(&self.fields) {
            // A link that has no name for clients: it is followed, and never seen.
            if !field.name.as_str().starts_with('$') {
                self.by_name.insert(field.name.clone(), position);
            }
            if let Some(short) = self.without_namespace(&field.name) {
                self.by_name.entry(short).or_insert(position);
            }
            if field.kind == FieldType::Reference
                && let Some(relationship) = &field.relationship_name
            {
                self.by_relationship.insert(relationship.clone(), position);
                if let Some(short) = self.without_namespace(relationship) {
                    self.by_relationship.entry(short).or_insert(position);
                }
            }
        }
        self.hide_what_no_name_leads_to();
        self.parts = self.find_parts();
        self.places = Places::of(&self.fields, &self.by_name);
    }

    /// After `by_name` lost some.
    pub(super) fn hide_what_no_name_leads_to(&mut self) {
        let found = |field: &Field| self.by_name.get(&field.name).copied().map(usize::from);
        let fields = self.fields.iter().enumerate();
        self.hidden = fields.filter(|(at, field)| found(field) != Some(*at)).map(|(at, _)| at).collect();
    }

    fn find_parts(&self) -> Vec<(usize, Vec<usize>)> {
        let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
        for (at, field) in self.fields.iter().enumerate() {
            let Some(name) = field.compound_field_name.as_ref().filter(|name| **name != field.name) else {
                continue;
            };
            let Some((compound, _)) = self.field(name.as_str()) else { continue };
            match found.iter_mut().find(|(known, _)| *known == compound) {
                Some((_, parts)) => parts.push(at),
                None => found.push((compound, vec![at])),
            }
        }
        found
    }
}
