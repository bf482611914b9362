//! The evaluator against one that is too simple to be wrong: rows as a list, every clause by the letter of
//! `contract/soql.md`, no index, no plan, no shared code.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use mock_sfdc_org::{
    Org,
    clock::Clock,
    id::Id,
    schema::Schema,
    settings::Settings,
    soql::{self, BindOptions, Cell, RunContext},
    state::{Edit, Record, State},
    value::{DateTime, Value},
};
use proptest::prelude::*;

#[derive(Clone, Debug, PartialEq)]
enum Val {
    Null,
    Text(String),
    Number(i64),
    Moment(i64),
    Bool(bool),
}

/// Fields of Contact, the last two of them its account's; what they hold decides what they are compared with.
const FIELDS: [(&str, Kind); 9] = [
    ("LastName", Kind::Text),
    ("Title", Kind::Text),
    ("Email", Kind::Text),
    ("LeadSource", Kind::Picklist),
    ("HasOptedOutOfEmail", Kind::Bool),
    ("SystemModstamp", Kind::Moment),
    ("CreatedDate", Kind::Moment),
    ("Account.Name", Kind::Text),
    ("Account.AnnualRevenue", Kind::Number),
];
const OWN: usize = 7;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Text,
    Picklist,
    Bool,
    Moment,
    Number,
}

const TEXTS: [&str; 12] = ["a", "A", "b", "ab", "aB", "ba", "ä", "Ä", "a_b", "%", "Other", "Web"];
const MOMENTS: [i64; 5] = [0, 1_000, 86_400_000, 1_776_254_400_000, 4_000_000_000_000];
const NUMBERS: [i64; 5] = [-3, 0, 1, 5, 1_000_000];

/// A contact: its own values, and its account.
#[derive(Clone, Debug)]
struct Contact {
    own: Vec<Val>,
    account: Option<usize>,
}

#[derive(Clone, Debug)]
struct Account {
    name: Val,
    revenue: Val,
}

#[derive(Clone, Debug)]
enum Cond {
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Not(Box<Cond>),
    Compare(usize, &'static str, Val),
    In(usize, bool, Vec<Val>),
    Like(usize, String),
    HasAccount(bool, String),
}

#[derive(Clone, Debug)]
struct Order {
    field: usize,
    descending: bool,
    nulls_last: bool,
}

// --- what is generated ---

fn val(kind: Kind) -> BoxedStrategy<Val> {
    match kind {
        Kind::Text => prop::sample::select(&TEXTS[..]).prop_map(|text| Val::Text(text.to_owned())).boxed(),
        Kind::Picklist => prop::sample::select(&["Web", "Other", "Phone Inquiry", "unlisted"][..])
            .prop_map(|text| Val::Text(text.to_owned()))
            .boxed(),
        Kind::Bool => any::<bool>().prop_map(Val::Bool).boxed(),
        Kind::Moment => prop::sample::select(&MOMENTS[..]).prop_map(Val::Moment).boxed(),
        Kind::Number => prop::sample::select(&NUMBERS[..]).prop_map(Val::Number).boxed(),
    }
}

fn val_or_null(kind: Kind) -> BoxedStrategy<Val> {
    prop_oneof![4 => val(kind), 1 => Just(Val::Null)].boxed()
}

fn contact() -> impl Strategy<Value = Contact> {
    let own: Vec<_> = FIELDS[..OWN].iter().map(|(_, kind)| val_or_null(*kind)).collect();
    (own, prop::option::of(0..4_usize)).prop_map(|(own, account)| Contact { own, account })
}

fn account() -> impl Strategy<Value = Account> {
    (val_or_null(Kind::Text), val_or_null(Kind::Number)).prop_map(|(name, revenue)| Account { name, revenue })
}

fn leaf() -> impl Strategy<Value = Cond> {
    let field = 0..FIELDS.len();
    let compare = field.clone().prop_flat_map(|field| {
        let kind = FIELDS[field].1;
        let operators: &[&'static str] =
            if kind == Kind::Bool { &["=", "!="] } else { &["=", "!=", "<", "<=", ">", ">="] };
        (prop::sample::select(operators), val_or_null(kind)).prop_map(move |(operator, value)| {
            // An order against null is false on both sides, and only equality is documented.
            let operator = if value == Val::Null && operator != "!=" { "=" } else { operator };
            Cond::Compare(field, operator, value)
        })
    });
    let listed = field.prop_flat_map(|field| {
        let values = prop::collection::vec(val_or_null(FIELDS[field].1), 1..4);
        (any::<bool>(), values).prop_map(move |(negated, values)| Cond::In(field, negated, values))
    });
    let texts = prop::sample::select(&[0_usize, 1, 2, 7][..]);
    let like = (texts, "[abA%_]{1,4}").prop_map(|(field, pattern)| Cond::Like(field, pattern));
    prop_oneof![4 => compare, 2 => listed, 2 => like]
}

fn condition() -> impl Strategy<Value = Cond> {
    let tree = leaf().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Cond::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Cond::Any),
            inner.prop_map(|inner| Cond::Not(Box::new(inner))),
        ]
    });
    let joined = (any::<bool>(), prop::sample::select(&["a", "B", "ä"][..]))
        .prop_map(|(negated, name)| Cond::HasAccount(negated, name.to_owned()));
    (tree, prop::option::weighted(0.2, joined)).prop_map(|(tree, joined)| match joined {
        Some(joined) => Cond::All(vec![tree, joined]),
        None => tree,
    })
}

