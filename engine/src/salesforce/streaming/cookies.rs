//! The cookies of one streaming session. Salesforce binds a session to `BAYEUX_BROWSER` and answers 400 without it.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::HeaderValue;
use url::Url;

/// A jar that can be emptied: the next handshake must not bring the lost session's cookies along.
#[derive(Debug, Default)]
pub(super) struct Cookies(Mutex<Arc<Jar>>);

impl Cookies {
    pub fn empty(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }

    fn jar(&self) -> Arc<Jar> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl CookieStore for Cookies {
    fn set_cookies(&self, headers: &mut dyn Iterator<Item = &HeaderValue>, url: &Url) {
        self.jar().set_cookies(headers, url);
    }

    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        self.jar().cookies(url)
    }
}
