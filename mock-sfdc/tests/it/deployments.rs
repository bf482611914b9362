//! The Metadata API over SOAP and REST: deployments and retrievals.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc::MockSfdc;
use serde_json::{Value, json};

use crate::{
    client,
    metadata_wire::{ROLLBACK, answer, archive, call, deploy, rest, unpacked},
    soap::element,
};

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
