//! Our describes against recorded ones, property by property. What differs stands in [`EXPLAINED`] with
//! its reason; an unexplained difference fails, and so does an explanation that is no longer needed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use super::Schema;
use super::describe::{self, Links};
use crate::settings::Feature;

const LINKS: Links<'_> = Links { version: "v59.0", instance_url: "https://example.test" };

/// What a difference begins with (`*` is any text without a colon), and why it is right.
const EXPLAINED: &[(&str, &str)] = &[
    ("Account.fields.History__c:", CUSTOM),
    ("Account.fields.Primary_Contact__c:", CUSTOM),
    ("Account.fields.ns__Description__c:", CUSTOM),
    ("Account.fields.ns__LinkedAccount__c:", CUSTOM),
    ("Account.recordTypeInfos:", "a record type of the org that was recorded"),
    ("Account.urls.defaultValues:", OLD_LINK),
    ("Case.urls.defaultValues:", OLD_LINK),
    ("OpportunityContactRole.urls.defaultValues:", OLD_LINK),
    ("Account.childRelationships.EventRelationChangeEvent.RelationId:", SHARED),
    ("Case.childRelationships.EventRelationChangeEvent.RelationId:", SHARED),
    ("Opportunity.childRelationships.EventRelationChangeEvent.RelationId:", SHARED),
    ("Contact.fields.DoNotCall:", HIDDEN),
    ("Contact.fields.GenderIdentity:", HIDDEN),
    ("Contact.fields.Pronouns:", HIDDEN),
    ("Lead.fields.GenderIdentity:", HIDDEN),
    ("Lead.fields.LastTransferDate:", HIDDEN),
    ("Lead.fields.Pronouns:", HIDDEN),
    ("Contact.fields.HasOptedOutOfEmail:", HIDDEN),
    ("Contact.fields.HasOptedOutOfFax:", HIDDEN),
    ("Lead.fields.DoNotCall:", HIDDEN),
    ("Lead.fields.HasOptedOutOfEmail:", HIDDEN),
    ("Lead.fields.HasOptedOutOfFax:", HIDDEN),
    ("Opportunity.fields.ContractId:", HIDDEN),
    ("User.childRelationships.ContentDocumentLink.LinkedEntityId.relationshipName:", OF_2015),
    ("User.feedEnabled:", OF_2015),
    ("User.fields.*.defaultValue: ours false, recorded null", OF_2015),
    ("User.fields.*: ours only", OF_2015),
    ("User.fields.AccountId.relationshipName:", OF_2015),
    ("User.fields.CUST__CustomField1__c:", CUSTOM),
    ("User.fields.TimeZoneSidKey.picklistValues:", OF_2015),
    (
        "User.fields.UserPermissionsChatterAnswersUser:",
        "retired with Chatter Answers, and not in the WSDL of v47",
    ),
    ("User.urls.namedLayouts:", OF_2015),
    ("person.FirstName.nameField:", "the name of a person account is the account's"),
    ("person.LastName.nameField:", "the name of a person account is the account's"),
    ("person.PersonContactId.searchPrefilterable:", "no source says of which references it is true"),
    ("person.Salutation.picklistValues:", "a value of the org that was recorded"),
];

const CUSTOM: &str = "a custom field of the org that was recorded";
const SHARED: &str = "shared activities are not emulated: an event relates to people and one record";
const HIDDEN: &str = "standard, but field permissions hid it from the user who recorded";
const OF_2015: &str = "recorded at v29 in 2015; ours follows the WSDL of v47 and the later global describe";
const OLD_LINK: &str = "a link of v48 that later versions do not give";

/// The folder of recorded answers, which is not part of the repository.
fn recorded(file: &str) -> Option<Value> {
    let shared = std::env::var_os("MOCK_SFDC_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("recorded/describe").join(file);
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Some(serde_json::from_str(&text).expect("recorded describes are JSON"));
    }
    eprintln!("SKIPPED: {} is not here; set MOCK_SFDC_SHARED to compare with it", path.display());
    None
}

