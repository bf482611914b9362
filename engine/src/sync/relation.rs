//! Which record a field is read from, given the record that triggered the event (RR-29, RR-30).
//!
//! The document's table of twelve rows, as one function. Two of its rows (Account to Account, Account to Opportunity)
//! are printed twice and say the same. What the table does not name (a Lead's account, an account's leads) is null.
//! A field that is a path through a relationship (`Contact` > `Account.Name`) is always null, related or not.
//!
//! How an opportunity and a contact belong together is not said: in Salesforce that is `OpportunityContactRole`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The four objects whose new and updated records make Sales Entries.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
pub enum Object {
    Lead,
    Contact,
    Account,
    Opportunity,
}

impl Object {
    pub const ALL: [Self; 4] = [Self::Lead, Self::Contact, Self::Account, Self::Opportunity];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "Lead",
            Self::Contact => "Contact",
            Self::Account => "Account",
            Self::Opportunity => "Opportunity",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|object| object.as_str() == text)
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How the wanted object is reached from the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The triggering record itself.
    Itself,
    /// The record that this lookup field of the trigger names, if it names one.
    Parent { lookup: &'static str },
    /// The records of the wanted object whose lookup names the trigger: only if there is exactly one.
    OnlyChild { lookup: &'static str },
    /// The records joined by `OpportunityContactRole`: only if there is exactly one.
    OnlyByRole { here: &'static str, there: &'static str },
    /// The table has no such row: null.
    Nothing,
}

/// The document's table.
#[must_use]
pub fn reach(trigger: Object, wanted: Object) -> Reach {
    use Object::{Account, Contact, Opportunity};
    match (trigger, wanted) {
        (trigger, wanted) if trigger == wanted => Reach::Itself,
        (Contact | Opportunity, Account) => Reach::Parent { lookup: "AccountId" },
        (Account, Contact | Opportunity) => Reach::OnlyChild { lookup: "AccountId" },
        (Contact, Opportunity) => Reach::OnlyByRole { here: "ContactId", there: "OpportunityId" },
        (Opportunity, Contact) => Reach::OnlyByRole { here: "OpportunityId", there: "ContactId" },
        _ => Reach::Nothing,
    }
}

/// Chooses among the related records: exactly one, or none.
pub fn only_one<I: IntoIterator<Item = String>>(ids: I) -> Option<String> {
    let mut distinct: Vec<String> = ids.into_iter().collect();
    distinct.sort();
    distinct.dedup();
    if distinct.len() == 1 { distinct.pop() } else { None }
}

/// A path through a relationship: it is sent as null.
#[must_use]
pub fn is_relational(field: &str) -> bool {
    field.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document's rows in its order, with what they give for zero, one and two related records.
    #[test]
    fn all_twelve_rows() {
        use Object::{Account, Contact, Lead, Opportunity};
        let one_to_one = Reach::Parent { lookup: "AccountId" };
        let children = Reach::OnlyChild { lookup: "AccountId" };
        let rows = [
            (Lead, Lead, Reach::Itself),
            (Contact, Contact, Reach::Itself),
            (Contact, Account, one_to_one),
            (Contact, Opportunity, Reach::OnlyByRole { here: "ContactId", there: "OpportunityId" }),
            (Account, Contact, children),
            (Account, Account, Reach::Itself),
            (Account, Opportunity, children),
            (Account, Account, Reach::Itself),
            (Account, Opportunity, children),
            (Opportunity, Contact, Reach::OnlyByRole { here: "OpportunityId", there: "ContactId" }),
            (Opportunity, Account, one_to_one),
            (Opportunity, Opportunity, Reach::Itself),
        ];
        for (trigger, wanted, expected) in rows {
            assert_eq!(reach(trigger, wanted), expected, "{trigger} -> {wanted}");
        }
        for other in [Contact, Account, Opportunity] {
            assert_eq!(reach(Lead, other), Reach::Nothing);
            assert_eq!(reach(other, Lead), Reach::Nothing);
        }
    }

    #[test]
    fn exactly_one_or_null() {
        let ids = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(only_one(ids(&[])), None);
        assert_eq!(only_one(ids(&["003A"])), Some("003A".into()));
        assert_eq!(only_one(ids(&["003A", "003B"])), None);
        assert_eq!(
            only_one(ids(&["003A", "003A"])),
            Some("003A".into()),
            "one contact in two roles is one contact"
        );
    }

    #[test]
    fn paths_are_relational() {
        assert!(is_relational("Account.Name"));
        assert!(!is_relational("AccountId"));
    }
}
