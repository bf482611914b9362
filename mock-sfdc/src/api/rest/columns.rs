//! `/query?q=…&columns=true`: what the answer would be made of, instead of the answer. Undocumented but for the Tooling API;
//! the Salesforce CLI asks for it and shows by it how real orgs answer.

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    schema::{FieldType, Schema},
    soql::{self, BindOptions, ColumnOf},
};
use serde_json::{Value, json};

use crate::{
    call::{Answer, Call},
    reply::Reply,
};

pub fn columns(call: &Call, text: &str) -> Answer {
    of(call, call.viewer()?.schema(), text)
}

/// The columns of a query over this schema.
pub fn of(call: &Call, schema: &Schema, text: &str) -> Answer {
    let options = BindOptions { api_version: call.version.0.into() };
    let found = soql::columns(text, schema, &options)?;
    let prefix = found.object.key_prefix.map(|prefix| String::from_utf8_lossy(&prefix).into_owned());
    let body = json!({
        "columnMetadata": found.columns.iter().map(column).collect::<Vec<_>>(),
        "entityName": found.object.name.as_str(),
        "groupBy": found.grouped,
        "idSelected": found.id_selected,
        "keyPrefix": prefix,
    });
    Ok(Reply::json(StatusCode::OK, body.to_string()))
}

/// `columns` is a flag; what is neither true nor false is not understood.
pub fn wanted(call: &Call) -> Result<bool, Error> {
    match call.query("columns") {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(Error::not_emulated(format_args!("query?columns={other}"))),
    }
}

fn column(column: &ColumnOf) -> Value {
    let kind = column.kind.filter(|_| !column.aggregate);
    let field = column.field.as_ref();
    let own = field.filter(|_| kind.is_some());
    json!({
        "aggregate": column.aggregate,
        "apexType": kind.map(apex_type),
        "booleanType": kind == Some(FieldType::Boolean),
        "columnName": column.name,
        "custom": field.is_some_and(|field| field.custom),
        "displayName": column.shown,
        "foreignKeyName": field.filter(|_| column.kind.is_none()).map(|field| field.name.as_str()),
        "insertable": own.is_some_and(|field| field.createable),
        "joinColumns": column.joined.iter().map(self::column).collect::<Vec<_>>(),
        "numberType": column.kind.is_some_and(|kind| matches!(apex_type(kind), "Integer" | "Long" | "Decimal")),
        "textType": kind.map(apex_type) == Some("String"),
        "updatable": own.is_some_and(|field| field.updateable),
    })
}

/// Apex's word for a kind of field.
fn apex_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Id | FieldType::Reference => "Id",
        FieldType::Boolean => "Boolean",
        FieldType::Int => "Integer",
        FieldType::Long => "Long",
        FieldType::Double | FieldType::Currency | FieldType::Percent => "Decimal",
        FieldType::Date => "Date",
        FieldType::Datetime => "Datetime",
        FieldType::Time => "Time",
        FieldType::Base64 => "Blob",
        FieldType::Address => "Address",
        FieldType::Location => "Location",
        _ => "String",
    }
}
