//! A client that asks for a precondition relies on it: a write guarded by `If-Match` must not go through unguarded.
//! `If-None-Match` and `If-Modified-Since` only save a body, so a whole answer is right for them.

use mock_sfdc_org::error::Error;

use crate::{call::Call, operation::Face};

pub fn check(call: &Call) -> Result<(), Error> {
    let asked = ["If-Match", "If-Unmodified-Since"].into_iter().find(|name| call.headers.contains_key(*name));
    match asked {
        Some(name) if call.operation.face == Face::Rest => {
            Err(Error::not_emulated(format_args!("the header {name}")))
        }
        _ => Ok(()),
    }
}
