//! What a user licence leaves out, whatever profile and permission sets say (`contract/behaviour.md` section 9). Public facts
//! disagree, so an org may say otherwise: [`PermissionSettings::licences`](super::PermissionSettings).

use super::governs::{Governor, governor};

/// The permission set licence that opens the standard objects to integration users.
pub const API_INTEGRATION: &str = "SalesforceAPIIntegrationPsl";

/// User licences of a new org: name, key.
pub const LICENCES: &[(&str, &str)] = &[
    ("Salesforce", "SFDC"),
    ("Salesforce Platform", "AUL"),
    ("Salesforce Integration", "SFDC_INTEGRATION"),
    ("Chatter Free", "CHATTER_FREE"),
    ("Chatter External", "CHATTER_EXTERNAL"),
];

/// The standard objects of sales and marketing that the platform licence has not.
const NOT_ON_PLATFORM: &[&str] = &["Campaign", "Lead", "Opportunity", "Quote"];

/// Whether a licence leaves an object out. `opened`: the user has the permission set licence of integrations.
#[must_use]
pub fn leaves_out(licence: &str, object: &str, opened: bool) -> bool {
    let head = match governor(object) {
        Governor::Parent(parent) => parent,
        Governor::Itself => object,
        _ => return false,
    };
    let custom = object.to_ascii_lowercase().ends_with("__c");
    match licence {
        "Salesforce Platform" => NOT_ON_PLATFORM.iter().any(|name| name.eq_ignore_ascii_case(head)),
        "Salesforce Integration" => !opened && !custom,
        "Chatter Free" | "Chatter External" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_leave_out() {
        for (licence, object, opened, left_out) in [
            ("Salesforce", "Lead", false, false),
            ("Salesforce Platform", "Lead", false, true),
            ("Salesforce Platform", "OpportunityLineItem", false, true),
            ("Salesforce Platform", "Account", false, false),
            ("Salesforce Platform", "Invoice__c", false, false),
            ("Salesforce Integration", "Account", false, true),
            ("Salesforce Integration", "Account", true, false),
            ("Salesforce Integration", "Invoice__c", false, false),
            ("Chatter Free", "Invoice__c", false, true),
            ("Chatter Free", "User", false, false),
        ] {
            assert_eq!(leaves_out(licence, object, opened), left_out, "{licence} {object} {opened}");
        }
    }
}
