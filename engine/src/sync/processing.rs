//! What the Sales Receiver makes of an event (RR-15, RR-21 to RR-24): the process rules as one decision.
//!
//! Order of the questions: is there a referral, and may its kind of match be processed without a person (rules a, b)? If
//! there is none: is there a member to add it to (rule c)? Then: does a status-change event apply, and does it try to move a
//! Denied referral (rule d before the override toggle, since asking for a review is the more careful wish)?
//! A person who approves an entry has reviewed it: rules a, b and d and the toggle are settled by that; the status
//! machine is not.

use serde::{Deserialize, Serialize};

use super::status::{Move, Status, change};

/// The document's rules a to e.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "five independent switches of the product's screen")]
pub struct ProcessRules {
    /// a. Automatically process direct matches (recommended).
    pub process_direct_matches: bool,
    /// b. Automatically process fuzzy matches (recommended).
    pub process_fuzzy_matches: bool,
    /// c. Review a referral add where a member match was not found.
    pub review_without_member_match: bool,
    /// d. Review where a Denied referral is trying to be updated to Qualified or Approved.
    pub review_denied: bool,
    /// e. Send a notification when an entry goes to Review.
    pub notify_on_review: bool,
}

impl Default for ProcessRules {
    fn default() -> Self {
        Self {
            process_direct_matches: true,
            process_fuzzy_matches: true,
            review_without_member_match: true,
            review_denied: false,
            notify_on_review: false,
        }
    }
}

/// How the referral of an event was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Direct {
        by: String,
    },
    Fuzzy {
        by: String,
    },
    /// A person said so, by correcting the entry.
    ByHand,
    Ambiguous {
        referrals: Vec<String>,
    },
    Nobody,
}

/// May the receiver go on with this referral?
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    GoOn,
    Review(String),
    /// No referral: look for the member to add one to.
    AddToMember,
}

#[must_use]
pub fn gate(found: &Found, rules: &ProcessRules, approved: bool) -> Gate {
    match found {
        Found::Direct { by } if !rules.process_direct_matches && !approved => Gate::Review(format!(
            "It matches a referral directly by {by}, and direct matches are not processed automatically."
        )),
        Found::Fuzzy { by } if !rules.process_fuzzy_matches && !approved => Gate::Review(format!(
            "It matches a referral by {by}, and fuzzy matches are not processed automatically."
        )),
        Found::ByHand | Found::Direct { .. } | Found::Fuzzy { .. } => Gate::GoOn,
        Found::Ambiguous { referrals } => Gate::Review(format!(
            "{} referrals match equally well: {}. Set referral_id on this entry and retry.",
            referrals.len(),
            referrals.join(", ")
        )),
        Found::Nobody => Gate::AddToMember,
    }
}

/// What becomes of the referral's status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusDecision {
    /// No status-change event applies: nothing is written.
    NoEvent,
    Change(Status),
    /// A status-change event applies, and the referral is there already: mapped fields are still written.
    Already(Status),
    Review(String),
    /// Kept as it is, with the reason; nothing is written.
    Kept(String),
}

#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that the decision weighs")]
pub struct StatusQuestion {
    pub current: Status,
    pub ever_qualified: bool,
    pub wanted: Option<Status>,
    pub override_denied: bool,
    pub review_denied: bool,
    pub approved_by_person: bool,
    pub echo: bool,
}

#[must_use]
pub fn decide_status(question: &StatusQuestion) -> StatusDecision {
    let Some(wanted) = question.wanted else {
        return StatusDecision::NoEvent;
    };
    let leaves_denied = question.current == Status::Denied && wanted != Status::Denied;
    let target = match change(question.current, wanted, question.ever_qualified) {
        Move::To(target) => target,
        Move::Already => return StatusDecision::Already(wanted),
        Move::Refused(why) => {
            return StatusDecision::Kept(format!("The referral stays {}: {why}.", question.current));
        }
    };
    if leaves_denied && !question.approved_by_person {
        let to_success = matches!(target, Status::Qualified | Status::Approved);
        if question.review_denied && to_success && !question.echo {
            return StatusDecision::Review(format!("It would move a Denied referral to {target}."));
        }
        if !question.override_denied {
            return StatusDecision::Kept(
                "The referral stays Denied: overriding Denied referrals is turned off.".to_owned(),
            );
        }
    }
    StatusDecision::Change(target)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn question(current: Status, wanted: Status) -> StatusQuestion {
        StatusQuestion {
            current,
            ever_qualified: false,
            wanted: Some(wanted),
            override_denied: false,
            review_denied: false,
            approved_by_person: false,
            echo: false,
        }
    }

    #[test]
    fn a_denied_referral_by_toggle_and_rule() {
        use Status::{Approved, Denied, Pending};
        let base = question(Denied, Approved);
        assert!(matches!(decide_status(&base), StatusDecision::Kept(_)));
        let overridden = StatusQuestion { override_denied: true, ..base };
        assert_eq!(decide_status(&overridden), StatusDecision::Change(Approved));
        let reviewed = StatusQuestion { review_denied: true, ..overridden };
        assert!(matches!(decide_status(&reviewed), StatusDecision::Review(_)));
        let by_person = StatusQuestion { approved_by_person: true, override_denied: false, ..reviewed };
        assert_eq!(decide_status(&by_person), StatusDecision::Change(Approved));
        let to_pending = StatusQuestion { wanted: Some(Pending), ..reviewed };
        assert_eq!(
            decide_status(&to_pending),
            StatusDecision::Change(Pending),
            "rule d names Qualified and Approved"
        );
    }

    #[test]
    fn rules_a_and_b_hold_back_their_kind_only() {
        let direct = Found::Direct { by: "Referral ID".into() };
        let fuzzy = Found::Fuzzy { by: "email".into() };
        for (a, b) in [(true, true), (true, false), (false, true), (false, false)] {
            let rules = ProcessRules {
                process_direct_matches: a,
                process_fuzzy_matches: b,
                ..ProcessRules::default()
            };
            assert_eq!(gate(&direct, &rules, false) == Gate::GoOn, a);
            assert_eq!(gate(&fuzzy, &rules, false) == Gate::GoOn, b);
            assert_eq!(gate(&direct, &rules, true), Gate::GoOn);
            assert_eq!(gate(&fuzzy, &rules, true), Gate::GoOn);
        }
        assert_eq!(gate(&Found::Nobody, &ProcessRules::default(), false), Gate::AddToMember);
    }

    fn any_status() -> impl Strategy<Value = Status> {
        proptest::sample::select(Status::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn an_event_delivered_twice_changes_nothing_more(
            current in any_status(), wanted in any_status(), ever in any::<bool>(),
            over in any::<bool>(), review in any::<bool>(),
        ) {
            let first = StatusQuestion {
                ever_qualified: ever, override_denied: over, review_denied: review, ..question(current, wanted)
            };
            if let StatusDecision::Change(next) = decide_status(&first) {
                let again = StatusQuestion { current: next, ever_qualified: ever || next == Status::Qualified, ..first };
                prop_assert_eq!(decide_status(&again), StatusDecision::Already(next));
            }
        }

        #[test]
        fn without_the_toggle_nothing_leaves_denied(wanted in any_status(), ever in any::<bool>(), review in any::<bool>()) {
            let asked = StatusQuestion { ever_qualified: ever, review_denied: review, ..question(Status::Denied, wanted) };
            prop_assert!(!matches!(decide_status(&asked), StatusDecision::Change(_)));
        }
    }
}
