//! Steps about records of the org: a user of the org creates, changes, deletes and looks at them.

use serde_json::{Map, Value};

use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::cells;
use crate::world::salesforce::{Answer, quoted, written};

pub const SUBJECT: Subject = Subject {
    title: "Records of the org",
    steps: &[
        step!(
            "Given",
            "a/an {object} in the org:",
            create,
            "One record for each row; the heading holds API names of fields.",
            "Given a Lead in the org:\n  | FirstName | LastName | Company |\n  | Grace     | Hopper   | Navy    |"
        ),
        step!(
            "When",
            "a/an {object} is created in the org:",
            create,
            "The same, as something that happens.",
            "When a Contact is created in the org:\n  | LastName | AccountId      |\n  | Hopper   | Account \"Acme\" |"
        ),
        step!(
            "When",
            "the {object} {string} is changed in the org:",
            change,
            "Changes the record of that name: field and new value in each row.",
            "When the Opportunity \"Acme renewal\" is changed in the org:\n  | StageName | Closed Won |"
        ),
        step!(
            "When",
            "the {object} {string} is deleted in the org",
            delete,
            "Deletes the record of that name.",
            "When the Lead \"Grace Hopper\" is deleted in the org"
        ),
        step!(
            "When",
            "creating a/an {object} in the org is refused with {string}:",
            create_refused,
            "The org answers with this error code.",
            "When creating a Lead in the org is refused with \"REQUIRED_FIELD_MISSING\":\n  | FirstName |\n  | Grace     |"
        ),
        step!(
            "When",
            "changing the {object} {string} in the org is refused with {string}:",
            change_refused,
            "The org answers with this error code.",
            "When changing the Lead \"Hopper\" in the org is refused with \"INVALID_EMAIL_ADDRESS\":\n  | Email | none |"
        ),
        step!(
            "When",
            "creating a/an {object} in the org gets no answer:",
            create_lost,
            "The connection ends before the org's answer arrives.",
            "When creating a Lead in the org gets no answer:\n  | LastName | Company |\n  | Hopper   | Navy    |"
        ),
        step!(
            "Then",
            "the refusal names the fields {string}",
            refusal_fields,
            "The fields that the org's last refusal named, separated by commas.",
            "Then the refusal names the fields \"LastName, Company\""
        ),
        step!(
            "Then",
            "the refusal says {string}",
            refusal_says,
            "The message of the org's last refusal contains this text.",
            "Then the refusal says \"Required fields are missing\""
        ),
        step!(
            "Then",
            "the org has {int} {object}",
            count,
            "So many records of an object in all.",
            "Then the org has 0 Leads"
        ),
        step!(
            "Then",
            "the org has {int} {object} where {field} is {string}",
            count_where,
            "So many records with this value in a field.",
            "Then the org has 1 Lead where Email is \"grace@example.com\""
        ),
        step!(
            "Then",
            "the {object} {string} has:",
            has,
            "The record's fields, also over relationships; `contains …` asks for a part, `nothing` for an empty field.",
            "Then the Lead \"Grace Hopper\" has:\n  | Company    | Navy    |\n  | Owner.Name | Inbound |"
        ),
        step!(
            "Then",
            "the {object} {string} is unchanged",
            unchanged,
            "Nobody has changed the record since it was created.",
            "Then the Lead \"Grace Hopper\" is unchanged"
        ),
        step!(
            "Given",
            "a/an {object} {string} with {int} related {object}",
            related,
            "A record with so many related ones, named `Related 1`, `Related 2`, … as the objects are related in an org.",
            "Given a Contact \"Hopper\" with 2 related Opportunity"
        ),
    ],
};

async fn create(world: &mut World, args: Args) -> Outcome {
    create_with(world, &args, &[]).await
}

/// Creates the rows of the table; all have to succeed.
pub(super) async fn create_with(world: &mut World, args: &Args, headers: &[(&str, &str)]) -> Outcome {
    let object = world.org.admin.object_name(args.text(0)).await?;
    for row in args.records()? {
        let body = cells::body(world, &object, &row).await?;
        let created = world.org.admin.create(&object, &body, headers).await;
        created.ok(&format!("creating a {object} in the org"))?;
    }
    world.settle().await
}

