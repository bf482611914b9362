//! `sendEmail`: what lands in the org's outbox, and what is refused.

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{mail::MailKind, value::Value};

use crate::{
    people::seed,
    soap::{call, element, inner, org},
};

fn single(inner: &str) -> String {
    format!(r#"<sendEmail><messages xsi:type="SingleEmailMessage">{inner}</messages></sendEmail>"#)
}

fn values(mock: &MockSfdc, object: &str, fields: &[&str]) -> Vec<Vec<Value>> {
    let state = mock.tenant().org.snapshot();
    let object = state.schema().object(object).unwrap();
    let rows = state.table(object.index).rows();
    rows.map(|row| fields.iter().map(|field| row.get(object.field(field).unwrap().0).clone()).collect())
        .collect()
}

#[tokio::test]
async fn a_mail_lands_in_the_outbox_and_as_a_task_with_whom_it_is_for() {
    let (mock, session) = org().await;
    let contact = seed(&mock, "Contact", &[("LastName", "Hopper"), ("Email", "grace@navy.example")]);
    let account = seed(&mock, "Account", &[("Name", "Navy")]);
    let body = single(&format!(
        r"<bccSender>false</bccSender><replyTo>desk@acme.example</replyTo><senderDisplayName>Desk</senderDisplayName><subject>Hello {{!Contact.LastName}}</subject><ccAddresses>copy@acme.example</ccAddresses><fileAttachments><body>aGk=</body><contentType>text/plain</contentType><fileName>hi.txt</fileName></fileAttachments><htmlBody>&lt;b&gt;Hi&lt;/b&gt;</htmlBody><plainTextBody>Hi {{!Account.Name}}</plainTextBody><targetObjectId>{contact}</targetObjectId><toAddresses>other@navy.example</toAddresses><treatBodiesAsTemplate>true</treatBodiesAsTemplate><whatId>{account}</whatId>"
    ));
    let (status, text) = call(&mock, &session, "", &body).await;
    assert_eq!((status, inner(&text)), (200, "<result><success>true</success></result>"));
    let state = mock.tenant().org.snapshot();
    let mail = state.mails().next().unwrap();
    assert_eq!(mail.kind, MailKind::Message);
    assert_eq!(mail.to, ["grace@navy.example", "other@navy.example"]);
    assert_eq!(mail.cc, ["copy@acme.example"]);
    assert!(mail.from.as_ref().unwrap().starts_with("Desk <"));
    assert_eq!((mail.subject.as_str(), mail.body.as_str()), ("Hello Hopper", "Hi Navy"));
    assert_eq!(mail.html_body.as_deref(), Some("<b>Hi</b>"));
    assert_eq!(mail.attachments[0].name, "hi.txt");
    let tasks = values(&mock, "Task", &["Subject", "Status", "WhoId", "WhatId"]);
    assert_eq!(
        tasks,
        [[Value::text("Email: Hello Hopper"), Value::text("Completed"), contact.into(), account.into()]]
    );
}

#[tokio::test]
async fn a_template_is_merged_for_each_target_of_a_mass_mail() {
    let (mock, session) = org().await;
    let people = ["Hopper", "Lovelace"].map(|name| {
        seed(&mock, "Lead", &[("LastName", name), ("Company", "X"), ("Email", &format!("{name}@x.example"))])
    });
    let template = seed(
        &mock,
        "EmailTemplate",
        &[
            ("Name", "Welcome"),
            ("DeveloperName", "Welcome"),
            ("Subject", "Dear {!Lead.LastName}"),
            ("Body", "Welcome to {!Lead.Company}"),
            ("TemplateType", "text"),
            ("TemplateStyle", "none"),
            ("FolderId", &mock.tenant().org.snapshot().settings().organization_id.to_string()),
        ],
    );
    let targets = people.map(|id| format!("<targetObjectIds>{id}</targetObjectIds>")).join("");
    let body = format!(
        r#"<sendEmail><messages xsi:type="MassEmailMessage"><saveAsActivity>false</saveAsActivity><description>d</description>{targets}<templateId>{template}</templateId></messages></sendEmail>"#
    );
    let (_, text) = call(&mock, &session, "", &body).await;
    assert_eq!(inner(&text), "<result><success>true</success></result>", "{text}");
    let state = mock.tenant().org.snapshot();
    let subjects: Vec<&str> = state.mails().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(subjects, ["Dear Hopper", "Dear Lovelace"]);
    assert!(values(&mock, "Task", &["Subject"]).is_empty());
}

#[tokio::test]
async fn what_is_wrong_with_a_mail_is_its_result() {
    let (mock, session) = org().await;
    let state = mock.tenant().org.snapshot();
    let admin = mock_sfdc_org::seed::administrator(state.settings());
    let account = seed(&mock, "Account", &[("Name", "A")]);
    let silent = seed(&mock, "Contact", &[("LastName", "X")]);
    for (inner_text, code, message) in [
        (
            "<toAddresses>joeexample.com</toAddresses><plainTextBody>x</plainTextBody>".to_owned(),
            "INVALID_EMAIL_ADDRESS",
            "Email address is invalid: joeexample.com",
        ),
        (
            "<plainTextBody>x</plainTextBody>".to_owned(),
            "REQUIRED_FIELD_MISSING",
            "Add a recipient to send an email.",
        ),
        (
            "<toAddresses>a@b.example</toAddresses>".to_owned(),
            "REQUIRED_FIELD_MISSING",
            "Missing body, need at least one of html or plainText",
        ),
        (
            format!("<plainTextBody>x</plainTextBody><targetObjectId>{account}</targetObjectId>"),
            "INVALID_ID_FIELD",
            "Invalid entity type or id",
        ),
        (
            format!("<plainTextBody>x</plainTextBody><targetObjectId>{silent}</targetObjectId>"),
            "REQUIRED_FIELD_MISSING",
            "targetObjectId has no email address",
        ),
        (
            format!("<plainTextBody>x</plainTextBody><targetObjectId>{admin}</targetObjectId>"),
            "INVALID_SAVE_AS_ACTIVITY_FLAG",
            "saveAsActivity must be false",
        ),
        (
            format!(
                "<plainTextBody>x</plainTextBody><targetObjectId>{admin}</targetObjectId><whatId>{account}</whatId>"
            ),
            "INVALID_ID_FIELD",
            "WhatId is not available",
        ),
    ] {
        let (status, text) = call(&mock, &session, "", &single(&inner_text)).await;
        assert_eq!((status, element(&text, "success")), (200, "false"), "{text}");
        assert_eq!(element(&text, "statusCode"), code, "{text}");
        assert!(element(&text, "message").starts_with(message), "{text}");
        assert!(text.contains(r#"<targetObjectId xsi:nil="true"/></errors>"#));
    }
    assert_eq!(mock.tenant().org.snapshot().mails().count(), 0);
    let (status, text) =
        call(&mock, &session, "", &single("<documentAttachments>015000000000001AAA</documentAttachments>"))
            .await;
    assert_eq!(status, 500);
    assert!(text.contains("documentAttachments of a mail"), "{text}");
    let many = r#"<messages xsi:type="SingleEmailMessage"/>"#.repeat(11);
    let (_, text) = call(&mock, &session, "", &format!("<sendEmail>{many}</sendEmail>")).await;
    assert!(text.contains("EMAIL_BATCH_SIZE_LIMIT_EXCEEDED"), "{text}");
}
