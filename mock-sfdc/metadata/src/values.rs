//! Picklist values: written in the field, shared by a global value set, or those of a standard field.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc_org::schema::{GlobalValueSet, PicklistValue, Schema};
use serde_json::{Value, json};

use crate::{source::Part, xml::Element};

/// Values as describe's words say them, in order.
pub type Values = Vec<Value>;

/// The values of a picklist that several fields share, by name in lower case.
pub type GlobalValueSets = BTreeMap<String, Values>;

/// Where the standard value sets are used.
pub const STANDARD_VALUE_SETS: &[(&str, &[(&str, &str)])] = &[
    ("AccountOwnership", &[("Account", "Ownership")]),
    ("AccountRating", &[("Account", "Rating"), ("Lead", "Rating")]),
    ("AccountType", &[("Account", "Type")]),
    ("CampaignMemberStatus", &[("CampaignMember", "Status")]),
    ("CampaignStatus", &[("Campaign", "Status")]),
    ("CampaignType", &[("Campaign", "Type")]),
    ("CaseOrigin", &[("Case", "Origin")]),
    ("CasePriority", &[("Case", "Priority")]),
    ("CaseReason", &[("Case", "Reason")]),
    ("CaseStatus", &[("Case", "Status")]),
    ("CaseType", &[("Case", "Type")]),
    ("ContactRole", &[("OpportunityContactRole", "Role")]),
    ("EventSubject", &[("Event", "Subject")]),
    ("EventType", &[("Event", "Type")]),
    ("Industry", &[("Account", "Industry"), ("Lead", "Industry")]),
    (
        "LeadSource",
        &[
            ("Account", "AccountSource"),
            ("Contact", "LeadSource"),
            ("Lead", "LeadSource"),
            ("Opportunity", "LeadSource"),
        ],
    ),
    ("LeadStatus", &[("Lead", "Status")]),
    ("OpportunityStage", &[("Opportunity", "StageName")]),
    ("OpportunityType", &[("Opportunity", "Type")]),
    ("Product2Family", &[("Product2", "Family")]),
    ("Salutation", &[("Contact", "Salutation"), ("Lead", "Salutation")]),
    ("TaskPriority", &[("Task", "Priority")]),
    ("TaskStatus", &[("Task", "Status")]),
    ("TaskSubject", &[("Task", "Subject")]),
    ("TaskType", &[("Task", "Type")]),
];

/// The sets whose values also have rows that say what they mean.
pub const MEANINGS: &[&str] = &["CaseStatus", "LeadStatus", "OpportunityStage", "TaskStatus"];

/// `customValue`, `standardValue` and `value` alike.
pub fn value(element: &Element) -> Option<Value> {
    let name = element.text_of("fullName")?;
    let label = element.text_of("label").unwrap_or(name);
    let active = element.text_of("isActive").is_none_or(|active| active == "true");
    Some(json!({"value": name, "label": label, "active": active, "defaultValue": element.flag("default")}))
}

pub fn values(set: &Element, tag: &str) -> Values {
    let mut found: Values = set.all(tag).filter_map(value).collect();
    if set.flag("sorted") {
        found.sort_by_key(|value| value["label"].as_str().unwrap_or_default().to_lowercase());
    }
    found
}

/// The sets that an org has already.
#[must_use]
pub fn of_org(schema: &Schema) -> GlobalValueSets {
    let said = |value: &PicklistValue| json!({"value": value.value, "label": value.label, "active": value.active, "defaultValue": value.default_value});
    schema
        .global_value_sets()
        .map(|set| (set.name.to_lowercase(), set.values.iter().map(said).collect()))
        .collect()
}

/// A set as the org keeps it.
#[must_use]
pub fn global(part: &Part) -> GlobalValueSet {
    let values = values(&part.element, "customValue").into_iter();
    let values = values.filter_map(|mut value| {
        value["validFor"] = Value::Null;
        serde_json::from_value::<PicklistValue>(value).ok()
    });
    GlobalValueSet {
        name: part.name.clone(),
        label: part.element.text_of("masterLabel").unwrap_or(&part.name).to_owned(),
        values: values.collect(),
    }
}

/// A row of `LeadStatus` and its like, in the words of metadata.
pub fn meaning(element: &Element) -> Option<Value> {
    let mut row = json!({"value": element.text_of("fullName")?, "default": element.flag("default")});
    for flag in ["converted", "closed", "won"] {
        row[flag] = Value::Bool(element.flag(flag));
    }
    if let Some(probability) = element.number("probability") {
        row["probability"] = json!(probability.min(100));
    }
    if let Some(category) = element.text_of("forecastCategory") {
        row["forecastCategory"] = json!(category);
    }
    Some(row)
}

