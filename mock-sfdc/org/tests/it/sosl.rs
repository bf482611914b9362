//! What searches find and refuse: `contract/soql.md` section 4.

use mock_sfdc_org::{
    soql::BindOptions,
    sosl::{self, ast::FieldGroup},
};
use proptest::prelude::*;
use serde_json::json;

use super::{
    soql_grammar::shared,
    soql_semantics::{World, id},
};

fn world() -> World {
    let world = World::new();
    world.put(
        "Contact",
        "003",
        11,
        &json!({"FirstName": "Élodie", "LastName": "Müller", "Name": "Élodie Müller", "Email": "elodie.m@firm.example",
                "Phone": "(415) 555-1212", "Description": "met Ada in Bonn"}),
    );
    world.put("Lead", "00Q", 11, &json!({"LastName": "Muller", "Name": "Muller", "Company": "Acme Sons"}));
    world
}

/// What was found: object and first key of each row.
#[track_caller]
fn found(world: &World, search: &str) -> String {
    let state = world.org.snapshot();
    let prepared = sosl::prepare(search, state.schema(), &BindOptions::default())
        .unwrap_or_else(|error| panic!("{search}: {error}"));
    let found = sosl::run(&prepared, &state, &world.context).unwrap();
    let rows: Vec<String> = found
        .rows()
        .map(|row| {
            let name = row.record().and_then(|record| {
                let (object, _) = row.identity()?;
                record.get(object.name_field()?.0).as_text()
            });
            format!("{} {}", row.type_name(), name.unwrap_or("-"))
        })
        .collect();
    rows.join(", ")
}

#[track_caller]
fn error(world: &World, search: &str) -> String {
    let state = world.org.snapshot();
    match sosl::prepare(search, state.schema(), &BindOptions::default()) {
        Ok(_) => panic!("{search}: is valid"),
        Err(error) => {
            let text = error.message.rsplit('\n').next().unwrap();
            format!("{}: {text}", error.code.as_str())
        }
    }
}

#[test]
fn words_are_found_where_they_are_looked_for() {
    let world = world();
    for (search, rows) in [
        ("FIND {acme} RETURNING Account, Lead", "Account Acme, Lead Muller"),
        ("find {ACME} in all fields returning account(id)", "Account Acme"),
        ("FIND {muller} IN NAME FIELDS RETURNING Contact, Lead", "Contact Élodie Müller, Lead Muller"),
        ("FIND {acme} IN NAME FIELDS RETURNING Account, Lead", "Account Acme"),
        ("FIND {ann} IN EMAIL FIELDS RETURNING Contact", "Contact Ann Ames"),
        ("FIND {elodie.m@firm.example} RETURNING Contact", "Contact Élodie Müller"),
        ("FIND {4155551212} IN PHONE FIELDS RETURNING Contact", "Contact Élodie Müller"),
        ("FIND {4155551212} IN EMAIL FIELDS RETURNING Contact", ""),
        ("FIND {bonn} RETURNING Contact", "Contact Élodie Müller"),
        ("FIND {bonn} IN SIDEBAR FIELDS RETURNING Contact", ""),
        ("FIND {mul*} RETURNING Contact", "Contact Élodie Müller"),
        ("FIND {mul} RETURNING Contact", ""),
        ("FIND {m?ller} RETURNING Contact", "Contact Élodie Müller"),
        ("FIND {ada bonn} RETURNING Contact", "Contact Élodie Müller"),
        ("FIND {\"ada bonn\"} RETURNING Contact", ""),
        ("FIND {\"ada in bonn\"} RETURNING Contact", "Contact Élodie Müller"),
        ("FIND {am* AND NOT bonn} RETURNING Contact", "Contact Ann Ames"),
        (
            "FIND {ames OR boole} RETURNING Contact(Name ORDER BY Name DESC)",
            "Contact Boole, Contact Ann Ames",
        ),
        ("FIND {ames OR boole} RETURNING Contact(Name LIMIT 1 OFFSET 1)", "Contact Boole"),
        ("FIND {ames OR boole} RETURNING Contact(Name WHERE Birthdate < 1986-01-01)", "Contact Boole"),
        ("FIND {acme} RETURNING Account, Lead LIMIT 1", "Account Acme"),
        (
            "FIND {acme OR beta} WITH SPELL_CORRECTION = false",
            "Account Acme, Account beta, Contact Ann Ames, Lead -, Lead -, Lead Muller",
        ),
    ] {
        let mut got: Vec<String> = found(&world, search).split(", ").map(str::to_owned).collect();
        let mut expected: Vec<&str> = rows.split(", ").collect();
        if !search.contains("RETURNING") && !search.contains("returning") {
            got.sort();
            expected.sort_unstable();
        }
        assert_eq!(got, expected, "{search}");
    }
}

