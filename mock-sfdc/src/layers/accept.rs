//! REST answers in JSON. A client that takes XML only is told so, instead of being handed what it cannot read.

use mock_sfdc_org::error::Error;

use crate::{call::Call, operation::Face};

pub fn check(call: &Call) -> Result<(), Error> {
    let Some(accepted) = call.header("accept").filter(|_| call.operation.face == Face::Rest) else {
        return Ok(());
    };
    let mut kinds = accepted.split(',').filter_map(|kind| kind.split(';').next()).map(str::trim);
    let xml_only = kinds.clone().any(|kind| kind.ends_with("/xml"))
        && !kinds.any(|kind| {
            kind.eq_ignore_ascii_case("application/json") || kind == "*/*" || kind == "application/*"
        });
    if xml_only {
        Err(Error::not_emulated(format_args!("answers in XML (Accept: {accepted})")))
    } else {
        Ok(())
    }
}