#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare(&mut self, place: &str, ours: &Value, theirs: &Value) {
        if ours != theirs {
            self.0.push(format!("{place}: ours {}, recorded {}", short(ours), short(theirs)));
        }
    }

    /// Panics unless the table explains each, and each row of it explains something.
    fn check(&self, prefix: &str) {
        let mut used = vec![false; EXPLAINED.len()];
        let unexplained: Vec<&String> = self
            .0
            .iter()
            .filter(|difference| {
                let row = EXPLAINED.iter().position(|(start, _)| begins(difference, start));
                row.inspect(|row| used[*row] = true).is_none()
            })
            .collect();
        let idle: Vec<&str> = EXPLAINED
            .iter()
            .zip(&used)
            .filter(|((start, _), used)| !**used && start.starts_with(prefix))
            .map(|((start, _), _)| *start)
            .collect();
        assert!(unexplained.is_empty(), "unexplained:\n{}", join(&unexplained));
        assert!(idle.is_empty(), "explained, but equal: {idle:?}");
    }
}

fn begins(difference: &str, start: &str) -> bool {
    match start.split_once('*') {
        None => difference.starts_with(start),
        Some((head, tail)) => {
            let rest = difference.strip_prefix(head).unwrap_or("");
            rest.find(tail).is_some_and(|at| !rest[..at].contains(':'))
        }
    }
}

fn join(lines: &[&String]) -> String {
    lines.iter().flat_map(|line| ["  ", line.as_str(), "\n"]).collect()
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.len() <= 160 {
        text
    } else {
        format!("{}… ({} bytes)", text.chars().take(160).collect::<String>(), text.len())
    }
}

fn by_name<'a>(list: &'a Value, key: &str) -> BTreeMap<&'a str, &'a Value> {
    list.as_array().into_iter().flatten().filter_map(|row| Some((row[key].as_str()?, row))).collect()
}

fn compare_object(name: &str, theirs: &Value) -> Differences {
    let schema = Schema::standard();
    let ours = describe::to_value(&describe::object(schema.object(name).expect("standard object"), LINKS));
    let mut found = Differences::default();
    for (key, theirs) in theirs.as_object().expect("an object") {
        let place = format!("{name}.{key}");
        match key.as_str() {
            "fields" => compare_fields(name, &ours[key], theirs, &mut found),
            "childRelationships" => compare_children(name, &schema, &ours[key], theirs, &mut found),
            "recordTypeInfos" => {
                let without = |list: &Value| -> Value {
                    let rows = list.as_array().into_iter().flatten().map(|row| {
                        let mut row = row.clone();
                        row.as_object_mut().map(|row| row.remove("urls"));
                        row
                    });
                    rows.collect()
                };
                found.compare(&place, &without(&ours[key]), &without(theirs));
            }
            "urls" => {
                for (url, link) in theirs.as_object().expect("links") {
                    let link = same_version(link);
                    found.compare(&format!("{place}.{url}"), &ours[key][url], &link);
                }
                for url in
                    ours[key].as_object().expect("links").keys().filter(|url| theirs.get(*url).is_none())
                {
                    found.0.push(format!("{place}.{url}: not recorded"));
                }
            }
            _ => {
                found.compare(
                    &place,
                    ours.get(key).unwrap_or(&Value::String("(no such key)".into())),
                    theirs,
                );
            }
        }
    }
    let order: Vec<&String> = theirs.as_object().expect("an object").keys().collect();
    let our_order: Vec<&String> =
        ours.as_object().expect("an object").keys().filter(|key| theirs.get(*key).is_some()).collect();
    if order.len() > 40 {
        assert_eq!(our_order, order, "the order of the top keys");
    }
    found
}

/// Recordings are of several versions and hosts.
fn same_version(link: &Value) -> Value {
    let text = link.as_str().expect("a link");
    let path = text.strip_prefix("https://").map_or(text, |rest| &rest[rest.find('/').unwrap_or(0)..]);
    let text = if text.starts_with("https://") {
        format!("{}{path}", LINKS.instance_url)
    } else {
        let mut parts: Vec<&str> = path.split('/').collect();
        parts[3] = LINKS.version;
        parts.join("/")
    };
    Value::String(text)
}

