//! `/ui-api/object-info/{object}`: an object as pages look at it. The same facts as in its describe, in other words.

use mock_sfdc_org::{
    error::Error,
    layout,
    name::Name,
    schema::{Field, FieldType, Object, Schema},
};
use serde_json::{Map, Value, json};

use super::{UI_API, batch, listed, merged, ok, since, tagged};
use crate::{
    api::rest::sobject,
    call::{Answer, ApiVersion, Call},
};

/// `GET /ui-api/object-info/{object}`
pub fn get(call: &Call) -> Answer {
    since(call, UI_API)?;
    Ok(ok(&info(&*sobject::named(call)?, call.viewer()?.schema())))
}

/// `GET /ui-api/object-info`: the objects that pages know, by name.
pub fn directory(call: &Call) -> Answer {
    since(call, ApiVersion(42))?;
    let viewer = call.viewer()?;
    let objects = viewer.schema().objects().filter(|object| object.layoutable).map(|object| {
        let name = object.name.as_str();
        let prefix = object.key_prefix.map(|prefix| String::from_utf8_lossy(&prefix).into_owned());
        let mut entry = json!({
            "apiName": name,
            "label": object.label,
            "labelPlural": object.label_plural,
            "objectInfoUrl": format!("/services/data/{}/ui-api/object-info/{name}", call.version),
        });
        if call.version >= ApiVersion(47) {
            entry = merged(entry, json!({"keyPrefix": prefix, "nameFields": name_fields(object)}));
        }
        (name.to_owned(), entry)
    });
    let mut objects = objects.collect::<Map<_, _>>();
    objects.sort_keys();
    Ok(ok(&tagged(json!({"objects": objects}))))
}

/// `GET /ui-api/object-info/batch/{objects}`
pub fn several(call: &Call) -> Answer {
    since(call, UI_API)?;
    let viewer = call.viewer()?;
    let named = listed(call.param("objects")).map(|name| {
        let object = viewer.schema().object(name).ok_or_else(Error::resource_not_found)?;
        Ok(info(object, viewer.schema()))
    });
    Ok(batch(named))
}

/// What a page knows of an object.
pub fn info(object: &Object, schema: &Schema) -> Value {
    let fields =
        object.visible_fields().map(|(_, one)| (one.name.as_str().to_owned(), field(object, one, schema)));
    let types = object.record_type_infos.iter().map(|info| {
        let row = json!({
            "available": info.available,
            "defaultRecordTypeMapping": info.default_record_type_mapping,
            "master": info.master,
            "name": info.name,
            "recordTypeId": info.record_type_id,
        });
        (info.record_type_id.clone(), row)
    });
    let children = object.child_relationships.iter().filter_map(|child| {
        let name = child.relationship_name.as_ref()?;
        Some(json!({
            "childObjectApiName": child.child_sobject.as_str(),
            "fieldName": child.field.as_str(),
            "junctionIdListNames": child.junction_id_list_names.iter().map(Name::as_str).collect::<Vec<_>>(),
            "junctionReferenceTo": child.junction_reference_to.iter().map(Name::as_str).collect::<Vec<_>>(),
            "relationshipName": name.as_str(),
        }))
    });
    let usual = object.record_type_infos.iter().find(|info| info.default_record_type_mapping);
    let prefix = object.key_prefix.map(|prefix| String::from_utf8_lossy(&prefix).into_owned());
    tagged(json!({
        "apiName": object.name.as_str(),
        "associateEntityType": object.associate_entity_type,
        "associateParentEntity": object.associate_parent_entity.as_ref().map(Name::as_str),
        "childRelationships": children.collect::<Vec<_>>(),
        "compactLayoutable": object.compact_layoutable,
        "createable": object.createable,
        "custom": object.custom,
        "defaultRecordTypeId": usual.map(|info| info.record_type_id.as_str()),
        "deletable": object.deletable,
        "dependentFields": {},
        "feedEnabled": object.feed_enabled,
        "fields": fields.collect::<Map<_, _>>(),
        "keyPrefix": prefix,
        "label": object.label,
        "labelPlural": object.label_plural,
        "layoutable": object.layoutable,
        "mruEnabled": object.mru_enabled,
        "nameFields": name_fields(object),
        "queryable": object.queryable,
        "recordTypeInfos": types.collect::<Map<_, _>>(),
        "searchLayoutable": object.search_layoutable,
        "searchable": object.searchable,
        "themeInfo": null,
        "updateable": object.updateable,
    }))
}

