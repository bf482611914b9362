//! A bound query against one moment of an org.

use std::sync::Arc;

use compact_str::CompactString;
use jiff::{civil::Weekday, tz::TimeZone};

use super::aggregate;
use super::ahead::{Ahead, touched};
use super::bound::{Bound, Children, Condition, Grouping, Output, SemiJoin};
use super::computed::Computed;
use super::date_literals::{Calendar, DateLiteral};
use super::definitions;
use super::expr::{Expr, Found, RowSource};
use super::filter::{Constants, Filter, ResolvedDays};
use super::order;
use super::plan::Access;
use super::rows::{ResultSet, Rows};
use super::scope::Owners;
use crate::{
    access::permissions::Viewer,
    id::Id,
    locale::{LOCALES, Locale},
    schema::ObjectIx,
    state::{Shared, State},
    value::{DateTime, Value},
};

/// Who asks, and when.
#[derive(Clone, Debug)]
pub struct RunContext {
    pub now_ms: i64,
    /// The user's.
    pub time_zone: TimeZone,
    pub user: Id,
    /// `queryAll`: what lies in the recycle bin counts too.
    pub include_deleted: bool,
    pub week_start: Weekday,
    /// The user's; a name where it is none of those that are known.
    pub locale: Result<&'static Locale, CompactString>,
    /// Whose rows count, and whose parents show; `None`: all.
    pub viewer: Option<Arc<Viewer>>,
    /// Whether classic encrypted text is readable, or a mask.
    pub sees_encrypted: bool,
}

impl RunContext {
    /// UTC, American English, weeks from Sunday, live records only.
    #[must_use]
    pub fn new(user: Id, now_ms: i64) -> Self {
        Self {
            now_ms,
            time_zone: TimeZone::UTC,
            user,
            include_deleted: false,
            week_start: Weekday::Sunday,
            locale: Ok(&LOCALES[0]),
            viewer: None,
            sees_encrypted: true,
        }
    }

    /// As this user sees it now: only rows within reach, days are those of the user's own time zone, weeks those of the user's
    /// locale. Names are another matter: prepare the query with [`Viewer::schema`].
    #[must_use]
    pub fn for_user(state: &State, user: Id, now: DateTime) -> Self {
        let of_user = |name: &str| {
            let (object, record) = state.find(user)?;
            let (position, _) = object.field(name)?;
            record.get(position).as_text()
        };
        let zone = of_user("TimeZoneSidKey").unwrap_or(&state.settings().time_zone);
        let name = of_user("LocaleSidKey").unwrap_or(&state.settings().locale);
        let locale = Locale::named(name).ok_or_else(|| CompactString::from(name));
        Self {
            time_zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            week_start: locale.as_ref().map_or(Weekday::Sunday, |locale| locale.week_start),
            locale,
            sees_encrypted: state.viewer(user).sees_encrypted(),
            viewer: Some(state.viewer(user)).filter(|viewer| !viewer.is_unlimited()),
            ..Self::new(user, now.millis())
        }
    }

    pub(crate) fn calendar(&self, state: &State) -> Calendar {
        Calendar {
            now_ms: self.now_ms,
            time_zone: self.time_zone.clone(),
            week_start: self.week_start,
            fiscal_year_start: i8::try_from(state.settings().fiscal_year_start_month).unwrap_or(1),
            after_last_days: state.settings().after_last_days,
        }
    }
}

/// Everything that one run needs besides the query.
struct Run<'a> {
    state: &'a State,
    calendar: &'a Calendar,
    include_deleted: bool,
    user: Id,
    viewer: Option<&'a Viewer>,
}

pub(super) fn run(query: &Arc<Bound>, state: &State, context: &Arc<RunContext>) -> ResultSet {
    let mut state = definitions::fill(query, state.seen_by(context.user));
    compute(query, &mut state, context, None);
    let rows = rows_of(query, &state, context, None);
    ResultSet::new(Arc::clone(query), state, Arc::clone(context), rows)
}

/// The children of one parent.
pub(super) fn run_children(
    children: &Children,
    parent: Id,
    state: &State,
    context: &Arc<RunContext>,
) -> ResultSet {
    let mut state = state.clone();
    compute(&children.query, &mut state, context, Some((children.link, parent)));
    let rows = rows_of(&children.query, &state, context, Some((children.link, parent)));
    ResultSet::new(Arc::clone(&children.query), state, Arc::clone(context), rows)
}

