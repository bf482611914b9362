//! Steps about who may do what: one user is given less, and asks.

use mock_sfdc_org::access::permissions::{
    FieldPermission, ObjectGrant, ObjectPermission, set_field, set_licence, set_object, set_user_permission,
};

use serde_json::json;

use super::records::refused;
use crate::failure::Outcome;
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::cells;

pub const SUBJECT: Subject = Subject {
    title: "Who may do what",
    steps: &[
        step!(
            "Given",
            "user {string} may not read field {word}",
            hide_field,
            "By field-level security; the user is named by the username or what stands before its @.",
            "Given user \"dora\" may not read field Lead.Email"
        ),
        step!(
            "Given",
            "user {string} may not edit field {word}",
            lock_field,
            "The field stays readable.",
            "Given user \"dora\" may not edit field Lead.Email"
        ),
        step!(
            "Given",
            "user {string} has no access to {object}",
            no_access,
            "Neither reading nor writing.",
            "Given user \"dora\" has no access to Opportunity"
        ),
        step!(
            "Given",
            "user {string} may only read {object}",
            only_read,
            "No creating, editing or deleting.",
            "Given user \"dora\" may only read Lead"
        ),
        step!(
            "Given",
            "user {string} has the licence {string}",
            licence,
            "Of the licences that the org has, by name.",
            "Given user \"admin\" has the licence \"Salesforce Integration\""
        ),
        step!(
            "Given",
            "user {string} lacks the permission {string}",
            lack,
            "A system permission, by its API name.",
            "Given user \"dora\" lacks the permission \"ApiEnabled\""
        ),
        step!(
            "Given",
            "a permission set group gives user {string} the permission {string}",
            group_permission,
            "A system permission, by its API name: in a new permission set of a new group that the user is given.",
            "Given a permission set group gives user \"dora\" the permission \"ApiEnabled\""
        ),
        step!(
            "Given",
            "a permission set group gives user {string} every right over {object}",
            group_rights,
            "View All and Modify All among them.",
            "Given a permission set group gives user \"dora\" every right over Lead"
        ),
        step!(
            "When",
            "user {string} runs this query:",
            run,
            "As that user; its rows are kept for the steps that follow.",
            "When user \"dora\" runs this query:\n  \"\"\"\n  SELECT Name FROM Account\n  \"\"\""
        ),
        step!(
            "When",
            "this query of user {string} is refused with {string}:",
            run_refused,
            "The org answers that user with this error code.",
            "When this query of user \"dora\" is refused with \"INVALID_TYPE\":\n  \"\"\"\n  SELECT Name FROM Opportunity\n  \"\"\""
        ),
        step!(
            "When",
            "user {string} creating a/an {object} is refused with {string}:",
            create_refused,
            "The org answers that user with this error code.",
            "When user \"dora\" creating a Lead is refused with \"INVALID_FIELD\":\n  | LastName | Company | Email           |\n  | Hopper   | Navy    | grace@navy.test |"
        ),
    ],
};

async fn hide_field(world: &mut World, args: Args) -> Outcome {
    field(world, &args, false)
}

async fn lock_field(world: &mut World, args: Args) -> Outcome {
    field(world, &args, true)
}

fn field(world: &World, args: &Args, readable: bool) -> Outcome {
    let said = FieldPermission { field: args.text(1).to_owned(), readable, ..FieldPermission::default() };
    world.org.change_permissions(args.text(0), |tx, holder| set_field(tx, holder, &said))
}

async fn no_access(world: &mut World, args: Args) -> Outcome {
    object(world, &args, ObjectGrant::NONE).await
}

async fn only_read(world: &mut World, args: Args) -> Outcome {
    object(world, &args, ObjectGrant::letters("R")).await
}

async fn object(world: &mut World, args: &Args, grant: ObjectGrant) -> Outcome {
    let name = world.org.admin.object_name(args.text(1)).await?;
    let said = ObjectPermission::new(&name, grant);
    world.org.change_permissions(args.text(0), |tx, holder| set_object(tx, holder, &said))
}

async fn licence(world: &mut World, args: Args) -> Outcome {
    world.org.change_permissions(args.text(0), |tx, holder| set_licence(tx, holder, args.text(1)))
}

async fn lack(world: &mut World, args: Args) -> Outcome {
    world
        .org
        .change_permissions(args.text(0), |tx, holder| set_user_permission(tx, holder, args.text(1), false))
}

async fn group_permission(world: &mut World, args: Args) -> Outcome {
    let given = json!({"userPermissions": [{"name": args.text(1), "enabled": true}]});
    by_group(world, args.text(0), args.text(1), given)
}

async fn group_rights(world: &mut World, args: Args) -> Outcome {
    let name = world.org.admin.object_name(args.text(1)).await?;
    let given = ObjectPermission::new(&name, ObjectGrant::EVERYTHING);
    by_group(world, args.text(0), &name, json!({"objectPermissions": [given]}))
}

/// `what` is what set and group are called by.
fn by_group(world: &World, user: &str, what: &str, mut given: serde_json::Value) -> Outcome {
    let (id, _) = world.org.somebody(user)?;
    let set = format!("Gives_{what}");
    given["name"] = json!(set);
    let group = json!({"ref": "group", "name": format!("Group_{what}"), "permissionSets": [set]});
    let assignment = json!({"AssigneeId": id.to_string(), "PermissionSetGroupId": "@group"});
    let piece = json!({"permissionSets": [given], "permissionSetGroups": [group],
        "records": {"PermissionSetAssignment": [assignment]}});
    world.org.change_permissions(user, |tx, _| {
        mock_sfdc_org::seed::add(tx, "a permission set group", &piece.to_string())
            .map_err(|mistake| mistake.problem)
    })
}

async fn run(world: &mut World, args: Args) -> Outcome {
    let (_, session) = world.org.somebody(args.text(0))?;
    world.rows = session.rows(args.docstring()?).await?;
    Ok(())
}

async fn run_refused(world: &mut World, args: Args) -> Outcome {
    let (_, session) = world.org.somebody(args.text(0))?;
    let answer = session.query(args.docstring()?).await;
    refused(world, answer, args.text(1))
}

async fn create_refused(world: &mut World, args: Args) -> Outcome {
    let object = world.org.admin.object_name(args.text(1)).await?;
    let (_, session) = world.org.somebody(args.text(0))?;
    for row in args.records()? {
        let body = cells::body(world, &object, &row).await?;
        let answer = session.create(&object, &body, &[]).await;
        refused(world, answer, args.text(2))?;
    }
    world.settle().await
}
