//! Tests over the wire: what any HTTP client sees.
#![allow(clippy::unwrap_used, reason = "a test may fail there")]

mod layers;

/// A plain client. It speaks no TLS here, but wants a provider of it all the same.
fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
