//! `describeSObjectListViews`, `describeSoqlListViews` and `executeListView`: what REST says of lists (`api/rest/list_views.rs`), in the
//! types of the WSDL.

use std::sync::Arc;

use mock_sfdc_org::{
    error::Error,
    id::Id,
    list_views::{self, ListView},
    schema::Object,
};
use serde_json::{Value as Json, json};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    describe::laid_out,
    envelope::Element,
    typed,
};
use crate::{
    api::rest::list_views::{described, executed, shown},
    call::{Answer, Call},
    reply::Reply,
};

/// `describeSObjectListViews`: the views of an object.
pub fn of_object(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let parameters = ["sObjectType", "recentsOnly", "isSoqlCompatible", "limit", "offset"];
    let arguments = Arguments::of(caller.request, &parameters, "");
    if matches!(arguments.text("recentsOnly"), "true" | "1") {
        return Err(Error::not_emulated("describeSObjectListViews with recentsOnly"));
    }
    let object = object(&caller, arguments.text("sObjectType"))?;
    let mut views = list_views::of(&caller.state(), &object);
    match arguments.text("isSoqlCompatible") {
        "TRUE" | "ALL" => {}
        // All of them are.
        "FALSE" => views.clear(),
        other => return Err(Error::not_emulated(format_args!("isSoqlCompatible={other}"))),
    }
    let number = |name| number(name, Some(arguments.text(name)).filter(|text| !text.is_empty()));
    let (limit, offset) = (number("limit")?.unwrap_or(usize::MAX), number("offset")?.unwrap_or(0));
    let views = views.iter().skip(offset).take(limit).map(|view| of_view(&object, view));
    Ok(told(&caller, &views.collect::<Result<Vec<_>, _>>()?))
}

/// `describeSoqlListViews`: views by their names or ids.
pub fn several(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &[], "request");
    let wanted = arguments.rest().iter().flat_map(|request| request.all("listViewParams"));
    let views = wanted.map(|wanted| {
        let (object, view) = named(&caller, wanted)?;
        of_view(&object, &view)
    });
    Ok(told(&caller, &views.collect::<Result<Vec<_>, _>>()?))
}

/// `executeListView`: the rows of a view.
pub fn execute(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &[], "request");
    let request = arguments.rest().first().ok_or_else(|| Error::parameter_missing("request"))?;
    let (object, view) = named(&caller, request)?;
    let order = shown(&object, &view)?.order;
    let other = |by: &Element| {
        let backwards = by.said("sortDirection").is_some_and(|direction| direction != "ascending");
        let last = by.said("nullsPosition").is_some_and(|position| position != "first");
        by.said("fieldNameOrPath").is_some_and(|path| path != order) || backwards || last
    };
    if request.all("orderBy").any(other) {
        return Err(Error::not_emulated("executeListView in another order than the view's own"));
    }
    let (limit, offset) =
        (number("limit", request.said("limit"))?, number("offset", request.said("offset"))?);
    let rows = executed(call, &object, &view, limit, offset.unwrap_or(0))?;
    Ok(answer::result(&caller, &laid_out(&caller, "ExecuteListViewResult", &rows)))
}

fn number(name: &str, text: Option<&str>) -> Result<Option<usize>, Error> {
    text.map(|text| text.parse().map_err(|_| Error::not_a_number(name, text))).transpose()
}

fn object(caller: &Caller<'_>, name: &str) -> Result<Arc<Object>, Error> {
    caller.viewer()?.schema().object(name).cloned().ok_or_else(|| Error::unknown_object(name))
}

/// The view that `developerNameOrId` and `sobjectType` name.
fn named(caller: &Caller<'_>, element: &Element) -> Result<(Arc<Object>, ListView), Error> {
    let object = object(caller, element.said("sobjectType").unwrap_or_default())?;
    let name = element.said("developerNameOrId").unwrap_or_default();
    let id = Id::parse(name);
    let mut views = list_views::of(&caller.state(), &object).into_iter();
    let found = views.find(|view| id == Some(view.id) || view.developer_name.eq_ignore_ascii_case(name));
    found.map(|view| (object, view)).ok_or_else(Error::invalid_cross_reference)
}

fn of_view(object: &Object, view: &ListView) -> Result<Json, Error> {
    let mut said = described(object, view, &shown(object, view)?);
    said["whereCondition"][typed::KIND] = json!("SoqlConditionGroup");
    Ok(said)
}

fn told(caller: &Caller<'_>, views: &[Json]) -> Reply {
    let result: Elements =
        laid_out(caller, "DescribeSoqlListViewResult", &json!({"describeSoqlListViews": views}));
    answer::result(caller, &result)
}
