use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice("A wrong code verifier", "`invalid_grant`, \"invalid code verifier\""),
    choice("Revoking a token that nobody knows", "`unsupported_token_type`"),
    choice("A locked or frozen user", "`invalid_grant`, \"authentication failure\"; SOAP: `INVALID_LOGIN`"),
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
];
