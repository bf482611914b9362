//! A persistent sorted set for indexes of any size: sorted arrays that never change ("runs"), each at least eight times as
//! long as the next one, and a short one for what came last.
//!
//! An insert copies the short one only, and now and then runs are merged, so that its cost hardly grows with the set; a
//! tree of a million entries would copy a node of each level, and count the references of all their neighbours. A clone is
//! two reference counts.

use std::{iter, ops::RangeInclusive, sync::Arc};

use imbl::OrdSet;

use crate::id::Id;

/// A key and the id of a record that has it.
pub(super) type Entry = (u64, Id);

/// So many entries may stand in the short one: each insert copies them.
const RECENT: usize = 32;
/// So many removed entries may lie in the runs whatever their share.
const FEW: usize = 256;
/// A run is merged with the next one unless it is so many times as long: each one that there is costs every look some memory.
const RATIO: usize = 8;
/// Removed entries are swept out when they are more than one in so many.
const SWEEP: usize = 4;

#[derive(Debug, Clone, Default)]
pub(super) struct Runs {
    /// Sorted; nothing as long as nothing came.
    recent: Option<Arc<[Entry]>>,
    /// Nothing as long as no run was settled.
    settled: Option<Arc<Settled>>,
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
        if self.settled.as_ref().is_some_and(|settled| settled.gone.contains(&entry)) {
            self.settled_mut().gone.remove(&entry);
            return;
        }
        let recent = self.recent();
        let (before, behind) = recent.split_at(recent.partition_point(|other| *other < entry));
        let grown = before.iter().copied().chain(iter::once(entry)).chain(behind.iter().copied());
        if recent.len() + 1 < RECENT {
            self.recent = Some(grown.collect());
        } else {
            let run = grown.collect();
            self.settled_mut().push(run);
            self.recent = None;
        }
    }

    /// Removes an entry that is there.
    pub fn remove(&mut self, entry: Entry) {
        let recent = self.recent();
        if let Ok(at) = recent.binary_search(&entry) {
            self.recent = Some(recent[..at].iter().chain(&recent[at + 1..]).copied().collect());
            return;
        }
        let settled = self.settled_mut();
        settled.gone.insert(entry);
        let held: usize = settled.runs.iter().map(|run| run.len()).sum();
        if settled.gone.len() > FEW && settled.gone.len() * SWEEP > held {
            settled.sweep();
        }
    }

    pub fn len(&self) -> usize {
        let held: usize = self.runs().iter().map(|run| run.len()).sum();
        let gone = self.settled.as_ref().map_or(0, |settled| settled.gone.len());
        (held + self.recent().len()).saturating_sub(gone)
    }

    fn recent(&self) -> &[Entry] {
        self.recent.as_deref().unwrap_or_default()
    }

    fn runs(&self) -> &[Arc<Vec<Entry>>] {
        self.settled.as_ref().map_or(&[], |settled| &settled.runs)
    }

    fn settled_mut(&mut self) -> &mut Settled {
        Arc::make_mut(self.settled.get_or_insert_default())
    }

    /// Entries between two, both included, in order.
    pub fn range(&self, bounds: RangeInclusive<Entry>) -> Merged<'_> {
        let (low, high) = bounds.into_inner();
        let mut parts = Vec::new();
        if low <= high {
            for run in self.runs() {
                let from = first_at_least(run, &low);
                // Nearly always a handful: a search would cost more than a look.
                if run.get(from).is_some_and(|entry| *entry <= high) {
                    parts.push(&run[from..]);
                }
            }
            let recent = self.recent();
            let recent = &recent[recent.partition_point(|entry| *entry < low)..];
            if recent.first().is_some_and(|entry| *entry <= high) {
                parts.push(recent);
            }
        }
        let gone = self.settled.as_ref().map(|settled| &settled.gone).filter(|gone| !gone.is_empty());
        Merged { parts, high, gone }
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
/// guess by proportion lands near, another one from there nearer, and growing steps find the neighbourhood when it does not. Each
/// look at another place of a long run waits for memory.
fn first_at_least(run: &[Entry], wanted: &Entry) -> usize {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return 0 };
    if wanted <= first {
        return 0;
    }
    if wanted > last {
        return run.len();
    }
    // Everything before `low` is below `wanted`, nothing from `high` on is.
    let (mut low, mut high) = (1, run.len() - 1);
    let (mut low_key, mut high_key) = (first.0, last.0);
    let mut guess = low;
    for _ in 0..GUESSES {
        if high - low <= NEAR {
            break;
        }
        guess = low + proportion(high - low, wanted.0.saturating_sub(low_key), high_key - low_key);
        if run[guess] < *wanted {
            (low, low_key) = (guess + 1, run[guess].0);
        } else {
            (high, high_key) = (guess, run[guess].0);
        }
    }
    // From the last guess on in growing steps, to the side on which it lies.
    let mut step = NEAR;
    if guess < low {
        while low + step < high && run[low + step] < *wanted {
            low += step + 1;
            step *= 4;
        }
        high = high.min(low + step);
    } else {
        while high > low + step && run[high - step] >= *wanted {
            high -= step;
            step *= 4;
        }
        low = low.max(high.saturating_sub(step));
    }
    low + run[low..high].partition_point(|entry| entry < wanted)
}

/// The second guess is off by some entries as a rule, the third one is there to make sure.
const GUESSES: usize = 3;
/// So many entries lie side by side.
const NEAR: usize = 8;

/// The place in `length` that `part` has in `whole`, within the length.
fn proportion(length: usize, part: u64, whole: u64) -> usize {
    let place = u128::from(part) * length as u128 / u128::from(whole.max(1));
    usize::try_from(place).unwrap_or(usize::MAX).min(length - 1)
}

/// A walk over several sorted parts as if they were one.
pub(super) struct Merged<'a> {
    parts: Vec<&'a [Entry]>,
    high: Entry,
    gone: Option<&'a OrdSet<Entry>>,
}

impl Iterator for Merged<'_> {
    type Item = Id;

    fn next(&mut self) -> Option<Id> {
        loop {
            let firsts = self.parts.iter().enumerate().filter_map(|(at, part)| Some((*part.first()?, at)));
            let (entry, at) = firsts.min().filter(|(entry, _)| *entry <= self.high)?;
            self.parts[at] = &self.parts[at][1..];
            if self.gone.is_none_or(|gone| !gone.contains(&entry)) {
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

    /// Even, crowded at one end, or steps with long gaps between.
    fn any_run() -> impl Strategy<Value = Vec<Entry>> {
        let keys = prop_oneof![
            prop::collection::vec(any::<u64>(), 1..2_000),
            prop::collection::vec((0..64_u32).prop_map(|bits| u64::MAX >> bits), 1..2_000),
            prop::collection::vec(1_000_000_u64..1_000_050, 1..2_000),
        ];
        keys.prop_map(|keys| {
            let mut run: Vec<Entry> = (0..).zip(keys).map(|(number, key)| entry(key, number % 7)).collect();
            run.sort_unstable();
            run.dedup();
            run
        })
    }

    proptest! {
        #[test]
        fn a_guess_ends_where_a_search_does(run in any_run(), at in any::<prop::sample::Index>(), off in -1_i64..=1) {
            let (key, id) = run[at.index(run.len())];
            let wanted = (key.saturating_add_signed(off), id);
            prop_assert_eq!(first_at_least(&run, &wanted), run.partition_point(|entry| *entry < wanted));
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
