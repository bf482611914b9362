//! REST: records, queries, searches and composites, and whatever else stands under `/services/data`, but for the jobs of Bulk API 2.0.

use crate::api::{not_emulated as refused, rest};

use super::row::operations;

operations! {
    /// Records, queries, searches, composites.
    pub const DATA: Rest = {
    // name                       verb   path                                                    access  when handler, [query parameters]
    "rest.versions"               Get    "/services/data"                                        Public  now rest::versions::list, [];
    "rest.resources"              Get    "/services/data/{version}"                              Session now rest::versions::resources, [];
    "rest.limits"                 Get    "/services/data/{version}/limits"                       Session now rest::limits::limits, [];
    "rest.limits.recordCount"     Get    "/services/data/{version}/limits/recordCount"           Session now rest::limits::record_count, ["sObjects"];
    "rest.recent"                 Get    "/services/data/{version}/recent"                       Session now rest::recent::list, ["limit"];
    "rest.sobjects"               Get    "/services/data/{version}/sobjects"                     Session now rest::sobject::list, [];
    "rest.sobject.basic"          Get    "/services/data/{version}/sobjects/{object}"            Session now rest::sobject::basic, [];
    "rest.sobject.create"         Post   "/services/data/{version}/sobjects/{object}"            Session now rest::sobject::create, [];
    "rest.sobject.describe"       Get    "/services/data/{version}/sobjects/{object}/describe"   Session now rest::sobject::describe, [];
    "rest.sobject.layouts"        Get    "/services/data/{version}/sobjects/{object}/describe/layouts" Session now rest::layout::layouts, [];
    "rest.sobject.layout"         Get    "/services/data/{version}/sobjects/{object}/describe/layouts/{recordType}" Session now rest::layout::of_record_type, [];
    "rest.sobject.compactLayouts" Get    "/services/data/{version}/sobjects/{object}/describe/compactLayouts" Session now rest::layout::compact, [];
    "rest.sobject.approvalLayouts" Get    "/services/data/{version}/sobjects/{object}/describe/approvalLayouts" Session now rest::layout::approval, [];
    "rest.sobject.describe.more"  Any    "/services/data/{version}/sobjects/{object}/describe/{*rest}" Session now refused, ["*"];
    "rest.sobject.deleted"        Get    "/services/data/{version}/sobjects/{object}/deleted"    Session now rest::replication::deleted, ["start", "end"];
    "rest.sobject.updated"        Get    "/services/data/{version}/sobjects/{object}/updated"    Session now rest::replication::updated, ["start", "end"];
    "rest.sobject.listviews"      Get    "/services/data/{version}/sobjects/{object}/listviews"  Session now rest::list_views::list, [];
    "rest.sobject.quickActions"   Get    "/services/data/{version}/sobjects/{object}/quickActions" Session now rest::quick_actions::list, [];
    "rest.sobject.eventSchema"    Get    "/services/data/{version}/sobjects/{object}/eventSchema" Session now rest::event_schema::by_name, ["payloadFormat"];
    "rest.streamingChannel.subscribers" Get "/services/data/{version}/sobjects/StreamingChannel/{id}/push" Session now rest::streaming_channel::subscribers, [];
    "rest.streamingChannel.push"  Post   "/services/data/{version}/sobjects/StreamingChannel/{id}/push" Session now rest::streaming_channel::push, [];
    "rest.sobject.listviews.recent" Get "/services/data/{version}/sobjects/{object}/listviews/recent" Session now rest::list_views::recent, [];
    "rest.sobject.listview"       Get    "/services/data/{version}/sobjects/{object}/listviews/{view}" Session now rest::list_views::get, [];
    "rest.sobject.listview.describe" Get    "/services/data/{version}/sobjects/{object}/listviews/{view}/describe" Session now rest::list_views::describe, [];
    "rest.sobject.listview.results" Get    "/services/data/{version}/sobjects/{object}/listviews/{view}/results" Session now rest::list_views::results, ["limit", "offset"];
    "rest.sobject.quickActions.get" Get    "/services/data/{version}/sobjects/{object}/quickActions/{action}" Session now rest::quick_actions::get, [];
    "rest.sobject.quickActions.perform" Post   "/services/data/{version}/sobjects/{object}/quickActions/{action}" Session now rest::quick_actions::perform, [];
    "rest.sobject.quickActions.describe" Get    "/services/data/{version}/sobjects/{object}/quickActions/{action}/describe" Session now rest::quick_actions::describe, [];
    "rest.sobject.quickActions.defaults" Get    "/services/data/{version}/sobjects/{object}/quickActions/{action}/defaultValues" Session now rest::quick_actions::default_values, [];
    "rest.sobject.quickActions.defaults.of" Get    "/services/data/{version}/sobjects/{object}/quickActions/{action}/defaultValues/{id}" Session now rest::quick_actions::default_values, [];
    "rest.sobject.get"            Get    "/services/data/{version}/sobjects/{object}/{id}"       Session now rest::row::get, ["fields"];
    "rest.sobject.update"         Patch  "/services/data/{version}/sobjects/{object}/{id}"       Session now rest::row::update, [];
    "rest.sobject.create_by_id"   Post   "/services/data/{version}/sobjects/{object}/{id}"       Session now rest::sobject::create_by_id, [];
    "rest.sobject.delete"         Delete "/services/data/{version}/sobjects/{object}/{id}"       Session now rest::row::delete, [];
    "rest.sobject.get_by_key"     Get    "/services/data/{version}/sobjects/{object}/{field}/{value}" Session now rest::external_id::get, ["fields"];
    "rest.sobject.upsert"         Patch  "/services/data/{version}/sobjects/{object}/{field}/{value}" Session now rest::external_id::upsert, ["updateOnly"];
    "rest.sobject.delete_by_key"  Delete "/services/data/{version}/sobjects/{object}/{field}/{value}" Session now rest::external_id::delete, [];
    "rest.user.password"          Get    "/services/data/{version}/sobjects/User/{id}/password"  Session now rest::password::get, [];
    "rest.user.password.set"      Post   "/services/data/{version}/sobjects/User/{id}/password"  Session now rest::password::set, [];
    "rest.user.password.reset"    Delete "/services/data/{version}/sobjects/User/{id}/password"  Session now rest::password::reset, [];
    "rest.sobject.related"        Get    "/services/data/{version}/sobjects/{object}/{id}/{relationship}/{*rest}" Session now rest::relationship::get, ["fields"];
    "rest.sobject.related.update" Patch  "/services/data/{version}/sobjects/{object}/{id}/{relationship}/{*rest}" Session now rest::relationship::update, [];
    "rest.sobject.related.delete" Delete "/services/data/{version}/sobjects/{object}/{id}/{relationship}/{*rest}" Session now rest::relationship::delete, [];
    "rest.query"                  Get    "/services/data/{version}/query"                        Session now rest::query::query, ["q", "explain", "columns"];
    "rest.query.more"             Get    "/services/data/{version}/query/{locator}"              Session now rest::query::more, [];
    "rest.query.all"              Get    "/services/data/{version}/queryAll"                     Session now rest::query::query_all, ["q", "columns"];
    "rest.query.all.more"         Get    "/services/data/{version}/queryAll/{locator}"           Session now rest::query::more, [];
    "rest.search"                 Get    "/services/data/{version}/search"                       Session now rest::search::search, ["q"];
    "rest.search.layout"          Get    "/services/data/{version}/search/layout"                Session now rest::layout::search, ["q"];
    "rest.search.scopeOrder"      Get    "/services/data/{version}/search/scopeOrder"            Session now rest::suggestions::scope_order, [];
    "rest.search.suggestions"     Get    "/services/data/{version}/search/suggestions"           Session now rest::suggestions::suggestions, ["q", "sobject", "fields", "limit"];
    "rest.search.more"            Any    "/services/data/{version}/search/{*rest}"               Session now refused, ["*"];
    "rest.parameterizedSearch"    Get    "/services/data/{version}/parameterizedSearch"          Session now rest::search::by_parameters, ["*"];
    "rest.parameterizedSearch.post" Post "/services/data/{version}/parameterizedSearch"          Session now rest::search::by_body, [];
    "rest.composite.list"         Get    "/services/data/{version}/composite"                    Session now rest::composite::list, [];
    "rest.composite"              Post   "/services/data/{version}/composite"                    Session later rest::composite::request::send, [];
    "rest.composite.batch"        Post   "/services/data/{version}/composite/batch"              Session later rest::composite::batch::send, [];
    "rest.composite.graph"        Post   "/services/data/{version}/composite/graph"              Session later rest::composite::graph::send, [];
    "rest.composite.tree"         Post   "/services/data/{version}/composite/tree/{object}"      Session now rest::composite::tree::create, [];
    "rest.collections.create"     Post   "/services/data/{version}/composite/sobjects"           Session now rest::composite::collections::create, [];
    "rest.collections.update"     Patch  "/services/data/{version}/composite/sobjects"           Session now rest::composite::collections::update, [];
    "rest.collections.delete"     Delete "/services/data/{version}/composite/sobjects"           Session now rest::composite::collections::delete, ["ids", "allOrNone"];
    "rest.collections.retrieve"   Get    "/services/data/{version}/composite/sobjects/{object}"  Session now rest::composite::retrieve::get, ["ids", "fields"];
    "rest.collections.retrieve.post" Post "/services/data/{version}/composite/sobjects/{object}" Session now rest::composite::retrieve::post, [];
    "rest.collections.upsert"     Patch  "/services/data/{version}/composite/sobjects/{object}/{field}" Session now rest::composite::collections::upsert, [];
    "rest.composite.more"         Any    "/services/data/{version}/composite/{*rest}"            Session now refused, ["*"];
    }
}