fn order() -> impl Strategy<Value = Vec<Order>> {
    let item = (0..FIELDS.len(), any::<bool>(), any::<bool>())
        .prop_map(|(field, descending, nulls_last)| Order { field, descending, nulls_last });
    prop::collection::vec(item, 0..3)
}

// --- the query as text ---

fn literal(value: &Val) -> String {
    match value {
        Val::Null => "null".to_owned(),
        Val::Text(text) => format!("'{text}'"),
        Val::Number(number) => number.to_string(),
        Val::Moment(millis) => DateTime::from_millis(*millis).to_zulu(),
        Val::Bool(flag) => flag.to_string(),
    }
}

fn write(condition: &Cond) -> String {
    let join = |parts: &[Cond], word: &str| {
        parts.iter().map(|part| format!("({})", write(part))).collect::<Vec<_>>().join(word)
    };
    match condition {
        Cond::All(parts) => join(parts, " AND "),
        Cond::Any(parts) => join(parts, " OR "),
        Cond::Not(inner) => format!("NOT ({})", write(inner)),
        Cond::Compare(field, operator, value) => {
            format!("{} {operator} {}", FIELDS[*field].0, literal(value))
        }
        Cond::In(field, negated, values) => {
            let word = if *negated { "NOT IN" } else { "IN" };
            format!(
                "{} {word} ({})",
                FIELDS[*field].0,
                values.iter().map(literal).collect::<Vec<_>>().join(", ")
            )
        }
        Cond::Like(field, pattern) => format!("{} LIKE '{pattern}'", FIELDS[*field].0),
        Cond::HasAccount(negated, name) => {
            let word = if *negated { "NOT IN" } else { "IN" };
            format!("AccountId {word} (SELECT Id FROM Account WHERE Name = '{name}')")
        }
    }
}

// --- the naive evaluator ---

struct Naive<'a> {
    contacts: &'a [Contact],
    accounts: &'a [Account],
    /// `LeadSource` in the order of its definition.
    sources: &'a [String],
}

impl Naive<'_> {
    fn get(&self, row: usize, field: usize) -> Val {
        let contact = &self.contacts[row];
        match (field, contact.account) {
            (field, _) if field < OWN => contact.own[field].clone(),
            (_, None) => Val::Null,
            (7, Some(account)) => self.accounts[account].name.clone(),
            (_, Some(account)) => self.accounts[account].revenue.clone(),
        }
    }

    fn holds(&self, row: usize, condition: &Cond) -> bool {
        match condition {
            Cond::All(parts) => parts.iter().all(|part| self.holds(row, part)),
            Cond::Any(parts) => parts.iter().any(|part| self.holds(row, part)),
            Cond::Not(inner) => !self.holds(row, inner),
            Cond::Compare(field, operator, value) => compare(&self.get(row, *field), operator, value),
            Cond::In(field, negated, values) => {
                values.iter().any(|value| compare(&self.get(row, *field), "=", value)) != *negated
            }
            Cond::Like(field, pattern) => match self.get(row, *field) {
                Val::Text(text) => {
                    let lower = |text: &str| text.to_lowercase().chars().collect::<Vec<_>>();
                    like(&lower(pattern), &lower(&text))
                }
                _ => false,
            },
            Cond::HasAccount(negated, name) => {
                let wanted = Val::Text(name.clone());
                let account = self.contacts[row].account;
                account.is_some_and(|account| compare(&self.accounts[account].name, "=", &wanted)) != *negated
            }
        }
    }

    fn order(&self, left: usize, right: usize, order: &Order) -> Ordering {
        let key = |row| {
            let value = self.get(row, order.field);
            match (FIELDS[order.field].1, value) {
                (Kind::Picklist, Val::Text(text)) => {
                    let place = self.sources.iter().position(|source| same(source, &text));
                    Val::Number(place.map_or(i64::MAX, |place| i64::try_from(place).unwrap()))
                }
                (_, value) => value,
            }
        };
        let (left, right) = (key(left), key(right));
        let nulls = if order.nulls_last { Ordering::Greater } else { Ordering::Less };
        match (&left, &right) {
            (Val::Null, Val::Null) => Ordering::Equal,
            (Val::Null, _) => nulls,
            (_, Val::Null) => nulls.reverse(),
            _ if order.descending => rank(&right, &left),
            _ => rank(&left, &right),
        }
    }
}

fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

fn rank(left: &Val, right: &Val) -> Ordering {
    match (left, right) {
        (Val::Text(left), Val::Text(right)) => left.to_uppercase().cmp(&right.to_uppercase()),
        (Val::Number(left), Val::Number(right)) | (Val::Moment(left), Val::Moment(right)) => left.cmp(right),
        (Val::Bool(left), Val::Bool(right)) => left.cmp(right),
        other => panic!("{other:?}"),
    }
}

/// A comparison with null is false, but for `= null`; `!=` is the opposite of `=`; an unset checkbox is false.
fn compare(left: &Val, operator: &str, right: &Val) -> bool {
    if operator == "!=" {
        return !compare(left, "=", right);
    }
    if matches!(left, Val::Bool(_)) || matches!(right, Val::Bool(_)) {
        return matches!(left, Val::Bool(true)) == matches!(right, Val::Bool(true));
    }
    match (left, right) {
        (Val::Null, Val::Null) => true,
        (Val::Null, _) | (_, Val::Null) => false,
        (Val::Text(left), Val::Text(right)) if operator == "=" => same(left, right),
        _ => {
            let ordering = rank(left, right);
            match operator {
                "=" => ordering.is_eq(),
                "<" => ordering.is_lt(),
                "<=" => ordering.is_le(),
                ">" => ordering.is_gt(),
                _ => ordering.is_ge(),
            }
        }
    }
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some(('%', rest)), _) if like(rest, text) => true,
        (Some(('%', _)), Some((_, after))) => like(pattern, after),
        (Some(('_', rest)), Some((_, after))) => like(rest, after),
        (Some((wanted, rest)), Some((found, after))) => wanted == found && like(rest, after),
        _ => false,
    }
}

// --- both, side by side ---

fn schema() -> Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(Schema::standard).clone()
}

fn id(prefix: [u8; 3], number: usize) -> Id {
    Id::from_number(prefix, *b"5g", number as u64 + 1)
}

fn value(val: &Val) -> Value {
    match val {
        Val::Null => Value::Null,
        Val::Text(text) => Value::text(text.as_str()),
        Val::Number(number) => Value::Number((*number).into()),
        Val::Moment(millis) => Value::DateTime(DateTime::from_millis(*millis)),
        Val::Bool(flag) => Value::Bool(*flag),
    }
}

fn org(contacts: &[Contact], accounts: &[Account]) -> Arc<State> {
    let org =
        Org::new(State::empty(schema(), Settings::default()), Clock::fixed(DateTime::from_millis(0)), 1);
    org.transact(id(*b"005", 0), |tx| {
        let object = tx.state().schema().object("Account").unwrap().clone();
        for (number, account) in accounts.iter().enumerate() {
            let mut edit = Edit::new(id(*b"001", number), object.fields.len());
            edit.set(object.field("Name").unwrap().0, value(&account.name));
            edit.set(object.field("AnnualRevenue").unwrap().0, value(&account.revenue));
            tx.put_unchecked(&object, &edit);
        }
        let object = tx.state().schema().object("Contact").unwrap().clone();
        for (number, contact) in contacts.iter().enumerate() {
            let mut edit = Edit::new(id(*b"003", number), object.fields.len());
            for ((name, _), val) in FIELDS.iter().zip(&contact.own) {
                edit.set(object.field(name).unwrap().0, value(val));
            }
            if let Some(account) = contact.account {
                edit.set(object.field("AccountId").unwrap().0, id(*b"001", account));
            }
            tx.put_unchecked(&object, &edit);
        }
        Ok::<_, Infallible>(())
    })
    .unwrap();
    org.snapshot().keep()
}

fn sources() -> Vec<String> {
    let schema = schema();
    let (_, field) = schema.object("Contact").unwrap().field("LeadSource").unwrap();
    field.picklist_values.iter().map(|value| value.value.clone()).collect()
}

