//! `/ui-api/lookups/{object}/{field}`: what a page offers while somebody fills in a lookup. A field whose filter narrows the
//! choice is refused by name: what it depends on is known to the page alone.

use std::sync::Arc;

use mock_sfdc_org::{
    error::Error,
    id::Id,
    schema::{Field, FieldType, Object},
    soql::{self, BindOptions, RunContext},
    sosl,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::{UI_API, ok, records::View, since};
use crate::{
    api::rest::{sobject, suggestions},
    call::{Answer, ApiVersion, Call},
};

const USUAL: usize = 25;
const MOST: usize = 200;

/// What is looked for: what the caller has looked at last, records with words that begin so, or those whose name does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    Recent,
    Words,
    Name,
}

struct Asked<'a> {
    call: &'a Call,
    view: View<'a>,
    object: Arc<Object>,
    field: String,
    search: Search,
    text: &'a str,
    page: usize,
    size: usize,
}

impl<'a> Asked<'a> {
    /// The request, and the objects that its field leads to.
    fn of(call: &'a Call) -> Result<(Self, Vec<Arc<Object>>), Error> {
        since(call, UI_API)?;
        let object = sobject::named(call)?;
        let (_, field) = object.field(call.param("field")).ok_or_else(Error::resource_not_found)?;
        let name = field.name.as_str().to_owned();
        if field.kind != FieldType::Reference {
            return Err(Error::not_a_lookup(object.name.as_str(), &name));
        }
        if is_filtered(field) {
            let of = object.name.as_str();
            return Err(Error::not_emulated(format_args!("the lookup filter of {of}.{name} in lookups")));
        }
        let view = View::of(call)?;
        let schema = view.viewer.schema();
        let targets = field.reference_to.iter().filter_map(|target| schema.object(target.as_str()).cloned());
        let targets = targets.collect();
        let text = call.query("q").unwrap_or_default().trim();
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        let search = match call.query("searchType") {
            None | Some("Recent") => Search::Recent,
            Some("Search") if letters < 2 => return Err(Error::lookup_term_too_short("Search", 2)),
            Some("Search") => Search::Words,
            Some("TypeAhead") if letters < 3 => return Err(Error::lookup_term_too_short("TypeAhead", 3)),
            Some("TypeAhead") => Search::Name,
            Some(other) => {
                return Err(Error::not_one_of("searchType", "Recent, Search and TypeAhead", other));
            }
        };
        let number = |name: &str, usual: usize| match call.query(name) {
            None => Ok(usual),
            Some(text) => text.parse().map_err(|_| Error::illegal_page_number(text)),
        };
        let (page, size) = (number("page", 1)?, number("pageSize", USUAL)?);
        if !(1..=MOST).contains(&size) {
            return Err(Error::page_size_out_of_range("pageSize", MOST));
        }
        if page == 0 || page > soql::cursor::MAX_BATCH / size {
            return Err(Error::page_size_out_of_range("page", soql::cursor::MAX_BATCH / size));
        }
        Ok((Self { call, view, object, field: name, search, text, page, size }, targets))
    }

    /// A page of the records of one object.
    fn found(&self, target: &Object) -> Result<Value, Error> {
        let most = self.page * self.size + 1;
        let ids = match self.search {
            Search::Recent => self.recent(target)?,
            Search::Words => {
                let name = target.name.as_str();
                let words = suggestions::escaped(self.text);
                self.rows(
                    target,
                    &format!("FIND {{{words}*}} IN ALL FIELDS RETURNING {name}(Id LIMIT {most})"),
                )?
            }
            Search::Name => self.named(target, most)?,
        };
        let more = ids.len() > self.page * self.size;
        let page = ids.into_iter().skip((self.page - 1) * self.size).take(self.size);
        let records = page.filter_map(|id| self.shown(id)).collect::<Vec<_>>();
        let url = |page: usize| self.url(target, page);
        Ok(json!({
            "count": records.len(),
            "currentPageToken": null,
            "currentPageUrl": url(self.page),
            "nextPageToken": null,
            "nextPageUrl": more.then(|| url(self.page + 1)),
            "previousPageToken": null,
            "previousPageUrl": (self.page > 1).then(|| url(self.page - 1)),
            "records": records,
        }))
    }

    fn url(&self, target: &Object, page: usize) -> String {
        let (of, field, target) = (self.object.name.as_str(), &self.field, target.name.as_str());
        let search = self.call.query("searchType").unwrap_or("Recent");
        let text = match self.text {
            "" => String::new(),
            text => format!("q={}&", utf8_percent_encode(text, NON_ALPHANUMERIC)),
        };
        format!(
            "/services/data/{}/ui-api/lookups/{of}/{field}/{target}?{text}searchType={search}&page={page}&pageSize={}",
            self.call.version, self.size
        )
    }

