//! What users have granted to apps: approvals, authorization codes, and refresh tokens in families.
//!
//! A family begins with one approval and has one valid refresh token at a time. With rotation each use replaces it; a token
//! that was replaced and comes again has been stolen, or its successor has, so the whole family ends
//! (`contract/oauth.md` section 5).

use compact_str::CompactString;
use imbl::Vector;

use super::{
    Access, ConnectedApp, OAuthError, RefreshPolicy, Scopes,
    pkce::{self, Challenge},
    session::{self, NewSession, open_session},
    token::{self, TokenKind},
};
use crate::{
    id::Id,
    org::Random,
    state::{State, Transaction},
    value::DateTime,
};

/// A code that was not exchanged by then is of no use. Fifteen minutes by Salesforce's help, as far as we know it.
pub const CODE_LIFETIME_MILLIS: i64 = 15 * 60_000;
/// A used or expired code is told from an invented one for so long.
const CODE_REMEMBERED_MILLIS: i64 = 24 * 3_600_000;
/// The next approval of the same user for the same app revokes the oldest refresh token.
pub const REFRESH_TOKENS_PER_USER_AND_APP: usize = 5;
/// So many replaced tokens of a family are recognised when they come again.
const REPLACED_REMEMBERED: usize = 100;

/// What a user has approved on the consent page.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct NewCode {
    pub client_id: CompactString,
    pub redirect_uri: String,
    pub user: Id,
    pub scopes: Scopes,
    pub challenge: Option<Challenge>,
    pub nonce: Option<String>,
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Code {
    what: NewCode,
    issued_at: DateTime,
    used: bool,
}

pub(super) type FamilyId = u64;

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Family {
    user: Id,
    client_id: CompactString,
    scopes: Scopes,
    created_at: DateTime,
    last_used: DateTime,
    /// The opaque part of the one token that is valid.
    current: CompactString,
    /// Oldest first.
    replaced: Vector<CompactString>,
}

impl Family {
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    fn ends_at(&self, policy: RefreshPolicy) -> Option<DateTime> {
        let after =
            |from: DateTime, seconds: u32| DateTime::from_millis(from.millis() + i64::from(seconds) * 1_000);
        match policy {
            RefreshPolicy::UntilRevoked => None,
            RefreshPolicy::Immediately => Some(self.created_at),
            RefreshPolicy::IdleFor { seconds } => Some(after(self.last_used, seconds)),
            RefreshPolicy::After { seconds } => Some(after(self.created_at, seconds)),
        }
    }
}

/// What a successful exchange gives, before a face has given it bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    pub access_token: String,
    pub refresh_token: Option<String>,
    pub user: Id,
    pub scopes: Scopes,
    pub issued_at: DateTime,
    pub nonce: Option<String>,
}

/// A refresh token that is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshInfo {
    pub user: Id,
    pub client_id: CompactString,
    pub scopes: Scopes,
    pub created_at: DateTime,
    pub expires_at: Option<DateTime>,
}

/// What the user has approved for the app so far. The consent page shows only when more is asked for.
#[must_use]
pub fn approved(state: &State, user: Id, client_id: &str) -> Option<Scopes> {
    state.access().approvals.get(&(user, client_id.into())).copied()
}

pub fn approve(tx: &mut Transaction, user: Id, client_id: &str, scopes: Scopes) {
    let approvals = &mut tx.access_mut().approvals;
    let all = approvals.entry((user, client_id.into())).or_default();
    *all = all.with(scopes);
}

/// Hands out an authorization code.
pub fn issue_code(tx: &mut Transaction, random: &Random, what: NewCode) -> String {
    let now = tx.now();
    let opaque = TokenKind::Code.opaque(random);
    let text = TokenKind::Code.compose(tx.state().settings().organization_id, &opaque);
    let codes = &mut tx.access_mut().codes;
    codes.retain(|_, code| now.millis() - code.issued_at.millis() < CODE_REMEMBERED_MILLIS);
    codes.insert(opaque, Code { what, issued_at: now, used: false });
    text
}

