//! What functions of values show, and what scopes and limits leave out: `contract/soql.md` section 2.

use mock_sfdc_org::{locale::Locale, settings::AfterLastDays};
use serde_json::json;

use super::soql_semantics::{World, id};

fn world() -> World {
    let world = World::new();
    for (number, city, latitude, longitude) in
        [(11, "Bonn", 50.7374, 7.0982), (12, "Berlin", 52.52, 13.405), (13, "Sydney", -33.8688, 151.2093)]
    {
        world.put(
            "Account",
            "001",
            number,
            &json!({"Name": city, "BillingLatitude": latitude, "BillingLongitude": longitude,
                    "ShippingLatitude": 48.8566, "ShippingLongitude": 2.3522}),
        );
    }
    world
}

#[test]
fn format_writes_as_the_users_locale_does() {
    let mut world = world();
    let berlin = jiff::tz::TimeZone::fixed(jiff::tz::offset(2));
    let fields =
        "SELECT FORMAT(AnnualRevenue), FORMAT(CreatedDate) made, FORMAT(NumberOfEmployees) n FROM Account";
    assert_eq!(
        world.rows(&format!("{fields} WHERE Name = 'acme'")),
        json!([{"AnnualRevenue": "$100.50", "made": "4/15/2026, 8:00 AM", "n": null}])
    );
    for (locale, revenue, made, sum) in [
        ("en_GB", "$100.50", "15/04/2026, 10:00", "$120.50"),
        ("de_DE", "100,50\u{a0}$", "15.04.2026, 10:00", "120,50\u{a0}$"),
        ("fr_FR", "100,50\u{a0}$", "15/04/2026 10:00", "120,50\u{a0}$"),
        ("ja_JP", "$100.50", "2026/04/15 10:00", "$120.50"),
    ] {
        world.context.locale = Ok(Locale::named(locale).unwrap());
        world.context.time_zone = berlin.clone();
        let rows = world.rows(&format!("{fields} WHERE Name = 'acme'"));
        assert_eq!(rows, json!([{"AnnualRevenue": revenue, "made": made, "n": null}]), "{locale}");
        let rows = world.rows(
            "SELECT FORMAT(SUM(AnnualRevenue)), FORMAT(MIN(Birthdate)) b FROM Account"
                .replace("FORMAT(MIN(Birthdate)) b", "FORMAT(COUNT(Id)) b")
                .as_str(),
        );
        assert_eq!(rows, json!([{"expr0": sum, "b": "6"}]), "{locale}");
    }
    world.context.locale = Err("xx_XX".into());
    assert_eq!(
        world.error(fields),
        "FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate SOQL's FORMAT in the locale xx_XX; see docs/FIDELITY.md for what it does"
    );
    // Nothing of this query depends on the locale.
    assert_eq!(world.names("SELECT Name FROM Account LIMIT 1"), "Acme");
}

#[test]
fn distances_choose_order_and_show() {
    let world = world();
    let from_bonn = |rest: &str| format!("SELECT Name FROM Account WHERE {rest}");
    let bonn = "DISTANCE(BillingAddress, GEOLOCATION(50.7374, 7.0982), 'km')";
    for (condition, names) in [
        (format!("{bonn} < 100"), "Bonn"),
        (format!("{bonn} < 500"), "Bonn Berlin"),
        (format!("{bonn} > 500"), "Sydney"),
        ("DISTANCE(BillingAddress, GEOLOCATION(50.7374, 7.0982), 'mi') < 300".to_owned(), "Bonn Berlin"),
        (format!("NOT {bonn} < 500"), "Acme beta Cäsar Sydney"),
        ("DISTANCE(BillingAddress, ShippingAddress, 'km') < 500".to_owned(), "Bonn"),
    ] {
        assert_eq!(world.names(&from_bonn(&condition)), names, "{condition}");
    }
    assert_eq!(
        world.names(&format!("SELECT Name FROM Account WHERE BillingLatitude != null ORDER BY {bonn} DESC")),
        "Sydney Berlin Bonn"
    );
    let rows =
        world.rows(&format!("SELECT {bonn}, {bonn} far FROM Account WHERE Name IN ('Berlin', 'Acme')"));
    assert_eq!(rows[0], json!({"expr0": null, "far": null}));
    let far: f64 = rows[1]["far"].as_str().unwrap().parse().unwrap();
    assert!((far - 478.0).abs() < 3.0, "{far}");
    for (query, error) in [
        (
            format!("SELECT Id FROM Account WHERE {bonn} = 5"),
            "INVALID_QUERY_FILTER_OPERATOR: invalid operator on double field",
        ),
        (
            "SELECT Id FROM Account ORDER BY DISTANCE(BillingAddress, GEOLOCATION(91, 1), 'km')".to_owned(),
            "NUMBER_OUTSIDE_VALID_RANGE: GEOLOCATION takes a latitude from -90 to 90 and a longitude from -180 to 180",
        ),
        (
            "SELECT DISTANCE(Name, BillingAddress, 'km') FROM Account".to_owned(),
            "INVALID_FIELD: DISTANCE needs a location, and 'Name' is none",
        ),
        (
            "SELECT DISTANCE(BillingAddress, ShippingAddress, 'm') FROM Account".to_owned(),
            "MALFORMED_QUERY: DISTANCE takes the units 'mi' and 'km', not 'm'",
        ),
    ] {
        assert_eq!(world.error(&query), error, "{query}");
    }
}

