//! `vNN.0`: 31 to the newest are served, older ones are gone, anything else is no resource (`contract/rest.md` section 1). SOAP and
//! Bulk API 1.0 write their versions without the letter, SOAP has a fault for those that are not served.

use mock_sfdc_org::error::{Error, Result};

use crate::{
    call::{ApiVersion, Call},
    operation::Face,
};

/// Version 7 was the first one that Salesforce retired by name.
const FIRST_RETIRED: ApiVersion = ApiVersion(7);

pub fn check(call: &mut Call) -> Result<()> {
    match call.operation.face {
        Face::Soap => return soap(call),
        Face::Bulk => return bulk(call),
        _ => {}
    }
    let Some((_, text)) = call.params.iter().find(|(name, _)| *name == "version") else { return Ok(()) };
    match ApiVersion::parse(text) {
        Some(version) if call.server.serves(version) => {
            call.version = version;
            Ok(())
        }
        Some(version) if (FIRST_RETIRED..ApiVersion::OLDEST).contains(&version) => {
            Err(Error::version_retired(text))
        }
        _ => Err(Error::resource_not_found()),
    }
}

/// `66.0` in the path.
fn bulk(call: &mut Call) -> Result<()> {
    let Some((_, text)) = call.params.iter().find(|(name, _)| *name == "bulkversion") else { return Ok(()) };
    let version = ApiVersion::parse(&format!("v{text}"));
    let served = version.filter(|version| call.server.serves(*version));
    call.version = served.ok_or_else(|| Error::unsupported_api_version(text))?;
    Ok(())
}

/// `66.0` in the path, or `66` as some clients write it.
fn soap(call: &mut Call) -> Result<()> {
    let Some((_, text)) = call.params.iter().find(|(name, _)| *name == "apiversion") else { return Ok(()) };
    let number = text.strip_suffix(".0").unwrap_or(text).parse().map(ApiVersion);
    match number {
        Ok(version) if call.server.serves(version) => {
            call.version = version;
            Ok(())
        }
        _ => Err(Error::unsupported_api_version(text)),
    }
}
