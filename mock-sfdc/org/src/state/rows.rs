//! Live rows by id. The ids of an object differ in a counter, so rows stand in a persistent tree by that number: sixteen
//! rows lie side by side, a walk over all of them looks at nothing else, and a new row is written into the last leaf, which stands
//! beside the tree until it is full.
//!
//! Ids that came from other orgs have other beginnings; each beginning has a tree of its own.

use std::sync::Arc;

use imbl::OrdMap;

use super::{block::Block, record::Shared};
use crate::id::Id;

/// Rows of a leaf, children of a branch.
const WIDTH: usize = 16;
const BITS: u32 = 4;
/// From the first number of a leaf to the last one.
const LAST: u64 = WIDTH as u64 - 1;

/// What an id begins with: everything in front of its counter.
type Head = [u8; 6];

#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    trees: OrdMap<Head, Tree>,
    len: usize,
}

#[derive(Debug, Clone, Default)]
struct Tree {
    root: Option<Arc<Node>>,
    /// How many branches stand above the leaves.
    height: u32,
    /// The leaf of the highest numbers: new rows come here, and not into the tree.
    tail: Option<Tail>,
    /// No leaf of the tree begins behind this number.
    top: u64,
}

/// No node is without a row.
#[derive(Debug, Clone)]
enum Node {
    Branch([Option<Arc<Node>>; WIDTH]),
    Leaf(Slots),
}

type Slots = [Option<Shared>; WIDTH];

/// A leaf whose places versions share. It has a row, as every node has.
#[derive(Debug, Clone)]
struct Tail {
    /// The number of its first place.
    base: u64,
    block: Arc<Block<Shared, WIDTH>>,
    /// The places that count here, a bit each.
    own: u16,
}

/// Where a row lies beside others.
#[derive(Clone, Copy)]
enum Leaf<'a> {
    InTree(&'a Slots),
    Tail(&'a Tail),
}

impl<'a> Leaf<'a> {
    fn get(self, number: u64) -> Option<&'a Shared> {
        match self {
            Self::InTree(slots) => slots[slot(number, 0)].as_ref(),
            Self::Tail(tail) => tail.get(slot(number, 0)),
        }
    }
}

impl Tail {
    fn at(base: u64) -> Self {
        Self { base, block: Arc::default(), own: 0 }
    }

    fn holds(&self, number: u64) -> bool {
        self.base == base_of(number)
    }

    fn has(&self, at: usize) -> bool {
        self.own & 1 << at != 0
    }

    fn get(&self, at: usize) -> Option<&Shared> {
        if self.has(at) { self.block.get(at) } else { None }
    }

    fn insert(&mut self, at: usize, record: Shared) -> Option<Shared> {
        let before = self.get(at).cloned();
        let own = self.own;
        self.block.put(at, record, |place| own & 1 << place != 0);
        self.own |= 1 << at;
        before
    }

    fn remove(&mut self, at: usize) -> Option<Shared> {
        let record = self.get(at).cloned();
        self.own &= !(1 << at);
        record
    }

    /// The same as a leaf of the tree.
    fn node(&self) -> Node {
        Node::Leaf(std::array::from_fn(|at| self.get(at).cloned()))
    }
}

fn head(id: Id) -> Head {
    let [a, b, c, d, e, f, ..] = *id.bytes();
    [a, b, c, d, e, f]
}

/// The place of `number` in a node that has `height` branches below it.
fn slot(number: u64, height: u32) -> usize {
    usize::try_from(number >> (BITS * height) & (WIDTH as u64 - 1)).unwrap_or(0)
}

/// The first number of the leaf in which a number stands.
fn base_of(number: u64) -> u64 {
    number & !LAST
}

impl Rows {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn get(&self, id: Id) -> Option<&Shared> {
        self.trees.get(&head(id))?.get(id.number())
    }

    pub fn insert(&mut self, record: Shared) -> Option<Shared> {
        let id = record.id();
        let before = self.trees.entry(head(id)).or_default().insert(id.number(), record);
        self.len += usize::from(before.is_none());
        before
    }

    pub fn remove(&mut self, id: Id) -> Option<Shared> {
        let record = self.trees.get_mut(&head(id))?.remove(id.number())?;
        self.len -= 1;
        Some(record)
    }

