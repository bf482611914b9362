//! `EntityDefinition` and `FieldDefinition`: rows that no table keeps. They are made of the schema when a query asks for them.

use std::sync::Arc;

use super::bound::{Bound, Item, Output};
use crate::{
    id::Id,
    schema::{Field, FieldType, Object, Schema},
    state::{Edit, State},
    value::Value,
};

/// The state with the rows that the query asks for, where it asks for any of these.
pub(super) fn fill(query: &Bound, state: State) -> State {
    let entities = query.object.name.is("EntityDefinition");
    if !entities && !query.object.name.is("FieldDefinition") {
        return state;
    }
    let children = matches!(&query.output, Output::Records(shape) if shape.items.iter().any(|item| matches!(item, Item::Children(_))));
    with_definitions(state, !entities || children)
}

/// The state with the rows of `EntityDefinition`, and if wanted those of `FieldDefinition`.
pub(super) fn with_definitions(state: State, fields: bool) -> State {
    let schema = state.schema().clone();
    let (Some(entity), Some(particle)) =
        (schema.object("EntityDefinition"), schema.object("FieldDefinition"))
    else {
        return state;
    };
    let mut filled = state;
    let pod = filled.settings().pod;
    let mut number = 0;
    let seen = schema.objects().filter(|object| schema.object(object.name.as_str()).is_some());
    for (at, object) in (1..).zip(seen) {
        let id = Id::from_number(entity.record_prefix, pod, at);
        filled.replace(entity, id, &entity_row(entity, object, id));
        if !fields {
            continue;
        }
        for (_, field) in object.visible_fields() {
            number += 1;
            let own = Id::from_number(particle.record_prefix, pod, number);
            filled.replace(particle, own, &field_row(particle, object, field, own, id));
        }
    }
    filled
}

/// The same with `EntityDefinition` alone, for rows of other objects that lead to it.
#[must_use]
pub fn with_entities(state: State) -> State {
    let schema = state.schema().clone();
    let Some(entity) = schema.object("EntityDefinition") else { return state };
    let mut filled = state;
    let pod = filled.settings().pod;
    for (at, object) in (1..).zip(schema.objects()) {
        let id = Id::from_number(entity.record_prefix, pod, at);
        filled.replace(entity, id, &entity_row(entity, object, id));
    }
    filled
}

/// The id of an object's row in it.
#[must_use]
pub fn entity_id(schema: &Schema, pod: [u8; 2], object: &str) -> Option<Id> {
    let entity = schema.object("EntityDefinition")?;
    let at = schema.objects().position(|known| known.name.is(object))?;
    Some(Id::from_number(entity.record_prefix, pod, u64::try_from(at).ok()? + 1))
}

pub(super) fn row<'a>(of: &Arc<Object>, id: Id, values: impl IntoIterator<Item = (&'a str, Value)>) -> Edit {
    let mut edit = Edit::new(id, of.fields.len());
    for (name, value) in values {
        if let Some((position, _)) = of.field(name) {
            edit.set(position, value);
        }
    }
    edit
}

/// Namespace and bare name of `ns__Invoice__c`.
fn split(name: &str) -> (Value, Value) {
    let stem = name.strip_suffix("__c").unwrap_or(name);
    match stem.split_once("__") {
        Some((namespace, bare)) => (namespace.into(), bare.into()),
        None => (Value::Null, stem.into()),
    }
}

fn entity_row(of: &Arc<Object>, object: &Object, id: Id) -> Edit {
    let name = object.name.as_str();
    let (namespace, developer) = split(name);
    let prefix = object.key_prefix.and_then(|prefix| String::from_utf8(prefix.to_vec()).ok());
    let customizable = object.layoutable;
    row(
        of,
        id,
        [
            ("Id", id.into()),
            ("DurableId", name.into()),
            ("QualifiedApiName", name.into()),
            ("NamespacePrefix", namespace),
            ("DeveloperName", developer),
            ("MasterLabel", object.label.as_str().into()),
            ("Label", object.label.as_str().into()),
            ("PluralLabel", object.label_plural.as_str().into()),
            ("KeyPrefix", prefix.as_deref().map_or(Value::Null, Value::from)),
            ("DeploymentStatus", if object.custom { "Deployed".into() } else { Value::Null }),
            ("PublisherId", if object.custom { "<local>".into() } else { "System".into() }),
            ("IsCustomizable", customizable.into()),
            ("IsApexTriggerable", object.triggerable.into()),
            ("IsWorkflowEnabled", (customizable && object.triggerable).into()),
            ("IsProcessEnabled", (customizable && object.triggerable).into()),
            ("IsCompactLayoutable", object.compact_layoutable.into()),
            ("IsQueryable", object.queryable.into()),
            ("IsReplicateable", object.replicateable.into()),
            ("IsRetrieveable", object.retrieveable.into()),
            ("IsSearchLayoutable", object.search_layoutable.into()),
            ("IsSearchable", object.searchable.into()),
            ("IsTriggerable", object.triggerable.into()),
            ("IsIdEnabled", object.key_prefix.is_some().into()),
            ("IsEverCreatable", object.createable.into()),
            ("IsEverUpdatable", object.updateable.into()),
            ("IsEverDeletable", object.deletable.into()),
            ("IsFeedEnabled", object.feed_enabled.into()),
            ("IsDeprecatedAndHidden", object.deprecated_and_hidden.into()),
            ("IsCustomSetting", object.custom_setting.into()),
            ("IsLayoutable", object.layoutable.into()),
            ("IsMruEnabled", object.mru_enabled.into()),
            ("HasSubtypes", object.has_subtypes.into()),
            ("IsSubtype", object.is_subtype.into()),
            ("IsInterface", object.is_interface.into()),
            ("IsAutoActivityCaptureEnabled", false.into()),
        ],
    )
}

