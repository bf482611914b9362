//! Several currencies in one org: who has which, what is converted when, and by which rate.

use mock_sfdc_org::{
    error::ErrorCode,
    id::Id,
    soql::{self, BindOptions, Cell, RunContext},
    value::shown,
};

use crate::world::World;

const FIXTURE: &str = r#"{
    "organization": {"features": ["MultiCurrency"], "currency": "USD"},
    "currencies": [{"isoCode": "EUR", "conversionRate": 0.8}, {"isoCode": "JPY", "conversionRate": 100, "decimalPlaces": 0}],
    "datedConversionRates": [
        {"isoCode": "EUR", "startDate": "2026-01-01", "conversionRate": 0.5},
        {"isoCode": "EUR", "startDate": "2026-03-01", "conversionRate": 0.8}
    ],
    "users": [{"ref": "eva", "username": "eva@x.example", "password": "x", "lastName": "Euro", "profile": "System Administrator",
               "fields": {"DefaultCurrencyIsoCode": "EUR"}}],
    "packages": [{"objects": {
        "Deal__c": {"fields": {"Total__c": {"rollUp": {"summaryOperation": "sum", "summaryForeignKey": "Part__c.Deal__c", "summarizedField": "Part__c.Price__c"}}}},
        "Part__c": {"fields": {
            "Deal__c": {"type": "reference", "referenceTo": ["Deal__c"], "relationshipOrder": 0, "childRelationship": "Parts__r"},
            "Price__c": {"type": "currency", "precision": 18, "scale": 2}
        }},
        "Account": {"fields": {
            "Rate__c": {"type": "double", "precision": 18, "scale": 4, "calculatedFormula": "CURRENCYRATE(TEXT(CurrencyIsoCode))"},
            "None__c": {"type": "double", "precision": 18, "scale": 4, "calculatedFormula": "CURRENCYRATE(\"XXX\")"}
        }}
    }}]
}"#;

fn eva(world: &World) -> Id {
    let state = world.org.snapshot();
    state.access().login("eva@x.example").unwrap().user
}

fn account(world: &World, name: &str, revenue: &str, code: &str) -> Id {
    world.create("Account", &[("Name", name), ("AnnualRevenue", revenue), ("CurrencyIsoCode", code)]).unwrap()
}

/// The rows of a query as a user sees them, cells joined by `|`.
fn rows(world: &World, user: Id, text: &str) -> Result<Vec<String>, (ErrorCode, String)> {
    let state = world.org.snapshot();
    let query = soql::prepare(text, state.schema(), &BindOptions::default());
    let query = query.map_err(|error| (error.code, error.message))?;
    let context = RunContext::for_user(&state, user, world.org.clock().now());
    let found = soql::run(&query, &state, &context).unwrap();
    let cell = |cell: Cell<'_>| match cell {
        Cell::Value(value, _) => shown(value),
        Cell::Computed(value, _) => shown(&value),
        Cell::Id(id) => id.to_string(),
        Cell::Text(text) => text.to_owned(),
        _ => "…".to_owned(),
    };
    Ok(found.rows().map(|row| row.cells().map(|(_, one)| cell(one)).collect::<Vec<_>>().join("|")).collect())
}

fn world() -> World {
    let world = World::new(FIXTURE);
    account(&world, "Dollar", "1000", "USD");
    account(&world, "Euro", "1000", "EUR");
    account(&world, "Yen", "1000", "JPY");
    world
}

