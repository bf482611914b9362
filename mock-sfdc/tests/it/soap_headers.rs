//! What headers change: assignment rules, mails, duplicate rules, owners' belongings, names, recent items (`contract/soap.md` section 3).

use mock_sfdc::{MockSfdc, fixtures};
use mock_sfdc_org::{id::Id, seed, value::DateTime};
use serde_json::json;

use crate::{
    client, people,
    soap::{call, element, inner, org},
};

fn owner(mock: &MockSfdc, lead: &str) -> Id {
    let state = mock.tenant().org.snapshot();
    let (object, record) = state.find(Id::parse(lead).unwrap()).unwrap();
    record.get(object.field("OwnerId").unwrap().0).as_id().unwrap()
}

#[tokio::test]
async fn assignment_rules_run_only_when_the_header_asks() {
    let mock = MockSfdc::start().await.unwrap();
    let session = mock.admin_token();
    let admin = seed::administrator(mock.tenant().org.snapshot().settings());
    let body =
        "<create><sObjects><type>Lead</type><LastName>A</LastName><Company>B</Company></sObjects></create>";
    let (_, text) = call(&mock, session, "", body).await;
    assert_eq!(owner(&mock, element(&text, "id")), admin);

    let rule = {
        let state = mock.tenant().org.snapshot();
        let rules = state.schema().object("AssignmentRule").unwrap();
        state.table(rules.index).rows().next().unwrap().id()
    };
    let by_id = format!("<assignmentRuleId>{rule}</assignmentRuleId>");
    for inner in ["<useDefaultRule>true</useDefaultRule>", &by_id] {
        let header = format!("<AssignmentRuleHeader>{inner}</AssignmentRuleHeader>");
        let (_, text) = call(&mock, session, &header, body).await;
        assert_eq!(owner(&mock, element(&text, "id")).prefix(), *b"00G", "{inner}");
    }
    let sent = mock.tenant().org.snapshot().mails().count();
    let header = "<AssignmentRuleHeader><useDefaultRule>true</useDefaultRule></AssignmentRuleHeader><EmailHeader><triggerUserEmail>true</triggerUserEmail></EmailHeader>";
    let partner = body.replace("</Company>", "</Company><LeadSource>Partner Referral</LeadSource>");
    call(&mock, session, header, &partner).await;
    assert_eq!(mock.tenant().org.snapshot().mails().count(), sent + 1);

    for (id, fault) in [("nonsense", "MALFORMED_ID"), ("01Q5g0000000099", "INVALID_ASSIGNMENT_RULE")] {
        let header =
            format!("<AssignmentRuleHeader><assignmentRuleId>{id}</assignmentRuleId></AssignmentRuleHeader>");
        let (status, text) = call(&mock, session, &header, body).await;
        assert_eq!((status, element(&text, "faultcode")), (500, format!("sf:{fault}").as_str()));
    }
}

/// An org with a rule of contacts that share a mail address.
async fn with_duplicate_rule() -> MockSfdc {
    let fixture = json!({
        "matchingRules": [{
            "fullName": "Contact.Contact_MR", "label": "Contact MR",
            "matchingRuleItems": [{"fieldName": "Email", "matchingMethod": "Exact"}]
        }],
        "duplicateRules": [{
            "fullName": "Contact.Contacts_DR", "masterLabel": "Contacts", "isActive": true,
            "actionOnInsert": "Allow", "actionOnUpdate": "Allow",
            "operationsOnInsert": ["Alert"], "operationsOnUpdate": ["Alert"],
            "duplicateRuleMatchRules": [{"matchRuleSObjectType": "Contact", "matchingRule": "Contact_MR"}]
        }]
    });
    let noon = DateTime::from_millis(1_774_440_000_000);
    let state = seed::load("test.json", &fixture.to_string(), noon, &|_| None).unwrap();
    MockSfdc::builder().state(state).start().await.unwrap()
}

