//! `sendEmail`: mails into the org's outbox (`contract/soap.md` section 3). Nothing leaves the process.

use mock_sfdc_org::{
    error::Error,
    id::Id,
    mail::{self, Attachment, EmailMessage},
    verbs::Errors,
};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    envelope::Element,
    sobject,
};
use crate::call::{Answer, Call};

/// Messages of one call.
const MOST_MESSAGES: usize = 10;

/// What is read of a message. `charset`, priority and signature change nothing that an outbox would show.
const KNOWN: [&str; 24] = [
    "bccSender",
    "emailPriority",
    "replyTo",
    "saveAsActivity",
    "senderDisplayName",
    "subject",
    "useSignature",
    "bccAddresses",
    "ccAddresses",
    "charset",
    "fileAttachments",
    "htmlBody",
    "orgWideEmailAddressId",
    "plainTextBody",
    "targetObjectId",
    "templateId",
    "toAddresses",
    "treatBodiesAsTemplate",
    "treatTargetObjectAsRecipient",
    "whatId",
    // Of a mass mail.
    "description",
    "targetObjectIds",
    "whatIds",
    // Only this policy is: everybody is written to.
    "optOutPolicy",
];

pub fn send_email(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &[], "messages");
    let messages = arguments.rest();
    if messages.len() > MOST_MESSAGES {
        return Err(Error::too_many_mails(MOST_MESSAGES));
    }
    for message in messages {
        understood(message)?;
    }
    let results = caller.each(messages, |tx, message| {
        for mail in read(message)? {
            mail::send(tx, &mail)?;
        }
        Ok(())
    });
    let written: Vec<Elements> = results.iter().map(result).collect();
    Ok(answer::results(&caller, &written))
}

fn understood(message: &Element) -> Result<(), Error> {
    let unknown = |child: &&Element| !KNOWN.contains(&child.name.as_str()) && !child.is_empty();
    if let Some(child) = message.children.iter().find(unknown) {
        return Err(Error::not_emulated(format_args!("{} of a mail", child.name)));
    }
    match message.said("optOutPolicy") {
        None | Some("SEND") => Ok(()),
        Some(policy) => Err(Error::not_emulated(format_args!("optOutPolicy {policy} of a mail"))),
    }
}

/// One mail, or of a `MassEmailMessage` one for each of its targets.
fn read(message: &Element) -> Result<Vec<EmailMessage>, Errors> {
    let text = |name: &str| message.said(name).map(str::to_owned);
    let texts = |name: &'static str| -> Vec<String> {
        message.all(name).map(|one| one.text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
    };
    let mail = EmailMessage {
        to: texts("toAddresses"),
        cc: texts("ccAddresses"),
        bcc: texts("bccAddresses"),
        bcc_sender: message.is_true("bccSender"),
        subject: text("subject"),
        plain_text_body: body(message, "plainTextBody"),
        html_body: body(message, "htmlBody"),
        reply_to: text("replyTo"),
        sender_display_name: text("senderDisplayName"),
        org_wide_email_address: sobject::id(message, "orgWideEmailAddressId")?,
        target_object: sobject::id(message, "targetObjectId")?,
        target_is_no_recipient: message.said("treatTargetObjectAsRecipient") == Some("false"),
        template: sobject::id(message, "templateId")?,
        bodies_are_templates: message.is_true("treatBodiesAsTemplate"),
        what: sobject::id(message, "whatId")?,
        save_as_activity: message.said("saveAsActivity").map(|_| message.is_true("saveAsActivity")),
        attachments: message.all("fileAttachments").map(attachment).collect(),
    };
    let targets = ids(message, "targetObjectIds")?;
    if targets.is_empty() {
        return Ok(vec![mail]);
    }
    let about = ids(message, "whatIds")?;
    let each = targets.into_iter().enumerate().map(|(at, target)| EmailMessage {
        target_object: Some(target),
        what: about.get(at).copied(),
        ..mail.clone()
    });
    Ok(each.collect())
}

/// A text as it stands, line breaks and all.
fn body(message: &Element, name: &str) -> Option<String> {
    let child = message.child(name).filter(|child| !child.nil && !child.text.is_empty())?;
    Some(child.text.clone())
}

fn ids(message: &Element, name: &'static str) -> Result<Vec<Id>, Errors> {
    let parse = |one: &Element| {
        let text = one.text.trim();
        Id::parse(text).ok_or_else(|| vec![Error::malformed_record_id(text)])
    };
    message.all(name).map(parse).collect()
}

fn attachment(element: &Element) -> Attachment {
    Attachment {
        name: element.said("fileName").unwrap_or_default().to_owned(),
        content_type: element.said("contentType").map(str::to_owned),
        body: element.said("body").unwrap_or_default().to_owned(),
    }
}

/// errors, success. An error of a mail has another shape than one of a record.
fn result(result: &Result<(), Errors>) -> Elements {
    let mut out = Elements::default();
    for error in result.as_ref().err().into_iter().flatten() {
        out.0.push_str("<errors>");
        for field in error.fields.iter().flatten() {
            out.text("fields", field);
        }
        out.text("message", &error.message);
        out.text("statusCode", error.code.as_str());
        out.nil("targetObjectId");
        out.close("errors");
    }
    out.flag("success", result.is_ok());
    out
}
