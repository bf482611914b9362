//! What a user may do, asked by query: `UserPermissionAccess`, `UserEntityAccess`, `UserFieldAccess`.

use serde_json::{Value, json};

use crate::permissions::World;

async fn records(world: &World, user: &str, soql: &str) -> Vec<Value> {
    let (status, body) = world.query(user, soql).await;
    assert_eq!(status, 200, "{soql}: {body}");
    let mut rows = serde_json::from_str::<Value>(&body).unwrap()["records"].as_array().unwrap().clone();
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("attributes");
    }
    rows
}

#[tokio::test]
async fn whoever_asks_is_told_what_permissions_there_are() {
    let world = World::new().await;
    let asked = "SELECT PermissionsApiEnabled, PermissionsModifyAllData FROM UserPermissionAccess";
    for (user, all) in [("admin", true), ("reader", false)] {
        let expected = json!({"PermissionsApiEnabled": true, "PermissionsModifyAllData": all});
        assert_eq!(records(&world, user, asked).await, [expected], "{user}");
    }
    let none = "SELECT Id FROM UserPermissionAccess WHERE PermissionsModifyAllData = true";
    assert!(records(&world, "reader", none).await.is_empty());
}

#[tokio::test]
async fn access_to_objects_and_fields_is_a_row_each() {
    let world = World::new().await;
    let lead = "SELECT IsReadable, IsCreatable, IsUpdatable, IsDeletable FROM UserEntityAccess \
                WHERE EntityDefinition.QualifiedApiName = 'Lead'";
    let rights = |read: bool, write: bool, delete: bool| {
        [json!({"IsReadable": read, "IsCreatable": write, "IsUpdatable": write, "IsDeletable": delete})]
    };
    assert_eq!(records(&world, "admin", lead).await, rights(true, true, true));
    assert_eq!(records(&world, "reader", lead).await, rights(true, false, false));
    assert_eq!(records(&world, "noleads", lead).await, rights(false, false, false));
    // Somebody else's.
    let reader = world.id("reader");
    let of_reader = format!("{lead} AND UserId = '{reader}'");
    assert_eq!(records(&world, "admin", &of_reader).await, rights(true, false, false));
    let mail = "SELECT DurableId, IsAccessible, IsUpdatable FROM UserFieldAccess \
                WHERE EntityDefinitionId = 'Lead' AND FieldDefinition.QualifiedApiName = 'Phone'";
    let nomail = world.id("nomail");
    let expected = json!({"DurableId": format!("Lead.Phone.{}", nomail.short()), "IsAccessible": true, "IsUpdatable": false});
    assert_eq!(records(&world, "nomail", mail).await, [expected]);
    let hidden = mail.replace("Phone", "Email");
    assert_eq!(records(&world, "nomail", &hidden).await[0]["IsAccessible"], json!(false));
    assert_eq!(records(&world, "mail", &hidden).await[0]["IsUpdatable"], json!(true));
}

#[tokio::test]
async fn what_nobody_could_answer_is_refused() {
    let world = World::new().await;
    for (soql, says) in [
        ("SELECT Id FROM UserFieldAccess", "a filter on a reified column is required"),
        (
            "SELECT Id FROM UserEntityAccess WHERE EntityDefinitionId = 'Lead' AND UserId != null",
            "names users by UserId",
        ),
        (
            "SELECT Id FROM User WHERE Id IN (SELECT UserId FROM UserEntityAccess)",
            "subqueries of UserEntityAccess",
        ),
        ("SELECT Id FROM UserSetupEntityAccess", "sObject type 'UserSetupEntityAccess' is not supported"),
        ("SELECT Id FROM Territory2", "sObject type 'Territory2' is not supported"),
        (
            "SELECT Id FROM ObjectTerritory2Association",
            "sObject type 'ObjectTerritory2Association' is not supported",
        ),
        ("SELECT Territory2Id FROM Opportunity", "No such column 'Territory2Id' on entity 'Opportunity'"),
        (
            "SELECT Id FROM UserTerritory2Association",
            "sObject type 'UserTerritory2Association' is not supported",
        ),
    ] {
        let (status, body) = world.query("admin", soql).await;
        assert!(status >= 400 && body.contains(says), "{soql}: {status} {body}");
    }
    for (request, status, says) in [
        ("GET /sobjects/Territory2/describe", 404, "NOT_FOUND"),
        (r#"POST /sobjects/Territory2Model {"Name":"X"}"#, 404, "NOT_FOUND"),
        (
            r#"POST /sobjects/UserPermissionAccess {"PermissionsApiEnabled":true}"#,
            400,
            "UserPermissionAccess does not support create",
        ),
    ] {
        let (answered, body) = world.ask("admin", request).await;
        assert!(answered == status && body.contains(says), "{request}: {answered} {body}");
    }
}
