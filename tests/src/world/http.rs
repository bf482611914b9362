//! HTTP clients of the harness. Building one takes milliseconds, so those without cookies share one: every scenario has
//! ports of its own, and connections are kept by port.

use std::sync::{LazyLock, Once};

use crate::failure::Failure;

/// The client of everybody who keeps no cookies.
pub fn shared() -> Result<reqwest::Client, Failure> {
    static SHARED: LazyLock<Result<reqwest::Client, String>> =
        LazyLock::new(|| builder().build().map_err(|error| error.to_string()));
    SHARED.clone().map_err(Failure::new)
}

/// A client with cookies of its own.
pub fn with_cookies(redirects: reqwest::redirect::Policy) -> Result<reqwest::Client, Failure> {
    Ok(builder().cookie_store(true).redirect(redirects).build()?)
}

fn builder() -> reqwest::ClientBuilder {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Another part of the process may have chosen one already; any will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    // Everything stays on this machine and unencrypted; reading the system's certificates costs more than a scenario.
    reqwest::Client::builder().no_proxy().tls_certs_only([])
}
