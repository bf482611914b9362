//! The WSDLs: `GET /services/wsdl/partner`, the same for every org, and `/services/wsdl/enterprise`, which has a type for each
//! object of the org. Made of data (`types.txt`, `operations.txt`, the schema); only what is emulated stands in them.

mod document;
mod enterprise;
pub mod model;
mod types;

use http::StatusCode;
use mock_sfdc_org::error::Error;

use super::Api;
use crate::{
    call::{Answer, ApiVersion, Call},
    layers::token,
    reply::Reply,
};

/// `?version=58.0` gives the address and the types of that version; a login wants one that still has it.
pub fn partner(call: &Call) -> Answer {
    let version = version(call)?;
    Ok(wsdl(document::document(Api::Partner, &address(call, Api::Partner, version), version.0, None)))
}

/// Of the objects that the caller sees; whoever shows no session sees all.
pub fn enterprise(call: &Call) -> Answer {
    let version = version(call)?;
    let state = call.org().snapshot();
    let token = call.header("authorization").and_then(token);
    let session = token.and_then(|token| call.tenant.session_from(token, call.peer));
    let viewer = session.map(|session| state.viewer(session.user));
    let schema = viewer.as_ref().map_or(state.schema(), |viewer| viewer.schema());
    let address = address(call, Api::Enterprise, version);
    Ok(wsdl(document::document(Api::Enterprise, &address, version.0, Some(schema))))
}

fn wsdl(text: String) -> Reply {
    Reply::typed(StatusCode::OK, "text/xml;charset=UTF-8", text)
}

fn version(call: &Call) -> Result<ApiVersion, Error> {
    let Some(text) = call.query("version") else { return Ok(call.server.newest) };
    let version = ApiVersion::parse(&format!("v{text}"));
    version.filter(|version| call.server.serves(*version)).ok_or_else(|| Error::unsupported_api_version(text))
}

fn address(call: &Call, api: Api, version: ApiVersion) -> String {
    format!("{}/services/Soap/{}/{}.0", call.base, api.letter(), version.0)
}
