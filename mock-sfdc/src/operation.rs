//! THE operation table: every wire operation by name. Faults, journal, limits and the table of real clients are keyed by that name, the
//! routes are built from it, and what Salesforce has but this mock does not emulate stands in it as well, to be refused by name.

use std::pin::Pin;

use crate::{
    api::{bulk, control, oauth, pubsub, rest, soap, streaming},
    call::{Answer, Call},
};

/// Which dialect answers, errors included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Rest,
    OAuth,
    Streaming,
    Soap,
    /// Bulk API 1.0; 2.0 is REST.
    Bulk,
    PubSub,
    Control,
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody; the handler may look for a session itself.
    Public,
    /// Whoever shows a valid session id.
    Session,
    /// Whoever shows the control token of this process.
    ControlToken,
}

/// The HTTP method of a row; `GET` answers `HEAD` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Any,
}

impl Verb {
    /// As a list shows it; `any` is for what is refused whatever the method.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Any => "any",
        }
    }
}

pub type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// What answers: most do so at once, a few (held connections) wait for something.
#[derive(Debug, Clone, Copy)]
pub enum Handler {
    Now(fn(&Call) -> Answer),
    Later(for<'a> fn(&'a Call) -> Answering<'a>),
}

/// One row of the table.
#[derive(Debug)]
pub struct Operation {
    pub name: &'static str,
    pub verb: Verb,
    /// `{name}` is one segment, percent-decoded; `{*rest}` at the end is the rest, be it empty.
    pub path: &'static str,
    pub face: Face,
    pub access: Access,
    /// The query parameters that it knows; `*` knows any.
    pub params: &'static [&'static str],
    pub handler: Handler,
}

impl Operation {
    /// Whether a request counts against the org's API requests (`contract/rest.md` section 1); a login does not.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        matches!(self.face, Face::Rest | Face::Soap | Face::Bulk) && self.access == Access::Session
    }

    /// What it reads of a body at most; a form of files may be larger than a text.
    #[must_use]
    pub fn most_body(&self, is_form: bool) -> usize {
        let usual = match self.face {
            Face::Control => MAX_CONTROL_BODY,
            _ if is_form && FORMS.contains(&self.name) => MAX_FORM,
            _ => MAX_BODY,
        };
        LARGE_BODIES.iter().find(|(name, _)| *name == self.name).map_or(usual, |(_, most)| *most)
    }

    /// Whether its body is data that may be too large for memory.
    #[must_use]
    pub fn takes_uploads(&self) -> bool {
        LARGE_BODIES.iter().any(|(name, _)| *name == self.name)
    }

    /// Whether it stands in the table only to be refused by name.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let refusals = [refused as fn(&Call) -> Answer, soap::unknown];
        matches!(self.handler, Handler::Now(handler) if refusals.iter().any(|known| std::ptr::fn_addr_eq(handler, *known)))
    }

    /// The row of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }
}

/// The largest request of REST and of SOAP, files in base64 included, but for [`LARGE_BODIES`] and forms.
pub const MAX_BODY: usize = 50 * 1024 * 1024;

/// The largest form that brings files.
const MAX_FORM: usize = 500 * 1024 * 1024;

/// What may come as a form.
const FORMS: [&str; 5] = [
    "rest.sobject.create",
    "rest.sobject.update",
    "rest.sobject.upsert",
    "rest.collections.create",
    "rest.collections.update",
];

/// The control API takes whole orgs.
pub const MAX_CONTROL_BODY: usize = 1024 * 1024 * 1024;

/// Uploads of data: 150 MB a job of 2.0, ten million characters a batch of 1.0.
const LARGE_BODIES: &[(&str, usize)] =
    &[("bulk2.ingest.upload", 150 * 1024 * 1024), ("bulk1.batch.create", 40 * 1024 * 1024)];

macro_rules! handler {
    (now $handler:path) => {
        Handler::Now($handler)
    };
    (later $handler:path) => {
        Handler::Later(|call| Box::pin($handler(call)))
    };
}

