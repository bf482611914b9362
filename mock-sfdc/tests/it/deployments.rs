//! The Metadata API over SOAP and REST: types, components, deployments and retrievals.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc::MockSfdc;
use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{client, soap::element};

/// One operation, as the administrator; status and body.
async fn call(mock: &MockSfdc, inner: &str) -> (u16, String) {
    call_as(mock, mock.admin_token(), inner).await
}

async fn call_as(mock: &MockSfdc, token: &str, inner: &str) -> (u16, String) {
    let body = format!(
        r#"<?xml version="1.0" encoding="utf-8"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><env:Header><SessionHeader xmlns="http://soap.sforce.com/2006/04/metadata"><sessionId>{token}</sessionId></SessionHeader></env:Header><env:Body xmlns="http://soap.sforce.com/2006/04/metadata">{inner}</env:Body></env:Envelope>"#
    );
    let request = client().post(format!("{}/services/Soap/m/66.0", mock.url()));
    let answer = request
        .header("content-type", "text/xml")
        .header("SOAPAction", "\"\"")
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// What stands between the tags of the answer.
pub async fn answer(mock: &MockSfdc, operation: &str, arguments: &str) -> String {
    let (status, text) = call(mock, &format!("<{operation}>{arguments}</{operation}>")).await;
    assert_eq!(status, 200, "{text}");
    let (_, rest) = text.split_once(&format!("<{operation}Response>")).unwrap();
    rest.split_once(&format!("</{operation}Response>")).unwrap().0.to_owned()
}

const PACKAGE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Package xmlns="http://soap.sforce.com/2006/04/metadata">
    <types><members>Boat__c</members><name>CustomObject</name></types>
    <types><members>Lead</members><name>Workflow</name></types>
    <version>66.0</version>
</Package>"#;

const BOAT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
    <deploymentStatus>Deployed</deploymentStatus>
    <fields>
        <fullName>Length__c</fullName>
        <label>Length</label>
        <precision>5</precision>
        <scale>1</scale>
        <type>Number</type>
    </fields>
    <label>Boat</label>
    <nameField><label>Boat Name</label><type>Text</type></nameField>
    <pluralLabel>Boats</pluralLabel>
    <sharingModel>ReadWrite</sharingModel>
    <validationRules>
        <fullName>Floats</fullName>
        <active>true</active>
        <errorConditionFormula>Length__c &lt; 1</errorConditionFormula>
        <errorMessage>Too short to float.</errorMessage>
    </validationRules>
</CustomObject>"#;

const WORKFLOW: &str = r#"<Workflow xmlns="http://soap.sforce.com/2006/04/metadata">
    <rules>
        <fullName>Quiet</fullName>
        <active>false</active>
        <formula>true</formula>
        <triggerType>onCreateOnly</triggerType>
    </rules>
</Workflow>"#;

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        zip.start_file(*path, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn unpacked(text: &str) -> BTreeMap<String, String> {
    let mut zip = ZipArchive::new(Cursor::new(STANDARD.decode(text).unwrap())).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut content = String::new();
        file.read_to_string(&mut content).unwrap();
        files.insert(file.name().unwrap().into_owned(), content);
    }
    files
}

/// Deploys, and answers what `checkDeployStatus` says with all details.
pub async fn deploy(mock: &MockSfdc, files: &[(&str, &str)], options: &str) -> String {
    let zip = STANDARD.encode(archive(files));
    let queued =
        answer(mock, "deploy", &format!("<ZipFile>{zip}</ZipFile><DeployOptions>{options}</DeployOptions>"))
            .await;
    let id = element(&queued, "id");
    assert_eq!(queued, format!("<result><done>false</done><id>{id}</id><state>Queued</state></result>"));
    let ask = format!("<asyncProcessId>{id}</asyncProcessId><includeDetails>true</includeDetails>");
    answer(mock, "checkDeployStatus", &ask).await
}

pub const ROLLBACK: &str = "<rollbackOnError>true</rollbackOnError><singlePackage>true</singlePackage>";

async fn rest(mock: &MockSfdc, path: &str) -> (u16, Value) {
    let request =
        client().get(format!("{}/services/data/v66.0{path}", mock.url())).bearer_auth(mock.admin_token());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

#[tokio::test]
async fn what_is_deployed_works_and_comes_back() {
    let mock = MockSfdc::start().await.unwrap();
    let files =
        [("package.xml", PACKAGE), ("objects/Boat__c.object", BOAT), ("workflows/Lead.workflow", WORKFLOW)];
    let done = deploy(&mock, &files, ROLLBACK).await;
    for (name, said) in [
        ("status", "Succeeded"),
        ("success", "true"),
        ("numberComponentErrors", "0"),
        ("numberComponentsDeployed", "5"),
        ("numberComponentsTotal", "5"),
    ] {
        assert!(done.contains(&format!("<{name}>{said}</{name}>")), "{name}: {done}");
    }
    for (kind, name, file) in [
        ("CustomObject", "Boat__c", "objects/Boat__c.object"),
        ("CustomField", "Boat__c.Length__c", "objects/Boat__c.object"),
        ("ValidationRule", "Boat__c.Floats", "objects/Boat__c.object"),
        ("Workflow", "Lead", "workflows/Lead.workflow"),
        ("WorkflowRule", "Lead.Quiet", "workflows/Lead.workflow"),
    ] {
        let head =
            format!("<changed>true</changed><componentType>{kind}</componentType><created>true</created>");
        let tail = format!("<deleted>false</deleted><fileName>{file}</fileName><fullName>{name}</fullName>");
        let at = done.find(&tail).unwrap_or_else(|| panic!("{name}: {done}"));
        assert!(
            done[..at].rsplit("<componentSuccesses>").next().unwrap().starts_with(&head),
            "{name}: {done}"
        );
    }
    assert_eq!(rest(&mock, "/sobjects/Boat__c/describe").await.0, 200);

    let wanted = "<retrieveRequest><apiVersion>66.0</apiVersion><unpackaged>\
        <types><members>Boat__c</members><name>CustomObject</name></types>\
        <types><members>Lead.Quiet</members><members>Lead.Loud</members><name>WorkflowRule</name></types>\
        <version>66.0</version></unpackaged></retrieveRequest>";
    let queued = answer(&mock, "retrieve", wanted).await;
    let ask = format!("<asyncProcessId>{}</asyncProcessId>", element(&queued, "id"));
    let state = answer(&mock, "checkStatus", &ask).await;
    assert!(state.ends_with("<state>Completed</state></result>"), "{state}");
    let got = answer(&mock, "checkRetrieveStatus", &ask).await;
    assert!(got.starts_with("<result><done>true</done><fileProperties><createdById>"), "{got}");
    assert!(
        got.contains(
            "<fileName>unpackaged/objects/Boat__c.object</fileName><fullName>Boat__c</fullName><id>01I"
        ),
        "{got}"
    );
    assert!(
        got.contains("<problem>Entity of type &apos;WorkflowRule&apos; named &apos;Lead.Loud&apos; cannot be found</problem>"),
        "{got}"
    );
    let files = unpacked(element(&got, "zipFile"));
    let names: Vec<&String> = files.keys().collect();
    assert_eq!(
        names,
        ["unpackaged/objects/Boat__c.object", "unpackaged/package.xml", "unpackaged/workflows/Lead.workflow"]
    );
    let boat = &files["unpackaged/objects/Boat__c.object"];
    assert!(
        boat.contains(
            "    <fields>\n        <fullName>Length__c</fullName>\n        <externalId>false</externalId>\n"
        ),
        "{boat}"
    );

    // What came out goes in again, and nothing changes by it.
    let again: Vec<(String, String)> =
        files.into_iter().map(|(path, text)| (path.replace("unpackaged/", ""), text)).collect();
    let again: Vec<(&str, &str)> = again.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let done = deploy(&mock, &again, ROLLBACK).await;
    assert!(
        done.contains("<status>Succeeded</status>") && !done.contains("<changed>true</changed>"),
        "{done}"
    );
}

#[tokio::test]
async fn one_mistake_undoes_a_deployment_unless_it_may_stand() {
    let broken = BOAT.replace("<type>Number</type>", "<type>Number</type><phase>full</phase>");
    let package = PACKAGE.replace("<types><members>Lead</members><name>Workflow</name></types>",
        "<types><members>Lead</members><name>Workflow</name></types><types><members>Moon</members><name>Layout</name></types>\
         <types><members>Lead.Gone__c</members><name>CustomField</name></types>");
    let files = [
        ("package.xml", package.as_str()),
        ("objects/Boat__c.object", &broken),
        ("workflows/Lead.workflow", WORKFLOW),
        ("classes/A.cls", "class A {}"),
        ("classes/A.cls-meta.xml", "<ApexClass/>"),
    ];
    for (options, status, object) in
        [(ROLLBACK, "Failed", 404), ("<singlePackage>true</singlePackage>", "SucceededPartial", 200)]
    {
        let mock = MockSfdc::start().await.unwrap();
        let done = deploy(&mock, &files, options).await;
        assert!(done.contains(&format!("<status>{status}</status>")), "{done}");
        for (name, line, problem) in [
            (
                "Boat__c.Length__c",
                "<lineNumber>9</lineNumber>",
                "phase of field Boat__c.Length__c: this word is not known",
            ),
            ("A", "", "cls A: Apex is not run; a Rust test may register a hook instead"),
            ("Moon", "", "mock-sfdc does not emulate metadata of type Layout"),
            (
                "Lead.Gone__c",
                "",
                "An object &apos;Lead.Gone__c&apos; of type CustomField was named in package.xml, but was not found in zipped directory",
            ),
        ] {
            let at = done
                .find(&format!("<fullName>{name}</fullName>{line}<problem>{problem}"))
                .unwrap_or_else(|| panic!("{name}: {done}"));
            assert!(
                done[at..].contains("<problemType>Error</problemType><success>false</success>"),
                "{done}"
            );
        }
        assert_eq!(rest(&mock, "/sobjects/Boat__c/describe").await.0, object, "{status}");
    }
}

#[tokio::test]
async fn a_validation_changes_nothing_until_it_is_deployed() {
    let mock = MockSfdc::start().await.unwrap();
    let files =
        [("package.xml", PACKAGE), ("objects/Boat__c.object", BOAT), ("workflows/Lead.workflow", WORKFLOW)];
    let done = deploy(
        &mock,
        &files,
        &format!("<checkOnly>true</checkOnly>{ROLLBACK}<testLevel>RunLocalTests</testLevel>"),
    )
    .await;
    assert!(
        done.starts_with("<result><checkOnly>true</checkOnly>")
            && done.contains("<status>Succeeded</status>"),
        "{done}"
    );
    assert_eq!(rest(&mock, "/sobjects/Boat__c/describe").await.0, 404);
    let id = element(&done, "id").to_owned();
    let id = done.rsplit("</details>").next().map_or(id, |rest| element(rest, "id").to_owned());
    let deployed =
        answer(&mock, "deployRecentValidation", &format!("<validationId>{id}</validationId>")).await;
    assert!(deployed.starts_with("<result>0Af"), "{deployed}");
    assert_eq!(rest(&mock, "/sobjects/Boat__c/describe").await.0, 200);
    let (status, refused) = call(&mock, &format!("<cancelDeploy><String>{id}</String></cancelDeploy>")).await;
    assert!(status == 500 && refused.contains("is already completed"), "{refused}");
    let zip = STANDARD.encode(archive(&files));
    let (status, refused) = call(
        &mock,
        &format!(
            "<deploy><ZipFile>{zip}</ZipFile><DeployOptions><runTests>A</runTests></DeployOptions></deploy>"
        ),
    )
    .await;
    assert!(status == 500 && refused.contains("mock-sfdc does not emulate Apex tests (A)"), "{refused}");
    let (status, refused) = call(&mock, "<deploy><ZipFile>bm8gemlw</ZipFile></deploy>").await;
    assert!(status == 500 && refused.contains("The archive cannot be read"), "{refused}");
}

#[tokio::test]
async fn a_deployment_takes_away_what_it_names() {
    let mock = MockSfdc::start().await.unwrap();
    let files =
        [("package.xml", PACKAGE), ("objects/Boat__c.object", BOAT), ("workflows/Lead.workflow", WORKFLOW)];
    deploy(&mock, &files, ROLLBACK).await;
    let empty = r"<Package><version>66.0</version></Package>";
    let gone = r"<Package><types><members>Boat__c.Length__c</members><members>Boat__c.Nothing__c</members><name>CustomField</name></types>
        <types><members>Boat__c.Floats</members><name>ValidationRule</name></types></Package>";
    // Only what the rule needs no more can go: the order is found.
    let done = deploy(&mock, &[("package.xml", empty), ("destructiveChanges.xml", gone)], ROLLBACK).await;
    assert!(done.contains("<status>Succeeded</status>"), "{done}");
    assert!(done.contains("<deleted>true</deleted><fileName>destructiveChanges.xml</fileName><fullName>Boat__c.Length__c</fullName>"), "{done}");
    assert!(done.contains("<problem>No CustomField named: Boat__c.Nothing__c found</problem><problemType>Warning</problemType><success>true</success>"), "{done}");
    let (_, described) = rest(&mock, "/sobjects/Boat__c/describe").await;
    assert!(!described["fields"].to_string().contains("Length__c"));
    let gone = r"<Package><types><members>Boat__c</members><name>CustomObject</name></types></Package>";
    deploy(&mock, &[("package.xml", empty), ("destructiveChangesPost.xml", gone)], ROLLBACK).await;
    assert_eq!(rest(&mock, "/sobjects/Boat__c/describe").await.0, 404);
}

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
async fn rest_deploys_as_soap_does() {
    let mock = MockSfdc::start().await.unwrap();
    let files = [
        ("zip/package.xml", PACKAGE),
        ("zip/objects/Boat__c.object", BOAT),
        ("zip/workflows/Lead.workflow", WORKFLOW),
    ];
    let options = json!({"deployOptions": {
        "rollbackOnError": true, "singlePackage": true, "checkOnly": false, "testLevel": "NoTestRun",
        "runTests": null, "purgeOnDelete": null,
    }});
    let mut body = b"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"package.xml\"\r\n\
        Content-Type: application/zip\r\n\r\n"
        .to_vec();
    body.extend(archive(&files));
    body.extend(format!("\r\n--X\r\nContent-Disposition: form-data; name=\"entity_content\"\r\nContent-Type: application/json\r\n\r\n{options}\r\n--X--\r\n").into_bytes());
    let url = format!("{}/services/data/v66.0/metadata/deployRequest", mock.url());
    let request = client()
        .post(&url)
        .bearer_auth(mock.admin_token())
        .header("content-type", "multipart/form-data; boundary=X");
    let answer = request.body(body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let begun: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let id = begun["id"].as_str().unwrap();
    let (status, done) = rest(&mock, &format!("/metadata/deployRequest/{id}?includeDetails=true")).await;
    assert_eq!((status, &done["deployResult"]["status"]), (200, &json!("Succeeded")), "{done}");
    assert_eq!(done["deployResult"]["details"]["componentSuccesses"].as_array().unwrap().len(), 6);
    assert_eq!(rest(&mock, "/sobjects/Boat__c/describe").await.0, 200);
    let request = client().patch(format!("{url}/{id}")).bearer_auth(mock.admin_token());
    let body = json!({"deployResult": {"status": "Canceling"}}).to_string();
    let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    let (status, unknown) = rest(&mock, "/metadata/deployRequest/0Af000000000000AAA").await;
    assert_eq!((status, &unknown[0]["errorCode"]), (400, &json!("INVALID_CROSS_REFERENCE_KEY")));
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
