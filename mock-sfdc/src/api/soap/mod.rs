//! The SOAP face (`contract/soap.md`): the partner and the enterprise API, at `/services/Soap/{u|c}/NN.0` with any tail.
//!
//! All operations share one address. The first child of the body says which is meant, never `SOAPAction`, so an envelope is
//! read as soon as it has come: it names the row of the operation table, and by its session the org. What the table does not
//! have is refused by its name.

pub mod answer;
pub mod appearance;
mod arguments;
pub mod caller;
mod check;
pub mod convert_lead;
pub mod describe;
mod duplicates;
pub mod email;
pub mod envelope;
pub mod fault;
pub mod layout;
pub mod list_views;
pub mod login;
pub mod merge;
pub mod metadata;
mod owner_change;
pub mod password;
pub mod process;
pub mod query;
pub mod quick_actions;
pub mod records;
pub mod replication;
pub mod retrieve;
mod row;
pub mod save;
pub mod search;
pub mod session;
mod sobject;
mod typed;
mod user_info;
pub mod wsdl;

use http::{HeaderMap, Method};
use mock_sfdc_org::error::{Error, ErrorCode};

use self::envelope::{Element, Request};
use crate::{
    call::{Answer, Call},
    layers::gzip,
    operation::{Face, MAX_BODY, Operation},
    route::Found,
};

/// The APIs that share the address: two that differ in how they write sObjects (by their name, or by types of the org's own), and
/// that of metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Partner,
    Enterprise,
    Metadata,
}

impl Api {
    fn of_letter(letter: &str) -> Option<Self> {
        match letter {
            "u" => Some(Self::Partner),
            "c" => Some(Self::Enterprise),
            "m" => Some(Self::Metadata),
            _ => None,
        }
    }

    /// The API of a call, as far as its path tells.
    pub(crate) fn of(call: &Call) -> Self {
        Self::of_letter(call.param("api")).unwrap_or(Self::Partner)
    }

    /// As it stands in the path.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Partner => 'u',
            Self::Enterprise => 'c',
            Self::Metadata => 'm',
        }
    }

    /// Of the answers.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::Partner => "urn:partner.soap.sforce.com",
            Self::Enterprise => "urn:enterprise.soap.sforce.com",
            Self::Metadata => mock_sfdc_metadata::NAMESPACE,
        }
    }

    /// Its rows of the operation table begin with it.
    fn prefix(self) -> &'static str {
        match self {
            Self::Partner | Self::Enterprise => "soap",
            Self::Metadata => "metadata",
        }
    }

    /// Of records.
    pub(crate) fn sobject_namespace(self) -> &'static str {
        match self {
            Self::Partner => "urn:sobject.partner.soap.sforce.com",
            Self::Enterprise => "urn:sobject.enterprise.soap.sforce.com",
            Self::Metadata => mock_sfdc_metadata::NAMESPACE,
        }
    }

    /// Of the faults.
    pub(crate) fn fault_namespace(self) -> &'static str {
        match self {
            Self::Partner => "urn:fault.partner.soap.sforce.com",
            Self::Enterprise => "urn:fault.enterprise.soap.sforce.com",
            Self::Metadata => mock_sfdc_metadata::NAMESPACE,
        }
    }
}

/// Reads an envelope out of a body, packed or plain.
pub(crate) fn open(headers: &HeaderMap, body: &[u8]) -> Result<Request, Error> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = header("content-type").unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    if !parts.next().unwrap_or_default().eq_ignore_ascii_case("text/xml") {
        return Err(Error::soap_client("content-type of the request should be text/xml"));
    }
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.eq_ignore_ascii_case("charset").then(|| value.trim_matches(['"', '\'']))
    });
    // What it says, says nothing; that it is there, every client of SOAP 1.1 knows.
    if !headers.contains_key("soapaction") {
        return Err(Error::soap_client("SOAPAction HTTP header missing"));
    }
    match gzip::plain(headers, body, MAX_BODY).map_err(unpacked)? {
        Some(plain) => Request::read(&plain, charset),
        None => Request::read(body, charset),
    }
}

/// Why a body cannot be unpacked, in SOAP's words.
pub(crate) fn unpacked(error: Error) -> Error {
    if error.code == ErrorCode::JsonParserError && error == Error::request_too_large(MAX_BODY) {
        return Error::soap_request_too_large(MAX_BODY);
    }
    Error::soap_client(error.message)
}

/// The row of the table that a request means: `found` where the table has no such operation.
pub(crate) fn operation(found: &Found, request: &Request) -> &'static Operation {
    let letter = found.params.iter().find(|(name, _)| *name == "api");
    let Some(api) = letter.and_then(|(_, letter)| Api::of_letter(letter)) else { return found.operation };
    if request.namespace != api.namespace() {
        return found.operation;
    }
    let named = Operation::find(&format!("{}.{}", api.prefix(), request.call.name));
    named.filter(|operation| operation.face == Face::Soap).unwrap_or(found.operation)
}

/// The session id of a call.
pub(crate) fn session_id(call: &Call) -> Option<&str> {
    call.envelope.as_ref()?.as_ref().ok()?.session_id()
}

/// What a call says of itself in its `CallOptions`: `client`, `defaultNamespace`.
pub(crate) fn call_option<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.envelope.as_ref()?.as_ref().ok()?.header("CallOptions")?.said(name)
}

/// The object that a call is about: the type that it names, or that of its first record.
pub(crate) fn object(call: &Call) -> Option<&str> {
    let request = call.envelope.as_ref()?.as_ref().ok()?;
    let named = request.call.said("sObjectType");
    named.or_else(|| request.call.children.iter().find_map(Element::record_type))
}

/// What none of the operations is: another API, another method, a body that cannot be read, a name that no WSDL has.
pub fn unknown(call: &Call) -> Answer {
    if Api::of_letter(call.param("api")).is_none() {
        return Err(Error::not_emulated(format_args!("the SOAP API at {}", call.uri.path())));
    }
    if call.method != Method::POST {
        return Err(Error::not_emulated(format_args!("{} on a SOAP address", call.method)));
    }
    match &call.envelope {
        Some(Err(error)) => Err(error.clone()),
        Some(Ok(request)) => Err(Error::no_soap_operation(&request.namespace, &request.call.name)),
        None => Err(Error::bad_envelope("there is none")),
    }
}
