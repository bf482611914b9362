//! The signature of a token answer: who holds the app's secret can tell that the identity URL was not exchanged on the way.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// `base64(HMAC-SHA256(client_secret, id + issued_at))` (`contract/oauth.md` section 3).
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "HMAC takes keys of any length")]
pub fn signature(client_secret: &str, id: &str, issued_at: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(client_secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(id.as_bytes());
    mac.update(issued_at.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
