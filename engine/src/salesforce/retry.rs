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
