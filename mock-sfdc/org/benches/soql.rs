//! Queries over leads of fourteen filled fields: reading a statement, finding by index, walking the table.
//!
//! `MOCK_SFDC_BENCH_ROWS` sets how many leads there are; 100,000 unless told otherwise.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should stop")]

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use mock_sfdc_org::{
    Org,
    clock::Clock,
    id::Id,
    schema::Schema,
    settings::Settings,
    soql::{self, BindOptions, Cell, Prepared, RunContext},
    state::{Edit, State},
    value::{DateTime, Value},
};

fn main() {
    divan::main();
}

/// 2026-04-15, 12:00 UTC.
const NOW: i64 = 1_776_254_400_000;

fn rows() -> u64 {
    std::env::var("MOCK_SFDC_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(100_000)
}

fn lead(number: u64) -> Id {
    Id::from_number(*b"00Q", *b"5g", number)
}

fn state() -> &'static Arc<State> {
    static STATE: OnceLock<Arc<State>> = OnceLock::new();
    STATE.get_or_init(|| {
        let org = Org::new(
            State::empty(Schema::standard(), Settings::default()),
            Clock::fixed(DateTime::from_millis(NOW)),
            1,
        );
        let user = Id::from_number(*b"005", *b"5g", 1);
        org.transact(user, |tx| {
            let object = tx.state().schema().object("Lead").unwrap().clone();
            let at = |name: &str| object.field(name).unwrap().0;
            let places: Vec<usize> = [
                "FirstName",
                "LastName",
                "Name",
                "Company",
                "Email",
                "Status",
                "LeadSource",
                "City",
                "Country",
                "AnnualRevenue",
                "Phone",
                "OwnerId",
                "CreatedDate",
                "SystemModstamp",
            ]
            .map(at)
            .into();
            let pick =
                |list: &[&str], number: u64| list[usize::try_from(number).unwrap() % list.len()].to_owned();
            for number in 1..=rows() {
                let scattered = number.wrapping_mul(2_654_435_761) % 1_000_003;
                let moment = DateTime::from_millis(NOW - i64::try_from(scattered).unwrap() * 60_000);
                let first = pick(&["Ada", "Grace", "Alan", "Edsger", "Barbara"], scattered);
                let last = format!("Lovelace{number}");
                let values: [Value; 14] = [
                    first.as_str().into(),
                    last.as_str().into(),
                    format!("{first} {last}").as_str().into(),
                    format!("Company {}", scattered % 5_000).as_str().into(),
                    format!("lead{number}@example.com").as_str().into(),
                    pick(&["Open - Not Contacted", "Working - Contacted", "Closed - Converted"], scattered)
                        .as_str()
                        .into(),
                    pick(&["Web", "Phone Inquiry", "Partner Referral", "Other"], scattered / 7)
                        .as_str()
                        .into(),
                    format!("City {}", scattered % 500).as_str().into(),
                    pick(&["Germany", "France", "Spain", "Italy"], scattered / 3).as_str().into(),
                    Value::Number(scattered.into()),
                    format!("+49 30 {scattered}").as_str().into(),
                    user.into(),
                    moment.into(),
                    moment.into(),
                ];
                let mut edit = Edit::new(lead(number), object.fields.len());
                for (place, value) in places.iter().zip(values) {
                    edit.set(*place, value);
                }
                tx.put_unchecked(&object, &edit);
            }
            Ok::<_, Infallible>(())
        })
        .unwrap();
        org.snapshot().keep()
    })
}

fn context() -> RunContext {
    RunContext::new(Id::from_number(*b"005", *b"5g", 1), NOW)
}

fn prepared(query: &str) -> Prepared {
    soql::prepare(query, state().schema(), &BindOptions::default()).unwrap()
}

fn run(bencher: divan::Bencher<'_, '_>, query: &str) {
    let (prepared, context) = (prepared(query), context());
    bencher.bench(|| soql::run(&prepared, state(), &context).unwrap().total_size());
}

const STATEMENT: &str = "SELECT Id, FirstName, LastName, Company, Email, Owner.Name FROM Lead \
    WHERE (Status = 'Open - Not Contacted' OR LeadSource IN ('Web', 'Other')) AND CreatedDate = LAST_N_DAYS:30 \
    ORDER BY CreatedDate DESC LIMIT 200";

#[divan::bench]
fn parse() -> soql::Query {
    soql::parse(divan::black_box(STATEMENT)).unwrap()
}

#[divan::bench]
fn prepare(bencher: divan::Bencher<'_, '_>) {
    let schema = state().schema();
    bencher.bench(|| soql::prepare(divan::black_box(STATEMENT), schema, &BindOptions::default()).unwrap());
}

#[divan::bench(args = [
    "Id = '00Q5g000000001F'",
    "Email = 'LEAD77@example.com'",
    "Name = 'ada lovelace77'",
    "SystemModstamp > 2026-04-15T11:50:00Z",
])]
fn indexed(bencher: divan::Bencher<'_, '_>, condition: &str) {
    run(bencher, &format!("SELECT Id, Name, Company FROM Lead WHERE {condition}"));
}

#[divan::bench(sample_count = 20, args = [
    "SELECT Id FROM Lead WHERE City = 'city 77'",
    "SELECT Id FROM Lead WHERE Phone LIKE '%777%'",
    "SELECT Id FROM Lead WHERE AnnualRevenue > 990000 AND Country = 'Spain'",
    "SELECT Status, LeadSource, COUNT(Id), SUM(AnnualRevenue) FROM Lead GROUP BY Status, LeadSource",
    "SELECT Id, Name FROM Lead ORDER BY AnnualRevenue DESC LIMIT 200",
    "SELECT COUNT() FROM Lead WHERE City != 'x'",
])]
fn scan(bencher: divan::Bencher<'_, '_>, query: &str) {
    run(bencher, query);
}

/// What a face does with a page: every cell of 2,000 rows.
#[divan::bench]
fn walk_cells(bencher: divan::Bencher<'_, '_>) {
    let query = "SELECT Id, FirstName, LastName, Company, Email, Status, LeadSource, City, AnnualRevenue, CreatedDate FROM Lead LIMIT 2000";
    let set = soql::run(&prepared(query), state(), &context()).unwrap();
    bencher.bench(|| {
        set.rows()
            .flat_map(soql::Row::cells)
            .map(|(key, cell)| match cell {
                Cell::Value(value, _) => key.len() + usize::from(value.is_null()),
                _ => key.len(),
            })
            .sum::<usize>()
    });
}
