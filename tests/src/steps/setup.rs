//! Steps for the set-up screens: referral add for each program, referral update for the account.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::referrals::snake;
use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::product;

pub const SUBJECT: Subject = Subject {
    title: "Set-up of Referral Rock",
    steps: &[
        step!(
            "Given",
            "referral add for {string} is set up:",
            referral_add,
            "`Add referrals as`: Lead or Contact; `Enabled`: yes (also when left out) or no; `When the email already matches`: Leave the record, Add the referral information, Create another record, or Set Referral to Denied.",
            "Given referral add for \"Champions\" is set up:\n  | Add referrals as               | Lead                   |\n  | When the email already matches | Set Referral to Denied |"
        ),
        step!(
            "When",
            "setting up referral add for {string} is refused with {string}:",
            referral_add_refused,
            "Referral Rock answers with an error that contains this text; the settings are those of the step above.",
            "When setting up referral add for \"Champions\" is refused with \"sandbox\":\n  | Add referrals as | Lead |"
        ),
        step!(
            "Given",
            "these custom referral fields of {string} are mapped:",
            custom_referral_fields,
            "Custom fields of referrals go to these fields of the org.",
            "Given these custom referral fields of \"Champions\" are mapped:\n  | Referral field | Salesforce field |\n  | Job            | Title            |"
        ),
        step!(
            "Given",
            "these custom member fields of {string} are mapped:",
            custom_member_fields,
            "Custom fields of members go to these fields of the org.",
            "Given these custom member fields of \"Champions\" are mapped:\n  | Member field | Salesforce field |\n  | Tier         | Rating           |"
        ),
        step!(
            "Given",
            "these member details of {string} are mapped:",
            member_details,
            "Of the referring member: Name, Email, External ID, Phone, Referral code.",
            "Given these member details of \"Champions\" are mapped:\n  | Member detail | Salesforce field          |\n  | Email         | Referring_Member_Email__c |"
        ),
        step!(
            "Given",
            "contact matching is {string}",
            contact_matching,
            "`The triggering record only`, or `The contacts of its account too`.",
            "Given contact matching is \"The contacts of its account too\""
        ),
        step!(
            "Given",
            "referral update is set up",
            referral_update,
            "Referral Rock listens to the org from now on.",
            "Given referral update is set up"
        ),
        step!(
            "Given",
            "these status change events:",
            status_change_events,
            "Which value of which field sets which status; replaces those that were set up before.",
            "Given these status change events:\n  | Status   | Object      | Field     | Value      |\n  | Approved | Opportunity | StageName | Closed Won |"
        ),
        step!(
            "Given",
            "overriding denied referrals is {word}",
            override_denied,
            "The toggle: on or off.",
            "Given overriding denied referrals is on"
        ),
        step!(
            "Given",
            "these fields to update:",
            fields_to_update,
            "Which field of a referral is filled from which field of the org.",
            "Given these fields to update:\n  | Referral field | Object      | Field  |\n  | Amount         | Opportunity | Amount |"
        ),
        step!(
            "Given",
            "referrals are matched directly by:",
            target_match,
            "Fields of Contact, Account or Opportunity that hold a Referral ID or an External ID.",
            "Given referrals are matched directly by:\n  | Referral field | Object      | Field                        |\n  | Referral ID    | Opportunity | Referral_Rock_Referral_Id__c |"
        ),
        step!(
            "Given",
            "members are matched by:",
            member_match,
            "Fields that name the member: Email, External ID, Referral code, Member ID.",
            "Given members are matched by:\n  | Member field  | Object | Field                    |\n  | Referral code | Lead   | Referring_Member_Code__c |"
        ),
        step!(
            "Given",
            "Leads are matched back by:",
            additional_matching,
            "Fields of Lead that hold a Referral ID or an External ID.",
            "Given Leads are matched back by:\n  | Referral field | Field                        |\n  | Referral ID    | Referral_Rock_Referral_Id__c |"
        ),
        step!(
            "Given",
            "these process rules:",
            process_rules,
            "Switches, on or off: Process direct matches, Process fuzzy matches, Review when no member matches, Review denied referrals, Notify on review.",
            "Given these process rules:\n  | Process fuzzy matches | off |"
        ),
    ],
};

/// Changes one program's or the account's set-up and lets the engine take it in.
async fn change(world: &mut World, path: &str, edit: impl FnOnce(&mut Value)) -> Outcome {
    let product = world.product().await?;
    let mut setup = product.get(path).await?;
    edit(&mut setup);
    product.put(path, &setup).await?;
    world.settle().await
}

