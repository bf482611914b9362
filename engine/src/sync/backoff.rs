//! When to try again, and when to leave it to a person.

/// Attempts before an item is laid aside; a person can send it again.
pub const MOST_ATTEMPTS: i64 = 8;
const FIRST_SECONDS: i64 = 5;
const LONGEST_SECONDS: i64 = 15 * 60;
/// How long an item waits that cannot go out because the account is not connected.
pub const NOT_CONNECTED_SECONDS: i64 = 60;
/// A daily limit does not pass within minutes.
pub const LIMIT_SECONDS: i64 = 30 * 60;

/// Seconds to wait after the given number of failed attempts (1 = the first): 5, 10, 20 … at most 15 minutes.
#[must_use]
pub fn wait_seconds(failed_attempts: i64) -> i64 {
    let doublings = u32::try_from(failed_attempts.clamp(1, 20) - 1).unwrap_or(0);
    FIRST_SECONDS.saturating_mul(1_i64 << doublings).min(LONGEST_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (1..=9).map(wait_seconds).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900]);
        assert_eq!(wait_seconds(0), 5);
        assert_eq!(wait_seconds(i64::MAX), 900);
    }
}
