//! The Metadata API over SOAP: types and components, one by one, and who may see and change them.

use mock_sfdc::MockSfdc;

use crate::metadata_wire::{answer, call, call_as};

#[tokio::test]
async fn types_and_components_are_listed() {
    let mock = MockSfdc::start().await.unwrap();
    let types = answer(&mock, "describeMetadata", "<asOfVersion>66.0</asOfVersion>").await;
    assert!(
        types.starts_with(
            "<result><metadataObjects><childXmlNames>CustomField</childXmlNames><childXmlNames>RecordType</childXmlNames>\
             <childXmlNames>ValidationRule</childXmlNames><directoryName>objects</directoryName><inFolder>false</inFolder>\
             <metaFile>false</metaFile><suffix>object</suffix><xmlName>CustomObject</xmlName></metadataObjects>"
        ),
        "{types}"
    );
    assert!(types.ends_with("<organizationNamespace></organizationNamespace><partialSaveAllowed>true</partialSaveAllowed><testRequired>false</testRequired></result>"), "{types}");
    let listed = answer(
        &mock,
        "listMetadata",
        "<queries><type>Profile</type></queries><asOfVersion>66.0</asOfVersion>",
    )
    .await;
    assert!(
        listed.contains("<fileName>profiles/Admin.profile</fileName><fullName>Admin</fullName><id>00e"),
        "{listed}"
    );
    assert!(
        listed.contains("<manageableState>unmanaged</manageableState><type>Profile</type></result>"),
        "{listed}"
    );
    let nothing = answer(&mock, "listMetadata", "<queries><type>WorkflowRule</type></queries>").await;
    assert_eq!(nothing, "");
    let (status, refused) =
        call(&mock, "<listMetadata><queries><type>Layout</type></queries></listMetadata>").await;
    assert!(
        status == 500 && refused.contains("<faultcode>sf:FUNCTIONALITY_NOT_ENABLED</faultcode>"),
        "{refused}"
    );
    assert!(refused.contains(r#"xmlns:sf="http://soap.sforce.com/2006/04/metadata""#), "{refused}");
}

#[tokio::test]
async fn components_are_made_read_changed_and_deleted_one_by_one() {
    let mock = MockSfdc::start().await.unwrap();
    let field = |label: &str| {
        format!(
            r#"<metadata xsi:type="CustomField"><fullName>Lead.Mood__c</fullName><label>{label}</label><length>9</length><type>Text</type></metadata>"#
        )
    };
    let ok = "<result><fullName>Lead.Mood__c</fullName><success>true</success></result>";
    assert_eq!(answer(&mock, "createMetadata", &field("Mood")).await, ok);
    let twice = answer(&mock, "createMetadata", &field("Mood")).await;
    assert_eq!(
        twice,
        "<result><errors><message>There is already a field named Mood on Lead.</message>\
         <statusCode>DUPLICATE_DEVELOPER_NAME</statusCode></errors><fullName>Lead.Mood__c</fullName><success>false</success></result>"
    );
    assert_eq!(answer(&mock, "updateMetadata", &field("Temper")).await, ok);
    let created =
        "<result><created>false</created><fullName>Lead.Mood__c</fullName><success>true</success></result>";
    assert_eq!(answer(&mock, "upsertMetadata", &field("Temper")).await, created);
    let read = answer(
        &mock,
        "readMetadata",
        "<type>CustomField</type><fullNames>Lead.Mood__c</fullNames><fullNames>Lead.No__c</fullNames>",
    )
    .await;
    assert_eq!(
        read,
        r#"<result><records xsi:type="CustomField"><fullName>Lead.Mood__c</fullName><externalId>false</externalId><label>Temper</label><length>9</length><required>false</required><type>Text</type><unique>false</unique></records><records xsi:nil="true"/></result>"#
    );
    let gone = "<type>CustomField</type><fullNames>Lead.Mood__c</fullNames>";
    assert_eq!(answer(&mock, "deleteMetadata", gone).await, ok);
    let twice = answer(&mock, "deleteMetadata", gone).await;
    assert!(twice.contains("<message>no CustomField named Lead.Mood__c found</message><statusCode>INVALID_CROSS_REFERENCE_KEY</statusCode>"), "{twice}");
    let (status, refused) = call(&mock, "<renameMetadata><type>CustomObject</type></renameMetadata>").await;
    assert!(status == 500 && refused.contains("metadata.renameMetadata"), "{refused}");
    let (_, refused) = call(&mock, "<describeValueType><type>x</type></describeValueType>").await;
    assert!(refused.contains("metadata.describeValueType"), "{refused}");
    let (_, refused) = call(&mock, "<moonMetadata/>").await;
    assert!(refused.contains("moonMetadata"), "{refused}");
}

#[tokio::test]
async fn queues_profiles_and_rules_are_components_too() {
    let mock = MockSfdc::start().await.unwrap();
    for (kind, name, said, read) in [
        (
            "Queue",
            "Late",
            "<name>Late shift</name><queueSobject><sobjectType>Lead</sobjectType></queueSobject>",
            "<fullName>Late</fullName><doesSendEmailToMembers>false</doesSendEmailToMembers><name>Late shift</name><queueSobject><sobjectType>Lead</sobjectType></queueSobject>",
        ),
        ("Role", "Night", "<name>Night watch</name>", "<fullName>Night</fullName><name>Night watch</name>"),
        (
            "Group",
            "All_Night",
            "<name>All of the night</name>",
            "<fullName>All_Night</fullName><doesIncludeBosses>true</doesIncludeBosses><name>All of the night</name>",
        ),
        (
            "PermissionSet",
            "Night_Owl",
            "<label>Night owl</label><objectPermissions><allowRead>true</allowRead><object>Lead</object></objectPermissions>",
            "<fullName>Night_Owl</fullName><hasActivationRequired>false</hasActivationRequired><label>Night owl</label><objectPermissions>",
        ),
        (
            "Profile",
            "Sleeper",
            "<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>",
            "<fullName>Sleeper</fullName><custom>true</custom><userLicense>Salesforce</userLicense><userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>",
        ),
        (
            "RecordType",
            "Lead.Night",
            "<active>true</active><label>By night</label>",
            "<fullName>Lead.Night</fullName><active>true</active><label>By night</label>",
        ),
        (
            "AssignmentRule",
            "Lead.Night",
            "<active>false</active><ruleEntry><assignedTo>Late</assignedTo><assignedToType>Queue</assignedToType></ruleEntry>",
            "<fullName>Lead.Night</fullName><active>false</active><ruleEntry><assignedTo>Late</assignedTo><assignedToType>Queue</assignedToType></ruleEntry>",
        ),
        (
            "ValidationRule",
            "Lead.Awake",
            "<active>true</active><errorConditionFormula>false</errorConditionFormula><errorMessage>Zzz</errorMessage>",
            "<fullName>Lead.Awake</fullName><active>true</active><errorConditionFormula>false</errorConditionFormula><errorMessage>Zzz</errorMessage>",
        ),
    ] {
        // The second time it is there already, and stays one.
        for created in ["true", "false"] {
            let metadata =
                format!(r#"<metadata xsi:type="{kind}"><fullName>{name}</fullName>{said}</metadata>"#);
            let saved = answer(&mock, "upsertMetadata", &metadata).await;
            assert_eq!(
                saved,
                format!(
                    "<result><created>{created}</created><fullName>{name}</fullName><success>true</success></result>"
                )
            );
        }
        let found =
            answer(&mock, "readMetadata", &format!("<type>{kind}</type><fullNames>{name}</fullNames>")).await;
        assert!(found.starts_with(&format!(r#"<result><records xsi:type="{kind}">{read}"#)), "{found}");
        let listed = answer(&mock, "listMetadata", &format!("<queries><type>{kind}</type></queries>")).await;
        assert_eq!(listed.matches(&format!("<fullName>{name}</fullName>")).count(), 1, "{listed}");
    }
}

#[tokio::test]
async fn the_metadata_api_is_for_those_who_may_modify_metadata() {
    let org =
        r#"{"users": [{"ref": "rep", "username": "rep@x.example", "password": "p", "lastName": "Rep"}]}"#;
    let state = mock_sfdc::fixtures::from_text("org", org, None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let rep = mock.org().snapshot().access().login("rep@x.example").unwrap().user;
    let token = mock.tenant().admit(rep);
    let (status, text) = call_as(&mock, &token, "<describeMetadata/>").await;
    assert_eq!(status, 500);
    assert!(text.contains("<faultstring>INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions</faultstring>"), "{text}");
    let (status, text) = call_as(&mock, "00D5g0000000001!none", "<describeMetadata/>").await;
    assert!(status == 500 && text.contains("<faultcode>sf:INVALID_SESSION_ID</faultcode>"), "{text}");
}
