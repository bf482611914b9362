//! The records of a collection or a tree: JSON objects whose `attributes` say what they are.

use std::{borrow::Cow, sync::Arc};

use mock_sfdc_org::{
    error::Error,
    save::Draft,
    schema::{Object, Schema},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    api::rest::{
        body::{self, Members},
        shape::Shaped,
    },
    call::Call,
};

/// How many runs of one object the records of a call may be (`contract/rest.md` section 3).
const MOST_CHUNKS: usize = 10;

/// `{"allOrNone": false, "records": [{"attributes": {"type": "Account"}, …}]}`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body<'a> {
    /// Null is false: django-salesforce says so.
    #[serde(default)]
    all_or_none: Option<bool>,
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attributes<'a> {
    #[serde(rename = "type", borrow, default)]
    pub kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub reference_id: Option<Cow<'a, str>>,
    /// The part of the form that brings this record's file, and the field that it is for.
    #[serde(borrow, default)]
    pub binary_part_name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub binary_part_name_alias: Option<Cow<'a, str>>,
}

/// One record: what it says of itself, and its members without that.
#[derive(Debug)]
pub struct Record<'a> {
    pub attributes: Attributes<'a>,
    pub members: Members<'a>,
}

/// How many records one call writes: 200, or what a test has set.
pub fn most(call: &Call) -> usize {
    call.org().snapshot().settings().limits.records_per_call()
}

/// A collection: each record stands for itself, so one that cannot be read is an error of that record.
#[derive(Debug)]
pub struct Collection<'a> {
    pub all_or_none: bool,
    pub records: Vec<Result<Record<'a>, Error>>,
}

impl<'a> Collection<'a> {
    pub fn read(call: &'a Call) -> Result<Self, Error> {
        let body: Body<'a> = body::parsed(call)?;
        let most = most(call);
        if body.records.len() > most {
            return Err(Error::too_many_records(most));
        }
        let records = body.records.into_iter().map(|raw| Record::read(call, raw)).collect::<Vec<_>>();
        let kinds =
            records.iter().flatten().map(|record| record.attributes.kind.as_deref().unwrap_or_default());
        check_chunks(kinds)?;
        Ok(Self { all_or_none: body.all_or_none.unwrap_or_default(), records })
    }
}

/// Records of one object behind each other are worked on at once, and not many times a call.
pub fn check_chunks<'a>(kinds: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let (mut chunks, mut last): (usize, Option<&str>) = (0, None);
    for kind in kinds {
        if last.is_none_or(|last| !last.eq_ignore_ascii_case(kind)) {
            chunks += 1;
        }
        last = Some(kind);
    }
    if chunks > MOST_CHUNKS { Err(Error::too_many_chunks(MOST_CHUNKS)) } else { Ok(()) }
}

impl<'a> Record<'a> {
    pub fn read(call: &Call, raw: &'a RawValue) -> Result<Self, Error> {
        let mut members = body::nested(call, raw)?;
        let attributes: Attributes<'a> = match members.shift_remove("attributes") {
            None => Attributes::default(),
            Some(raw) => {
                let read = serde_json::from_str::<Shaped<Attributes<'a>>>(raw.get());
                read.map_err(|_| body::misplaced(call, raw, "attributes"))?.0
            }
        };
        Ok(Self { attributes, members })
    }

    /// The record's values: its members, and the file that a form brings for it.
    pub fn draft(&self, call: &Call, schema: &Schema, object: &Object) -> Result<Draft, Error> {
        let mut draft = body::draft(call, schema, object, &self.members)?;
        if let Some(part) = self.attributes.binary_part_name.as_deref() {
            let field = self.attributes.binary_part_name_alias.as_deref().unwrap_or(part);
            body::file(call, object, &mut draft, part, field)?;
        }
        Ok(draft)
    }

    /// The object that it says it is of.
    pub fn object(&self, schema: &Schema) -> Result<Arc<Object>, Error> {
        let kind = self.attributes.kind.as_deref().ok_or_else(Error::record_without_type)?;
        schema.object(kind).cloned().ok_or_else(|| Error::unknown_object(kind))
    }

    /// Takes a member out, whatever the case of its name.
    pub fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        let at = self.members.keys().position(|known| known.eq_ignore_ascii_case(name))?;
        self.members.shift_remove_index(at).map(|(_, raw)| raw)
    }
}
