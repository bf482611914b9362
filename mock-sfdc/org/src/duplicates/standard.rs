//! The matching and duplicate rules that every org has for leads, contacts and accounts, with their match keys
//! (`contract/behaviour.md` section 7.3). The equation of the account rule is from memory, and so are its keys.

use super::{
    compare::digits,
    matching_rule::{BlankValueBehavior, MatchingMethod, MatchingRule, MatchingRuleItem, RuleStatus},
    rule::{DuplicateAction, DuplicateOperation, DuplicateRule, DuplicateRuleMatchRule, SecurityOption},
    similarity::{phonetic, words},
};

/// A key that two records must share before they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MatchKey {
    /// `john_doe@us.ibm.com` is `johndoe@ibm.com`.
    Email,
    /// First letter, sound of the last name, domain of the address.
    NameEmail,
    /// First letter, sound of the last name, the company's first letters.
    NameCompany,
    /// First letter, sound of the last name, the phone without its last four digits.
    NamePhone,
    /// The company's first letters, and the city's.
    CompanyCity,
    /// The company's first letters, and the ZIP's.
    CompanyZip,
    Website,
    /// Without a leading 1 and the last four digits.
    Phone,
}

/// Where the parts of the keys stand in an object.
struct Parts {
    company: &'static str,
    city: &'static str,
    zip: &'static str,
}

fn parts(object: &str) -> Parts {
    match object {
        "Contact" => Parts { company: "Account.Name", city: "MailingCity", zip: "MailingPostalCode" },
        "Account" => Parts { company: "Name", city: "BillingCity", zip: "BillingPostalCode" },
        _ => Parts { company: "Company", city: "City", zip: "PostalCode" },
    }
}

impl MatchKey {
    /// The key of a record, if the fields are there that it is made of. `field` reads one by its name in `object`.
    pub(super) fn of(self, object: &str, field: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let parts = parts(object);
        let lower = |name: &str| field(name).map(|text| text.trim().to_lowercase());
        let person = || {
            let first = lower("FirstName").and_then(|name| name.chars().next()).map(String::from);
            Some(first.unwrap_or_default() + &phonetic(&lower("LastName")?))
        };
        let start = |text: String, length: usize| {
            let plain = words(&text).concat().chars().take(length).collect::<String>();
            (!plain.is_empty()).then_some(plain)
        };
        match self {
            Self::Email => email(&lower("Email")?),
            Self::NameEmail => {
                let address = email(&lower("Email")?)?;
                Some(person()? + address.split_once('@')?.1)
            }
            Self::NameCompany => Some(person()? + &start(lower(parts.company)?, 5)?),
            Self::NamePhone => Some(person()? + &phone(&lower("Phone")?)?),
            Self::CompanyCity => Some(start(lower(parts.company)?, 5)? + &start(lower(parts.city)?, 6)?),
            Self::CompanyZip => Some(start(lower(parts.company)?, 5)? + &start(lower(parts.zip)?, 3)?),
            Self::Website => {
                let address = lower("Website")?;
                let host = address.split("://").last()?.split('/').next()?.trim_start_matches("www.");
                (!host.is_empty()).then(|| host.to_owned())
            }
            Self::Phone => phone(&lower("Phone")?),
        }
    }
}

/// The local part without its marks, and the last two labels of the domain.
fn email(address: &str) -> Option<String> {
    let (local, domain) = address.split_once('@')?;
    let local = local.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let labels = domain.split('.').collect::<Vec<_>>();
    let domain = labels[labels.len().saturating_sub(2)..].join(".");
    Some(format!("{local}@{domain}"))
}

fn phone(text: &str) -> Option<String> {
    let digits = digits(text);
    let local = digits.strip_prefix('1').unwrap_or(&digits);
    let kept = local.len().checked_sub(4).filter(|kept| *kept > 0)?;
    Some(local[..kept].to_owned())
}

/// Numbers are those of [`person_items`]; 1 is the first name, 10 the first name where a blank one is no matter.
const PERSON: &str = "(1 AND 2 AND 3 AND 4) OR (10 AND 2 AND 5) OR (1 AND 2 AND 6 AND 4) OR (1 AND 2 AND 7 AND (8 OR 9 OR 6)) \
     OR (1 AND 2 AND 7 AND 3) OR (10 AND 2 AND 3 AND 5) OR (1 AND 2 AND 6)";

/// Numbers are those of [`account_items`].
const ACCOUNT: &str = "(1 AND 2) OR (1 AND 3 AND 4) OR (1 AND 5) OR (1 AND 6) OR (7 AND 6) OR (7 AND 2)";

fn person_items(title: &str, company: &str, street: &str, city: &str, zip: &str) -> Vec<MatchingRuleItem> {
    use MatchingMethod as M;
    let mut items = items(&[
        ("FirstName", M::FirstName),
        ("LastName", M::LastName),
        (title, M::Title),
        (company, M::CompanyName),
        ("Email", M::Exact),
        ("Phone", M::Phone),
        (street, M::Street),
        (city, M::City),
        (zip, M::Zip),
        ("FirstName", M::FirstName),
    ]);
    items[9].blank_value_behavior = BlankValueBehavior::Ignored;
    items
}

fn account_items() -> Vec<MatchingRuleItem> {
    use MatchingMethod as M;
    items(&[
        ("Name", M::CompanyName),
        ("BillingStreet", M::Street),
        ("BillingCity", M::City),
        ("BillingState", M::Exact),
        ("BillingPostalCode", M::Zip),
        ("Phone", M::Phone),
        ("Website", M::Exact),
    ])
}