fn run(state: &State, query: &str) -> soql::ResultSet {
    let prepared = soql::prepare(query, state.schema(), &BindOptions::default())
        .unwrap_or_else(|error| panic!("{query}: {error}"));
    soql::run(&prepared, state, &RunContext::new(id(*b"005", 0), 0)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_and_their_order_are_those_of_a_naive_evaluator(
        contacts in prop::collection::vec(contact(), 0..24),
        accounts in prop::collection::vec(account(), 4),
        condition in prop::option::of(condition()),
        order in order(),
        limit in prop::option::of(0..10_usize),
        offset in prop::option::of(0..5_usize),
    ) {
        let mut query = "SELECT Id FROM Contact".to_owned();
        if let Some(condition) = &condition {
            write!(query, " WHERE {}", write(condition)).unwrap();
        }
        for (at, item) in order.iter().enumerate() {
            let word = if at == 0 { " ORDER BY" } else { "," };
            let direction = if item.descending { "DESC" } else { "ASC" };
            let nulls = if item.nulls_last { "LAST" } else { "FIRST" };
            write!(query, "{word} {} {direction} NULLS {nulls}", FIELDS[item.field].0).unwrap();
        }
        if let Some(limit) = limit {
            write!(query, " LIMIT {limit}").unwrap();
        }
        if let Some(offset) = offset {
            write!(query, " OFFSET {offset}").unwrap();
        }

        let sources = sources();
        let naive = Naive { contacts: &contacts, accounts: &accounts, sources: &sources };
        let mut expected: Vec<usize> = (0..contacts.len())
            .filter(|row| condition.as_ref().is_none_or(|condition| naive.holds(*row, condition)))
            .collect();
        expected.sort_by(|left, right| {
            order.iter().fold(Ordering::Equal, |known, item| known.then_with(|| naive.order(*left, *right, item)))
        });
        let expected: Vec<Id> = expected
            .into_iter()
            .skip(offset.unwrap_or(0))
            .take(limit.unwrap_or(usize::MAX))
            .map(|row| id(*b"003", row))
            .collect();

        let state = org(&contacts, &accounts);
        let set = run(&state, &query);
        let found: Vec<Id> = set.records().iter().map(Record::id).collect();
        prop_assert_eq!(found, expected, "{}", query);
    }

    #[test]
    fn groups_are_those_of_a_naive_evaluator(
        contacts in prop::collection::vec(contact(), 0..24),
        accounts in prop::collection::vec(account(), 4),
        condition in prop::option::of(condition()),
        key in prop::sample::select(&[0_usize, 3, 7][..]),
    ) {
        let mut query = format!("SELECT {} k, COUNT(Id) n, COUNT(Account.AnnualRevenue) c, SUM(Account.AnnualRevenue) s FROM Contact", FIELDS[key].0);
        if let Some(condition) = &condition {
            write!(query, " WHERE {}", write(condition)).unwrap();
        }
        write!(query, " GROUP BY {}", FIELDS[key].0).unwrap();

        let sources = sources();
        let naive = Naive { contacts: &contacts, accounts: &accounts, sources: &sources };
        let mut expected: Vec<(Option<String>, usize, usize, Option<i64>)> = Vec::new();
        for row in (0..contacts.len()).filter(|row| condition.as_ref().is_none_or(|condition| naive.holds(*row, condition))) {
            let text = match naive.get(row, key) {
                Val::Text(text) => Some(text.to_lowercase()),
                _ => None,
            };
            let at = expected.iter().position(|(known, ..)| *known == text).unwrap_or_else(|| {
                expected.push((text, 0, 0, None));
                expected.len() - 1
            });
            expected[at].1 += 1;
            if let Val::Number(number) = naive.get(row, 8) {
                expected[at].2 += 1;
                expected[at].3 = Some(expected[at].3.unwrap_or(0) + number);
            }
        }
        expected.sort();

        let state = org(&contacts, &accounts);
        let set = run(&state, &query);
        let number = |value: &Value| value.as_number().map(|number| i64::try_from(number).unwrap());
        let mut found: Vec<_> = set
            .rows()
            .map(|row| {
                let cells: Vec<Value> = row
                    .cells()
                    .map(|(_, cell)| match cell {
                        Cell::Value(value, _) => value.clone(),
                        other => panic!("{other:?}"),
                    })
                    .collect();
                let count = |at: usize| usize::try_from(number(&cells[at]).unwrap()).unwrap();
                (cells[0].as_text().map(str::to_lowercase), count(1), count(2), number(&cells[3]))
            })
            .collect();
        found.sort();
        prop_assert_eq!(found, expected, "{}", query);
    }
}
