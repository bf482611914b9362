//! The grammar against Salesforce's own: every verdict of `corpus/soql/corpus.jsonl`, the texts of `contract/soql.md`
//! section 1, the carets of `contract/errors.md` section 2, and properties of parser and printer.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tables, and a test that cannot go on should stop"
)]

use std::path::PathBuf;

use mock_sfdc_org::soql::{self, caret};
use serde_json::Value;

/// A file beside the repository, or None after saying that the check is skipped.
pub(crate) fn shared(file: &str) -> Option<String> {
    let folder = std::env::var_os("MOCK_SFDC_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let text = std::fs::read_to_string(folder.join(file)).ok();
    if text.is_none() {
        eprintln!("skipped: {file} is not there (set MOCK_SFDC_SHARED)");
    }
    text
}

fn corpus() -> Vec<Value> {
    let Some(text) = shared("corpus/soql/corpus.jsonl") else { return Vec::new() };
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_verdict_equals_that_of_salesforces_grammar() {
    let mut wrong = Vec::new();
    let (mut rows, mut same_place, mut refused) = (0, 0, 0);
    for row in corpus() {
        let query = row["soql"].as_str().unwrap();
        let Some(valid) = row["valid"].as_bool() else { continue };
        rows += 1;
        let parsed = soql::parse(query);
        if parsed.is_ok() != valid {
            wrong.push(format!(
                "{query}\n    expected valid = {valid}, got {:?}\n    {}",
                parsed.err(),
                row["errors"]
            ));
            continue;
        }
        if let Err(error) = parsed {
            refused += 1;
            let (line, column) = caret::line_and_column(query, error.span.unwrap().start as usize);
            let first = &row["errors"][0];
            same_place += u32::from(first["line"] == line && first["col0"] == column);
        }
    }
    eprintln!("{rows} verdicts, {} wrong; of {refused} refused {same_place} at the same token", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_printed_parses_to_an_equal_tree() {
    for row in corpus() {
        let Ok(query) = soql::parse(row["soql"].as_str().unwrap()) else { continue };
        let printed = query.to_string();
        assert_eq!(soql::parse(&printed).as_ref(), Ok(&query), "{printed}");
        assert_eq!(soql::parse(&printed).unwrap().to_string(), printed);
    }
}

#[test]
fn carets_stand_where_salesforce_puts_them() {
    let Some(text) = shared("corpus/soql/caret-samples.json") else { return };
    let samples: Vec<Value> = serde_json::from_str(&text).unwrap();
    for sample in &samples {
        let column = usize::try_from(sample["column"].as_u64().unwrap()).unwrap();
        let snippet = sample["snippet"].as_str().unwrap();
        let offset = usize::try_from(sample["caret_offset"].as_u64().unwrap()).unwrap();
        let kind = sample["kind"].as_str().unwrap();
        // Where the whole query is not known: text before the snippet, and after it unless the query ended there.
        let query = sample["query"].as_str().map_or_else(
            || {
                let before = column - 1 - offset;
                let head = if before == 0 { String::new() } else { format!("{} ", "x".repeat(before - 1)) };
                let tail = if snippet.len() > offset + 30 { " more" } else { "" };
                format!("{head}{snippet}{tail}")
            },
            str::to_owned,
        );
        let expected = format!("\n{snippet}\n{}^\nERROR at Row:1:Column:{column}\ntext", " ".repeat(offset));
        let message = if kind == "semantic" {
            caret::semantic_message(&query, column - 1, "text")
        } else {
            caret::grammar_message(&query, column, "text")
        };
        assert_eq!(message, expected, "{sample}");
        if kind.starts_with("lexer") && query.starts_with("select") {
            let error = soql::parse(&query).unwrap_err();
            assert!(error.message.ends_with(kind.strip_prefix("lexer: ").unwrap()), "{}", error.message);
            assert!(error.message.starts_with(&format!("\n{snippet}\n{}^\n", " ".repeat(offset))));
        }
    }
}

#[test]
fn the_contracts_own_verdicts() {
    let valid = [
        "a = 1 AND b = 1 AND c = 1",
        "(a = 1 AND b = 1) OR c = 1",
        "NOT a = 1",
        "NOT (a = 1 AND b = 1)",
        "b = 1 AND (NOT a = 1)",
        "((a = 1))",
        "x != null",
        "x <> 'y'",
        "Id NOT IN ('a')",
        "x IN ('a', null)",
        "d IN (TODAY, YESTERDAY)",
        "x LIKE null",
        "x LIKE 5",
        "x = -5",
        "x = +5",
        "x = .5",
        "d = LAST_N_DAYS:0",
        "d = LAST_N_DAYS : 5",
        "d = last_n_days:5",
        "d = 2020-01-01T00:00:00Z",
        "d = 2020-01-01T00:00:00.123Z",
        "d = 2020-01-01T00:00:00+01:00",
        "d = 2020-01-01T00:00:00+0100",
        "d = 2020-13-45",
        r"x = '\N\u00e9'",
        r"x LIKE 'a\_b\%'",
        "t = 12:00:00Z",
    ];
    let invalid = [
        "a = 1 AND b = 1 OR c = 1",
        "NOT a = 1 AND b = 1",
        "b = 1 AND NOT a = 1",
        "x == 'y'",
        "null = x",
        "x = y",
        "x NOT LIKE 'a'",
        "x IN ()",
        "x LIKE ('a','b')",
        "m INCLUDES 'a'",
        "x = 5.",
        "x = 1e5",
        "d = LAST_N_DAYS:-1",
        "d = SOMEDAY",
        "d = 2020-01-01T00:00:00",
        "d = 2020-01-01T00:00Z",
        "d = 2020-1-1",
        "",
        "x = \"a\"",
        "x = 'a\nb'",
        "x = :x",
        r"x = '\q'",
        r"x = '\u12'",
    ];
    for condition in valid {
        let query = format!("SELECT Id FROM Account WHERE {condition}");
        assert!(soql::parse(&query).is_ok(), "{query}: {:?}", soql::parse(&query));
    }
    for condition in invalid {
        let query = format!("SELECT Id FROM Account WHERE {condition}");
        assert!(soql::parse(&query).is_err(), "{query}");
    }
    let valid = [
        "SELECT Id FROM Account LIMIT 10 OFFSET 5",
        "SELECT Id FROM Account OFFSET 5",
        "SELECT Id FROM Account LIMIT -1",
        "SELECT Id FROM Account ORDER BY Name DESC NULLS LAST",
        "SELECT Id FROM Account ORDER BY COUNT(Id)",
        "SELECT Id FROM Account FOR VIEW UPDATE TRACKING",
        "SELECT COUNT( ) FROM Account",
        "SELECT Id, Id FROM Account",
        "SELECT Id FROM Account GROUP BY CUBE(a,b,c,d)",
        "SELECT Id FROM Account, Contact",
        "SELECT Order, Data, Category, At, Above, Below, Offset, View, Reference, Typeof, When, Then, Scope, End, \
         Distance, Geolocation, Group, Case, Fields, Count, Flat, Limit FROM Group",
        "SELECT Id FROM Account, Account.Owner AS o",
        "SELECT TYPEOF What WHEN A THEN b WHEN C THEN d END FROM Event",
    ];
    let invalid = [
        "SELECT Id FROM Account OFFSET 5 LIMIT 10",
        "SELECT Id FROM Account LIMIT 10.5",
        "SELECT Id FROM Account ORDER BY Name NULLS LAST ASC",
        "SELECT Id FROM Account ORDER BY",
        "SELECT Id FROM Account WHERE",
        "SELECT FROM Account",
        "SELECT Id, FROM Account",
        "SELECT Id FROM Account;",
        "SELECT Id FROM Account FOR VIEW FOR REFERENCE",
        "SELECT Id FROM Account UPDATE TRACKING FOR VIEW",
        "SELECT Id FROM Account FOR UPDATE",
        "SELECT Id FROM Account ALL ROWS",
        "SELECT COUNT() c FROM Account",
        "SELECT COUNT(), Id FROM Account",
        "SELECT Id FROM Account HAVING COUNT(Id) > 1",
        "SELECT Id FROM Account GROUP BY ROLLUP(a), b",
        "SELECT Id FROM Account -- x",
        "SELECT Id FROM Account // x",
        "SELECT Id /* x */ FROM Account",
        "SELECT * FROM Account",
        "SELECT TYPEOF What WHEN A THEN b FROM Event",
        "SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Contact LIMIT 1)",
        "SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Contact ORDER BY Id)",
    ];
    for query in valid {
        assert!(soql::parse(query).is_ok(), "{query}: {:?}", soql::parse(query));
    }
    for query in invalid {
        assert!(soql::parse(query).is_err(), "{query}");
    }
}

/// Query, and the whole message.
#[test]
fn errors_name_the_token_and_its_place() {
    for (query, message) in [
        ("SELEKT Name FROM Account", "unexpected token: 'SELEKT'"),
        (
            "SELECT Id, From Account LIMIT 10",
            "\nSELECT Id, From Account LIMIT 10\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'From'",
        ),
        (
            "SELECT Id FROM Account WHERE Name = '''",
            "\nId FROM Account WHERE Name = '''\n                              ^\n\
             ERROR at Row:1:Column:38\nunexpected token: '''",
        ),
        (
            "SELECT Id FROM Account WHERE",
            "\nSELECT Id FROM Account WHERE\n                           ^\nERROR at Row:1:Column:28\n\
             unexpected token: '<EOF>'",
        ),
        (
            "SELECT Id FROM Account WHERE d = LAST_N_DAYS",
            "\nFROM Account WHERE d = LAST_N_DAYS\n                                 ^\n\
             ERROR at Row:1:Column:44\nexpecting a colon, found '<EOF>'",
        ),
        ("", "SOQL statements cannot be empty or null"),
        (" \n", "SOQL statements cannot be empty or null"),
    ] {
        assert_eq!(soql::parse(query).unwrap_err().message, message, "{query}");
    }
    let old = soql::parse("SELEKT Name FROM Account").unwrap_err();
    assert_eq!(old.message_before_55(), "unexpected token: SELEKT");
}

#[test]
fn size_and_depth_have_limits() {
    let deep =
        |n: usize| format!("SELECT Id FROM Account WHERE {}Name = 'a'{}", "(".repeat(n), ")".repeat(n));
    assert!(soql::parse(&deep(soql::MAX_NESTING)).is_ok());
    let error = soql::parse(&deep(soql::MAX_NESTING + 1)).unwrap_err();
    assert!(error.message.ends_with("nested deeper than 100 levels"), "{}", error.message);
    assert!(soql::parse(&deep(40_000)).is_err());

    let queries = |n: usize| format!("SELECT Id{} FROM Account", ",(SELECT Id FROM Contacts)".repeat(n));
    assert!(soql::parse(&queries(soql::MAX_QUERIES - 1)).is_ok());
    assert!(soql::parse(&queries(soql::MAX_QUERIES)).is_err());

    let long = |n: usize| format!("SELECT Id FROM Account{}", " ".repeat(n - 22));
    assert!(soql::parse(&long(soql::MAX_CHARACTERS)).is_ok());
    assert!(soql::parse(&long(soql::MAX_CHARACTERS + 1)).is_err());
}

/// Deep statements in a thread with half of the stack that a server's worker has, in a debug build.
#[test]
fn the_deepest_statement_fits_on_a_small_stack() {
    let n = soql::MAX_NESTING;
    let nots = format!("SELECT Id FROM Account WHERE {}Name = 'a'{}", "NOT (".repeat(n), ")".repeat(n));
    let children = format!(
        "SELECT Id{}{} FROM Account",
        ", (SELECT Id".repeat(n / 10),
        " FROM Contacts)".repeat(n / 10)
    );
    let joins = format!(
        "SELECT Id FROM Account WHERE {}Name = 'a'{}",
        "Id IN (SELECT Id FROM Contact WHERE ".repeat(n / 10),
        ")".repeat(n / 10)
    );
    let calls = format!("SELECT {}Id{} FROM Account", "f(".repeat(n), ")".repeat(n));
    for query in [nots, children, joins, calls] {
        let small = std::thread::Builder::new().stack_size(1 << 20);
        let work = move || {
            let parsed = soql::parse(&query).unwrap();
            assert_eq!(soql::parse(&parsed.to_string()), Ok(parsed));
        };
        small.spawn(work).unwrap().join().unwrap();
    }
}

mod properties {
    use proptest::prelude::*;

    use super::{corpus, soql};

    /// Words that a mutation puts in: the ones that the parser acts on.
    const WORDS: [&str; 30] = [
        "SELECT",
        "FROM",
        "WHERE",
        "AND",
        "OR",
        "NOT",
        "IN",
        "LIKE",
        "(",
        ")",
        ",",
        "'",
        "\\",
        "'a'",
        "5",
        "-",
        ":",
        "TYPEOF",
        "WHEN",
        "END",
        "GROUP BY",
        "ROLLUP(",
        "HAVING",
        "ORDER BY",
        "LIMIT",
        "FOR",
        "é",
        "\u{0}",
        "2020-01-01T",
        ".",
    ];

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let _ = soql::parse(&text);
        }

        #[test]
        fn no_words_make_it_panic(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..60)) {
            let _ = soql::parse(&words.join(" "));
        }
    }

    #[test]
    fn no_mutation_of_the_corpus_makes_it_panic() {
        let rows = corpus();
        if rows.is_empty() {
            return;
        }
        let queries: Vec<String> = rows.iter().map(|row| row["soql"].as_str().unwrap().to_owned()).collect();
        let case =
            (0..queries.len(), prop::collection::vec((any::<u16>(), 0..WORDS.len(), any::<bool>()), 1..6));
        proptest!(|((index, edits) in case)| {
            let mut text: Vec<char> = queries[index].chars().collect();
            for (place, word, delete) in edits {
                let at = usize::from(place) % (text.len() + 1);
                if delete {
                    text.drain(at..(at + 4).min(text.len()));
                } else {
                    text.splice(at..at, WORDS[word].chars());
                }
            }
            let text: String = text.into_iter().collect();
            if let Ok(query) = soql::parse(&text) {
                let printed = query.to_string();
                prop_assert_eq!(soql::parse(&printed), Ok(query), "{}", printed);
            }
        });
    }
}
