//! Which referral an event is about (RR-17, RR-19, RR-21, RR-22).
//!
//! **Direct**: the record is linked to the referral (the engine created or linked it), or a field that the set-up names
//! holds the referral's ID or its External ID. **Fuzzy** (the document says "email address, name, etc"; the definition is
//! ours): the same email, compared without case and surrounding blanks; without such a referral, the same full name and
//! the same company. Several referrals with the same email are narrowed by full name, then by company; what stays
//! ambiguous is not guessed: a person decides.

use serde::{Deserialize, Serialize};

/// What is known about the person and the company of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company: Option<String>,
}

/// A referral as far as matching goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: String,
    pub identity: Identity,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fuzzy {
    One {
        id: String,
        by: &'static str,
    },
    /// Several referrals fit equally well.
    Several(Vec<String>),
    None,
}

/// Compares the way people write: no case, no blanks around, one blank between.
#[must_use]
pub fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn same(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => !normal(a).is_empty() && normal(a) == normal(b),
        _ => false,
    }
}

fn same_name(a: &Identity, b: &Identity) -> bool {
    same(a.last_name.as_deref(), b.last_name.as_deref())
        && normal(a.first_name.as_deref().unwrap_or("")) == normal(b.first_name.as_deref().unwrap_or(""))
}

fn same_company(a: &Identity, b: &Identity) -> bool {
    same(a.company.as_deref(), b.company.as_deref())
}

/// Narrows while narrowing leaves somebody.
fn narrow(candidates: Vec<&Candidate>, test: impl Fn(&Candidate) -> bool) -> Vec<&Candidate> {
    let fewer: Vec<&Candidate> = candidates.iter().copied().filter(|candidate| test(candidate)).collect();
    if fewer.is_empty() { candidates } else { fewer }
}

/// Finds the referral that an event is most probably about.
#[must_use]
pub fn fuzzy(event: &Identity, referrals: &[Candidate]) -> Fuzzy {
    let by_email: Vec<&Candidate> = referrals
        .iter()
        .filter(|referral| same(event.email.as_deref(), referral.identity.email.as_deref()))
        .collect();
    let (found, by) = if by_email.is_empty() {
        let by_name = referrals
            .iter()
            .filter(|r| same_name(event, &r.identity) && same_company(event, &r.identity))
            .collect();
        (by_name, "name and company")
    } else {
        let found = narrow(by_email, |referral| same_name(event, &referral.identity));
        (narrow(found, |referral| same_company(event, &referral.identity)), "email")
    };
    match found.as_slice() {
        [] => Fuzzy::None,
        [one] => Fuzzy::One { id: one.id.clone(), by },
        several => Fuzzy::Several(several.iter().map(|referral| referral.id.clone()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(email: &str, first: &str, last: &str, company: &str) -> Identity {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Identity {
            email: text(email),
            first_name: text(first),
            last_name: text(last),
            company: text(company),
        }
    }

    fn referral(id: &str, identity: Identity) -> Candidate {
        Candidate { id: id.into(), identity }
    }

    fn one(id: &str, by: &'static str) -> Fuzzy {
        Fuzzy::One { id: id.into(), by }
    }

    #[test]
    fn email_first_then_name_and_company() {
        let referrals = [
            referral("r1", who("ada@x.test", "Ada", "Lovelace", "Engines")),
            referral("r2", who("bob@x.test", "Bob", "Stone", "Quarry")),
        ];
        for (event, expected) in [
            (who(" ADA@x.test ", "Somebody", "Else", ""), one("r1", "email")),
            (who("", "bob", "STONE", " quarry"), one("r2", "name and company")),
            (who("new@x.test", "Bob", "Stone", "Quarry"), one("r2", "name and company")),
            (who("", "Bob", "Stone", ""), Fuzzy::None),
            (who("", "Bob", "Stone", "Other"), Fuzzy::None),
            (who("", "", "", ""), Fuzzy::None),
        ] {
            assert_eq!(fuzzy(&event, &referrals), expected, "{event:?}");
        }
    }

    #[test]
    fn several_with_one_email_are_narrowed_and_never_guessed() {
        let referrals = [
            referral("r1", who("office@x.test", "Ada", "Lovelace", "Engines")),
            referral("r2", who("office@x.test", "Bob", "Stone", "Quarry")),
            referral("r3", who("office@x.test", "Bob", "Stone", "Mill")),
        ];
        assert_eq!(fuzzy(&who("office@x.test", "Ada", "Lovelace", ""), &referrals), one("r1", "email"));
        assert_eq!(fuzzy(&who("office@x.test", "Bob", "Stone", "Mill"), &referrals), one("r3", "email"));
        let unclear = fuzzy(&who("office@x.test", "Bob", "Stone", ""), &referrals);
        assert_eq!(unclear, Fuzzy::Several(vec!["r2".into(), "r3".into()]));
    }

    #[test]
    fn blank_does_not_match_blank() {
        let referrals = [referral("r1", who("", "", "", ""))];
        assert_eq!(fuzzy(&who("", "", "", ""), &referrals), Fuzzy::None);
    }
}
