//! What queries answer, rule by rule: `contract/soql.md` section 2, over a handful of rows that everybody can hold in mind.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tables, and a test that cannot go on should stop"
)]

use std::convert::Infallible;

use mock_sfdc_org::{
    Org,
    clock::Clock,
    id::Id,
    schema::{FieldType, PicklistValue, Schema},
    settings::Settings,
    soql::{self, BindOptions, Cell, ResultSet, Row, RunContext},
    state::{Edit, State},
    value::{DateTime, Value},
};
use serde_json::{Map, Value as Json, json};

/// Wednesday, 2026-04-15, 12:00 UTC.
const NOW: i64 = 1_776_254_400_000;
const DAY: i64 = 86_400_000;

pub(crate) struct World {
    pub(crate) org: Org,
    pub(crate) context: RunContext,
}

pub(crate) fn id(prefix: &str, number: u64) -> Id {
    Id::from_number(prefix.as_bytes().try_into().unwrap(), *b"5g", number)
}

/// A value for a field, from JSON: texts become what the field holds.
fn value(kind: FieldType, json: &Json) -> Value {
    match (kind, json) {
        (_, Json::Null) => Value::Null,
        (_, Json::Bool(flag)) => Value::Bool(*flag),
        (_, Json::Number(number)) => Value::Number(number.to_string().parse().unwrap()),
        (FieldType::Date, Json::String(text)) => Value::Date(text.parse().unwrap()),
        (FieldType::Datetime, Json::String(text)) => Value::DateTime(DateTime::parse(text).unwrap()),
        (kind, Json::String(text)) if kind.is_id() => Value::Id(Id::parse(text).unwrap()),
        (_, Json::String(text)) => Value::text(text.as_str()),
        other => panic!("{other:?}"),
    }
}

/// The standard objects, and two fields of our own on Account: one of several values, one whose labels are not its values.
fn schema() -> Schema {
    let schema = Schema::standard();
    let account = schema.object("Account").unwrap();
    let mut interests = account.field("Industry").unwrap().1.clone();
    interests.name = "Interests__c".into();
    interests.kind = FieldType::Multipicklist;
    interests.custom = true;
    interests.picklist_values = [].into();
    let mut grade = account.field("Industry").unwrap().1.clone();
    grade.name = "Grade__c".into();
    grade.custom = true;
    let value = |(api, label): (&str, &str)| PicklistValue {
        value: api.to_owned(),
        label: label.to_owned(),
        ..grade.picklist_values[0].clone()
    };
    grade.picklist_values = [("Z", "Best"), ("Y", "Good"), ("X", "Bad")].into_iter().map(value).collect();
    schema.with_fields("Account", [interests, grade]).unwrap()
}

impl World {
    pub(crate) fn new() -> Self {
        let org = Org::new(
            State::empty(schema(), Settings::default()),
            Clock::fixed(DateTime::from_millis(NOW)),
            1,
        );
        let user = id("005", 1);
        let world = Self { org, context: RunContext::new(user, NOW) };
        let (ada, queue) = (user.to_string(), id("00G", 1).to_string());
        world.put(
            "User",
            "005",
            1,
            &json!({"Name": "Ada Byron", "FirstName": "Ada", "LastName": "Byron", "Alias": "ada"}),
        );
        world.put("Group", "00G", 1, &json!({"Name": "Inbox", "Type": "Queue"}));
        for (number, fields) in [
            json!({"Name": "Acme", "Industry": "Banking", "AnnualRevenue": 100.5, "OwnerId": ada, "BillingCity": "Bonn",
                   "BillingPostalCode": "53111", "CreatedDate": "2026-04-15T08:00:00Z", "SystemModstamp": "2026-04-15T08:00:00Z"}),
            json!({"Name": "beta", "Industry": "Apparel", "AnnualRevenue": 20, "OwnerId": ada,
                   "CreatedDate": "2026-04-14T23:30:00Z", "SystemModstamp": "2026-04-14T23:30:00Z"}),
            json!({"Name": "Cäsar", "NumberOfEmployees": 7, "OwnerId": ada, "ParentId": id("001", 1).to_string(),
                   "CreatedDate": "2026-03-01T00:00:00Z", "SystemModstamp": "2026-03-01T00:00:00Z"}),
        ]
        .iter()
        .enumerate()
        {
            world.put("Account", "001", number as u64 + 1, fields);
        }
        for (number, fields) in [
            json!({"FirstName": "Ann", "LastName": "Ames", "Name": "Ann Ames", "AccountId": id("001", 1).to_string(),
                   "Email": "Ann@Acme.example", "Birthdate": "1990-05-01", "HasOptedOutOfEmail": true}),
            json!({"LastName": "Boole", "Name": "Boole", "AccountId": id("001", 1).to_string(), "Birthdate": "1985-12-31"}),
            json!({"LastName": "Curry", "Name": "Curry", "HasOptedOutOfEmail": false}),
        ]
        .iter()
        .enumerate()
        {
            world.put("Contact", "003", number as u64 + 1, fields);
        }
        for (number, fields) in [
            json!({"LastName": "One", "Company": "Alpha", "Status": "Open - Not Contacted", "OwnerId": ada, "LeadSource": "Web"}),
            json!({"LastName": "Two", "Company": "Beta", "Status": "Closed - Converted", "OwnerId": queue, "LeadSource": "Web"}),
            json!({"LastName": "Three", "Company": "Beta", "Status": "Working - Contacted", "OwnerId": queue}),
        ]
        .iter()
        .enumerate()
        {
            world.put("Lead", "00Q", number as u64 + 1, fields);
        }
        world
    }

