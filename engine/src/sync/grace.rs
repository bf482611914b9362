//! The grace period of the Denied rule (RR-08).
//!
//! A record that another integration created in the org within the past 60 minutes does not deny a referral. Both times
//! are the org's: the record's `CreatedDate`, and the `Date` header of the answer that showed it. A `Date` header
//! knows whole seconds, so both sides are cut to seconds. The boundary: exactly 60:00 is within; 60:01 is not.

use jiff::Timestamp;

pub const GRACE_SECONDS: i64 = 60 * 60;

/// Was this record created recently enough not to deny the referral?
#[must_use]
pub fn within_grace(created: Timestamp, org_now: Timestamp) -> bool {
    org_now.as_second() - created.as_second() <= GRACE_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_is_sixty_minutes_sharp() {
        let created: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        for (now, expected) in [
            ("2026-03-01T10:00:00Z", true),
            ("2026-03-01T10:59:59Z", true),
            ("2026-03-01T11:00:00Z", true),
            ("2026-03-01T11:00:01Z", false),
            ("2026-03-02T10:00:00Z", false),
            ("2026-03-01T09:59:00Z", true),
        ] {
            assert_eq!(within_grace(created, now.parse().unwrap()), expected, "at {now}");
        }
    }

    #[test]
    fn parts_of_a_second_do_not_count() {
        let created: Timestamp = "2026-03-01T10:00:00.001Z".parse().unwrap();
        assert!(within_grace(created, "2026-03-01T11:00:00.999Z".parse().unwrap()));
        assert!(!within_grace(created, "2026-03-01T11:00:01Z".parse().unwrap()));
    }
}
