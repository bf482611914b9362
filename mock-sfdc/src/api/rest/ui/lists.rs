//! `/ui-api/list-ui`, `list-info` and `list-records`: list views as pages show them. Which there are and what they show,
//! `mock_sfdc_org::list_views` says; what a person made of one (columns, filters, charts) is not there.

use std::sync::Arc;

use mock_sfdc_org::{
    error::Error,
    id::Id,
    layout,
    list_views::{self, Column, ListView, Shown},
    schema::Object,
};
use serde_json::{Map, Value, json};

use super::{merged, ok, paging::Paging, records::View, selection::Selection, since, tagged};
use crate::{
    api::rest::list_views::shown,
    call::{Answer, ApiVersion, Call},
};

const LISTS: ApiVersion = ApiVersion(42);
/// How many records a page has at most, and how many views the list of them has.
const MOST: usize = 2000;
const FEW_VIEWS: usize = 20;
/// What somebody has looked at last is a list too, of another kind.
const RECENT: &str = "__Recent";
/// What a record of a list has besides what is shown.
const ALONG: [&str; 5] = ["Id", "CreatedDate", "LastModifiedById", "LastModifiedDate", "SystemModstamp"];

/// A list view, found by its id or by its names.
struct Found {
    object: Arc<Object>,
    view: ListView,
    shown: Shown,
}

impl Found {
    fn of(call: &Call) -> Result<Self, Error> {
        since(call, LISTS)?;
        let (state, viewer) = (call.org().snapshot(), call.viewer()?);
        let (name, wanted) = match call.param("object") {
            "" => {
                let id = Id::parse(call.param("list")).ok_or_else(Error::resource_not_found)?;
                let (views, row) = state.find(id).ok_or_else(Error::resource_not_found)?;
                let of = views.field("SobjectType").filter(|_| views.name.is("ListView"));
                let of =
                    of.and_then(|(at, _)| row.get(at).as_text()).ok_or_else(Error::resource_not_found)?;
                (of.to_owned(), Err(id))
            }
            name => (name.to_owned(), Ok(call.param("view"))),
        };
        let object = viewer.schema().object(&name).cloned().ok_or_else(Error::resource_not_found)?;
        if wanted == Ok(RECENT) {
            return Err(Error::not_emulated(format_args!("the list {RECENT} of {}", object.name.as_str())));
        }
        let found = list_views::of(&state, &object).into_iter().find(|view| match wanted {
            Ok(name) => view.developer_name.eq_ignore_ascii_case(name),
            Err(id) => view.id == id,
        });
        let view = found.ok_or_else(Error::resource_not_found)?;
        let shown = shown(&object, &view)?;
        Ok(Self { object, view, shown })
    }

    fn columns(&self) -> impl Iterator<Item = &Column> {
        self.shown.columns.iter().filter(|column| !column.hidden)
    }

    fn reference(&self) -> Value {
        json!({
            "id": self.view.id.to_string(),
            "listViewApiName": self.view.developer_name,
            "objectApiName": self.object.name.as_str(),
            "type": "listView",
        })
    }

    fn column(&self, call: &Call, column: &Column) -> Value {
        let named = column.path == self.shown.order;
        let mut said =
            json!({"fieldApiName": column.path, "label": column.label, "sortable": column.sortable});
        if call.version >= ApiVersion(58) {
            let parent = column.path.rsplit_once('.').map(|(parent, _)| format!("{parent}.Id"));
            said["lookupId"] = json!(if named { Some("Id".to_owned()) } else { parent });
        }
        if call.version >= ApiVersion(61) {
            let field = self.object.field(&column.path).map(|(_, field)| field);
            let edited = json!({
                "editable": field.is_some_and(|field| field.updateable),
                "required": field.is_some_and(layout::is_required),
            });
            let types = self.object.record_type_infos.iter().filter(|info| info.available);
            let types = types.map(|info| (info.record_type_id.clone(), edited.clone()));
            said["inlineEditAttributes"] = Value::Object(types.collect());
            said["searchable"] = json!(named);
        }
        said
    }

