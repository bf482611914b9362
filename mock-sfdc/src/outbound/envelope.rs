//! The SOAP message of a batch of notifications. Values are those of this moment, not of the event; empty fields are left out,
//! and so are records that are gone.

use std::{fmt::Write as _, sync::Arc};

use mock_sfdc_org::{
    outbound::Notification,
    rules::workflow::Message,
    schema::FieldType,
    state::State,
    value::{Value, shown, write_double, write_int},
};
use quick_xml::escape::escape;

/// The whole message; none when no record is left.
pub(super) fn write(
    state: &State,
    message: &Message,
    batch: &[Arc<Notification>],
    session: Option<&str>,
    base: &str,
) -> Option<String> {
    let organization = state.settings().organization_id;
    let version = message.definition.api_version.as_f64().unwrap_or_default();
    let session = session.map_or_else(
        || "<SessionId xsi:nil=\"true\"/>".to_owned(),
        |session| format!("<SessionId>{}</SessionId>", escape(session)),
    );
    let notifications = batch.iter().filter_map(|one| notification(state, message, one)).collect::<String>();
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

fn notification(state: &State, message: &Message, one: &Notification) -> Option<String> {
    let object = state.schema().by_index(one.object)?;
    let record = state.table(one.object).get(one.record)?;
    let mut fields = String::new();
    for position in &message.fields {
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
