//! `GetTopic` and `GetSchema`.

use std::sync::Arc;

use mock_sfdc_org::{
    access::permissions::Right,
    schema::Object,
    streaming::{self, Address, EventSchema},
};

use super::{
    caller::Caller,
    status::Refusal,
    wire::{SchemaInfo, SchemaRequest, TopicInfo, TopicRequest},
};
use crate::api::event_schema;

/// A topic by its name: platform events and change events have some, push topics and generic channels have not.
pub fn address(caller: &Caller, topic: &str) -> Result<Address, Refusal> {
    if topic.is_empty() {
        return Err(Refusal::TopicEmpty { publishing: false });
    }
    let unknown = || Refusal::TopicNotFound(topic.to_owned());
    let address = Address::parse(topic).map_err(|_| unknown())?;
    if !topic.starts_with("/event/") && !topic.starts_with("/data/") {
        return Err(unknown());
    }
    streaming::may_subscribe(&caller.state(), &address)
        .map_err(|refused| Refusal::of_topic(refused, topic))?;
    Ok(address)
}

/// The object whose events the topic has, where they are those of one object.
pub fn object(caller: &Caller, topic: &str) -> Option<Arc<Object>> {
    streaming::object_of(&caller.state(), topic).cloned()
}

pub fn get_topic(caller: &Caller, request: TopicRequest) -> Result<TopicInfo, Refusal> {
    let TopicRequest { topic_name } = request;
    let address = address(caller, &topic_name)?;
    let (state, viewer) = (caller.state(), caller.viewer());
    let object = object(caller, &topic_name);
    let can_subscribe = streaming::may_hear(&state, &address, &viewer).is_ok();
    let can_publish = object
        .as_ref()
        .is_some_and(|object| object.is_platform_event() && viewer.allows(object.index, Right::Create));
    if !can_subscribe && !can_publish {
        return Err(Refusal::TopicForbidden(topic_name));
    }
    let schema = object.and_then(|object| EventSchema::of(state.schema(), &object));
    Ok(TopicInfo {
        tenant_guid: format!("core/prod/{}", state.settings().organization_id),
        can_publish,
        can_subscribe,
        // Channels of several objects have as many schemas: each event names its own.
        schema_id: schema.map(|schema| schema.id).unwrap_or_default(),
        rpc_id: caller.rpc_id.clone(),
        topic_name,
    })
}

pub fn get_schema(caller: &Caller, request: &SchemaRequest) -> Result<SchemaInfo, Refusal> {
    if request.schema_id.is_empty() {
        return Err(Refusal::SchemaEmpty);
    }
    let found = streaming::find_schema(&caller.state(), &request.schema_id);
    let schema = found.ok_or_else(|| Refusal::SchemaNotFound(request.schema_id.clone()))?;
    Ok(SchemaInfo {
        schema_json: event_schema::compact(&schema).to_string(),
        schema_id: schema.id.clone(),
        rpc_id: caller.rpc_id.clone(),
    })
}
