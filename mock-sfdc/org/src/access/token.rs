//! The texts that an org hands out: access tokens, authorization codes and refresh tokens.
//!
//! All three carry the org's fifteen-character id, so that a server of several orgs finds the right one. Salesforce's own
//! access tokens begin with it (`contract/oauth.md` section 1); its codes begin with `aPrx` and its refresh tokens with
//! `5Aep861`, and what follows is opaque there, so the id has its place behind these marks.
//! An org stores the opaque part only: a fork, which has another id, accepts the same secrets under its own.

use compact_str::CompactString;

use crate::{id::Id, org::Random, settings::ORGANIZATION};

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `00D<12>!<96>`: a session.
    Access,
    /// `aPrx<15><60>`: one exchange.
    Code,
    /// `aPdv<15><60>`: what a device polls with. Our own mark: nothing is known of Salesforce's.
    Device,
    /// `5Aep861<15><64>`: new access tokens.
    Refresh,
}

const CODE: &str = "aPrx";
const DEVICE: &str = "aPdv";
const REFRESH: &str = "5Aep861";
const ORG: usize = 15;

impl TokenKind {
    /// The whole token of an org, from its opaque part.
    #[must_use]
    pub fn compose(self, org: Id, opaque: &str) -> String {
        match self {
            Self::Access => format!("{}!{opaque}", org.short()),
            Self::Code => format!("{CODE}{}{opaque}", org.short()),
            Self::Device => format!("{DEVICE}{}{opaque}", org.short()),
            Self::Refresh => format!("{REFRESH}{}{opaque}", org.short()),
        }
    }

    pub(super) fn opaque(self, random: &Random) -> CompactString {
        let length = match self {
            Self::Access => 96,
            Self::Code | Self::Device => 60,
            Self::Refresh => 64,
        };
        random.text(length).into()
    }
}

/// A token taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: TokenKind,
    pub org: Id,
    pub opaque: &'a str,
}

/// Reads a token of any kind and any org; `None` for a text that no org has handed out.
#[must_use]
pub fn parse(text: &str) -> Option<Token<'_>> {
    let (kind, org, opaque) = if let Some((org, opaque)) = text.split_once('!') {
        (TokenKind::Access, org, opaque)
    } else if let Some(rest) = text.strip_prefix(CODE) {
        let (org, opaque) = rest.split_at_checked(ORG)?;
        (TokenKind::Code, org, opaque)
    } else if let Some(rest) = text.strip_prefix(DEVICE) {
        let (org, opaque) = rest.split_at_checked(ORG)?;
        (TokenKind::Device, org, opaque)
    } else {
        let (org, opaque) = text.strip_prefix(REFRESH)?.split_at_checked(ORG)?;
        (TokenKind::Refresh, org, opaque)
    };
    let org = Id::parse(org).filter(|org| org.prefix() == ORGANIZATION)?;
    (!opaque.is_empty()).then_some(Token { kind, org, opaque })
}

/// The opaque part of `text`, if it is a token of this kind from this org.
pub(super) fn opaque_of(text: &str, kind: TokenKind, org: Id) -> Option<&str> {
    parse(text).filter(|token| token.kind == kind && token.org == org).map(|token| token.opaque)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_names_its_org() {
        let org = Id::from_number(ORGANIZATION, *b"5g", 7);
        for kind in [TokenKind::Access, TokenKind::Code, TokenKind::Device, TokenKind::Refresh] {
            let text = kind.compose(org, "secret");
            assert_eq!(parse(&text), Some(Token { kind, org, opaque: "secret" }), "{text}");
        }
    }

    #[test]
    fn what_is_no_token() {
        for text in [
            "",
            "secret",
            "005000000000001!x",
            "00D5g0000000001!",
            "aPrx00D5g",
            "5Aep861",
            "aPrxüüüüüüüüüüüü",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
