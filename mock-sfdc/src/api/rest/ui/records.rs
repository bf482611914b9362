//! `/ui-api/records`: records as pages read and write them: each field with its value and what a page shows of it. A subset:
//! no child relationships, no layouts other than those of `mock_sfdc_org::layout`.

use std::sync::Arc;

use http::StatusCode;
use indexmap::IndexMap;
use mock_sfdc_org::{
    Snapshot,
    access::permissions::Viewer,
    error::Error,
    formula::with_formulas,
    id::Id,
    schema::{Field, FieldType, Object},
    state::{Record, Shared},
    verbs,
};
use serde_json::{Map, Value, json};

use super::{UI_API, batch, layout as pages, listed, since, tag};
use crate::{
    api::rest::{body, conditions, idempotency, options, record, row},
    call::{Answer, Call},
    reply::Reply,
};

/// Paths from one object: a field's own name, or a relationship with the paths behind it.
type Paths<'a> = IndexMap<&'a str, Vec<&'a str>>;

/// One moment, seen by one user.
pub(super) struct View<'a> {
    call: &'a Call,
    pub state: Snapshot,
    pub viewer: Arc<Viewer>,
}

impl<'a> View<'a> {
    pub fn of(call: &'a Call) -> Result<Self, Error> {
        since(call, UI_API)?;
        Ok(Self { call, state: call.org().snapshot(), viewer: call.viewer()? })
    }

    /// A record that is there and seen, as the user sees it and its object.
    pub fn find(&self, id: Id) -> Option<(Arc<Object>, Shared)> {
        let (object, record) = self.state.find(id)?;
        if !self.viewer.sees(&self.state, object.index, record) {
            return None;
        }
        let now = self.call.org().clock().now();
        let record = with_formulas(&self.state, object, record, self.viewer.user(), now);
        let record = self.viewer.reads(object, &record);
        Some((Arc::clone(self.viewer.schema().by_index(object.index)?), record))
    }

    /// A record with these fields. Paths that lead nowhere are refused, unless they are optional.
    pub fn record(
        &self,
        object: &Object,
        record: &Record,
        paths: &[&str],
        optional: bool,
    ) -> Result<Value, Error> {
        let mut fields = Map::new();
        for (first, rest) in grouped(paths) {
            let found = if rest.is_empty() {
                object.field(first).map(|(position, field)| {
                    (field.name.as_str(), self.field(object, record, position, field))
                })
            } else {
                let parent = object.parent_relationship(first);
                let shown =
                    parent.map(|(position, _)| self.parent(record, position, &rest, optional)).transpose()?;
                let name = parent.and_then(|(_, field)| field.relationship_name.as_ref());
                name.map(mock_sfdc_org::name::Name::as_str).zip(shown)
            };
            match found {
                Some((name, value)) => _ = fields.insert(name.to_owned(), value),
                None if optional => {}
                None => return Err(Error::no_such_column_on(first, object.name.as_str())),
            }
        }
        fields.sort_keys();
        let text = |field: &str| {
            let found = object.field(field);
            found.map_or(Value::Null, |(position, field)| self.plain(object, record, position, field))
        };
        Ok(json!({
            "apiName": object.name.as_str(),
            "childRelationships": {},
            "eTag": tag(conditions::digest(object, record).as_bytes()),
            "fields": fields,
            "id": record.id().to_string(),
            "lastModifiedById": text("LastModifiedById"),
            "lastModifiedDate": text("LastModifiedDate"),
            "recordTypeId": record_type_id(object, record),
            "recordTypeInfo": null,
            "systemModstamp": text("SystemModstamp"),
            "weakEtag": weak(object, record),
        }))
    }

    /// A record with fields that must be there and fields that may be.
    pub fn with_optional(
        &self,
        object: &Object,
        record: &Record,
        wanted: &[&str],
        optional: &[&str],
    ) -> Result<Value, Error> {
        let mut body = self.record(object, record, wanted, false)?;
        let more = self.record(object, record, optional, true)?;
        if let (Some(fields), Value::Object(more)) = (body["fields"].as_object_mut(), more["fields"].clone())
        {
            fields.extend(more);
            fields.sort_keys();
        }
        Ok(body)
    }

    fn plain(&self, object: &Object, record: &Record, position: usize, field: &Field) -> Value {
        let mut out = Vec::new();
        record::field_value(&mut out, self.call.version, object, record, position, field);
        match serde_json::from_slice(&out).unwrap_or(Value::Null) {
            // Pages read moments in another form than the rest of REST.
            Value::String(text) if field.kind == FieldType::Datetime => json!(text.replace("+0000", "Z")),
            value => value,
        }
    }

    pub fn field(&self, object: &Object, record: &Record, position: usize, field: &Field) -> Value {
        let value = self.plain(object, record, position, field);
        // What a page shows of a choice is its label. Numbers and dates are left to the page.
        let label =
            value.as_str().and_then(|text| field.picklist_value(text)).map(|choice| choice.label.as_str());
        json!({"displayValue": label, "value": value})
    }

