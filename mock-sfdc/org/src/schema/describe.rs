//! What describe answers, as data ready to be written: global describe, an object's entry, and the whole
//! describe of an object (contract/rest.md section 2). Keys stand in the order in which Salesforce writes
//! them: alphabetical, `urls` last. Knows no HTTP; the face gives the version and the host for the links.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

pub use super::links::Links;
use super::{
    ChildRelationship, Field, FilteredLookup, Object, PicklistValue, Schema,
    links::{RecordTypes, Urls, prefix_text},
};
use crate::name::compare_ignoring_case;

/// How many records one collections call takes; told by the global describe.
const MAX_BATCH_SIZE: u16 = 200;

/// `GET /sobjects`.
#[must_use]
pub fn global<'a>(schema: &'a Schema, links: Links<'a>) -> GlobalDescribe<'a> {
    GlobalDescribe { schema, links }
}

/// `GET /sobjects/T/describe`.
#[must_use]
pub fn object<'a>(object: &'a Object, links: Links<'a>) -> ObjectDescribe<'a> {
    ObjectDescribe { object, links }
}

/// The `objectDescribe` of `GET /sobjects/T`: the entry of the global describe with all links.
#[must_use]
pub fn basic<'a>(object: &'a Object, links: Links<'a>) -> ObjectEntry<'a> {
    ObjectEntry { object, links, all_links: true }
}

/// The global describe.
#[derive(Clone, Copy, Debug)]
pub struct GlobalDescribe<'a> {
    schema: &'a Schema,
    links: Links<'a>,
}

/// An object as global describe lists it.
#[derive(Clone, Copy, Debug)]
pub struct ObjectEntry<'a> {
    object: &'a Object,
    links: Links<'a>,
    all_links: bool,
}

/// An object with its fields.
#[derive(Clone, Copy, Debug)]
pub struct ObjectDescribe<'a> {
    object: &'a Object,
    links: Links<'a>,
}

/// Writes entries of a map, a key and its value each.
macro_rules! keys {
    ($map:ident: $($key:literal $value:expr,)*) => { $($map.serialize_entry($key, &$value)?;)* };
}

impl Serialize for GlobalDescribe<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut objects: Vec<&Object> = self.schema.objects().map(|object| &**object).collect();
        objects.sort_by(|a, b| compare_ignoring_case(a.name.as_str(), b.name.as_str()));
        let entries: Vec<ObjectEntry<'_>> = objects
            .into_iter()
            .map(|object| ObjectEntry { object, links: self.links, all_links: false })
            .collect();
        let mut map = serializer.serialize_map(Some(3))?;
        keys! { map: "encoding" "UTF-8", "maxBatchSize" MAX_BATCH_SIZE, "sobjects" entries, }
        map.end()
    }
}

impl Serialize for ObjectEntry<'_> {
    #[rustfmt::skip]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let o = self.object;
        let mut map = serializer.serialize_map(None)?;
        keys! { map:
            "activateable" o.activateable,
            "associateEntityType" o.associate_entity_type,
            "associateParentEntity" o.associate_parent_entity,
            "createable" o.createable,
            "custom" o.custom,
            "customSetting" o.custom_setting,
            "deepCloneable" o.deep_cloneable,
            "deletable" o.deletable,
            "deprecatedAndHidden" o.deprecated_and_hidden,
            "feedEnabled" o.feed_enabled,
            "hasSubtypes" o.has_subtypes,
            "isInterface" o.is_interface,
            "isSubtype" o.is_subtype,
            "keyPrefix" prefix_text(o),
            "label" o.label,
            "labelPlural" o.label_plural,
            "layoutable" o.layoutable,
            "mergeable" o.mergeable,
            "mruEnabled" o.mru_enabled,
            "name" o.name,
            "queryable" o.queryable,
            "replicateable" o.replicateable,
            "retrieveable" o.retrieveable,
            "searchable" o.searchable,
            "triggerable" o.triggerable,
            "undeletable" o.undeletable,
            "updateable" o.updateable,
            "urls" Urls { object: o, links: self.links, all: self.all_links },
        }
        map.end()
    }
}

