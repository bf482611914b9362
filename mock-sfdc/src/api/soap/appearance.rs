//! `describeTabs`, `describeAllTabs`, `describeTheme`, `describeGlobalTheme` and `describeAppMenu`: how an org looks, as REST shows
//! it (`api/rest/appearance.rs`).

use mock_sfdc_org::{error::Error, id::Id};
use serde_json::{Value as Json, json};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    describe::{self, laid_out},
    wsdl::model,
};
use crate::{
    api::rest::appearance,
    call::{Answer, Call},
};

/// The one set of tabs that an org has here: that of the app with which Salesforce delivers it.
pub fn tabs(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let id = Id::from_number(*b"02u", caller.state().settings().pod, 1);
    let set = json!({
        "description": "Leads, accounts and what is sold to them",
        "label": "Sales",
        "logoUrl": format!("{}/img/salesforce-noname-logo-v2.svg", call.base),
        "namespace": "standard",
        "selected": true,
        "tabSetId": id.to_string(),
        "tabs": appearance::tab_rows(call)?,
    });
    Ok(answer::results(&caller, &[laid_out(&caller, "DescribeTabSetResult", &set)]))
}

pub fn all_tabs(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let rows = appearance::tab_rows(call)?;
    let rows = rows.as_array().into_iter().flatten();
    let written: Vec<Elements> = rows.map(|row| laid_out(&caller, "DescribeTab", row)).collect();
    Ok(answer::results(&caller, &written))
}

/// Of the objects that are named, else of all.
pub fn theme(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let names = Arguments::of(caller.request, &[], "sobjectType").rest_texts();
    let viewer = caller.viewer()?;
    if let Some(unknown) = names.iter().find(|name| viewer.schema().object(name).is_none()) {
        return Err(Error::unknown_object(unknown));
    }
    let wanted = appearance::theme_of(call, |object| {
        names.is_empty() || names.iter().any(|name| object.name.is(name))
    })?;
    Ok(answer::result(&caller, &laid_out(&caller, "DescribeThemeResult", &wanted)))
}

pub fn global_theme(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let both: Json = json!({
        "global": describe::all(&caller)?,
        "theme": appearance::theme_of(call, |_| true)?,
    });
    Ok(answer::result(&caller, &laid_out(&caller, "DescribeGlobalTheme", &both)))
}

pub fn app_menu(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let kind = Arguments::of(caller.request, &["appMenuType", "networkId"], "").text("appMenuType");
    let known = model::WORDS.iter().find(|(name, _)| *name == "AppMenuType");
    if !known.is_some_and(|(_, words)| words.contains(&kind)) {
        return Err(Error::bad_envelope(&format!(
            "'{kind}' is not a valid value for the enum 'AppMenuType'"
        )));
    }
    Ok(answer::result(&caller, &laid_out(&caller, "DescribeAppMenuResult", &appearance::menu())))
}