#[test]
fn mistakes_say_what_salesforce_says() {
    let world = world();
    for (search, text) in [
        ("FIND acme", "MALFORMED_SEARCH: No search term found. The search term must be enclosed in braces."),
        ("", "MALFORMED_SEARCH: No search term found. The search term must be enclosed in braces."),
        ("FIND {a}", "MALFORMED_SEARCH: search term must be longer than one character: a"),
        (
            "FIND {John|jane} RETURNING Contact",
            "MALFORMED_SEARCH: line 1:10 mismatched character '|' expecting '}'",
        ),
        ("FIND {acme", "MALFORMED_SEARCH: line 1:10 mismatched character '<EOF>' expecting '}'"),
        ("FIND {acme} IN SOME FIELDS", "MALFORMED_SEARCH: unexpected token: 'SOME'"),
        ("FIND {acme} RETURNING Contact UPDATE bob", "MALFORMED_SEARCH: unexpected token: 'bob'"),
        ("FIND {acme} RETURNING Contact(Id LIMIT)", "MALFORMED_SEARCH: unexpected token: ')'"),
        (
            "FIND {acme} RETURNING RecentlyViewed",
            "INVALID_SEARCH: entity type RecentlyViewed does not support search",
        ),
        (
            "FIND {acme} RETURNING Contact(Id OFFSET 1), Lead",
            "INVALID_SEARCH: OFFSET is allowed only in a search of one object",
        ),
        (
            "FIND {acme} RETURNING Contact WITH HIGHLIGHT",
            "FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate SOSL's WITH HIGHLIGHT; see docs/FIDELITY.md for what it does",
        ),
    ] {
        assert_eq!(error(&world, search), text, "{search}");
    }
    let unknown = error(&world, "FIND {acme} RETURNING Contact(Nothing)");
    assert!(unknown.starts_with("INVALID_FIELD: No such column 'Nothing' on entity 'Contact'."), "{unknown}");
    // Longer than any search: nothing is found, and operators mean nothing.
    assert_eq!(found(&world, &format!("FIND {{acme {}}} RETURNING Account", "x ".repeat(5_100))), "");
    assert_eq!(found(&world, &format!("FIND {{acme {}OR}} RETURNING Account", "acme ".repeat(900))), "");
}

#[test]
fn parameters_search_for_words_without_operators() {
    let world = world();
    let state = world.org.snapshot();
    let returning = vec![("Contact".to_owned(), vec!["Name".to_owned()], Some(5))];
    let options = BindOptions::default();
    let search =
        sosl::of_words("O'Neil | ames", FieldGroup::All, returning.clone(), None, state.schema(), &options);
    assert_eq!(sosl::run(&search.unwrap(), &state, &world.context).unwrap().rows().count(), 0);
    let search = sosl::of_words("ann-ames!", FieldGroup::Name, returning, None, state.schema(), &options);
    let found = sosl::run(&search.unwrap(), &state, &world.context).unwrap();
    assert_eq!(found.rows().map(|row| row.record().unwrap().id()).collect::<Vec<_>>(), [id("003", 1)]);
}

/// Two rows of the corpus are not SOSL: its source shows how an editor marks them.
#[test]
fn the_corpus_parses() {
    let Some(text) = shared("corpus/soql/corpus.jsonl") else { return };
    let mut parsed = 0;
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let search = row["soql"].as_str().unwrap();
        if row["valid"].is_null() {
            let wrong = search.ends_with("UPDATE bob") || search.ends_with("with bob");
            assert_eq!(sosl::parse(search).is_err(), wrong, "{search}: {:?}", sosl::parse(search));
            parsed += 1;
        }
    }
    assert!(parsed > 30, "{parsed}");
}

const PIECES: [&str; 30] = [
    "FIND",
    "{",
    "}",
    "acme",
    "\\",
    "\"",
    "*",
    "?",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    "|",
    "RETURNING",
    "Contact",
    "Account",
    ",",
    "Id",
    "WHERE",
    "Name = 'a'",
    "LIMIT",
    "1",
    "WITH",
    "DIVISION",
    "=",
    "IN",
    "ALL FIELDS",
    "é",
    "東",
];

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(FIND )?\\{?.{0,120}") {
        let _ = sosl::parse(&text);
    }

    #[test]
    fn no_words_make_it_panic(words in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        let text = format!("FIND {{{}", words.join(" "));
        let world = mock_sfdc_org::schema::Schema::standard();
        let _ = sosl::prepare(&text, &world, &BindOptions::default());
    }

    #[test]
    fn a_pattern_takes_no_time_whatever_its_stars(stars in prop::collection::vec(prop::sample::select(&["*", "a", "?", "b"][..]), 1..60)) {
        let expression = format!("ab{}", stars.concat());
        if let Ok(term) = sosl::term::parse(&expression, true) {
            let _ = term.is_in(&[vec!["ab".repeat(500)]]);
        }
    }
}