    pub(crate) fn put(&self, object: &str, prefix: &str, number: u64, fields: &Json) {
        self.org
            .transact(self.context.user, |tx| {
                let object = tx.state().schema().object(object).unwrap().clone();
                let mut edit = Edit::new(id(prefix, number), object.fields.len());
                for (name, json) in fields.as_object().unwrap() {
                    let (position, field) = object.field(name).unwrap_or_else(|| panic!("{name}"));
                    edit.set(position, value(field.kind, json));
                }
                tx.put_unchecked(&object, &edit);
                Ok::<_, Infallible>(())
            })
            .unwrap();
    }

    pub(crate) fn run(&self, query: &str) -> Result<ResultSet, String> {
        let state = self.org.snapshot();
        let prepared = soql::prepare(query, state.schema(), &BindOptions::default())
            .map_err(|error| error.to_string())?;
        soql::run(&prepared, &state, &self.context).map_err(|error| error.to_string())
    }

    /// Rows as JSON without `attributes`.
    #[track_caller]
    pub(crate) fn rows(&self, query: &str) -> Json {
        let set = self.run(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        set.rows().map(|row| show(&row)).collect()
    }

    /// The names of the rows, in a line.
    #[track_caller]
    pub(crate) fn names(&self, query: &str) -> String {
        let rows = self.rows(query);
        let name = |row: &Json| {
            row.as_object().unwrap().values().next().unwrap().as_str().unwrap_or("null").to_owned()
        };
        rows.as_array().unwrap().iter().map(name).collect::<Vec<_>>().join(" ")
    }

    /// The last line of the error.
    #[track_caller]
    pub(crate) fn error(&self, query: &str) -> String {
        match self.run(query) {
            Ok(set) => panic!("{query}: answered {} rows", set.total_size()),
            Err(error) => {
                let code = error.split(": ").next().unwrap().to_owned();
                let text = error.rsplit('\n').next().unwrap();
                if text.starts_with(&code) { text.to_owned() } else { format!("{code}: {text}") }
            }
        }
    }
}

fn show(row: &Row<'_>) -> Json {
    let mut map = Map::new();
    for (key, cell) in row.cells() {
        map.insert(key.to_owned(), show_cell(cell));
    }
    Json::Object(map)
}

fn show_cell(cell: Cell<'_>) -> Json {
    match cell {
        Cell::Value(value, _) => show_value(value),
        Cell::Computed(value, _) => show_value(&value),
        Cell::Id(id) => json!(id.to_string()),
        Cell::Text(text) => json!(text),
        Cell::Compound(None) | Cell::Parent(None) | Cell::Children(None) => Json::Null,
        Cell::Compound(Some(parts)) => parts
            .iter()
            .map(|(key, value, _)| ((*key).to_owned(), show_value(value)))
            .collect::<Map<_, _>>()
            .into(),
        Cell::Parent(Some(row)) => show(&row),
        Cell::Children(Some(set)) => set.rows().map(|row| show(&row)).collect(),
    }
}

fn show_value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => json!(flag),
        Value::Number(number) => json!(number.normalize().to_string()),
        Value::Text(text) => json!(text.as_str()),
        Value::Id(id) => json!(id.to_string()),
        Value::Date(date) => json!(date.to_string()),
        Value::DateTime(moment) => json!(moment.to_zulu()),
        other => json!(format!("{other:?}")),
    }
}