impl Serialize for ObjectDescribe<'_> {
    #[rustfmt::skip]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let o = self.object;
        let none: Option<&str> = None;
        let nothing: [&str; 0] = [];
        let mut map = serializer.serialize_map(None)?;
        keys! { map:
            "actionOverrides" nothing,
            "activateable" o.activateable,
            "associateEntityType" o.associate_entity_type,
            "associateParentEntity" o.associate_parent_entity,
            "childRelationships" o.child_relationships,
            "compactLayoutable" o.compact_layoutable,
            "createable" o.createable,
            "custom" o.custom,
            "customSetting" o.custom_setting,
            "deepCloneable" o.deep_cloneable,
            "defaultImplementation" none,
            "deletable" o.deletable,
            "deprecatedAndHidden" o.deprecated_and_hidden,
            "extendedBy" none,
            "extendsInterfaces" none,
            "feedEnabled" o.feed_enabled,
            "fields" o.visible_fields().map(|(_, field)| Described(field)).collect::<Vec<_>>(),
            "hasSubtypes" o.has_subtypes,
            "implementedBy" none,
            "implementsInterfaces" none,
            "isInterface" o.is_interface,
            "isSubtype" o.is_subtype,
            "keyPrefix" prefix_text(o),
            "label" o.label,
            "labelPlural" o.label_plural,
            "layoutable" o.layoutable,
            "listviewable" none,
            "lookupLayoutable" none,
            "mergeable" o.mergeable,
            "mruEnabled" o.mru_enabled,
            "name" o.name,
            "namedLayoutInfos" nothing,
            "networkScopeFieldName" o.network_scope_field_name,
            "queryable" o.queryable,
            "recordTypeInfos" RecordTypes { object: o, links: self.links },
            "replicateable" o.replicateable,
            "retrieveable" o.retrieveable,
            "searchLayoutable" o.search_layoutable,
            "searchable" o.searchable,
            "sobjectDescribeOption" "FULL",
            "supportedScopes" o.supported_scopes,
            "triggerable" o.triggerable,
            "undeletable" o.undeletable,
            "updateable" o.updateable,
            "urls" Urls { object: o, links: self.links, all: true },
        }
        map.end()
    }
}

/// A field in describe's words. An image of an org has words of its own.
pub(super) struct Described<'a>(pub &'a Field);

impl Serialize for Described<'_> {
    #[rustfmt::skip]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let f = self.0;
        let mut map = serializer.serialize_map(None)?;
        keys! { map:
            "aggregatable" f.aggregatable,
            "aiPredictionField" f.ai_prediction_field,
            "autoNumber" f.auto_number,
            "byteLength" f.byte_length,
            "calculated" f.calculated,
            "calculatedFormula" f.calculated_formula,
            "cascadeDelete" f.cascade_delete,
            "caseSensitive" f.case_sensitive,
            "compoundFieldName" f.compound_field_name,
            "controllerName" f.controller_name,
            "createable" f.createable,
            "custom" f.custom,
            "defaultValue" f.default_value.as_ref().filter(|_| f.default_value_formula.is_none()),
            "defaultValueFormula" f.default_value_formula,
            "defaultedOnCreate" f.defaulted_on_create,
            "dependentPicklist" f.dependent_picklist,
            "deprecatedAndHidden" f.deprecated_and_hidden,
            "digits" f.digits,
            "displayLocationInDecimal" f.display_location_in_decimal,
            "encrypted" f.encrypted,
            "externalId" f.external_id,
            "extraTypeInfo" f.extra_type_info,
            "filterable" f.filterable,
            "filteredLookupInfo" f.filtered_lookup_info,
            "formulaTreatNullNumberAsZero" f.formula_treat_null_number_as_zero,
            "groupable" f.groupable,
            "highScaleNumber" f.high_scale_number,
            "htmlFormatted" f.html_formatted,
            "idLookup" f.id_lookup,
            "inlineHelpText" f.inline_help_text,
            "label" f.label,
            "length" f.length,
            "mask" f.mask,
            "maskType" f.mask_type,
            "name" f.name,
            "nameField" f.name_field,
            "namePointing" f.name_pointing,
            "nillable" f.nillable,
            "permissionable" f.permissionable,
            "picklistValues" *f.picklist_values,
            "polymorphicForeignKey" f.polymorphic_foreign_key,
            "precision" f.precision,
            "queryByDistance" f.query_by_distance,
            "referenceTargetField" f.reference_target_field,
            "referenceTo" f.reference_to,
            "relationshipName" f.relationship_name,
            "relationshipOrder" f.relationship_order,
            "restrictedDelete" f.restricted_delete,
            "restrictedPicklist" f.restricted_picklist,
            "scale" f.scale,
            "searchPrefilterable" f.search_prefilterable,
            "soapType" f.soap_type,
            "sortable" f.sortable,
            "type" f.kind.as_str(),
            "unique" f.unique,
            "updateable" f.updateable,
            "writeRequiresMasterRead" f.write_requires_master_read,
        }
        map.end()
    }
}

impl Serialize for ChildRelationship {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(8))?;
        keys! { map:
            "cascadeDelete" self.cascade_delete,
            "childSObject" self.child_sobject,
            "deprecatedAndHidden" self.deprecated_and_hidden,
            "field" self.field,
            "junctionIdListNames" self.junction_id_list_names,
            "junctionReferenceTo" self.junction_reference_to,
            "relationshipName" self.relationship_name,
            "restrictedDelete" self.restricted_delete,
        }
        map.end()
    }
}

impl Serialize for PicklistValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        keys! { map:
            "active" self.active,
            "defaultValue" self.default_value,
            "label" self.label,
            "validFor" self.valid_for,
            "value" self.value,
        }
        map.end()
    }
}

impl Serialize for FilteredLookup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        keys! { map:
            "controllingFields" self.controlling_fields,
            "dependent" self.dependent,
            "optionalFilter" self.optional_filter,
        }
        map.end()
    }
}

/// The same as a value, for callers that look into it.
#[must_use]
pub fn to_value(describe: &impl Serialize) -> Value {
    // Only keys that are not strings, and numbers that are not finite, make this fail; there are none.
    serde_json::to_value(describe).unwrap_or(Value::Null)
}
