//! Bounded back-off over the injected clock, with jitter from the injected source.

use std::time::Duration;

use crate::random::Random;

/// How often and how long the client itself tries again after [`super::RetryClass::Backoff`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The first try included.
    pub max_attempts: u32,
    /// Before the second try; doubles from then on.
    pub first_delay: Duration,
    pub longest_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_attempts: 4, first_delay: Duration::from_secs(1), longest_delay: Duration::from_secs(30) }
    }
}

impl RetryPolicy {
    /// One try and no more.
    pub const ONCE: Self =
        Self { max_attempts: 1, first_delay: Duration::ZERO, longest_delay: Duration::ZERO };

    /// How long to wait after `attempts` failed tries; `None` when that was the last.
    ///
    /// Between half of the doubled delay and all of it, so that workers that failed together do not return together.
    /// The server's own wish (`Retry-After`) is kept, up to the longest delay.
    #[must_use]
    pub fn delay(&self, attempts: u32, wish: Option<Duration>, random: &Random) -> Option<Duration> {
        if attempts >= self.max_attempts {
            return None;
        }
        let doubled = self.first_delay.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)));
        let jittered = doubled.min(self.longest_delay).mul_f64(0.5 + random.unit() / 2.0);
        Some(jittered.max(wish.unwrap_or_default().min(self.longest_delay)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_delay_lies_between_half_and_all_of_the_doubled_one_and_never_beyond_the_longest(
            attempts in 1_u32..200,
            seed: u64,
            wish in proptest::option::of(0_u64..1000),
        ) {
            let policy = RetryPolicy { max_attempts: 100, ..RetryPolicy::default() };
            let wish = wish.map(Duration::from_secs);
            let delay = policy.delay(attempts, wish, &Random::seeded(seed));
            prop_assert_eq!(delay.is_none(), attempts >= 100);
            if let Some(delay) = delay {
                let doubled = Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(attempts - 1)).min(policy.longest_delay);
                prop_assert!(delay >= doubled / 2 && delay <= policy.longest_delay);
                prop_assert!(wish.is_none_or(|wish| delay >= wish.min(policy.longest_delay)));
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_delays() {
        let delays = |seed| {
            let random = Random::seeded(seed);
            (1..4)
                .map(|attempts| RetryPolicy::default().delay(attempts, None, &random).unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(delays(1), delays(1));
        assert_ne!(delays(1), delays(2));
        assert_eq!(RetryPolicy::ONCE.delay(1, None, &Random::seeded(1)), None);
    }
}
