//! A search against a schema.

use std::sync::Arc;

use super::ast::{FieldGroup, Returning, Search, With};
use super::fields::SearchFields;
use super::term::Term;
use super::{MAX_ROWS, MAX_ROWS_OF_ONE};
use crate::{
    error::{Error, ErrorCode},
    schema::{Object, Schema},
    soql::{
        BindOptions, Prepared, SoqlError,
        ast::{From, Integer, Query, Select, SelectItem, Span, Word},
        prepare_query,
    },
};

/// A search whose names were found.
#[derive(Clone, Debug)]
pub struct PreparedSearch {
    pub(super) term: Term,
    pub(super) parts: Vec<Part>,
    pub(super) limit: usize,
}

/// One object of it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub query: Prepared,
    pub fields: SearchFields,
    pub limit: usize,
}

/// Parses and binds.
pub fn prepare(text: &str, schema: &Schema, options: &BindOptions) -> Result<PreparedSearch, Error> {
    let search = super::parse(text)?;
    Ok(bind(text, &search, schema, *options)?)
}

/// The search that `parameterizedSearch` asks for: words without operators, and what is wanted of each object.
pub fn of_words(
    words: &str,
    group: FieldGroup,
    returning: Vec<(String, Vec<String>, Option<usize>)>,
    limit: Option<usize>,
    schema: &Schema,
    options: &BindOptions,
) -> Result<PreparedSearch, Error> {
    let integer = |number: usize| Integer { text: number.to_string().into(), span: Span::default() };
    let returning = returning.into_iter().map(|(object, fields, limit)| Returning {
        query: Query { limit: limit.map(integer), ..query(&object, &fields) },
        list_view: None,
    });
    let search = Search {
        term: Term::all_words(words),
        fields: group,
        returning: returning.collect(),
        with: Vec::new(),
        limit: limit.map(integer),
        update: Vec::new(),
    };
    Ok(bind("", &search, schema, *options)?)
}

fn bind(
    text: &str,
    search: &Search,
    schema: &Schema,
    options: BindOptions,
) -> Result<PreparedSearch, SoqlError> {
    refuse(search)?;
    let everything: Vec<Query>;
    let queries: Vec<&Query> = if search.returning.is_empty() {
        everything = schema
            .objects()
            .filter(|object| is_searchable(object))
            .map(|object| query(object.name.as_str(), &[]))
            .collect();
        everything.iter().collect()
    } else {
        search.returning.iter().map(|part| &part.query).collect()
    };
    let count = queries.len().max(1);
    let mut parts = Vec::with_capacity(count);
    for query in queries {
        if query.offset.is_some() && count > 1 {
            return Err(bad("OFFSET is allowed only in a search of one object"));
        }
        let prepared = prepare_query(text, query, schema, options)?;
        let object = prepared.object();
        if !is_searchable(object) {
            return Err(bad(&format!("entity type {} does not support search", object.name)));
        }
        let usual = if count > 1 {
            (MAX_ROWS / count).min(MAX_ROWS_OF_ONE)
        } else if query.condition.is_some() || !query.order.is_empty() {
            MAX_ROWS
        } else {
            MAX_ROWS_OF_ONE
        };
        let fields = SearchFields::of(object, search.fields);
        let limit = if query.limit.is_some() { MAX_ROWS } else { usual };
        parts.push(Part { query: prepared, fields, limit });
    }
    let limit = match &search.limit {
        None => MAX_ROWS,
        Some(limit) => limit.text.parse().map_err(|_| bad("LIMIT must be 0 or more"))?,
    };
    Ok(PreparedSearch { term: search.term.clone(), parts, limit: limit.min(MAX_ROWS) })
}

fn is_searchable(object: &Arc<Object>) -> bool {
    object.searchable && object.queryable
}

fn bad(text: &str) -> SoqlError {
    SoqlError::plain(ErrorCode::InvalidSearch, text)
}

fn query(object: &str, fields: &[String]) -> Query {
    let word = |text: &str| Word { text: text.into(), span: Span::default() };
    let field = |name: &str| SelectItem::Field { path: word(name), alias: None };
    let items =
        if fields.is_empty() { vec![field("Id")] } else { fields.iter().map(|name| field(name)).collect() };
    Query::of(Select::Items(items), From { path: word(object), alias: None })
}

/// What this org has not.
fn refuse(search: &Search) -> Result<(), SoqlError> {
    let not_emulated = |what: &str| {
        let error = Error::not_emulated(format_args!("SOSL's {what}"));
        Err(error.into())
    };
    if let Some(update) = search.update.first() {
        return not_emulated(&format!("UPDATE {update}"));
    }
    if let Some(list_view) = search.returning.iter().find_map(|part| part.list_view.as_ref()) {
        return not_emulated(&format!("USING ListView={list_view}"));
    }
    // Nothing corrects spelling here, whatever is asked for.
    let ignored = |with: &&With| with.name == "SPELL_CORRECTION";
    match search.with.iter().find(|with| !ignored(with)) {
        Some(with) => not_emulated(&format!("WITH {}", with.name)),
        None => Ok(()),
    }
}
