//! Standard value sets: the values of the fields that use them, and what they mean.

use mock_sfdc_org::{schema::PicklistValue, state::State};
use serde_json::{Map, Value, json};

use super::{get, put};
use crate::values::{MEANINGS, STANDARD_VALUE_SETS};

pub fn names(state: &State) -> Vec<String> {
    let known = |(_, used): &&(&str, &[(&str, &str)])| {
        used.iter().any(|(object, field)| {
            state.schema().object(object).is_some_and(|object| object.field(field).is_some())
        })
    };
    STANDARD_VALUE_SETS.iter().filter(known).map(|(name, _)| (*name).to_owned()).collect()
}

/// A value as all sets write it.
pub fn value(value: &PicklistValue) -> Value {
    let mut said = json!({"fullName": value.value, "default": value.default_value, "label": value.label});
    if !value.active {
        said["isActive"] = json!(false);
    }
    said
}

pub fn global(state: &State, name: &str) -> Option<Map<String, Value>> {
    let set = state.schema().global_value_set(name)?;
    let mut said = Map::new();
    put(&mut said, "masterLabel", set.label.as_str());
    put(&mut said, "sorted", false);
    put(&mut said, "customValue", set.values.iter().map(value).collect::<Vec<_>>());
    Some(said)
}

pub fn standard(state: &State, name: &str) -> Option<Map<String, Value>> {
    let (name, used) = STANDARD_VALUE_SETS.iter().find(|(known, _)| *known == name)?;
    let field = used.iter().find_map(|(object, field)| state.schema().object(object)?.field(field));
    let (_, field) = field?;
    let values: Vec<Value> = field
        .picklist_values
        .iter()
        .map(|value| {
            let mut said = self::value(value);
            if MEANINGS.contains(name) {
                meaning(state, name, &value.value, &mut said);
            }
            said
        })
        .collect();
    let mut said = Map::new();
    put(&mut said, "sorted", false);
    put(&mut said, "standardValue", values);
    Some(said)
}

/// What the row of a status or a stage says of it.
fn meaning(state: &State, rows: &str, value: &str, said: &mut Value) {
    let Some((object, row)) =
        super::row(state, rows, "MasterLabel", value).or_else(|| super::row(state, rows, "ApiName", value))
    else {
        return;
    };
    for (word, field) in [("converted", "IsConverted"), ("closed", "IsClosed"), ("won", "IsWon")] {
        if object.field(field).is_some() {
            said[word] = json!(get(&object, &row, field).is_true());
        }
    }
    if object.field("DefaultProbability").is_some() {
        let probability = match get(&object, &row, "DefaultProbability") {
            mock_sfdc_org::value::Value::Number(number) => number.to_string(),
            _ => "0".to_owned(),
        };
        let whole = probability.split('.').next().unwrap_or("0").to_owned();
        said["probability"] = json!(whole.parse::<u64>().unwrap_or(0));
        if let Some(category) = get(&object, &row, "ForecastCategory").as_text() {
            said["forecastCategory"] = json!(category);
        }
    }
}
