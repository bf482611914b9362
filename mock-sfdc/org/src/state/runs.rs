//! A persistent sorted set for indexes of any size: sorted arrays that never change ("runs"), each at least four times as
//! long as the next one, and a small tree for what came last.
//!
//! An insert touches the small tree only, and now and then runs are merged, so that its cost hardly grows with the set; a
//! tree of a million entries would copy a node of each level, and count the references of all their neighbours. A clone is
//! two reference counts.

use std::{iter::Peekable, ops::RangeInclusive, slice, sync::Arc};

use imbl::{OrdSet, ordset};

use crate::id::Id;

/// A key and the id of a record that has it.
pub(super) type Entry = (u64, Id);

/// So many entries may stand in the small tree.
const RECENT: usize = 256;
/// A run is merged with the next one unless it is so many times as long.
const RATIO: usize = 4;

#[derive(Debug, Clone, Default)]
pub(super) struct Runs {
    recent: OrdSet<Entry>,
    settled: Arc<Settled>,
}

#[derive(Debug, Clone, Default)]
struct Settled {
    /// Longest first.
    runs: Vec<Arc<Vec<Entry>>>,
    /// Entries of runs that are removed.
    gone: OrdSet<Entry>,
}

impl Runs {
    /// Adds an entry that is not there yet.
    pub fn insert(&mut self, entry: Entry) {
        if !self.settled.gone.is_empty() && self.settled.gone.contains(&entry) {
            Arc::make_mut(&mut self.settled).gone.remove(&entry);
            return;
        }
        self.recent.insert(entry);
        if self.recent.len() >= RECENT {
            let run = std::mem::take(&mut self.recent).into_iter().collect();
            Arc::make_mut(&mut self.settled).push(run);
        }
    }

    /// Removes an entry that is there.
    pub fn remove(&mut self, entry: Entry) {
        if self.recent.remove(&entry).is_some() {
            return;
        }
        let settled = Arc::make_mut(&mut self.settled);
        settled.gone.insert(entry);
        let held: usize = settled.runs.iter().map(|run| run.len()).sum();
        if settled.gone.len() > RECENT && settled.gone.len() * RATIO > held {
            settled.sweep();
        }
    }

    pub fn len(&self) -> usize {
        let held: usize = self.settled.runs.iter().map(|run| run.len()).sum();
        (held + self.recent.len()).saturating_sub(self.settled.gone.len())
    }

    /// Entries between two, both included, in order.
    pub fn range(&self, bounds: RangeInclusive<Entry>) -> Merged<'_> {
        let (low, high) = bounds.into_inner();
        let mut parts = Vec::new();
        if low <= high {
            for run in &self.settled.runs {
                let from = first_at_least(run, &low);
                // Nearly always a handful: a search would cost more than a look.
                if run.get(from).is_some_and(|entry| *entry <= high) {
                    parts.push(Part::Run(run[from..].iter().peekable()));
                }
            }
            let mut recent = self.recent.range(low..=high).peekable();
            if recent.peek().is_some() {
                parts.push(Part::Recent(recent));
            }
        }
        Merged { parts, high, gone: &self.settled.gone }
    }
}

impl Settled {
    fn push(&mut self, run: Vec<Entry>) {
        self.runs.push(Arc::new(run));
        while let [.., long, short] = self.runs.as_slice()
            && long.len() < short.len() * RATIO
        {
            let merged = merge(long, short);
            self.runs.truncate(self.runs.len() - 2);
            self.runs.push(Arc::new(merged));
        }
    }

    /// Makes one run of all, without what is gone.
    fn sweep(&mut self) {
        let mut all: Vec<Entry> = self.runs.iter().flat_map(|run| run.iter().copied()).collect();
        all.sort_unstable();
        all.retain(|entry| !self.gone.contains(entry));
        all.shrink_to_fit();
        self.gone = OrdSet::new();
        self.runs = if all.is_empty() { Vec::new() } else { vec![Arc::new(all)] };
    }
}

fn merge(left: &[Entry], right: &[Entry]) -> Vec<Entry> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut at, mut other) = (0, 0);
    while let (Some(one), Some(two)) = (left.get(at), right.get(other)) {
        if one <= two {
            merged.push(*one);
            at += 1;
        } else {
            merged.push(*two);
            other += 1;
        }
    }
    merged.extend_from_slice(&left[at..]);
    merged.extend_from_slice(&right[other..]);
    merged
}