#[test]
fn labels_stand_in_groups_and_behind_relationships() {
    let world = world();
    assert_eq!(
        world.rows("SELECT toLabel(Industry), FORMAT(COUNT(Id)) n FROM Account WHERE Industry != null GROUP BY Industry"),
        json!([{"expr0": "Apparel", "n": "1"}, {"expr0": "Banking", "n": "1"}])
    );
    assert_eq!(
        world.rows("SELECT toLabel(RecordType.Name) FROM Account LIMIT 1"),
        json!([{"RecordType": null}])
    );
    assert_eq!(
        world.error("SELECT toLabel(Name) FROM Account"),
        "INVALID_FIELD: toLabel does not take field 'Name'"
    );
    assert_eq!(
        world.error("SELECT Id FROM Account ORDER BY toLabel(Industry)"),
        "MALFORMED_QUERY: function toLabel cannot be used here"
    );
}

#[test]
fn one_currency_converts_nothing() {
    let world = world();
    for (query, error) in [
        (
            "SELECT convertCurrency(AnnualRevenue) FROM Account",
            "MALFORMED_QUERY: convertCurrency(AnnualRevenue) needs an org with multiple currencies",
        ),
        (
            "SELECT FORMAT(convertCurrency(AnnualRevenue)) a FROM Account",
            "MALFORMED_QUERY: convertCurrency(AnnualRevenue) needs an org with multiple currencies",
        ),
        (
            "SELECT Id FROM Account WHERE AnnualRevenue > USD5000",
            "INVALID_FIELD: value of filter criterion for field 'AnnualRevenue' must be of type double and should not be \
             enclosed in quotes",
        ),
    ] {
        assert_eq!(world.error(query), error, "{query}");
    }
}

#[test]
fn scopes_choose_owners() {
    let world = world();
    let (ada, queue, other) = (id("005", 1).to_string(), id("00G", 1).to_string(), id("005", 2).to_string());
    world.put("GroupMember", "011", 1, &json!({"GroupId": queue, "UserOrGroupId": ada}));
    world.put("Task", "00T", 1, &json!({"Subject": "given", "OwnerId": other, "CreatedById": ada}));
    world.put("Task", "00T", 2, &json!({"Subject": "kept", "OwnerId": ada, "CreatedById": ada}));
    for (query, names) in [
        ("SELECT LastName FROM Lead USING SCOPE everything", "One Two Three"),
        ("SELECT LastName FROM Lead USING SCOPE mine", "One"),
        ("SELECT LastName FROM Lead USING SCOPE mine_and_my_groups", "One Two Three"),
        ("SELECT LastName FROM Lead USING SCOPE queue_owned", "Two Three"),
        ("SELECT LastName FROM Lead USING SCOPE user_owned", "One"),
        ("SELECT LastName FROM Lead USING SCOPE scopingRule", "One Two Three"),
        ("SELECT Subject FROM Task USING SCOPE delegated", "given"),
    ] {
        assert_eq!(world.names(query), names, "{query}");
    }
    for (query, error) in [
        (
            "SELECT Id FROM Lead USING SCOPE my_territory",
            "INVALID_QUERY_SCOPE: invalid query scope: my_territory",
        ),
        ("SELECT Id FROM Lead USING SCOPE nonsense", "INVALID_QUERY_SCOPE: invalid query scope: nonsense"),
        (
            "SELECT Id FROM Lead USING SCOPE team",
            "FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate SOQL's USING SCOPE team on Lead; see docs/FIDELITY.md for what it does",
        ),
    ] {
        assert_eq!(world.error(query), error, "{query}");
    }
}

#[test]
fn more_than_the_last_days_counts_as_the_org_says() {
    let world = world();
    let query = "SELECT Name FROM Account WHERE CreatedDate > LAST_N_DAYS:1";
    assert_eq!(world.names(query), "Acme beta");
    world
        .org
        .transact(world.context.user, |tx| {
            tx.settings_mut().after_last_days = AfterLastDays::End;
            Ok::<_, std::convert::Infallible>(())
        })
        .unwrap();
    assert_eq!(world.names(query), "");
}

