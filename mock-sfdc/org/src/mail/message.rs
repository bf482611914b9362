//! Mails that a client sends: SOAP's `SingleEmailMessage`, each for itself. Nothing leaves the process; what is wrong is said in
//! Salesforce's words as far as they are known (`docs/FIDELITY.md`).

use super::{Attachment, Mail, MailKind, template};
use crate::{
    error::Error,
    id::Id,
    rules::subject::Subject,
    save::{DmlOptions, Draft, address_of, is_email},
    schema::Object,
    soql::RunContext,
    state::{State, Transaction},
    value::Value,
    verbs::{self, Errors},
};

const USER: [u8; 3] = *b"005";
const CONTACT: [u8; 3] = *b"003";
const LEAD: [u8; 3] = *b"00Q";

/// A mail as it is asked for.
#[derive(Debug, Clone, Default)]
pub struct EmailMessage {
    /// Addresses, or ids of users, contacts and leads.
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub bcc: Vec<String>,
    pub bcc_sender: bool,
    pub subject: Option<String>,
    pub plain_text_body: Option<String>,
    pub html_body: Option<String>,
    pub reply_to: Option<String>,
    pub sender_display_name: Option<String>,
    pub org_wide_email_address: Option<Id>,
    /// The person that it is for: merge fields are that person's, and the activity stands with them.
    pub target_object: Option<Id>,
    /// Not said: yes.
    pub target_is_no_recipient: bool,
    pub template: Option<Id>,
    pub bodies_are_templates: bool,
    /// What else it is about.
    pub what: Option<Id>,
    /// Not said: yes.
    pub save_as_activity: Option<bool>,
    pub attachments: Vec<Attachment>,
}

/// Sends a mail, and makes the activity that tells of it.
pub fn send(tx: &mut Transaction, message: &EmailMessage) -> Result<(), Errors> {
    let mail = compose(tx, message).map_err(|error| vec![error])?;
    if keeps_activity(message) {
        activity(tx, message, &mail)?;
    }
    tx.send_mail(mail);
    Ok(())
}

fn compose(tx: &Transaction, message: &EmailMessage) -> Result<Mail, Error> {
    let state = tx.state();
    let list = |field: &str, entries: &[String]| {
        entries.iter().map(|entry| address(state, field, entry)).collect::<Result<Vec<String>, Error>>()
    };
    let mut to = list("toAddresses", &message.to)?;
    let cc = list("ccAddresses", &message.cc)?;
    let mut bcc = list("bccAddresses", &message.bcc)?;
    if let Some(target) = message.target_object {
        let found = target_address(tx, message, target)?;
        if !message.target_is_no_recipient {
            to.insert(0, found);
        }
    }
    let sender = address_of(state, tx.user());
    if message.bcc_sender {
        bcc.extend(sender.clone());
    }
    if to.is_empty() && cc.is_empty() && bcc.is_empty() {
        return Err(Error::mail_without_recipient());
    }
    let words = words(tx, message)?;
    Ok(Mail {
        at: tx.now(),
        kind: MailKind::Message,
        from: from(state, message, sender)?,
        reply_to: message.reply_to.clone(),
        to,
        cc,
        bcc,
        subject: words.subject,
        body: words.body,
        html_body: words.html,
        template: words.template,
        related: message.what.or(message.target_object),
        attachments: message.attachments.clone(),
    })
}

/// An address, or that of the person whose id stands in its place.
fn address(state: &State, field: &str, entry: &str) -> Result<String, Error> {
    if is_email(entry) {
        return Ok(entry.to_owned());
    }
    let person = Id::parse(entry).filter(|id| [USER, CONTACT, LEAD].contains(&id.prefix()));
    person.and_then(|id| address_of(state, id)).ok_or_else(|| Error::mail_address_invalid(field, entry))
}

fn target_address(tx: &Transaction, message: &EmailMessage, target: Id) -> Result<String, Error> {
    let invalid = || Error::mail_id_invalid("targetObjectId", target);
    if ![USER, CONTACT, LEAD].contains(&target.prefix()) {
        return Err(invalid());
    }
    if target.prefix() == USER {
        if let Some(what) = message.what {
            return Err(Error::mail_to_user_about(what));
        }
        if message.save_as_activity != Some(false) {
            return Err(Error::mail_to_user_as_activity());
        }
    }
    let (object, record) = tx.state().find(target).ok_or_else(invalid)?;
    if tx.viewer().is_some_and(|viewer| !viewer.sees(tx.state(), object.index, record)) {
        return Err(invalid());
    }
    address_of(tx.state(), target).ok_or_else(|| Error::mail_target_without_address(target))
}

