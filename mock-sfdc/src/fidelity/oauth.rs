use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice("A wrong code verifier", "`invalid_grant`, \"invalid code verifier\""),
    choice(
        "Revoking a token that is over, and a text that is none",
        "`invalid_token` \"invalid token\" for what looks like a token, else `unsupported_token_type`; with `callback` both are told \
         to the script with status 200",
    ),
    choice(
        "Where a client says who it is",
        "In the header, in the form, or in both, which must not differ (`invalid_client`); a Basic header that cannot be read is \
         `invalid_basic_auth_header`",
    ),
    choice("A body that does not say that it is a form", "Has no parameters: `unsupported_grant_type`"),
    choice(
        "Parameters of identity URL, userinfo and introspection",
        "Unknown ones and unknown formats are refused, as is an introspection without a token (`invalid_request`)",
    ),
    choice(
        "A session without the scope `api`",
        "SOAP and Bulk 1.0 say \"This session is not valid for use with the API\"",
    ),
    choice("A locked or frozen user", "`invalid_grant`, \"authentication failure\"; SOAP: `INVALID_LOGIN`"),
    choice(
        "An expired password",
        "SOAP `login` answers `passwordExpired` and a session that changes the password, asks who it is, or ends; all else with it is \
         `INVALID_OPERATION_WITH_EXPIRED_PASSWORD`. The password flow is `invalid_grant`, \"authentication failure\"; what an app was \
         granted before goes on",
    ),
    choice("The login rate limit", "400 `rate_limit_exceeded`; SOAP: `INVALID_LOGIN`"),
    choice(
        "A missing security token",
        "\"authentication failure\"; a user without one comes from a trusted network",
    ),
    choice("Using a code twice", "`invalid_grant`; the tokens of the first use live on"),
    choice("How long an authorization code lives", "15 minutes"),
    choice("Status of the error pages of authorize", "400"),
    choice("`token_format` and `api_instance_url`", "In every token answer"),
    choice("XML answers", "Roots `<OAuth>` and `<user>`"),
    choice("`utcOffset`", "Without daylight saving"),
    choice(
        "Host of identity URLs",
        "Behind Salesforce's own host names `login.` or `test.salesforce.com`, else the host of the request",
    ),
    choice("A My Domain name that no org has", "The default org answers"),
    choice(
        "How far ahead a JWT may end",
        "Not limited: the Salesforce CLI sends milliseconds as seconds, and is let in",
    ),
    choice(
        "JWT of an unknown user, at the wrong login host, or without a certificate in the app",
        "`invalid_grant`: \"user hasn't approved this consumer\", the same, \"invalid assertion\"",
    ),
    choice(
        "Texts of the device flow",
        "`authorization_pending` \"authorization pending\", `slow_down` \"polling too frequently\", `invalid_grant` \"invalid device \
         code\" and \"expired device code\"; a code lives 10 minutes, and goes to a user of the org where the device began",
    ),
    choice(
        "Token exchange",
        "A list in the connected app stands for the Apex handler; answers as every other grant; \"invalid subject token\", \"token \
         exchange handler not found\"",
    ),
    choice("Id tokens", "Two minutes; `at_hash sub aud iss exp iat nonce` and no more; on refresh too"),
    choice(
        "A refresh token in the user-agent flow",
        "Only for an address with a scheme of its own, or `/services/oauth2/success`",
    ),
    choice(
        "Scopes of identity URL and userinfo",
        "Any of `id openid profile email address phone api full`; else 403 `Invalid_Scope`",
    ),
    choice("A session without the scope `web` at frontdoor.jsp", "The login page"),
    choice(
        "IP ranges",
        "None are checked; `ipRelaxation` of an app is held against the restriction `ipRestricted` of a login",
    ),
];