#[test]
fn conditions_choose_rows() {
    let world = World::new();
    for (condition, names) in [
        ("Name = 'ACME'", "Acme"),
        ("Name = 'CÄSAR'", "Cäsar"),
        ("Name != 'acme'", "beta Cäsar"),
        ("Industry = null", "Cäsar"),
        ("Industry != null", "Acme beta"),
        ("Industry = ''", "Cäsar"),
        ("Industry > ''", "Acme beta"),
        ("Industry >= ''", "Acme beta"),
        ("Industry < ''", ""),
        ("Parent.Name > ''", "Cäsar"),
        ("Id > ''", "Acme beta Cäsar"),
        // Two-valued: != and NOT take rows without a value, < leaves them out.
        ("Industry != 'Banking'", "beta Cäsar"),
        ("NOT Industry = 'Banking'", "beta Cäsar"),
        ("AnnualRevenue < 50", "beta"),
        ("NOT AnnualRevenue < 50", "Acme Cäsar"),
        ("AnnualRevenue >= 20 AND AnnualRevenue <= 100.5", "Acme beta"),
        ("AnnualRevenue = 20.0", "beta"),
        ("AnnualRevenue > +.5", "Acme beta"),
        ("AnnualRevenue > -5", "Acme beta"),
        ("Name IN ('ACME', 'Beta')", "Acme beta"),
        ("Name NOT IN ('ACME', 'Beta')", "Cäsar"),
        ("Industry IN ('banking', null)", "Acme Cäsar"),
        ("Industry NOT IN ('banking', null)", "beta"),
        ("AnnualRevenue IN (20, 7)", "beta"),
        ("Name LIKE '%A%'", "Acme beta Cäsar"),
        ("Name LIKE 'b%'", "beta"),
        ("NOT (Name LIKE 'b%')", "Acme Cäsar"),
        ("(Name = 'beta' OR Name = 'acme') AND Industry = 'Apparel'", "beta"),
        ("Name > 'acme'", "beta Cäsar"),
        ("ParentId != null", "Cäsar"),
        ("Parent.Name = 'acme'", "Cäsar"),
        ("Parent.Name = null", "Acme beta"),
        ("Parent.Industry != 'Banking'", "Acme beta"),
        ("Parent.Name = 'acme' OR Name = 'beta'", "beta Cäsar"),
        ("Owner.Name = 'ada byron'", "Acme beta Cäsar"),
        ("Account.Name = 'beta'", "beta"),
    ] {
        assert_eq!(world.names(&format!("SELECT Name FROM Account WHERE {condition}")), names, "{condition}");
    }
}

#[test]
fn checkboxes_are_never_null() {
    let world = World::new();
    for (condition, names) in [
        ("HasOptedOutOfEmail = true", "Ann Ames"),
        ("HasOptedOutOfEmail = false", "Boole Curry"),
        ("HasOptedOutOfEmail != true", "Boole Curry"),
        ("HasOptedOutOfEmail = null", "Boole Curry"),
    ] {
        assert_eq!(world.names(&format!("SELECT Name FROM Contact WHERE {condition}")), names, "{condition}");
    }
}

#[test]
fn ids_are_equal_in_both_lengths() {
    let world = World::new();
    let acme = id("001", 1);
    for condition in [
        format!("Id = '{acme}'"),
        format!("Id = '{}'", acme.short()),
        format!("Id IN ('{acme}', '{}')", id("001", 99)),
        format!("Id < '{}'", id("001", 2)),
    ] {
        assert_eq!(
            world.names(&format!("SELECT Name FROM Account WHERE {condition}")),
            "Acme",
            "{condition}"
        );
    }
    assert_eq!(
        world.names(&format!("SELECT Name FROM Account WHERE ParentId = '{}'", acme.short())),
        "Cäsar"
    );
    // As recorded: an empty id is none at all, and one with a wrong checksum is nobody's.
    assert_eq!(world.names("SELECT Name FROM Account WHERE Id = ''"), "");
    assert_eq!(world.names("SELECT Name FROM Account WHERE ParentId != ''"), "Cäsar");
    assert_eq!(world.names(&format!("SELECT Name FROM Account WHERE Id = '{}AKE'", acme.short())), "");
}

#[test]
fn moments_compare_with_days_of_the_user() {
    let mut world = World::new();
    for (condition, names) in [
        ("CreatedDate = TODAY", "Acme"),
        ("CreatedDate = YESTERDAY", "beta"),
        ("CreatedDate != TODAY", "beta Cäsar"),
        ("CreatedDate < TODAY", "beta Cäsar"),
        ("CreatedDate <= YESTERDAY", "beta Cäsar"),
        ("CreatedDate > YESTERDAY", "Acme"),
        ("CreatedDate >= YESTERDAY", "Acme beta"),
        ("CreatedDate = LAST_N_DAYS:1", "Acme beta"),
        ("CreatedDate = LAST_MONTH", "Cäsar"),
        ("CreatedDate IN (TODAY, LAST_MONTH)", "Acme Cäsar"),
        ("CreatedDate > 2026-04-14T23:30:00Z", "Acme"),
        ("CreatedDate >= 2026-04-15T01:30:00+02:00", "Acme beta"),
        ("SystemModstamp >= 2026-04-14T00:00:00Z AND SystemModstamp < 2026-04-15T00:00:00Z", "beta"),
        ("CALENDAR_YEAR(CreatedDate) = 2026 AND CALENDAR_MONTH(CreatedDate) = 3", "Cäsar"),
        ("DAY_ONLY(CreatedDate) = 2026-04-14", "beta"),
        ("HOUR_IN_DAY(CreatedDate) = 23", "beta"),
    ] {
        assert_eq!(world.names(&format!("SELECT Name FROM Account WHERE {condition}")), names, "{condition}");
    }
    // Berlin is two hours ahead: half past eleven in the evening is the next day there.
    world.context.time_zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(2));
    assert_eq!(world.names("SELECT Name FROM Account WHERE CreatedDate = TODAY"), "Acme beta");
    assert_eq!(
        world.names("SELECT Name FROM Account WHERE DAY_ONLY(convertTimezone(CreatedDate)) = 2026-04-15"),
        "Acme beta"
    );
    world.context.now_ms += DAY;
    assert_eq!(world.names("SELECT Name FROM Account WHERE CreatedDate = YESTERDAY"), "Acme beta");
    assert_eq!(world.names("SELECT Name FROM Contact WHERE Birthdate < 1990-01-01"), "Boole");
}