    fn info(&self, call: &Call) -> Value {
        let columns = self.columns().map(|column| self.column(call, column)).collect::<Vec<_>>();
        let each = |value: Value| {
            self.columns().map(|column| (column.path.clone(), value.clone())).collect::<Map<_, _>>()
        };
        let order = self.columns().find(|column| column.path == self.shown.order);
        let order = order
            .map(|column| json!({"fieldApiName": column.path, "isAscending": true, "label": column.label}));
        let mut said = json!({
            "cloneable": true,
            "createable": true,
            "deletable": true,
            "displayColumns": columns,
            "filterLogicString": null,
            "filteredByInfo": [],
            "label": self.view.label,
            "listReference": self.reference(),
            "orderedByInfo": order.into_iter().collect::<Vec<_>>(),
            "updateable": true,
            "userPreferences": {"columnWidths": each(json!(-1)), "columnWrap": each(json!(false))},
            "visibility": "Public",
            "visibilityEditable": true,
        });
        if call.version >= ApiVersion(61) {
            let plural = self.object.label_plural.to_lowercase();
            let label =
                if self.shown.scope == "mine" { format!("My {plural}") } else { format!("All {plural}") };
            let more = json!({
                "inlineEditDetails": {"message": null, "state": "Enabled"},
                "listShares": [],
                "objectApiNames": [self.object.name.as_str()],
                "scope": {"apiName": self.shown.scope, "entity": null, "label": label, "relatedEntity": null},
                "searchable": false,
            });
            said = merged(said, more);
        }
        if call.version >= ApiVersion(62) {
            said["hasMassActions"] = json!(true);
        }
        tagged(said)
    }

    /// What the columns need of each record, parents and links included.
    fn fields(&self) -> Vec<String> {
        let mut fields: Vec<String> = ALONG.map(str::to_owned).to_vec();
        fields.extend(self.object.field("OwnerId").map(|_| "OwnerId".to_owned()));
        for column in self.columns() {
            fields.push(column.path.clone());
            if let Some((parent, _)) = column.path.rsplit_once('.') {
                let link = self.object.parent_relationship(parent).map(|(_, link)| link.name.as_str());
                fields.extend(link.map(str::to_owned));
                fields.extend(ALONG.map(|name| format!("{parent}.{name}")));
            }
        }
        let is_there = |name: &String| name.contains('.') || self.object.field(name).is_some();
        fields.retain(is_there);
        fields
    }

    fn records(
        &self,
        call: &Call,
        selection: &Selection,
        paging: Paging,
        with_columns: bool,
    ) -> Result<Value, Error> {
        let name = self.object.name.as_str();
        let using = if self.shown.scope == "mine" { " USING SCOPE mine" } else { "" };
        let order = selection.order(call, &self.object, &[self.shown.order.as_str()])?;
        let (ids, more) = paging.ids(call, &format!("SELECT Id FROM {name}{using} {order}"))?;
        let fields = if with_columns { self.fields() } else { Vec::new() };
        let records = selection.records(&View::of(call)?, &self.object, &ids, &fields)?;
        let address = match call.param("object") {
            "" => format!("list-records/{}", self.view.id),
            _ => format!("list-records/{name}/{}", self.view.developer_name),
        };
        let mut said = paging.members(call, &address, &selection.parameters(), more);
        said.insert("count".to_owned(), json!(records.len()));
        said.insert("listInfoETag".to_owned(), self.info(call)["eTag"].clone());
        said.insert("records".to_owned(), Value::Array(records));
        said.sort_keys();
        let mut said = Value::Object(said);
        if call.version >= ApiVersion(48) {
            let sorted = match selection.sort_by.as_slice() {
                [] => vec![self.shown.order.clone(), "Id".to_owned()],
                asked => asked.to_vec(),
            };
            let echo = merged(selection.echo(paging, &sorted), json!({"listReference": self.reference()}));
            said = merged(said, echo);
        }
        if call.version >= ApiVersion(61) {
            said = merged(said, json!({"searchTerm": null, "where": null}));
        }
        Ok(said)
    }
}

