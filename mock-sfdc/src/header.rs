//! Names of headers that requests are asked for. Each is parsed once: a request is asked for some twenty, and most of them it
//! has not.

use http::HeaderName;
pub use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, IF_MATCH, IF_UNMODIFIED_SINCE};

/// For callers whose HTTP has no PATCH.
pub static METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
pub static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
pub static PRETTY_PRINT: HeaderName = HeaderName::from_static("x-prettyprint");
/// The session id of Bulk API 1.0.
pub static SESSION: HeaderName = HeaderName::from_static("x-sfdc-session");
pub static AUTO_ASSIGN: HeaderName = HeaderName::from_static("sforce-auto-assign");
pub static CALL_OPTIONS: HeaderName = HeaderName::from_static("sforce-call-options");
pub static DUPLICATE_RULE: HeaderName = HeaderName::from_static("sforce-duplicate-rule-header");
pub static MRU: HeaderName = HeaderName::from_static("sforce-mru");
pub static QUERY_OPTIONS: HeaderName = HeaderName::from_static("sforce-query-options");
