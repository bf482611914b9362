//! Tests over the wire: what any HTTP client sees.
#![allow(clippy::unwrap_used, reason = "a test may fail there")]

mod bodies;
mod faults;
mod layers;

use mock_sfdc::{MockSfdc, call::Session};
use mock_sfdc_org::id::Id;

const TOKEN: &str = "00D5g0000000001!token";

/// A mock that lets [`TOKEN`] in.
async fn mock() -> MockSfdc {
    let mock = MockSfdc::start().await.unwrap();
    mock.tenant().admit(Session { token: TOKEN.to_owned(), user: Id::from_number(*b"005", *b"5g", 1) });
    mock
}

/// A plain client. It speaks no TLS here, but wants a provider of it all the same.
fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
