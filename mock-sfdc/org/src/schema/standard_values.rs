//! The values behind the picklists whose meaning the org acts on: which lead status is "converted", which
//! stage is won, with what probability. The org seeds the rows of `LeadStatus`, `CaseStatus`, `TaskStatus`
//! and `OpportunityStage` from here (`org/schema/values/standard-values.json`, in the words of the
//! metadata API's `StandardValueSet`).

use std::sync::OnceLock;

use serde::Deserialize;

/// One set for each of the four objects, in sort order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct StandardValues {
    pub lead_status: Vec<StandardValue>,
    pub case_status: Vec<StandardValue>,
    pub task_status: Vec<StandardValue>,
    pub opportunity_stage: Vec<StandardValue>,
}

/// A value: both `MasterLabel` and `ApiName` of its row.
#[allow(clippy::struct_excessive_bools, reason = "the words of StandardValueSet, each of its own object")]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StandardValue {
    pub value: String,
    #[serde(default)]
    pub default: bool,
    /// Lead status: leads are converted into it.
    #[serde(default)]
    pub converted: bool,
    /// Case, task and stage: the work is done.
    #[serde(default)]
    pub closed: bool,
    /// Stage: closed with success.
    #[serde(default)]
    pub won: bool,
    /// Stage: percent.
    #[serde(default)]
    pub probability: u8,
    /// Stage: the API value; see [`StandardValue::forecast_category_name`].
    #[serde(default)]
    pub forecast_category: String,
}

impl StandardValue {
    /// `ForecastCategoryName` says the label of `ForecastCategory`.
    #[must_use]
    pub fn forecast_category_name(&self) -> &str {
        match self.forecast_category.as_str() {
            "BestCase" => "Best Case",
            "MostLikely" => "Most Likely",
            "Forecast" => "Commit",
            same => same,
        }
    }
}

impl StandardValues {
    /// The set of this object, in any spelling.
    #[must_use]
    pub fn of(&self, object: &str) -> Option<&[StandardValue]> {
        let sets: [(&str, &[StandardValue]); 4] = [
            ("LeadStatus", &self.lead_status),
            ("CaseStatus", &self.case_status),
            ("TaskStatus", &self.task_status),
            ("OpportunityStage", &self.opportunity_stage),
        ];
        sets.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(object)).map(|(_, set)| set)
    }
}

/// The values that every org starts with.
///
/// # Panics
/// Never outside a broken build: a test loads the embedded file.
#[must_use]
pub fn standard_values() -> &'static StandardValues {
    static VALUES: OnceLock<StandardValues> = OnceLock::new();
    VALUES.get_or_init(|| {
        match serde_json::from_str(include_str!("../../schema/values/standard-values.json")) {
            Ok(values) => values,
            Err(mistake) => panic!("standard-values.json has a mistake: {mistake}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn the_sets_are_those_of_the_picklists() {
        let schema = Schema::standard();
        for (set, object, field) in [
            ("LeadStatus", "Lead", "Status"),
            ("CaseStatus", "Case", "Status"),
            ("TaskStatus", "Task", "Status"),
            ("OpportunityStage", "Opportunity", "StageName"),
        ] {
            let (_, field) = schema.object(object).unwrap().field(field).unwrap();
            let listed: Vec<(&str, bool)> = field
                .picklist_values
                .iter()
                .map(|value| (value.value.as_str(), value.default_value))
                .collect();
            let known: Vec<(&str, bool)> = standard_values()
                .of(set)
                .unwrap()
                .iter()
                .map(|value| (value.value.as_str(), value.default))
                .collect();
            assert_eq!(known, listed, "{set}");
        }
    }

    #[test]
    fn one_value_of_each_set_ends_the_work() {
        let values = standard_values();
        let converted: Vec<&str> =
            values.lead_status.iter().filter(|v| v.converted).map(|v| v.value.as_str()).collect();
        assert_eq!(converted, ["Closed - Converted"]);
        let won: Vec<(&str, u8)> = values
            .opportunity_stage
            .iter()
            .filter(|v| v.won)
            .map(|v| (v.value.as_str(), v.probability))
            .collect();
        assert_eq!(won, [("Closed Won", 100)]);
        assert!(values.opportunity_stage.iter().all(|v| v.closed == matches!(v.probability, 0 | 100)));
    }
}
