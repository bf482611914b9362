//! `/ui-api/related-list-info`, `related-list-records` and `related-list-count`: the child sets of a record as its page lists them.
//! Which there are and what a row shows, `mock_sfdc_org::layout` says.

use std::sync::Arc;

use mock_sfdc_org::{
    error::Error,
    id::Id,
    layout,
    name::Name,
    schema::{ChildRelationship, Field, FieldType, Object, Schema},
};
use serde_json::{Value, json};

use super::{
    batch_of, layout as pages, listed, merged, ok, paging::Paging, records::View, selection::Selection,
    since, tagged,
};
use crate::{
    api::rest::appearance,
    call::{Answer, ApiVersion, Call},
};

const RELATED: ApiVersion = ApiVersion(50);
/// How many records of a related list are read, and counted.
const MOST: usize = 1999;

/// A child set by its name, of the object of that name.
fn list_of<'a>(
    parent: &'a Object,
    schema: &'a Schema,
    name: &str,
) -> Result<(&'a ChildRelationship, &'a Object), Error> {
    let named = |relationship: &ChildRelationship| {
        relationship.relationship_name.as_ref().is_some_and(|known| known.is(name))
    };
    let mut lists = layout::related_lists(parent, schema);
    lists.find(|(relationship, _)| named(relationship)).ok_or_else(Error::no_such_related_list)
}

fn parent(call: &Call, schema: &Schema) -> Result<Arc<Object>, Error> {
    since(call, RELATED)?;
    schema.object(call.param("object")).cloned().ok_or_else(Error::no_access_to_record)
}

fn reference(parent: &Object, list: &ChildRelationship, of: Option<Id>) -> Value {
    json!({
        "id": null,
        "inContextOfRecordId": of.map(|id| id.to_string()),
        "listViewApiName": null,
        "objectApiName": null,
        "parentObjectApiName": parent.name.as_str(),
        "recordTypeId": null,
        "relatedListId": list.relationship_name.as_ref().map(Name::as_str),
        "type": "relatedList",
    })
}

/// `GET /ui-api/related-list-info/{object}?recordTypeId=`
pub fn all(call: &Call) -> Answer {
    let viewer = call.viewer()?;
    let parent = parent(call, viewer.schema())?;
    let record_type = pages::record_type(&parent, call.query("recordTypeId"))?;
    let name = parent.name.as_str();
    let lists = layout::related_lists(&parent, viewer.schema()).map(|(list, child)| {
        let id = list.relationship_name.as_ref().map_or("", Name::as_str);
        let prefix = child.key_prefix.map(|prefix| String::from_utf8_lossy(&prefix).into_owned());
        json!({
            "entityLabel": child.label,
            "entityPluralLabel": child.label_plural,
            "fieldApiName": list.field.as_str(),
            "keyPrefix": prefix,
            "label": child.label_plural,
            "objectApiName": child.name.as_str(),
            "parentFieldApiName": "Id",
            "relatedListId": id,
            "relatedListInfoUrl": format!(
                "/services/data/{}/ui-api/related-list-info/{name}/{id}?recordTypeId={}",
                call.version, record_type.record_type_id
            ),
            "themeInfo": appearance::theme_info(call, child),
        })
    });
    let mut lists = lists.collect::<Vec<_>>();
    lists.sort_by_key(|list| list["relatedListId"].as_str().unwrap_or_default().to_owned());
    Ok(ok(&tagged(json!({
        "parentObjectApiName": name,
        "parentRecordTypeId": record_type.record_type_id,
        "relatedLists": lists,
    }))))
}

/// `GET /ui-api/related-list-info/{object}/{list}`
pub fn info(call: &Call) -> Answer {
    Ok(ok(&described(call, call.param("relatedList"))?))
}

/// `GET /ui-api/related-list-info/batch/{object}/{lists}`
pub fn infos(call: &Call) -> Answer {
    since(call, RELATED)?;
    let named = listed(call.param("relatedLists"));
    Ok(ok(&json!({"results": batch_of(named.map(|name| described(call, name))).1})))
}

fn described(call: &Call, name: &str) -> Result<Value, Error> {
    let viewer = call.viewer()?;
    let parent = parent(call, viewer.schema())?;
    pages::record_type(&parent, call.query("recordTypeId"))?;
    let (list, child) = list_of(&parent, viewer.schema(), name)?;
    let column = layout::list_column(child);
    let path = column.map(|field| field.name.as_str());
    let mut said = json!({
        "cloneable": false,
        "createable": false,
        "deletable": false,
        "displayColumns": column.map(|field| shown(call, field)).into_iter().collect::<Vec<_>>(),
        "fieldApiName": list.field.as_str(),
        "filterLogicString": "",
        "filteredByInfo": [],
        "label": child.label_plural,
        "listReference": reference(&parent, list, None),
        "objectApiNames": [child.name.as_str()],
        "orderedByInfo": [],
        "updateable": false,
        "userPreferences": {
            "columnWidths": path.map(|path| (path, -1)).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
            "columnWrap": path.map(|path| (path, false)).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        },
        "visibility": "Public",
        "visibilityEditable": false,
    });
    if call.version >= ApiVersion(57) {
        said = merged(said, json!({"fields": [], "optionalFields": [], "restrictColumnsToLayout": true}));
    }
    if call.version >= ApiVersion(58) {
        said["filterable"] = json!(true);
    }
    Ok(tagged(said))
}