#[test]
fn queries_convert_where_they_are_asked_to() {
    let (world, admin) = {
        let world = world();
        let admin = world.admin;
        (world, admin)
    };
    let eva = eva(&world);
    let table: &[(Id, &str, &[&str])] = &[
        (
            admin,
            "SELECT Name, AnnualRevenue, CurrencyIsoCode FROM Account ORDER BY Name",
            &["Dollar|1000|USD", "Euro|1000|EUR", "Yen|1000|JPY"],
        ),
        (
            admin,
            "SELECT Name, convertCurrency(AnnualRevenue) FROM Account ORDER BY Name",
            &["Dollar|1000", "Euro|1250", "Yen|10"],
        ),
        (
            eva,
            "SELECT Name, convertCurrency(AnnualRevenue) r FROM Account ORDER BY Name",
            &["Dollar|800", "Euro|1000", "Yen|8"],
        ),
        // By what it is worth.
        (eva, "SELECT Name FROM Account ORDER BY AnnualRevenue DESC", &["Euro", "Dollar", "Yen"]),
        // A literal with a currency is a worth, one without a number.
        (eva, "SELECT Name FROM Account WHERE AnnualRevenue >= USD1000 ORDER BY Name", &["Dollar", "Euro"]),
        (eva, "SELECT Name FROM Account WHERE AnnualRevenue = EUR8 ORDER BY Name", &["Yen"]),
        (
            eva,
            "SELECT Name FROM Account WHERE AnnualRevenue IN (EUR8, USD1250) ORDER BY Name",
            &["Euro", "Yen"],
        ),
        (eva, "SELECT Name FROM Account WHERE AnnualRevenue NOT IN (EUR8, USD1250)", &["Dollar"]),
        (eva, "SELECT Name FROM Account WHERE AnnualRevenue != JPY1000 ORDER BY Name", &["Dollar", "Euro"]),
        (
            eva,
            "SELECT Name FROM Account WHERE AnnualRevenue >= 1000 ORDER BY Name",
            &["Dollar", "Euro", "Yen"],
        ),
        (
            admin,
            "SELECT FORMAT(AnnualRevenue) FROM Account ORDER BY Name",
            &["USD 1,000.00", "EUR 1,000.00 (USD 1,250.00)", "JPY 1,000 (USD 10.00)"],
        ),
        (
            admin,
            "SELECT FORMAT(convertCurrency(AnnualRevenue)) r FROM Account ORDER BY Name",
            &["USD 1,000.00", "USD 1,250.00", "USD 10.00"],
        ),
        // Aggregates are in the corporate currency, whoever asks.
        (
            eva,
            "SELECT SUM(AnnualRevenue), MAX(AnnualRevenue), MIN(AnnualRevenue), COUNT(AnnualRevenue) FROM Account",
            &["2260|1250|10|3"],
        ),
        (eva, "SELECT FORMAT(SUM(AnnualRevenue)) FROM Account", &["USD 2,260.00"]),
        (eva, "SELECT Rate__c, None__c FROM Account ORDER BY Name", &["1|1", "0.8|1", "100|1"]),
        (
            eva,
            "SELECT IsoCode, IsCorporate FROM CurrencyType ORDER BY IsoCode",
            &["EUR|false", "JPY|false", "USD|true"],
        ),
    ];
    for (user, text, expected) in table {
        assert_eq!(rows(&world, *user, text).unwrap(), *expected, "{text}");
    }
    for (text, code) in [
        ("SELECT Id FROM Account WHERE AnnualRevenue > CHF5", ErrorCode::MalformedQuery),
        ("SELECT Id FROM Account WHERE AnnualRevenue IN (USD5, 7)", ErrorCode::MalformedQuery),
        // The guide's own example of what does not work.
        (
            "SELECT Name, MAX(AnnualRevenue) FROM Account GROUP BY Name HAVING MAX(AnnualRevenue) > USD5",
            ErrorCode::InvalidField,
        ),
        ("SELECT convertCurrency(SUM(AnnualRevenue)) FROM Account", ErrorCode::MalformedQuery),
        ("SELECT convertCurrency(NumberOfEmployees) FROM Account", ErrorCode::InvalidField),
        ("SELECT Id FROM Account WHERE NumberOfEmployees > USD5", ErrorCode::InvalidField),
    ] {
        assert_eq!(rows(&world, admin, text).unwrap_err().0, code, "{text}");
    }
    let single = World::new("{}");
    for text in [
        "SELECT convertCurrency(AnnualRevenue) FROM Account",
        "SELECT Id FROM Account WHERE AnnualRevenue > USD5",
    ] {
        assert!(rows(&single, single.admin, text).is_err(), "{text}");
    }
    assert!(single.object("Account").field("CurrencyIsoCode").is_none());
}

