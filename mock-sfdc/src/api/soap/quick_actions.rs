//! `describeAvailableQuickActions`, `describeQuickActions` and `performQuickActions`: what REST says of actions
//! (`api/rest/quick_actions.rs`), in the types of the WSDL.

use std::sync::Arc;

use mock_sfdc_org::{
    error::Error, id::Id, quick_actions::QuickAction, save::Draft, schema::Object, verbs::Errors,
};
use serde_json::json;

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
    describe::laid_out,
    envelope::Element,
    sobject,
};
use crate::{
    api::rest::quick_actions::{actions, context, described},
    call::{Answer, Call},
};

/// An action by its name: `NewContact`, or on the pages of an object `Account.NewContact`.
struct Named {
    on: Option<Arc<Object>>,
    action: &'static QuickAction,
    /// What it makes.
    target: Arc<Object>,
}

/// `describeAvailableQuickActions`: those on an object's pages, or those outside of all.
pub fn available(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let name = Arguments::of(caller.request, &["contextType"], "").text("contextType");
    let on = if name.is_empty() { None } else { Some(object(&caller, name)?) };
    let written = actions(call, on.as_deref())?.into_iter().map(|action| {
        let row = json!({"actionEnumOrId": action.name, "label": action.label, "name": action.name, "type": action.kind});
        laid_out(&caller, "DescribeAvailableQuickActionResult", &row)
    });
    Ok(answer::results(&caller, &written.collect::<Vec<_>>()))
}

/// `describeQuickActions`
pub fn describe(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let names = Arguments::of(caller.request, &[], "quickActions").rest_texts();
    let written = names.into_iter().map(|name| {
        let Named { on, action, target } = named(&caller, name)?;
        let mut said = described(on.as_deref(), action, &target);
        said["actionEnumOrId"] = json!(action.name);
        Ok(laid_out(&caller, "DescribeQuickActionResult", &said))
    });
    Ok(answer::results(&caller, &written.collect::<Result<Vec<_>, Error>>()?))
}

/// What one action is to do.
struct Item {
    action: &'static QuickAction,
    started: Option<Id>,
    draft: Result<Draft, Errors>,
}

/// `performQuickActions`: each by itself.
pub fn perform(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &[], "quickActions");
    let items = arguments.rest().iter().map(|request| item(&caller, request));
    let items = items.collect::<Result<Vec<_>, Error>>()?;
    let results = caller
        .each(&items, |tx, item| item.action.perform(tx, item.started, item.draft.clone()?, &caller.options));
    let written = items.iter().zip(&results).map(|(item, result)| {
        let mut out = Elements::default();
        if let Some(started) = item.started {
            out.id("contextId", Some(started));
        }
        out.flag("created", result.is_ok());
        match result {
            Ok(id) => out.id("ids", Some(*id)),
            Err(errors) => out.errors(&caller, errors),
        }
        out.flag("success", result.is_ok());
        out
    });
    Ok(answer::results(&caller, &written.collect::<Vec<_>>()))
}

fn item(caller: &Caller<'_>, request: &Element) -> Result<Item, Error> {
    let Named { action, target, .. } = named(caller, request.said("quickActionName").unwrap_or_default())?;
    let started = request.said("contextId").map(|text| context(caller.call, text)).transpose()?;
    let mut records = request.all("records");
    let draft = match (records.next(), records.next()) {
        (Some(record), None) => {
            sobject::draft(caller.viewer()?.schema(), &target, record).map_err(|error| vec![error])
        }
        (None, _) => Ok(Draft::default()),
        _ => return Err(Error::not_emulated(format_args!("several records for the action {}", action.name))),
    };
    Ok(Item { action, started: started.map(|(id, _)| id), draft })
}

fn object(caller: &Caller<'_>, name: &str) -> Result<Arc<Object>, Error> {
    caller.viewer()?.schema().object(name).cloned().ok_or_else(|| Error::unknown_object(name))
}

fn named(caller: &Caller<'_>, name: &str) -> Result<Named, Error> {
    let (on, own) = match name.split_once('.') {
        Some((on, own)) => (Some(object(caller, on)?), own),
        None => (None, name),
    };
    let found = actions(caller.call, on.as_deref())?;
    let action = found.into_iter().find(|action| action.name.eq_ignore_ascii_case(own));
    let action = action.ok_or_else(Error::invalid_cross_reference)?;
    Ok(Named { target: object(caller, action.target)?, on, action })
}