/// What a field says of its values.
#[derive(Debug, Default)]
pub struct FieldValues {
    pub values: Values,
    pub restricted: bool,
    pub controller: Option<String>,
    /// The global value set that they are of.
    pub set: Option<String>,
    /// Which values of the controlling field each value belongs to.
    pub allowed: Vec<(String, Vec<String>)>,
}

/// Reads a `valueSet`, or the `picklist` of older files. `None`: the field says nothing of its values.
pub fn of_field(field: &Element, shared: &GlobalValueSets) -> Result<Option<FieldValues>, String> {
    if let Some(old) = field.child("picklist") {
        let mut read = FieldValues {
            values: values(old, "picklistValues"),
            restricted: field.flag("restrictedPicklist") || old.flag("restrictedPicklist"),
            controller: old.text_of("controllingField").map(str::to_owned),
            ..FieldValues::default()
        };
        for value in old.all("picklistValues") {
            let by = value.all("controllingFieldValues").map(|by| by.text.trim().to_owned()).collect();
            read.allowed.push((value.text_of("fullName").unwrap_or_default().to_owned(), by));
        }
        return Ok(Some(read));
    }
    let Some(set) = field.child("valueSet") else { return Ok(None) };
    let mut read = FieldValues {
        restricted: set.flag("restricted"),
        controller: set.text_of("controllingField").map(str::to_owned),
        ..FieldValues::default()
    };
    if let Some(name) = set.text_of("valueSetName") {
        let bare = name.rsplit("__").next().unwrap_or(name).to_lowercase();
        read.values = shared
            .get(&name.to_lowercase())
            .or_else(|| shared.get(&bare))
            .cloned()
            .ok_or_else(|| format!("there is no global value set {name}"))?;
        read.set = Some(name.to_owned());
        // A set that is shared can be changed in its own place only.
        read.restricted = true;
    } else if let Some(own) = set.child("valueSetDefinition") {
        read.values = values(own, "value");
    } else if read.controller.is_none() {
        return Ok(None);
    }
    for setting in set.all("valueSettings") {
        let by = setting.all("controllingFieldValue").map(|by| by.text.trim().to_owned()).collect();
        read.allowed.push((setting.text_of("valueName").unwrap_or_default().to_owned(), by));
    }
    Ok(Some(read))
}

impl FieldValues {
    /// Writes into each value for which values of the controlling field it may be chosen: describe's bit set, the first
    /// controlling value in the highest bit of the first byte.
    pub fn depend_on(&mut self, controlling: &[String]) {
        for value in &mut self.values {
            let name = value["value"].as_str().unwrap_or_default().to_owned();
            let mut bits = vec![0_u8; controlling.len().div_ceil(8).max(1)];
            let by = self.allowed.iter().filter(|(known, _)| *known == name).flat_map(|(_, by)| by);
            for by in by {
                let place = controlling.iter().position(|known| same_value(known, by));
                if let Some(place) = place {
                    bits[place / 8] |= 0x80 >> (place % 8);
                }
            }
            value["validFor"] = Value::String(STANDARD.encode(bits));
        }
    }
}

/// A checkbox that controls is written `checked` and `unchecked`.
fn same_value(known: &str, said: &str) -> bool {
    known == said || known == "true" && said == "checked" || known == "false" && said == "unchecked"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependent_value_says_where_it_is_valid_in_bits() {
        let field = crate::xml::parse(
            b"<f><valueSet><controllingField>Country__c</controllingField><valueSetDefinition>\
              <value><fullName>Bern</fullName></value><value><fullName>Wien</fullName></value><value><fullName>Neu</fullName></value>\
              </valueSetDefinition><valueSettings><controllingFieldValue>J</controllingFieldValue><valueName>Wien</valueName></valueSettings>\
              <valueSettings><controllingFieldValue>A</controllingFieldValue><controllingFieldValue>B</controllingFieldValue>\
              <valueName>Bern</valueName></valueSettings></valueSet></f>",
        )
        .unwrap();
        let mut read = of_field(&field, &GlobalValueSets::new()).unwrap().unwrap();
        let controlling: Vec<String> = ('A'..='J').map(String::from).collect();
        read.depend_on(&controlling);
        let bits: Vec<&str> = read.values.iter().map(|value| value["validFor"].as_str().unwrap()).collect();
        // 1100_0000 0000_0000, 0000_0000 0100_0000, nothing.
        assert_eq!(bits, ["wAA=", "AEA=", "AAA="]);
    }
}
