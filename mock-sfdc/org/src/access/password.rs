//! Passwords: an administrator sets or resets those of others, everybody changes the own one (`contract/soap.md` section 3).

use super::{Login, Restriction};
use crate::{error::Error, id::Id, org::Random, state::Transaction};

/// What the default policy asks for: so many characters, letters and digits among them.
const LEAST_CHARACTERS: usize = 8;

/// The permission to meddle with other users.
const MANAGE_USERS: &str = "ManageUsers";

/// Gives a user this password.
pub fn set_password(tx: &mut Transaction, user: Id, password: &str) -> Result<(), Error> {
    may_change(tx, user)?;
    fits_policy(password)?;
    let login = login_of(tx, user)?;
    if login.password == password {
        return Err(Error::password_repeated());
    }
    replace(tx, login, password);
    Ok(())
}

/// The new password is not as old as the one before.
fn replace(tx: &mut Transaction, login: Login, password: &str) {
    let restriction = login.restriction.filter(|restriction| *restriction != Restriction::PasswordExpired);
    tx.access_mut().add_login(Login { password: password.into(), restriction, ..login });
}

/// Gives a user a password that the org makes up.
pub fn reset_password(tx: &mut Transaction, random: &Random, user: Id) -> Result<String, Error> {
    may_change(tx, user)?;
    let login = login_of(tx, user)?;
    // What is made up fits the policy as well.
    let password = format!("{}a1", random.text(LEAST_CHARACTERS));
    replace(tx, login, &password);
    Ok(password)
}

/// Gives the acting user another password.
pub fn change_own_password(tx: &mut Transaction, old: &str, new: &str) -> Result<(), Error> {
    let login = login_of(tx, tx.user())?;
    if login.password != old {
        return Err(Error::old_password_wrong());
    }
    set_password(tx, tx.user(), new)
}

fn may_change(tx: &Transaction, user: Id) -> Result<(), Error> {
    let allowed = user == tx.user() || tx.viewer().is_none_or(|viewer| viewer.may(MANAGE_USERS));
    if allowed { Ok(()) } else { Err(Error::insufficient_access()) }
}

fn fits_policy(password: &str) -> Result<(), Error> {
    if password.chars().count() < LEAST_CHARACTERS {
        return Err(Error::password_too_short(LEAST_CHARACTERS));
    }
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    if has(char::is_alphabetic) && has(|c| c.is_ascii_digit()) {
        Ok(())
    } else {
        Err(Error::password_too_plain())
    }
}

/// The way in of a user. Who never had a password gets one now.
fn login_of(tx: &Transaction, user: Id) -> Result<Login, Error> {
    if let Some(login) = tx.state().access().login_of(user) {
        return Ok(login.clone());
    }
    let username = tx.state().find(user).filter(|_| user.prefix() == *b"005").and_then(|(object, record)| {
        let (position, _) = object.field("Username")?;
        record.get(position).as_text().map(str::to_owned)
    });
    let username = username.ok_or_else(Error::invalid_cross_reference)?;
    Ok(Login::new(user, &username, "", ""))
}
