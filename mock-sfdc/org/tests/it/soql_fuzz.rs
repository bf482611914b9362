//! No statement makes binder, planner, evaluator or rows panic or hang: the corpus as it is, and right statements with words
//! exchanged for others.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use mock_sfdc_org::{
    Org,
    clock::Clock,
    id::Id,
    schema::{FieldType, Schema},
    settings::Settings,
    soql::{self, BindOptions, Cell, ResultSet, RunContext},
    state::{Edit, State},
    value::{DateTime, Value},
};
use proptest::prelude::*;

const NOW: i64 = 1_776_254_400_000;

/// Statements that are right, and together touch every clause.
const STATEMENTS: [&str; 29] = [
    "SELECT Id , Name , Owner.Name FROM Account WHERE Name LIKE 'a%' ORDER BY Name DESC NULLS LAST LIMIT 5 OFFSET 1",
    "SELECT COUNT() FROM Lead WHERE Status != null AND ( IsConverted = false OR Email = 'x@y.z' )",
    "SELECT Status s , COUNT( Id ) n , MAX( CreatedDate ) FROM Lead GROUP BY Status HAVING COUNT( Id ) > 1 ORDER BY COUNT( Id )",
    "SELECT LeadSource , Rating , GROUPING( Rating ) , SUM( AnnualRevenue ) FROM Lead GROUP BY ROLLUP( LeadSource , Rating )",
    "SELECT Company , COUNT( Email ) FROM Lead GROUP BY CUBE( Company , Status )",
    "SELECT CALENDAR_YEAR( CreatedDate ) , AVG( Amount ) FROM Opportunity GROUP BY CALENDAR_YEAR( CreatedDate )",
    "SELECT Name , ( SELECT LastName , Account.Name FROM Contacts WHERE Email != null ORDER BY Name LIMIT 2 ) FROM Account",
    "SELECT Name , ( SELECT Name , ( SELECT Id FROM Contacts ) FROM ChildAccounts ) FROM Account",
    "SELECT Id FROM Account WHERE Id IN ( SELECT AccountId FROM Contact WHERE LastName > 'b' ) AND Name != 'x'",
    "SELECT Id FROM Contact WHERE AccountId NOT IN ( SELECT Id FROM Account WHERE Industry = 'Banking' )",
    "SELECT TYPEOF Owner WHEN User THEN Alias , Id WHEN Group THEN Name ELSE Name END FROM Lead",
    "SELECT TYPEOF What WHEN Account THEN Phone ELSE Name END , Who.Name , Who.Type FROM Event",
    "SELECT FIELDS(ALL) FROM Contact LIMIT 200",
    "SELECT FIELDS(STANDARD) FROM Lead",
    "SELECT toLabel( Status ) , Id FROM Lead WHERE toLabel( Status ) IN ( 'Open' , null )",
    "SELECT c.Name , a.Name FROM Contact c , c.Account a WHERE a.Name = 'x' OR a.Owner.Alias = 'y'",
    "SELECT Id FROM Lead USING SCOPE mine WHERE CreatedDate = LAST_N_DAYS:30 WITH SECURITY_ENFORCED",
    "SELECT Id FROM Lead WHERE SystemModstamp >= 2026-01-01T00:00:00Z AND SystemModstamp < TOMORROW",
    "SELECT Id FROM Contact WHERE Birthdate IN ( TODAY , NEXT_N_YEARS:3 , 2000-01-01 ) AND ( NOT Birthdate = null )",
    "SELECT BillingAddress , MIN( Name ) FROM Account GROUP BY BillingAddress",
    "SELECT BillingAddress , BillingCity FROM Account ORDER BY BillingCity",
    "SELECT Id FROM Account WHERE Parent.Parent.Owner.Profile.Name = 'x' AND HOUR_IN_DAY( CreatedDate ) < 5",
    "SELECT Id FROM Task WHERE What.Type IN ( 'Account' , 'Case' ) AND Who.FirstName LIKE '_n%'",
    "SELECT DAY_ONLY( CreatedDate ) , COUNT_DISTINCT( OwnerId ) FROM Lead WHERE AnnualRevenue > -5.5 GROUP BY DAY_ONLY( CreatedDate )",
    "SELECT FORMAT( AnnualRevenue ) , FORMAT( CreatedDate ) made , toLabel( Industry ) FROM Account FOR VIEW",
    "SELECT FORMAT( SUM( AnnualRevenue ) ) , toLabel( LeadSource ) FROM Lead GROUP BY LeadSource",
    "SELECT DISTANCE( BillingAddress , GEOLOCATION( 1 , 2.5 ) , 'km' ) d , Name FROM Account WHERE LastViewedDate = TODAY",
    "SELECT Id FROM Account WHERE DISTANCE( BillingAddress , ShippingAddress , 'mi' ) < 20 ORDER BY DISTANCE( BillingAddress , GEOLOCATION( 1 , 2 ) , 'mi' )",
    "SELECT Id , Type FROM RecentlyViewed WHERE Id > '001000000000000' AND Id <= '00Q000000000000' FOR REFERENCE",
];