    /// In order of id.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Shared> {
        self.trees.values().flat_map(|tree| tree.between(0, u64::MAX))
    }

    /// From one id to another, both included, in order of id.
    pub fn between(&self, low: Option<Id>, high: Option<Id>) -> impl Iterator<Item = &Shared> {
        let (first, last) = (low.map(head), high.map(head));
        let trees = self.trees.iter().filter(move |(head, _)| {
            first.is_none_or(|first| **head >= first) && last.is_none_or(|last| **head <= last)
        });
        trees.flat_map(move |(head, tree)| {
            let from = if first == Some(*head) { low.map_or(0, Id::number) } else { 0 };
            let to = if last == Some(*head) { high.map_or(u64::MAX, Id::number) } else { u64::MAX };
            tree.between(from, to)
        })
    }
}

impl Tree {
    fn get(&self, number: u64) -> Option<&Shared> {
        if let Some(tail) = self.tail.as_ref().filter(|tail| tail.holds(number)) {
            return tail.get(slot(number, 0));
        }
        if !self.reaches(number) {
            return None;
        }
        let mut node = self.root.as_deref()?;
        let mut height = self.height;
        loop {
            match node {
                Node::Leaf(slots) => return slots[slot(number, 0)].as_ref(),
                Node::Branch(children) => node = children[slot(number, height)].as_deref()?,
            }
            height -= 1;
        }
    }

    fn reaches(&self, number: u64) -> bool {
        number.checked_shr(BITS * (self.height + 1)).unwrap_or(0) == 0
    }

    fn insert(&mut self, number: u64, record: Shared) -> Option<Shared> {
        let base = base_of(number);
        let is_behind = self.root.is_none() || base > self.top;
        let is_tail = self.tail.as_ref().is_none_or(|tail| base >= tail.base);
        if !(is_behind && is_tail) {
            self.grow_to(number);
            let root = self.root.get_or_insert_with(|| Arc::new(Node::empty(self.height)));
            self.top = self.top.max(base);
            return Arc::make_mut(root).insert(number, self.height, record);
        }
        if let Some(full) = self.tail.take_if(|tail| base > tail.base) {
            self.settle(full.base, Arc::new(full.node()));
        }
        self.tail.get_or_insert_with(|| Tail::at(base)).insert(slot(number, 0), record)
    }

    /// Makes the tree high enough for a number.
    fn grow_to(&mut self, number: u64) {
        while !self.reaches(number) {
            if let Some(root) = self.root.take() {
                let mut children = [const { None }; WIDTH];
                children[0] = Some(root);
                self.root = Some(Arc::new(Node::Branch(children)));
            }
            self.height += 1;
        }
    }

    /// Takes the tail into the tree.
    fn settle(&mut self, base: u64, leaf: Arc<Node>) {
        self.grow_to(base);
        self.top = base;
        if self.height == 0 {
            self.root = Some(leaf);
        } else {
            let root = self.root.get_or_insert_with(|| Arc::new(Node::empty(self.height)));
            Arc::make_mut(root).settle(base, self.height, leaf);
        }
    }

    fn remove(&mut self, number: u64) -> Option<Shared> {
        if let Some(tail) = self.tail.as_mut().filter(|tail| tail.holds(number)) {
            let record = tail.remove(slot(number, 0));
            self.tail.take_if(|tail| tail.own == 0);
            return record;
        }
        if !self.reaches(number) {
            return None;
        }
        let root = Arc::make_mut(self.root.as_mut()?);
        let record = root.remove(number, self.height);
        if root.is_empty() {
            *self = Self { tail: self.tail.take(), ..Self::default() };
        }
        record
    }

    /// The first leaf that reaches beyond `from` or to it, with the number of its first row.
    fn first_leaf(&self, from: u64) -> Option<(u64, Leaf<'_>)> {
        let in_tree =
            self.reaches(from).then(|| self.root.as_deref()?.first_leaf(from, self.height)).flatten();
        in_tree.map(|(base, slots)| (base, Leaf::InTree(slots))).or_else(|| {
            let tail = self.tail.as_ref().filter(|tail| tail.base + LAST >= from)?;
            Some((tail.base, Leaf::Tail(tail)))
        })
    }

