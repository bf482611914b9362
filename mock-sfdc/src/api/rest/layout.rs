//! `/sobjects/{object}/describe/layouts`, `compactLayouts` and `approvalLayouts`, and what a search shows of an object
//! (`contract/rest.md` section 2). Which layouts there are, `mock_sfdc_org::layout` says.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    layout::{self, Layout, Section},
    schema::{
        Field, Object, RecordTypeInfo, Schema,
        describe::{self, Links},
    },
};
use serde_json::{Map, Value, json};

use super::sobject;
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// An object with its fields as describe writes them: a layout shows each in full.
struct Page<'a> {
    call: &'a Call,
    object: Arc<Object>,
    fields: Map<String, Value>,
}

impl<'a> Page<'a> {
    fn of(call: &'a Call, object: Arc<Object>) -> Self {
        let version = call.version.to_string();
        let described = describe::to_value(&describe::object(
            &object,
            Links { version: &version, instance_url: &call.base },
        ));
        let fields = described["fields"].as_array().cloned().unwrap_or_default();
        let named = |field: Value| Some((field["name"].as_str()?.to_owned(), field));
        Self { call, object, fields: fields.into_iter().filter_map(named).collect() }
    }

    fn address(&self, rest: &str) -> String {
        format!("/services/data/{}/sobjects/{}{rest}", self.call.version, self.object.name.as_str())
    }

    fn component(&self, field: &Field) -> Value {
        let parts = layout::components(&self.object, field).map(|(_, part)| self.component(part));
        let parts = parts.collect::<Vec<_>>();
        let mut component = json!({
            "details": self.fields.get(field.name.as_str()),
            "displayLines": if field.kind.as_str() == "textarea" { 6 } else { 1 },
            "tabOrder": 1,
            "type": "Field",
            "value": field.name.as_str(),
        });
        if !parts.is_empty() {
            component["components"] = Value::Array(parts);
            component["fieldType"] = json!(field.kind.as_str());
        }
        component
    }

    fn item(&self, position: usize) -> Value {
        let Some(field) = self.object.field_at(position) else { return Value::Null };
        let parts = layout::components(&self.object, field).map(|(_, part)| part).collect::<Vec<_>>();
        let any = |is: fn(&Field) -> bool| is(field) || parts.iter().any(|part| is(part));
        json!({
            "editableForNew": any(|field| field.createable),
            "editableForUpdate": any(|field| field.updateable),
            "label": field.label,
            "layoutComponents": [self.component(field)],
            "placeholder": false,
            "required": any(layout::is_required),
        })
    }

    fn section(&self, layout: &Layout, section: &Section) -> Value {
        let rows = section.rows.iter().map(|row| {
            let items = row.iter().map(|position| self.item(*position)).collect::<Vec<_>>();
            json!({"layoutItems": items, "numItems": row.len()})
        });
        json!({
            "collapsed": false,
            "columns": layout::COLUMNS,
            "heading": section.heading,
            "layoutRows": rows.collect::<Vec<_>>(),
            "layoutSectionId": section.id.to_string(),
            "parentLayoutId": layout.id.to_string(),
            "rows": section.rows.len(),
            "tabOrder": "LeftToRight",
            "useCollapsibleSection": false,
            "useHeading": true,
        })
    }

    fn sections(&self, layout: &Layout) -> Vec<Value> {
        layout.sections.iter().map(|section| self.section(layout, section)).collect()
    }

    fn layout(&self, schema: &Schema) -> Value {
        let pod = self.call.org().snapshot().settings().pod;
        let (detail, edit) = (layout::detail(&self.object, pod), layout::edit(&self.object, pod));
        let related = layout::related_lists(&self.object, schema).map(|(relationship, child)| {
            let columns = layout::list_column(child).map(|field| {
                json!({"field": format!("{}.{}", child.name.as_str(), field.name.as_str()),
                       "fieldApiName": field.name.as_str(), "format": null, "label": field.label, "lookupId": "Id",
                       "name": field.name.as_str()})
            });
            json!({
                "accessLevelRequiredForCreate": null, "buttons": null, "columns": columns.into_iter().collect::<Vec<_>>(),
                "custom": child.custom, "field": relationship.field.as_str(), "label": child.label_plural, "limitRows": 5,
                "name": relationship.relationship_name.as_ref().map(mock_sfdc_org::name::Name::as_str),
                "sobject": child.name.as_str(), "sort": [],
            })
        });
        json!({
            "buttonLayoutSection": null,
            "detailLayoutSections": self.sections(&detail),
            "editLayoutSections": self.sections(&edit),
            "feedView": null,
            "highlightsPanelLayoutSection": null,
            "id": detail.id.to_string(),
            "multirowEditLayoutSections": [],
            "offlineLinks": [],
            "quickActionList": {"quickActionListItems": []},
            "relatedContent": null,
            "relatedLists": related.collect::<Vec<_>>(),
            "saveOptions": [],
        })
    }

    fn mapping(&self, info: &RecordTypeInfo) -> Value {
        let pod = self.call.org().snapshot().settings().pod;
        json!({
            "active": info.active,
            "available": info.available,
            "defaultRecordTypeMapping": info.default_record_type_mapping,
            "developerName": info.developer_name,
            "layoutId": layout::detail(&self.object, pod).id.to_string(),
            "master": info.master,
            "name": info.name,
            "picklistsForRecordType": null,
            "recordTypeId": info.record_type_id,
            "urls": {"layout": self.address(&format!("/describe/layouts/{}", info.record_type_id))},
        })
    }

