//! The evaluator against a naive one, over random schemas: two custom objects with random fields of every kind, lookups between
//! them, rows with gaps, and queries with every operator. Everything is made of small numbers that are read against what
//! there is, so that a failure shrinks to a handful of fields and rows.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt::Write as _;

use mock_sfdc_org::{
    Org,
    clock::Clock,
    id::Id,
    schema::Schema,
    settings::Settings,
    soql::{self, BindOptions, Cell, ResultSet, RunContext},
    state::{Edit, Record, State},
    value::{DateTime, Value},
};
use proptest::prelude::*;
use serde_json::{Map, json};

const NOW: i64 = 1_776_254_400_000;

/// How values of a kind behave; several types of fields are one kind.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Text,
    /// Unique, and tells cases apart.
    Exact,
    Picklist,
    Multi,
    Number,
    Whole,
    Bool,
    Day,
    Moment,
    Time,
}

/// Kind, words of the definition, values as SOQL writes them.
const KINDS: [(Kind, &str, &[&str]); 16] = [
    (Kind::Text, r#"{"type": "string"}"#, &TEXTS),
    (Kind::Text, r#"{"type": "string", "externalId": true}"#, &TEXTS),
    (Kind::Text, r#"{"type": "email", "externalId": true}"#, &TEXTS),
    (Kind::Text, r#"{"type": "phone"}"#, &TEXTS),
    (Kind::Text, r#"{"type": "url"}"#, &TEXTS),
    (Kind::Text, r#"{"type": "textarea"}"#, &TEXTS),
    (Kind::Exact, r#"{"type": "string", "externalId": true, "unique": true, "caseSensitive": true}"#, &TEXTS),
    (
        Kind::Picklist,
        r#"{"type": "picklist", "picklistValues": ["m", "A", "z"]}"#,
        &["'m'", "'A'", "'z'", "'unlisted'"],
    ),
    (
        Kind::Multi,
        r#"{"type": "multipicklist", "picklistValues": ["A", "B", "C"]}"#,
        &["'A'", "'A;B'", "'B;C'", "'A;B;C'", "'b'"],
    ),
    (Kind::Number, r#"{"type": "double", "scale": 1, "externalId": true}"#, &NUMBERS),
    (Kind::Number, r#"{"type": "currency"}"#, &NUMBERS),
    (Kind::Number, r#"{"type": "percent", "scale": 1}"#, &NUMBERS),
    (Kind::Whole, r#"{"type": "double", "scale": 0}"#, &["-3", "0", "5", "100"]),
    (Kind::Bool, r#"{"type": "boolean"}"#, &["true", "false"]),
    (Kind::Day, r#"{"type": "date"}"#, &["1970-01-01", "2024-02-29", "2026-04-15", "2026-04-16"]),
    (
        Kind::Moment,
        r#"{"type": "datetime"}"#,
        &["1970-01-01T00:00:00.000Z", "2026-04-15T12:00:00.000Z", "2026-04-15T12:00:00.001Z"],
    ),
];
/// Not a row of the table above only because the two would not fit a line.
const TIME: (Kind, &str, &[&str]) =
    (Kind::Time, r#"{"type": "time"}"#, &["00:00:00.000Z", "12:30:00.000Z", "23:59:59.999Z"]);
const TEXTS: [&str; 9] = ["'a'", "'A'", "'b'", "'ab'", "'aB'", "'ä'", "'Ä'", "'z_z'", "'9'"];
const NUMBERS: [&str; 6] = ["-3.5", "0", "0.0", "1", "5.5", "1000000"];

type Column = (Kind, &'static str, &'static [&'static str]);

fn column(at: u8) -> Column {
    KINDS.get(usize::from(at) % (KINDS.len() + 1)).copied().unwrap_or(TIME)
}

/// A value as SOQL writes it; empty is null. Checkboxes are never null.
fn pick(column: Column, at: u8) -> &'static str {
    let values = column.2;
    let room = values.len() + usize::from(column.0 != Kind::Bool);
    values.get(usize::from(at) % room).copied().unwrap_or("")
}

const WIDTH: usize = 4;

/// A lower row: its values, its upper row, its peer.
#[derive(Clone, Debug)]
struct Low {
    values: [u8; WIDTH],
    up: Option<u8>,
    peer: Option<u8>,
}

#[derive(Clone, Debug)]
struct World {
    upper: Vec<u8>,
    lower: Vec<u8>,
    ups: Vec<[u8; WIDTH]>,
    lows: Vec<Low>,
}

fn world() -> impl Strategy<Value = World> {
    let columns = || prop::collection::vec(any::<u8>(), 1..WIDTH);
    let low = (any::<[u8; WIDTH]>(), prop::option::weighted(0.8, any::<u8>()), prop::option::of(any::<u8>()))
        .prop_map(|(values, up, peer)| Low { values, up, peer });
    (
        columns(),
        columns(),
        prop::collection::vec(any::<[u8; WIDTH]>(), 0..5),
        prop::collection::vec(low, 0..14),
    )
        .prop_map(|(upper, lower, ups, lows)| World { upper, lower, ups, lows })
}

/// A condition before it is read against a schema.
#[derive(Clone, Debug)]
enum Cond {
    Leaf { field: u8, operator: u8, values: Vec<u8>, pattern: String },
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Not(Box<Cond>),
}

fn condition() -> impl Strategy<Value = Cond> {
    let leaf = (any::<u8>(), any::<u8>(), prop::collection::vec(any::<u8>(), 1..4), "[abAä_%]{1,3}")
        .prop_map(|(field, operator, values, pattern)| Cond::Leaf { field, operator, values, pattern });
    leaf.prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Cond::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Cond::Any),
            inner.prop_map(|inner| Cond::Not(Box::new(inner))),
        ]
    })
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Table {
    Upper,
    Lower,
}

/// A field that a query can name: its path, how to come to it, its column.
#[derive(Clone, Debug)]
struct Reach {
    path: String,
    way: Way,
    at: usize,
    column: Column,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Own,
    Up,
    Peer,
    PeerUp,
}

impl World {
    fn reach(&self, table: Table) -> Vec<Reach> {
        let ways: &[(Way, &str, &[u8])] = match table {
            Table::Upper => &[(Way::Own, "", &self.upper)],
            Table::Lower => &[
                (Way::Own, "", &self.lower),
                (Way::Up, "Up__r.", &self.upper),
                (Way::Peer, "Peer__r.", &self.lower),
                (Way::PeerUp, "Peer__r.Up__r.", &self.upper),
            ],
        };
        let fields = ways.iter().flat_map(|(way, prefix, columns)| {
            columns.iter().enumerate().map(move |(at, kind)| Reach {
                path: format!("{prefix}F{at}__c"),
                way: *way,
                at,
                column: column(*kind),
            })
        });
        fields.collect()
    }

    fn up_of(&self, row: usize) -> Option<usize> {
        self.lows[row].up.map(usize::from).filter(|_| !self.ups.is_empty()).map(|up| up % self.ups.len())
    }

    fn peer_of(&self, row: usize) -> Option<usize> {
        self.lows[row].peer.map(|peer| usize::from(peer) % self.lows.len())
    }

    /// Empty is null.
    fn get(&self, table: Table, row: usize, field: &Reach) -> &'static str {
        let upper = |up: usize| pick(field.column, self.ups[up][field.at]);
        let lower = |low: usize| pick(field.column, self.lows[low].values[field.at]);
        let found = match (table, field.way) {
            (Table::Upper, _) => Some(upper(row)),
            (Table::Lower, Way::Own) => Some(lower(row)),
            (Table::Lower, Way::Up) => self.up_of(row).map(upper),
            (Table::Lower, Way::Peer) => self.peer_of(row).map(lower),
            (Table::Lower, Way::PeerUp) => self.peer_of(row).and_then(|peer| self.up_of(peer)).map(upper),
        };
        found.unwrap_or("")
    }

    fn rows(&self, table: Table) -> std::ops::Range<usize> {
        0..if table == Table::Upper { self.ups.len() } else { self.lows.len() }
    }

    /// The condition as text, and the rows for which it holds.
    fn read(&self, table: Table, condition: &Cond) -> (String, Vec<bool>) {
        let joined = |parts: &[Cond], word: &str, all: bool| {
            let parts: Vec<_> = parts.iter().map(|part| self.read(table, part)).collect();
            let text: Vec<String> = parts.iter().map(|(text, _)| format!("({text})")).collect();
            let rows = self.rows(table).map(|row| {
                if all { parts.iter().all(|part| part.1[row]) } else { parts.iter().any(|part| part.1[row]) }
            });
            (text.join(word), rows.collect())
        };
        match condition {
            Cond::All(parts) => joined(parts, " AND ", true),
            Cond::Any(parts) => joined(parts, " OR ", false),
            Cond::Not(inner) => {
                let (text, rows) = self.read(table, inner);
                (format!("NOT ({text})"), rows.into_iter().map(|holds| !holds).collect())
            }
            Cond::Leaf { field, operator, values, pattern } => {
                let reach = self.reach(table);
                let field = &reach[usize::from(*field) % reach.len()];
                let (text, holds) = leaf(field, *operator, values, pattern);
                (text, self.rows(table).map(|row| holds(self.get(table, row, field))).collect())
            }
        }
    }

    fn schema(&self) -> Schema {
        let fields = |columns: &[u8]| {
            let mut fields = Map::new();
            for (at, kind) in columns.iter().enumerate() {
                fields.insert(format!("F{at}__c"), serde_json::from_str(column(*kind).1).unwrap());
            }
            fields
        };
        let mut lower = fields(&self.lower);
        lower.insert(
            "Up__c".to_owned(),
            json!({"type": "reference", "referenceTo": ["Upper__c"], "childRelationship": "Lows__r"}),
        );
        lower.insert(
            "Peer__c".to_owned(),
            json!({"type": "reference", "referenceTo": ["Lower__c"], "childRelationship": "Peers__r"}),
        );
        let package =
            json!({"objects": {"Upper__c": {"fields": fields(&self.upper)}, "Lower__c": {"fields": lower}}});
        standard().load_package("random", &package.to_string()).unwrap()
    }

    fn state(&self) -> State {
        let schema = self.schema();
        let org =
            Org::new(State::empty(schema, Settings::default()), Clock::fixed(DateTime::from_millis(NOW)), 1);
        let (upper, lower) = (
            org.snapshot().schema().object("Upper__c").unwrap().clone(),
            org.snapshot().schema().object("Lower__c").unwrap().clone(),
        );
        let (up, peer) = (lower.field("Up__c").unwrap().0, lower.field("Peer__c").unwrap().0);
        let id = |prefix: [u8; 3], row: usize| Id::from_number(prefix, *b"5g", row as u64 + 1);
        org.transact(id(*b"005", 0), |tx| {
            for (row, values) in self.ups.iter().enumerate() {
                let mut edit = Edit::new(id(upper.record_prefix, row), upper.fields.len());
                for (at, kind) in self.upper.iter().enumerate() {
                    edit.set(upper.field(&format!("F{at}__c")).unwrap().0, stored(column(*kind), values[at]));
                }
                tx.put_unchecked(&upper, &edit);
            }
            for (row, low) in self.lows.iter().enumerate() {
                let mut edit = Edit::new(id(lower.record_prefix, row), lower.fields.len());
                for (at, kind) in self.lower.iter().enumerate() {
                    edit.set(
                        lower.field(&format!("F{at}__c")).unwrap().0,
                        stored(column(*kind), low.values[at]),
                    );
                }
                if let Some(target) = self.up_of(row) {
                    edit.set(up, id(upper.record_prefix, target));
                }
                if let Some(target) = self.peer_of(row) {
                    edit.set(peer, id(lower.record_prefix, target));
                }
                tx.put_unchecked(&lower, &edit);
            }
            Ok::<_, Infallible>(())
        })
        .unwrap();
        State::clone(&org.snapshot())
    }
}

fn standard() -> &'static Schema {
    static SCHEMA: std::sync::OnceLock<Schema> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(Schema::standard)
}

fn stored(column: Column, at: u8) -> Value {
    let text = pick(column, at);
    if text.is_empty() {
        return Value::Null;
    }
    match column.0 {
        Kind::Number | Kind::Whole => Value::Number(text.parse().unwrap()),
        Kind::Bool => Value::Bool(text == "true"),
        Kind::Day => Value::Date(text.parse().unwrap()),
        Kind::Moment => Value::DateTime(DateTime::parse(text).unwrap()),
        Kind::Time => Value::Time(text.trim_end_matches('Z').parse().unwrap()),
        Kind::Text | Kind::Exact | Kind::Picklist | Kind::Multi => Value::text(text.trim_matches('\'')),
    }
}

// --- the naive side: values are the texts that SOQL writes ---

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

fn same(kind: Kind, left: &str, right: &str) -> bool {
    match kind {
        Kind::Number | Kind::Whole => number(left).total_cmp(&number(right)).is_eq(),
        Kind::Text | Kind::Picklist | Kind::Multi => left.to_lowercase() == right.to_lowercase(),
        _ => left == right,
    }
}

/// Two values that are there.
fn order(kind: Kind, left: &str, right: &str) -> Ordering {
    match kind {
        Kind::Number | Kind::Whole => number(left).total_cmp(&number(right)),
        Kind::Text | Kind::Picklist | Kind::Multi => left.to_uppercase().cmp(&right.to_uppercase()),
        // Days, moments and times are written so that their texts are in their order.
        _ => left.cmp(right),
    }
}

/// A condition on one field: its text, and whether it holds for a value.
fn leaf(
    field: &Reach,
    operator: u8,
    values: &[u8],
    pattern: &str,
) -> (String, Box<dyn Fn(&'static str) -> bool>) {
    let kind = field.column.0;
    let path = &field.path;
    let wanted: Vec<&'static str> = values.iter().map(|at| pick(field.column, *at)).collect();
    let first = wanted[0];
    let written = |value: &str| if value.is_empty() { "null".to_owned() } else { value.to_owned() };
    // A checkbox without a value, which only a missing parent has, is unchecked.
    let checkbox =
        move |text: &'static str| if kind == Kind::Bool && text.is_empty() { "false" } else { text };
    let equal = move |wanted: &'static str, value: &'static str| {
        let (wanted, value) = (checkbox(wanted), checkbox(value));
        if wanted.is_empty() || value.is_empty() { wanted == value } else { same(kind, wanted, value) }
    };
    let list = || wanted.iter().map(|value| written(value)).collect::<Vec<_>>().join(", ");
    let in_order = !matches!(kind, Kind::Bool | Kind::Multi) && !first.is_empty();
    match operator % 10 {
        0 => (format!("{path} = {}", written(first)), Box::new(move |value| equal(first, value))),
        1 => (format!("{path} != {}", written(first)), Box::new(move |value| !equal(first, value))),
        2 => {
            let text = format!("{path} IN ({})", list());
            (text, Box::new(move |value| wanted.iter().any(|wanted| equal(wanted, value))))
        }
        3 => {
            let text = format!("{path} NOT IN ({})", list());
            (text, Box::new(move |value| !wanted.iter().any(|wanted| equal(wanted, value))))
        }
        at @ 4..=7 if in_order => {
            let (word, holds): (&str, fn(Ordering) -> bool) = match at {
                4 => ("<", Ordering::is_lt),
                5 => ("<=", Ordering::is_le),
                6 => (">", Ordering::is_gt),
                _ => (">=", Ordering::is_ge),
            };
            let test = move |value: &'static str| !value.is_empty() && holds(order(kind, value, first));
            (format!("{path} {word} {first}"), Box::new(test))
        }
        8 | 9 if kind == Kind::Multi => {
            let excludes = operator % 10 == 9;
            let sets: Vec<&str> = wanted.into_iter().filter(|set| !set.is_empty()).collect();
            let sets = if sets.is_empty() { vec!["'A;C'"] } else { sets };
            let word = if excludes { "EXCLUDES" } else { "INCLUDES" };
            let parts = |text: &str| -> Vec<String> {
                text.trim_matches('\'').split(';').map(str::to_lowercase).collect()
            };
            let text = format!("{path} {word} ({})", sets.join(", "));
            let test = move |value: &'static str| {
                let has = |set: &&str| parts(set).iter().all(|part| parts(value).contains(part));
                (!value.is_empty() && sets.iter().any(has)) != excludes
            };
            (text, Box::new(test))
        }
        8 | 9 if matches!(kind, Kind::Text | Kind::Exact | Kind::Picklist) => {
            let text = format!("{path} LIKE '{pattern}'");
            let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
            let test = move |value: &'static str| {
                let value: Vec<char> = value.trim_matches('\'').to_lowercase().chars().collect();
                !value.is_empty() && like(&pattern, &value)
            };
            (text, Box::new(test))
        }
        _ => (format!("{path} != null"), Box::new(move |value| !equal("", value))),
    }
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skip| like(rest, &text[skip..])),
        Some((c, rest)) => {
            text.split_first().is_some_and(|(t, after)| (*c == '_' || c == t) && like(rest, after))
        }
    }
}

/// Where a picklist value stands.
fn rank(value: &str) -> usize {
    ["'m'", "'A'", "'z'"].iter().position(|known| *known == value).unwrap_or(3)
}

/// ORDER BY of two values that may be null.
fn sorted(kind: Kind, left: &str, right: &str, descending: bool, nulls_last: bool) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => {
            if nulls_last {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (false, true) => {
            if nulls_last {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (false, false) => {
            let ordering = match kind {
                Kind::Picklist => rank(left).cmp(&rank(right)),
                Kind::Exact => left.to_uppercase().cmp(&right.to_uppercase()),
                Kind::Bool => (left == "true").cmp(&(right == "true")),
                _ => order(kind, left, right),
            };
            if descending { ordering.reverse() } else { ordering }
        }
    }
}

fn run(state: &State, query: &str) -> ResultSet {
    let prepared = soql::prepare(query, state.schema(), &BindOptions::default())
        .unwrap_or_else(|error| panic!("{query}: {error}"));
    let context = RunContext::new(Id::from_number(*b"005", *b"5g", 1), NOW);
    soql::run(&prepared, state, &context).unwrap()
}

/// `Up__c IN (SELECT Id FROM Upper__c WHERE …)` or its opposite, as text and rows.
fn joined(world: &World, negated: bool, inner: &Cond) -> (String, Vec<bool>) {
    let (text, upper) = world.read(Table::Upper, inner);
    let word = if negated { "NOT IN" } else { "IN" };
    let rows = world.rows(Table::Lower).map(|row| world.up_of(row).is_some_and(|up| upper[up]) != negated);
    (format!("Up__c {word} (SELECT Id FROM Upper__c WHERE {text})"), rows.collect())
}

/// One cell as text: numbers rounded, texts in lower case.
fn shown(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Value(Value::Null, _) => "null".to_owned(),
        Cell::Value(Value::Number(number), _) => format!("{:.5}", number.to_string().parse::<f64>().unwrap()),
        Cell::Value(Value::Text(text), _) => text.as_str().to_lowercase(),
        Cell::Value(Value::DateTime(moment), _) => moment.to_zulu(),
        Cell::Value(Value::Date(day), _) => day.to_string(),
        Cell::Value(Value::Bool(flag), _) => flag.to_string(),
        other => panic!("{other:?}"),
    }
}

/// The same of a value of the naive side.
fn plain(kind: Kind, value: &str) -> String {
    match kind {
        _ if value.is_empty() => "null".to_owned(),
        Kind::Number | Kind::Whole => format!("{:.5}", number(value)),
        _ => value
            .trim_matches('\'')
            .to_lowercase()
            .replace('t', if kind == Kind::Moment { "T" } else { "t" })
            .replace('z', if kind == Kind::Moment { "Z" } else { "z" }),
    }
}

/// An aggregate of some values of a field, as `shown` writes it.
fn aggregate(function: u8, field: &Reach, values: &[&'static str]) -> (String, String) {
    let kind = field.column.0;
    let path = &field.path;
    let there: Vec<&str> = values.iter().copied().filter(|value| !value.is_empty()).collect();
    let numeric = matches!(kind, Kind::Number | Kind::Whole);
    let counted = !matches!(kind, Kind::Bool | Kind::Multi | Kind::Time);
    let count = |number: usize| format!("{number}.00000");
    let null = || "null".to_owned();
    #[allow(clippy::cast_precision_loss, reason = "a handful of rows")]
    match function % 6 {
        0 if counted => (format!("COUNT({path})"), count(there.len())),
        1 if counted && kind != Kind::Exact => {
            let mut distinct: Vec<String> = there.iter().map(|value| plain(kind, value)).collect();
            distinct.sort();
            distinct.dedup();
            (format!("COUNT_DISTINCT({path})"), count(distinct.len()))
        }
        2 if numeric => {
            let sum: f64 = there.iter().map(|value| number(value)).sum();
            (format!("SUM({path})"), if there.is_empty() { null() } else { format!("{sum:.5}") })
        }
        3 if numeric => {
            let sum: f64 = there.iter().map(|value| number(value)).sum();
            let mean = sum / there.len() as f64;
            (format!("AVG({path})"), if there.is_empty() { null() } else { format!("{mean:.5}") })
        }
        at @ 4..=5 if counted => {
            let compare = |left: &&&str, right: &&&str| sorted(kind, left, right, false, false);
            let best = if at == 4 { there.iter().min_by(compare) } else { there.iter().max_by(compare) };
            let word = if at == 4 { "MIN" } else { "MAX" };
            (format!("{word}({path})"), best.map_or_else(null, |value| plain(kind, value)))
        }
        _ => ("COUNT(Id)".to_owned(), count(values.len())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_are_those_of_a_naive_evaluator(
        world in world(),
        condition in prop::option::of(condition()),
        join in prop::option::weighted(0.3, (any::<bool>(), condition())),
        keys in prop::collection::vec((any::<u8>(), any::<bool>(), any::<bool>()), 0..3),
        limit in prop::option::weighted(0.3, 0..9_usize),
        offset in prop::option::weighted(0.2, 0..4_usize),
    ) {
        let state = world.state();
        let reach = world.reach(Table::Lower);
        let mut rows: Vec<usize> = world.rows(Table::Lower).collect();
        let mut conditions = Vec::new();
        if let Some(condition) = &condition {
            conditions.push(world.read(Table::Lower, condition));
        }
        if let Some((negated, inner)) = &join {
            conditions.push(joined(&world, *negated, inner));
        }
        rows.retain(|row| conditions.iter().all(|(_, holds)| holds[*row]));
        let mut query = "SELECT Id FROM Lower__c".to_owned();
        if !conditions.is_empty() {
            let texts: Vec<String> = conditions.iter().map(|(text, _)| format!("({text})")).collect();
            write!(query, " WHERE {}", texts.join(" AND ")).unwrap();
        }
        let keys: Vec<(&Reach, bool, bool)> = keys
            .iter()
            .map(|(field, descending, nulls_last)| (&reach[usize::from(*field) % reach.len()], *descending, *nulls_last))
            .filter(|(field, ..)| field.column.0 != Kind::Multi)
            .collect();
        for (at, (field, descending, nulls_last)) in keys.iter().enumerate() {
            let word = if at == 0 { " ORDER BY" } else { "," };
            let direction = if *descending { "DESC" } else { "ASC" };
            let nulls = if *nulls_last { "LAST" } else { "FIRST" };
            write!(query, "{word} {} {direction} NULLS {nulls}", field.path).unwrap();
        }
        rows.sort_by(|left, right| {
            keys.iter().fold(Ordering::Equal, |known, (field, descending, nulls_last)| {
                let value = |row: usize| world.get(Table::Lower, row, field);
                known.then_with(|| sorted(field.column.0, value(*left), value(*right), *descending, *nulls_last))
            })
        });
        if let Some(limit) = limit {
            write!(query, " LIMIT {limit}").unwrap();
        }
        if let Some(offset) = offset {
            write!(query, " OFFSET {offset}").unwrap();
        }
        let expected: Vec<u64> = rows
            .into_iter()
            .skip(offset.unwrap_or(0))
            .take(limit.unwrap_or(usize::MAX))
            .map(|row| row as u64 + 1)
            .collect();
        let prefix = state.schema().object("Lower__c").unwrap().record_prefix;
        let expected: Vec<Id> = expected.into_iter().map(|row| Id::from_number(prefix, *b"5g", row)).collect();
        let found: Vec<Id> = run(&state, &query).records().iter().map(Record::id).collect();
        prop_assert_eq!(found, expected, "{}", query);
    }

    #[test]
    fn groups_are_those_of_a_naive_evaluator(
        world in world(),
        condition in prop::option::of(condition()),
        keys in prop::collection::vec(any::<u8>(), 0..3),
        functions in prop::collection::vec((any::<u8>(), any::<u8>()), 1..4),
        having in prop::option::weighted(0.3, 0..4_usize),
    ) {
        let state = world.state();
        let reach = world.reach(Table::Lower);
        let lower = state.schema().object("Lower__c").unwrap();
        let upper = state.schema().object("Upper__c").unwrap();
        let groupable = |field: &Reach| {
            let object = if matches!(field.way, Way::Own | Way::Peer) { lower } else { upper };
            let name = field.path.rsplit('.').next().unwrap();
            // Texts that differ in case only are one group; which of them is shown is nobody's business.
            object.field(name).unwrap().1.groupable && field.column.0 != Kind::Exact
        };
        let mut fields: Vec<&Reach> = Vec::new();
        for key in keys {
            let field = &reach[usize::from(key) % reach.len()];
            if groupable(field) && !fields.iter().any(|known| known.path == field.path) {
                fields.push(field);
            }
        }
        let holds = condition.as_ref().map(|condition| world.read(Table::Lower, condition));
        let rows = world.rows(Table::Lower).filter(|row| holds.as_ref().is_none_or(|(_, holds)| holds[*row]));
        let mut groups: Vec<(Vec<String>, Vec<usize>)> = Vec::new();
        for row in rows {
            let key: Vec<String> =
                fields.iter().map(|field| plain(field.column.0, world.get(Table::Lower, row, field))).collect();
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((key, vec![row])),
            }
        }
        if fields.is_empty() && groups.is_empty() {
            groups.push((Vec::new(), Vec::new()));
        }
        let mut expected: Vec<String> = Vec::new();
        let mut shown_functions = Vec::new();
        for (key, rows) in &groups {
            if !fields.is_empty() && having.is_some_and(|least| rows.len() <= least) {
                continue;
            }
            let mut cells = key.clone();
            for (field, function) in &functions {
                let field = &reach[usize::from(*field) % reach.len()];
                let values: Vec<&'static str> = rows.iter().map(|row| world.get(Table::Lower, *row, field)).collect();
                cells.push(aggregate(*function, field, &values).1);
            }
            expected.push(cells.join("|"));
        }
        for (field, function) in &functions {
            shown_functions.push(aggregate(*function, &reach[usize::from(*field) % reach.len()], &[]).0);
        }
        let keys: Vec<String> = fields.iter().map(|field| field.path.clone()).collect();
        let select: Vec<String> = keys.iter().enumerate().map(|(at, key)| format!("{key} k{at}")).chain(shown_functions).collect();
        let mut query = format!("SELECT {} FROM Lower__c", select.join(", "));
        if let Some((text, _)) = &holds {
            write!(query, " WHERE {text}").unwrap();
        }
        if !keys.is_empty() {
            write!(query, " GROUP BY {}", keys.join(", ")).unwrap();
            if let Some(least) = having {
                write!(query, " HAVING COUNT(Id) > {least}").unwrap();
            }
        }
        let set = run(&state, &query);
        let mut found: Vec<String> = set
            .rows()
            .map(|row| row.cells().map(|(_, cell)| shown(&cell)).collect::<Vec<_>>().join("|"))
            .collect();
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected, "{}", query);
    }

    #[test]
    fn children_are_those_of_a_naive_evaluator(
        world in world(),
        outer in condition(),
        inner in condition(),
        limit in prop::option::of(0..4_usize),
        negated in any::<bool>(),
    ) {
        let state = world.state();
        let (outer_text, upper) = world.read(Table::Upper, &outer);
        let (inner_text, lower) = world.read(Table::Lower, &inner);
        let word = if negated { "NOT IN" } else { "IN" };
        let cut = limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
        let query = format!(
            "SELECT Id, (SELECT Id FROM Lows__r WHERE {inner_text}{cut}) FROM Upper__c \
             WHERE ({outer_text}) AND Id {word} (SELECT Up__c FROM Lower__c WHERE {inner_text})"
        );
        let mut expected = Vec::new();
        for up in world.rows(Table::Upper) {
            let children: Vec<u64> = world
                .rows(Table::Lower)
                .filter(|low| world.up_of(*low) == Some(up) && lower[*low])
                .map(|low| low as u64 + 1)
                .collect();
            if upper[up] && (children.is_empty() == negated) {
                expected.push((up as u64 + 1, children.into_iter().take(limit.unwrap_or(usize::MAX)).collect::<Vec<_>>()));
            }
        }
        let set = run(&state, &query);
        let prefix = |name: &str| state.schema().object(name).unwrap().record_prefix;
        let number = |name: &str, id: Id| {
            (1..40).find(|number| Id::from_number(prefix(name), *b"5g", *number) == id).unwrap()
        };
        let mut found = Vec::new();
        for row in set.rows() {
            let mut children = Vec::new();
            for (_, cell) in row.cells() {
                if let Cell::Children(Some(set)) = cell {
                    children = set.records().iter().map(|record| number("Lower__c", record.id())).collect();
                }
            }
            found.push((number("Upper__c", row.record().unwrap().id()), children));
        }
        prop_assert_eq!(found, expected, "{}", query);
    }
}