    /// The last leaf that begins before `to` or with it.
    fn last_leaf(&self, to: u64) -> Option<(u64, Leaf<'_>)> {
        if let Some(tail) = self.tail.as_ref().filter(|tail| tail.base <= to) {
            return Some((tail.base, Leaf::Tail(tail)));
        }
        let (base, slots) = self.root.as_deref()?.last_leaf(to.min(self.most()), self.height)?;
        Some((base, Leaf::InTree(slots)))
    }

    /// The highest number that the tree has a place for.
    fn most(&self) -> u64 {
        1_u64.checked_shl(BITS * (self.height + 1)).map_or(u64::MAX, |count| count - 1)
    }

    /// Rows with a number between two, both included.
    fn between(&self, from: u64, to: u64) -> Between<'_> {
        let last = self.tail.as_ref().map_or_else(|| self.most(), |tail| tail.base + LAST);
        let done = self.root.is_none() && self.tail.is_none();
        Between { tree: self, from, to: to.min(last), done, ahead: None, behind: None }
    }
}

impl Node {
    fn empty(height: u32) -> Self {
        if height == 0 { Self::Leaf([const { None }; WIDTH]) } else { Self::Branch([const { None }; WIDTH]) }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Branch(children) => children.iter().all(Option::is_none),
            Self::Leaf(slots) => slots.iter().all(Option::is_none),
        }
    }

    fn insert(&mut self, number: u64, height: u32, record: Shared) -> Option<Shared> {
        match self {
            Self::Leaf(slots) => slots[slot(number, 0)].replace(record),
            Self::Branch(children) => {
                let child =
                    children[slot(number, height)].get_or_insert_with(|| Arc::new(Self::empty(height - 1)));
                Arc::make_mut(child).insert(number, height - 1, record)
            }
        }
    }

    /// Puts a leaf where none is.
    fn settle(&mut self, base: u64, height: u32, leaf: Arc<Self>) {
        let Self::Branch(children) = self else { return };
        let place = &mut children[slot(base, height)];
        if height == 1 {
            *place = Some(leaf);
        } else {
            let child = place.get_or_insert_with(|| Arc::new(Self::empty(height - 1)));
            Arc::make_mut(child).settle(base, height - 1, leaf);
        }
    }

    fn remove(&mut self, number: u64, height: u32) -> Option<Shared> {
        match self {
            Self::Leaf(slots) => slots[slot(number, 0)].take(),
            Self::Branch(children) => {
                let place = &mut children[slot(number, height)];
                let child = Arc::make_mut(place.as_mut()?);
                let record = child.remove(number, height - 1);
                if child.is_empty() {
                    *place = None;
                }
                record
            }
        }
    }

    /// The first leaf that reaches beyond `from` or to it, with the number of its first row.
    fn first_leaf(&self, from: u64, height: u32) -> Option<(u64, &Slots)> {
        let children = match self {
            Self::Leaf(slots) => return Some((0, slots)),
            Self::Branch(children) => children,
        };
        let start = slot(from, height);
        (start..WIDTH).find_map(|at| {
            let below = (1_u64 << (BITS * height)) - 1;
            let from = if at == start { from & below } else { 0 };
            let (base, slots) = children[at].as_deref()?.first_leaf(from, height - 1)?;
            Some(((at as u64) << (BITS * height) | base, slots))
        })
    }

    /// The last leaf that begins before `to` or with it.
    fn last_leaf(&self, to: u64, height: u32) -> Option<(u64, &Slots)> {
        let children = match self {
            Self::Leaf(slots) => return Some((0, slots)),
            Self::Branch(children) => children,
        };
        let end = slot(to, height);
        (0..=end).rev().find_map(|at| {
            let below = (1_u64 << (BITS * height)) - 1;
            let to = if at == end { to & below } else { below };
            let (base, slots) = children[at].as_deref()?.last_leaf(to, height - 1)?;
            Some(((at as u64) << (BITS * height) | base, slots))
        })
    }
}

/// A walk over a tree from both ends. `from` and `to` are included.
struct Between<'a> {
    tree: &'a Tree,
    from: u64,
    to: u64,
    done: bool,
    /// The leaves at which the ends stand, with the numbers of their first rows.
    ahead: Option<(u64, Leaf<'a>)>,
    behind: Option<(u64, Leaf<'a>)>,
}

impl<'a> Iterator for Between<'a> {
    type Item = &'a Shared;

    fn next(&mut self) -> Option<&'a Shared> {
        while !self.done {
            if self.from > self.to {
                break;
            }
            let leaf = self.ahead.filter(|(base, _)| self.from >= *base && self.from - base <= LAST);
            let leaf = leaf.or_else(|| self.tree.first_leaf(self.from));
            let Some((base, found)) = leaf else { break };
            self.ahead = leaf;
            self.from = self.from.max(base);
            if self.from > self.to {
                break;
            }
            let found = found.get(self.from);
            match self.from.checked_add(1) {
                Some(next) => self.from = next,
                None => self.done = true,
            }
            if found.is_some() {
                return found;
            }
        }
        self.done = true;
        None
    }
}