macro_rules! operations {
    ($($face:ident { $($name:literal $verb:ident $path:literal $access:ident $pace:ident $handler:path, [$($param:literal),*];)* })*) => {
        pub static OPERATIONS: &[Operation] = &[$($(Operation {
            name: $name,
            verb: Verb::$verb,
            path: $path,
            face: Face::$face,
            access: Access::$access,
            params: &[$($param),*],
            handler: handler!($pace $handler),
        }),*),*];
    };
}

use crate::api::not_emulated as refused;

operations! {
    // `now` answers at once, `later` may wait.
    Rest {
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
    "bulk2.ingest.list"           Get    "/services/data/{version}/jobs/ingest"                  Session now bulk::two::ingest::all, ["isPkChunkingEnabled", "jobType", "concurrencyMode", "queryLocator"];
    "bulk2.ingest.create"         Post   "/services/data/{version}/jobs/ingest"                  Session later bulk::two::ingest::create, [];
    "bulk2.ingest.get"            Get    "/services/data/{version}/jobs/ingest/{job}"            Session now bulk::two::ingest::get, [];
    "bulk2.ingest.change"         Patch  "/services/data/{version}/jobs/ingest/{job}"            Session later bulk::two::ingest::change, [];
    "bulk2.ingest.delete"         Delete "/services/data/{version}/jobs/ingest/{job}"            Session now bulk::two::ingest::delete, [];
    "bulk2.ingest.upload"         Put    "/services/data/{version}/jobs/ingest/{job}/batches"    Session now bulk::two::ingest::upload, [];
    "bulk2.ingest.successful"     Get    "/services/data/{version}/jobs/ingest/{job}/successfulResults" Session now bulk::two::results::successful, [];
    "bulk2.ingest.failed"         Get    "/services/data/{version}/jobs/ingest/{job}/failedResults" Session now bulk::two::results::failed, [];
    "bulk2.ingest.unprocessed"    Get    "/services/data/{version}/jobs/ingest/{job}/unprocessedrecords" Session now bulk::two::results::unprocessed, [];
    "bulk2.ingest.unprocessed.camel" Get "/services/data/{version}/jobs/ingest/{job}/unprocessedRecords" Session now bulk::two::results::unprocessed, [];
    "bulk2.query.list"            Get    "/services/data/{version}/jobs/query"                   Session now bulk::two::ingest::all, ["isPkChunkingEnabled", "jobType", "concurrencyMode", "queryLocator"];
    "bulk2.query.create"          Post   "/services/data/{version}/jobs/query"                   Session later bulk::two::query::create, [];
    "bulk2.query.get"             Get    "/services/data/{version}/jobs/query/{job}"             Session now bulk::two::query::get, [];
    "bulk2.query.change"          Patch  "/services/data/{version}/jobs/query/{job}"             Session now bulk::two::query::change, [];
    "bulk2.query.delete"          Delete "/services/data/{version}/jobs/query/{job}"             Session now bulk::two::query::delete, [];
    "bulk2.query.results"         Get    "/services/data/{version}/jobs/query/{job}/results"     Session now bulk::two::pages::results, ["locator", "maxRecords"];
    "bulk2.query.resultPages"     Get    "/services/data/{version}/jobs/query/{job}/resultPages" Session now bulk::two::pages::list, ["locator"];
    "bulk2.query.resultPages.lower" Get  "/services/data/{version}/jobs/query/{job}/resultpages" Session now bulk::two::pages::list, ["locator"];
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
    "rest.ui-api.record"          Get    "/services/data/{version}/ui-api/records/{id}"          Session now rest::ui_records::get, ["fields", "optionalFields", "layoutTypes", "modes"];
    "rest.ui-api.record.create"   Post   "/services/data/{version}/ui-api/records"               Session now rest::ui_records::create, [];
    "rest.ui-api.record.update"   Patch  "/services/data/{version}/ui-api/records/{id}"          Session now rest::ui_records::update, [];
    "rest.ui-api.record.delete"   Delete "/services/data/{version}/ui-api/records/{id}"          Session now rest::ui_records::delete, [];
    "rest.ui-api.object-info"     Get    "/services/data/{version}/ui-api/object-info/{object}"  Session now rest::ui_object_info::get, [];
    "rest.ui-api"                 Any    "/services/data/{version}/ui-api/{*rest}"               Session now refused, ["*"];
    "rest.wave"                   Any    "/services/data/{version}/wave/{*rest}"                 Session now refused, ["*"];
    "rest.support"                Any    "/services/data/{version}/support/{*rest}"              Session now refused, ["*"];
    "rest.licensing"              Any    "/services/data/{version}/licensing/{*rest}"            Session now refused, ["*"];
    "rest.graphql"                Any    "/services/data/{version}/graphql"                      Session now refused, ["*"];
    "apex.rest"                   Any    "/services/apexrest/{*rest}"                            Public  now refused, ["*"];
    }
    OAuth {
    "oauth.authorize"             Any    "/services/oauth2/authorize"                           Public  now oauth::authorize::authorize, ["*"];
    "oauth.token"                 Any    "/services/oauth2/token"                               Public  now oauth::token::token, ["*"];
    "oauth.revoke.get"            Get    "/services/oauth2/revoke"                              Public  now oauth::revoke::revoke, ["*"];
    "oauth.revoke"                Post   "/services/oauth2/revoke"                              Public  now oauth::revoke::revoke, ["*"];
    "oauth.introspect"            Any    "/services/oauth2/introspect"                          Public  now oauth::introspect::introspect, ["*"];
    "oauth.userinfo"              Get    "/services/oauth2/userinfo"                            Public  now oauth::userinfo::userinfo, ["*"];
    "oauth.userinfo.post"         Post   "/services/oauth2/userinfo"                            Public  now oauth::userinfo::userinfo, ["*"];
    "oauth.identity"              Get    "/id/{organization}/{user}"                            Public  now oauth::identity::identity, ["*"];
    "oauth.identity.post"         Post   "/id/{organization}/{user}"                            Public  now oauth::identity::identity, ["*"];
    "oauth.configuration"         Get    "/.well-known/openid-configuration"                    Public  now oauth::configuration::configuration, [];
    "oauth.login_page"            Get    "/login"                                               Public  now oauth::login::show, ["startURL", "un"];
    "oauth.login"                 Post   "/login"                                               Public  now oauth::login::submit, [];
    "oauth.consent"               Post   "/setup/secur/RemoteAccessAuthorizationPage.apexp"     Public  now oauth::authorize::decide, [];
    "oauth.success"               Get    "/services/oauth2/success"                             Public  now oauth::authorize::success, [];
    "oauth.connect"               Get    "/setup/connect"                                       Public  now oauth::device::connect, ["user_code"];
    "oauth.connect.post"          Post   "/setup/connect"                                       Public  now oauth::device::connect, [];
    "oauth.singleaccess"          Get    "/services/oauth2/singleaccess"                        Public  now oauth::front_door::single_access, ["*"];
    "oauth.singleaccess.post"     Post   "/services/oauth2/singleaccess"                        Public  now oauth::front_door::single_access, ["*"];
    "oauth.frontdoor"             Get    "/secur/frontdoor.jsp"                                 Public  now oauth::front_door::enter, ["*"];
    "oauth.frontdoor.post"        Post   "/secur/frontdoor.jsp"                                 Public  now oauth::front_door::enter, ["*"];
    "ui.lightning"                Get    "/lightning/{*rest}"                                   Public  now refused, ["*"];
    "oauth.logout"                Get    "/secur/logout.jsp"                                    Public  now oauth::front_door::leave, ["*"];
    "oauth.keys"                  Get    "/id/keys"                                             Public  now oauth::id_token::keys, [];
    "oauth.more"                  Any    "/services/oauth2/{*rest}"                             Public  now refused, ["*"];
    }
    Streaming {
    "streaming.cometd"            Any    "/cometd/{apiversion}"                                  Public  later streaming::cometd, [];
    "streaming.cometd.bare"       Any    "/cometd"                                               Public  later streaming::cometd, [];
    "streaming.handshake"         Any    "/cometd/{apiversion}/handshake"                        Public  later streaming::cometd, [];
    "streaming.connect"           Any    "/cometd/{apiversion}/connect"                          Public  later streaming::cometd, [];
    "streaming.subscribe"         Any    "/cometd/{apiversion}/subscribe"                        Public  later streaming::cometd, [];
    "streaming.unsubscribe"       Any    "/cometd/{apiversion}/unsubscribe"                      Public  later streaming::cometd, [];
    "streaming.disconnect"        Any    "/cometd/{apiversion}/disconnect"                       Public  later streaming::cometd, [];
    }
    Soap {
    // One address for all: which operation is meant stands in the body (`api/soap/mod.rs`).
    "soap.wsdl.partner"                       Get  "/services/wsdl/partner"                    Public  now soap::wsdl::partner, ["version"];
    "soap.wsdl.enterprise"                    Get  "/services/wsdl/enterprise"                 Public  now soap::wsdl::enterprise, ["version"];
    "soap"                                    Any  "/services/Soap/{*rest}"                    Public  now soap::unknown, ["*"];
    "soap.unknown"                            Any  "/services/Soap/{api}/{apiversion}/{*rest}" Public  now soap::unknown, ["*"];
    "soap.login"                              Post "/services/Soap/{api}/{apiversion}/{*rest}" Public  now soap::login::login, ["*"];
    "soap.logout"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::session::logout, ["*"];
    "soap.getUserInfo"                        Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::session::get_user_info, ["*"];
    "soap.getServerTimestamp"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::session::get_server_timestamp, ["*"];
    "soap.setPassword"                        Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::password::set, ["*"];
    "soap.changeOwnPassword"                  Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::password::change_own, ["*"];
    "soap.resetPassword"                      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::password::reset, ["*"];
    "soap.query"                              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::query::query, ["*"];
    "soap.queryAll"                           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::query::query_all, ["*"];
    "soap.queryMore"                          Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::query::query_more, ["*"];
    "soap.search"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::search::search, ["*"];
    "soap.retrieve"                           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::retrieve::retrieve, ["*"];
    "soap.create"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::save::create, ["*"];
    "soap.update"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::save::update, ["*"];
    "soap.upsert"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::save::upsert, ["*"];
    "soap.delete"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::records::delete, ["*"];
    "soap.undelete"                           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::records::undelete, ["*"];
    "soap.emptyRecycleBin"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::records::empty_recycle_bin, ["*"];
    "soap.merge"                              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::merge::merge, ["*"];
    "soap.convertLead"                        Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::convert_lead::convert_lead, ["*"];
    "soap.describeGlobal"                     Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::describe::global, ["*"];
    "soap.describeSObject"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::describe::one, ["*"];
    "soap.describeSObjects"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::describe::several, ["*"];
    "soap.sendEmail"                          Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::email::send_email, ["*"];
    "soap.sendEmailMessage"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.getUpdated"                         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::replication::get_updated, ["*"];
    "soap.getDeleted"                         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::replication::get_deleted, ["*"];
    "soap.invalidateSessions"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::session::invalidate_sessions, ["*"];
    "soap.describeTabs"                       Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::tabs, ["*"];
    "soap.describeAllTabs"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::all_tabs, ["*"];
    "soap.describeLayout"                     Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::layout, ["*"];
    "soap.describeCompactLayouts"             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::compact, ["*"];
    "soap.describePrimaryCompactLayouts"      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::primary_compact, ["*"];
    "soap.describeApprovalLayout"             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::approval, ["*"];
    "soap.describeSearchLayouts"              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::search, ["*"];
    "soap.describeSearchableEntities"         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::searchable, ["*"];
    "soap.describeSearchScopeOrder"           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::scope_order, ["*"];
    "soap.describeSoftphoneLayout"            Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describePathAssistants"             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeTheme"                      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::theme, ["*"];
    "soap.describeGlobalTheme"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::global_theme, ["*"];
    "soap.describeSoqlListViews"              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeSObjectListViews"           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.executeListView"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeQuickActions"               Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeQuickActionsForRecordType"  Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeAvailableQuickActions"      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.performQuickActions"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.retrieveQuickActionTemplates"       Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.retrieveMassQuickActionTemplates"   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeAppMenu"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::app_menu, ["*"];
    "soap.describeVisualForce"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeKnowledgeSettings"          Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeDataCategoryGroups"         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "metadata.describeMetadata"               Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::describe, ["*"];
    "metadata.listMetadata"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::list, ["*"];
    "metadata.readMetadata"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::read, ["*"];
    "metadata.createMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::create, ["*"];
    "metadata.updateMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::update, ["*"];
    "metadata.upsertMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::upsert, ["*"];
    "metadata.deleteMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::delete, ["*"];
    "metadata.renameMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "metadata.describeValueType"              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "metadata.deploy"                         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::deploy::deploy, ["*"];
    "metadata.deployRecentValidation"         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::deploy::recent_validation, ["*"];
    "metadata.checkDeployStatus"              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::deploy::check, ["*"];
    "metadata.cancelDeploy"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::deploy::cancel, ["*"];
    "metadata.retrieve"                       Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::retrieve::retrieve, ["*"];
    "metadata.checkRetrieveStatus"            Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::retrieve::check, ["*"];
    "metadata.checkStatus"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::retrieve::check_status, ["*"];
    "soap.describeDataCategoryGroupStructures" Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeDataCategoryMappings"       Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeNouns"                      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.process"                            Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::process::process, ["*"];
    "soap.deleteByExample"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.findDuplicates"                     Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.findDuplicatesByIds"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.renderEmailTemplate"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.renderStoredEmailTemplate"          Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    }
    Bulk {
    "bulk1.job.create"            Post   "/services/async/{bulkversion}/job"                     Session now bulk::one::jobs::create, [];
    "bulk1.job.get"               Get    "/services/async/{bulkversion}/job/{job}"               Session now bulk::one::jobs::get, [];
    "bulk1.job.change"            Post   "/services/async/{bulkversion}/job/{job}"               Session now bulk::one::jobs::change, [];
    "bulk1.job.spec"              Any    "/services/async/{bulkversion}/job/{job}/spec"          Session now refused, [];
    "bulk1.batch.list"            Get    "/services/async/{bulkversion}/job/{job}/batch"         Session now bulk::one::batches::list, [];
    "bulk1.batch.create"          Post   "/services/async/{bulkversion}/job/{job}/batch"         Session later bulk::one::batches::create, [];
    "bulk1.batch.get"             Get    "/services/async/{bulkversion}/job/{job}/batch/{batch}" Session now bulk::one::batches::get, [];
    "bulk1.batch.request"         Get    "/services/async/{bulkversion}/job/{job}/batch/{batch}/request" Session now bulk::one::batches::request, [];
    "bulk1.batch.result"          Get    "/services/async/{bulkversion}/job/{job}/batch/{batch}/result" Session now bulk::one::results::list, [];
    "bulk1.batch.result.get"      Get    "/services/async/{bulkversion}/job/{job}/batch/{batch}/result/{result}" Session now bulk::one::results::get, [];
    "bulk1.more"                  Any    "/services/async/{*rest}"                               Session now refused, ["*"];
    }
    // gRPC on a port of its own; these are the names of its methods for faults and the journal.
    PubSub {
    "pubsub.getTopic"             Post   "/eventbus.v1.PubSub/GetTopic"                          Public  now pubsub::elsewhere, ["*"];
    "pubsub.getSchema"            Post   "/eventbus.v1.PubSub/GetSchema"                         Public  now pubsub::elsewhere, ["*"];
    "pubsub.publish"              Post   "/eventbus.v1.PubSub/Publish"                           Public  now pubsub::elsewhere, ["*"];
    "pubsub.publishStream"        Post   "/eventbus.v1.PubSub/PublishStream"                     Public  now pubsub::elsewhere, ["*"];
    "pubsub.subscribe"            Post   "/eventbus.v1.PubSub/Subscribe"                         Public  now pubsub::elsewhere, ["*"];
    "pubsub.managedSubscribe"     Post   "/eventbus.v1.PubSub/ManagedSubscribe"                  Public  now pubsub::elsewhere, ["*"];
    }
    Control {
    "control.index"               Get    "/_mock"                                                Public  now control::index, [];
    "control.ca"                  Get    "/_mock/ca.pem"                                         Public  now control::ca, [];
    "control.orgs.list"           Get    "/_mock/orgs"                                   ControlToken now control::orgs::list, [];
    "control.orgs.create"         Post   "/_mock/orgs"                                   ControlToken now control::orgs::create, [];
    "control.org.get"             Get    "/_mock/orgs/{org}"                             ControlToken now control::orgs::get, [];
    "control.org.delete"          Delete "/_mock/orgs/{org}"                             ControlToken now control::orgs::delete, [];
    "control.org.fork"            Post   "/_mock/orgs/{org}/fork"                        ControlToken now control::orgs::fork, [];
    "control.org.reset"           Post   "/_mock/orgs/{org}/reset"                       ControlToken now control::orgs::reset, [];
    "control.image.export"        Get    "/_mock/orgs/{org}/image"                       ControlToken now control::image::export, [];
    "control.image.import"        Put    "/_mock/orgs/{org}/image"                       ControlToken now control::image::import, [];
    "control.snapshots.list"      Get    "/_mock/orgs/{org}/snapshots"                   ControlToken now control::orgs::snapshots, [];
    "control.snapshots.create"    Post   "/_mock/orgs/{org}/snapshots"                   ControlToken now control::orgs::keep, [];
    "control.snapshot.delete"     Delete "/_mock/orgs/{org}/snapshots/{snapshot}"        ControlToken now control::orgs::forget, [];
    "control.snapshot.restore"    Post   "/_mock/orgs/{org}/snapshots/{snapshot}/restore" ControlToken now control::orgs::restore, [];
    "control.bulk.get"            Get    "/_mock/orgs/{org}/bulk"                        ControlToken now control::bulk::get, [];
    "control.bulk.change"         Patch  "/_mock/orgs/{org}/bulk"                        ControlToken now control::bulk::change, [];
    "control.bulk.advance"        Post   "/_mock/orgs/{org}/bulk/{job}/advance"          ControlToken now control::bulk::advance, [];
    "control.clock.get"           Get    "/_mock/orgs/{org}/clock"                       ControlToken now control::clock::get, [];
    "control.clock.set"           Put    "/_mock/orgs/{org}/clock"                       ControlToken now control::clock::set, [];
    "control.clock.advance"       Post   "/_mock/orgs/{org}/clock/advance"               ControlToken now control::clock::advance, [];
    "control.clock.freeze"        Post   "/_mock/orgs/{org}/clock/freeze"                ControlToken now control::clock::freeze, [];
    "control.clock.resume"        Post   "/_mock/orgs/{org}/clock/resume"                ControlToken now control::clock::resume, [];
    "control.faults.list"         Get    "/_mock/orgs/{org}/faults"                      ControlToken now control::faults::list, [];
    "control.faults.add"          Post   "/_mock/orgs/{org}/faults"                      ControlToken now control::faults::add, [];
    "control.faults.clear"        Delete "/_mock/orgs/{org}/faults"                      ControlToken now control::faults::clear, [];
    "control.faults.unused"       Get    "/_mock/orgs/{org}/faults/unused"               ControlToken now control::faults::unused, [];
    "control.fault.remove"        Delete "/_mock/orgs/{org}/faults/{fault}"              ControlToken now control::faults::remove, [];
    "control.journal.list"        Get    "/_mock/orgs/{org}/journal"                     ControlToken now control::journal::list, ["operation", "object", "contains", "since", "status"];
    "control.journal.clear"       Delete "/_mock/orgs/{org}/journal"                     ControlToken now control::journal::clear, [];
    "control.journal.verify"      Post   "/_mock/orgs/{org}/journal/verify"              ControlToken now control::journal::verify, [];
    "control.changes"             Get    "/_mock/orgs/{org}/changes"                     ControlToken now control::history::changes, ["since", "object", "id"];
    "control.events"              Get    "/_mock/orgs/{org}/events"                      ControlToken now control::history::events, ["channel"];
    "control.mails"               Get    "/_mock/orgs/{org}/mails"                       ControlToken now control::history::mails, [];
    "control.locks.list"          Get    "/_mock/orgs/{org}/locks"                       ControlToken now control::locks::list, [];
    "control.locks.take"          Post   "/_mock/orgs/{org}/locks"                       ControlToken now control::locks::take, [];
    "control.locks.release_all"   Delete "/_mock/orgs/{org}/locks"                       ControlToken now control::locks::release_all, [];
    "control.lock.release"        Delete "/_mock/orgs/{org}/locks/{lock}"                ControlToken now control::locks::release, [];
    "control.outbound.list"       Get    "/_mock/orgs/{org}/outbound"                    ControlToken now control::outbound::list, [];
    "control.outbound.clear"      Delete "/_mock/orgs/{org}/outbound"                    ControlToken now control::outbound::clear, [];
    "control.outbound.deliver"    Post   "/_mock/orgs/{org}/outbound/deliver"            ControlToken later control::outbound::deliver, [];
    "control.outbound.endpoints"  Put    "/_mock/orgs/{org}/outbound/endpoints"          ControlToken now control::outbound::redirect, [];
    "control.saves.get"           Get    "/_mock/orgs/{org}/saves"                       ControlToken now control::saves::get, ["record", "object", "field", "format"];
    "control.saves.keep"          Put    "/_mock/orgs/{org}/saves"                       ControlToken now control::saves::keep, [];
    "control.settings.get"        Get    "/_mock/orgs/{org}/settings"                    ControlToken now control::settings::get, [];
    "control.settings.change"     Patch  "/_mock/orgs/{org}/settings"                    ControlToken now control::settings::change, [];
    "control.streaming.get"       Get    "/_mock/orgs/{org}/streaming"                   ControlToken now control::streaming::get, [];
    "control.streaming.change"    Patch  "/_mock/orgs/{org}/streaming"                   ControlToken now control::streaming::change, [];
    "control.streaming.drop"      Delete "/_mock/orgs/{org}/streaming/clients"           ControlToken now control::streaming::drop_clients, [];
    "control.apps.list"           Get    "/_mock/orgs/{org}/connectedApps"               ControlToken now control::apps::list, [];
    "control.apps.add"            Post   "/_mock/orgs/{org}/connectedApps"               ControlToken now control::apps::add, [];
    "control.app.remove"          Delete "/_mock/orgs/{org}/connectedApps/{clientId}"    ControlToken now control::apps::remove, [];
    "control.transactions.hold"   Post   "/_mock/orgs/{org}/transactions"                ControlToken now control::transactions::hold, [];
    "control.transactions.release" Delete "/_mock/orgs/{org}/transactions/{transaction}"  ControlToken now control::transactions::release, [];
    "control.user.change"         Patch  "/_mock/orgs/{org}/users/{username}"            ControlToken now control::users::change, [];
    "control.sessions.open"       Post   "/_mock/orgs/{org}/sessions"                    ControlToken now control::settings::open_session, [];
    "control.sessions.expire"     Delete "/_mock/orgs/{org}/sessions"                    ControlToken now control::settings::expire_sessions, [];
    }
}

