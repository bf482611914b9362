//! What headers change of a save: assignment rules, mails, duplicate rules (`contract/soap.md` section 3).

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{id::Id, seed, value::DateTime};
use serde_json::json;

use crate::soap::{call, element, inner};

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