/// The authorization code flow's second step. A code is used up by success only.
pub fn exchange_code(
    tx: &mut Transaction,
    random: &Random,
    app: &ConnectedApp,
    code: &str,
    redirect_uri: Option<&str>,
    verifier: Option<&str>,
) -> Result<Tokens, OAuthError> {
    let now = tx.now();
    let org = tx.state().settings().organization_id;
    let opaque = token::opaque_of(code, TokenKind::Code, org).ok_or(OAuthError::CodeInvalid)?;
    let codes = &mut tx.access_mut().codes;
    let code = codes.get_mut(opaque).ok_or(OAuthError::CodeInvalid)?;
    if code.what.client_id != app.client_id {
        return Err(OAuthError::CodeInvalid);
    }
    if code.used || now.millis() - code.issued_at.millis() >= CODE_LIFETIME_MILLIS {
        return Err(OAuthError::CodeExpired);
    }
    match redirect_uri.filter(|uri| !uri.is_empty()) {
        None => return Err(OAuthError::RedirectUriMissing),
        Some(uri) if uri != code.what.redirect_uri => return Err(OAuthError::RedirectUriMismatch),
        Some(_) => {}
    }
    pkce::check(code.what.challenge.as_ref(), verifier)?;
    code.used = true;
    let what = code.what.clone();
    let offline = what.scopes.offline();
    let mut tokens = issue_tokens(tx, random, app, what.user, what.scopes, offline)?;
    tokens.nonce = what.nonce;
    Ok(tokens)
}

/// Opens a session for the app, and begins a family of refresh tokens when `offline`.
pub fn issue_tokens(
    tx: &mut Transaction,
    random: &Random,
    app: &ConnectedApp,
    user: Id,
    scopes: Scopes,
    offline: bool,
) -> Result<Tokens, OAuthError> {
    app.check_entry(tx.state(), user, tx.now())?;
    let mut new = NewSession::for_app(user, &app.client_id, scopes);
    let mut refresh_token = None;
    if offline {
        let opaque = TokenKind::Refresh.opaque(random);
        refresh_token = Some(TokenKind::Refresh.compose(tx.state().settings().organization_id, &opaque));
        new.family = Some(begin_family(tx, &new, opaque));
    }
    let access_token = open_session(tx, random, new);
    Ok(Tokens { access_token, refresh_token, user, scopes, issued_at: tx.now(), nonce: None })
}

fn begin_family(tx: &mut Transaction, of: &NewSession, opaque: CompactString) -> FamilyId {
    let now = tx.now();
    let client_id = of.client_id.clone().unwrap_or_default();
    let access = tx.access_mut();
    let same = access
        .families
        .iter()
        .filter(|(_, family)| family.user == of.user && family.client_id == client_id)
        .map(|(number, _)| *number)
        .collect::<Vec<_>>();
    let surplus = (same.len() + 1).saturating_sub(REFRESH_TOKENS_PER_USER_AND_APP);
    for number in same.into_iter().take(surplus) {
        end_family(access, number);
    }
    let number = access.next_family;
    access.next_family += 1;
    access.refresh_tokens.insert(opaque.clone(), number);
    let family = Family {
        user: of.user,
        client_id,
        scopes: of.scopes,
        created_at: now,
        last_used: now,
        current: opaque,
        replaced: Vector::new(),
    };
    access.families.insert(number, family);
    number
}

/// Ends a family: its refresh tokens and every session that came of them.
pub(super) fn end_family(access: &mut Access, number: FamilyId) {
    if let Some(family) = access.families.remove(&number) {
        access.refresh_tokens.remove(&family.current);
        for opaque in &family.replaced {
            access.refresh_tokens.remove(opaque);
        }
    }
    access.sessions.retain(|_, session| session.family != Some(number));
}