async fn add_path(world: &mut World, program: &str) -> Result<String, Failure> {
    let program = world.product().await?.program(program).await?;
    Ok(format!("programs/{}/referral-add", product::id(&program)))
}

const UPDATE: &str = "referral-update";

fn switch(cell: &str) -> Result<bool, Failure> {
    match cell.to_lowercase().as_str() {
        "on" | "yes" | "true" => Ok(true),
        "off" | "no" | "false" => Ok(false),
        _ => Err(Failure::mismatch("a switch", "on or off", cell)),
    }
}

/// One of a list of choices: its own word, and the engine's.
fn choice(what: &str, cell: &str, choices: &[(&str, &str)]) -> Result<String, Failure> {
    let found = choices
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(cell))
        .map(|(_, engine)| (*engine).to_owned());
    let known = || choices.iter().map(|(own, _)| *own).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| Failure::mismatch(what, known(), cell))
}

/// What a table of referral add says.
fn add_settings(args: &Args) -> Result<Map<String, Value>, Failure> {
    let mut settings = Map::from_iter([("enabled".to_owned(), json!(true))]);
    for (title, cell) in args.pairs()? {
        let (key, value) = match title.as_str() {
            "Add referrals as" => {
                ("add_as", json!(choice(&title, &cell, &[("Lead", "Lead"), ("Contact", "Contact")])?))
            }
            "Enabled" => ("enabled", json!(switch(&cell)?)),
            "When the email already matches" => {
                ("when_email_matches", json!(choice(&title, &cell, WHEN_EMAIL_MATCHES)?))
            }
            _ => {
                let known = "Add referrals as, When the email already matches, Enabled";
                return Err(Failure::mismatch("a setting of referral add", known, title));
            }
        };
        settings.insert(key.to_owned(), value);
    }
    Ok(settings)
}

async fn referral_add(world: &mut World, args: Args) -> Outcome {
    let settings = add_settings(&args)?;
    let path = add_path(world, args.text(0)).await?;
    change(world, &path, |setup| settings.into_iter().for_each(|(key, value)| setup[key] = value)).await
}

async fn referral_add_refused(world: &mut World, args: Args) -> Outcome {
    let settings = add_settings(&args)?;
    let path = add_path(world, args.text(0)).await?;
    let product = world.product().await?;
    let mut setup = product.get(&path).await?;
    settings.into_iter().for_each(|(key, value)| setup[key] = value);
    let reply = product.call(Method::PUT, &path, Some(&setup)).await?;
    let found = reply.problem();
    if reply.status.is_client_error() && found.contains(args.text(1)) {
        return Ok(());
    }
    let wanted = format!("a refusal that contains \"{}\"", args.text(1));
    Err(Failure::mismatch("setting up referral add", wanted, found))
}

async fn contact_matching(world: &mut World, args: Args) -> Outcome {
    let choices = [
        ("The triggering record only", "triggering_record"),
        ("The contacts of its account too", "account_contacts"),
    ];
    let wanted = choice("contact matching", args.text(0), &choices)?;
    change(world, UPDATE, |setup| setup["contact_matching"] = json!(wanted)).await
}

const WHEN_EMAIL_MATCHES: &[(&str, &str)] = &[
    ("Leave the record", "leave_record"),
    ("Add the referral information", "add_information"),
    ("Create another record", "create_anyway"),
    ("Set Referral to Denied", "set_denied"),
];

/// Rows of two columns as a JSON object.
fn mapping(args: &Args, key: impl Fn(&str) -> String) -> Result<Value, Failure> {
    let mut mapping = Map::new();
    for row in args.records()? {
        let [(_, from), (_, to)] = row.as_slice() else {
            return Err(Failure::new(
                "this table has two columns: the field in Referral Rock and the one of the org",
            ));
        };
        mapping.insert(key(from), json!(to));
    }
    Ok(Value::Object(mapping))
}

async fn custom_referral_fields(world: &mut World, args: Args) -> Outcome {
    let mapping = mapping(&args, str::to_owned)?;
    let path = add_path(world, args.text(0)).await?;
    change(world, &path, |setup| setup["custom_referral_fields"] = mapping).await
}

async fn custom_member_fields(world: &mut World, args: Args) -> Outcome {
    let mapping = mapping(&args, str::to_owned)?;
    let path = add_path(world, args.text(0)).await?;
    change(world, &path, |setup| setup["custom_member_fields"] = mapping).await
}

