//! What a token may be used for (`contract/oauth.md` sections 1 and 2).

use std::{fmt, str::FromStr};

macro_rules! scopes {
    ($($constant:ident $text:literal $words:literal;)*) => {
        const TABLE: &[(&str, &str)] = &[$(($text, $words)),*];

        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names count the bits, nobody sees them")]
        #[derive(Clone, Copy)]
        enum Bit { $($constant),* }

        impl Scopes {
            $(pub const $constant: Self = Self(1 << (Bit::$constant as u32));)*
        }
    };
}

/// A set of scopes. It prints as the wire wants it, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Scopes(u32);

scopes! {
    // constant          on the wire           what the consent page says
    FULL                 "full"                "Full access";
    OPENID               "openid"              "Allow access to your unique identifier";
    ID                   "id"                  "Access the identity URL service";
    PROFILE              "profile"             "Read your profile: name, language and time zone";
    EMAIL                "email"               "Read your email address";
    ADDRESS              "address"             "Read your postal address";
    PHONE                "phone"               "Read your phone number";
    API                  "api"                 "Manage user data via APIs";
    CHATTER_API          "chatter_api"         "Access Connect REST API resources";
    WEB                  "web"                 "Manage user data via Web browsers";
    VISUALFORCE          "visualforce"         "Access Visualforce applications";
    LIGHTNING            "lightning"           "Access Lightning applications";
    CONTENT              "content"             "Access content resources";
    CUSTOM_PERMISSIONS   "custom_permissions"  "Access custom permissions";
    WAVE_API             "wave_api"            "Access Analytics REST API resources";
    ECLAIR_API           "eclair_api"          "Access Analytics REST API charts geodata resources";
    PARDOT_API           "pardot_api"          "Manage Pardot services";
    REFRESH_TOKEN        "refresh_token"       "Perform requests at any time";
    OFFLINE_ACCESS       "offline_access"      "Perform requests at any time, while you are away";
}

impl Scopes {
    pub const NONE: Self = Self(0);

    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    #[must_use]
    pub const fn has(self, scope: Self) -> bool {
        self.0 & scope.0 == scope.0
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether an exchange gives a refresh token: the two names mean the same, and `full` does not include it.
    #[must_use]
    pub const fn offline(self) -> bool {
        self.has(Self::REFRESH_TOKEN) || self.has(Self::OFFLINE_ACCESS)
    }

    /// Whether a session with these scopes may call the data APIs.
    #[must_use]
    pub const fn reach_api(self) -> bool {
        self.has(Self::API) || self.has(Self::FULL)
    }

    /// Whether a session with these scopes may ask whose it is.
    #[must_use]
    pub const fn reach_identity(self) -> bool {
        let any = Self::ID.with(Self::OPENID).with(Self::PROFILE).with(Self::EMAIL);
        let any = any.with(Self::ADDRESS).with(Self::PHONE).with(Self::API).with(Self::FULL);
        self.0 & any.0 != 0
    }

    /// Whether an app that has these may ask for `wanted`.
    #[must_use]
    pub const fn cover(self, wanted: Self) -> bool {
        let all =
            if self.has(Self::FULL) { !(Self::REFRESH_TOKEN.0 | Self::OFFLINE_ACCESS.0) } else { self.0 };
        let offline = if self.offline() { Self::REFRESH_TOKEN.0 | Self::OFFLINE_ACCESS.0 } else { 0 };
        wanted.0 & !(all | offline) == 0
    }

    /// Name and plain words of each.
    pub fn iter(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        TABLE.iter().enumerate().filter(move |(at, _)| self.0 & (1 << at) != 0).map(|(_, row)| *row)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, _)) in self.iter().enumerate() {
            write!(f, "{}{name}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// A text that names a scope which nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no scope; known are {known}", known = TABLE.iter().map(|row| row.0).collect::<Vec<_>>().join(", "))]
pub struct UnknownScope(pub String);

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        text.split_whitespace().try_fold(Self::NONE, |sum, word| {
            let at =
                TABLE.iter().position(|row| row.0 == word).ok_or_else(|| UnknownScope(word.to_owned()))?;
            Ok(Self(sum.0 | 1 << at))
        })
    }
}

impl serde::Serialize for Scopes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Scopes {
    /// A text with spaces, as on the wire.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_prints_and_reads() {
        let scopes: Scopes = "refresh_token  api openid".parse().unwrap();
        assert_eq!(scopes.to_string(), "openid api refresh_token");
        assert!(scopes.offline() && scopes.reach_api());
        assert_eq!("api apis".parse::<Scopes>(), Err(UnknownScope("apis".into())));
    }

    #[test]
    fn what_an_app_covers() {
        for (own, wanted, covered) in [
            ("api", "api", true),
            ("api", "api web", false),
            ("full", "api web openid", true),
            ("full", "refresh_token", false),
            ("api refresh_token", "api offline_access", true),
            ("api", "", true),
        ] {
            let (own, wanted): (Scopes, Scopes) = (own.parse().unwrap(), wanted.parse().unwrap());
            assert_eq!(own.cover(wanted), covered, "{own} covers {wanted}");
        }
    }
}