    fn parent(
        &self,
        record: &Record,
        position: usize,
        paths: &[&str],
        optional: bool,
    ) -> Result<Value, Error> {
        let found = record.get(position).as_id().and_then(|id| self.find(id));
        let Some((object, parent)) = found else { return Ok(json!({"displayValue": null, "value": null})) };
        let name = object.name_field().map(|(at, _)| parent.get(at).as_text());
        let value = self.record(&object, &parent, paths, optional)?;
        Ok(json!({"displayValue": name.flatten(), "value": value}))
    }
}

fn grouped<'a>(paths: &[&'a str]) -> Paths<'a> {
    let mut grouped = Paths::new();
    for path in paths {
        match path.split_once('.') {
            Some((first, rest)) => grouped.entry(first).or_default().push(rest),
            None => _ = grouped.entry(path).or_default(),
        }
    }
    grouped
}

/// The type of the record, else the one that records without a type have; users have none at all.
fn record_type_id(object: &Object, record: &Record) -> Option<String> {
    let own = object.field("RecordTypeId").and_then(|(position, _)| record.get(position).as_id());
    let master = object.record_type_infos.iter().find(|info| info.master && !object.name.is("User"));
    own.map(|id| id.to_string()).or_else(|| master.map(|info| info.record_type_id.clone()))
}

/// A number that grows with each change.
fn weak(object: &Object, record: &Record) -> i64 {
    let stamp = object.field("SystemModstamp").and_then(|(position, _)| record.get(position).as_datetime());
    stamp.map_or(0, mock_sfdc_org::value::DateTime::millis)
}

/// `Account.Name` of an account is `Name`; the path of another object leads nowhere.
pub(super) fn own<'a>(object: &Object, list: &'a str) -> Vec<&'a str> {
    listed(list)
        .map(|name| name.split_once('.').filter(|(of, _)| object.name.is(of)).map_or(name, |(_, path)| path))
        .collect()
}

fn id_of(call: &Call) -> Result<Id, Error> {
    let text = call.param("id");
    Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))
}

/// `GET /ui-api/records/{id}?fields=&optionalFields=&layoutTypes=&modes=`
pub fn get(call: &Call) -> Answer {
    let view = View::of(call)?;
    let id = id_of(call)?;
    Ok(Reply::json(StatusCode::OK, shown(call, &view, id, qualified)?.to_string()))
}

/// `GET /ui-api/records/batch/{ids}`: fields are those of the object that they name.
pub fn several(call: &Call) -> Answer {
    let view = View::of(call)?;
    Ok(batch(listed(call.param("ids")).map(|text| {
        let id = Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?;
        shown(call, &view, id, of_object)
    })))
}

/// Finds the paths of an object in a list.
type Find = for<'a> fn(&Object, &'a str) -> Result<Vec<&'a str>, Error>;

fn shown(call: &Call, view: &View<'_>, id: Id, find: Find) -> Result<Value, Error> {
    let (object, record) = view.find(id).ok_or_else(Error::resource_not_found)?;
    let mut wanted = find(&object, call.query("fields").unwrap_or_default())?;
    if let Some(layouts) = call.query("layoutTypes") {
        let modes = call.query("modes").unwrap_or("View");
        wanted.extend(pages::fields(&object, view.state.settings().pod, layouts, modes)?);
    }
    let optional = find(&object, call.query("optionalFields").unwrap_or_default())?;
    if ["fields", "optionalFields", "layoutTypes"].iter().all(|name| call.query(name).is_none()) {
        return Err(Error::parameter_missing("fields or layoutTypes"));
    }
    view.with_optional(&object, &record, &wanted, &optional)
}

/// The paths of a list that name this object.
fn of_object<'a>(object: &Object, list: &'a str) -> Result<Vec<&'a str>, Error> {
    let mut own = Vec::new();
    for name in listed(list) {
        match name.split_once('.') {
            Some((of, path)) if object.name.is(of) => own.push(path),
            Some(_) => {}
            None => return Err(Error::field_without_object(name, object.name.as_str())),
        }
    }
    Ok(own)
}

/// The paths of a list, each of which says that it is this object's.
fn qualified<'a>(object: &Object, list: &'a str) -> Result<Vec<&'a str>, Error> {
    match listed(list).find(|name| !name.contains('.')) {
        Some(name) => Err(Error::field_without_object(name, object.name.as_str())),
        None => Ok(own(object, list)),
    }
}

/// The members of a request that this subset knows; another one is refused.
fn request<'a>(call: &'a Call, known: &[&str]) -> Result<body::Members<'a>, Error> {
    let members = body::members(call)?;
    match members.keys().find(|name| !known.contains(&name.as_ref())) {
        Some(unknown) => {
            Err(Error::not_emulated(format_args!("{unknown} in a body of {}", call.operation.name)))
        }
        None => Ok(members),
    }
}

