//! `Idempotency-Key`: a request that is sent again with the key of an earlier one is answered as that one was, and does
//! nothing (UI API records). The codes are Salesforce's (partner v66 `ExceptionCode`); the texts are ours.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use mock_sfdc_org::{error::Error, id::Id, value::DateTime};
use sha2::{Digest, Sha256};

use crate::{
    call::{Answer, Call},
    reply::Reply,
};

const MOST_CHARACTERS: usize = 255;
const KEPT_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The answers of an org, by key.
#[derive(Debug, Default)]
pub struct Answered(Mutex<BTreeMap<String, Kept>>);

#[derive(Debug)]
struct Kept {
    user: Id,
    request: [u8; 32],
    at: DateTime,
    reply: Reply,
}

/// Does `work`, unless the request has a key that was answered already.
pub fn once(call: &Call, work: impl FnOnce() -> Answer) -> Answer {
    let Some(key) = call.header("idempotency-key") else { return work() };
    let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
    if key.is_empty() || key.len() > MOST_CHARACTERS || !plain {
        return Err(Error::invalid_idempotency_key(key));
    }
    let mut request = Sha256::new();
    for part in [call.method.as_str().as_bytes(), call.uri.path().as_bytes(), &call.body[..]] {
        request.update(part);
        request.update([0]);
    }
    let request: [u8; 32] = request.finalize().into();
    let (user, now) = (call.user()?, call.org().clock().now());
    let mut known = call.tenant.rest.answered.0.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|_, kept| now.millis() - kept.at.millis() < KEPT_MILLIS);
    match known.get(key) {
        Some(kept) if kept.user != user => Err(Error::idempotency_key_of_another_user()),
        Some(kept) if kept.request != request => Err(Error::idempotency_key_used()),
        Some(kept) => Ok(kept.reply.clone()),
        None => {
            let reply = work()?;
            known.insert(key.to_owned(), Kept { user, request, at: now, reply: reply.clone() });
            Ok(reply)
        }
    }
}
