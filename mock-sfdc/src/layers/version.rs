//! `vNN.0`: 31 to 66 are served, older ones are gone, anything else is no resource (`contract/rest.md` section 1).

use mock_sfdc_org::error::{Error, Result};

use crate::call::{ApiVersion, Call};

/// Version 7 was the first one that Salesforce retired by name.
const FIRST_RETIRED: ApiVersion = ApiVersion(7);

pub fn check(call: &mut Call) -> Result<()> {
    let Some((_, text)) = call.params.iter().find(|(name, _)| *name == "version") else { return Ok(()) };
    match ApiVersion::parse(text) {
        Some(version) if (ApiVersion::OLDEST..=ApiVersion::NEWEST).contains(&version) => {
            call.version = version;
            Ok(())
        }
        Some(version) if (FIRST_RETIRED..ApiVersion::OLDEST).contains(&version) => {
            Err(Error::version_retired(text))
        }
        _ => Err(Error::resource_not_found()),
    }
}
