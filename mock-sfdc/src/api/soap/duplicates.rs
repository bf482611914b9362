//! `DuplicateError`: what a duplicate rule found, within the error of the record that it refused (`contract/soap.md` section 3).

use mock_sfdc_org::{
    duplicates::{DuplicateResult, MatchRecord, MatchResult},
    schema::Object,
    state::Record,
};

use super::{
    Api,
    answer::Elements,
    caller::Caller,
    row::{in_type_order, scalar},
};

/// `duplicateResult`
pub fn write(out: &mut Elements, caller: &Caller<'_>, found: &DuplicateResult) {
    out.0.push_str("<duplicateResult>");
    out.flag("allowSave", found.allow_save);
    out.text("duplicateRule", &found.duplicate_rule);
    out.text("duplicateRuleEntityType", &found.entity_type);
    out.text("errorMessage", &found.error_message);
    for one in &found.match_results {
        match_result(out, caller, one, found.include_record_details);
    }
    out.close("duplicateResult");
}

fn match_result(out: &mut Elements, caller: &Caller<'_>, found: &MatchResult, details: bool) {
    out.0.push_str("<matchResults>");
    out.text("entityType", &found.entity_type);
    out.text("matchEngine", found.engine.as_str());
    for one in &found.records {
        match_record(out, caller, one, details);
    }
    out.text("rule", &found.rule);
    out.text("size", &found.records.len().to_string());
    out.flag("success", true);
    out.close("matchResults");
}

fn match_record(out: &mut Elements, caller: &Caller<'_>, found: &MatchRecord, details: bool) {
    out.0.push_str("<matchRecords>");
    // As Java prints it: a whole number has a fraction too.
    out.text("matchConfidence", &format!("{:?}", found.confidence));
    let state = caller.state();
    let stored = state.find(found.id);
    let viewer = caller.viewer().ok();
    // With the fields that the caller sees.
    let seen = stored.and_then(|(object, _)| viewer.as_ref()?.schema().by_index(object.index));
    if let (Some(object), Some((_, stored)), Some(viewer)) = (seen, stored, &viewer) {
        record(out, caller, object, &viewer.reads(object, stored), details);
    }
    out.close("matchRecords");
}

fn record(out: &mut Elements, caller: &Caller<'_>, object: &Object, stored: &Record, details: bool) {
    let (id, name) = (stored.id(), object.name.as_str());
    match caller.api {
        Api::Partner | Api::Metadata => {
            out.open("record", "sf:sObject");
            out.text("sf:type", name);
            out.id("sf:Id", Some(id));
        }
        Api::Enterprise => out.open("record", &format!("sf:{name}")),
    }
    out.id("sf:Id", Some(id));
    let mut fields: Vec<_> = object.visible_fields().filter(|(_, field)| !field.name.is("Id")).collect();
    fields.sort_by_key(|(_, field)| in_type_order(field.name.as_str()));
    for (position, field) in fields.into_iter().filter(|_| details) {
        let value = stored.get(position);
        if !value.is_null() {
            scalar(out, &format!("sf:{}", field.name), value, field.kind);
        }
    }
    out.close("record");
}
