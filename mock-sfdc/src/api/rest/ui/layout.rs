//! `/ui-api/layout/{object}`: the org's own page of an object, in the words of pages.

use mock_sfdc_org::{
    error::Error,
    layout::{self, COLUMNS, Layout, Section},
    schema::{Field, FieldType, Object, RecordTypeInfo},
};
use serde_json::{Value, json};

use super::{form_factor, listed, ok, tagged};
use crate::{
    api::rest::sobject,
    call::{Answer, Call},
};

/// `GET /ui-api/layout/{object}?layoutType=&mode=&recordTypeId=`
pub fn get(call: &Call) -> Answer {
    super::since(call, super::UI_API)?;
    form_factor(call)?;
    let object = sobject::named(call)?;
    if !object.layoutable {
        return Err(Error::resource_not_found());
    }
    let record_type = record_type(&object, call.query("recordTypeId"))?;
    let (kind, mode) = (call.query("layoutType").unwrap_or("Full"), call.query("mode").unwrap_or("View"));
    let pod = call.org().snapshot().settings().pod;
    Ok(ok(&page(&object, pod, kind, mode, &record_type.record_type_id)?))
}

/// The record type of this id, or the one that a new record has.
pub fn record_type<'a>(object: &'a Object, id: Option<&str>) -> Result<&'a RecordTypeInfo, Error> {
    let mut types = object.record_type_infos.iter();
    let wanted = match id {
        Some(text) => {
            let id = mock_sfdc_org::id::Id::parse(text).map(|id| id.to_string());
            types.find(|info| id.as_deref() == Some(info.record_type_id.as_str()))
        }
        None => types.find(|info| info.default_record_type_mapping),
    };
    wanted.ok_or_else(Error::resource_not_found)
}

/// The fields of pages, by lists of `layoutTypes` and `modes`.
pub fn fields<'a>(
    object: &'a Object,
    pod: [u8; 2],
    layouts: &str,
    modes: &str,
) -> Result<Vec<&'a str>, Error> {
    let mut positions = Vec::new();
    for kind in listed(layouts) {
        for mode in listed(modes) {
            let page = drawn(object, pod, kind, mode)?;
            positions.extend(page.sections.iter().flat_map(|section| section.rows.iter().flatten().copied()));
        }
    }
    let fields = positions.into_iter().filter_map(|at| object.field_at(at));
    let mut names = fields.map(|field| field.name.as_str()).collect::<Vec<_>>();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    Ok(names)
}

fn drawn(object: &Object, pod: [u8; 2], kind: &str, mode: &str) -> Result<Layout, Error> {
    match (kind, mode) {
        ("Full", "View") => Ok(layout::detail(object, pod)),
        ("Full", "Create" | "Edit") => Ok(layout::edit(object, pod)),
        // Nobody has drawn one: it has the name.
        ("Compact", "View" | "Create" | "Edit") => {
            let name = object.name_field().map(|(position, _)| vec![position]);
            let mut page = layout::detail(object, pod);
            page.sections.truncate(1);
            for section in &mut page.sections {
                section.rows = name.clone().into_iter().collect();
            }
            Ok(page)
        }
        _ => Err(Error::not_emulated(format_args!("the layout type {kind} in the mode {mode}"))),
    }
}

/// A page, as a page reads it.
pub fn page(
    object: &Object,
    pod: [u8; 2],
    kind: &str,
    mode: &str,
    record_type: &str,
) -> Result<Value, Error> {
    let page = drawn(object, pod, kind, mode)?;
    let full = kind == "Full";
    let sections = page.sections.iter().map(|one| section(object, one, full)).collect::<Vec<_>>();
    Ok(tagged(json!({
        "id": full.then(|| page.id.to_string()),
        "layoutType": kind,
        "mode": mode,
        "objectApiName": object.name.as_str(),
        "recordTypeId": record_type,
        "saveOptions": [],
        "sections": sections,
    })))
}

/// Which sections of a page a person has folded: none.
#[must_use]
pub fn user_state(object: &Object, pod: [u8; 2]) -> (String, Value) {
    let page = layout::detail(object, pod);
    let sections = page.sections.iter().map(|section| {
        let id = section.id.to_string();
        (id.clone(), json!({"collapsed": false, "id": id}))
    });
    let id = page.id.to_string();
    let sections = sections.collect::<serde_json::Map<_, _>>();
    (id.clone(), json!({"id": id, "sectionUserStates": sections}))
}

fn section(object: &Object, section: &Section, full: bool) -> Value {
    let rows = section.rows.iter().map(|row| {
        let items = row.iter().filter_map(|at| object.field_at(*at)).map(|field| item(object, field));
        json!({"layoutItems": items.collect::<Vec<_>>()})
    });
    json!({
        "collapsible": full,
        "columns": if full { COLUMNS } else { 1 },
        "heading": full.then_some(&section.heading),
        "id": full.then(|| section.id.to_string()),
        "layoutRows": rows.collect::<Vec<_>>(),
        "rows": section.rows.len(),
        "useHeading": full,
    })
}

fn item(object: &Object, field: &Field) -> Value {
    let parts = layout::components(object, field).map(|(_, part)| part).collect::<Vec<_>>();
    let any = |is: fn(&Field) -> bool| is(field) || parts.iter().any(|part| is(part));
    let component = |field: &Field| json!({"apiName": field.name.as_str(), "componentType": "Field", "label": field.label});
    let components = match &parts[..] {
        [] => vec![component(field)],
        parts => parts.iter().map(|part| component(part)).collect(),
    };
    // Where a click on the item leads.
    let link = if field.name_field {
        Some("Id")
    } else {
        (field.kind == FieldType::Reference).then_some(field.name.as_str())
    };
    json!({
        "editableForNew": any(|field| field.createable),
        "editableForUpdate": any(|field| field.updateable),
        "label": field.label,
        "layoutComponents": components,
        "lookupIdApiName": link,
        "required": any(layout::is_required),
        "sortable": false,
    })
}