fn compare_fields(name: &str, ours: &Value, theirs: &Value, found: &mut Differences) {
    let (mine, recorded) = (by_name(ours, "name"), by_name(theirs, "name"));
    for (field, theirs) in &recorded {
        let place = format!("{name}.fields.{field}");
        let Some(ours) = mine.get(field) else {
            found.0.push(format!("{place}: recorded only"));
            continue;
        };
        for (key, theirs) in theirs.as_object().expect("a field") {
            let ours = ours.get(key).cloned().unwrap_or_else(|| Value::String("(no such key)".into()));
            found.compare(&format!("{place}.{key}"), &ours, theirs);
        }
    }
    for field in mine.keys().filter(|field| !recorded.contains_key(*field)) {
        found.0.push(format!("{name}.fields.{field}: ours only"));
    }
    let names = |list: &Value, other: &BTreeMap<&str, &Value>| -> Vec<String> {
        let rows = list.as_array().into_iter().flatten().filter_map(|row| row["name"].as_str());
        rows.filter(|name| other.contains_key(name)).map(str::to_owned).collect()
    };
    assert_eq!(names(ours, &recorded), names(theirs, &mine), "the order of the fields of {name}");
}

/// Children that the schema does not have are companions (feeds, shares, histories) and features of others.
fn compare_children(name: &str, schema: &Schema, ours: &Value, theirs: &Value, found: &mut Differences) {
    let key = |row: &Value| {
        format!("{}.{}", row["childSObject"].as_str().unwrap_or(""), row["field"].as_str().unwrap_or(""))
    };
    let mine: BTreeMap<String, &Value> =
        ours.as_array().into_iter().flatten().map(|row| (key(row), row)).collect();
    for theirs in theirs.as_array().into_iter().flatten() {
        if schema.object(theirs["childSObject"].as_str().unwrap_or("")).is_none() {
            continue;
        }
        let place = format!("{name}.childRelationships.{}", key(theirs));
        match mine.get(&key(theirs)) {
            None => found.0.push(format!("{place}: recorded only")),
            Some(ours) => {
                for (word, theirs) in theirs.as_object().expect("a relationship") {
                    found.compare(&format!("{place}.{word}"), &ours[word], theirs);
                }
            }
        }
    }
}

macro_rules! describes {
    ($($test:ident $object:literal $file:literal,)*) => {
        $(#[test]
        fn $test() {
            if let Some(theirs) = recorded($file) {
                compare_object($object, &theirs).check(concat!($object, "."));
            }
        })*
    };
}

describes! {
    account_is_as_recorded "Account" "Account.cumulusci.json",
    contact_is_as_recorded "Contact" "Contact.cumulusci.json",
    lead_is_as_recorded "Lead" "Lead.cumulusci.json",
    opportunity_is_as_recorded "Opportunity" "Opportunity.cumulusci.json",
    contact_role_is_as_recorded "OpportunityContactRole" "OpportunityContactRole.cumulusci.json",
    case_is_as_recorded "Case" "Case.cumulusci.json",
    event_is_as_recorded "Event" "Event.cumulusci.json",
    user_is_as_recorded "User" "User.toolkit-net.json",
}

#[test]
fn global_entries_are_as_recorded() {
    let Some(theirs) = recorded("global.cumulusci-full.json") else { return };
    let schema = Schema::standard();
    let ours = describe::to_value(&describe::global(&schema, LINKS));
    let recorded = by_name(&theirs["sobjects"], "name");
    let mut found = Differences::default();
    for (name, ours) in by_name(&ours["sobjects"], "name") {
        let Some(theirs) = recorded.get(name) else {
            assert!(NOT_RECORDED.contains(&name), "{name} is no object of the recorded org");
            continue;
        };
        let (ours, theirs) = (ours.as_object().expect("an entry"), theirs.as_object().expect("an entry"));
        assert!(ours.keys().eq(theirs.keys()), "the keys of {name}");
        for (key, theirs) in theirs {
            match key.as_str() {
                "urls" => {
                    let links = theirs.as_object().expect("links");
                    assert!(
                        ours[key].as_object().is_some_and(|ours| ours.keys().eq(links.keys())),
                        "links of {name}"
                    );
                    for (url, link) in links {
                        found.compare(&format!("global.{name}.{url}"), &ours[key][url], &same_version(link));
                    }
                }
                _ => found.compare(&format!("global.{name}.{key}"), &ours[key], theirs),
            }
        }
    }
    found.check("global.");
    let listed = recorded.keys().filter(|name| schema.object(name).is_some()).count();
    let text = format!("{listed} of {}", recorded.len());
    eprintln!("objects of the recorded org that every org here lists: {text}");
    assert_eq!(text, LISTED, "the share that fidelity/schema.rs tells");
}

