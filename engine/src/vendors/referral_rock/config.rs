//! What the set-up screens of the Salesforce integration let a customer choose.
//!
//! Names follow the document's labels. Field names are API names of the org, as the document asks. The org fields that a
//! referral is always written to have no public API names (`contract/products.md` section 2): the defaults below are
//! ours, and every one can be changed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::sync::{
    duplicates::WhenEmailMatches,
    processing::ProcessRules,
    qualification::StatusChangeEvent,
    relation::{Object, is_relational},
};

/// What a referral becomes in the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum Target {
    #[default]
    Lead,
    Contact,
}

impl Target {
    #[must_use]
    pub fn object(self) -> Object {
        match self {
            Self::Lead => Object::Lead,
            Self::Contact => Object::Contact,
        }
    }
}

/// "Sync Added Referrals", for one program.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReferralAdd {
    /// The toggle: off sends nothing.
    pub enabled: bool,
    /// Leads or Contacts.
    pub add_as: Target,
    /// The configuration for an email that already matches a record.
    pub when_email_matches: WhenEmailMatches,
    pub standard_fields: StandardFields,
    /// Custom referral field of the product -> field of the org.
    pub custom_referral_fields: BTreeMap<String, String>,
    pub member_information: MemberInformation,
    /// Custom member field of the product -> field of the org.
    pub custom_member_fields: BTreeMap<String, String>,
}

/// Where the always-sent information goes. First name, last name, email (and a Lead's company) have standard fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StandardFields {
    pub referral_id: String,
    pub source: String,
    pub source_note: String,
    pub member_url: String,
    pub referral_url: String,
    /// A Contact has no company of its own.
    pub contact_company: String,
    /// The text that is written as the source.
    pub source_text: String,
}

impl Default for StandardFields {
    fn default() -> Self {
        Self {
            referral_id: "Referral_Rock_Referral_Id__c".into(),
            source: "Referral_Rock_Source__c".into(),
            source_note: "Referral_Rock_Source_Note__c".into(),
            member_url: "Referral_Rock_Member_Url__c".into(),
            referral_url: "Referral_Rock_Referral_Url__c".into(),
            contact_company: "Referral_Rock_Company__c".into(),
            source_text: "Referral Rock".into(),
        }
    }
}

/// The org fields for the referring member's information; an absent one is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MemberInformation {
    pub name: Option<String>,
    pub email: Option<String>,
    pub external_id: Option<String>,
    pub phone: Option<String>,
    pub referral_code: Option<String>,
}

/// "Receive Updates", for the whole account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReferralUpdate {
    pub enabled: bool,
    pub status_change_events: Vec<StatusChangeEvent>,
    /// Let an event move a Denied referral.
    pub override_denied: bool,
    pub fields_to_update: Vec<FieldToUpdate>,
    pub target_match: Vec<TargetMatch>,
    pub member_match: Vec<MemberMatch>,
    pub additional_matching: Vec<AdditionalMatching>,
    pub contact_matching: ContactMatching,
    pub process_rules: ProcessRules,
}

/// A referral field and the org field that fills it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldToUpdate {
    pub referral_field: ReferralField,
    pub object: Object,
    pub field: String,
}

/// A field of a referral that an event may write: a standard one by name, or `{"custom": "its name"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferralField {
    FirstName,
    LastName,
    Email,
    Phone,
    Company,
    ExternalId,
    Amount,
    Note,
    Custom(String),
}

/// Which of a referral's identifiers an org field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferralKey {
    ReferralId,
    ExternalId,
}

/// Which of a member's identifiers an org field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberKey {
    MemberId,
    Email,
    ExternalId,
    ReferralCode,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetMatch {
    pub object: Object,
    pub field: String,
    pub matches: ReferralKey,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberMatch {
    pub object: Object,
    pub field: String,
    pub matches: MemberKey,
}

/// A field of the Lead that holds one of a referral's identifiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdditionalMatching {
    pub field: String,
    pub matches: ReferralKey,
}

/// Whose email and name count when an event is matched. The product's list is not public; these two ends of it follow
/// from the document: "if you would like to include contacts linked to the account of the triggered object choose the
/// last option".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactMatching {
    /// The triggering record, and the one contact that the relation table gives it.
    #[default]
    TriggeringRecord,
    /// Also every contact linked to the account of the triggering record.
    AccountContacts,
}

