//! Steps about who owns new Leads: queues, assignment rules and the header that switches them.

use super::records::{create_with, record};
use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::org::{Entry, Rule};
use crate::world::salesforce::quoted;

pub const SUBJECT: Subject = Subject {
    title: "Queues and assignment rules",
    steps: &[
        step!(
            "Given",
            "the queue {string} for {object} in the org",
            queue,
            "A queue that may own records of this object.",
            "Given the queue \"Inbound\" for Leads in the org"
        ),
        step!(
            "Given",
            "the active assignment rule {string} for {object} in the org:",
            active_rule,
            "Entries in their order: Field, Operator (equals, not equals, contains, starts with, …), Value, Owner; an entry without a Field fits always. Users that do not exist are made.",
            "Given the active assignment rule \"Standard\" for Leads in the org:\n  | Field   | Operator | Value   | Owner           |\n  | Country | equals   | Germany | User \"Dora Day\" |\n  |         |          |         | Queue \"Inbound\" |"
        ),
        step!(
            "Given",
            "the inactive assignment rule {string} for {object} in the org:",
            inactive_rule,
            "The same, but it only works when it is asked for.",
            "Given the inactive assignment rule \"Campaign\" for Leads in the org:\n  | Field | Operator | Value | Owner            |\n  |       |          |       | User \"Gus Green\" |"
        ),
        step!(
            "When",
            "a/an {object} is created in the org without assignment rules:",
            without,
            "With the header Sforce-Auto-Assign: FALSE.",
            "When a Lead is created in the org without assignment rules:\n  | LastName | Company |\n  | Hopper   | Navy    |"
        ),
        step!(
            "When",
            "a/an {object} is created in the org with the active assignment rule:",
            with_active,
            "With the header Sforce-Auto-Assign: TRUE.",
            "When a Lead is created in the org with the active assignment rule:\n  | LastName | Company |\n  | Hopper   | Navy    |"
        ),
        step!(
            "When",
            "a/an {object} is created in the org with the assignment rule {string}:",
            with_rule,
            "With the header Sforce-Auto-Assign and the rule's ID.",
            "When a Lead is created in the org with the assignment rule \"Campaign\":\n  | LastName | Company |\n  | Hopper   | Navy    |"
        ),
        step!(
            "Then",
            "the {object} {string} belongs to the user who created it",
            belongs_to_creator,
            "Owner and creator are the same user.",
            "Then the Lead \"Hopper\" belongs to the user who created it"
        ),
    ],
};

const HEADER: &str = "Sforce-Auto-Assign";

async fn queue(world: &mut World, args: Args) -> Outcome {
    let object = world.org.admin.object_name(args.text(1)).await?;
    world.org.add_queue(args.text(0), &object)
}

async fn active_rule(world: &mut World, args: Args) -> Outcome {
    rule(world, &args, true).await
}

async fn inactive_rule(world: &mut World, args: Args) -> Outcome {
    rule(world, &args, false).await
}

async fn rule(world: &mut World, args: &Args, active: bool) -> Outcome {
    let object = world.org.admin.object_name(args.text(1)).await?;
    let mut entries = Vec::new();
    for row in args.records()? {
        let cell = |title: &str| {
            let found = row.iter().find(|(column, _)| column == title).map(|(_, cell)| cell.clone());
            found.ok_or_else(|| {
                Failure::new(format!("the table of an assignment rule needs the column {title}"))
            })
        };
        entries.push(Entry {
            field: cell("Field")?,
            operator: cell("Operator")?,
            value: cell("Value")?,
            owner: cell("Owner")?,
        });
    }
    world.org.add_assignment_rule(&Rule { name: args.text(0).to_owned(), object, active, entries })
}

async fn without(world: &mut World, args: Args) -> Outcome {
    create_with(world, &args, &[(HEADER, "FALSE")]).await
}

async fn with_active(world: &mut World, args: Args) -> Outcome {
    create_with(world, &args, &[(HEADER, "TRUE")]).await
}

async fn with_rule(world: &mut World, args: Args) -> Outcome {
    let rows = world
        .org
        .admin
        .rows(&format!("SELECT Id FROM AssignmentRule WHERE Name = {}", quoted(args.text(1))))
        .await?;
    let row = rows
        .first()
        .ok_or_else(|| Failure::new(format!("the org has no assignment rule \"{}\"", args.text(1))))?;
    let id = row["Id"].as_str().unwrap_or_default().to_owned();
    create_with(world, &args, &[(HEADER, &id)]).await
}

async fn belongs_to_creator(world: &mut World, args: Args) -> Outcome {
    let (object, id) = record(world, &args, 0).await?;
    let soql = format!("SELECT OwnerId, CreatedById, Owner.Name FROM {object} WHERE Id = {}", quoted(&id));
    let row = world.org.admin.rows(&soql).await?.into_iter().next().unwrap_or_default();
    if row["OwnerId"] == row["CreatedById"] {
        return Ok(());
    }
    Err(Failure::mismatch(format!("the owner of the {object}"), &row["CreatedById"], &row["Owner"]["Name"]))
}