/// Objects of features that the recorded org had not switched on.
const NOT_RECORDED: [&str; 6] =
    ["Quote", "QuoteLineItem", "QuoteHistory", "QuoteShare", "QuoteFeed", "QuoteChangeEvent"];

/// How many objects of the recorded global describe exist here, of how many; also told by `fidelity/schema.rs`.
const LISTED: &str = "200 of 1049";

/// What an administrator chooses for a custom field; all else must follow from it.
const CHOSEN: [&str; 16] = [
    "type",
    "label",
    "length",
    "precision",
    "scale",
    "referenceTo",
    "relationshipName",
    "inlineHelpText",
    "picklistValues",
    "externalId",
    "unique",
    "caseSensitive",
    "restrictedPicklist",
    "nillable",
    "defaultValueFormula",
    "extraTypeInfo",
];

/// What people bring to accounts, and what becomes of the fields that were there.
#[test]
fn fields_of_person_accounts_are_as_recorded() {
    let Some(theirs) = recorded("Account_PersonAccount.cumulusci.json") else { return };
    let plain = Schema::standard();
    let schema = plain.with_features(&BTreeSet::from([Feature::PersonAccounts]));
    let (business, account) = (plain.object("Account"), schema.object("Account"));
    let (business, account) = (business.expect("standard object"), account.expect("standard object"));
    let mut found = Differences::default();
    for (name, theirs) in by_name(&theirs["fields"], "name") {
        let new = business.field(name).is_none() && theirs["custom"] == false;
        if !new && name != "Name" {
            continue;
        }
        let Some((_, field)) = account.field(name) else {
            found.0.push(format!("person.{name}: recorded only"));
            continue;
        };
        let ours = describe::to_value(&describe::Described(field));
        for (key, theirs) in theirs.as_object().expect("a field") {
            found.compare(&format!("person.{name}.{key}"), &ours[key], theirs);
        }
    }
    found.check("person.");
}

#[test]
fn custom_fields_are_as_recorded() {
    let Some(theirs) = recorded("Account_PersonAccount.cumulusci.json") else { return };
    let standard = Schema::standard();
    let mut fields = serde_json::Map::new();
    for field in theirs["fields"].as_array().into_iter().flatten() {
        let name = field["name"].as_str().unwrap_or_default();
        let known = |to: &Value| standard.object(to.as_str().unwrap_or_default()).is_some();
        let refers_to_known = field["referenceTo"].as_array().is_none_or(|to| to.iter().all(known));
        if !name.ends_with("__c") || field["calculated"] == true || !refers_to_known {
            continue;
        }
        let set =
            |key: &&str| !matches!(&field[*key], Value::Null) && field[*key] != Value::Array(Vec::new());
        let words = CHOSEN.iter().filter(|key| set(key));
        let words: serde_json::Map<_, _> =
            words.map(|key| ((*key).to_owned(), field[*key].clone())).collect();
        fields.insert(name.to_owned(), Value::Object(words));
    }
    assert!(fields.len() > 20, "custom fields in the recording");
    let package = serde_json::json!({"objects": {"Account": {"fields": fields}}}).to_string();
    let schema =
        standard.load_package("recorded.json", &package).unwrap_or_else(|mistake| panic!("{mistake}"));
    let account = schema.object("Account").expect("standard object");
    let mut found = Differences::default();
    for (name, theirs) in
        by_name(&theirs["fields"], "name").into_iter().filter(|(name, _)| fields.contains_key(*name))
    {
        let (_, field) = account.field(name).expect("loaded");
        let ours = describe::to_value(&describe::Described(field));
        for (key, theirs) in theirs.as_object().expect("a field") {
            found.compare(&format!("custom.{name}.{key}"), &ours[key], theirs);
        }
    }
    found.check("custom.");
}