fn field(object: &Object, field: &Field, schema: &Schema) -> Value {
    let targets = field.reference_to.iter().map(|name| {
        let names = schema.object(name.as_str()).map(|target| name_fields(target)).unwrap_or_default();
        json!({"apiName": name.as_str(), "nameFields": names})
    });
    let compound = layout::components(object, field).next().is_some();
    json!({
        "apiName": field.name.as_str(),
        "calculated": field.calculated,
        "compound": compound,
        "compoundFieldName": field.compound_field_name.as_ref().map(Name::as_str),
        "controllerName": field.controller_name.as_ref().map(Name::as_str),
        "controllingFields": field.controller_name.iter().map(Name::as_str).collect::<Vec<_>>(),
        "createable": field.createable,
        "custom": field.custom,
        "dataType": data_type(field.kind),
        "defaultedOnCreate": field.defaulted_on_create,
        "digits": field.digits,
        "externalId": field.external_id,
        "extraTypeInfo": field.extra_type_info,
        "filterable": field.filterable,
        "highScaleNumber": field.high_scale_number,
        "htmlFormatted": field.html_formatted,
        "inlineHelpText": field.inline_help_text,
        "label": field.label,
        "length": field.length,
        "nameField": field.name_field,
        "polymorphicForeignKey": field.polymorphic_foreign_key,
        "precision": field.precision,
        "reference": field.kind == FieldType::Reference,
        "referenceTargetField": field.reference_target_field,
        "referenceToInfos": targets.collect::<Vec<_>>(),
        "relationshipName": field.relationship_name.as_ref().map(Name::as_str),
        "required": !field.nillable && field.createable && !field.defaulted_on_create,
        "scale": field.scale,
        "searchPrefilterable": field.search_prefilterable,
        "sortable": field.sortable,
        "unique": field.unique,
        "updateable": field.updateable,
    })
}

/// A person's name has parts; what is shown of others is one field.
fn name_fields(object: &Object) -> Vec<String> {
    let Some((_, name)) = object.name_field() else { return Vec::new() };
    let parts = layout::components(object, name).map(|(_, part)| part.name.as_str());
    let parts = parts.filter(|part| matches!(*part, "FirstName" | "LastName"));
    std::iter::once(name.name.as_str()).chain(parts).map(ToOwned::to_owned).collect()
}

/// Pages call a kind by its name in Pascal case.
fn data_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Id | FieldType::Reference => "Reference",
        FieldType::Picklist => "Picklist",
        FieldType::Multipicklist => "MultiPicklist",
        FieldType::Combobox => "ComboBox",
        FieldType::Base64 => "Base64",
        FieldType::Boolean => "Boolean",
        FieldType::Currency => "Currency",
        FieldType::Textarea => "TextArea",
        FieldType::Int => "Int",
        FieldType::Long => "Long",
        FieldType::Double => "Double",
        FieldType::Percent => "Percent",
        FieldType::Phone => "Phone",
        FieldType::Date => "Date",
        FieldType::Datetime => "DateTime",
        FieldType::Time => "Time",
        FieldType::Url => "Url",
        FieldType::Email => "Email",
        FieldType::EncryptedString => "EncryptedString",
        FieldType::Location => "Location",
        FieldType::Address => "Address",
        FieldType::AnyType => "AnyType",
        FieldType::ComplexValue => "ComplexValue",
        _ => "String",
    }
}