async fn member_details(world: &mut World, args: Args) -> Outcome {
    let mapping = mapping(&args, snake)?;
    let path = add_path(world, args.text(0)).await?;
    change(world, &path, |setup| setup["member_information"] = mapping).await
}

async fn referral_update(world: &mut World, _args: Args) -> Outcome {
    change(world, UPDATE, |setup| setup["enabled"] = json!(true)).await
}

/// Column of a table, key in the engine's set-up, and how a cell is written there.
type Columns<'a> = &'a [(&'a str, &'a str, fn(&str) -> Value)];

/// Rows as JSON objects: each column has its key, and a way to write its cell.
fn rows(args: &Args, columns: Columns<'_>) -> Result<Value, Failure> {
    let known = || columns.iter().map(|(title, ..)| *title).collect::<Vec<_>>().join(", ");
    let mut rows = Vec::new();
    for row in args.records()? {
        let mut object = Map::new();
        for (title, cell) in row {
            let column = columns.iter().find(|(known, ..)| *known == title);
            let (_, key, write) =
                column.ok_or_else(|| Failure::mismatch("a column of this table", known(), &title))?;
            object.insert((*key).to_owned(), write(&cell));
        }
        rows.push(Value::Object(object));
    }
    Ok(Value::Array(rows))
}

fn plain(cell: &str) -> Value {
    json!(cell)
}

fn key(cell: &str) -> Value {
    json!(snake(cell))
}

/// Fields of a referral that Referral Rock has itself; others are custom.
fn referral_field(cell: &str) -> Value {
    let key = snake(cell);
    let own = ["first_name", "last_name", "email", "phone", "company", "external_id", "amount", "note"];
    if own.contains(&key.as_str()) { json!(key) } else { json!({ "custom": cell }) }
}

async fn status_change_events(world: &mut World, args: Args) -> Outcome {
    let columns: Columns<'_> = &[
        ("Status", "status", plain),
        ("Object", "object", plain),
        ("Field", "field", plain),
        ("Value", "value", plain),
    ];
    let events = rows(&args, columns)?;
    change(world, UPDATE, |setup| setup["status_change_events"] = events).await
}

async fn override_denied(world: &mut World, args: Args) -> Outcome {
    let on = switch(args.text(0))?;
    change(world, UPDATE, |setup| setup["override_denied"] = json!(on)).await
}

async fn fields_to_update(world: &mut World, args: Args) -> Outcome {
    let columns: Columns<'_> = &[
        ("Referral field", "referral_field", referral_field),
        ("Object", "object", plain),
        ("Field", "field", plain),
    ];
    let fields = rows(&args, columns)?;
    change(world, UPDATE, |setup| setup["fields_to_update"] = fields).await
}

async fn target_match(world: &mut World, args: Args) -> Outcome {
    let columns: Columns<'_> =
        &[("Referral field", "matches", key), ("Object", "object", plain), ("Field", "field", plain)];
    let fields = rows(&args, columns)?;
    change(world, UPDATE, |setup| setup["target_match"] = fields).await
}

async fn member_match(world: &mut World, args: Args) -> Outcome {
    let columns: Columns<'_> =
        &[("Member field", "matches", key), ("Object", "object", plain), ("Field", "field", plain)];
    let fields = rows(&args, columns)?;
    change(world, UPDATE, |setup| setup["member_match"] = fields).await
}

async fn additional_matching(world: &mut World, args: Args) -> Outcome {
    let columns: Columns<'_> = &[("Referral field", "matches", key), ("Field", "field", plain)];
    let fields = rows(&args, columns)?;
    change(world, UPDATE, |setup| setup["additional_matching"] = fields).await
}

const RULES: &[(&str, &str)] = &[
    ("Process direct matches", "process_direct_matches"),
    ("Process fuzzy matches", "process_fuzzy_matches"),
    ("Review when no member matches", "review_without_member_match"),
    ("Review denied referrals", "review_denied"),
    ("Notify on review", "notify_on_review"),
];

async fn process_rules(world: &mut World, args: Args) -> Outcome {
    let mut rules = Map::new();
    for (title, cell) in args.pairs()? {
        rules.insert(choice("a process rule", &title, RULES)?, json!(switch(&cell)?));
    }
    change(world, UPDATE, |setup| rules.into_iter().for_each(|(rule, on)| setup["process_rules"][rule] = on))
        .await
}
