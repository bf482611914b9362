//! Steps about programs, members and referrals: what people do and see in Referral Rock.

use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::records::record;
use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::cells;
use crate::world::product::{self, full_name};

pub const SUBJECT: Subject = Subject {
    title: "Members and referrals in Referral Rock",
    steps: &[
        step!(
            "Given",
            "the program {string} with the member {string}",
            program,
            "A program and one member; the member's email is first.last@example.com.",
            "Given the program \"Champions\" with the member \"Ada Lovelace\""
        ),
        step!(
            "Given",
            "the program {string} with these members:",
            program_with,
            "A program and its members; columns that Referral Rock does not know are custom fields.",
            "Given the program \"Champions\" with these members:\n  | First name | Last name | Referral code |\n  | Ada        | Lovelace  | ADA7          |"
        ),
        step!(
            "When",
            "{string} refers:",
            refer,
            "A member adds referrals; columns that Referral Rock does not know are custom fields.",
            "When \"Ada Lovelace\" refers:\n  | First name | Last name | Email             |\n  | Grace      | Hopper    | grace@example.com |"
        ),
        step!(
            "Then",
            "there is/are {int} referral(s)",
            count,
            "So many referrals in all.",
            "Then there is 1 referral"
        ),
        step!(
            "Then",
            "the referral {string} is {status}",
            status,
            "The status of the referral with this email.",
            "Then the referral \"grace@example.com\" is Approved"
        ),
        step!(
            "Then",
            "the referral {string} has:",
            has,
            "Fields of the referral with this email; `Member` is the member's full name.",
            "Then the referral \"grace@example.com\" has:\n  | Member | Ada Lovelace |\n  | Amount | 1200         |"
        ),
        step!(
            "Then",
            "the referral {string} is linked to the {object} {string}",
            linked,
            "Referral Rock knows this record of the org as the referral's.",
            "Then the referral \"grace@example.com\" is linked to the Lead \"Grace Hopper\""
        ),
        step!(
            "When",
            "the referral {string} is set to {status}",
            set_status,
            "A person sets the status by hand.",
            "When the referral \"grace@example.com\" is set to Denied"
        ),
        step!(
            "When",
            "setting the referral {string} to {status} is refused",
            set_refused,
            "A person tries to set the status by hand and may not.",
            "When setting the referral \"grace@example.com\" to Pending is refused"
        ),
    ],
};

async fn program(world: &mut World, args: Args) -> Outcome {
    let name = args.text(1);
    let (first, last) = name.split_once(' ').unwrap_or(("", name));
    let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
    let row = [("First name", first), ("Last name", last), ("Email", email.as_str())];
    let row = row.map(|(column, cell)| (column.to_owned(), cell.to_owned())).to_vec();
    add_program(world, args.text(0), &[row]).await
}

async fn program_with(world: &mut World, args: Args) -> Outcome {
    add_program(world, args.text(0), &args.records()?).await
}

async fn add_program(world: &mut World, name: &str, members: &[Vec<(String, String)>]) -> Outcome {
    let product = world.product().await?;
    let program = product.post("programs", &json!({ "name": name })).await?;
    for row in members {
        let mut body =
            fields(row, &["first_name", "last_name", "email", "phone", "external_id", "referral_code"]);
        body.insert("program_id".into(), product::id(&program).into());
        product.post("members", &Value::Object(body)).await?;
    }
    world.settle().await
}

const REFERRAL_FIELDS: &[&str] =
    &["first_name", "last_name", "email", "phone", "company", "external_id", "note", "amount"];

async fn refer(world: &mut World, args: Args) -> Outcome {
    let product = world.product().await?;
    let member = product.member(args.text(0)).await?;
    for row in args.records()? {
        let mut body = fields(&row, REFERRAL_FIELDS);
        body.insert("member_id".into(), member["id"].clone());
        body.insert("program_id".into(), member["program_id"].clone());
        product.post("referrals", &Value::Object(body)).await?;
    }
    world.settle().await
}

