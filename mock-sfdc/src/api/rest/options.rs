//! Request headers that change how records are saved (`contract/rest.md` section 1).

use mock_sfdc_org::{
    error::Error,
    id::Id,
    save::{AssignmentRuleChoice, DmlOptions},
};

use super::duplicates;
use crate::{call::Call, header};

/// REST runs the active assignment rule unless it is told otherwise.
pub fn dml(call: &Call) -> Result<DmlOptions, Error> {
    let assignment = match call.header(&header::AUTO_ASSIGN).map(str::trim) {
        None => AssignmentRuleChoice::Active,
        Some(text) if text.eq_ignore_ascii_case("true") => AssignmentRuleChoice::Active,
        Some(text) if text.eq_ignore_ascii_case("false") => AssignmentRuleChoice::None,
        Some(text) => AssignmentRuleChoice::Rule(rule(call, text)?),
    };
    Ok(DmlOptions { assignment, duplicates: duplicates::header(call)?, ..DmlOptions::default() })
}

fn rule(call: &Call, text: &str) -> Result<Id, Error> {
    let id = Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?;
    let state = call.org().snapshot();
    match state.rules().assignment_rule(id) {
        Some(_) => Ok(id),
        None => Err(Error::invalid_assignment_rule(text)),
    }
}
