//! `logout`, `getUserInfo` and `getServerTimestamp`: what asks of the session itself (`contract/soap.md` section 6).

use mock_sfdc_org::error::Error;

use super::{
    answer::{self, Elements},
    caller::Caller,
    user_info,
};
use crate::{
    api::oauth::person::Person,
    call::{Answer, Call},
};

/// Ends the session for whoever holds it.
pub fn logout(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    if let Some(session) = &call.session {
        call.tenant.expire(session);
    }
    Ok(answer::body(&caller, &Elements::default()))
}

pub fn get_user_info(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let person = Person::find(&call.tenant, caller.user).ok_or_else(Error::soap_session_invalid)?;
    Ok(answer::result(&caller, &user_info::elements(&call.tenant, &person)))
}

pub fn get_server_timestamp(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let mut out = Elements::default();
    out.text("timestamp", &call.org().clock().now().to_zulu());
    Ok(answer::result(&caller, &out))
}