/// A table's row as a body: what is not among the known fields goes under `custom`.
fn fields(row: &[(String, String)], known: &[&str]) -> Map<String, Value> {
    let mut body = Map::new();
    let mut custom = Map::new();
    for (column, cell) in row.iter().filter(|(_, cell)| !cell.is_empty()) {
        let key = snake(column);
        if known.contains(&key.as_str()) {
            body.insert(key, cell.clone().into());
        } else {
            custom.insert(column.clone(), cell.clone().into());
        }
    }
    if !custom.is_empty() {
        body.insert("custom".into(), Value::Object(custom));
    }
    body
}

/// `External ID` -> `external_id`
pub(super) fn snake(title: &str) -> String {
    title.to_lowercase().replace([' ', '-'], "_")
}

async fn count(world: &mut World, args: Args) -> Outcome {
    let referrals = world.product().await?.list("referrals").await?;
    let wanted = args.number(0)?;
    if referrals.len() == wanted {
        return Ok(());
    }
    let emails = referrals.iter().map(|r| cells::text(&r["email"])).collect::<Vec<_>>().join(", ");
    Err(Failure::mismatch("the number of referrals", wanted, format!("{}: {emails}", referrals.len())))
}

async fn status(world: &mut World, args: Args) -> Outcome {
    let referral = world.product().await?.referral(args.text(0)).await?;
    if referral["status"] == args.text(1) {
        return Ok(());
    }
    let found = format!("{}; {}", cells::text(&referral["status"]), sending(&referral));
    Err(Failure::mismatch("the referral's status", args.text(1), found))
}

/// What became of sending the referral to the org: often the reason for a status that surprises.
fn sending(referral: &Value) -> String {
    match &referral["sending"] {
        Value::Null => "never sent to the org".to_owned(),
        sending => format!("sending: {sending}"),
    }
}

async fn has(world: &mut World, args: Args) -> Outcome {
    let product = world.product().await?.clone();
    let referral = product.referral(args.text(0)).await?;
    for (title, wanted) in args.pairs()? {
        let found = match title.as_str() {
            "Member" => {
                let member = product.get(&format!("members/{}", cells::text(&referral["member_id"]))).await?;
                Value::from(full_name(&member))
            }
            _ if referral.get(snake(&title)).is_some() => referral[snake(&title)].clone(),
            _ => referral["custom"][&title].clone(),
        };
        cells::compare(world, &title, &wanted, &found).await?;
    }
    Ok(())
}

async fn linked(world: &mut World, args: Args) -> Outcome {
    let (object, id) = record(world, &args, 1).await?;
    let referral = world.product().await?.referral(args.text(0)).await?;
    let links = referral["links"].as_array().cloned().unwrap_or_default();
    if links.iter().any(|link| link["object"] == object.as_str() && link["id"] == id.as_str()) {
        return Ok(());
    }
    let found = links.iter().map(|l| format!("{} {}", cells::text(&l["object"]), cells::text(&l["id"])));
    let found = found.collect::<Vec<_>>().join(", ");
    let found = if found.is_empty() { format!("no link; {}", sending(&referral)) } else { found };
    Err(Failure::mismatch("the records that the referral is linked to", format!("{object} {id}"), found))
}

async fn patch_status(world: &mut World, args: &Args) -> Result<product::Reply, Failure> {
    let product = world.product().await?;
    let referral = product.referral(args.text(0)).await?;
    let path = format!("referrals/{}", product::id(&referral));
    product.call(Method::PATCH, &path, Some(&json!({ "status": args.text(1) }))).await
}

async fn set_status(world: &mut World, args: Args) -> Outcome {
    patch_status(world, &args).await?.ok("setting the referral's status")?;
    world.settle().await
}

async fn set_refused(world: &mut World, args: Args) -> Outcome {
    let reply = patch_status(world, &args).await?;
    if reply.status == StatusCode::CONFLICT {
        return Ok(());
    }
    Err(Failure::mismatch("setting the referral's status", "a refusal (409)", reply.problem()))
}
