//! `convertLead`: each lead for itself (`contract/soap.md` section 6).

use mock_sfdc_org::{
    error::Error,
    id::Id,
    save::Draft,
    state::Transaction,
    verbs::{self, Converted, Errors, LeadConvert},
};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    envelope::Element,
    sobject,
};
use crate::call::{Answer, Call};

/// Everything that the WSDL has in a `LeadConvert` and that is done here.
const KNOWN: [&str; 15] = [
    "accountId",
    "accountRecord",
    "bypassAccountDedupeCheck",
    "bypassContactDedupeCheck",
    "contactId",
    "contactRecord",
    "convertedStatus",
    "doNotCreateOpportunity",
    "leadId",
    "opportunityId",
    "opportunityName",
    "opportunityRecord",
    "overwriteLeadSource",
    "ownerId",
    "sendNotificationEmail",
];

pub fn convert_lead(call: &Call) -> Answer {
    let caller = &Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &[], "leadConverts");
    let requests = arguments.rest();
    if requests.len() > verbs::MOST_LEADS {
        return Err(Error::lead_convert_limit(verbs::MOST_LEADS));
    }
    let unknown = requests
        .iter()
        .flat_map(|request| &request.children)
        .find(|child| !KNOWN.contains(&child.name.as_str()) && !child.is_empty());
    if let Some(unknown) = unknown {
        return Err(Error::not_emulated(format_args!("{} of a LeadConvert", unknown.name)));
    }
    let results = caller.each(requests, |tx, request| one(tx, caller, request));
    let written: Vec<Elements> =
        results.iter().zip(requests).map(|(result, request)| write(caller, result, request)).collect();
    Ok(answer::results(caller, &written))
}

fn one(tx: &mut Transaction, caller: &Caller<'_>, request: &Element) -> Result<Converted, Errors> {
    let lead = sobject::id(request, "leadId")?.ok_or_else(|| vec![Error::invalid_cross_reference()])?;
    let viewer = caller.viewer().map_err(|error| vec![error])?;
    let record = |object: &str, name: &str| -> Result<Draft, Errors> {
        let schema = viewer.schema();
        match (request.child(name), schema.object(object)) {
            (Some(element), Some(object)) => {
                sobject::draft(schema, object, element).map_err(|error| vec![error])
            }
            _ => Ok(Draft::default()),
        }
    };
    let convert = LeadConvert {
        account_id: sobject::id(request, "accountId")?,
        contact_id: sobject::id(request, "contactId")?,
        opportunity_id: sobject::id(request, "opportunityId")?,
        owner_id: sobject::id(request, "ownerId")?,
        opportunity_name: request.said("opportunityName").map(ToOwned::to_owned),
        do_not_create_opportunity: request.is_true("doNotCreateOpportunity"),
        overwrite_lead_source: request.is_true("overwriteLeadSource"),
        send_notification_email: request.is_true("sendNotificationEmail"),
        bypass_account_dedupe_check: request.is_true("bypassAccountDedupeCheck"),
        bypass_contact_dedupe_check: request.is_true("bypassContactDedupeCheck"),
        account_record: record("Account", "accountRecord")?,
        contact_record: record("Contact", "contactRecord")?,
        opportunity_record: record("Opportunity", "opportunityRecord")?,
        ..LeadConvert::new(lead, request.said("convertedStatus").unwrap_or_default())
    };
    verbs::convert_lead(tx, &convert, &caller.options)
}

/// accountId, contactId, errors, leadId, opportunityId, success.
fn write(caller: &Caller<'_>, result: &Result<Converted, Errors>, request: &Element) -> Elements {
    let converted = result.as_ref().ok();
    let mut out = Elements::default();
    out.id("accountId", converted.map(|converted| converted.account_id));
    out.id("contactId", converted.map(|converted| converted.contact_id));
    if let Err(errors) = result {
        out.errors(caller, errors);
    }
    out.id("leadId", request.said("leadId").and_then(Id::parse));
    out.id("opportunityId", converted.and_then(|converted| converted.opportunity_id));
    out.flag("success", result.is_ok());
    out
}