async fn change(world: &mut World, args: Args) -> Outcome {
    let (object, id) = record(world, &args, 0).await?;
    let body = cells::body(world, &object, &args.pairs()?).await?;
    world.org.admin.update(&object, &id, &body).await.ok(&format!("changing the {object} in the org"))?;
    world.settle().await
}

async fn delete(world: &mut World, args: Args) -> Outcome {
    let (object, id) = record(world, &args, 0).await?;
    world.org.admin.delete(&object, &id).await.ok(&format!("deleting the {object} in the org"))?;
    world.settle().await
}

/// Object and id of the record that the parameters from this place on name.
pub(super) async fn record(world: &mut World, args: &Args, at: usize) -> Result<(String, String), Failure> {
    let object = world.org.admin.object_name(args.text(at)).await?;
    let id = world.org.admin.id_of(&object, args.text(at + 1)).await?;
    Ok((object, id))
}

async fn create_refused(world: &mut World, args: Args) -> Outcome {
    let object = world.org.admin.object_name(args.text(0)).await?;
    for row in args.records()? {
        let body = cells::body(world, &object, &row).await?;
        let answer = world.org.admin.create(&object, &body, &[]).await;
        refused(world, answer, args.text(1))?;
    }
    world.settle().await
}

async fn change_refused(world: &mut World, args: Args) -> Outcome {
    let (object, id) = record(world, &args, 0).await?;
    let body = cells::body(world, &object, &args.pairs()?).await?;
    let answer = world.org.admin.update(&object, &id, &body).await;
    refused(world, answer, args.text(2))?;
    world.settle().await
}

/// Remembers the refusal for the steps that look at it.
pub(super) fn refused(world: &mut World, answer: Answer, code: &str) -> Outcome {
    match answer {
        Answer::Refused(errors) if errors.iter().any(|error| error.code == code) => {
            world.refusal = errors;
            Ok(())
        }
        Answer::Refused(errors) => {
            Err(Failure::mismatch("the org refuses, but otherwise", code, written(&errors)))
        }
        Answer::Ok(body) => Err(Failure::mismatch("the org did not refuse", code, body)),
        Answer::Lost(why) => Err(Failure::mismatch("the org did not answer", code, why)),
    }
}

async fn create_lost(world: &mut World, args: Args) -> Outcome {
    let object = world.org.admin.object_name(args.text(0)).await?;
    for row in args.records()? {
        let body = cells::body(world, &object, &row).await?;
        match world.org.admin.create(&object, &body, &[]).await {
            Answer::Lost(_) => {}
            Answer::Ok(body) => return Err(Failure::mismatch("the org answered", "no answer", body)),
            Answer::Refused(errors) => {
                return Err(Failure::mismatch("the org answered", "no answer", written(&errors)));
            }
        }
    }
    world.settle().await
}

async fn refusal_fields(world: &mut World, args: Args) -> Outcome {
    let sorted = |names: Vec<&str>| {
        let mut names: Vec<_> = names.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.join(", ")
    };
    let wanted = sorted(args.text(0).split(',').collect());
    let named = sorted(world.refusal.iter().flat_map(|error| &error.fields).map(String::as_str).collect());
    if wanted == named {
        Ok(())
    } else {
        Err(Failure::mismatch("the refusal names other fields", wanted, named))
    }
}

async fn refusal_says(world: &mut World, args: Args) -> Outcome {
    let says = written(&world.refusal);
    if says.contains(args.text(0)) {
        Ok(())
    } else {
        Err(Failure::mismatch("the refusal says something else", args.text(0), says))
    }
}

async fn count(world: &mut World, args: Args) -> Outcome {
    let object = world.org.admin.object_name(args.text(1)).await?;
    counted(world, &args, &object, "").await
}

async fn count_where(world: &mut World, args: Args) -> Outcome {
    let object = world.org.admin.object_name(args.text(1)).await?;
    let field = args.text(2);
    let value = world.org.admin.typed(&object, field, args.text(3)).await?;
    let value = value.as_str().map_or_else(|| value.to_string(), quoted);
    counted(world, &args, &object, &format!(" WHERE {field} = {value}")).await
}

