//! The end of a persistent list, shared by its versions: places that are written once each. A version knows which places are its
//! own, so what comes to a list is written beside what is there, and nothing is copied and no reference counted. Only a version
//! that goes on where another one has gone on already (a fork, or whoever comes after a transaction that failed) takes its part
//! along into a block of its own.

use std::sync::{Arc, OnceLock};

#[derive(Debug)]
pub(super) struct Block<T, const N: usize>([OnceLock<T>; N]);

impl<T, const N: usize> Default for Block<T, N> {
    fn default() -> Self {
        Self([const { OnceLock::new() }; N])
    }
}

impl<T: Clone, const N: usize> Block<T, N> {
    /// What stands at a place, whosever it is.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.0.get(at)?.get()
    }

    /// Writes to a place; where somebody has written already, the item comes back.
    pub fn write(&self, at: usize, item: T) -> Result<(), T> {
        self.0[at].set(item)
    }

    /// Writes to a place of a version, to which the places belong of which `is_own` says so.
    pub fn put(self: &mut Arc<Self>, at: usize, item: T, is_own: impl Fn(usize) -> bool) {
        if let Err(item) = self.write(at, item) {
            let own = self.part(|place| place != at && is_own(place));
            // Nobody else knows it yet.
            let _ = own.write(at, item);
            *self = Arc::new(own);
        }
    }

    /// A block with some of the items, at their places.
    pub fn part(&self, is_own: impl Fn(usize) -> bool) -> Self {
        let copied = |at: usize| {
            self.get(at).filter(|_| is_own(at)).cloned().map_or_else(OnceLock::new, OnceLock::from)
        };
        Self(std::array::from_fn(copied))
    }
}
