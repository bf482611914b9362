//! What every request writes to, kept once for each thread: a request locks the stripe of its own thread, for which nobody waits and
//! whose memory no other core has. Readers look at all stripes.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// Threads beyond these share.
const STRIPES: usize = 16;

/// The part of one thread. It fills cache lines of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Stripe<T>(Mutex<T>);

impl<T> Stripe<T> {
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub struct Striped<T>([Arc<Stripe<T>>; STRIPES]);

impl<T: Default> Default for Striped<T> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Arc::default()))
    }
}

impl<T> Striped<T> {
    /// That of the thread that asks.
    #[must_use]
    pub fn mine(&self) -> &Arc<Stripe<T>> {
        &self.0[own_number()]
    }

    /// All of them at one moment.
    pub fn lock_all(&self) -> [MutexGuard<'_, T>; STRIPES] {
        std::array::from_fn(|place| self.0[place].lock())
    }

    /// One after the other, beginning with the own one.
    pub fn each(&self) -> impl Iterator<Item = &Arc<Stripe<T>>> {
        let own = own_number();
        (0..STRIPES).map(move |step| &self.0[(own + step) % STRIPES])
    }
}

/// Something of which each thread has its own.
#[derive(Debug)]
pub struct Each<T>([T; STRIPES]);

impl<T> Each<T> {
    #[must_use]
    pub fn of(make: impl Fn() -> T) -> Self {
        Self(std::array::from_fn(|_| make()))
    }

    #[must_use]
    pub fn mine(&self) -> &T {
        &self.0[own_number()]
    }
}

/// Threads are counted as they come.
fn own_number() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: usize = THREADS.fetch_add(1, Ordering::Relaxed) % STRIPES;
    }
    NUMBER.with(|number| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_write_apart_and_readers_see_all() {
        let counts = Striped::<u32>::default();
        *counts.mine().lock() += 1;
        std::thread::scope(|scope| {
            for _ in 0..2 * STRIPES {
                scope.spawn(|| *counts.mine().lock() += 1);
            }
        });
        let sum: u32 = counts.lock_all().iter().map(|count| **count).sum();
        assert_eq!(sum, 2 * 16 + 1);
        assert_eq!(counts.each().count(), STRIPES);
        assert!(Arc::ptr_eq(counts.each().next().expect("a stripe"), counts.mine()));
    }
}