#[test]
fn rows_come_in_the_order_that_was_asked_for() {
    let world = World::new();
    for (order, names) in [
        ("Name", "Acme beta Cäsar"),
        ("Name DESC", "Cäsar beta Acme"),
        // Nulls come first, whatever the direction.
        ("AnnualRevenue", "Cäsar beta Acme"),
        ("AnnualRevenue DESC", "Cäsar Acme beta"),
        ("AnnualRevenue NULLS LAST", "beta Acme Cäsar"),
        ("AnnualRevenue DESC NULLS LAST", "Acme beta Cäsar"),
        ("OwnerId, Name DESC", "Cäsar beta Acme"),
        ("Id, Name DESC", "Acme beta Cäsar"),
        ("Id DESC, Name", "Cäsar beta Acme"),
        ("OwnerId, Id DESC", "Cäsar beta Acme"),
        ("OwnerId, Id, Name DESC", "Acme beta Cäsar"),
        ("Parent.Name, Name", "Acme beta Cäsar"),
        ("CreatedDate", "Cäsar beta Acme"),
        // A reference does not listen to NULLS LAST.
        ("ParentId NULLS LAST, Name", "Acme beta Cäsar"),
        ("Name LIMIT 2", "Acme beta"),
        ("Name LIMIT 1 OFFSET 1", "beta"),
        ("Name OFFSET 2", "Cäsar"),
        ("Name LIMIT 0", ""),
        ("Name LIMIT 10 OFFSET 5", ""),
    ] {
        assert_eq!(world.names(&format!("SELECT Name FROM Account ORDER BY {order}")), names, "{order}");
    }
    // A picklist is ordered as its values are defined, and not by letters.
    assert_eq!(world.names("SELECT LastName FROM Lead ORDER BY Status"), "One Three Two");
}

#[test]
fn keys_are_spelled_as_defined_and_parents_nest() {
    let world = World::new();
    let acme = id("001", 1).to_string();
    assert_eq!(
        world.rows("select NAME, account.name, id, Account.Owner.alias, LASTNAME, account.INDUSTRY from contact where lastname = 'ames'"),
        json!([{
            "Name": "Ann Ames",
            "Account": {"Name": "Acme", "Owner": {"Alias": "ada"}, "Industry": "Banking"},
            "Id": id("003", 1).to_string(),
            "LastName": "Ames"
        }])
    );
    assert_eq!(
        world.rows("SELECT Name, Account.Name FROM Contact WHERE AccountId = null"),
        json!([{"Name": "Curry", "Account": null}])
    );
    assert_eq!(
        world.rows(
            "SELECT a.Id, c.Name FROM Contact c, c.Account a WHERE a.Name = 'Acme' AND c.Email != null"
        ),
        json!([{"Account": {"Id": acme}, "Name": "Ann Ames"}])
    );
    assert_eq!(
        world.rows("SELECT BillingAddress, BillingCity FROM Account WHERE Name = 'acme'")[0]["BillingAddress"]
            ["postalCode"],
        "53111"
    );
    assert_eq!(
        world.rows("SELECT BillingAddress FROM Account WHERE Name = 'beta'"),
        json!([{"BillingAddress": null}])
    );
}

#[test]
fn children_come_nested_or_null() {
    let world = World::new();
    let contacts = |query: &str| {
        assert_eq!(
            world.rows(query),
            json!([
                {"Name": "Acme", "Contacts": [{"LastName": "Boole"}, {"LastName": "Ames"}]},
                {"Name": "beta", "Contacts": null},
                {"Name": "Cäsar", "Contacts": null}
            ]),
            "{query}"
        );
    };
    contacts("SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName DESC) FROM Account");
    contacts("SELECT Name, (SELECT Contact.LastName FROM Account.Contacts ORDER BY Birthdate) FROM Account");
    assert_eq!(
        world.rows(
            "SELECT (SELECT LastName FROM Contacts WHERE Email != null LIMIT 1), Id FROM Account LIMIT 1"
        ),
        json!([{"Contacts": [{"LastName": "Ames"}], "Id": id("001", 1).to_string()}])
    );
    assert_eq!(
        world.rows(
            "SELECT (SELECT Name, (SELECT LastName FROM Contacts) FROM ChildAccounts) FROM Account LIMIT 1"
        ),
        json!([{"ChildAccounts": [{"Name": "Cäsar", "Contacts": null}]}])
    );
}

