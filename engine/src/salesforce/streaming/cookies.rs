//! The cookies of one streaming session. Salesforce binds a session to `BAYEUX_BROWSER` and answers 400 without it.

use std::sync::Arc;

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use url::Url;

/// The jar of one session: the next handshake begins with an empty one. Kept here and not in the HTTP client, because
/// a client for each session would read the machine's certificates each time.
#[derive(Debug, Clone, Default)]
pub(super) struct Cookies(Arc<Jar>);

impl Cookies {
    pub fn keep(&self, headers: &HeaderMap, url: &Url) {
        self.0.set_cookies(&mut headers.get_all(SET_COOKIE).iter(), url);
    }

    pub fn header(&self, url: &Url) -> Option<HeaderValue> {
        self.0.cookies(url)
    }
}