/// Gives the rows that the query may look at the values of the formula fields that it names.
fn compute(query: &Bound, state: &mut State, context: &RunContext, parent: Option<(usize, Id)>) {
    if query.computed.is_empty() {
        return;
    }
    compute_joins(&query.computed, &query.condition, state, context);
    let calendar = context.calendar(state);
    let rows: Vec<Shared> = {
        let (include_deleted, user) = (context.include_deleted, context.user);
        let viewer = context.viewer.as_deref();
        let run = Run { state, calendar: &calendar, include_deleted, user, viewer };
        let constants = run.constants(&query.condition);
        let by_parent =
            parent.map(|(link, parent)| Access::Index { position: link, values: [Value::Id(parent)].into() });
        let access = by_parent.as_ref().unwrap_or(&query.access);
        run.walk(query.object.index, access, &constants).cloned().collect()
    };
    let now = DateTime::from_millis(context.now_ms);
    *state = query.computed.fill(state, query.object.index, &rows, context.user, now);
}

/// The same for the subqueries of a condition, the innermost first.
fn compute_joins(computed: &Computed, condition: &Condition, state: &mut State, context: &RunContext) {
    for (computed, join) in computed.joins.iter().zip(&condition.joins) {
        if computed.is_empty() {
            continue;
        }
        compute_joins(computed, &join.condition, state, context);
        let rows: Vec<Shared> = state.table(join.object).rows().cloned().collect();
        let now = DateTime::from_millis(context.now_ms);
        *state = computed.fill(state, join.object, &rows, context.user, now);
    }
}

/// Whether one record satisfies a condition, without looking at any other row of its object.
pub(super) fn record_matches(
    condition: &Condition,
    object: ObjectIx,
    record: &crate::state::Record,
    state: &State,
    context: &RunContext,
) -> bool {
    let Some(filter) = &condition.filter else { return true };
    let calendar = context.calendar(state);
    // Whoever asks about one record holds it already.
    let run = Run { state, calendar: &calendar, include_deleted: false, user: context.user, viewer: None };
    let constants = run.constants(condition);
    let source = RowSource { state, calendar: &calendar, row: Found { object, record } };
    filter.matches(&source, &constants)
}

/// Rows of the object, rows that the plan looks at, and for the scope and each of `parts` in turn how many rows it holds for: by
/// itself, and together with all before it.
pub(super) fn count_steps(
    query: &Bound,
    state: &State,
    context: &RunContext,
    parts: &[&Filter],
) -> (usize, usize, Vec<(usize, usize)>) {
    let calendar = context.calendar(state);
    let run = Run::of(state, &calendar, context);
    let constants = run.constants(&query.condition);
    let object = query.object.index;
    let everything = if query.access == Access::Seen { Access::Seen } else { Access::Scan };
    let rows: Vec<&Shared> = run.walk(object, &everything, &constants).collect();
    let candidates = run.walk(object, &query.access, &constants).count();
    let owners = query.scope.map(|scope| scope.owners(state, context.user));
    let in_scope = owners.as_ref().map(Step::Scope);
    let steps = in_scope.into_iter().chain(parts.iter().map(|part| Step::Filter(part)));
    let mut left: Vec<bool> = vec![true; rows.len()];
    let counts = steps.map(|step| {
        let (mut alone, mut together) = (0, 0);
        for (record, left) in rows.iter().zip(&mut left) {
            let holds = match step {
                Step::Scope(owners) => owners.include(record),
                Step::Filter(filter) => filter.matches(&run.source(object, record), &constants),
            };
            alone += usize::from(holds);
            *left &= holds;
            together += usize::from(*left);
        }
        (alone, together)
    });
    let counts = counts.collect();
    (rows.len(), candidates, counts)
}