/// The refresh flow. Commit its refusal too: a replaced token that comes again ends its family.
pub fn refresh(
    tx: &mut Transaction,
    random: &Random,
    app: &ConnectedApp,
    refresh_token: &str,
) -> Result<Tokens, OAuthError> {
    let now = tx.now();
    let org = tx.state().settings().organization_id;
    let opaque =
        token::opaque_of(refresh_token, TokenKind::Refresh, org).ok_or(OAuthError::RefreshTokenExpired)?;
    let access = tx.access_mut();
    let number = *access.refresh_tokens.get(opaque).ok_or(OAuthError::RefreshTokenExpired)?;
    let family = access.families.get_mut(&number).ok_or(OAuthError::RefreshTokenExpired)?;
    if family.client_id != app.client_id {
        return Err(OAuthError::RefreshTokenExpired);
    }
    let over = family.ends_at(app.refresh_policy).is_some_and(|end| now >= end);
    if over || family.current != opaque {
        end_family(access, number);
        return Err(OAuthError::RefreshTokenExpired);
    }
    let (user, scopes) = (family.user, family.scopes);
    app.check_entry(tx.state(), user, tx.now())?;
    let refresh_token = use_up(tx, random, app, number);
    let new = NewSession { family: Some(number), ..NewSession::for_app(user, &app.client_id, scopes) };
    let access_token = open_session(tx, random, new);
    Ok(Tokens { access_token, refresh_token, user, scopes, issued_at: now, nonce: None })
}

/// Notes the use, and replaces the token where the app rotates.
fn use_up(tx: &mut Transaction, random: &Random, app: &ConnectedApp, number: FamilyId) -> Option<String> {
    let now = tx.now();
    let org = tx.state().settings().organization_id;
    let access = tx.access_mut();
    let family = access.families.get_mut(&number)?;
    family.last_used = now;
    if !app.rotate_refresh_tokens {
        return None;
    }
    let opaque = TokenKind::Refresh.opaque(random);
    family.replaced.push_back(std::mem::replace(&mut family.current, opaque.clone()));
    if family.replaced.len() > REPLACED_REMEMBERED
        && let Some(forgotten) = family.replaced.pop_front()
    {
        access.refresh_tokens.remove(&forgotten);
    }
    let text = TokenKind::Refresh.compose(org, &opaque);
    access.refresh_tokens.insert(opaque, number);
    Some(text)
}

/// Revokes an access token, or a refresh token with every session that came of it. With a user's last refresh token the
/// approval goes too: the consent page shows again.
pub fn revoke(tx: &mut Transaction, text: &str) -> Result<(), OAuthError> {
    let org = tx.state().settings().organization_id;
    if session::end_session(tx, text) {
        return Ok(());
    }
    // A token of the right kind that is none any more is told from a text that never was one.
    match token::parse(text).map(|token| token.kind) {
        Some(TokenKind::Refresh) => {}
        Some(TokenKind::Access) => return Err(OAuthError::TokenInvalid),
        _ => return Err(OAuthError::TokenTypeUnsupported),
    }
    let opaque = token::opaque_of(text, TokenKind::Refresh, org).ok_or(OAuthError::TokenInvalid)?;
    let access = tx.access_mut();
    let number = *access.refresh_tokens.get(opaque).ok_or(OAuthError::TokenInvalid)?;
    let owner = access.families.get(&number).map(|family| (family.user, family.client_id.clone()));
    end_family(access, number);
    if let Some((user, client_id)) = owner {
        let others = access.families.values().any(|other| other.user == user && other.client_id == client_id);
        if !others {
            access.approvals.remove(&(user, client_id));
        }
    }
    Ok(())
}

/// What introspection tells of a refresh token; `None` when it is of no use.
#[must_use]
pub fn look_at_refresh_token(state: &State, text: &str, now: DateTime) -> Option<RefreshInfo> {
    let access = state.access();
    let opaque = token::opaque_of(text, TokenKind::Refresh, state.settings().organization_id)?;
    let family = access.families.get(access.refresh_tokens.get(opaque)?)?;
    let policy = access.app(&family.client_id)?.refresh_policy;
    let expires_at = family.ends_at(policy);
    let good = family.current == opaque && expires_at.is_none_or(|end| now < end);
    good.then(|| RefreshInfo {
        user: family.user,
        client_id: family.client_id.clone(),
        scopes: family.scopes,
        created_at: family.created_at,
        expires_at,
    })
}