impl<'a> DoubleEndedIterator for Between<'a> {
    fn next_back(&mut self) -> Option<&'a Shared> {
        while !self.done {
            if self.from > self.to {
                break;
            }
            let leaf = self.behind.filter(|(base, _)| self.to >= *base && self.to - base <= LAST);
            let leaf = leaf.or_else(|| self.tree.last_leaf(self.to));
            let Some((base, found)) = leaf else { break };
            self.behind = leaf;
            self.to = self.to.min(base + LAST);
            if self.from > self.to {
                break;
            }
            let found = found.get(self.to);
            match self.to.checked_sub(1) {
                Some(next) => self.to = next,
                None => self.done = true,
            }
            if found.is_some() {
                return found;
            }
        }
        self.done = true;
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::state::Edit;

    fn id() -> impl Strategy<Value = Id> {
        let number = prop_oneof![0_u64..40, 0_u64..5_000, Just(13_537_086_546_263_551)];
        (prop_oneof![Just(*b"00"), Just(*b"5g"), Just(*b"zz")], number)
            .prop_map(|(pod, number)| Id::from_number(*b"00Q", pod, number))
    }

    fn record(id: Id) -> Shared {
        Edit::new(id, 3).build()
    }

    proptest! {
        #[test]
        fn rows_are_a_map_in_order_of_id(
            steps in prop::collection::vec((id(), any::<bool>()), 0..120),
            low in prop::option::of(id()),
            high in prop::option::of(id()),
        ) {
            let (mut rows, mut model) = (Rows::default(), BTreeSet::new());
            for (id, put) in steps {
                let kept = rows.clone();
                if put {
                    prop_assert_eq!(rows.insert(record(id)).is_some(), !model.insert(id));
                } else {
                    prop_assert_eq!(rows.remove(id).is_some(), model.remove(&id));
                }
                prop_assert_eq!(rows.get(id).map(Shared::id), model.get(&id).copied());
                prop_assert_eq!(kept.iter().count(), kept.len());
            }
            let all: Vec<Id> = model.iter().copied().collect();
            prop_assert_eq!(rows.len(), all.len());
            prop_assert_eq!(rows.iter().map(Shared::id).collect::<Vec<_>>(), all.clone());
            let back: Vec<Id> = all.iter().rev().copied().collect();
            prop_assert_eq!(rows.iter().rev().map(Shared::id).collect::<Vec<_>>(), back);
            let between: Vec<Id> = all.iter().copied()
                .filter(|id| low.is_none_or(|low| *id >= low) && high.is_none_or(|high| *id <= high))
                .collect();
            prop_assert_eq!(rows.between(low, high).map(Shared::id).collect::<Vec<_>>(), between);
        }
    }

    proptest! {
        #[test]
        fn versions_go_their_own_ways(
            steps in prop::collection::vec((any::<prop::sample::Index>(), 0_u64..40, 0..5_u8), 0..200),
        ) {
            let mut versions = vec![(Rows::default(), BTreeSet::new())];
            for (which, number, what) in steps {
                let id = Id::from_number(*b"00Q", *b"5g", number);
                let which = which.index(versions.len());
                let (rows, model) = &mut versions[which];
                match what {
                    0 => prop_assert_eq!(rows.remove(id).is_some(), model.remove(&id)),
                    1 => {
                        let fork = (rows.clone(), model.clone());
                        versions.push(fork);
                    }
                    _ => prop_assert_eq!(rows.insert(record(id)).is_none(), model.insert(id)),
                }
            }
            for (rows, model) in versions {
                prop_assert_eq!(rows.len(), model.len());
                prop_assert!(rows.iter().map(Shared::id).eq(model.iter().copied()));
                prop_assert!(model.iter().all(|id| rows.get(*id).is_some()));
            }
        }
    }
}
