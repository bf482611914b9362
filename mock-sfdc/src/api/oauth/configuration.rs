//! `/.well-known/openid-configuration`: the discovery document as recorded, with this server's own addresses. It names what
//! Salesforce has; what this mock does not emulate of it is refused by name where it is asked for.

use http::StatusCode;
use serde_json::json;

use crate::{
    call::{Answer, Call},
    reply::Reply,
};

pub fn configuration(call: &Call) -> Answer {
    let base = &call.base;
    let oauth = |name: &str| format!("{base}/services/oauth2/{name}");
    let document = json!({
        "issuer": base,
        "authorization_endpoint": oauth("authorize"),
        "token_endpoint": oauth("token"),
        "revocation_endpoint": oauth("revoke"),
        "userinfo_endpoint": oauth("userinfo"),
        "jwks_uri": format!("{base}/id/keys"),
        "register_endpoint": oauth("register"),
        "introspection_endpoint": oauth("introspect"),
        "scopes_supported": [
            "id", "api", "web", "full", "chatter_api", "visualforce", "refresh_token", "openid", "profile", "email",
            "address", "phone", "offline_access", "custom_permissions", "wave_api", "eclair_api",
        ],
        "response_types_supported": ["code", "token", "token id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "display_values_supported": ["page", "popup", "touch"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
        "claims_supported": [
            "active", "address", "email", "email_verified", "family_name", "given_name", "is_app_installed",
            "language", "locale", "name", "nickname", "organization_id", "phone_number", "phone_number_verified",
            "photos", "picture", "preferred_username", "profile", "sub", "updated_at", "urls", "user_id",
            "user_type", "zoneinfo",
        ],
    });
    Ok(Reply::json(StatusCode::OK, document.to_string()))
}
