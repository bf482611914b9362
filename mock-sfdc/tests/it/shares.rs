//! Sharing by hand over REST and SOAP: what clients send and are told.

use crate::permissions::World;

const LEAD: &str = "00Q5g0000000001";

#[tokio::test]
async fn a_lead_is_shared_and_unshared() {
    let world = World::new().await;
    let peer = world.id("peer");
    let row = |level: &str| {
        format!(
            r#"POST /sobjects/LeadShare {{"LeadId":"{LEAD}","UserOrGroupId":"{peer}","LeadAccessLevel":"{level}"}}"#
        )
    };
    let seen = "SELECT Id FROM Lead WHERE LastName = 'Hers'";
    let (status, refused) = world.ask("peer", &row("Read")).await;
    assert!(status >= 400 && refused.contains("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"), "{refused}");
    assert!(world.query("peer", seen).await.1.contains(r#""totalSize":0"#));
    let (status, made) = world.ask("rep", &row("Read")).await;
    assert_eq!(status, 201, "{made}");
    assert!(world.query("peer", seen).await.1.contains(r#""totalSize":1"#));
    let (status, again) = world.ask("rep", &row("Edit")).await;
    assert_eq!((status, &again), (201, &made), "the same row, changed");
    let (status, changed) =
        world.ask("peer", &format!(r#"PATCH /sobjects/Lead/{LEAD} {{"Title":"Ms"}}"#)).await;
    assert_eq!(status, 204, "{changed}");
    let (_, rows) = world
        .query("rep", &format!("SELECT RowCause, LeadAccessLevel FROM LeadShare WHERE LeadId = '{LEAD}'"))
        .await;
    assert!(rows.contains(r#""RowCause":"Manual","LeadAccessLevel":"Edit""#), "{rows}");
    let share = made.split("\"id\":\"").nth(1).unwrap()[..18].to_owned();
    let (status, refused) = world.ask("peer", &format!("DELETE /sobjects/LeadShare/{share}")).await;
    assert!(status == 403 && refused.contains("INSUFFICIENT_ACCESS_OR_READONLY"), "{status} {refused}");
    assert_eq!(world.ask("rep", &format!("DELETE /sobjects/LeadShare/{share}")).await.0, 204);
    assert!(world.query("peer", seen).await.1.contains(r#""totalSize":0"#));
}

#[tokio::test]
async fn what_shares_nothing_is_refused_in_salesforce_s_words() {
    let world = World::new().await;
    let peer = world.id("peer");
    let deal = "0065g0000000001";
    for (row, status, says) in [
        // The org-wide default of opportunities is Read here.
        (
            format!(
                r#"OpportunityShare {{"OpportunityId":"{deal}","UserOrGroupId":"{peer}","OpportunityAccessLevel":"Read"}}"#
            ),
            400,
            r#""message":"field integrity exception: OpportunityAccessLevel (trivial share level Read, for organization with default level Read)","errorCode":"FIELD_INTEGRITY_EXCEPTION","fields":["OpportunityAccessLevel"]"#,
        ),
        (
            format!(r#"LeadShare {{"LeadId":"{LEAD}","UserOrGroupId":"{peer}","LeadAccessLevel":"All"}}"#),
            400,
            "LeadAccessLevel (All is the owner's, and not given by hand)",
        ),
        (
            format!(
                r#"LeadShare {{"LeadId":"{LEAD}","UserOrGroupId":"{peer}","LeadAccessLevel":"Read","RowCause":"Owner"}}"#
            ),
            400,
            "RowCause (Owner is not given by hand; Manual is)",
        ),
        (
            format!(
                r#"ContactShare {{"ContactId":"0035g0000000001","UserOrGroupId":"{peer}","ContactAccessLevel":"Read"}}"#
            ),
            400,
            "entity type ContactShare does not support create",
        ),
        (
            format!(r#"UserShare {{"UserId":"{peer}","UserOrGroupId":"{peer}","UserAccessLevel":"Edit"}}"#),
            403,
            "writes to UserShare (sharing such records by hand)",
        ),
    ] {
        let (answered, body) = world.ask("admin", &format!("POST /sobjects/{row}")).await;
        assert!(answered == status && body.contains(says), "{row}: {answered} {body}");
    }
    let (_, teams) = world.query("admin", "SELECT Id FROM OpportunityTeamMember").await;
    assert!(teams.contains("sObject type 'OpportunityTeamMember' is not supported"), "{teams}");
}
