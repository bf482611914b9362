//! What happens to a referral whose email the org knows already (RR-07, RR-08).
//!
//! Public pages name only "Set Referral to Denied"; the other three are what an administrator would expect to find
//! beside it (`contract/products.md` section 2). Choices made here:
//! - An unconverted Lead and a Contact both count as a match. A record of the program's own target object comes
//!   first, then the older one: that is the one people have worked with longest.
//! - Under the Denied rule one match outside the grace period is enough to deny. If all are within it, the referral
//!   is linked to the match and the record left alone: a second record would be the conflict the grace is to prevent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::grace::within_grace;

/// A program's rule for a referral whose email matches a Lead or a Contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenEmailMatches {
    /// Leave the record as it is, and link the referral to it.
    #[default]
    LeaveRecord,
    /// Fill the record's blank fields with the referral's; what is filled stays.
    AddInformation,
    /// Create another record all the same.
    CreateAnyway,
    /// Set the referral to Denied, unless the record is younger than the grace period.
    SetDenied,
}

/// A record of the org with the referral's email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    pub object: String,
    pub id: String,
    pub created: Timestamp,
}

/// What to do with a referral that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Create,
    Link(Match),
    AddInformation(Match),
    Deny(Match),
    /// The Denied rule applies, but every match is younger than the grace period.
    LinkWithinGrace(Match),
}

/// Applies the program's rule to what was found by email. `target` is the object that the program creates.
#[must_use]
pub fn decide(rule: WhenEmailMatches, target: &str, mut matches: Vec<Match>, org_now: Timestamp) -> Decision {
    matches
        .sort_by(|a, b| (a.object != target, a.created, &a.id).cmp(&(b.object != target, b.created, &b.id)));
    let old = matches.iter().find(|found| !within_grace(found.created, org_now)).cloned();
    let Some(first) = matches.into_iter().next() else {
        return Decision::Create;
    };
    match (rule, old) {
        (WhenEmailMatches::LeaveRecord, _) => Decision::Link(first),
        (WhenEmailMatches::AddInformation, _) => Decision::AddInformation(first),
        (WhenEmailMatches::CreateAnyway, _) => Decision::Create,
        (WhenEmailMatches::SetDenied, Some(old)) => Decision::Deny(old),
        (WhenEmailMatches::SetDenied, None) => Decision::LinkWithinGrace(first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn found(object: &str, id: &str, created: &str) -> Match {
        Match { object: object.into(), id: id.into(), created: at(created) }
    }

    #[test]
    fn no_match_creates_under_every_rule() {
        use WhenEmailMatches::{AddInformation, CreateAnyway, LeaveRecord, SetDenied};
        for rule in [LeaveRecord, AddInformation, CreateAnyway, SetDenied] {
            assert_eq!(decide(rule, "Lead", vec![], at("2026-01-01T00:00:00Z")), Decision::Create);
        }
    }

    #[test]
    fn the_program_s_object_comes_first_then_the_older_record() {
        let now = at("2026-03-01T12:00:00Z");
        let matches = vec![
            found("Contact", "003A", "2020-01-01T00:00:00Z"),
            found("Lead", "00Q2", "2026-01-02T00:00:00Z"),
            found("Lead", "00Q1", "2026-01-01T00:00:00Z"),
        ];
        let decision = decide(WhenEmailMatches::LeaveRecord, "Lead", matches.clone(), now);
        assert_eq!(decision, Decision::Link(found("Lead", "00Q1", "2026-01-01T00:00:00Z")));
        let decision = decide(WhenEmailMatches::AddInformation, "Contact", matches, now);
        assert_eq!(decision, Decision::AddInformation(found("Contact", "003A", "2020-01-01T00:00:00Z")));
    }

    #[test]
    fn denied_looks_for_one_record_outside_the_grace() {
        let fresh = found("Lead", "00Q1", "2026-03-01T11:30:00Z");
        let old = found("Contact", "0031", "2026-03-01T10:59:59Z");
        let now = at("2026-03-01T12:00:00Z");
        let rule = WhenEmailMatches::SetDenied;
        assert_eq!(decide(rule, "Lead", vec![fresh.clone()], now), Decision::LinkWithinGrace(fresh.clone()));
        assert_eq!(decide(rule, "Lead", vec![fresh, old.clone()], now), Decision::Deny(old));
    }
}
