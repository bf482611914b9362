//! The org's time. It is injected: an org never asks the machine, so a test moves an hour in no time and two runs see the same.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use crate::value::DateTime;

/// Where an org gets the time from. `Clock::system()` follows the machine until it is frozen or moved.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Inner>);

type Listener = Box<dyn Fn(&Clock) + Send + Sync>;

struct Inner {
    /// Added to the base: how far the clock was moved.
    offset: AtomicI64,
    /// `i64::MIN` while time flows, otherwise the moment at which it stands.
    frozen: AtomicI64,
    listeners: Mutex<Vec<Listener>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clock")
            .field("offset", &self.offset)
            .field("frozen", &self.frozen)
            .finish_non_exhaustive()
    }
}

const FLOWING: i64 = i64::MIN;

/// How a clock was set, in a form that can be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Setting {
    /// Milliseconds before the machine's clock, or behind it.
    offset: i64,
    frozen_at: Option<DateTime>,
}

impl Clock {
    /// Follows the machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Inner {
            offset: AtomicI64::new(0),
            frozen: AtomicI64::new(FLOWING),
            listeners: Mutex::default(),
        }))
    }

    /// A clock that goes on as another one went.
    #[must_use]
    pub fn with(setting: Setting) -> Self {
        let clock = Self::system();
        clock.0.offset.store(setting.offset, Ordering::SeqCst);
        clock.0.frozen.store(setting.frozen_at.map_or(FLOWING, DateTime::millis), Ordering::SeqCst);
        clock
    }

    #[must_use]
    pub fn setting(&self) -> Setting {
        let frozen = self.0.frozen.load(Ordering::SeqCst);
        Setting {
            offset: self.0.offset.load(Ordering::SeqCst),
            frozen_at: (frozen != FLOWING).then(|| DateTime::from_millis(frozen)),
        }
    }

    /// Goes on as another one went; whoever waits hears of it.
    pub fn follow(&self, setting: Setting) {
        self.0.offset.store(setting.offset, Ordering::SeqCst);
        self.0.frozen.store(setting.frozen_at.map_or(FLOWING, DateTime::millis), Ordering::SeqCst);
        self.tell();
    }

    /// Stands at one moment until it is moved.
    #[must_use]
    pub fn fixed(at: DateTime) -> Self {
        let clock = Self::system();
        clock.freeze_at(at);
        clock
    }

    #[must_use]
    pub fn now(&self) -> DateTime {
        match self.0.frozen.load(Ordering::SeqCst) {
            FLOWING => DateTime::from_millis(machine_millis() + self.0.offset.load(Ordering::SeqCst)),
            millis => DateTime::from_millis(millis),
        }
    }

    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.0.frozen.load(Ordering::SeqCst) != FLOWING
    }

    /// Stops at the present moment.
    pub fn freeze(&self) {
        self.freeze_at(self.now());
    }

    pub fn freeze_at(&self, at: DateTime) {
        self.0.frozen.store(at.millis(), Ordering::SeqCst);
        self.tell();
    }

    /// Flows on from where it stands.
    pub fn resume(&self) {
        let offset = self.now().millis() - machine_millis();
        self.0.offset.store(offset, Ordering::SeqCst);
        self.0.frozen.store(FLOWING, Ordering::SeqCst);
        self.tell();
    }

    /// Sets the time and keeps flowing, or standing, as before.
    pub fn set(&self, at: DateTime) {
        if self.is_frozen() {
            self.0.frozen.store(at.millis(), Ordering::SeqCst);
        } else {
            self.0.offset.store(at.millis() - machine_millis(), Ordering::SeqCst);
        }
        self.tell();
    }

    /// Moves on by so many milliseconds.
    pub fn advance(&self, millis: i64) {
        self.set(DateTime::from_millis(self.now().millis() + millis));
    }

    /// Calls `listener` whenever the clock is moved by hand: whoever waits for a moment looks again. It is given the clock, which it
    /// must not hold itself: the clock holds it.
    pub fn on_move(&self, listener: impl Fn(&Clock) + Send + Sync + 'static) {
        self.listeners().push(Box::new(listener));
    }

    fn tell(&self) {
        for listener in self.listeners().iter() {
            listener(self);
        }
    }

    fn listeners(&self) -> MutexGuard<'_, Vec<Listener>> {
        self.0.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn machine_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_by_hand() {
        let clock = Clock::fixed(DateTime::from_millis(1_000));
        assert_eq!(clock.now().millis(), 1_000);
        clock.advance(59);
        assert_eq!(clock.now().millis(), 1_059);
    }

    #[test]
    fn a_flowing_clock_keeps_what_it_was_moved_by() {
        let clock = Clock::system();
        clock.set(DateTime::from_millis(0));
        assert!(clock.now().millis() < 60_000);
        clock.freeze();
        clock.set(DateTime::from_millis(5));
        clock.resume();
        assert!((5..60_000).contains(&clock.now().millis()));
    }

    #[test]
    fn listeners_hear_of_every_move() {
        let heard = Arc::new(AtomicI64::new(0));
        let clock = Clock::fixed(DateTime::from_millis(0));
        let ear = Arc::clone(&heard);
        clock.on_move(move |_| {
            ear.fetch_add(1, Ordering::SeqCst);
        });
        clock.advance(1);
        clock.advance(1);
        assert_eq!(heard.load(Ordering::SeqCst), 2);
    }
}
