//! What became of each record of a collection or a tree: `statusCode` first, and always a list of fields.

use mock_sfdc_org::{
    error::{Error, ErrorCode},
    id::Id,
    state::State,
    streaming,
    verbs::Errors,
};

use crate::api::rest::json;

/// One row of an answer.
#[derive(Debug)]
pub struct Row {
    pub result: Result<Id, Errors>,
    /// The record that was asked for: an answer that it was rolled back names it.
    pub asked: Option<Id>,
    /// Of upserts only.
    pub created: Option<bool>,
}

/// What a success has to say where errors would stand: see [`streaming::enqueued`].
fn said(state: &State, result: &Result<Id, Errors>) -> Vec<Error> {
    match result {
        Ok(id) => streaming::enqueued(state, *id).into_iter().collect(),
        Err(errors) => errors.clone(),
    }
}

/// `[{"id":"001…","success":true,"errors":[]},…]`
#[must_use]
pub fn rows(state: &State, rows: &[Row]) -> Vec<u8> {
    let mut out = vec![b'['];
    for row in rows {
        json::comma(&mut out);
        row.write(state, &mut out);
    }
    out.push(b']');
    out
}

impl Row {
    #[must_use]
    pub fn of(result: Result<Id, Errors>, asked: Option<Id>) -> Self {
        Self { result, asked, created: None }
    }

    fn write(&self, state: &State, out: &mut Vec<u8>) {
        out.push(b'{');
        if let Some(id) = self.id() {
            json::key(out, "id");
            json::id(out, id);
            out.push(b',');
        }
        out.extend_from_slice(if self.result.is_ok() { b"\"success\":true," } else { b"\"success\":false," });
        errors(out, &said(state, &self.result));
        if let Some(created) = self.created {
            out.extend_from_slice(if created { b",\"created\":true" } else { b",\"created\":false" });
        }
        out.push(b'}');
    }

    fn id(&self) -> Option<Id> {
        match &self.result {
            Ok(id) => Some(*id),
            Err(errors) => {
                let rolled_back =
                    errors.first().is_some_and(|error| error.code == ErrorCode::AllOrNoneOperationRolledBack);
                self.asked.filter(|_| rolled_back)
            }
        }
    }
}

/// `"errors":[{"statusCode":"…","message":"…","fields":[]}]`
pub fn errors(out: &mut Vec<u8>, errors: &[Error]) {
    out.extend_from_slice(b"\"errors\":[");
    for error in errors {
        json::comma(out);
        out.extend_from_slice(b"{\"statusCode\":");
        json::string(out, error.code.as_str());
        out.extend_from_slice(b",\"message\":");
        json::string(out, &error.message);
        out.extend_from_slice(b",\"fields\":[");
        for field in error.fields.iter().flatten() {
            json::comma(out);
            json::string(out, field);
        }
        out.extend_from_slice(b"]}");
    }
    out.push(b']');
}
