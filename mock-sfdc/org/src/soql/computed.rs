//! Formula fields in a query. Rows hold no values of theirs, and the hot paths know nothing of them: a query that names one
//! runs over a state of its own, in which the rows that it may look at hold what was computed for them. A query that names
//! none is not touched.

use std::collections::BTreeMap;

use super::aggregate::Aggregate;
use super::bound::{Condition, Item, Output, Shape};
use super::expr::{Expr, Found, Path, Place, Slot, Step};
use super::order::OrderKey;
use crate::{
    formula::computed_value,
    id::Id,
    schema::{ObjectIx, Schema},
    state::{Edit, Shared, State},
    value::DateTime,
};

/// A formula field that a query reads.
#[derive(Clone, Debug, PartialEq)]
struct Target {
    steps: Vec<Step>,
    object: ObjectIx,
    position: usize,
}

/// What has to be computed before a query runs.
#[derive(Clone, Debug, Default)]
pub struct Computed {
    targets: Vec<Target>,
    /// For the subqueries of the condition, in their order.
    pub joins: Vec<Computed>,
}

impl Computed {
    /// Whether the query names no formula field at all.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty() && self.joins.iter().all(Self::is_empty)
    }

    /// What a query needs.
    pub fn of(
        schema: &Schema,
        root: ObjectIx,
        output: &Output,
        condition: &Condition,
        order: &[OrderKey],
    ) -> Self {
        // Most orgs have no formula field: nothing to look for.
        if schema.objects().all(|object| object.formula_fields.is_empty()) {
            return Self::default();
        }
        let mut finder = Finder { schema, root, targets: Vec::new() };
        match output {
            Output::Count => {}
            Output::Records(shape) => finder.shape(&mut Vec::new(), root, shape),
            Output::Groups(grouping) => {
                grouping.keys.iter().for_each(|key| finder.expr(key));
                for aggregate in &grouping.aggregates {
                    if let Aggregate::Of { expr, .. } = aggregate {
                        finder.expr(expr);
                    }
                }
            }
        }
        for key in order {
            finder.expr(&key.expr);
        }
        finder.condition(condition)
    }

    /// The state with the values that `rows` are asked for.
    pub fn fill(&self, state: &State, root: ObjectIx, rows: &[Shared], user: Id, now: DateTime) -> State {
        let mut filled: BTreeMap<(ObjectIx, Id), Edit> = BTreeMap::new();
        for row in rows {
            for target in &self.targets {
                let mut here = Some(Found { object: root, record: row });
                for step in &target.steps {
                    here = here.and_then(|found| step.follow(state, found));
                }
                let Some(found) = here.filter(|found| found.object == target.object) else { continue };
                let Some(object) = state.schema().by_index(found.object) else { continue };
                let edit = filled
                    .entry((found.object, found.record.id()))
                    .or_insert_with(|| found.record.edit(object.fields.len()));
                if edit.get(target.position).is_null() {
                    let who = (user, now);
                    edit.set(
                        target.position,
                        computed_value(state, object, found.record, target.position, who),
                    );
                }
            }
        }
        let mut computed = state.clone();
        for ((object, id), edit) in filled {
            computed.put_computed(object, id, &edit);
        }
        computed
    }
}

struct Finder<'a> {
    schema: &'a Schema,
    root: ObjectIx,
    targets: Vec<Target>,
}

impl Finder<'_> {
    fn condition(mut self, condition: &Condition) -> Computed {
        if let Some(filter) = &condition.filter {
            filter.visit(&mut |expr| self.expr(expr));
        }
        let joins = condition.joins.iter().map(|join| {
            let mut inner = Finder { schema: self.schema, root: join.object, targets: Vec::new() };
            inner.expr(&join.value);
            inner.condition(&join.condition)
        });
        let joins = joins.collect();
        Computed { targets: self.targets, joins }
    }

    fn expr(&mut self, expr: &Expr) {
        if let Expr::Money(money) = expr {
            return self.expr(&Expr::Field(money.amount.clone()));
        }
        if let Expr::Field(path) | Expr::DatePart { path, .. } = expr {
            self.path(path);
        }
    }

    fn path(&mut self, path: &Path) {
        let mut object = Some(self.root);
        for step in &path.steps {
            object = step.to;
        }
        self.slot(&path.steps, object, &path.slot);
    }

    fn slot(&mut self, steps: &[Step], object: Option<ObjectIx>, slot: &Slot) {
        match (slot, object) {
            (Slot::Field(Place::At(position)), Some(object)) => self.target(steps, object, *position),
            (Slot::Field(Place::ByObject(places)), _) => {
                for (object, position) in places {
                    self.target(steps, *object, *position);
                }
            }
            _ => {}
        }
    }

    fn target(&mut self, steps: &[Step], object: ObjectIx, position: usize) {
        let known = self.schema.by_index(object);
        if known.is_some_and(|known| known.formula_fields.contains(&position)) {
            let target = Target { steps: steps.to_vec(), object, position };
            if !self.targets.contains(&target) {
                self.targets.push(target);
            }
        }
    }

    /// What a row shows. Children are queries of their own.
    fn shape(&mut self, steps: &mut Vec<Step>, object: ObjectIx, shape: &Shape) {
        for item in &shape.items {
            match item {
                Item::Field { slot, .. } | Item::Label { slot, .. } | Item::Formatted { slot, .. } => {
                    self.slot(steps, Some(object), slot);
                }
                Item::Parent { step, shape, .. } => {
                    steps.push(step.clone());
                    match step.to {
                        Some(parent) => self.shape(steps, parent, shape),
                        None => self.named(steps, shape),
                    }
                    steps.pop();
                }
                Item::TypeOf { step, branches, otherwise, .. } => {
                    steps.push(step.clone());
                    for (object, shape) in branches {
                        self.shape(steps, *object, shape);
                    }
                    self.named(steps, otherwise);
                    steps.pop();
                }
                Item::Money { shown, .. } => {
                    self.slot(steps, Some(object), &Slot::Field(Place::At(shown.position)));
                }
                Item::Distance { .. } | Item::Compound { .. } | Item::Children(_) => {}
            }
        }
    }

    /// Fields behind a reference to several objects.
    fn named(&mut self, steps: &[Step], shape: &Shape) {
        for item in &shape.items {
            if let Item::Field { slot, .. } = item {
                self.slot(steps, None, slot);
            }
        }
    }
}
