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
//! Dropping a [`MockSfdc`] with unmet expectations or unused faults fails the test, with the requests that did arrive.

pub mod api;
mod builder;
pub mod call;
pub mod data;
pub mod faults;
pub mod fidelity;
pub mod fixtures;
pub mod hosts;
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
pub mod server;
pub mod tls;
pub mod verification;
pub mod which;

pub use builder::{Builder, StartError};
pub use mock::{Credentials, Expecting, Failing, MockSfdc};
pub use mock_sfdc_metadata::{NotTaken, Report};
