//! From an API session to a browser's: a one-time password, good for one look at `frontdoor.jsp` (`contract/oauth.md` section 1).

use compact_str::CompactString;

use super::session::{NewSession, SessionKind, open_session};
use crate::{id::Id, org::Random, state::Transaction, value::DateTime};

/// An offer that nobody has taken by then is void.
const LIFETIME_MILLIS: i64 = 60_000;

#[derive(Debug, Clone)]
pub(super) struct Offer {
    user: Id,
    made_at: DateTime,
}

/// A password for one login of a user in a browser.
pub fn offer_single_access(tx: &mut Transaction, random: &Random, user: Id) -> String {
    let now = tx.now();
    let password = random.text(96);
    let offers = &mut tx.access_mut().offers;
    offers.retain(|_, offer| now.millis() - offer.made_at.millis() < LIFETIME_MILLIS);
    offers.insert(password.as_str().into(), Offer { user, made_at: now });
    password
}

/// The browser's session for such a password, and whose it is; the password is used up.
pub fn take_single_access(tx: &mut Transaction, random: &Random, password: &str) -> Option<String> {
    let now = tx.now();
    let offer = tx.access_mut().offers.remove(&CompactString::from(password))?;
    let good = now.millis() - offer.made_at.millis() < LIFETIME_MILLIS
        && super::may_enter(tx.state(), offer.user, now).is_ok();
    good.then(|| open_session(tx, random, NewSession::of(offer.user, SessionKind::Browser)))
}
