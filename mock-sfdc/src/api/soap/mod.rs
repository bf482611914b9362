//! The SOAP face (`contract/soap.md`): `login` of the partner and enterprise API, because a login over SOAP opens the door to
//! REST, and the verbs that REST does not have. Every other call is refused by its name.

mod answer;
mod caller;
mod convert_lead;
mod envelope;
pub mod fault;
mod login;
mod merge;
mod records;
mod sobject;

use http::Method;
use mock_sfdc_org::error::Error;

use self::{caller::Caller, envelope::Request};
use crate::call::{Answer, ApiVersion, Call};

/// The two APIs that have a `login`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Partner,
    Enterprise,
}

impl Api {
    /// As it stands in the path.
    fn letter(self) -> char {
        match self {
            Self::Partner => 'u',
            Self::Enterprise => 'c',
        }
    }

    /// Of the answers.
    fn namespace(self) -> &'static str {
        match self {
            Self::Partner => "urn:partner.soap.sforce.com",
            Self::Enterprise => "urn:enterprise.soap.sforce.com",
        }
    }

    /// Of the faults.
    pub(crate) fn fault_namespace(self) -> &'static str {
        match self {
            Self::Partner => "urn:fault.partner.soap.sforce.com",
            Self::Enterprise => "urn:fault.enterprise.soap.sforce.com",
        }
    }
}

/// `POST /services/Soap/{u|c}/NN.0` with any tail. The first child of the body says what is wanted, never `SOAPAction`.
pub fn soap(call: &Call) -> Answer {
    let mut segments = call.param("rest").split('/');
    let api = match segments.next().unwrap_or_default() {
        "u" => Api::Partner,
        "c" => Api::Enterprise,
        other => return Err(Error::not_emulated(format_args!("the SOAP API at /services/Soap/{other}"))),
    };
    if call.method != Method::POST {
        return Err(Error::not_emulated(format_args!("{} on a SOAP address", call.method)));
    }
    let version = version(segments.next().unwrap_or_default())?;
    let request = Request::read(&call.body)?;
    let caller = || Caller::of(call, api, &request);
    match request.call.name.as_str() {
        "login" => login::login(call, api, version, &request),
        "convertLead" => convert_lead::convert_lead(&caller()?),
        "delete" => records::delete(&caller()?),
        "emptyRecycleBin" => records::empty_recycle_bin(&caller()?),
        "merge" => merge::merge(&caller()?),
        "undelete" => records::undelete(&caller()?),
        other => Err(Error::not_emulated(format_args!("SOAP {other}()"))),
    }
}

/// The API of a call, as far as its path tells: faults are written in its namespace.
pub(crate) fn api_of(call: &Call) -> Api {
    if call.param("rest").starts_with("c/") { Api::Enterprise } else { Api::Partner }
}

/// `66.0`, or `66` as some clients write it.
fn version(text: &str) -> Result<ApiVersion, Error> {
    let unsupported = || Error::unsupported_api_version(text);
    let number = text.strip_suffix(".0").unwrap_or(text);
    let version = number.parse().map(ApiVersion).map_err(|_| unsupported())?;
    if (ApiVersion::OLDEST..=ApiVersion::NEWEST).contains(&version) {
        Ok(version)
    } else {
        Err(unsupported())
    }
}
