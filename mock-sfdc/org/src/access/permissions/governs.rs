//! Whose permissions decide over an object. Most objects of the application have rows of `ObjectPermissions`; others follow a
//! parent, ask for one system permission, or are there for everybody (`contract/behaviour.md` section 9, and the access notes
//! of Salesforce's object reference).

/// What decides over the rows of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Governor<'a> {
    /// Its own rows of `ObjectPermissions`.
    Itself,
    /// Those of this object.
    Parent(&'a str),
    /// Everybody reads; this permission writes.
    Permission(&'static str),
    /// This permission reads and writes.
    Closed(&'static str),
    /// Everybody does everything that the object allows.
    Nobody,
}

/// Standard objects that a profile lists.
pub const LISTED: &[&str] = &[
    "Account",
    "Asset",
    "Campaign",
    "Case",
    "Contact",
    "Contract",
    "Document",
    "DuplicateRecordSet",
    "Idea",
    "Individual",
    "Lead",
    "Opportunity",
    "Order",
    "Pricebook2",
    "Product2",
    "PushTopic",
    "Quote",
    "Solution",
    "StreamingChannel",
];

const FOLLOWERS: &[(&str, &str)] = &[
    ("AccountContactRole", "Account"),
    ("AccountTeamMember", "Account"),
    ("CampaignMember", "Campaign"),
    ("CampaignMemberStatus", "Campaign"),
    ("CaseComment", "Case"),
    ("DuplicateRecordItem", "DuplicateRecordSet"),
    ("OpportunityContactRole", "Opportunity"),
    ("OpportunityLineItem", "Opportunity"),
    ("OpportunityTeamMember", "Opportunity"),
    ("OrderItem", "Order"),
    ("PricebookEntry", "Pricebook2"),
    ("QuoteLineItem", "Quote"),
];

const SET_UP: &[(&str, &str)] = &[
    ("ApexClass", "AuthorApex"),
    ("ApexTrigger", "AuthorApex"),
    ("BusinessHours", "CustomizeApplication"),
    ("DuplicateRule", "CustomizeApplication"),
    ("Event", "EditEvent"),
    ("FieldPermissions", "ManageProfilesPermissionsets"),
    ("Group", "ManageUsers"),
    ("GroupMember", "ManageUsers"),
    ("Holiday", "CustomizeApplication"),
    ("MatchingRule", "CustomizeApplication"),
    ("MutingPermissionSet", "ManageProfilesPermissionsets"),
    ("ObjectPermissions", "ManageProfilesPermissionsets"),
    ("Organization", "CustomizeApplication"),
    ("PermissionSet", "ManageProfilesPermissionsets"),
    ("PermissionSetAssignment", "AssignPermissionSets"),
    ("PermissionSetLicenseAssign", "AssignPermissionSets"),
    ("Profile", "ManageProfilesPermissionsets"),
    ("QueueSobject", "ManageUsers"),
    ("RecordType", "CustomizeApplication"),
    ("SetupEntityAccess", "ManageProfilesPermissionsets"),
    ("StaticResource", "CustomizeApplication"),
    ("Task", "EditTask"),
    ("User", "ManageUsers"),
    ("UserRole", "ManageRoles"),
];

const CLOSED: &[(&str, &str)] = &[("UserLogin", "ManageUsers")];

/// What keeps an object company: its name is the object's with one of these behind it (`__History` for custom objects).
const COMPANIONS: &[&str] = &["ChangeEvent", "Feed", "History", "Share", "FieldHistory"];

/// What decides over the object of this name.
#[must_use]
pub fn governor(object: &str) -> Governor<'_> {
    let is = |name: &&str| name.eq_ignore_ascii_case(object);
    let of = |table: &'static [(&str, &'static str)]| {
        table.iter().find(|(name, _)| is(name)).map(|(_, permission)| *permission)
    };
    if LISTED.iter().any(is) || ends_with(object, "__c") || ends_with(object, "__e") {
        return Governor::Itself;
    }
    if ends_with(object, "__mdt") {
        return Governor::Permission("CustomizeApplication");
    }
    if let Some(parent) = of(FOLLOWERS) {
        return Governor::Parent(parent);
    }
    if let Some(permission) = of(SET_UP) {
        return Governor::Permission(permission);
    }
    if let Some(permission) = of(CLOSED) {
        return Governor::Closed(permission);
    }
    companion_of(object).map_or(Governor::Nobody, Governor::Parent)
}

/// Whether `ObjectPermissions` may have a row for it.
#[must_use]
pub fn is_listed(object: &str) -> bool {
    governor(object) == Governor::Itself
}

/// `AccountHistory` is Account's; that of a custom object is found by its name before the underscores.
fn companion_of(object: &str) -> Option<&str> {
    let suffix = COMPANIONS.iter().find(|suffix| ends_with(object, suffix) && object.len() > suffix.len())?;
    Some(object[..object.len() - suffix.len()].trim_end_matches("__"))
}

fn ends_with(text: &str, end: &str) -> bool {
    let (text, end) = (text.as_bytes(), end.as_bytes());
    text.len() >= end.len() && text[text.len() - end.len()..].eq_ignore_ascii_case(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_object_has_its_governor() {
        for (object, governor_) in [
            ("Lead", Governor::Itself),
            ("invoice__c", Governor::Itself),
            ("OpportunityLineItem", Governor::Parent("Opportunity")),
            ("AccountHistory", Governor::Parent("Account")),
            ("Invoice__Share", Governor::Parent("Invoice")),
            ("Task", Governor::Permission("EditTask")),
            ("UserLogin", Governor::Closed("ManageUsers")),
            ("LeadStatus", Governor::Nobody),
            ("History", Governor::Nobody),
        ] {
            assert_eq!(governor(object), governor_, "{object}");
        }
    }
}