const WORDS: [&str; 48] = [
    "Id",
    "Name",
    "Owner.Name",
    "OwnerId",
    "Account.Name",
    "AccountId",
    "CreatedDate",
    "SystemModstamp",
    "AnnualRevenue",
    "Status",
    "Email",
    "Birthdate",
    "BillingAddress",
    "Description",
    "IsDeleted",
    "What.Type",
    "Nobody__c",
    "Nobody.Name",
    "Account",
    "Contact",
    "Lead",
    "Event",
    "User",
    "Contacts",
    "COUNT(",
    "MAX(",
    "SUM(",
    "CALENDAR_YEAR(",
    "toLabel(",
    "DISTANCE(",
    "'x'",
    "'%'",
    "5",
    "-1.5",
    "null",
    "TRUE",
    "TODAY",
    "LAST_N_FISCAL_YEARS:99999999999",
    "2020-02-30",
    "1700-01-01T00:00:00Z",
    "=",
    "<",
    "LIKE",
    "IN",
    "NOT",
    "OR",
    "AND",
    "USD5",
];

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
            let schema = tx.state().schema().clone();
            // Every field filled with something of its type in the first row, half of them in the second, none in the third.
            for name in ["User", "Group", "Account", "Contact", "Lead", "Opportunity", "Event", "Task"] {
                let object = schema.object(name).unwrap();
                for row in 1..=3_usize {
                    let id = Id::from_number(object.record_prefix, *b"5g", row as u64);
                    let mut edit = Edit::new(id, object.fields.len());
                    for (position, field) in object.fields.iter().enumerate() {
                        if row == 3 || (row == 2 && position % 2 == 0) {
                            continue;
                        }
                        let target =
                            field.reference_to.iter().find_map(|target| schema.object(target.as_str()));
                        edit.set(
                            position,
                            match field.kind {
                                FieldType::Boolean => Value::Bool(row == 1),
                                FieldType::Date => Value::Date(jiff::civil::date(2026, 4, 15)),
                                FieldType::Datetime => Value::DateTime(DateTime::from_millis(NOW)),
                                FieldType::Reference => target.map_or(Value::Null, |target| {
                                    Value::Id(Id::from_number(target.record_prefix, *b"5g", row as u64))
                                }),
                                kind if kind.is_number() => Value::Number(row.into()),
                                kind if kind.is_text() => Value::text("Ann"),
                                _ => Value::Null,
                            },
                        );
                    }
                    tx.put_unchecked(object, &edit);
                }
            }
            Ok::<_, Infallible>(())
        })
        .unwrap();
        org.snapshot().keep()
    })
}

/// Binds, runs and reads every cell, if the statement is a right one.
fn try_out(query: &str) -> bool {
    let Ok(prepared) = soql::prepare(query, state().schema(), &BindOptions::default()) else { return false };
    let mut context = RunContext::new(Id::from_number(*b"005", *b"5g", 1), NOW);
    for include_deleted in [false, true] {
        context.include_deleted = include_deleted;
        if let Ok(set) = soql::run(&prepared, state(), &context) {
            assert!(cells(&set) <= 1_000_000);
        }
    }
    true
}

fn cells(set: &ResultSet) -> usize {
    set.rows().map(row_cells).sum()
}

fn row_cells(row: soql::Row<'_>) -> usize {
    row.cells()
        .map(|(_, cell)| match cell {
            Cell::Parent(Some(parent)) => row_cells(parent),
            Cell::Children(Some(children)) => cells(&children),
            _ => 1,
        })
        .sum()
}

#[test]
fn the_statements_are_right() {
    for query in STATEMENTS {
        if query.contains("BillingAddress , MIN") {
            // An address cannot be grouped.
            continue;
        }
        let bound = soql::prepare(query, state().schema(), &BindOptions::default());
        assert!(bound.is_ok(), "{query}: {:?}", bound.err());
    }
}

#[test]
fn no_statement_of_the_corpus_makes_it_panic() {
    let folder = std::env::var_os("MOCK_SFDC_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join("corpus/soql/corpus.jsonl")) else {
        eprintln!("skipped: corpus/soql/corpus.jsonl is not there (set MOCK_SFDC_SHARED)");
        return;
    };
    let bound = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|row| try_out(row["soql"].as_str().unwrap()))
        .count();
    assert!(bound > 100, "only {bound} statements ran");
}

/// Half of the stack that a server's worker has, in a debug build.
#[test]
fn the_deepest_conditions_run_on_a_small_stack() {
    let n = soql::MAX_NESTING;
    let nots = format!("SELECT Id FROM Account WHERE {}Name = 'a'{}", "NOT (".repeat(n), ")".repeat(n));
    let chain = format!(
        "SELECT Id FROM Account WHERE {}Name = 'a'{}",
        "Name = 'b' OR (Industry = 'x' AND (".repeat(n / 2),
        "))".repeat(n / 2)
    );
    let having = format!(
        "SELECT Name FROM Account GROUP BY Name HAVING {}COUNT(Id) > 1{}",
        "NOT (".repeat(n),
        ")".repeat(n)
    );
    state();
    for query in [nots, chain, having] {
        let small = std::thread::Builder::new().stack_size(1 << 20);
        assert!(small.spawn(move || try_out(&query)).unwrap().join().unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_exchange_of_words_makes_it_panic(
        statement in prop::sample::select(&STATEMENTS[..]),
        edits in prop::collection::vec((any::<u16>(), prop::sample::select(&WORDS[..])), 1..4),
    ) {
        let mut words: Vec<&str> = statement.split(' ').collect();
        for (place, word) in edits {
            let at = usize::from(place) % words.len();
            words[at] = word;
        }
        try_out(&words.join(" "));
    }
}
