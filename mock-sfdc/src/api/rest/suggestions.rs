//! `/search/scopeOrder` and `/search/suggestions`: what a search box asks while somebody types.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    schema::{Object, Schema},
    soql::{BindOptions, RunContext},
    sosl,
};
use serde_json::{Value, json};

use super::{json, layout, query};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// What a search box searches where nobody has chosen.
const SCOPE: [&str; 7] = ["Account", "Contact", "Lead", "Opportunity", "Case", "Campaign", "User"];
/// How many suggestions come unless `limit` says otherwise.
const FEW: usize = 5;

/// What a search box searches: the same for all users, since none has pinned anything.
pub fn scope(schema: &Schema) -> impl Iterator<Item = &Arc<Object>> {
    SCOPE.iter().filter_map(|name| schema.object(name)).filter(|object| object.searchable)
}

/// `GET /search/scopeOrder`
pub fn scope_order(call: &Call) -> Answer {
    let viewer = call.viewer()?;
    let rows = scope(viewer.schema()).map(|object| {
        let name = object.name.as_str();
        json!({"type": name, "url": format!("/services/data/{}/sobjects/{name}/describe", call.version)})
    });
    Ok(Reply::json(StatusCode::OK, rows.collect::<Value>().to_string()))
}

/// `GET /search/suggestions?q=…&sobject=Account,Contact[&fields=…][&limit=…]`: records whose name has a word that begins so.
pub fn suggestions(call: &Call) -> Answer {
    let words = call.query("q").ok_or_else(|| Error::parameter_missing("q"))?;
    if words.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
        return Err(Error::search_term_too_short(words));
    }
    let limit = match call.query("limit") {
        Some(text) => text.parse().map_err(|_| Error::invalid_search("limit takes a number"))?,
        None => FEW,
    };
    let objects = layout::named_in(call, "sobject")?;
    let more = call
        .query("fields")
        .map(|list| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>());
    let names = objects.iter().filter_map(|object| Some((object, object.name_field()?.1)));
    let meta = names.clone().map(
        |(object, field)| json!({"entityApiName": object.name.as_str(), "fieldApiName": field.name.as_str()}),
    );
    let meta = meta.collect::<Vec<_>>();
    let returning = names.map(|(object, field)| {
        let own = ["Id", field.name.as_str()].into_iter().chain(more.iter().flatten().map(String::as_str));
        let list = own.collect::<Vec<_>>().join(", ");
        format!("{}({list} LIMIT {})", object.name.as_str(), limit.saturating_add(1))
    });
    let returning = returning.collect::<Vec<_>>().join(", ");
    let text = format!("FIND {{{}*}} IN NAME FIELDS RETURNING {returning}", escaped(words));
    let viewer = call.viewer()?;
    let options = BindOptions { api_version: call.version.0.into() };
    let search = sosl::prepare(&text, viewer.schema(), &options)?;
    let state = call.org().snapshot();
    let context = RunContext::for_user(&state, call.user()?, call.org().clock().now());
    let found = sosl::run(&search, &state, &context)?;
    let mut out = b"{\"autoSuggestResults\":[".to_vec();
    for row in found.rows().take(limit) {
        json::comma(&mut out);
        query::write_row(&mut out, call, row)?;
    }
    let has_more = found.rows().nth(limit).is_some();
    let tail = format!("],\"hasMoreResults\":{has_more},\"meta\":{{\"nameFields\":{}}}}}", Value::from(meta));
    out.extend_from_slice(tail.as_bytes());
    Ok(Reply::json(StatusCode::OK, out))
}

/// What somebody types is no expression: every mark stands for itself.
pub(super) fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in words.trim_end_matches('*').chars() {
        if !c.is_alphanumeric() && !c.is_whitespace() {
            text.push('\\');
        }
        text.push(c);
    }
    text
}
