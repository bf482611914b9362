//! What a user has looked at: `/recent`, the recent items of an object, and the header by which requests count as looks
//! (`contract/rest.md` section 1, `Sforce-Mru`).

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    id::Id,
    schema::Object,
    state::{Shared, Transaction},
};
use serde_json::{Value, json};

use crate::{
    call::{Answer, Call},
    header,
    reply::Reply,
};

/// How many items there are without a limit.
const MOST: usize = 200;
/// How many an object shows of its own.
const MOST_OF_OBJECT: usize = 200;

/// `GET /recent?limit=`
pub fn list(call: &Call) -> Answer {
    let limit = match call.query("limit") {
        None => MOST,
        Some(text) => text.parse().map_err(|_| Error::illegal_number("limit", text))?,
    };
    Ok(Reply::json(StatusCode::OK, items(call, None, limit.min(MOST))?.to_string()))
}

/// The records of the object that the caller has looked at, the last one first.
pub fn of_object(call: &Call, object: &Object) -> Result<Value, Error> {
    items(call, Some(object), MOST_OF_OBJECT)
}

/// `[{"attributes":{"type":"Account","url":"…"},"Id":"001…","Name":"…"}]`
fn items(call: &Call, of: Option<&Object>, limit: usize) -> Result<Value, Error> {
    let viewer = call.viewer()?;
    let state = call.org().snapshot().seen_by(call.user()?);
    let mut items = Vec::new();
    for (object, record) in state.recently_seen() {
        if items.len() >= limit {
            break;
        }
        let seen = viewer.schema().object(object.name.as_str()).filter(|object| object.mru_enabled);
        let wanted = of.is_none_or(|of| of.index == object.index);
        let Some(object) = seen.filter(|_| wanted && viewer.sees(&state, object.index, &record)) else {
            continue;
        };
        items.push(item(call, object, &record));
    }
    Ok(Value::Array(items))
}

fn item(call: &Call, object: &Object, record: &Shared) -> Value {
    let (name, id) = (object.name.as_str(), record.id());
    let mut item = json!({
        "attributes": {"type": name, "url": format!("/services/data/{}/sobjects/{name}/{id}", call.version)},
        "Id": id,
    });
    if let Some((position, field)) = object.name_field() {
        item[field.name.as_str()] = record.get(position).as_text().into();
    }
    item
}

/// Whether a request counts as a look: `Sforce-Mru: updateMru=true`. It does not by itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look(bool);

impl Look {
    /// Over SOAP, where a header of its own says it.
    #[must_use]
    pub fn when(counts: bool) -> Self {
        Self(counts)
    }

    pub fn of(call: &Call) -> Result<Self, Error> {
        let Some(text) = call.header(&header::MRU) else { return Ok(Self(false)) };
        let value = text.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("updateMru"));
        match value.map(|(_, value)| value.trim().to_ascii_lowercase()).as_deref() {
            Some("true") => Ok(Self(true)),
            Some("false") => Ok(Self(false)),
            _ => Err(Error::bad_mru_header(text)),
        }
    }

    /// Writes the look down, in the transaction of what was done to the record.
    pub fn note(self, tx: &mut Transaction, object: &Object, id: Id) {
        let record = tx.state().table(object.index).get(id).cloned();
        if let Some(record) = record.filter(|_| self.0) {
            tx.mark_seen(object, &record, true);
        }
    }

    /// The same for a record that was only read.
    pub fn note_read(self, call: &Call, object: &Object, id: Id) -> Result<(), Error> {
        if !self.0 {
            return Ok(());
        }
        call.org().transact(call.user()?, |tx| {
            self.note(tx, object, id);
            Ok(())
        })
    }
}