fn fields_in<'a>(call: &Call, members: &body::Members<'a>) -> Result<body::Members<'a>, Error> {
    let raw = members.get("fields").ok_or_else(|| Error::parameter_missing("fields"))?;
    body::nested(call, raw)
}

/// `POST /ui-api/records` `{"apiName": "Account", "fields": {"Name": "…"}}`
pub fn create(call: &Call) -> Answer {
    idempotency::once(call, || {
        let members = request(call, &["apiName", "fields", "allowSaveOnDuplicate"])?;
        let name = members.get("apiName").and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
        let name = name.ok_or_else(|| Error::parameter_missing("apiName"))?;
        let viewer = call.viewer()?;
        let object = viewer.schema().object(&name).cloned().ok_or_else(Error::resource_not_found)?;
        let fields = fields_in(call, &members)?;
        let draft = body::draft(call, viewer.schema(), &object, &fields)?;
        let mut options = options::dml(call)?;
        options.duplicates.allow_save |= is_true(call, &members, "allowSaveOnDuplicate")?;
        match call.transact(call.user()?, |tx| verbs::create(tx, &object, draft, &options)) {
            Ok(id) => written(call, id, &fields, StatusCode::CREATED),
            Err(errors) => Ok(refused(&object, &errors, "create")),
        }
    })
}

fn is_true(call: &Call, members: &body::Members<'_>, name: &str) -> Result<bool, Error> {
    match members.get(name).map(|raw| (raw.get(), *raw)) {
        None | Some(("false" | "null", _)) => Ok(false),
        Some(("true", _)) => Ok(true),
        Some((_, raw)) => Err(body::misplaced(call, raw, "boolean")),
    }
}

/// `PATCH /ui-api/records/{id}` `{"fields": {"Name": "…"}}`
pub fn update(call: &Call) -> Answer {
    if call.header("if-modified-since").is_some() {
        return Err(Error::not_emulated("If-Modified-Since of ui-api records"));
    }
    idempotency::once(call, || {
        let view = View::of(call)?;
        let id = id_of(call)?;
        let (object, _) = view.find(id).ok_or_else(Error::resource_not_found)?;
        let members = request(call, &["fields", "allowSaveOnDuplicate"])?;
        let mut fields = fields_in(call, &members)?;
        fields.shift_remove("Id");
        let draft = body::draft(call, view.viewer.schema(), &object, &fields)?;
        let mut options = options::dml(call)?;
        options.duplicates.allow_save |= is_true(call, &members, "allowSaveOnDuplicate")?;
        match call.transact(call.user()?, |tx| verbs::update(tx, &object, id, draft, &options)) {
            Ok(_) => written(call, id, &fields, StatusCode::OK),
            Err(errors) => Ok(refused(&object, &errors, "update")),
        }
    })
}

/// The record as it is now, with the fields that the request wrote.
fn written(call: &Call, id: Id, fields: &body::Members<'_>, status: StatusCode) -> Answer {
    let view = View::of(call)?;
    let (object, record) = view.find(id).ok_or_else(Error::resource_not_found)?;
    let names =
        fields.keys().map(|name| &**name).filter(|name| object.field(name).is_some()).collect::<Vec<_>>();
    Ok(Reply::json(status, view.record(&object, &record, &names, true)?.to_string()))
}

/// `DELETE /ui-api/records/{id}`
pub fn delete(call: &Call) -> Answer {
    idempotency::once(call, || {
        let view = View::of(call)?;
        let id = id_of(call)?;
        let (object, _) = view.find(id).ok_or_else(Error::resource_not_found)?;
        row::remove(call, &object, id)
    })
}

/// Errors of a save as pages want them: those of a field under its name, and all of them in a list.
fn refused(object: &Object, errors: &[Error], doing: &str) -> Reply {
    let item = |error: &Error, name: Option<&str>| {
        let label = name.and_then(|name| object.field(name)).map(|(_, field)| field.label.clone());
        json!({
            "constituentField": null,
            "duplicateRecordError": null,
            "errorCode": error.code.as_str(),
            "field": name,
            "fieldLabel": label,
            "message": error.message,
        })
    };
    let mut of_fields: Map<String, Value> = Map::new();
    let mut of_record = Vec::new();
    for error in errors {
        let named =
            error.fields.iter().flatten().map(String::as_str).filter(|name| object.field(name).is_some());
        let named = named.collect::<Vec<_>>();
        for name in &named {
            let list = of_fields.entry((*name).to_owned()).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.push(item(error, Some(name)));
            }
        }
        if named.is_empty() {
            of_record.push(item(error, None));
        }
    }
    let status = errors.first().map_or(400, |error| error.code.http_status());
    let body = json!([{
        "enhancedErrorType": "RecordError",
        "errorCode": errors.first().map(|error| error.code.as_str()),
        "message": format!("An error occurred while trying to {doing} the record. Please try again."),
        "output": {"errors": of_record, "fieldErrors": of_fields},
        "statusCode": status,
    }]);
    Reply::json(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), body.to_string())
}