impl ReferralAdd {
    /// What a person got wrong, if anything.
    #[must_use]
    pub fn mistakes(&self) -> Vec<String> {
        let standard = &self.standard_fields;
        let named = [
            ("standard_fields.referral_id", &standard.referral_id),
            ("standard_fields.source", &standard.source),
            ("standard_fields.source_note", &standard.source_note),
            ("standard_fields.member_url", &standard.member_url),
            ("standard_fields.referral_url", &standard.referral_url),
            ("standard_fields.contact_company", &standard.contact_company),
        ];
        let custom =
            self.custom_referral_fields.iter().map(|(k, v)| (format!("custom_referral_fields.{k}"), v));
        let member = self.custom_member_fields.iter().map(|(k, v)| (format!("custom_member_fields.{k}"), v));
        let info = &self.member_information;
        let information = [
            ("name", &info.name),
            ("email", &info.email),
            ("external_id", &info.external_id),
            ("phone", &info.phone),
            ("referral_code", &info.referral_code),
        ];
        let information = information.into_iter().filter_map(|(key, field)| {
            field.as_ref().map(|field| (format!("member_information.{key}"), field))
        });
        let all =
            named.into_iter().map(|(k, v)| (k.to_owned(), v)).chain(custom).chain(member).chain(information);
        all.filter_map(|(place, field)| field_mistake(&place, field, false)).collect()
    }
}

impl ReferralUpdate {
    /// What a person got wrong, if anything.
    #[must_use]
    pub fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        for (i, event) in self.status_change_events.iter().enumerate() {
            mistakes.extend(field_mistake(&format!("status_change_events[{i}].field"), &event.field, true));
            if event.value.trim().is_empty() {
                mistakes
                    .push(format!("status_change_events[{i}].value: say which value sets {}.", event.status));
            }
        }
        for (i, entry) in self.fields_to_update.iter().enumerate() {
            mistakes.extend(field_mistake(&format!("fields_to_update[{i}].field"), &entry.field, true));
        }
        for (i, entry) in self.target_match.iter().enumerate() {
            mistakes.extend(field_mistake(&format!("target_match[{i}].field"), &entry.field, true));
            if entry.object == Object::Lead {
                mistakes.push(format!(
                    "target_match[{i}].object: a Lead is mapped back under additional_matching, not here."
                ));
            }
        }
        for (i, entry) in self.member_match.iter().enumerate() {
            mistakes.extend(field_mistake(&format!("member_match[{i}].field"), &entry.field, true));
        }
        for (i, entry) in self.additional_matching.iter().enumerate() {
            mistakes.extend(field_mistake(&format!("additional_matching[{i}].field"), &entry.field, true));
        }
        mistakes
    }

    /// Every field that the set-up reads, by object; paths through relationships stay out, they are null (RR-29).
    #[must_use]
    pub fn fields_by_object(&self) -> BTreeMap<Object, BTreeSet<String>> {
        let events = self.status_change_events.iter().map(|e| (e.object, &e.field));
        let updates = self.fields_to_update.iter().map(|e| (e.object, &e.field));
        let targets = self.target_match.iter().map(|e| (e.object, &e.field));
        let members = self.member_match.iter().map(|e| (e.object, &e.field));
        let leads = self.additional_matching.iter().map(|e| (Object::Lead, &e.field));
        let mut fields: BTreeMap<Object, BTreeSet<String>> = BTreeMap::new();
        for (object, field) in events.chain(updates).chain(targets).chain(members).chain(leads) {
            fields.entry(object).or_default().insert(field.clone());
        }
        fields
    }
}

/// API names go into queries: nothing else may.
fn field_mistake(place: &str, field: &str, may_be_relational: bool) -> Option<String> {
    let legal = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let fits =
        if may_be_relational && is_relational(field) { field.split('.').all(legal) } else { legal(field) };
    (!fits).then(|| {
        format!(
            "{place}: `{field}` is not an API field name of Salesforce (such as StageName or Referral_Id__c)."
        )
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_default_set_up_is_off_and_sound() {
        assert!(!ReferralAdd::default().enabled);
        assert_eq!(ReferralAdd::default().mistakes(), Vec::<String>::new());
        let empty: ReferralUpdate = serde_json::from_value(json!({})).unwrap();
        assert_eq!(empty, ReferralUpdate::default());
    }

    #[test]
    fn unknown_keys_and_wrong_names_are_refused() {
        assert!(serde_json::from_value::<ReferralUpdate>(json!({"overide_denied": true})).is_err());
        let update: ReferralUpdate = serde_json::from_value(json!({
            "target_match": [{"object": "Lead", "field": "Referral_Id__c", "matches": "referral_id"}],
            "status_change_events": [{"status": "Approved", "object": "Opportunity", "field": "Stage Name", "value": ""}],
            "fields_to_update": [
                {"referral_field": "company", "object": "Contact", "field": "Account.Name"},
                {"referral_field": {"custom": "region"}, "object": "Account", "field": "Region__c"}
            ],
        }))
        .unwrap();
        let mistakes = update.mistakes();
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
        assert!(mistakes[0].contains("status_change_events[0].field"));
        assert!(mistakes[2].contains("additional_matching"));
    }
}