    fn recent(&self, target: &Object) -> Result<Vec<Id>, Error> {
        let seen = self.call.org().snapshot().seen_by(self.call.user()?).recently_seen();
        let text = self.text.to_lowercase();
        let seen = seen.into_iter().filter(|(object, record)| {
            let name = object.name_field().and_then(|(at, _)| record.get(at).as_text());
            object.index == target.index && name.unwrap_or_default().to_lowercase().contains(&text)
        });
        Ok(seen.map(|(_, record)| record.id()).filter(|id| self.view.find(*id).is_some()).collect())
    }

    fn named(&self, target: &Object, most: usize) -> Result<Vec<Id>, Error> {
        let Some((_, name)) = target.name_field() else { return Ok(Vec::new()) };
        let mut pattern = String::new();
        for c in self.text.chars() {
            if matches!(c, '\'' | '\\' | '%' | '_') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        let (of, name) = (target.name.as_str(), name.name.as_str());
        let text = format!(
            "SELECT Id FROM {of} WHERE {name} LIKE '{pattern}%' ORDER BY {name} ASC, Id ASC LIMIT {most}"
        );
        let options = BindOptions { api_version: self.call.version.0.into() };
        let prepared = soql::prepare(&text, self.view.viewer.schema(), &options)?;
        let found = soql::run(&prepared, &self.view.state, &self.context()?)?;
        Ok(found.rows().filter_map(|row| Some(row.identity()?.1)).collect())
    }

    fn rows(&self, target: &Object, text: &str) -> Result<Vec<Id>, Error> {
        if !target.searchable {
            return Ok(Vec::new());
        }
        let options = BindOptions { api_version: self.call.version.0.into() };
        let prepared = sosl::prepare(text, self.view.viewer.schema(), &options)?;
        let found = sosl::run(&prepared, &self.view.state, &self.context()?)?;
        Ok(found.rows().filter_map(|row| Some(row.identity()?.1)).collect())
    }

    fn context(&self) -> Result<RunContext, Error> {
        Ok(RunContext::for_user(&self.view.state, self.call.user()?, self.call.org().clock().now()))
    }

    /// A record as a choice: its name, and nothing to tell it from another of that name.
    fn shown(&self, id: Id) -> Option<Value> {
        let (object, record) = self.view.find(id)?;
        let name = object.name_field().map_or("Id", |(_, field)| field.name.as_str());
        let mut shown = self.view.record(&object, &record, &["Id", name], true).ok()?;
        let fields = shown["fields"].as_object_mut()?;
        fields.insert("DisambiguationField".to_owned(), json!({"displayValue": null, "value": null}));
        fields.sort_keys();
        for unread in ["lastModifiedById", "lastModifiedDate", "recordTypeId", "systemModstamp"] {
            shown[unread] = Value::Null;
        }
        shown["weakEtag"] = json!(0);
        Some(shown)
    }

    fn metadata(&self, target: &Object) -> Value {
        let mut said = json!({"secondaryField": null});
        if self.call.version >= ApiVersion(57) {
            said["fieldApiName"] = json!(self.field);
            said["objectApiName"] = json!(self.object.name.as_str());
            let target = target.name.as_str();
            said["targetInfo"] = json!({target: {"objectApiName": target, "suggestionsInfo": null}});
        }
        said
    }
}

fn is_filtered(field: &Field) -> bool {
    field.lookup_filter.as_ref().is_some_and(|filter| filter.active && !filter.is_optional)
}

/// `GET /ui-api/lookups/{object}/{field}?q=&searchType=&page=&pageSize=`: of every object that the field leads to.
pub fn of_field(call: &Call) -> Answer {
    let (asked, targets) = Asked::of(call)?;
    let (mut results, mut metadata) = (Map::new(), Map::new());
    for target in &targets {
        results.insert(target.name.as_str().to_owned(), asked.found(target)?);
        metadata.insert(target.name.as_str().to_owned(), asked.metadata(target));
    }
    let mut said = json!({"lookupResults": results});
    if call.version >= ApiVersion(55) {
        said["metadata"] = Value::Object(metadata);
    }
    Ok(ok(&said))
}

/// `GET /ui-api/lookups/{object}/{field}/{target}`
pub fn of_target(call: &Call) -> Answer {
    let (asked, targets) = Asked::of(call)?;
    let target = targets.iter().find(|target| target.name.is(call.param("target")));
    Ok(ok(&asked.found(target.ok_or_else(Error::resource_not_found)?)?))
}