#[tokio::test]
async fn a_duplicate_is_an_error_of_a_type_of_its_own() {
    let mock = with_duplicate_rule().await;
    let session = mock.admin_token();
    let body = "<create><sObjects><type>Contact</type><LastName>Lovelace</LastName><Email>ada@example.com</Email></sObjects></create>";
    let (_, text) = call(&mock, session, "", body).await;
    let id = element(&text, "id").to_owned();
    let (status, text) = call(&mock, session, "", body).await;
    assert_eq!(status, 200);
    let told = "You&apos;re creating a duplicate record. We recommend you use an existing record instead.";
    assert_eq!(
        inner(&text),
        format!(
            r#"<result><errors xsi:type="DuplicateError"><message>{told}</message><statusCode>DUPLICATES_DETECTED</statusCode><duplicateResult><allowSave>true</allowSave><duplicateRule>Contacts_DR</duplicateRule><duplicateRuleEntityType>Contact</duplicateRuleEntityType><errorMessage>{told}</errorMessage><matchResults><entityType>Contact</entityType><matchEngine>ExactMatchEngine</matchEngine><matchRecords><matchConfidence>100.0</matchConfidence><record xsi:type="sf:sObject"><sf:type>Contact</sf:type><sf:Id>{id}</sf:Id><sf:Id>{id}</sf:Id></record></matchRecords><rule>Contact_MR</rule><size>1</size><success>true</success></matchResults></duplicateResult></errors><id xsi:nil="true"/><success>false</success></result>"#
        )
    );
    assert!(text.contains(r#"xmlns:sf="urn:sobject.partner.soap.sforce.com""#));
    let details =
        "<DuplicateRuleHeader><includeRecordDetails>true</includeRecordDetails></DuplicateRuleHeader>";
    let (_, text) = call(&mock, session, details, body).await;
    assert!(text.contains("<sf:LastName>Lovelace</sf:LastName>"), "{text}");
    let header = "<DuplicateRuleHeader><allowSave>true</allowSave></DuplicateRuleHeader>";
    let (_, text) = call(&mock, session, header, body).await;
    assert_eq!(element(&text, "success"), "true");
}

#[tokio::test]
async fn what_cannot_be_heeded_is_refused_by_its_name() {
    let (mock, session) = org().await;
    let save = "<update/>";
    for (header, body, refused) in [
        (
            "<LocaleOptions><language>de</language></LocaleOptions>",
            save,
            "the language de of the SOAP header LocaleOptions",
        ),
        (
            "<DebuggingHeader><debugLevel>Detail</debugLevel></DebuggingHeader>",
            save,
            "the SOAP header DebuggingHeader",
        ),
        (
            "<DebuggingHeader><categories><category>Db</category><level>Fine</level></categories><debugLevel>None</debugLevel></DebuggingHeader>",
            save,
            "the SOAP header DebuggingHeader",
        ),
        (
            "<EmailHeader><triggerOtherEmail>true</triggerOtherEmail></EmailHeader>",
            save,
            "triggerOtherEmail of the SOAP header EmailHeader",
        ),
        (
            "<PackageVersionHeader><packageVersions><majorNumber>1</majorNumber><minorNumber>2</minorNumber><namespace>acme</namespace></packageVersions></PackageVersionHeader>",
            save,
            "the SOAP header PackageVersionHeader",
        ),
        (
            "<StreamingEnabledHeader><streamingEnabled>false</streamingEnabled></StreamingEnabledHeader>",
            save,
            "the SOAP header StreamingEnabledHeader",
        ),
        (
            "<OwnerChangeOptions><options><type>KeepSalesTeamGrantCurrentOwnerReadWriteAccess</type><execute>true</execute></options></OwnerChangeOptions>",
            save,
            "KeepSalesTeamGrantCurrentOwnerReadWriteAccess of the SOAP header OwnerChangeOptions",
        ),
    ] {
        let (status, text) = call(&mock, &session, header, body).await;
        assert_eq!(status, 500, "{header}");
        let expected = format!("FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate {refused}");
        assert!(element(&text, "faultstring").starts_with(&expected), "{header}: {text}");
    }
    for (header, body) in [
        (
            "<LocaleOptions><language>en_US</language><localizeErrors>true</localizeErrors></LocaleOptions>",
            save,
        ),
        ("<DebuggingHeader><debugLevel>None</debugLevel></DebuggingHeader>", save),
        (
            "<DisableFeedTrackingHeader><disableFeedTracking>true</disableFeedTracking></DisableFeedTrackingHeader>",
            save,
        ),
        ("<PackageVersionHeader/>", save),
        ("<StreamingEnabledHeader><streamingEnabled>true</streamingEnabled></StreamingEnabledHeader>", save),
        (
            "<UserTerritoryDeleteHeader><transferToUserId>0055g0000000001AAA</transferToUserId></UserTerritoryDeleteHeader>",
            "<delete/>",
        ),
        (
            "<OwnerChangeOptions><options><type>EnforceNewOwnerHasReadAccess</type><execute>true</execute></options></OwnerChangeOptions>",
            save,
        ),
    ] {
        let (status, text) = call(&mock, &session, header, body).await;
        assert_eq!(status, 200, "{header}: {text}");
    }
    let nobody =
        "<UserTerritoryDeleteHeader><transferToUserId>me</transferToUserId></UserTerritoryDeleteHeader>";
    let (_, text) = call(&mock, &session, nobody, "<delete/>").await;
    assert_eq!(element(&text, "faultcode"), "sf:MALFORMED_ID");
}

/// The owners of records, by their names or subjects.
fn owners(mock: &MockSfdc, object: &str, field: &str) -> Vec<(String, Id)> {
    let state = mock.tenant().org.snapshot();
    let object = state.schema().object(object).unwrap();
    let (name, owner) = (object.field(field).unwrap().0, object.field("OwnerId").unwrap().0);
    let rows = state.table(object.index).rows();
    let mut all: Vec<(String, Id)> = rows
        .map(|row| (row.get(name).as_text().unwrap_or_default().to_owned(), row.get(owner).as_id().unwrap()))
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn what_belongs_to_an_account_goes_to_its_new_owner_where_the_header_says_so() {
    let fixture = json!({"users": [
        {"ref": "rep", "username": "rep@x.example", "password": "p", "lastName": "Rep"},
        {"ref": "other", "username": "other@x.example", "password": "p", "lastName": "Other"}]});
    let state = fixtures::from_text("test.json", &fixture.to_string(), None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let session = mock.admin_token();
    let user = |name: &str| mock.org().snapshot().access().login(name).unwrap().user;
    let (admin, rep, other) = (mock.admin(), user("rep@x.example"), user("other@x.example"));
    let account =
        people::seed(&mock, "Account", &[("Name", "A"), ("OwnerId", &admin.to_string())]).to_string();
    let belongs = |object: &str, lookup: &str, owner: Id, more: &[(&str, &str)]| {
        let owner = owner.to_string();
        let mut row = vec![(lookup, account.as_str()), ("OwnerId", owner.as_str())];
        row.extend(more);
        people::seed(&mock, object, &row);
    };
    belongs("Contact", "AccountId", admin, &[("LastName", "C")]);
    for (name, stage, owner) in
        [("own", "Prospecting", admin), ("won", "Closed Won", admin), ("theirs", "Prospecting", other)]
    {
        let closed = (stage == "Closed Won").to_string();
        belongs(
            "Opportunity",
            "AccountId",
            owner,
            &[("Name", name), ("StageName", stage), ("CloseDate", "2026-04-01"), ("IsClosed", &closed)],
        );
    }
    belongs(
        "Task",
        "WhatId",
        admin,
        &[("Subject", "open"), ("Status", "Not Started"), ("IsClosed", "false")],
    );
    belongs("Task", "WhatId", admin, &[("Subject", "done"), ("Status", "Completed"), ("IsClosed", "true")]);
    belongs("Note", "ParentId", admin, &[("Title", "N")]);

    let update = |owner: Id| {
        format!(
            "<update><sObjects><type>Account</type><Id>{account}</Id><OwnerId>{owner}</OwnerId></sObjects></update>"
        )
    };
    let header = |types: &[&str]| {
        let option = |kind: &&str| format!("<options><type>{kind}</type><execute>true</execute></options>");
        let options = types.iter().map(option).collect::<Vec<_>>().concat();
        format!("<OwnerChangeOptions>{options}</OwnerChangeOptions>")
    };
    let (_, text) = call(&mock, session, &header(&["TransferOthersOpenOpportunities"]), &update(rep)).await;
    assert_eq!(
        element(&text, "faultstring"),
        "INVALID_OPERATION: TransferOthersOpenOpportunities takes TransferOwnedOpenOpportunities with it"
    );
    let skipped = header(&["TransferContacts"]).replace("true", "false");
    let (_, text) = call(&mock, session, &skipped, &update(rep)).await;
    assert_eq!(element(&text, "success"), "true", "{text}");
    assert_eq!(owners(&mock, "Contact", "LastName"), [("C".to_owned(), admin)]);

    assert_eq!(element(&call(&mock, session, "", &update(admin)).await.1, "success"), "true");
    let some = header(&[
        "TransferOwnedOpenOpportunities",
        "TransferOpenActivities",
        "TransferNotesAndAttachments",
        "SendEmail",
    ]);
    let mails = mock.org().snapshot().mails().count();
    let (_, text) = call(&mock, session, &some, &update(rep)).await;
    assert_eq!(element(&text, "success"), "true", "{text}");
    let named =
        |rows: &[(&str, Id)]| rows.iter().map(|(name, id)| ((*name).to_owned(), *id)).collect::<Vec<_>>();
    assert_eq!(
        owners(&mock, "Opportunity", "Name"),
        named(&[("own", rep), ("theirs", other), ("won", admin)])
    );
    assert_eq!(owners(&mock, "Task", "Subject"), named(&[("done", admin), ("open", rep)]));
    assert_eq!(owners(&mock, "Note", "Title"), named(&[("N", rep)]));
    assert_eq!(owners(&mock, "Contact", "LastName"), named(&[("C", admin)]));
    assert_eq!(mock.org().snapshot().mails().count(), mails + 1);

    let rest =
        header(&["TransferOwnedOpenOpportunities", "TransferOthersOpenOpportunities", "TransferContacts"]);
    assert_eq!(element(&call(&mock, session, &rest, &update(other)).await.1, "success"), "true");
    assert_eq!(
        owners(&mock, "Opportunity", "Name"),
        named(&[("own", other), ("theirs", other), ("won", admin)])
    );
    assert_eq!(owners(&mock, "Contact", "LastName"), named(&[("C", admin)]), "it was not the old owner's");
}

#[tokio::test]
async fn names_of_a_default_namespace_are_found_without_it() {
    let fixture = json!({"packages": [{"objects": {"Lead": {"fields": {"acme__Region__c": "string"}}}}]});
    let state = fixtures::from_text("test.json", &fixture.to_string(), None).unwrap();
    let mock = MockSfdc::builder().state(state).start().await.unwrap();
    let session = mock.admin_token();
    let options =
        "<CallOptions><client>test/1.0</client><defaultNamespace>acme</defaultNamespace></CallOptions>";
    let create = "<create><sObjects><type>Lead</type><LastName>A</LastName><Company>B</Company><Region__c>North</Region__c></sObjects></create>";
    let query =
        "<query><queryString>SELECT Region__c FROM Lead WHERE Region__c = 'North'</queryString></query>";
    assert_eq!(call(&mock, session, "", create).await.0, 500);
    let (status, text) = call(&mock, session, options, create).await;
    assert_eq!((status, element(&text, "success")), (200, "true"), "{text}");
    let (_, text) = call(&mock, session, options, query).await;
    assert!(text.contains("<sf:acme__Region__c>North</sf:acme__Region__c>"), "{text}");
    assert_eq!(call(&mock, session, "", query).await.0, 500);
}

#[tokio::test]
async fn one_record_that_is_read_or_written_is_recent_where_the_header_says_so() {
    let (mock, session) = org().await;
    let recent = || async {
        let url = format!("{}/services/data/v66.0/recent", mock.url());
        let text = client().get(url).bearer_auth(&session).send().await.unwrap().text().await.unwrap();
        let items: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        items.iter().map(|item| item["Id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let look = "<MruHeader><updateMru>true</updateMru></MruHeader>";
    let create = "<create><sObjects><type>Account</type><Name>A</Name></sObjects></create>";
    let (_, text) = call(&mock, &session, "", create).await;
    let unseen = element(&text, "id").to_owned();
    assert!(recent().await.is_empty());
    let (_, text) = call(&mock, &session, look, create).await;
    let made = element(&text, "id").to_owned();
    assert_eq!(recent().await, [made.as_str()]);
    mock.clock().advance(5_000);
    let query = |text: &str| format!("<query><queryString>{text}</queryString></query>");
    for (soql, found) in [
        ("SELECT Id FROM Account", &made),
        (&format!("SELECT Name FROM Account WHERE Id = '{unseen}'"), &made),
        (&format!("SELECT Id FROM Account WHERE Id = '{unseen}'"), &unseen),
    ] {
        assert_eq!(call(&mock, &session, look, &query(soql)).await.0, 200);
        assert_eq!(&recent().await[0], found, "{soql}");
    }
    mock.clock().advance(5_000);
    let retrieve = format!(
        "<retrieve><fieldList>Name</fieldList><sObjectType>Account</sObjectType><ids>{made}</ids></retrieve>"
    );
    assert_eq!(call(&mock, &session, look, &retrieve).await.0, 200);
    assert_eq!(recent().await, [made, unseen]);
}