fn shown(call: &Call, field: &Field) -> Value {
    let link = if field.name_field { Some("Id") } else { None };
    let said = json!({
        "fieldApiName": field.name.as_str(), "label": field.label, "lookupId": link, "sortable": field.sortable,
    });
    if call.version < ApiVersion(57) {
        return said;
    }
    let operator = match field.kind {
        FieldType::String | FieldType::Textarea | FieldType::Email | FieldType::Phone | FieldType::Url => {
            Some("contains")
        }
        FieldType::Double | FieldType::Datetime => Some("within"),
        _ => None,
    };
    let picks = field.picklist_values.iter().map(|choice| choice.value.clone()).collect::<Vec<_>>();
    let more = json!({
        "dataType": field.kind.as_str(), "filterable": field.filterable, "picklistValues": picks,
        "quickFilterOperator": operator,
    });
    merged(said, more)
}

/// The parent record of an address, as the caller sees it.
struct Parent<'a> {
    view: View<'a>,
    object: Arc<Object>,
    id: Id,
}

impl<'a> Parent<'a> {
    fn of(call: &'a Call) -> Result<Self, Error> {
        since(call, RELATED)?;
        let text = call.param("id");
        let id = Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))?;
        let view = View::of(call)?;
        let (object, _) = view.find(id).ok_or_else(Error::resource_not_found)?;
        Ok(Self { view, object, id })
    }

    fn query(&self, child: &Object, list: &ChildRelationship, order: &str) -> String {
        let (child, field, id) = (child.name.as_str(), list.field.as_str(), self.id);
        format!("SELECT Id FROM {child} WHERE {field} = '{id}' {order}")
    }

    fn records(
        &self,
        call: &Call,
        name: &str,
        selection: &Selection,
        paging: Paging,
    ) -> Result<Value, Error> {
        let schema = self.view.viewer.schema();
        let (list, child) = list_of(&self.object, schema, name)?;
        // A related list has no words for a field that it cannot be sorted by.
        let selection = selection.clone().with_known_orders(child);
        let order = selection.order(call, child, &[])?;
        let (ids, more) = paging.ids(call, &self.query(child, list, &order))?;
        let records = selection.records(&self.view, child, &ids, &[])?;
        let id = list.relationship_name.as_ref().map_or("", Name::as_str);
        let address = format!("related-list-records/{}/{id}", self.id);
        let mut said = paging.members(call, &address, &selection.parameters(), more);
        said.insert("count".to_owned(), json!(records.len()));
        said.insert("listInfoETag".to_owned(), Value::Null);
        said.insert("listReference".to_owned(), reference(&self.object, list, Some(self.id)));
        said.insert("records".to_owned(), Value::Array(records));
        let mut said = merged(Value::Object(said), selection.echo(paging, &selection.sort_by));
        if call.version >= ApiVersion(55) {
            said["where"] = Value::Null;
        }
        Ok(said)
    }

    fn count(&self, call: &Call, name: &str) -> Result<Value, Error> {
        let most = match call.query("maxCount") {
            None => MOST,
            Some(text) => text.parse().map_err(|_| Error::illegal_page_number(text))?,
        };
        if !(1..=MOST).contains(&most) {
            return Err(Error::page_size_out_of_range("maxSize", MOST));
        }
        let (list, child) = list_of(&self.object, self.view.viewer.schema(), name)?;
        let (ids, more) = Paging { size: most, offset: 0 }.ids(call, &self.query(child, list, ""))?;
        Ok(tagged(json!({
            "count": ids.len(),
            "hasMore": more,
            "listReference": reference(&self.object, list, Some(self.id)),
        })))
    }
}

/// `GET /ui-api/related-list-records/{id}/{list}`
pub fn records(call: &Call) -> Answer {
    let parent = Parent::of(call)?;
    let (selection, paging) = Selection::of_parameters(call, MOST)?;
    Ok(ok(&parent.records(call, call.param("relatedList"), &selection, paging)?))
}

/// `POST /ui-api/related-list-records/{id}/{list}`: the same, asked for in a body.
pub fn records_by_body(call: &Call) -> Answer {
    since(call, ApiVersion(55))?;
    let parent = Parent::of(call)?;
    let (selection, paging) = Selection::of_body(call, MOST)?;
    Ok(ok(&parent.records(call, call.param("relatedList"), &selection, paging)?))
}

/// `GET /ui-api/related-list-records/batch/{id}/{lists}`: those fields of each list that name its object.
pub fn records_of_several(call: &Call) -> Answer {
    let parent = Parent::of(call)?;
    let (selection, paging) = Selection::of_parameters(call, MOST)?;
    let results = listed(call.param("relatedLists")).map(|name| {
        let (_, child) = list_of(&parent.object, parent.view.viewer.schema(), name)?;
        parent.records(call, name, &selection.of_object(child), paging)
    });
    Ok(ok(&json!({"results": batch_of(results).1})))
}

/// `GET /ui-api/related-list-count/{id}/{list}?maxCount=`
pub fn count(call: &Call) -> Answer {
    Ok(ok(&Parent::of(call)?.count(call, call.param("relatedList"))?))
}

/// `GET /ui-api/related-list-count/batch/{id}/{lists}`
pub fn counts(call: &Call) -> Answer {
    let parent = Parent::of(call)?;
    let counts = listed(call.param("relatedLists")).map(|name| parent.count(call, name));
    Ok(ok(&json!({"results": batch_of(counts).1})))
}
