//! E-mail templates: a record of `EmailTemplate`, with merge fields such as `{!Lead.FirstName}`.

use super::{Mail, MailKind};
use crate::{
    rules::{field_path::FieldPath, subject::Subject},
    state::State,
    value::{Value, shown},
};

/// A mail about `subject` as a template words it; without a template, or where the org has none of that name, in plain words.
pub(crate) fn compose(
    kind: MailKind,
    template: Option<&str>,
    plain: (&str, &str),
    subject: &Subject<'_>,
) -> Mail {
    let found = template.and_then(|name| find(subject.state, name));
    let (title, body) = found.unwrap_or_else(|| (plain.0.to_owned(), plain.1.to_owned()));
    Mail {
        at: subject.now,
        kind,
        from: None,
        reply_to: None,
        to: Vec::new(),
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: merged(&title, subject),
        body: merged(&body, subject),
        template: template.map(str::to_owned),
        html_body: None,
        attachments: Vec::new(),
        related: Some(subject.record.id()),
    }
}

/// Subject and body of a template by its developer name; a folder before it is not looked at.
fn find(state: &State, path: &str) -> Option<(String, String)> {
    let name = path.rsplit('/').next()?;
    let object = state.schema().object("EmailTemplate")?;
    let (position, _) = object.field("DeveloperName")?;
    let record = state.lookup(object, position, &name.into()).into_iter().next()?;
    let text = |field: &str| {
        let value = object.field(field).map(|(position, _)| record.get(position));
        value.and_then(Value::as_text).map(str::to_owned)
    };
    Some((
        text("Subject").unwrap_or_default(),
        text("Body").or_else(|| text("HtmlValue")).unwrap_or_default(),
    ))
}

/// A text with its merge fields filled in. What names no field stays as it is, so that nobody overlooks it.
pub(crate) fn merged(text: &str, subject: &Subject<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{!") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push_str("{!");
            rest = after;
            continue;
        };
        match FieldPath::resolve(subject.state.schema(), subject.object, name.trim()) {
            Ok((path, field)) => {
                let text = shown(&path.value(subject));
                // Whoever gets the mail: a mask, also for those who may view encrypted data.
                out.push_str(&field.masked(&text).unwrap_or(text));
            }
            Err(_) => out.extend(["{!", name, "}"]),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}
