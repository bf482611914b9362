//! The OAuth 2.0 face (`contract/oauth.md`): one file a resource. What is granted, for how long and why not is the org's
//! (`mock_sfdc_org::access`); here stand parameters, pages and bytes.

pub mod authorize;
mod authorize_request;
mod client;
pub mod configuration;
mod cookie;
pub mod device;
pub mod error;
mod form;
pub mod front_door;
mod granted;
mod grants;
pub mod id_token;
pub mod identity;
pub mod introspect;
mod jwt;
pub mod login;
mod page;
pub(crate) mod person;
pub mod revoke;
mod script;
pub mod token;
pub mod userinfo;
mod xml;

/// What it keeps per org between requests: nothing, all of it is the org's.
#[derive(Debug, Default)]
pub struct Live {}
