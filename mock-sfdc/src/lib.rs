//! A faithful fake of Salesforce on a socket. Over the pure org core (`mock-sfdc-org`) stand the faces: REST, OAuth,
//! Streaming, and a control API for tests.
//!
//! ```no_run
//! # async fn test() -> Result<(), mock_sfdc::StartError> {
//! let mock = mock_sfdc::MockSfdc::start().await?;
//! mock.fault("rest.sobject.create").object("Lead").error("UNABLE_TO_LOCK_ROW");
//! mock.expect("rest.sobject.create").object("Lead").times(2);
//! // … point a client at mock.url(), with mock.credentials() or mock.admin_token() …
//! # Ok(())
//! # }
//! ```
//!
//! Apex triggers and record-triggered flows of the real org are closures here, at their point of the order of execution:
//!
//! ```
//! use mock_sfdc::{HookPoint, MockSfdc};
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let mock = MockSfdc::builder()
//!     .hook("Lead", HookPoint::BeforeTrigger, "LeadTrigger", |lead| {
//!         if lead.get("Rating").is_null() {
//!             lead.set("Rating", "Cold");
//!         }
//!         if lead.is_insert() && lead.get("Company").as_text() == Some("Test") {
//!             lead.add_error("No tests, please.");
//!         }
//!     })
//!     .start()
//!     .await?;
//! # let http = { let _ = rustls::crypto::ring::default_provider().install_default(); reqwest::Client::new() };
//! let leads = format!("{}/services/data/v66.0/sobjects/Lead", mock.url());
//! let test = r#"{"LastName": "Lovelace", "Company": "Test"}"#;
//! let answer = http
//!     .post(&leads)
//!     .bearer_auth(mock.admin_token())
//!     .header("content-type", "application/json")
//!     .body(test)
//!     .send()
//!     .await?;
//! assert_eq!(answer.status(), 400);
//! assert_eq!(
//!     answer.text().await?,
//!     r#"[{"message":"No tests, please.","errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","fields":[]}]"#
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! Dropping a [`MockSfdc`] with unmet expectations or unused faults fails the test, with the requests that did arrive.

pub mod api;
mod arrival;
mod builder;
pub mod call;
pub mod data;
mod driven;
pub mod faults;
pub mod fidelity;
pub mod fixtures;
mod header;
pub mod hosts;
mod http_date;
pub mod journal;
mod layers;
pub mod listen;
mod mock;
mod multipart;
pub mod operation;
pub mod orgs;
pub mod outbound;
mod proxy;
pub mod redaction;
pub mod reply;
pub mod route;
mod sending;
pub mod server;
pub mod spool;
pub mod tls;
pub mod verification;
pub mod which;
mod xml;
mod xml_text;

pub use api::pubsub;
pub use builder::{Builder, StartError};
pub use mock::{Credentials, Expecting, Failing, MockSfdc};
pub use mock_sfdc_metadata::{NotTaken, Report};
pub use mock_sfdc_org::hooks::{HookContext, HookPoint};
