//! Duplicate rules over REST: the header that speaks of them, and what an answer says of the records that were found
//! (`contract/behaviour.md` section 7.1).

use mock_sfdc_org::{
    duplicates::{DuplicateResult, DuplicateRuleHeader, MatchRecord, MatchResult},
    error::Error,
    schema::FieldType,
    state::State,
};
use serde_json::{Value, json};

use super::record;
use crate::{
    call::{ApiVersion, Call},
    header,
};

/// The first version whose requests may carry the header; before it there is none, so nothing reads it.
const SINCE: ApiVersion = ApiVersion(52);

/// `Sforce-Duplicate-Rule-Header: allowSave=true; includeRecordDetails=true`
pub fn header(call: &Call) -> Result<DuplicateRuleHeader, Error> {
    let mut header = DuplicateRuleHeader::default();
    let Some(text) = call.header(&header::DUPLICATE_RULE).filter(|_| call.version >= SINCE) else {
        return Ok(header);
    };
    for part in text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let flag = match value.trim().to_ascii_lowercase().as_str() {
            "true" => true,
            "false" => false,
            _ => return Err(Error::bad_duplicate_rule_header(part)),
        };
        match name.trim().to_ascii_lowercase().as_str() {
            "allowsave" => header.allow_save = flag,
            "includerecorddetails" => header.include_record_details = flag,
            "runascurrentuser" => header.run_as_current_user = flag,
            _ => return Err(Error::bad_duplicate_rule_header(part)),
        }
    }
    Ok(header)
}

/// The key of the result. The misspelt one is what real orgs were recorded with.
pub fn key(state: &State) -> &'static str {
    if state.settings().duplicate_result_spelt_right { "duplicateResult" } else { "duplicateResut" }
}

/// The result, with the keys in alphabetical order, as recorded.
pub fn result(found: &DuplicateResult, call: &Call, state: &State) -> Value {
    let results = found
        .match_results
        .iter()
        .map(|one| match_result(one, found.include_record_details, call, state))
        .collect::<Vec<_>>();
    json!({
        "allowSave": found.allow_save,
        "duplicateRule": found.duplicate_rule,
        "duplicateRuleEntityType": found.entity_type,
        "errorMessage": found.error_message,
        "matchResults": results,
    })
}

fn match_result(found: &MatchResult, details: bool, call: &Call, state: &State) -> Value {
    let records = found.records.iter().map(|one| match_record(one, details, call, state)).collect::<Vec<_>>();
    json!({
        "entityType": found.entity_type,
        "errors": [],
        "matchEngine": found.engine.as_str(),
        "matchRecords": records,
        "rule": found.rule,
        "size": records.len(),
        "success": true,
    })
}

/// A record that was found, with the fields that the caller sees.
fn match_record(found: &MatchRecord, details: bool, call: &Call, state: &State) -> Value {
    let seen = state.find(found.id).and_then(|(object, stored)| {
        let viewer = call.viewer().ok()?;
        let object = viewer.schema().by_index(object.index)?.clone();
        Some((viewer.reads(&object, stored), object))
    });
    let row = seen.map_or(Value::Null, |(stored, object)| {
        let fields = object.visible_fields().filter(|(_, field)| details || field.kind == FieldType::Id);
        let positions = fields.map(|(position, _)| position).collect::<Vec<_>>();
        let mut out = Vec::new();
        record::row(&mut out, call.version, &object, &stored, &positions);
        serde_json::from_slice(&out).unwrap_or_default()
    });
    json!({
        "additionalInformation": [],
        "fieldDiffs": [],
        "matchConfidence": found.confidence,
        "record": row,
    })
}
