//! `/actions`: invocable actions (`contract/rest.md` section 2, `contract/behaviour.md` section 2.1). What they do,
//! `mock_sfdc_org::actions` says; those that are not there are refused by name.

use http::StatusCode;
use mock_sfdc_org::{
    actions::{self, EmailSimple},
    error::Error,
    verbs::Errors,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{body, error, shape::objects, sobject};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// An action: its name, its label, and its inputs with their kind and whether they are required.
struct Action {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    inputs: &'static [(&'static str, &'static str, &'static str, bool)],
}

const ACTIONS: [Action; 2] = [
    Action {
        name: "emailSimple",
        label: "Send Email",
        kind: "EMAILSIMPLE",
        inputs: &[
            ("emailAddresses", "Email Addresses (comma-separated)", "STRING", false),
            ("emailAddressesArray", "Email Addresses (collection)", "STRING", false),
            ("emailBody", "Body", "TEXTAREA", true),
            ("emailSubject", "Subject", "STRING", true),
            ("senderAddress", "Sender Address", "STRING", false),
            ("senderType", "Sender Type", "STRING", false),
        ],
    },
    Action {
        name: "invocableApplyLeadAssignmentRules",
        label: "Apply Lead Assignment Rules",
        kind: "APPLYLEADASSIGNMENTRULES",
        inputs: &[("leadId", "Lead ID", "ID", true)],
    },
];

fn url(call: &Call, rest: &str) -> String {
    format!("/services/data/{}/actions/{rest}", call.version)
}

/// `GET /actions`
pub fn index(call: &Call) -> Answer {
    let body = json!({"standard": url(call, "standard"), "custom": url(call, "custom")});
    Ok(Reply::json(StatusCode::OK, body.to_string()))
}

/// `GET /actions/standard`
pub fn standard(call: &Call) -> Answer {
    let rows = ACTIONS.iter().map(|action| {
        json!({"label": action.label, "name": action.name, "type": action.kind,
               "url": url(call, &format!("standard/{}", action.name))})
    });
    sobject::described(call, &json!({"actions": rows.collect::<Value>()}))
}

/// `GET /actions/custom`: what could be made by somebody, and nothing has been.
pub fn custom(call: &Call) -> Answer {
    let kinds = ["apex", "emailAlert", "flow", "quickAction", "sendNotification"];
    let body = kinds.into_iter().map(|kind| (kind.to_owned(), json!(url(call, &format!("custom/{kind}")))));
    Ok(Reply::json(StatusCode::OK, Value::Object(body.collect()).to_string()))
}

fn named(call: &Call) -> Result<&'static Action, Error> {
    let wanted = call.param("action");
    ACTIONS
        .iter()
        .find(|action| action.name == wanted)
        .ok_or_else(|| Error::not_emulated(format_args!("the action {wanted}")))
}

/// `GET /actions/standard/{action}`
pub fn describe(call: &Call) -> Answer {
    let action = named(call)?;
    let inputs = action.inputs.iter().map(|(name, label, kind, required)| {
        json!({
            "apexClass": null,
            "byteLength": 0,
            "description": null,
            "label": label,
            "maxOccurs": if *name == "emailAddressesArray" { 5 } else { 1 },
            "name": name,
            "picklistValues": null,
            "required": required,
            "sobjectType": null,
            "type": kind,
        })
    });
    let body = json!({
        "category": null,
        "description": null,
        "inputs": inputs.collect::<Value>(),
        "label": action.label,
        "name": action.name,
        "outputs": [],
        "standard": true,
        "targetEntityName": null,
        "type": action.kind,
    });
    sobject::described(call, &body)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
struct Request<T> {
    #[serde(deserialize_with = "objects")]
    inputs: Vec<T>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Input {
    email_addresses: Option<String>,
    email_addresses_array: Option<Vec<String>>,
    email_body: Option<String>,
    email_subject: Option<String>,
    sender_address: Option<String>,
    sender_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Assigned {
    lead_id: String,
}

/// `POST /actions/standard/{action}`
pub fn invoke(call: &Call) -> Answer {
    let (action, user) = (named(call)?, call.user()?);
    if action.name == "emailSimple" {
        let request: Request<Input> = body::parsed(call)?;
        let done = request.inputs.into_iter().map(|input| {
            let email = mail(input).map_err(|error| vec![error])?;
            call.transact(user, |tx| actions::email_simple(tx, email))
        });
        return Ok(answer(action, done));
    }
    let request: Request<Assigned> = body::parsed(call)?;
    let done = request
        .inputs
        .into_iter()
        .map(|input| call.transact(user, |tx| actions::apply_lead_assignment(tx, &input.lead_id)));
    Ok(answer(action, done))
}

fn mail(input: Input) -> Result<EmailSimple, Error> {
    let listed = input.email_addresses.unwrap_or_default();
    let listed = listed.split(',').map(str::trim).filter(|one| !one.is_empty()).map(ToOwned::to_owned);
    let sender = match input.sender_type.as_deref() {
        None | Some("CurrentUser") => None,
        Some("OrgWideEmailAddress") => {
            Some(input.sender_address.ok_or_else(|| Error::action_input_missing("senderAddress"))?)
        }
        Some(other) => return Err(Error::not_emulated(format_args!("emailSimple with senderType {other}"))),
    };
    Ok(EmailSimple {
        addresses: listed.chain(input.email_addresses_array.unwrap_or_default()).collect(),
        subject: input.email_subject.unwrap_or_default(),
        body: input.email_body.unwrap_or_default(),
        sender,
    })
}

/// One result an input, in their order. Where none succeeded the status is that of the first error.
fn answer(action: &Action, done: impl Iterator<Item = Result<(), Errors>>) -> Reply {
    let mut status = None;
    let mut any = false;
    let results = done
        .map(|done| {
            let errors = done.err().map(|errors| {
                status = status.or(errors.first().map(|error| error.code.http_status()));
                errors.iter().map(error::of_row).collect::<Vec<_>>()
            });
            any |= errors.is_none();
            let success = errors.is_none();
            json!({"actionName": action.name, "errors": errors, "isSuccess": success, "outputValues": null})
        })
        .collect::<Vec<_>>();
    let status = if any || results.is_empty() { 200 } else { status.unwrap_or(400) };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);

    Reply::json(status, Value::Array(results).to_string())
}