enum Step<'s> {
    Scope(&'s Owners),
    Filter(&'s Filter),
}

fn rows_of(query: &Bound, state: &State, context: &RunContext, parent: Option<(usize, Id)>) -> Rows {
    let calendar = context.calendar(state);
    let run = Run::of(state, &calendar, context);
    let constants = run.constants(&query.condition);
    let matching = run.matching(query, &constants, parent);
    match &query.output {
        Output::Count => {
            let limit = query.limit.unwrap_or(usize::MAX);
            Rows::Count(matching.skip(query.offset).take(limit).count())
        }
        Output::Groups(grouping) => Rows::Groups(run.groups(query, grouping, matching)),
        Output::Records(_) => Rows::Records(run.sorted(query, matching)),
    }
}

impl<'a> Run<'a> {
    fn of(state: &'a State, calendar: &'a Calendar, context: &'a RunContext) -> Self {
        let (user, viewer) = (context.user, context.viewer.as_deref());
        Self { state, calendar, include_deleted: context.include_deleted, user, viewer }
    }

    fn constants(&self, condition: &Condition) -> Constants {
        let joined = condition.joins.iter().map(|join| self.join(join)).collect();
        Constants { days: self.days(&condition.dates), joined }
    }

    fn days(&self, literals: &[(DateLiteral, i64)]) -> Vec<ResolvedDays> {
        literals.iter().map(|(literal, count)| ResolvedDays::new(*literal, *count, self.calendar)).collect()
    }

    /// The ids that a subquery selects, sorted.
    fn join(&self, join: &SemiJoin) -> Vec<Id> {
        let constants = self.constants(&join.condition);
        let rows = self.walk(join.object, &join.access, &constants);
        let filter = join.condition.filter.as_ref();
        let mut ids: Vec<Id> = rows
            .map(|record| self.source(join.object, record))
            .filter(|source| filter.is_none_or(|filter| filter.matches(source, &constants)))
            .filter_map(|source| source.get(&join.value).id())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn source(&self, object: ObjectIx, record: &'a Shared) -> RowSource<'a> {
        RowSource { state: self.state, calendar: self.calendar, row: Found { object, record } }
    }

    fn matching<'b>(
        &self,
        query: &'b Bound,
        constants: &'b Constants,
        parent: Option<(usize, Id)>,
    ) -> Box<dyn Iterator<Item = &'a Shared> + 'b>
    where
        'a: 'b,
    {
        let object = query.object.index;
        let rows = match parent {
            Some((link, parent)) => {
                let by_parent = Access::Index { position: link, values: [Value::Id(parent)].into() };
                self.walk(object, &by_parent, constants)
            }
            None => self.walk(object, &query.access, constants),
        };
        let rows = Ahead::new(rows, touched(query));
        let filter = query.condition.filter.as_ref();
        let (state, calendar) = (self.state, self.calendar);
        let owners = query.scope.map(|scope| scope.owners(state, self.user));
        Box::new(rows.filter(move |record| {
            parent.is_none_or(|(link, parent)| record.get(link).as_id() == Some(parent))
                && owners.as_ref().is_none_or(|owners| owners.include(record))
                && filter.is_none_or(|filter| {
                    filter.matches(&RowSource { state, calendar, row: Found { object, record } }, constants)
                })
        }))
    }

    /// Candidate rows in order of id: of the table, and of the recycle bin where it counts.
    fn walk<'b>(
        &self,
        object: ObjectIx,
        access: &Access,
        constants: &Constants,
    ) -> Box<dyn Iterator<Item = &'a Shared> + 'b>
    where
        'a: 'b,
    {
        let table = self.state.table(object);
        let live: Box<dyn Iterator<Item = &'a Shared> + 'b> = match access.candidates(table, constants) {
            Some(ids) => Box::new(ids.into_iter().filter_map(move |id| table.get(id))),
            None => match access {
                Access::Seen => Box::new(self.state.sights()),
                Access::IdRange { low, high } => Box::new(table.rows_between(*low, *high)),
                _ => Box::new(table.rows()),
            },
        };
        let rows: Box<dyn Iterator<Item = &'a Shared> + 'b> = if self.include_deleted {
            let now = DateTime::from_millis(self.calendar.now_ms);
            let kept = table.bin().filter(|binned| binned.is_kept(now));
            let mut all: Vec<&'a Shared> = live.chain(kept.map(|binned| &binned.record)).collect();
            all.sort_by_key(|record| record.id());
            Box::new(all.into_iter())
        } else {
            live
        };
        let state = self.state;
        match self.viewer.filter(|viewer| !viewer.sees_every_row(object)) {
            Some(viewer) => Box::new(rows.filter(move |record| viewer.sees(state, object, record))),
            None => rows,
        }
    }

    fn sorted<'b>(&self, query: &Bound, rows: impl Iterator<Item = &'a Shared> + 'b) -> Vec<Shared> {
        let keep = query.limit.map(|limit| limit.saturating_add(query.offset));
        let object = query.object.index;
        let fetch = |record: &'a Shared, key: &order::OrderKey| {
            key.sortable(self.source(object, record).get(&key.expr))
        };
        let sorted = order::sort(rows, &query.order, fetch, keep);
        sorted.into_iter().skip(query.offset).cloned().collect()
    }

    fn groups(
        &self,
        query: &Bound,
        grouping: &Grouping,
        rows: impl Iterator<Item = &'a Shared>,
    ) -> Vec<Vec<Value>> {
        let object = query.object.index;
        let mut groups = aggregate::group(grouping, rows.map(|record| self.source(object, record)));
        if let Some(having) = &grouping.having {
            let constants = Constants { days: self.days(&grouping.having_dates), joined: Vec::new() };
            groups.retain(|row| having.matches(&row.as_slice(), &constants));
        }
        if query.order.is_empty() && query.limit.is_none() && query.offset == 0 {
            return groups;
        }
        let keep = query.limit.map(|limit| limit.saturating_add(query.offset));
        let order: Vec<usize> =
            order::sort(0..groups.len(), &query.order, |at, key| sortable_cell(&groups[at], key), keep);
        order.into_iter().skip(query.offset).map(|at| groups[at].clone()).collect()
    }
}

fn sortable_cell<'v>(row: &'v [Value], key: &order::OrderKey) -> order::Sortable<'v> {
    match &key.expr {
        Expr::Cell(at) => row.get(*at).map_or(order::Sortable::Null, |value| key.sortable(value.into())),
        _ => order::Sortable::Null,
    }
}
