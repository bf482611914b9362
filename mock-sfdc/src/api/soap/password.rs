//! `setPassword`, `resetPassword` and `changeOwnPassword` (`contract/soap.md` section 3).

use mock_sfdc_org::{access, error::Error, id::Id};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
    caller::Caller,
};
use crate::call::{Answer, Call};

pub fn set(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &["userId", "password"], "");
    let (user, password) = (user(arguments.text("userId"))?, arguments.whole_text("password"));
    call.org().transact_as(caller.user, |tx| access::set_password(tx, user, password))?;
    Ok(answer::result(&caller, &Elements::default()))
}

/// A password that the org makes up.
pub fn reset(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let user = user(Arguments::of(caller.request, &["userId"], "").text("userId"))?;
    let random = call.org().random();
    let password = call.org().transact_as(caller.user, |tx| access::reset_password(tx, random, user))?;
    let mut out = Elements::default();
    out.text("password", &password);
    Ok(answer::result(&caller, &out))
}

pub fn change_own(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let arguments = Arguments::of(caller.request, &["oldPassword", "newPassword"], "");
    let (old, new) = (arguments.whole_text("oldPassword"), arguments.whole_text("newPassword"));
    call.org().transact_as(caller.user, |tx| access::change_own_password(tx, old, new))?;
    Ok(answer::result(&caller, &Elements::default()))
}

fn user(text: &str) -> Result<Id, Error> {
    Id::parse(text).ok_or_else(|| Error::malformed_record_id(text))
}