operations! {
    /// What else there is: tooling, metadata, actions, pages.
    pub const MORE: Rest = {
    "rest.jobs"                   Any    "/services/data/{version}/jobs/{*rest}"                 Session now refused, ["*"];
    "rest.tooling.query"          Get    "/services/data/{version}/tooling/query"                Session now rest::tooling::query::query, ["q", "columns"];
    "rest.tooling.query.more"     Get    "/services/data/{version}/tooling/query/{locator}"      Session now rest::tooling::query::more, [];
    "rest.tooling.sobjects"       Get    "/services/data/{version}/tooling/sobjects"             Session now rest::tooling::list, [];
    "rest.tooling.sobject.basic"  Get    "/services/data/{version}/tooling/sobjects/{object}"    Session now rest::tooling::basic, [];
    "rest.tooling.sobject.create" Post   "/services/data/{version}/tooling/sobjects/{object}"    Session now rest::tooling::component::create, [];
    "rest.tooling.sobject.describe" Get  "/services/data/{version}/tooling/sobjects/{object}/describe" Session now rest::tooling::describe, [];
    "rest.tooling.sobject.get"    Get    "/services/data/{version}/tooling/sobjects/{object}/{id}" Session now rest::tooling::component::get, ["fields"];
    "rest.tooling.sobject.update" Patch  "/services/data/{version}/tooling/sobjects/{object}/{id}" Session now rest::tooling::component::update, [];
    "rest.tooling.sobject.delete" Delete "/services/data/{version}/tooling/sobjects/{object}/{id}" Session now rest::tooling::component::delete, [];
    "rest.tooling.executeAnonymous" Any  "/services/data/{version}/tooling/executeAnonymous"     Session now refused, ["*"];
    "rest.tooling.runTestsAsynchronous" Any "/services/data/{version}/tooling/runTestsAsynchronous" Session now refused, ["*"];
    "rest.tooling.runTestsSynchronous" Any "/services/data/{version}/tooling/runTestsSynchronous" Session now refused, ["*"];
    "rest.tooling.completions"    Any    "/services/data/{version}/tooling/completions"          Session now refused, ["*"];
    "rest.tooling.search"         Any    "/services/data/{version}/tooling/search"               Session now refused, ["*"];
    "rest.tooling.composite"      Any    "/services/data/{version}/tooling/composite/{*rest}"    Session now refused, ["*"];
    "rest.tooling"                Any    "/services/data/{version}/tooling/{*rest}"              Session now refused, ["*"];
    "rest.metadata.deploy"        Post   "/services/data/{version}/metadata/deployRequest"       Session now rest::deploy_request::start, [];
    "rest.metadata.deploy.get"    Get    "/services/data/{version}/metadata/deployRequest/{id}"  Session now rest::deploy_request::get, ["includeDetails"];
    "rest.metadata.deploy.change" Patch  "/services/data/{version}/metadata/deployRequest/{id}"  Session now rest::deploy_request::change, [];
    "rest.metadata"               Any    "/services/data/{version}/metadata/{*rest}"             Session now refused, ["*"];
    "rest.actions"                Get    "/services/data/{version}/actions"                      Session now rest::actions::index, [];
    "rest.actions.standard"       Get    "/services/data/{version}/actions/standard"             Session now rest::actions::standard, [];
    "rest.actions.standard.describe" Get    "/services/data/{version}/actions/standard/{action}"    Session now rest::actions::describe, [];
    "rest.actions.standard.invoke" Post   "/services/data/{version}/actions/standard/{action}"    Session now rest::actions::invoke, [];
    "rest.actions.custom"         Get    "/services/data/{version}/actions/custom"               Session now rest::actions::custom, [];
    "rest.actions.custom.more"    Any    "/services/data/{version}/actions/custom/{*rest}"       Session now refused, ["*"];
    "rest.quickActions"           Get    "/services/data/{version}/quickActions"                 Session now rest::quick_actions::list, [];
    "rest.quickActions.get"       Get    "/services/data/{version}/quickActions/{action}"        Session now rest::quick_actions::get, [];
    "rest.quickActions.perform"   Post   "/services/data/{version}/quickActions/{action}"        Session now rest::quick_actions::perform, [];
    "rest.quickActions.describe"  Get    "/services/data/{version}/quickActions/{action}/describe" Session now rest::quick_actions::describe, [];
    "rest.quickActions.defaults"  Get    "/services/data/{version}/quickActions/{action}/defaultValues" Session now rest::quick_actions::default_values, [];
    "rest.quickActions.defaults.of" Get    "/services/data/{version}/quickActions/{action}/defaultValues/{id}" Session now rest::quick_actions::default_values, [];
    "rest.process.rules"          Get    "/services/data/{version}/process/rules"                Session now rest::process::rules, [];
    "rest.process.rules.of"       Get    "/services/data/{version}/process/rules/{object}"       Session now rest::process::rules_of_object, [];
    "rest.process.rule"           Get    "/services/data/{version}/process/rules/{object}/{rule}" Session now rest::process::get, [];
    "rest.process.rules.trigger"  Post   "/services/data/{version}/process/rules"                Session now rest::process::trigger, [];
    "rest.process.rules.of.trigger" Post   "/services/data/{version}/process/rules/{object}"       Session now rest::process::trigger, [];
    "rest.process.rule.trigger"   Post   "/services/data/{version}/process/rules/{object}/{rule}" Session now rest::process::trigger, [];
    "rest.process.approvals"      Get    "/services/data/{version}/process/approvals"            Session now rest::process::approvals, [];
    "rest.process.approvals.submit" Post   "/services/data/{version}/process/approvals"            Session now rest::process::submit, [];
    "rest.analytics"              Any    "/services/data/{version}/analytics/{*rest}"            Session now refused, ["*"];
    "rest.eventSchema"            Get    "/services/data/{version}/event/eventSchema/{id}"       Session now rest::event_schema::by_id, ["payloadFormat"];
    "rest.event"                  Any    "/services/data/{version}/event/{*rest}"                Session now refused, ["*"];
    "rest.theme"                  Get    "/services/data/{version}/theme"                        Session now rest::appearance::theme, [];
    "rest.tabs"                   Get    "/services/data/{version}/tabs"                         Session now rest::appearance::tabs, [];
    "rest.appMenu"                Get    "/services/data/{version}/appMenu/{menu}"               Session now rest::appearance::app_menu, [];
    "rest.compactLayouts"         Get    "/services/data/{version}/compactLayouts"               Session now rest::layout::compact_of_several, ["q"];
    "rest.chatter"                Any    "/services/data/{version}/chatter/{*rest}"              Session now refused, ["*"];
    "rest.connect"                Any    "/services/data/{version}/connect/{*rest}"              Session now refused, ["*"];
    "rest.ui-api.record"          Get    "/services/data/{version}/ui-api/records/{id}"          Session now rest::ui::records::get, ["fields", "optionalFields", "layoutTypes", "modes"];
    "rest.ui-api.record.batch"    Get    "/services/data/{version}/ui-api/records/batch/{ids}"   Session now rest::ui::records::several, ["fields", "optionalFields", "layoutTypes", "modes"];
    "rest.ui-api.record.create"   Post   "/services/data/{version}/ui-api/records"               Session now rest::ui::records::create, [];
    "rest.ui-api.record.update"   Patch  "/services/data/{version}/ui-api/records/{id}"          Session now rest::ui::records::update, [];
    "rest.ui-api.record.delete"   Delete "/services/data/{version}/ui-api/records/{id}"          Session now rest::ui::records::delete, [];
    "rest.ui-api.object-info"     Get    "/services/data/{version}/ui-api/object-info/{object}"  Session now rest::ui::object_info::get, [];
    "rest.ui-api.object-info.batch" Get  "/services/data/{version}/ui-api/object-info/batch/{objects}" Session now rest::ui::object_info::several, [];
    "rest.ui-api.picklists"       Get    "/services/data/{version}/ui-api/object-info/{object}/picklist-values/{recordType}" Session now rest::ui::picklists::all, [];
    "rest.ui-api.picklist"        Get    "/services/data/{version}/ui-api/object-info/{object}/picklist-values/{recordType}/{field}" Session now rest::ui::picklists::one, [];
    "rest.ui-api.layout"          Get    "/services/data/{version}/ui-api/layout/{object}"       Session now rest::ui::layout::get, ["formFactor", "layoutType", "mode", "recordTypeId"];
    "rest.ui-api.record-ui"       Get    "/services/data/{version}/ui-api/record-ui/{ids}"       Session now rest::ui::record_ui::get, ["formFactor", "layoutTypes", "modes", "optionalFields"];
    "rest.ui-api.record-defaults.create" Get "/services/data/{version}/ui-api/record-defaults/create/{object}" Session now rest::ui::defaults::create, ["formFactor", "recordTypeId", "optionalFields"];
    "rest.ui-api.record-defaults.clone" Get "/services/data/{version}/ui-api/record-defaults/clone/{id}" Session now rest::ui::defaults::clone, ["formFactor", "recordTypeId", "optionalFields"];
    "rest.ui-api.favorites"       Any    "/services/data/{version}/ui-api/favorites"             Session now refused, ["*"];
    "rest.ui-api.related-list-records" Any "/services/data/{version}/ui-api/related-list-records/{*rest}" Session now refused, ["*"];
    "rest.ui-api.list-ui"         Any    "/services/data/{version}/ui-api/list-ui/{*rest}"       Session now refused, ["*"];
    "rest.ui-api.lookups"         Any    "/services/data/{version}/ui-api/lookups/{*rest}"       Session now refused, ["*"];
    "rest.ui-api.actions"         Any    "/services/data/{version}/ui-api/actions/{*rest}"       Session now refused, ["*"];
    "rest.ui-api"                 Any    "/services/data/{version}/ui-api/{*rest}"               Session now refused, ["*"];
    "rest.wave"                   Any    "/services/data/{version}/wave/{*rest}"                 Session now refused, ["*"];
    "rest.support"                Any    "/services/data/{version}/support/{*rest}"              Session now refused, ["*"];
    "rest.licensing"              Any    "/services/data/{version}/licensing/{*rest}"            Session now refused, ["*"];
    "rest.graphql"                Any    "/services/data/{version}/graphql"                      Session now refused, ["*"];
    "apex.rest"                   Any    "/services/apexrest/{*rest}"                            Public  now refused, ["*"];
    }
}
