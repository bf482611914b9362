//! `describeLayout` and its kin, and what a search box asks: what REST says of pages (`api/rest/layout.rs`), in the types of the WSDL.

use std::sync::Arc;

use mock_sfdc_org::{error::Error, id::Id, schema::Object};
use serde_json::{Value as Json, json};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    describe::laid_out,
    typed,
};
use crate::{
    api::rest::{layout, suggestions},
    call::{Answer, Call},
};

/// `describeLayout`: the pages of an object, of the record types that are named or of all.
pub fn layout(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &["sObjectType", "layoutName"], "recordTypeIds");
    let object = named(&caller, arguments.text("sObjectType"))?;
    let name = arguments.text("layoutName");
    if !name.is_empty() && !layout::is_named(&object, name) {
        return Err(Error::not_emulated(format_args!("the named layout {name} of {}", object.name.as_str())));
    }
    if !object.layoutable {
        return Err(Error::verb_not_allowed(object.name.as_str(), "describeLayout"));
    }
    let wanted = record_types(&object, &arguments)?;
    let mut pages = layout::pages(call, object)?;
    keep(&mut pages["recordTypeMappings"], &wanted);
    pages["recordTypeSelectorRequired"] = pages["recordTypeSelectorRequired"][0].take();
    for page in pages["layouts"].as_array_mut().into_iter().flatten() {
        for sections in ["detailLayoutSections", "editLayoutSections"] {
            with_kinds(&mut page[sections]);
        }
    }
    Ok(answer::result(&caller, &laid_out(&caller, "DescribeLayoutResult", &pages)))
}

/// `describeCompactLayouts`
pub fn compact(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &["sObjectType"], "recordTypeIds");
    let object = named(&caller, arguments.text("sObjectType"))?;
    let wanted = record_types(&object, &arguments)?;
    let mut pages = compact_pages(call, object);
    keep(&mut pages["recordTypeCompactLayoutMappings"], &wanted);
    Ok(answer::result(&caller, &laid_out(&caller, "DescribeCompactLayoutsResult", &pages)))
}

/// `describePrimaryCompactLayouts`: the one that each object shows.
pub fn primary_compact(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let written = each(&caller, "sObjectTypes", |object| {
        let pages = compact_pages(call, object);
        laid_out(&caller, "DescribeCompactLayout", &pages["compactLayouts"][0])
    })?;
    Ok(answer::results(&caller, &written))
}

/// `describeApprovalLayout`: no object has approval processes here.
pub fn approval(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &["sObjectType"], "approvalProcessNames");
    named(&caller, arguments.text("sObjectType"))?;
    if let Some(name) = arguments.rest_texts().first() {
        return Err(Error::no_approval_process(name));
    }
    Ok(answer::result(&caller, &Elements::default()))
}

/// `describeSearchLayouts`
pub fn search(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let written = each(&caller, "sObjectType", |object| {
        laid_out(&caller, "DescribeSearchLayoutResult", &layout::search_page(&object))
    })?;
    Ok(answer::results(&caller, &written))
}

/// `describeSearchScopeOrder`
pub fn scope_order(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let viewer = caller.viewer()?;
    let written: Vec<Elements> = suggestions::scope(viewer.schema())
        .map(|object| {
            let prefix = object.key_prefix.map(|prefix| String::from_utf8_lossy(&prefix).into_owned());
            let row = json!({"keyPrefix": prefix, "name": object.name.as_str()});
            laid_out(&caller, "DescribeSearchScopeOrderResult", &row)
        })
        .collect();
    Ok(answer::results(&caller, &written))
}

/// `describeSearchableEntities`: those with a tab, or all that a search finds.
pub fn searchable(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let text = Arguments::of(caller.request, &["includeOnlyEntitiesWithTabs"], "");
    let only_with_tabs = matches!(text.text("includeOnlyEntitiesWithTabs"), "true" | "1");
    let viewer = caller.viewer()?;
    let written: Vec<Elements> = viewer
        .schema()
        .objects()
        .filter(|object| object.searchable && (object.layoutable || !only_with_tabs))
        .map(|object| {
            let row = json!({"label": object.label, "name": object.name.as_str(), "pluralLabel": object.label_plural});
            laid_out(&caller, "DescribeSearchableEntityResult", &row)
        })
        .collect();
    Ok(answer::results(&caller, &written))
}

fn named(caller: &Caller<'_>, name: &str) -> Result<Arc<Object>, Error> {
    caller.viewer()?.schema().object(name).cloned().ok_or_else(|| Error::unknown_object(name))
}

/// What is written of each object that the request names.
fn each(
    caller: &Caller<'_>,
    parameter: &'static str,
    write: impl Fn(Arc<Object>) -> Elements,
) -> Result<Vec<Elements>, Error> {
    let names = Arguments::of(caller.request, &[], parameter).rest_texts();
    names.into_iter().map(|name| named(caller, name).map(&write)).collect()
}

/// The record types that a request asks for, as ids of eighteen characters; none stands for all.
fn record_types(object: &Object, arguments: &Arguments<'_>) -> Result<Vec<String>, Error> {
    let ids = arguments.rest_texts().into_iter().map(|text| {
        let id = Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?.to_string();
        let known = object.record_type_infos.iter().any(|info| info.record_type_id.as_str() == id);
        if known { Ok(id) } else { Err(Error::invalid_cross_reference()) }
    });
    ids.collect()
}

fn keep(mappings: &mut Json, wanted: &[String]) {
    if let (Some(mappings), false) = (mappings.as_array_mut(), wanted.is_empty()) {
        mappings
            .retain(|row| row["recordTypeId"].as_str().is_some_and(|id| wanted.iter().any(|one| one == id)));
    }
}

fn compact_pages(call: &Call, object: Arc<Object>) -> Json {
    let mut pages = layout::compact_pages(call, object);
    with_kinds(&mut pages["compactLayouts"]);
    pages
}

/// Each component of a page says of what type it is: a field, or one of several fields.
fn with_kinds(value: &mut Json) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(with_kinds),
        Json::Object(members) => {
            if let Some(field) = members.remove("details") {
                let kind = if members.contains_key("components") {
                    "FieldLayoutComponent"
                } else {
                    "FieldComponent"
                };
                members.insert(typed::KIND.to_owned(), json!(kind));
                members.insert("field".to_owned(), field);
            }
            for (_, inner) in members.iter_mut().filter(|(name, _)| *name != "field") {
                with_kinds(inner);
            }
        }
        _ => {}
    }
}