fn items(table: &[(&str, MatchingMethod)]) -> Vec<MatchingRuleItem> {
    table
        .iter()
        .map(|(field, method)| MatchingRuleItem {
            field_name: (*field).to_owned(),
            matching_method: *method,
            blank_value_behavior: BlankValueBehavior::NullNotAllowed,
        })
        .collect()
}

impl MatchingRule {
    /// Gives one of Salesforce's own rules back what is never written down: its match keys, and blanks that are no matter.
    #[must_use]
    pub(crate) fn restored(self) -> Self {
        let own = standard_matching_rules().into_iter().find(|rule| rule.full_name == self.full_name);
        own.unwrap_or(self)
    }
}

/// The three rules that no administrator can change.
#[must_use]
pub fn standard_matching_rules() -> Vec<MatchingRule> {
    use MatchKey as K;
    let person = &[K::Email, K::NameEmail, K::NameCompany, K::NamePhone];
    let account = &[K::CompanyCity, K::CompanyZip, K::Website, K::Phone];
    let rule = |full_name: &str, label: &str, equation: &str, items, keys| MatchingRule {
        full_name: full_name.to_owned(),
        label: label.to_owned(),
        description: None,
        boolean_filter: equation.parse().ok(),
        matching_rule_items: items,
        rule_status: RuleStatus::Active,
        match_keys: keys,
    };
    vec![
        rule(
            "Account.Standard_Account_Match_Rule_v1_0",
            "Standard Account Matching Rule",
            ACCOUNT,
            account_items(),
            account,
        ),
        rule(
            "Contact.Standard_Contact_Match_Rule_v1_1",
            "Standard Contact Matching Rule",
            PERSON,
            person_items("Title", "Account.Name", "MailingStreet", "MailingCity", "MailingPostalCode"),
            person,
        ),
        rule(
            "Lead.Standard_Lead_Match_Rule_v1_0",
            "Standard Lead Matching Rule",
            PERSON,
            person_items("Title", "Company", "Street", "City", "PostalCode"),
            person,
        ),
    ]
}

/// The rules that use them: a user is alerted on create, and nothing is said on edit.
#[must_use]
pub fn standard_duplicate_rules(active: bool) -> Vec<DuplicateRule> {
    let table: [(&str, &[(&str, &str)]); 3] = [
        ("Account", &[("Account", "Standard_Account_Match_Rule_v1_0")]),
        (
            "Contact",
            &[("Contact", "Standard_Contact_Match_Rule_v1_1"), ("Lead", "Standard_Lead_Match_Rule_v1_0")],
        ),
        (
            "Lead",
            &[("Lead", "Standard_Lead_Match_Rule_v1_0"), ("Contact", "Standard_Contact_Match_Rule_v1_1")],
        ),
    ];
    table
        .into_iter()
        .map(|(object, asked)| DuplicateRule {
            full_name: format!("{object}.Standard_{object}_Duplicate_Rule"),
            master_label: format!("Standard {object} Duplicate Rule"),
            description: None,
            is_active: active,
            action_on_insert: DuplicateAction::Allow,
            action_on_update: DuplicateAction::Allow,
            alert_text: Some("Use one of these records?".to_owned()),
            operations_on_insert: vec![DuplicateOperation::Alert, DuplicateOperation::Report],
            operations_on_update: vec![DuplicateOperation::Report],
            duplicate_rule_filter: None,
            duplicate_rule_match_rules: asked
                .iter()
                .map(|(object, rule)| DuplicateRuleMatchRule {
                    match_rule_sobject_type: (*object).to_owned(),
                    matching_rule: (*rule).to_owned(),
                    object_mapping: None,
                })
                .collect(),
            security_option: SecurityOption::EnforceSharingRules,
            sort_order: 1,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_those_of_the_help() {
        let key = |key: MatchKey, fields: &[(&str, &str)]| {
            let read = |name: &str| {
                fields.iter().find(|(field, _)| *field == name).map(|(_, text)| (*text).to_owned())
            };
            key.of("Lead", &read)
        };
        let marc = [
            ("FirstName", "Marc"),
            ("LastName", "Benioff"),
            ("Company", "salesforce.com"),
            ("Phone", "1-415-555-1234"),
        ];
        let john = [("FirstName", "John"), ("LastName", "Doe"), ("Email", "john_doe@us.salesforce.com")];
        let table = [
            (MatchKey::Email, &john[..], Some("johndoe@salesforce.com")),
            (MatchKey::NameEmail, &john, Some("jtsalesforce.com")),
            (MatchKey::NameCompany, &marc, Some("mpnfsales")),
            (MatchKey::NamePhone, &marc, Some("mpnf415555")),
            (MatchKey::NamePhone, &john, None),
            (MatchKey::Phone, &[("Phone", "123")], None),
        ];
        for (kind, fields, expected) in table {
            assert_eq!(key(kind, fields).as_deref(), expected, "{kind:?}");
        }
    }

    #[test]
    fn equations_name_items_that_are_there() {
        for rule in standard_matching_rules() {
            let highest = rule.boolean_filter.as_ref().map(crate::rules::criteria::FilterLogic::highest_item);
            assert_eq!(highest, Some(rule.matching_rule_items.len()), "{}", rule.full_name);
        }
    }
}