/// `GET /ui-api/list-info/{list}`, of an object the list of its views; `…/{object}/{view}`
pub fn info(call: &Call) -> Answer {
    if let Some(object) = of_object(call)? {
        since(call, ApiVersion(61))?;
        return summaries(call, &object, "list-info", "url");
    }
    Ok(ok(&Found::of(call)?.info(call)))
}

/// `GET /ui-api/list-records/{list}` and `…/{object}/{view}`
pub fn records(call: &Call) -> Answer {
    let found = Found::of(call)?;
    let (selection, paging) = Selection::of_parameters(call, MOST)?;
    Ok(ok(&found.records(call, &selection, paging, true)?))
}

/// `POST /ui-api/list-records/{object}/{view}`: the same, asked for in a body.
pub fn records_by_body(call: &Call) -> Answer {
    since(call, ApiVersion(61))?;
    let found = Found::of(call)?;
    let (selection, paging) = Selection::of_body(call, MOST)?;
    Ok(ok(&found.records(call, &selection, paging, true)?))
}

/// `GET /ui-api/list-ui/{list}`, of an object the list of its views; `…/{object}/{view}`
pub fn ui(call: &Call) -> Answer {
    if let Some(object) = of_object(call)? {
        since(call, ApiVersion(43))?;
        return summaries(call, &object, "list-ui", "listUiUrl");
    }
    let found = Found::of(call)?;
    let (selection, paging) = Selection::of_parameters(call, MOST)?;
    let records = found.records(call, &selection, paging, true)?;
    Ok(ok(&tagged(json!({"info": found.info(call), "records": records}))))
}

/// The object, where the address names one and no view.
fn of_object(call: &Call) -> Result<Option<Arc<Object>>, Error> {
    let name = call.param("list");
    if name.is_empty() || Id::parse(name).is_some() {
        return Ok(None);
    }
    call.viewer()?.schema().object(name).cloned().ok_or_else(Error::resource_not_found).map(Some)
}

/// The views of an object, those whose label has `q` in it.
fn summaries(call: &Call, object: &Object, resource: &str, link: &str) -> Answer {
    let paging = Paging::of(call, FEW_VIEWS, MOST)?;
    let recent = match call.query("recentListsOnly") {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => return Err(Error::illegal_flag("recentListsOnly", other)),
    };
    let text = call.query("q").unwrap_or_default().to_lowercase();
    let name = object.name.as_str();
    let mut views = list_views::of(&call.org().snapshot(), object);
    // Nobody looks at lists on pages here.
    views.retain(|view| !recent && view.label.to_lowercase().contains(&text));
    let more = views.len().saturating_sub(paging.offset) > paging.size;
    let lists = views.iter().skip(paging.offset).take(paging.size).map(|view| {
        let url = format!("/services/data/{}/ui-api/{resource}/{name}/{}", call.version, view.developer_name);
        let mut said =
            json!({"apiName": view.developer_name, "id": view.id.to_string(), "label": view.label});
        said[link] = json!(url);
        said
    });
    let lists = lists.collect::<Vec<_>>();
    let parameters = [("q", text.clone()), ("recentListsOnly", if recent { "true" } else { "" }.to_owned())];
    let mut said = paging.members(call, &format!("{resource}/{name}"), &parameters, more);
    said.insert("count".to_owned(), json!(lists.len()));
    said.insert("lists".to_owned(), Value::Array(lists));
    if link == "url" {
        said.insert("objectApiName".to_owned(), json!(name));
        said.insert("pageSize".to_owned(), json!(paging.size));
        said.insert("queryString".to_owned(), json!(call.query("q")));
        said.insert("recentListsOnly".to_owned(), json!(recent));
    }
    Ok(ok(&tagged(Value::Object(said))))
}