#[test]
fn opportunities_go_by_the_rate_of_their_day() {
    let world = World::new(FIXTURE);
    for (name, day) in [("Winter", "2026-02-10"), ("Spring", "2026-03-10"), ("Old", "2025-12-31")] {
        world
            .create(
                "Opportunity",
                &[
                    ("Name", name),
                    ("StageName", "Prospecting"),
                    ("CloseDate", day),
                    ("Amount", "100"),
                    ("CurrencyIsoCode", "EUR"),
                ],
            )
            .unwrap();
    }
    let text = "SELECT Name, convertCurrency(Amount) FROM Opportunity ORDER BY Name";
    assert_eq!(rows(&world, world.admin, text).unwrap(), ["Old|125", "Spring|125", "Winter|200"]);
    let ends = "SELECT StartDate, NextStartDate FROM DatedConversionRate ORDER BY StartDate";
    assert_eq!(rows(&world, world.admin, ends).unwrap(), ["2026-01-01|2026-03-01", "2026-03-01|9999-12-31"]);
}

#[test]
fn a_new_record_is_in_the_currency_of_its_creator_and_a_line_in_that_of_its_parent() {
    let world = World::new(FIXTURE);
    let account = world.create("Account", &[("Name", "Plain")]).unwrap();
    assert_eq!(world.text("Account", account, "CurrencyIsoCode"), "USD");
    let eva = eva(&world);
    let draft = world.draft("Account", &[("Name", "Hers")]);
    let hers = world.org.transact(eva, |tx| {
        mock_sfdc_org::verbs::create(
            tx,
            &world.object("Account"),
            draft,
            &mock_sfdc_org::save::DmlOptions::default(),
        )
    });
    assert_eq!(world.text("Account", hers.unwrap(), "CurrencyIsoCode"), "EUR");
    let refused = world.refused("Account", &[("Name", "X"), ("CurrencyIsoCode", "CHF")]);
    assert_eq!(refused.0, ErrorCode::InvalidOrNullForRestrictedPicklist);
    // A currency that comes later is offered at once.
    world
        .create("CurrencyType", &[("IsoCode", "CHF"), ("ConversionRate", "0.9"), ("DecimalPlaces", "2")])
        .unwrap();
    world.create("Account", &[("Name", "X"), ("CurrencyIsoCode", "CHF")]).unwrap();
}

#[test]
fn a_roll_up_is_in_the_currency_of_its_parent() {
    let world = World::new(FIXTURE);
    let deal = world.create("Deal__c", &[("CurrencyIsoCode", "EUR")]).unwrap();
    let part = |price: &str, code: &str| {
        world
            .create(
                "Part__c",
                &[("Deal__c", &deal.to_string()), ("Price__c", price), ("CurrencyIsoCode", code)],
            )
            .unwrap()
    };
    part("10", "USD");
    let euro = part("10", "EUR");
    assert_eq!(world.text("Deal__c", deal, "Total__c"), "18");
    world.delete("Part__c", euro).unwrap();
    assert_eq!(world.text("Deal__c", deal, "Total__c"), "8");
}

#[test]
fn an_org_of_one_currency_takes_no_rates() {
    let mistake = mock_sfdc_org::seed::load(
        "test.json",
        r#"{"currencies": [{"isoCode": "EUR", "conversionRate": 0.8}]}"#,
        crate::world::NOON,
        &|_| None,
    );
    assert!(mistake.unwrap_err().problem.contains("names MultiCurrency"));
}
