//! The Metadata API (`/services/Soap/m/NN.0`): which types there are, what an org has of them, single components, deployments and
//! retrievals. What a type is, and what an org takes of it, is the metadata crate's to say.

pub mod component;
pub mod deploy;
pub mod retrieve;

use mock_sfdc_metadata::{Element as Part, MetadataType, TYPES, names};
use mock_sfdc_org::error::Error;
use serde_json::Value;

use super::{
    answer::{self, Elements},
    caller::Caller,
    envelope::Element,
};
use crate::{
    api::deployments::{allowed, file_properties},
    call::{Answer, Call},
};

/// So many types can be asked for at once.
const MOST_QUERIES: usize = 3;

/// A caller who may use the API.
fn caller(call: &Call) -> Result<Caller<'_>, Error> {
    let caller = Caller::of(call)?;
    allowed(call)?;
    Ok(caller)
}

/// A type by its name: unknown words are errors, other types of Salesforce's are refused by name.
fn kind(name: &str) -> Result<&'static MetadataType, Error> {
    if name.is_empty() {
        return Err(Error::unknown_metadata_type(name));
    }
    MetadataType::find(name).ok_or_else(|| Error::not_emulated(format_args!("metadata of type {name}")))
}

/// An element of a request as metadata reads it.
fn part(element: &Element) -> Part {
    Part {
        name: element.name.clone(),
        text: element.text.clone(),
        children: element.children.iter().filter(|child| !child.nil).map(part).collect(),
        kind: element.kind.clone(),
        ..Part::default()
    }
}

/// A result that is told as JSON elsewhere: its members as elements, in their order; null is nothing.
fn elements(said: &Value) -> Elements {
    let mut out = Elements::default();
    let Value::Object(members) = said else { return out };
    for (name, value) in members {
        let several = std::slice::from_ref(value);
        for one in value.as_array().map_or(several, Vec::as_slice) {
            match one {
                Value::Null => {}
                Value::Object(_) => out.around(name, &elements(one)),
                Value::String(text) => out.text(name, text),
                other => out.text(name, &other.to_string()),
            }
        }
    }
    out
}

/// `describeMetadata(asOfVersion)`
pub fn describe(call: &Call) -> Answer {
    let caller = caller(call)?;
    let mut out = Elements::default();
    for of in TYPES.iter().filter(|of| of.parent.is_none()) {
        let mut one = Elements::default();
        for child in of.children() {
            one.text("childXmlNames", child.name);
        }
        one.text("directoryName", of.directory);
        one.flag("inFolder", false);
        one.flag("metaFile", false);
        one.text("suffix", of.suffix);
        one.text("xmlName", of.name);
        out.around("metadataObjects", &one);
    }
    out.text("organizationNamespace", caller.state().schema().namespace().unwrap_or_default());
    out.flag("partialSaveAllowed", true);
    out.flag("testRequired", false);
    Ok(answer::result(&caller, &out))
}

/// `listMetadata(queries, asOfVersion)`
pub fn list(call: &Call) -> Answer {
    let caller = caller(call)?;
    let queries: Vec<&Element> = caller.request.call.all("queries").collect();
    if queries.len() > MOST_QUERIES {
        return Err(Error::too_many_components(MOST_QUERIES));
    }
    let state = caller.state();
    let mut results = Vec::new();
    for query in queries {
        let kind = kind(query.said("type").unwrap_or_default())?;
        // Salesforce lists no standard value sets; clients know their names.
        if kind.name == "StandardValueSet" {
            continue;
        }
        let found = names(&state, kind);
        results.extend(found.iter().map(|name| elements(&file_properties(&state, kind, name, ""))));
    }
    Ok(answer::results(&caller, &results))
}
