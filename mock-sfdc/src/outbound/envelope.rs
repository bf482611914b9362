//! The SOAP message of a batch of notifications. Values are those of this moment, not of the event; empty fields are left out,
//! and so are records that are gone. What the user that the message is sent as may not see, nobody is told.

use std::{fmt::Write as _, sync::Arc};

use mock_sfdc_org::{
    access::permissions::{FieldAccess, Viewer},
    formula::with_formulas,
    outbound::Notification,
    rules::workflow::Message,
    schema::FieldType,
    state::State,
    value::{DateTime, Value, shown, write_double, write_int},
};

use crate::xml_text::escape;

/// One moment of the org, as the user sees it that messages are sent as.
pub(super) struct Sight<'a> {
    pub state: &'a State,
    pub viewer: &'a Viewer,
    pub now: DateTime,
}

/// The whole message; none when no record is left.
pub(super) fn write(
    sight: &Sight<'_>,
    message: &Message,
    batch: &[Arc<Notification>],
    session: Option<&str>,
    base: &str,
) -> Option<String> {
    let state = sight.state;
    let organization = state.settings().organization_id;
    let version = message.definition.api_version.as_f64().unwrap_or_default();
    let session = session.map_or_else(
        || "<SessionId xsi:nil=\"true\"/>".to_owned(),
        |session| format!("<SessionId>{}</SessionId>", escape(session)),
    );
    let notifications = batch.iter().filter_map(|one| notification(sight, message, one)).collect::<String>();
    if notifications.is_empty() {
        return None;
    }
    let url = |which: &str| format!("{base}/services/Soap/{which}/{version:.1}/{}", organization.short());
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n \
         <soapenv:Body>\n  <notifications xmlns=\"http://soap.sforce.com/2005/09/outbound\">\n   \
         <OrganizationId>{organization}</OrganizationId>\n   <ActionId>{}</ActionId>\n   {session}\n   \
         <EnterpriseUrl>{}</EnterpriseUrl>\n   <PartnerUrl>{}</PartnerUrl>\n{notifications}  \
         </notifications>\n </soapenv:Body>\n</soapenv:Envelope>",
        message.id,
        url("c"),
        url("u"),
    ))
}

fn notification(sight: &Sight<'_>, message: &Message, one: &Notification) -> Option<String> {
    let Sight { state, viewer, now } = *sight;
    let object = state.schema().by_index(one.object)?;
    let record = state.table(one.object).get(one.record).filter(|row| viewer.sees(state, one.object, row))?;
    let record = with_formulas(state, object, record, viewer.user(), now);
    let mut fields = String::new();
    let hidden = |position: usize| viewer.field(one.object, position) == FieldAccess::Hidden;
    for position in message.fields.iter().filter(|position| !hidden(**position)) {
        let field = object.field_at(*position)?;
        let text = text(record.get(*position), field.kind);
        if !text.is_empty() {
            let name = field.name.as_str();
            // Writing to a String cannot fail.
            let _ = writeln!(fields, "     <sf:{name}>{}</sf:{name}>", escape(&text));
        }
    }
    Some(format!(
        "   <Notification>\n    <Id>{}</Id>\n    <sObject xsi:type=\"sf:{}\" \
         xmlns:sf=\"urn:sobject.enterprise.soap.sforce.com\">\n{fields}    </sObject>\n   </Notification>\n",
        one.id,
        object.name.as_str(),
    ))
}

fn text(value: &Value, kind: FieldType) -> String {
    match value {
        Value::Number(number) => {
            let mut text = String::new();
            match kind {
                FieldType::Int | FieldType::Long => write_int(*number, &mut text),
                _ => write_double(*number, &mut text),
            }
            text
        }
        other => shown(other),
    }
}