#[test]
fn a_reference_to_several_objects_is_read_through_name() {
    let world = World::new();
    let set = world.run("SELECT Owner.Name, Owner.Type, Owner.Alias FROM Lead").unwrap();
    let types: Vec<String> = set
        .rows()
        .map(|row| match row.cells().next() {
            Some((_, Cell::Parent(Some(owner)))) => {
                format!("{} {}", owner.type_name(), owner.identity().unwrap().0.name)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(types, ["Name User", "Name Group", "Name Group"]);
    assert_eq!(
        world.rows("SELECT Owner.Name, Owner.Type, Owner.Alias FROM Lead LIMIT 2"),
        json!([
            {"Owner": {"Name": "Ada Byron", "Type": "User", "Alias": "ada"}},
            {"Owner": {"Name": "Inbox", "Type": "Group", "Alias": null}}
        ])
    );
    assert_eq!(world.names("SELECT LastName FROM Lead WHERE Owner.Type = 'Group'"), "Two Three");
    assert_eq!(
        world.rows("SELECT TYPEOF Owner WHEN User THEN Alias, Id WHEN Group THEN Name END FROM Lead LIMIT 2"),
        json!([{"Owner": {"Alias": "ada", "Id": id("005", 1).to_string()}}, {"Owner": {"Name": "Inbox"}}])
    );
    assert_eq!(world.names("SELECT LastName FROM Lead USING SCOPE mine"), "One");
}

#[test]
fn semi_joins_find_ids() {
    let world = World::new();
    for (condition, names) in [
        ("Id IN (SELECT AccountId FROM Contact)", "Acme"),
        ("Id NOT IN (SELECT AccountId FROM Contact)", "beta Cäsar"),
        ("Id IN (SELECT AccountId FROM Contact WHERE LastName LIKE 'c%')", ""),
        ("Id IN (SELECT AccountId FROM Contact WHERE Birthdate < 1986-01-01) AND Name != 'x'", "Acme"),
    ] {
        assert_eq!(world.names(&format!("SELECT Name FROM Account WHERE {condition}")), names, "{condition}");
    }
    assert_eq!(
        world.names(
            "SELECT Name FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Name = 'acme')"
        ),
        "Ann Ames Boole"
    );
}

#[test]
fn aggregates_count_what_is_there() {
    let world = World::new();
    for (query, expected) in [
        ("SELECT COUNT(Id) FROM Account", json!([{"expr0": "3"}])),
        (
            "SELECT COUNT(Industry), COUNT(Id) c, SUM(AnnualRevenue) FROM Account",
            json!([{"expr0": "2", "c": "3", "expr1": "120.5"}]),
        ),
        (
            "SELECT MIN(Name), MAX(Name), AVG(AnnualRevenue) FROM Account",
            json!([{"expr0": "Acme", "expr1": "Cäsar", "expr2": "60.25"}]),
        ),
        ("SELECT COUNT_DISTINCT(Company) FROM Lead", json!([{"expr0": "2"}])),
        ("SELECT MAX(CreatedDate) m FROM Account", json!([{"m": "2026-04-15T08:00:00.000Z"}])),
        // The last in the picklist, and not the last in the alphabet.
        ("SELECT MAX(Status) FROM Lead", json!([{"expr0": "Closed - Converted"}])),
        (
            "SELECT COUNT(Id), SUM(AnnualRevenue) FROM Account WHERE Name = 'none'",
            json!([{"expr0": "0", "expr1": null}]),
        ),
        ("SELECT LeadSource, COUNT(Id) FROM Lead WHERE LastName = 'none' GROUP BY LeadSource", json!([])),
        (
            "SELECT LeadSource, COUNT(Id) FROM Lead GROUP BY LeadSource",
            json!([{"LeadSource": null, "expr0": "1"}, {"LeadSource": "Web", "expr0": "2"}]),
        ),
        (
            "SELECT Company c, COUNT(Id) n FROM Lead GROUP BY Company HAVING COUNT(Id) > 1 AND Company LIKE 'B%'",
            json!([{"c": "Beta", "n": "2"}]),
        ),
        (
            "SELECT Company FROM Lead GROUP BY Company ORDER BY COUNT(Id) DESC, Company LIMIT 1",
            json!([{"Company": "Beta"}]),
        ),
        (
            "SELECT Account.Name, COUNT(Id) FROM Contact GROUP BY Account.Name ORDER BY Account.Name NULLS LAST",
            json!([{"Name": "Acme", "expr0": "2"}, {"Name": null, "expr0": "1"}]),
        ),
        (
            "SELECT CALENDAR_MONTH(CreatedDate) m, COUNT(Id) n FROM Account GROUP BY CALENDAR_MONTH(CreatedDate)",
            json!([{"m": "3", "n": "1"}, {"m": "4", "n": "2"}]),
        ),
        (
            "SELECT Company, LeadSource, GROUPING(LeadSource) g, COUNT(Id) n FROM Lead GROUP BY ROLLUP(Company, LeadSource)",
            json!([
                {"Company": "Alpha", "LeadSource": "Web", "g": "0", "n": "1"},
                {"Company": "Alpha", "LeadSource": null, "g": "1", "n": "1"},
                {"Company": "Beta", "LeadSource": null, "g": "0", "n": "1"},
                {"Company": "Beta", "LeadSource": "Web", "g": "0", "n": "1"},
                {"Company": "Beta", "LeadSource": null, "g": "1", "n": "2"},
                {"Company": null, "LeadSource": null, "g": "1", "n": "3"},
            ]),
        ),
    ] {
        assert_eq!(world.rows(query), expected, "{query}");
    }
    assert_eq!(
        world.rows("SELECT Company FROM Lead GROUP BY CUBE(Company, LeadSource)").as_array().unwrap().len(),
        8
    );

    let count = world.run("SELECT COUNT() FROM Account WHERE Industry != null").unwrap();
    assert_eq!((count.total_size(), count.len()), (2, 0));
    assert_eq!(world.run("SELECT COUNT() FROM Account LIMIT 1").unwrap().total_size(), 1);
}

#[test]
fn several_values_are_looked_for_one_by_one() {
    let world = World::new();
    for (number, interests) in [(1, "Chess;Golf"), (2, "golf")] {
        let name = format!("n{number}");
        world.put("Account", "001", number, &json!({"Name": name, "Interests__c": interests}));
    }
    for (condition, names) in [
        ("Interests__c = 'chess;golf'", "n1"),
        ("Interests__c INCLUDES ('Golf')", "n1 n2"),
        ("Interests__c INCLUDES ('Golf;Chess')", "n1"),
        ("Interests__c INCLUDES ('Golf;Chess', 'Tennis', 'GOLF')", "n1 n2"),
        ("Interests__c EXCLUDES ('Chess')", "n2 Cäsar"),
        ("Interests__c EXCLUDES ('Chess;Golf', 'Tennis')", "n2 Cäsar"),
    ] {
        assert_eq!(world.names(&format!("SELECT Name FROM Account WHERE {condition}")), names, "{condition}");
    }
}

#[test]
fn a_picklist_compares_values_matches_labels_and_sorts_by_definition() {
    let world = World::new();
    for (number, grade) in [(1, "X"), (2, "Y"), (3, "Z")] {
        world.put("Account", "001", number, &json!({"Name": grade, "Grade__c": grade}));
    }
    for (rest, names) in [
        ("WHERE Grade__c = 'x'", "X"),
        ("WHERE Grade__c = 'Bad'", ""),
        ("WHERE Grade__c LIKE 'b%'", "X Z"),
        ("WHERE Grade__c LIKE 'x%'", ""),
        ("WHERE toLabel(Grade__c) = 'bad'", "X"),
        ("WHERE toLabel(Grade__c) IN ('bad', 'good')", "X Y"),
        ("ORDER BY Grade__c", "Z Y X"),
        ("ORDER BY Grade__c DESC", "X Y Z"),
    ] {
        assert_eq!(world.names(&format!("SELECT Name FROM Account {rest}")), names, "{rest}");
    }
    assert_eq!(world.rows("SELECT toLabel(Grade__c) FROM Account LIMIT 1"), json!([{"Grade__c": "Bad"}]));
    assert_eq!(
        world.rows("SELECT MIN(Grade__c), MAX(Grade__c) FROM Account"),
        json!([{"expr0": "Z", "expr1": "X"}])
    );
    assert_eq!(
        world.rows("SELECT FIELDS(CUSTOM) FROM Account LIMIT 1"),
        json!([{"Interests__c": null, "Grade__c": "X"}])
    );
}

#[test]
fn labels_stand_for_values() {
    let world = World::new();
    assert_eq!(
        world.rows("SELECT toLabel(Status), toLabel(Status) s FROM Lead WHERE toLabel(Status) = 'open - not contacted'"),
        json!([{"Status": "Open - Not Contacted", "s": "Open - Not Contacted"}])
    );
}

#[test]
fn fields_expand() {
    let world = World::new();
    let all = world.rows("SELECT FIELDS(STANDARD) FROM Account LIMIT 1");
    let object = world.org.snapshot().schema().object("Account").unwrap().clone();
    let standard = object.fields.iter().filter(|field| !field.custom).count();
    assert_eq!(all[0].as_object().unwrap().len(), standard);
}

#[test]
fn deleted_rows_count_only_when_asked_for() {
    let mut world = World::new();
    world
        .org
        .transact(world.context.user, |tx| {
            let object = tx.state().schema().object("Account").unwrap().clone();
            mock_sfdc_org::verbs::delete(tx, &object, id("001", 2))
        })
        .unwrap();
    assert_eq!(world.names("SELECT Name FROM Account"), "Acme Cäsar");
    world.context.include_deleted = true;
    assert_eq!(world.names("SELECT Name FROM Account"), "Acme beta Cäsar");
    assert_eq!(world.names("SELECT Name FROM Account WHERE IsDeleted = true"), "beta");
    assert_eq!(world.names("SELECT Name FROM Account WHERE Name = 'beta'"), "beta");
}

#[test]
fn a_result_does_not_see_what_happens_later() {
    let world = World::new();
    let set = world.run("SELECT Name, (SELECT LastName FROM Contacts) FROM Account").unwrap();
    let before: Json = set.rows().map(|row| show(&row)).collect();
    world.put("Account", "001", 1, &json!({"Name": "Changed"}));
    world.put("Contact", "003", 9, &json!({"LastName": "New", "AccountId": id("001", 2).to_string()}));
    let after: Json = set.rows().map(|row| show(&row)).collect();
    assert_eq!(before, after);
}

#[test]
fn pages_follow_each_other() {
    let world = World::new();
    for number in 10..460 {
        world.put("Account", "001", number, &json!({"Name": format!("n{number}")}));
    }
    let set = world.run("SELECT Name FROM Account").unwrap();
    let cursor = soql::cursor::Cursor::new(set, 100);
    let mut sizes = Vec::new();
    let mut from = Some(0);
    while let Some(at) = from {
        let page = cursor.page(at).unwrap();
        sizes.push((page.rows().len(), page.done()));
        from = page.next();
    }
    assert_eq!(sizes, [(200, false), (200, false), (53, true)]);
    assert_eq!(cursor.result().total_size(), 453);
    assert!(cursor.page(453).is_none());
}

#[test]
fn conditions_are_asked_of_single_records() {
    let world = World::new();
    let state = world.org.snapshot();
    let lead = state.schema().object("Lead").unwrap();
    let options = BindOptions::default();
    let condition =
        soql::condition("Company = 'beta' AND Owner.Name LIKE 'in%'", state.schema(), lead, &options)
            .unwrap();
    let matched: Vec<bool> = state
        .table(lead.index)
        .rows()
        .map(|record| condition.matches(record, &state, &world.context))
        .collect();
    assert_eq!(matched, [false, true, true]);
    let names: Vec<&str> = condition.fields().iter().map(|at| lead.fields[*at].name.as_str()).collect();
    assert_eq!(names, ["Company", "OwnerId"]);

    let topic = soql::prepare(
        "SELECT Id, LastName, Company FROM Lead WHERE Status != null",
        state.schema(),
        &options,
    )
    .unwrap();
    let names = |positions: Vec<usize>| -> Vec<String> {
        positions.iter().map(|at| lead.fields[*at].name.to_string()).collect()
    };
    assert_eq!(names(topic.selected_fields()), ["LastName", "Company"]);
    assert_eq!(names(topic.filtered_fields()), ["Status"]);
}

#[test]
fn plans_use_indexes() {
    let world = World::new();
    let state = world.org.snapshot();
    for (query, plan) in [
        ("SELECT Id FROM Account", "walk all rows of Account"),
        ("SELECT Id FROM Account WHERE Industry = 'x'", "walk all rows of Account"),
        ("SELECT Id FROM Account WHERE Name = 'x'", "index Account.Name, 1 values"),
        ("SELECT Id FROM Account WHERE Name != 'x'", "walk all rows of Account"),
        ("SELECT Id FROM Account WHERE Name = 'x' OR Industry = 'y'", "walk all rows of Account"),
        (
            "SELECT Id FROM Account WHERE Name = 'x' OR OwnerId IN ('005000000000001')",
            "index Account.Name, 1 values; and index Account.OwnerId, 1 values",
        ),
        ("SELECT Id FROM Account WHERE Id = '001000000000001' AND Name = 'x'", "1 rows of Account by id"),
        ("SELECT Id FROM Contact WHERE Email IN ('a', 'b')", "index Contact.Email, 2 values"),
        (
            "SELECT Id FROM Account WHERE SystemModstamp > TODAY",
            "index Account.SystemModstamp, from bound to open",
        ),
        (
            "SELECT Id FROM Account WHERE SystemModstamp > 2020-01-01T00:00:00Z AND SystemModstamp <= 2021-01-01T00:00:00Z",
            "index Account.SystemModstamp, from bound to bound",
        ),
        (
            "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)",
            "rows of Account by the ids of the subquery",
        ),
        (
            "SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account)",
            "index Contact.AccountId, ids of the subquery",
        ),
    ] {
        let prepared = soql::prepare(query, state.schema(), &BindOptions::default()).unwrap();
        assert_eq!(prepared.explain(), plan, "{query}");
    }
}

#[test]
fn errors_are_salesforces() {
    let world = World::new();
    for (query, error) in [
        (
            "SELECT Bacon__c FROM Account",
            "INVALID_FIELD: No such column 'Bacon__c' on entity 'Account'. If you are attempting to use a custom field, be sure to \
             append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
        ),
        (
            "SELECT Id FROM Contact WHERE Nobody.Name = 'x'",
            "INVALID_FIELD: Didn't understand relationship 'Nobody' in field path. If you are attempting to use a custom \
             relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the \
             describe call for the appropriate names.",
        ),
        (
            "SELECT count() FROM XYZZY",
            "INVALID_TYPE: sObject type 'XYZZY' is not supported. If you are attempting to use a custom object, be sure to append \
             the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
        ),
        (
            "SELECT Id FROM Contact WHERE (Id = 'somethingwonky')",
            "INVALID_QUERY_FILTER_OPERATOR: invalid ID field: somethingwonky",
        ),
        (
            "SELECT Id FROM Account WHERE Description = 'x'",
            "INVALID_FIELD: field 'Description' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Account ORDER BY Description",
            "INVALID_FIELD: field 'Description' can not be sorted in a query call",
        ),
        (
            "SELECT Description FROM Account GROUP BY Description",
            "INVALID_FIELD: field 'Description' can not be grouped in a query call",
        ),
        ("SELECT Id, Name, ID FROM Account", "INVALID_FIELD: duplicate field selected: Id"),
        (
            "SELECT Id FROM Account WHERE AnnualRevenue = '5'",
            "INVALID_FIELD: value of filter criterion for field 'AnnualRevenue' must be of type double and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Account WHERE Name = 5",
            "INVALID_FIELD: value of filter criterion for field 'Name' must be of type string and should be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Account WHERE CreatedDate = 2020-01-01",
            "INVALID_FIELD: value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Contact WHERE Birthdate = '2020-01-01'",
            "INVALID_FIELD: value of filter criterion for field 'Birthdate' must be of type date and should not be enclosed in quotes",
        ),
        ("SELECT Id FROM Contact WHERE Birthdate = 2020-13-45", "MALFORMED_QUERY: Invalid date: 2020-13-45"),
        (
            "SELECT Id FROM Account WHERE Id LIKE '001%'",
            "INVALID_QUERY_FILTER_OPERATOR: invalid operator on id field",
        ),
        (
            "SELECT Id FROM Account OFFSET 2001",
            "NUMBER_OUTSIDE_VALID_RANGE: Maximum SOQL offset allowed is 2000",
        ),
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY: Field must be grouped or aggregated: Name"),
        (
            "SELECT COUNT(Id) FROM Account GROUP BY Name ORDER BY Industry",
            "MALFORMED_QUERY: Ordered field must be grouped or aggregated: Industry",
        ),
        (
            "SELECT Name FROM Account GROUP BY COUNT(Id)",
            "MALFORMED_QUERY: Grouped field should not be aggregated: COUNT(Id)",
        ),
        (
            "SELECT FIELDS(ALL) FROM Account",
            "MALFORMED_QUERY: The SOQL FIELDS function must have a LIMIT of at most 200",
        ),
        (
            "SELECT FIELDS(CUSTOM) FROM Contact LIMIT 1",
            "MALFORMED_QUERY: 'FIELDS(...)' expansion function must result in at least one field being selected.",
        ),
        ("SELECT FIELDS(STANDARD), Id FROM Account", "INVALID_FIELD: duplicate field selected: Id"),
        ("SELECT Name n FROM Account", "MALFORMED_QUERY: only aggregate expressions use field aliasing"),
        (
            "SELECT Owner.Amount FROM Lead",
            "INVALID_FIELD: No such column 'Amount' on entity 'Name'. If you are attempting to use a \
             custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call \
             for the appropriate names.",
        ),
        (
            "SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Contact)",
            "MALFORMED_QUERY: The selected field 'Id' in the subquery and the left operand field in the where expression in the \
             outer query 'Id' should point to the same object type",
        ),
        (
            "SELECT Id FROM Account WHERE Id IN (SELECT ParentId FROM Account)",
            "MALFORMED_QUERY: The inner and outer selects should not be on the same object type",
        ),
        (
            "SELECT Id FROM Account WHERE Name = 'a' OR Id IN (SELECT AccountId FROM Contact)",
            "MALFORMED_QUERY: Semi join sub-selects are not supported with the 'OR' operator",
        ),
    ] {
        assert_eq!(world.error(query), error, "{query}");
    }
}

#[test]
fn the_caret_stands_under_the_name() {
    let world = World::new();
    for (query, column) in [
        ("SELECT Bacon__c FROM Account LIMIT 2", 8),
        ("select count() from XYZZY", 21),
        ("SELECT COUNT() FROM Contact WHERE Nobody.Name = 'Volunteer'", 35),
        ("SELECT Id FROM Contact WHERE (Id = 'somethingwonky') LIMIT 1", 31),
        ("SELECT Id, (SELECT Foo FROM Contacts) FROM Account", 20),
    ] {
        let error = world.run(query).unwrap_err();
        assert!(error.contains(&format!("\nERROR at Row:1:Column:{column}\n")), "{error}");
    }
}

#[test]
fn what_is_not_emulated_is_refused_by_name() {
    let world = World::new();
    for query in [
        "SELECT Id FROM Account USING SCOPE team",
        "SELECT Id FROM Account UPDATE TRACKING",
        "SELECT Id FROM Account WITH DATA CATEGORY Geography__c AT usa__c",
        "SELECT Id FROM Account WHERE AnnualRevenue + NumberOfEmployees > 10",
    ] {
        let error = world.error(query);
        assert!(error.contains("mock-sfdc does not emulate SOQL's "), "{query}: {error}");
    }
}
