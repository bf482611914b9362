//! A persistent list that grows at one end and may shrink at the other: the log, the events of a channel. Items lie in
//! batches; one that comes is written into the last batch, which versions share, so that an append copies nothing.

use std::sync::Arc;

use imbl::Vector;

use super::block::Block;

/// Items of a full batch.
const BATCH: usize = 16;

type Batch<T> = Block<T, BATCH>;

#[derive(Debug, Clone)]
pub(crate) struct Sequence<T> {
    full: Vector<Arc<Batch<T>>>,
    last: Arc<Batch<T>>,
    /// Items of the last batch, fewer than it has places; what stands behind them belongs to other versions.
    filled: usize,
    /// Items at the front of the first batch that count no more.
    dropped: usize,
}

impl<T> Default for Sequence<T> {
    fn default() -> Self {
        Self { full: Vector::new(), last: Arc::default(), filled: 0, dropped: 0 }
    }
}

impl<T: Clone> Sequence<T> {
    pub fn len(&self) -> usize {
        self.full.len() * BATCH + self.filled - self.dropped
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, at: usize) -> Option<&T> {
        if at >= self.len() {
            return None;
        }
        let at = at + self.dropped;
        self.full.get(at / BATCH).unwrap_or(&self.last).get(at % BATCH)
    }

    pub fn front(&self) -> Option<&T> {
        self.get(0)
    }

    /// Items from the one at `from` on.
    pub fn since(&self, from: usize) -> impl DoubleEndedIterator<Item = &T> {
        (from.min(self.len())..self.len()).filter_map(|at| self.get(at))
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.since(0)
    }

    /// The place of the first item for which `before` does not hold; it holds for those in front of it.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle).is_some_and(&before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub fn push(&mut self, item: T) {
        let filled = self.filled;
        self.last.put(filled, item, |place| place < filled);
        self.filled += 1;
        if self.filled == BATCH {
            self.full.push_back(std::mem::take(&mut self.last));
            self.filled = 0;
        }
    }

    pub fn pop_front(&mut self) -> Option<T> {
        let item = self.front()?.clone();
        self.dropped += 1;
        if self.dropped == BATCH {
            self.full.pop_front();
            self.dropped = 0;
        } else if self.is_empty() {
            *self = Self::default();
        }
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_sequence_is_a_queue(pushes in prop::collection::vec(prop::bool::weighted(0.7), 0..200)) {
            let (mut sequence, mut model) = (Sequence::default(), VecDeque::new());
            for (number, push) in pushes.into_iter().enumerate() {
                let (kept, length) = (sequence.clone(), model.len());
                if push {
                    sequence.push(number);
                    model.push_back(number);
                } else {
                    prop_assert_eq!(sequence.pop_front(), model.pop_front());
                }
                prop_assert_eq!(kept.iter().count(), length);
                prop_assert_eq!(sequence.len(), model.len());
                prop_assert_eq!(sequence.iter().copied().collect::<Vec<_>>(), model.iter().copied().collect::<Vec<_>>());
                prop_assert_eq!(sequence.since(7).rev().copied().collect::<Vec<_>>(), model.iter().skip(7).rev().copied().collect::<Vec<_>>());
                let half = number / 2;
                prop_assert_eq!(sequence.partition_point(|item| *item < half), model.partition_point(|item| *item < half));
                prop_assert_eq!(sequence.get(model.len()), None);
                prop_assert_eq!(sequence.get(model.len() + 16), None);
            }
        }
    }

    proptest! {
        #[test]
        fn versions_go_their_own_ways(steps in prop::collection::vec((any::<prop::sample::Index>(), 0..5_u8), 0..200)) {
            let mut versions = vec![(Sequence::default(), VecDeque::new())];
            for (number, (which, what)) in steps.into_iter().enumerate() {
                let which = which.index(versions.len());
                let (sequence, model) = &mut versions[which];
                match what {
                    0 => prop_assert_eq!(sequence.pop_front(), model.pop_front()),
                    1 => {
                        let fork = (sequence.clone(), model.clone());
                        versions.push(fork);
                    }
                    _ => {
                        sequence.push(number);
                        model.push_back(number);
                    }
                }
            }
            for (sequence, model) in versions {
                prop_assert_eq!(sequence.len(), model.len());
                prop_assert!(sequence.iter().eq(&model));
            }
        }
    }
}
