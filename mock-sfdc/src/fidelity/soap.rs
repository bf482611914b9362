use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "Texts of `UNSUPPORTED_API_VERSION`, `LOGIN_DURING_RESTRICTED_DOMAIN`, `ORG_LOCKED`",
        "Our own sentences",
    ),
    choice("Enterprise `serverUrl`", "Without the id of a package"),
];
