//! `process`: records are submitted for approval, and requests for approval answered (`contract/rest.md` section 2 has the same). There are no
//! approval processes here.

use mock_sfdc_org::{approval, error::Error};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
};
use crate::call::{Answer, Call};

pub fn process(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let (viewer, state) = (caller.viewer()?, caller.state());
    let mut written = Vec::new();
    for request in Arguments::of(caller.request, &[], "actions").rest() {
        let id = match request.kind.as_deref() {
            Some("ProcessSubmitRequest") => request.said("objectId"),
            Some("ProcessWorkitemRequest") => request.said("workitemId"),
            _ => return Err(Error::no_concrete_type()),
        };
        let refusal = approval::refusal(&state, &viewer, id.unwrap_or_default());
        let mut out = Elements::default();
        out.nil("entityId");
        out.errors(&caller, &[refusal]);
        out.nil("instanceId");
        out.nil("instanceStatus");
        out.flag("success", false);
        written.push(out);
    }
    Ok(answer::results(&caller, &written))
}
