//! Every refusal of the OAuth endpoints: its `error` and its `error_description`, once (`contract/oauth.md` sections 2, 3 and 6).

macro_rules! refusals {
    ($($(#[$doc:meta])* $variant:ident $error:literal $description:literal;)*) => {
        /// Why an OAuth endpoint refuses.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        pub enum OAuthError {
            $($(#[$doc])* #[error("{}: {}", $error, $description)] $variant,)*
        }

        impl OAuthError {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// `error` on the wire.
            #[must_use]
            pub const fn error(self) -> &'static str {
                match self { $(Self::$variant => $error),* }
            }

            /// `error_description` on the wire.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $description),* }
            }
        }
    };
}

refusals! {
    // variant                  error                          error_description
    AccessDenied                "access_denied"                "end-user denied authorization";
    AuthenticationFailure       "invalid_grant"                "authentication failure";
    AssertionTypeInvalid        "invalid_assertion_type"       "specified assertion type is not supported";
    AudienceInvalid             "invalid_grant"                "audience is invalid";
    AssertionExpired            "invalid_grant"                "expired authorization code";
    AssertionInvalid            "invalid_grant"                "invalid assertion";
    AuthorizationPending        "authorization_pending"        "authorization pending";
    ChallengeMethodUnknown      "invalid_request"              "code challenge method must be S256 or plain";
    ChallengeMissing            "invalid_request"              "missing required code challenge";
    BasicHeaderInvalid          "invalid_basic_auth_header"    "invalid basic authorization header";
    ClientIdInvalid             "invalid_client_id"            "client identifier invalid";
    ClientCredentialsInvalid    "invalid_client"               "invalid client credentials";
    CodeExpired                 "invalid_grant"                "expired authorization code";
    CodeInvalid                 "invalid_grant"                "invalid authorization code";
    DeviceCodeExpired           "invalid_grant"                "expired device code";
    DeviceCodeInvalid           "invalid_grant"                "invalid device code";
    GrantTypeUnsupported        "unsupported_grant_type"       "grant type not supported";
    ImmediateUnsuccessful       "immediate_unsuccessful"       "immediate unsuccessful";
    InactiveOrg                 "inactive_org"                 "org is locked, closed, or suspended";
    InactiveUser                "inactive_user"                "user is inactive";
    IpRestricted                "invalid_grant"                "ip restricted or invalid login hours";
    NoClientCredentialsUser     "invalid_grant"                "no client credentials user enabled";
    NotApproved                 "invalid_grant"                "user hasn't approved this consumer";
    NotOnThisDomain             "invalid_grant"                "request not supported on this domain";
    NotAdminApproved            "invalid_app_access"           "user is not admin approved to access this app";
    RateLimited                 "rate_limit_exceeded"          "number of logins exceeded";
    RedirectUriMismatch         "redirect_uri_mismatch"        "redirect_uri must match configuration";
    RedirectUriMissing          "redirect_uri_missing"         "redirect_uri not provided";
    RefreshTokenExpired         "invalid_grant"                "expired access/refresh token";
    ResponseTypeUnsupported     "unsupported_response_type"    "response type not supported";
    ScopeInvalid                "invalid_scope"                "requested scope is invalid, unknown, or malformed";
    SlowDown                    "slow_down"                    "polling too frequently";
    SubjectTokenInvalid         "invalid_grant"                "invalid subject token";
    TokenInvalid                "invalid_token"                "invalid token";
    TokenMissing                "invalid_request"              "missing required parameter: token";
    TokenHandlerUnknown         "invalid_request"              "token exchange handler not found";
    TokenTypeUnsupported        "unsupported_token_type"       "this token type is not supported";
    UseGet                      "invalid_request"              "must use HTTP GET";
    UsePost                     "invalid_request"              "must use HTTP POST";
    VerifierInvalid             "invalid_grant"                "invalid code verifier";
    VerifierMissing             "invalid_grant"                "code challenge given but verifier missing";
    VerifierUnexpected          "invalid_request"              "unexpected code verifier";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_are_fit_for_a_query_string() {
        for refusal in OAuthError::ALL {
            assert!(refusal.error().chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{refusal}");
            assert!(refusal.description().is_ascii() && !refusal.description().ends_with('.'), "{refusal}");
        }
    }
}