/// Where the first entry stands that is not below `wanted`. Keys are hashes or moments, both spread evenly as a rule: a
/// guess by proportion lands near, and growing steps find the neighbourhood when it does not.
fn first_at_least(run: &[Entry], wanted: &Entry) -> usize {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return 0 };
    if wanted <= first {
        return 0;
    }
    if wanted > last {
        return run.len();
    }
    let span = u128::from(last.0 - first.0).max(1);
    let share = u128::from(wanted.0.saturating_sub(first.0)) * (run.len() as u128 - 1) / span;
    let guess = usize::try_from(share).unwrap_or(0).min(run.len() - 1);
    let (mut low, mut high) = (guess, guess);
    let mut step = 16;
    // Everything below `low` is below `wanted`, nothing from `high` on is.
    while low > 0 && run[low - 1] >= *wanted {
        high = low - 1;
        low = low.saturating_sub(step);
        step *= 4;
    }
    step = 16;
    while high < run.len() && run[high] < *wanted {
        low = high + 1;
        high = (high + step).min(run.len());
        step *= 4;
    }
    low + run[low..high].partition_point(|entry| entry < wanted)
}

/// A walk over several sorted parts as if they were one.
pub(super) struct Merged<'a> {
    parts: Vec<Part<'a>>,
    high: Entry,
    gone: &'a OrdSet<Entry>,
}

enum Part<'a> {
    Run(Peekable<slice::Iter<'a, Entry>>),
    Recent(Peekable<ordset::RangedIter<'a, Entry, imbl::shared_ptr::DefaultSharedPtr>>),
}

impl Part<'_> {
    fn peek(&mut self) -> Option<Entry> {
        match self {
            Self::Run(entries) => entries.peek().map(|entry| **entry),
            Self::Recent(entries) => entries.peek().map(|entry| **entry),
        }
    }

    fn step(&mut self) {
        match self {
            Self::Run(entries) => drop(entries.next()),
            Self::Recent(entries) => drop(entries.next()),
        }
    }
}

impl Iterator for Merged<'_> {
    type Item = Id;

    fn next(&mut self) -> Option<Id> {
        loop {
            let least =
                self.parts.iter_mut().enumerate().filter_map(|(at, part)| Some((part.peek()?, at))).min();
            let (entry, at) = least.filter(|(entry, _)| *entry <= self.high)?;
            self.parts[at].step();
            if self.gone.is_empty() || !self.gone.contains(&entry) {
                return Some(entry.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn entry(key: u64, number: u64) -> Entry {
        (key, Id::from_number(*b"00Q", *b"5g", number))
    }

    /// Few keys, far apart and close together, so that entries meet again.
    fn any_entry() -> impl Strategy<Value = Entry> {
        let key = prop_oneof![0_u64..4, Just(1 << 63), Just(u64::MAX), any::<u64>()];
        (key, 0_u64..300).prop_map(|(key, number)| entry(key, number))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn runs_are_a_sorted_set(
            steps in prop::collection::vec((any_entry(), 0..4_u8), 0..3_000),
            bounds in (any_entry(), any_entry()),
        ) {
            let (mut runs, mut model) = (Runs::default(), BTreeSet::new());
            for (entry, what) in steps {
                if what > 0 {
                    if model.insert(entry) {
                        runs.insert(entry);
                    }
                } else if let Some(entry) = model.range(entry..).next().copied() {
                    model.remove(&entry);
                    runs.remove(entry);
                }
            }
            prop_assert_eq!(runs.len(), model.len());
            let all = entry(0, 0)..=entry(u64::MAX, 10_000);
            let ids: Vec<Id> = model.iter().map(|entry| entry.1).collect();
            prop_assert_eq!(runs.range(all).collect::<Vec<_>>(), ids);
            let some: Vec<Id> = if bounds.0 <= bounds.1 {
                model.range(bounds.0..=bounds.1).map(|entry| entry.1).collect()
            } else {
                Vec::new()
            };
            prop_assert_eq!(runs.range(bounds.0..=bounds.1).collect::<Vec<_>>(), some);
        }
    }

    #[test]
    fn a_clone_keeps_what_it_had() {
        let mut runs = Runs::default();
        (0..2_000).for_each(|number| runs.insert(entry(number * 7_919 % 2_003, number)));
        let kept = runs.clone();
        (0..2_000).for_each(|number| runs.remove(entry(number * 7_919 % 2_003, number)));
        assert_eq!((runs.len(), kept.len()), (0, 2_000));
        let all = entry(0, 0)..=entry(u64::MAX, 10_000);
        assert_eq!((runs.range(all.clone()).count(), kept.range(all).count()), (0, 2_000));
    }
}
