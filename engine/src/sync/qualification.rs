//! Which status an event asks for (RR-14): the first of the set-up's rules that the event's values meet.
//!
//! Several statuses can be met by one record (a lost opportunity of a disqualified contact). The document gives each
//! status its own rule and no order; ours is Approved, Denied, Qualified, Pending: what is decided before what is on its way.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{mapping::as_text, relation::Object, status::Status};

/// "Choose which referral status you want to update to based on the Salesforce object, field name, and value match."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusChangeEvent {
    pub status: Status,
    pub object: Object,
    pub field: String,
    pub value: String,
}

const PRECEDENCE: [Status; 4] = [Status::Approved, Status::Denied, Status::Qualified, Status::Pending];

/// The rule that applies, given a way to read a field of an object from the event.
pub fn applicable<'r, 'v>(
    rules: &'r [StatusChangeEvent],
    read: impl Fn(Object, &str) -> Option<&'v Value>,
) -> Option<&'r StatusChangeEvent> {
    let met = |rule: &&StatusChangeEvent| {
        read(rule.object, &rule.field).is_some_and(|value| equals(value, &rule.value))
    };
    PRECEDENCE.into_iter().find_map(|status| rules.iter().filter(|rule| rule.status == status).find(met))
}

/// Text without case, as Salesforce itself compares picklist values; numbers by value.
fn equals(value: &Value, wanted: &str) -> bool {
    let Some(text) = as_text(value) else { return false };
    let wanted = wanted.trim();
    if let (Value::Number(_), Ok(a), Ok(b)) = (value, text.parse::<f64>(), wanted.parse::<f64>()) {
        return (a - b).abs() < f64::EPSILON;
    }
    text.to_lowercase() == wanted.to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(status: Status, field: &str, value: &str) -> StatusChangeEvent {
        StatusChangeEvent { status, object: Object::Opportunity, field: field.into(), value: value.into() }
    }

    #[test]
    fn each_status_has_its_rule() {
        let rules = [
            rule(Status::Qualified, "StageName", "Proposal/Price Quote"),
            rule(Status::Approved, "StageName", "Closed Won"),
            rule(Status::Denied, "IsPrivate", "true"),
            rule(Status::Pending, "Amount", "10"),
        ];
        for (record, expected) in [
            (json!({"StageName": "Closed Won"}), Some(Status::Approved)),
            (json!({"StageName": "closed won"}), Some(Status::Approved)),
            (json!({"StageName": "Prospecting"}), None),
            (json!({"StageName": null}), None),
            (json!({"IsPrivate": true, "StageName": "Proposal/Price Quote"}), Some(Status::Denied)),
            (json!({"IsPrivate": true, "StageName": "Closed Won"}), Some(Status::Approved)),
            (json!({"Amount": 10.0}), Some(Status::Pending)),
        ] {
            let read =
                |object: Object, field: &str| (object == Object::Opportunity).then(|| record.get(field))?;
            assert_eq!(applicable(&rules, read).map(|rule| rule.status), expected, "{record}");
        }
    }
}