async fn counted(world: &World, args: &Args, object: &str, condition: &str) -> Outcome {
    let wanted = args.number(0)?;
    let soql = format!("SELECT Id FROM {object}{condition}");
    let rows = world.org.admin.rows(&soql).await?;
    if rows.len() == wanted { Ok(()) } else { Err(Failure::mismatch(soql, wanted, rows.len())) }
}

async fn has(world: &mut World, args: Args) -> Outcome {
    let (object, id) = record(world, &args, 0).await?;
    let pairs = args.pairs()?;
    let fields = pairs.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>().join(", ");
    let rows =
        world.org.admin.rows(&format!("SELECT {fields} FROM {object} WHERE Id = {}", quoted(&id))).await?;
    let row = rows.first().cloned().unwrap_or(Value::Null);
    for (field, wanted) in &pairs {
        let found = field.split('.').fold(&row, |value, part| cells::member(value, part));
        cells::compare(world, &format!("{object}.{field}"), wanted, found).await?;
    }
    Ok(())
}

async fn unchanged(world: &mut World, args: Args) -> Outcome {
    let (object, id) = record(world, &args, 0).await?;
    let soql = format!("SELECT CreatedDate, SystemModstamp FROM {object} WHERE Id = {}", quoted(&id));
    let rows = world.org.admin.rows(&soql).await?;
    let row = rows.first().cloned().unwrap_or(Value::Null);
    if row["CreatedDate"] == row["SystemModstamp"] {
        return Ok(());
    }
    Err(Failure::mismatch(format!("the {object} was changed"), &row["CreatedDate"], &row["SystemModstamp"]))
}

/// How two objects are related in an org: the one's lookup, or a role that joins them.
async fn related(world: &mut World, args: Args) -> Outcome {
    let (object, other) = (args.text(0).to_owned(), args.text(3).to_owned());
    let (name, count) = (args.text(1).to_owned(), args.number(2)?);
    let own = insert(world, &object, &name, &[]).await?;
    for n in 1..=count {
        let name = format!("Related {n}");
        match (object.as_str(), other.as_str()) {
            ("Contact" | "Opportunity", "Account") => {
                let account = insert(world, "Account", &name, &[]).await?;
                let body = Map::from_iter([("AccountId".to_owned(), Value::from(account))]);
                world.org.admin.update(&object, &own, &body).await.ok("linking the Account")?;
            }
            ("Account", _) if other != "Account" => {
                insert(world, &other, &name, &[("AccountId", &own)]).await?;
            }
            ("Contact", "Opportunity") => {
                let deal = insert(world, "Opportunity", &name, &[]).await?;
                insert(world, "OpportunityContactRole", "", &[("ContactId", &own), ("OpportunityId", &deal)])
                    .await?;
            }
            ("Opportunity", "Contact") => {
                let person = insert(world, "Contact", &name, &[]).await?;
                insert(
                    world,
                    "OpportunityContactRole",
                    "",
                    &[("ContactId", &person), ("OpportunityId", &own)],
                )
                .await?;
            }
            _ => {
                insert(world, &other, &name, &[]).await?;
            }
        }
    }
    world.settle().await
}

/// A record with what its object cannot be without.
async fn insert(world: &World, object: &str, name: &str, more: &[(&str, &str)]) -> Result<String, Failure> {
    let required: &[(&str, &str)] = match object {
        "Lead" => &[("LastName", name), ("Company", "Somewhere")],
        "Contact" => &[("LastName", name)],
        "Opportunity" => &[("Name", name), ("StageName", "Prospecting"), ("CloseDate", "2030-12-31")],
        "OpportunityContactRole" => &[],
        _ => &[("Name", name)],
    };
    let fields = required.iter().chain(more).map(|(field, value)| ((*field).to_owned(), Value::from(*value)));
    let answer = world.org.admin.create(object, &fields.collect(), &[]).await;
    let created = answer.ok(&format!("creating the {object} \"{name}\" in the org"))?;
    Ok(created["id"].as_str().unwrap_or_default().to_owned())
}