/// What no row answers. Salesforce asks for a session before it says that a resource does not exist.
pub static NO_RESOURCE: Operation = Operation {
    name: "rest.unknown_resource",
    verb: Verb::Any,
    path: "/services/data/{version}/{*rest}",
    face: Face::Rest,
    access: Access::Session,
    params: &["*"],
    handler: Handler::Now(rest::no_resource),
};

/// A path outside of every face.
pub static NO_PATH: Operation = Operation {
    name: "unknown_path",
    path: "/{*rest}",
    access: Access::Public,
    face: Face::Rest,
    verb: Verb::Any,
    params: &["*"],
    handler: Handler::Now(rest::no_resource),
};

/// What the control API does not have, be it the path or the method.
pub static NO_CONTROL: Operation = Operation {
    name: "control.unknown",
    path: "/_mock/{*rest}",
    access: Access::ControlToken,
    face: Face::Control,
    verb: Verb::Any,
    params: &["*"],
    handler: Handler::Now(control::nothing),
};

/// A path that is known, with a method that it does not have.
pub static NO_METHOD: Operation = Operation {
    name: "rest.unknown_method",
    path: "/{*rest}",
    access: Access::Public,
    face: Face::Rest,
    verb: Verb::Any,
    params: &["*"],
    handler: Handler::Now(rest::no_method),
};
