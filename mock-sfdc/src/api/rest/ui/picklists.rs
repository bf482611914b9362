//! `/ui-api/object-info/{object}/picklist-values/{recordType}`: what a record of a type may be given, and which values depend on
//! which others.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc_org::{
    error::Error,
    id::Id,
    rules::record_types::RecordTypeValue,
    schema::{Field, FieldType, Object, PicklistValue, RecordTypeInfo},
    state::State,
    value::Value as Cell,
};
use serde_json::{Map, Value, json};

use super::{layout, ok, tagged};
use crate::{
    api::rest::{record, sobject},
    call::{Answer, Call},
};

/// What the values of a field mean.
struct Meaning {
    object: &'static str,
    field: &'static str,
    /// The object whose rows say it, which is also how it calls itself.
    rows: &'static str,
    /// What a page is told of a row.
    told: &'static [(&'static str, &'static str)],
}

const CLOSED: &[(&str, &str)] = &[("closed", "IsClosed")];

const MEANINGS: &[Meaning] = &[
    Meaning { object: "Lead", field: "Status", rows: "LeadStatus", told: &[("converted", "IsConverted")] },
    Meaning { object: "Case", field: "Status", rows: "CaseStatus", told: CLOSED },
    Meaning { object: "Task", field: "Status", rows: "TaskStatus", told: CLOSED },
    Meaning {
        object: "Opportunity",
        field: "StageName",
        rows: "OpportunityStage",
        told: &[
            ("closed", "IsClosed"),
            ("defaultProbability", "DefaultProbability"),
            ("forecastCategoryName", "ForecastCategoryName"),
            ("won", "IsWon"),
        ],
    },
];

/// `GET …/picklist-values/{recordType}`
pub fn all(call: &Call) -> Answer {
    super::since(call, super::UI_API)?;
    let object = sobject::named(call)?;
    let record_type = layout::record_type(&object, Some(call.param("recordType")))?;
    let state = call.org().snapshot();
    let fields = object.visible_fields().filter(|(_, field)| field.kind.is_picklist());
    let fields = fields.map(|(_, field)| {
        (field.name.as_str().to_owned(), values(call, &state, &object, record_type, field))
    });
    Ok(ok(&tagged(json!({"picklistFieldValues": fields.collect::<Map<_, _>>()}))))
}

/// `GET …/picklist-values/{recordType}/{field}`
pub fn one(call: &Call) -> Answer {
    super::since(call, super::UI_API)?;
    let object = sobject::named(call)?;
    let record_type = layout::record_type(&object, Some(call.param("recordType")))?;
    let field = object.field(call.param("field")).filter(|(_, field)| field.kind.is_picklist());
    let (_, field) = field.ok_or_else(Error::resource_not_found)?;
    Ok(ok(&values(call, &call.org().snapshot(), &object, record_type, field)))
}

fn values(call: &Call, state: &State, object: &Object, of: &RecordTypeInfo, field: &Field) -> Value {
    let types = state.rules().record_types();
    let said = Id::parse(&of.record_type_id).and_then(|id| types.get(id));
    let offered: Option<&[RecordTypeValue]> = said.and_then(|said| said.values_of(field.name.as_str()));
    let offers = |value: &PicklistValue| {
        let named = |one: &RecordTypeValue| one.full_name.eq_ignore_ascii_case(&value.value);
        value.active && offered.is_none_or(|offered| offered.iter().any(named))
    };
    let is_default = |value: &PicklistValue| match offered {
        Some(offered) => {
            offered.iter().any(|one| one.default && one.full_name.eq_ignore_ascii_case(&value.value))
        }
        None => value.default_value,
    };
    let told = |value: &PicklistValue| {
        json!({
            "attributes": meaning(call, state, object, field, value),
            "label": value.label,
            "validFor": value.valid_for.as_deref().map(places).unwrap_or_default(),
            "value": value.value,
        })
    };
    let here = field.picklist_values.iter().filter(|value| offers(value)).collect::<Vec<_>>();
    let (name, version) = (object.name.as_str(), call.version);
    let url = format!(
        "/services/data/{version}/ui-api/object-info/{name}/picklist-values/{}/{}",
        of.record_type_id,
        field.name.as_str()
    );
    tagged(json!({
        "controllerValues": controllers(object, field),
        "defaultValue": here.iter().find(|value| is_default(value)).map(|value| told(value)),
        "url": url,
        "values": here.iter().map(|value| told(value)).collect::<Vec<_>>(),
    }))
}

/// The values of the controlling field by their places, which `validFor` names.
fn controllers(object: &Object, field: &Field) -> Map<String, Value> {
    let controller = field.controller_name.as_ref().and_then(|name| object.field(name.as_str()));
    let Some((_, controller)) = controller else { return Map::new() };
    if controller.kind == FieldType::Boolean {
        return [("false", 0), ("true", 1)]
            .map(|(value, at)| (value.to_owned(), json!(at)))
            .into_iter()
            .collect();
    }
    let values = controller.picklist_values.iter().enumerate();
    values.map(|(at, value)| (value.value.clone(), json!(at))).collect()
}

/// The places that are set in a bit set in base64, the highest bit of a byte first.
fn places(valid_for: &str) -> Vec<usize> {
    let bytes = STANDARD.decode(valid_for).unwrap_or_default();
    (0..bytes.len() * 8).filter(|at| bytes[at / 8] & (0x80 >> (at % 8)) != 0).collect()
}

fn meaning(
    call: &Call,
    state: &State,
    object: &Object,
    field: &Field,
    value: &PicklistValue,
) -> Option<Value> {
    let known = MEANINGS.iter().find(|one| object.name.is(one.object) && field.name.is(one.field))?;
    let rows = state.schema().object(known.rows)?;
    let (position, _) = rows.field("ApiName")?;
    let row = state.lookup(rows, position, &Cell::text(value.value.as_str())).into_iter().next()?;
    let mut said = Map::new();
    said.insert("picklistAtrributesValueType".to_owned(), json!(known.rows));
    for (word, name) in known.told {
        let (position, field) = rows.field(name)?;
        let mut out = Vec::new();
        record::field_value(&mut out, call.version, rows, &row, position, field);
        said.insert((*word).to_owned(), serde_json::from_slice(&out).unwrap_or_default());
    }
    said.sort_keys();
    Some(Value::Object(said))
}
