//! `logout`, `invalidateSessions`, `getUserInfo` and `getServerTimestamp`: what asks of the session itself (`contract/soap.md` section 6).

use mock_sfdc_org::{access, error::Error};

use super::{
    answer::{self, Elements},
    arguments::Arguments,
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

/// Ends other sessions: those of the user, and with the right to manage users those of others.
pub fn invalidate_sessions(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let tokens = Arguments::of(caller.request, &[], "sessionIds").rest_texts();
    let most = caller.state().settings().limits.records_per_call();
    if tokens.len() > most {
        return Err(Error::too_many_records(most));
    }
    let now = call.org().clock().now();
    let results = caller.each(&tokens, |tx, token| {
        let found = access::look_at_session(tx.state(), token, now);
        let found = found.ok_or_else(|| vec![Error::soap_session_invalid()])?;
        let allowed = found.user == tx.user() || tx.user_may("ManageUsers");
        if !allowed {
            return Err(vec![Error::insufficient_access()]);
        }
        access::end_session(tx, token);
        Ok(())
    });
    let written: Vec<Elements> = results
        .iter()
        .map(|result| {
            let mut out = Elements::default();
            if let Err(errors) = result {
                out.errors(&caller, errors);
            }
            out.flag("success", result.is_ok());
            out
        })
        .collect();
    Ok(answer::results(&caller, &written))
}

pub fn get_user_info(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let person = Person::find(&call.tenant, caller.user).ok_or_else(Error::soap_session_invalid)?;
    Ok(answer::result(&caller, &user_info::elements(&call.tenant, &person, call.version)))
}

pub fn get_server_timestamp(call: &Call) -> Answer {
    let caller = Caller::of(call)?;
    let mut out = Elements::default();
    out.text("timestamp", &call.org().clock().now().to_zulu());
    Ok(answer::result(&caller, &out))
}
