//! The org's clock as the engine sees it: one time for both, moved by the scenario alone.

use std::sync::Arc;

use engine::clock::Clock;
use futures::future::BoxFuture;
use jiff::Timestamp;
use mock_sfdc_org::clock::Clock as OrgClock;
use tokio::sync::watch;

/// The shared clock; clones show the same time.
#[derive(Debug, Clone)]
pub struct SharedClock {
    org: OrgClock,
    moves: watch::Sender<u64>,
    /// One mark for each that waits for a moment that has not come.
    sleepers: Arc<()>,
}

impl SharedClock {
    #[must_use]
    pub fn new(org: &OrgClock) -> Self {
        let moves = watch::Sender::new(0);
        let told = moves.clone();
        org.on_move(move |_| told.send_modify(|count| *count += 1));
        Self { org: org.clone(), moves, sleepers: Arc::new(()) }
    }

    /// Whether anybody waits for the clock to be moved.
    #[must_use]
    pub fn somebody_waits(&self) -> bool {
        // Clones of the clock itself share the outer value only.
        Arc::weak_count(&self.sleepers) > 0
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.org.now().millis()).unwrap_or(Timestamp::MAX)
    }

    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut moves = self.moves.subscribe();
            while self.now() < at {
                let _asleep = Arc::downgrade(&self.sleepers);
                // The sender lives in `self`, so the wait cannot fail.
                let _ = moves.changed().await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use mock_sfdc_org::value::DateTime;

    use super::*;

    #[tokio::test]
    async fn a_sleeper_is_seen_and_wakes_when_the_org_s_clock_gets_there() {
        let org = OrgClock::fixed(DateTime::from_millis(1_000));
        let clock = SharedClock::new(&org);
        assert!(!clock.somebody_waits());
        let due = Timestamp::from_millisecond(3_000).unwrap();
        let mut sleeper = clock.sleep_until(due);
        assert!((&mut sleeper).now_or_never().is_none());
        assert!(clock.somebody_waits());
        org.advance(1_999);
        assert!((&mut sleeper).now_or_never().is_none(), "a millisecond early");
        org.advance(1);
        assert!((&mut sleeper).now_or_never().is_some());
        drop(sleeper);
        assert!(!clock.somebody_waits());
    }
}
