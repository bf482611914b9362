//! The cookies of a streaming session. A real org insists on `BAYEUX_BROWSER`; whether this one does is a setting.

use http::{HeaderMap, header};

/// The cookie that ties a browser to its sessions.
pub const BROWSER: &str = "BAYEUX_BROWSER";

/// The value of a cookie that the request carries.
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// What a handshake sets. `Secure` only where the caller came by TLS: clients drop such cookies over plain HTTP.
#[must_use]
pub fn set(browser: &str, secure: bool) -> [String; 3] {
    let secure = if secure { ";Secure" } else { "" };
    [
        format!("{BROWSER}={browser};Path=/cometd/{secure}"),
        format!("t={browser};Path=/cometd/{secure};HttpOnly"),
        format!("sfdc-stream=!{browser};path=/{secure}"),
    ]
}
