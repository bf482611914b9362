//! `search`: SOSL (`contract/soap.md` section 3).

use mock_sfdc_org::sosl;

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    row,
};
use crate::call::{Answer, ApiVersion, Call};

pub fn search(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let text = Arguments::of(caller.request, &["searchString"], "").text("searchString");
    let prepared = sosl::prepare(text, caller.viewer()?.schema(), &caller.binding())?;
    let state = caller.state();
    let found = sosl::run(&prepared, &state, &caller.context(&state))?;
    let mut out = Elements::default();
    // A name for the search, which nothing asks for again; here that of the request in the journal.
    if call.version >= ApiVersion(36) {
        out.text("queryId", &format!("{:016x}", call.entry));
    }
    for row in found.rows() {
        out.0.push_str("<searchRecords>");
        row::record(&mut out, &caller, "record", row)?;
        out.close("searchRecords");
    }
    Ok(answer::result(&caller, &out))
}