#[test]
fn ranges_of_ids_walk_a_part_of_the_table() {
    let world = world();
    let (one, eleven) = (id("001", 1), id("001", 11));
    for (condition, names) in [
        (format!("Id > '{one}' AND Id <= '{eleven}'"), "beta Cäsar Bonn"),
        (format!("Id >= '{eleven}'"), "Bonn Berlin Sydney"),
        (format!("Id > '{eleven}' AND Id < '{one}'"), ""),
        (format!("Id > '{eleven}' ORDER BY Name"), "Berlin Sydney"),
    ] {
        assert_eq!(world.names(&format!("SELECT Name FROM Account WHERE {condition}")), names, "{condition}");
    }
}

#[test]
fn sizes_have_limits() {
    let world = world();
    let text =
        |length: usize| format!("SELECT Name FROM Account WHERE Name != '{}' LIMIT 1", "x".repeat(length));
    assert_eq!(world.names(&text(4_000)), "Acme");
    assert_eq!(world.error(&text(4_001)), "MALFORMED_QUERY: a text in a condition can have 4000 characters");

    // Relationship paths of Contact, level by level, until there are more than 55.
    let mut paths = Vec::new();
    for first in ["Owner", "CreatedBy", "LastModifiedBy"] {
        for second in ["Manager", "CreatedBy", "LastModifiedBy"] {
            for third in ["Manager", "CreatedBy", "LastModifiedBy"] {
                for fourth in ["Manager", "CreatedBy"] {
                    paths.push(format!("{first}.{second}.{third}.{fourth}.Name"));
                }
            }
        }
    }
    let query = |count: usize| format!("SELECT {} FROM Account LIMIT 1", paths[..count].join(", "));
    assert_eq!(world.rows(&query(10)).as_array().unwrap().len(), 1);
    let error = world.error(&query(paths.len()));
    assert!(
        error.starts_with("MALFORMED_QUERY: a query can follow 55 child-to-parent relationships"),
        "{error}"
    );
}

#[test]
fn fields_need_a_limit_or_a_few_ids() {
    let world = world();
    let acme = id("001", 1);
    assert_eq!(
        world.rows(&format!("SELECT FIELDS(ALL) FROM Account WHERE Id = '{acme}' OR Id IN ('{acme}')"))[0]["Name"],
        "Acme"
    );
    assert_eq!(
        world.error(&format!("SELECT FIELDS(ALL) FROM Account WHERE Id = '{acme}' OR Name = 'x'")),
        "MALFORMED_QUERY: The SOQL FIELDS function must have a LIMIT of at most 200"
    );
}

#[test]
fn who_has_looked_at_what_is_each_users_own() {
    let mut world = world();
    let look = |world: &World, query: &str| {
        let set = world.run(query).unwrap();
        world
            .org
            .transact(world.context.user, |tx| {
                set.mark_seen(tx);
                Ok::<_, std::convert::Infallible>(())
            })
            .unwrap();
    };
    look(&world, "SELECT Id FROM Account WHERE Name = 'Acme' FOR VIEW");
    look(&world, "SELECT Id FROM Contact WHERE LastName = 'Boole' FOR REFERENCE");
    look(&world, "SELECT Id FROM Account WHERE Name = 'beta'");
    let recent = "SELECT Name, Type, LastViewedDate FROM RecentlyViewed ORDER BY Name";
    assert_eq!(
        world.rows(recent),
        json!([
            {"Name": "Acme", "Type": "Account", "LastViewedDate": "2026-04-15T12:00:00.000Z"},
            {"Name": "Boole", "Type": "Contact", "LastViewedDate": null}
        ])
    );
    assert_eq!(world.names("SELECT Name FROM Account WHERE LastViewedDate = TODAY"), "Acme");
    assert_eq!(
        world.rows("SELECT LastReferencedDate, Account.LastViewedDate FROM Contact WHERE LastName = 'Boole'"),
        json!([{"LastReferencedDate": "2026-04-15T12:00:00.000Z",
                "Account": {"LastViewedDate": "2026-04-15T12:00:00.000Z"}}])
    );
    world.context.user = id("005", 2);
    assert_eq!(world.rows(recent), json!([]));
    assert_eq!(world.names("SELECT Name FROM Account WHERE LastViewedDate != null"), "");
    assert_eq!(
        world.error("SELECT COUNT() FROM Account FOR VIEW"),
        "MALFORMED_QUERY: FOR VIEW is not allowed in an aggregate query"
    );
}