    /// The layout that Salesforce gives where nobody drew one: the name.
    fn compact(&self) -> Value {
        let name = self.object.name_field().map(|(position, _)| self.item(position));
        let mappings = self.object.record_type_infos.iter().map(|info| {
            json!({
                "available": info.available,
                "compactLayoutId": null,
                "compactLayoutName": "SYSTEM",
                "recordTypeId": info.record_type_id,
                "recordTypeName": info.name,
                "urls": {"compactLayout": self.address(&format!("/describe/compactLayouts/{}", info.record_type_id))},
            })
        });
        json!({
            "compactLayouts": [{
                "actions": [],
                "fieldItems": name.into_iter().collect::<Vec<_>>(),
                "id": null,
                "imageItems": [],
                "label": "System Default",
                "name": "SYSTEM",
                "objectType": self.object.name.as_str(),
            }],
            "defaultCompactLayoutId": null,
            "recordTypeCompactLayoutMappings": mappings.collect::<Vec<_>>(),
            "urls": {"primary": self.address("/describe/compactLayouts/primary")},
        })
    }
}

fn answered(call: &Call, value: &Value) -> Answer {
    sobject::described(call, value)
}

fn layoutable(call: &Call) -> Result<Arc<Object>, Error> {
    let object = sobject::named(call)?;
    if object.layoutable { Ok(object) } else { Err(Error::resource_not_found()) }
}

/// The pages of an object, and which record type has which.
pub fn pages(call: &Call, object: Arc<Object>) -> Result<Value, Error> {
    let viewer = call.viewer()?;
    let page = Page::of(call, object);
    let mappings = page.object.record_type_infos.iter().map(|info| page.mapping(info)).collect::<Vec<_>>();
    let several =
        page.object.record_type_infos.iter().filter(|info| !info.master && info.available).count() > 1;
    Ok(json!({
        "layouts": [page.layout(viewer.schema())],
        "recordTypeMappings": mappings,
        "recordTypeSelectorRequired": [several],
    }))
}

/// The compact layouts of an object.
#[must_use]
pub fn compact_pages(call: &Call, object: Arc<Object>) -> Value {
    Page::of(call, object).compact()
}

/// `GET /sobjects/{object}/describe/layouts`
pub fn layouts(call: &Call) -> Answer {
    answered(call, &pages(call, layoutable(call)?)?)
}

/// `GET /sobjects/{object}/describe/layouts/{recordType}`
pub fn of_record_type(call: &Call) -> Answer {
    let viewer = call.viewer()?;
    let page = Page::of(call, layoutable(call)?);
    let wanted = mock_sfdc_org::id::Id::parse(call.param("recordType")).map(|id| id.to_string());
    let mut types = page.object.record_type_infos.iter();
    if !types.any(|info| wanted.as_deref() == Some(info.record_type_id.as_str())) {
        return Err(Error::resource_not_found());
    }
    answered(call, &page.layout(viewer.schema()))
}

/// The layout of this name, which an object has beside those of its record types: users have one.
#[must_use]
pub fn is_named(object: &Object, name: &str) -> bool {
    object.name.is("User") && name.eq_ignore_ascii_case("UserAlt")
}

/// `GET /sobjects/{object}/describe/namedLayouts/{layout}`
pub fn named(call: &Call) -> Answer {
    let object = layoutable(call)?;
    if !is_named(&object, call.param("layout")) {
        return Err(Error::resource_not_found());
    }
    answered(call, &pages(call, object)?)
}

/// `GET /sobjects/{object}/describe/compactLayouts/{layout}`: of a record type, or `primary`.
pub fn compact_of_record_type(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    let wanted = call.param("layout");
    let id = mock_sfdc_org::id::Id::parse(wanted).map(|id| id.to_string());
    let of_type = object.record_type_infos.iter().any(|info| id.as_deref() == Some(&info.record_type_id));
    if wanted != "primary" && !of_type {
        return Err(Error::resource_not_found());
    }
    answered(call, &compact_pages(call, object)["compactLayouts"][0])
}

/// `GET /sobjects/{object}/describe/compactLayouts`
pub fn compact(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    answered(call, &compact_pages(call, object))
}

/// `GET /compactLayouts?q=Account,Contact`
pub fn compact_of_several(call: &Call) -> Answer {
    let objects = named_in(call, "q")?;
    let all =
        objects.into_iter().map(|object| (object.name.as_str().to_owned(), compact_pages(call, object)));
    answered(call, &Value::Object(all.collect()))
}

/// `GET /sobjects/{object}/describe/approvalLayouts`: no object has approval processes here.
pub fn approval(call: &Call) -> Answer {
    sobject::named(call)?;
    answered(call, &json!({"approvalLayouts": []}))
}

/// What a list of search results shows of an object.
#[must_use]
pub fn search_page(object: &Object) -> Value {
    let column = object.name_field().map(|(_, field)| {
        let name = object.name.as_str();
        json!({"field": format!("{name}.{}", field.name.as_str()), "format": null, "label": field.label,
               "name": field.name.as_str()})
    });
    json!({
        "errorMsg": null,
        "label": "Search Results",
        "limitRows": 25,
        "objectType": object.name.as_str(),
        "searchColumns": column.into_iter().collect::<Vec<_>>(),
    })
}

/// `GET /search/layout?q=Account,Contact`
pub fn search(call: &Call) -> Answer {
    let rows = named_in(call, "q")?.into_iter().map(|object| search_page(&object));
    Ok(Reply::json(StatusCode::OK, rows.collect::<Value>().to_string()))
}

/// The objects that a parameter lists.
pub(super) fn named_in(call: &Call, parameter: &str) -> Result<Vec<Arc<Object>>, Error> {
    let list = call.query(parameter).ok_or_else(|| Error::parameter_missing(parameter))?;
    let viewer = call.viewer()?;
    list.split(',')
        .map(str::trim)
        .map(|name| viewer.schema().object(name).cloned().ok_or_else(|| Error::unknown_object(name)))
        .collect()
}
