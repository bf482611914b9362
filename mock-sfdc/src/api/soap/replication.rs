//! `getUpdated` and `getDeleted` (`contract/soap.md` sections 3 and 6): what of an object has changed or gone in a span.

use mock_sfdc_org::{
    error::Error,
    replication::{self, Span},
    value::DateTime,
};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
};
use crate::call::{Answer, Call};

const PARAMETERS: [&str; 3] = ["sObjectType", "startDate", "endDate"];

pub fn get_updated(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let (viewer, arguments) = (caller.viewer()?, Arguments::of(caller.request, &PARAMETERS, ""));
    let name = arguments.text("sObjectType");
    let object = viewer.schema().object(name).ok_or_else(|| Error::unknown_object(name))?;
    let found = replication::updated(call.org(), caller.user, object, span(&arguments)?)?;
    let mut out = Elements::default();
    for id in found.ids {
        out.id("ids", Some(id));
    }
    out.text("latestDateCovered", &found.latest_date_covered.to_zulu());
    Ok(answer::result(&caller, &out))
}

pub fn get_deleted(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let (viewer, arguments) = (caller.viewer()?, Arguments::of(caller.request, &PARAMETERS, ""));
    let name = arguments.text("sObjectType");
    let object = viewer.schema().object(name).ok_or_else(|| Error::unknown_object(name))?;
    let found = replication::deleted(call.org(), caller.user, object, span(&arguments)?)?;
    let mut out = Elements::default();
    for record in found.records {
        let mut inner = Elements::default();
        inner.text("deletedDate", &record.deleted_date.to_zulu());
        inner.id("id", Some(record.id));
        out.around("deletedRecords", &inner);
    }
    out.text("earliestDateAvailable", &found.earliest_date_available.to_zulu());
    out.text("latestDateCovered", &found.latest_date_covered.to_zulu());
    Ok(answer::result(&caller, &out))
}

fn span(arguments: &Arguments<'_>) -> Result<Span, Error> {
    let moment = |name: &str| {
        let text = arguments.text(name);
        // An `xsd:dateTime` may leave its zone out; it is UTC then (pyforce sends such).
        DateTime::parse(text)
            .or_else(|| DateTime::parse(&format!("{text}Z")))
            .ok_or_else(|| Error::illegal_moment(name, text))
    };
    Ok(Span { start: moment("startDate")?, end: moment("endDate")? })
}
