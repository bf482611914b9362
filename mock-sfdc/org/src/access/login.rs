//! Who may log in, with which password, and why not (`contract/oauth.md` sections 3 and 9, `contract/soap.md` section 5).

use std::net::IpAddr;

use compact_str::CompactString;
use jiff::{Timestamp, tz::TimeZone};

use super::OAuthError;
use crate::{id::Id, rules::record_types::profile_of, state::State, value::DateTime};

/// What stands in the way of a login, apart from a wrong password. A test sets it; the User record's `IsActive` is apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Restriction {
    /// An administrator has frozen the user.
    Frozen,
    /// Too many wrong passwords.
    Locked,
    /// Not from this network, or not at this hour.
    IpRestricted,
    /// Too many logins within an hour.
    RateLimited,
    /// The password is too old: it is still recognised, and good for changing it only.
    PasswordExpired,
}

/// A user's way in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Login {
    pub user: Id,
    pub username: CompactString,
    pub password: CompactString,
    /// What a program appends to the password; empty where the network is trusted and none is needed.
    pub security_token: CompactString,
    pub restriction: Option<Restriction>,
}

impl Login {
    #[must_use]
    pub fn new(user: Id, username: &str, password: &str, security_token: &str) -> Self {
        Self {
            user,
            username: username.into(),
            password: password.into(),
            security_token: security_token.into(),
            restriction: None,
        }
    }

    fn accepts(&self, door: Door, given: &str) -> bool {
        let with_token = given
            .strip_prefix(self.password.as_str())
            .is_some_and(|token| token == self.security_token.as_str());
        with_token || (door == Door::Page && given == self.password)
    }
}

/// Which way a login comes: only programs append the security token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The login page, in a browser.
    Page,
    /// The password flow, or SOAP `login`.
    Api,
}

/// Why a login is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginError {
    OrgSuspended,
    RateLimited,
    /// Unknown user, wrong password or wrong security token: a real org does not say which.
    WrongCredentials,
    InactiveUser,
    Frozen,
    Locked,
    IpRestricted,
    /// Not at this hour.
    Hours,
    PasswordExpired,
}

impl From<LoginError> for OAuthError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::OrgSuspended => Self::InactiveOrg,
            LoginError::RateLimited => Self::RateLimited,
            LoginError::InactiveUser => Self::InactiveUser,
            LoginError::IpRestricted | LoginError::Hours => Self::IpRestricted,
            LoginError::WrongCredentials
            | LoginError::Frozen
            | LoginError::Locked
            | LoginError::PasswordExpired => Self::AuthenticationFailure,
        }
    }
}

/// The user behind a username and a password (through [`Door::Api`]: password and security token in one), who may come in. That
/// the password has expired is for the caller to ask.
pub fn log_in(
    state: &State,
    username: &str,
    password: &str,
    door: Door,
    now: DateTime,
) -> Result<Id, LoginError> {
    let user = recognize(state, username, password, door)?;
    may_enter(state, user, now)?;
    Ok(user)
}

/// The user behind a username and a password, whether or not something else stands in the way.
pub fn recognize(state: &State, username: &str, password: &str, door: Door) -> Result<Id, LoginError> {
    if state.access().is_suspended() {
        return Err(LoginError::OrgSuspended);
    }
    let login = state.access().login(username).ok_or(LoginError::WrongCredentials)?;
    if login.restriction == Some(Restriction::RateLimited) {
        return Err(LoginError::RateLimited);
    }
    if !login.accepts(door, password) {
        return Err(LoginError::WrongCredentials);
    }
    Ok(login.user)
}

/// What is asked of a user in every flow, with a password or without.
pub fn may_enter(state: &State, user: Id, now: DateTime) -> Result<(), LoginError> {
    if state.access().is_suspended() {
        return Err(LoginError::OrgSuspended);
    }
    if !is_active(state, user) {
        return Err(LoginError::InactiveUser);
    }
    if is_frozen(state, user) {
        return Err(LoginError::Frozen);
    }
    if !is_at_home(state, user, now) {
        return Err(LoginError::Hours);
    }
    match state.access().login_of(user).and_then(|login| login.restriction) {
        None | Some(Restriction::PasswordExpired) => Ok(()),
        Some(Restriction::Frozen) => Err(LoginError::Frozen),
        Some(Restriction::Locked) => Err(LoginError::Locked),
        Some(Restriction::IpRestricted) => Err(LoginError::IpRestricted),
        Some(Restriction::RateLimited) => Err(LoginError::RateLimited),
    }
}

/// Whether the user's profile lets logins in from this address. An address that is not known is let in.
pub fn may_come_from(state: &State, user: Id, address: Option<IpAddr>) -> Result<(), LoginError> {
    let ranges = &state.access().permissions().login_ip_ranges;
    let (Some(address), false) = (address, ranges.is_empty()) else { return Ok(()) };
    match profile_of(state, user).and_then(|profile| ranges.get(&profile)) {
        Some(ranges) if !ranges.iter().any(|range| range.contains(address)) => Err(LoginError::IpRestricted),
        _ => Ok(()),
    }
}

/// Whether a user has to change the password first. What an app was granted before goes on.
#[must_use]
pub fn password_expired(state: &State, user: Id) -> bool {
    let login = state.access().login_of(user);
    login.is_some_and(|login| login.restriction == Some(Restriction::PasswordExpired))
}

/// Whether the User record says so. A user without a record is nobody.
#[must_use]
pub fn is_active(state: &State, user: Id) -> bool {
    state.find(user).is_some_and(|(object, record)| {
        object.field("IsActive").is_some_and(|(position, _)| record.get(position).is_true())
    })
}

/// Whether an administrator has frozen the user: `UserLogin.IsFrozen`, or a test.
#[must_use]
pub fn is_frozen(state: &State, user: Id) -> bool {
    is_frozen_by_row(state, user) || is_frozen_by_login(state, user)
}

/// Whether a row of `UserLogin` says so.
pub(super) fn is_frozen_by_row(state: &State, user: Id) -> bool {
    state.schema().object("UserLogin").is_some_and(|object| {
        let (Some((user_at, _)), Some((frozen_at, _))) = (object.field("UserId"), object.field("IsFrozen"))
        else {
            return false;
        };
        state.matching(object, user_at, &user.into()).any(|row| row.get(frozen_at).is_true())
    })
}

/// Whether a test has frozen the login.
pub(super) fn is_frozen_by_login(state: &State, user: Id) -> bool {
    state.access().login_of(user).is_some_and(|login| login.restriction == Some(Restriction::Frozen))
}

/// Whether the profile's door is open now, by the org's own time zone.
pub(super) fn is_at_home(state: &State, user: Id, now: DateTime) -> bool {
    let hours = &state.access().permissions().login_hours;
    if hours.is_empty() {
        return true;
    }
    let Some(hours) = profile_of(state, user).and_then(|profile| hours.get(&profile)) else { return true };
    let Ok(zone) = TimeZone::get(&state.settings().time_zone) else { return true };
    let Ok(moment) = Timestamp::from_millisecond(now.millis()) else { return true };
    let local = zone.to_datetime(moment);
    let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0);
    let weekday = usize::try_from(local.weekday().to_sunday_zero_offset()).unwrap_or(0);
    hours.is_open(weekday, minute)
}
