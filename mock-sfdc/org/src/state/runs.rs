//! A persistent sorted set for indexes of any size: sorted arrays that never change ("runs"), each at least eight times as
//! long as the next one, and beside them the last steps: what came and what went since.
//!
//! A step is written into a block that versions share, so an insert copies nothing; now and then the steps become a run and runs
//! are merged, so that its cost hardly grows with the set. A tree of a million entries would copy a node of each level, and count
//! the references of all their neighbours. A clone is one reference count.

use std::{ops::RangeInclusive, sync::Arc};

use imbl::OrdSet;

use super::block::Block;
use crate::id::Id;

/// A key and the id of a record that has it.
pub(super) type Entry = (u64, Id);

/// So many steps wait until they become a run: each look walks over them.
const RECENT: usize = 32;
/// So many removed entries may lie in the runs whatever their share.
const FEW: usize = 256;
/// A run is merged with the next one unless it is so many times as long: each one that there is costs every look some memory.
const RATIO: usize = 8;
/// Removed entries are swept out when they are more than one in so many.
const SWEEP: usize = 4;

#[derive(Debug, Clone, Default)]
pub(super) struct Runs {
    /// Nothing as long as nothing came.
    part: Option<Arc<Part>>,
    /// So many of its steps are done here; those behind belong to other versions.
    steps: usize,
}

#[derive(Debug, Default)]
struct Part {
    settled: Settled,
    recent: Block<Step, RECENT>,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    entry: Entry,
    /// It came; else it went.
    came: bool,
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
        self.step(Step { entry, came: true });
    }

    /// Removes an entry that is there.
    pub fn remove(&mut self, entry: Entry) {
        self.step(Step { entry, came: false });
    }

    fn step(&mut self, step: Step) {
        let part = self.part.get_or_insert_default();
        if self.steps == RECENT {
            let mut settled = part.settled.clone();
            settled.take(part.steps(RECENT));
            *part = Arc::new(Part { settled, recent: Block::default() });
            self.steps = 0;
        }
        part.put(self.steps, step);
        self.steps += 1;
    }

    pub fn len(&self) -> usize {
        let Some(part) = &self.part else { return 0 };
        let (came, went): (Vec<_>, Vec<_>) = part.steps(self.steps).partition(|step| step.came);
        (part.settled.held() + came.len()).saturating_sub(part.settled.gone.len() + went.len())
    }

    /// Entries between two, both included, in order.
    pub fn range(&self, bounds: RangeInclusive<Entry>) -> Merged<'_> {
        let (low, high) = bounds.into_inner();
        let mut merged = Merged { parts: Vec::new(), high, gone: None, net: Net::default() };
        let Some(part) = self.part.as_ref().filter(|_| low <= high) else { return merged };
        for run in &part.settled.runs {
            let from = first_at_least(run, &low);
            // Nearly always a handful: a search would cost more than a look.
            if run.get(from).is_some_and(|entry| *entry <= high) {
                merged.parts.push(&run[from..]);
            }
        }
        merged.gone = Some(&part.settled.gone).filter(|gone| !gone.is_empty());
        merged.net = Net::of(part.steps(self.steps).filter(|step| (low..=high).contains(&step.entry)));
        merged
    }
}

impl Part {
    /// The first so many steps.
    fn steps(&self, count: usize) -> impl Iterator<Item = Step> + '_ {
        (0..count).filter_map(|at| self.recent.get(at).copied())
    }

    fn put(self: &mut Arc<Self>, at: usize, step: Step) {
        if let Err(step) = self.recent.write(at, step) {
            let own = Self { settled: self.settled.clone(), recent: self.recent.part(|place| place < at) };
            // Nobody else knows it yet.
            let _ = own.recent.write(at, step);
            *self = Arc::new(own);
        }
    }
}

impl Settled {
    /// How many entries lie in the runs, removed ones too.
    fn held(&self) -> usize {
        self.runs.iter().map(|run| run.len()).sum()
    }

    /// Makes a run of what came, and notes what went.
    fn take(&mut self, steps: impl Iterator<Item = Step>) {
        let mut net = Net::of(steps);
        self.gone.extend(net.went);
        net.came.retain(|entry| self.gone.remove(entry).is_none());
        if !net.came.is_empty() {
            net.came.reverse();
            self.push(net.came);
        }
        if self.gone.len() > FEW && self.gone.len() * SWEEP > self.held() {
            self.sweep();
        }
    }

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

/// What steps come to.
#[derive(Debug, Default)]
struct Net {
    /// Last one first.
    came: Vec<Entry>,
    /// Entries that were there before them.
    went: Vec<Entry>,
}

impl Net {
    fn of(steps: impl Iterator<Item = Step>) -> Self {
        let mut net = Self::default();
        for Step { entry, came } in steps {
            let (to, back) =
                if came { (&mut net.came, &mut net.went) } else { (&mut net.went, &mut net.came) };
            // Who comes back has never gone, and the other way round.
            match back.iter().position(|other| *other == entry) {
                Some(at) => drop(back.swap_remove(at)),
                None => to.push(entry),
            }
        }
        net.came.sort_unstable_by(|one, other| other.cmp(one));
        net
    }
}

/// A walk over several sorted parts as if they were one.
pub(super) struct Merged<'a> {
    parts: Vec<&'a [Entry]>,
    high: Entry,
    gone: Option<&'a OrdSet<Entry>>,
    net: Net,
}

impl Iterator for Merged<'_> {
    type Item = Id;

    fn next(&mut self) -> Option<Id> {
        loop {
            let firsts = self.parts.iter().enumerate().filter_map(|(at, part)| Some((*part.first()?, at)));
            let settled = firsts.min().filter(|(entry, _)| *entry <= self.high);
            let fresh = self.net.came.last().copied();
            let Some((entry, at)) = settled.filter(|(entry, _)| fresh.is_none_or(|fresh| *entry < fresh))
            else {
                return self.net.came.pop().map(|entry| entry.1);
            };
            self.parts[at] = &self.parts[at][1..];
            if !self.gone.is_some_and(|gone| gone.contains(&entry)) && !self.net.went.contains(&entry) {
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn versions_go_their_own_ways(
            steps in prop::collection::vec((any::<prop::sample::Index>(), 0_u64..60, 0..8_u8), 0..400),
        ) {
            let mut versions = vec![(Runs::default(), BTreeSet::new())];
            for (which, number, what) in steps {
                let entry = entry(number % 7, number);
                let which = which.index(versions.len());
                let (runs, model) = &mut versions[which];
                if what == 0 && model.len() % 5 == 0 {
                    let fork = (runs.clone(), model.clone());
                    versions.push(fork);
                } else if model.remove(&entry) {
                    runs.remove(entry);
                } else {
                    model.insert(entry);
                    runs.insert(entry);
                }
            }
            for (runs, model) in versions {
                prop_assert_eq!(runs.len(), model.len());
                let all = entry(0, 0)..=entry(u64::MAX, 10_000);
                let ids: Vec<Id> = model.iter().map(|entry| entry.1).collect();
                prop_assert_eq!(runs.range(all).collect::<Vec<_>>(), ids);
            }
        }
    }
}
