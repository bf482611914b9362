//! `/tabs`, `/theme` and `/appMenu`: how an org looks. Nothing here has a look, so each object has the one that Salesforce gives
//! it, as far as public pages show it; there are no pictures behind the addresses.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{error::Error, schema::Object};
use serde_json::{Value, json};

use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// Objects that have a tab in a new org, with their colour and the name of their picture.
const TABS: [(&str, &str, &str); 11] = [
    ("Account", "5867E8", "account"),
    ("Contact", "9602C7", "contact"),
    ("Lead", "FF538A", "lead"),
    ("Opportunity", "FF5D2D", "opportunity"),
    ("Case", "FF538A", "case"),
    ("Campaign", "F88962", "campaign"),
    ("Task", "3BA755", "task"),
    ("Product2", "0B827C", "product"),
    ("Pricebook2", "7F8DE1", "pricebook"),
    ("Order", "3A49DA", "orders"),
    ("Contract", "3BA755", "contract"),
];

/// The objects that the caller sees, with colours and pictures.
fn tabs_of(call: &Call) -> Result<Vec<(Value, Value, Arc<Object>)>, Error> {
    let viewer = call.viewer()?;
    let seen = TABS.iter().filter_map(|(name, color, icon)| {
        let object = viewer.schema().object(name)?.clone();
        let colors = json!([{"color": color, "context": "primary", "theme": "theme4"}]);
        let icons = json!([{"contentType": "image/svg+xml", "height": 0, "theme": "theme4",
            "url": format!("{}/img/icon/t4v35/standard/{icon}.svg", call.base), "width": 0}]);
        Some((colors, icons, object))
    });
    Ok(seen.collect())
}

/// The colour and the picture of an object on pages; null for one without a look of its own.
#[must_use]
pub fn theme_info(call: &Call, object: &Object) -> Value {
    TABS.iter().find(|(name, ..)| object.name.is(name)).map_or(Value::Null, |(_, color, icon)| {
        json!({"color": color, "iconUrl": format!("{}/img/icon/t4v35/standard/{icon}_120.png", call.base)})
    })
}

/// A row a tab.
pub fn tab_rows(call: &Call) -> Result<Value, Error> {
    let rows = tabs_of(call)?.into_iter().map(|(colors, icons, object)| {
        let prefix =
            object.key_prefix.map(|prefix| String::from_utf8_lossy(&prefix).into_owned()).unwrap_or_default();
        let picture = icons[0]["url"].clone();
        json!({
            "colors": colors,
            "custom": object.custom,
            "iconUrl": picture,
            "icons": icons,
            "label": object.label_plural,
            "miniIconUrl": picture,
            "name": format!("standard-{}", object.name.as_str()),
            "sobjectName": object.name.as_str(),
            "url": format!("{}/{prefix}/o", call.base),
        })
    });
    Ok(rows.collect())
}

/// The look of each object, or of those that `wanted` names.
pub fn theme_of(call: &Call, wanted: impl Fn(&Object) -> bool) -> Result<Value, Error> {
    let rows = tabs_of(call)?.into_iter().filter(|(_, _, object)| wanted(object)).map(
        |(colors, icons, object)| json!({"colors": colors, "icons": icons, "name": object.name.as_str()}),
    );
    Ok(json!({"themeItems": rows.collect::<Value>()}))
}

/// What a menu of apps shows: no app is installed.
#[must_use]
pub fn menu() -> Value {
    json!({"appMenuItems": []})
}

/// `GET /tabs`
pub fn tabs(call: &Call) -> Answer {
    Ok(Reply::json(StatusCode::OK, tab_rows(call)?.to_string()))
}

/// `GET /theme`
pub fn theme(call: &Call) -> Answer {
    Ok(Reply::json(StatusCode::OK, theme_of(call, |_| true)?.to_string()))
}

/// The menus that REST has; SOAP has more.
const MENUS: [&str; 2] = ["AppSwitcher", "Salesforce1"];

/// `GET /appMenu/AppSwitcher` and `/appMenu/Salesforce1`
pub fn app_menu(call: &Call) -> Answer {
    if !MENUS.contains(&call.param("menu")) {
        return Err(Error::resource_not_found());
    }
    Ok(Reply::json(StatusCode::OK, menu().to_string()))
}
