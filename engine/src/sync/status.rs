//! The status machine of a referral (RR-32): Pending, Qualified, Approved, Denied.
//!
//! What the product's pages say: Approved is final; Denied and Pending change freely; Denied to Qualified only if the
//! referral was never Qualified before. They are silent on Qualified to Pending: rewards may have been issued by
//! then, so it is refused.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a referral stands in its program.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
pub enum Status {
    Pending,
    Qualified,
    Approved,
    Denied,
}

impl Status {
    pub const ALL: [Self; 4] = [Self::Pending, Self::Qualified, Self::Approved, Self::Denied];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Qualified => "Qualified",
            Self::Approved => "Approved",
            Self::Denied => "Denied",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What asking for a status comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The referral takes the new status.
    To(Status),
    /// It has that status already.
    Already,
    /// The machine does not allow it, and says why.
    Refused(&'static str),
}

/// May a referral go from one status to another?
#[must_use]
pub fn change(from: Status, to: Status, ever_qualified: bool) -> Move {
    use Status::{Approved, Denied, Pending, Qualified};
    match (from, to) {
        (from, to) if from == to => Move::Already,
        (Approved, _) => Move::Refused("Approved is final"),
        (Denied, Qualified) if ever_qualified => {
            Move::Refused("a Denied referral that was Qualified before cannot be Qualified again")
        }
        (Qualified, Pending) => Move::Refused("a Qualified referral does not go back to Pending"),
        (Pending | Qualified | Denied, to) => Move::To(to),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_whole_table() {
        use Status::{Approved, Denied, Pending, Qualified};
        let allowed = [
            (Pending, Qualified, true),
            (Pending, Approved, true),
            (Pending, Denied, true),
            (Qualified, Pending, false),
            (Qualified, Approved, true),
            (Qualified, Denied, true),
            (Approved, Pending, false),
            (Approved, Qualified, false),
            (Approved, Denied, false),
            (Denied, Pending, true),
            (Denied, Qualified, true),
            (Denied, Approved, true),
        ];
        for (from, to, expected) in allowed {
            assert_eq!(change(from, to, false) == Move::To(to), expected, "{from} -> {to}");
        }
        assert!(matches!(change(Denied, Qualified, true), Move::Refused(_)));
        assert_eq!(change(Denied, Approved, true), Move::To(Approved));
    }

    fn any_status() -> impl Strategy<Value = Status> {
        proptest::sample::select(Status::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn approved_is_never_left_and_qualified_once(wishes in proptest::collection::vec(any_status(), 0..40)) {
            let (mut status, mut ever_qualified, mut times_qualified_from_denied) = (Status::Pending, false, 0);
            for wish in wishes {
                let before = status;
                if let Move::To(next) = change(status, wish, ever_qualified) {
                    status = next;
                }
                prop_assert!(before != Status::Approved || status == Status::Approved);
                if before == Status::Denied && status == Status::Qualified {
                    prop_assert!(!ever_qualified);
                    times_qualified_from_denied += 1;
                }
                ever_qualified |= status == Status::Qualified;
            }
            prop_assert!(times_qualified_from_denied <= 1);
        }

        #[test]
        fn asking_twice_is_asking_once(from in any_status(), to in any_status(), ever in any::<bool>()) {
            if let Move::To(next) = change(from, to, ever) {
                prop_assert_eq!(change(next, to, ever || next == Status::Qualified), Move::Already);
            }
        }
    }
}