/// `Ada Lovelace <ada@example.com>`
fn from(state: &State, message: &EmailMessage, sender: Option<String>) -> Result<Option<String>, Error> {
    let Some(id) = message.org_wide_email_address else {
        return Ok(match (&message.sender_display_name, sender) {
            (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
            (_, sender) => sender,
        });
    };
    let found = state.find(id).filter(|(object, _)| object.name.is("OrgWideEmailAddress"));
    let (object, record) = found.ok_or_else(|| Error::mail_id_invalid("orgWideEmailAddressId", id))?;
    let text = |field: &str| Some(record.get(object.field(field)?.0).as_text()?.to_owned());
    Ok(match (text("DisplayName"), text("Address")) {
        (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
        (_, address) => address,
    })
}

#[derive(Default)]
struct Words {
    subject: String,
    body: String,
    html: Option<String>,
    template: Option<String>,
}

/// Those of the template, else those of the message.
fn words(tx: &Transaction, message: &EmailMessage) -> Result<Words, Error> {
    let own = || message.subject.clone().unwrap_or_default();
    let Some(id) = message.template else {
        if message.plain_text_body.is_none() && message.html_body.is_none() {
            return Err(Error::mail_without_body());
        }
        let words = Words {
            subject: own(),
            body: message.plain_text_body.clone().unwrap_or_default(),
            html: message.html_body.clone(),
            template: None,
        };
        return Ok(if message.bodies_are_templates { merged(tx, message, words) } else { words });
    };
    if message.target_object.is_none() {
        return Err(Error::mail_template_without_target());
    }
    let found = tx.state().find(id).filter(|(object, _)| object.name.is("EmailTemplate"));
    let (object, record) = found.ok_or_else(|| Error::mail_id_invalid("templateId", id))?;
    let text = |field: &str| Some(record.get(object.field(field)?.0).as_text()?.to_owned());
    let words = Words {
        subject: text("Subject").unwrap_or_else(own),
        body: text("Body").unwrap_or_default(),
        html: text("HtmlValue"),
        template: text("DeveloperName"),
    };
    Ok(merged(tx, message, words))
}

/// Merge fields are those of what the mail is about, then those of the person: whose own account may be another.
fn merged(tx: &Transaction, message: &EmailMessage, mut words: Words) -> Words {
    let state = tx.state();
    for id in message.what.into_iter().chain(message.target_object) {
        let Some((object, record)) = state.find(id) else { continue };
        let edit = record.edit(object.fields.len());
        let (user, now) = (tx.user(), tx.now());
        let subject = Subject { state, object, record: &edit, before: None, user, now };
        words.subject = template::merged(&words.subject, &subject);
        words.body = template::merged(&words.body, &subject);
        words.html = words.html.map(|html| template::merged(&html, &subject));
    }
    words
}

fn keeps_activity(message: &EmailMessage) -> bool {
    let about_somebody = message.target_object.or(message.what).is_some();
    message.save_as_activity.unwrap_or(true) && about_somebody
}

/// A task that is done, with the text of the mail.
fn activity(tx: &mut Transaction, message: &EmailMessage, mail: &Mail) -> Result<(), Errors> {
    let Some(object) = tx.state().schema().object("Task").cloned() else { return Ok(()) };
    let zone = RunContext::for_user(tx.state(), tx.user(), tx.now()).time_zone;
    let today = tx.now().timestamp().to_zoned(zone).date();
    let text = format!("To: {}\nSubject: {}\nBody:\n{}", mail.to.join("; "), mail.subject, mail.body);
    let values = [
        ("Subject", Value::text(format!("Email: {}", mail.subject))),
        ("Status", Value::text("Completed")),
        ("TaskSubtype", Value::text("Email")),
        ("ActivityDate", today.into()),
        ("Description", Value::text(text)),
        ("WhoId", message.target_object.map_or(Value::Null, Value::Id)),
        ("WhatId", message.what.map_or(Value::Null, Value::Id)),
    ];
    let draft = draft(&object, values);
    verbs::create(tx, &object, draft, &DmlOptions::default()).map(|_| ())
}

fn draft(object: &Object, values: impl IntoIterator<Item = (&'static str, Value)>) -> Draft {
    let mut draft = Draft::default();
    for (field, value) in values {
        if let Some((position, _)) = object.field(field).filter(|_| !value.is_null()) {
            draft.put(position, value);
        }
    }
    draft
}