fn field_row(of: &Arc<Object>, object: &Object, field: &Field, id: Id, entity: Id) -> Edit {
    let name = field.name.as_str();
    let (namespace, developer) = split(name);
    let text = |option: Option<&str>| option.map_or(Value::Null, Value::from);
    let number = |number: u32| Value::Number(number.into());
    let indexed = field.external_id || field.unique || field.id_lookup || field.kind.is_id();
    let mut edit = row(
        of,
        id,
        [
            ("Id", id.into()),
            ("DurableId", format!("{}.{name}", object.name).as_str().into()),
            ("QualifiedApiName", name.into()),
            ("EntityDefinitionId", object.name.as_str().into()),
            ("NamespacePrefix", namespace),
            ("DeveloperName", developer),
            ("MasterLabel", field.label.as_str().into()),
            ("Label", field.label.as_str().into()),
            ("Length", number(field.length)),
            ("DataType", data_type(field).as_str().into()),
            (
                "ValueTypeId",
                field.soap_type.split(':').next_back().unwrap_or_default().to_lowercase().as_str().into(),
            ),
            ("ExtraTypeInfo", text(field.extra_type_info.as_deref())),
            ("IsCalculated", field.calculated.into()),
            ("IsHighScaleNumber", field.high_scale_number.into()),
            ("IsHtmlFormatted", field.html_formatted.into()),
            ("IsNameField", field.name_field.into()),
            ("IsNillable", field.nillable.into()),
            ("IsCompound", field.kind.is_compound().into()),
            ("IsIndexed", indexed.into()),
            ("IsApiFilterable", field.filterable.into()),
            ("IsApiSortable", field.sortable.into()),
            ("IsApiGroupable", field.groupable.into()),
            ("IsPolymorphicForeignKey", field.polymorphic_foreign_key.into()),
            ("IsSearchPrefilterable", field.search_prefilterable.into()),
            ("Precision", number(field.precision.into())),
            ("Scale", number(field.scale.into())),
            ("PublisherId", if field.custom { "<local>".into() } else { "System".into() }),
            ("RelationshipName", text(field.relationship_name.as_ref().map(crate::name::Name::as_str))),
            (
                "ReferenceTargetField",
                text(field.reference_target_field.as_ref().map(crate::name::Name::as_str)),
            ),
            ("Description", text(field.inline_help_text.as_deref())),
        ],
    );
    if let Some((position, _)) = of.parent_relationship("EntityDefinition") {
        edit.set(position, entity);
    }
    edit
}

/// The type as the set-up pages word it.
fn data_type(field: &Field) -> String {
    use FieldType as T;
    let targets = || field.reference_to.iter().map(crate::name::Name::as_str).collect::<Vec<_>>().join(",");
    let sized = |word: &str| {
        format!("{word}({}, {})", field.precision - field.scale.min(field.precision), field.scale)
    };
    let plain = match field.kind {
        T::String if field.auto_number => "Auto Number".to_owned(),
        T::String if field.name_field => "Name".to_owned(),
        T::String => format!("Text({})", field.length),
        T::Textarea if field.length > 255 => format!("Long Text Area({})", field.length),
        T::Textarea => format!("Text Area({})", field.length),
        T::Reference if field.relationship_order.is_some() => format!("Master-Detail({})", targets()),
        T::Reference => format!("Lookup({})", targets()),
        T::Boolean => "Checkbox".to_owned(),
        T::Int | T::Long => format!("Number({}, 0)", field.digits),
        T::Double => sized("Number"),
        T::Currency => sized("Currency"),
        T::Percent => sized("Percent"),
        T::Datetime => "Date/Time".to_owned(),
        T::Multipicklist => "Picklist (Multi-Select)".to_owned(),
        T::Id => format!("Lookup({})", field.name),
        T::Url => format!("URL({})", field.length),
        T::EncryptedString => format!("Text (Encrypted)({})", field.length),
        T::Location => "Geolocation".to_owned(),
        other => {
            let word = other.as_str();
            word[..1].to_uppercase() + &word[1..]
        }
    };
    if field.calculated { format!("Formula ({plain})") } else { plain }
}
