//! Waiting for rows that somebody holds: up to 10 seconds by the org's clock, and nobody else waits with the request. The
//! handler has another go whenever it may succeed; the last one is told what Salesforce tells.

use mock_sfdc_org::value::DateTime;

use crate::{
    call::{Answer, Call},
    operation::Handler,
};

pub async fn handle(call: &mut Call) -> Answer {
    let mut began = None;
    loop {
        let answer = match call.operation.handler {
            Handler::Now(handler) => handler(call),
            Handler::Later(handler) => handler(call).await,
        };
        let Some(rows) = call.org.blocked_by() else { return answer };
        let began = *began.get_or_insert_with(|| call.org().clock().now().millis());
        let wait = call.org().snapshot().settings().limits.row_lock_wait_millis();
        let until = DateTime::from_millis(began + wait);
        call.tenant.wait_for_rows(rows, until).await;
        let may_wait_on = call.org.clock().now() < until;
        call.org = if may_wait_on { call.tenant.attempt() } else { call.org.at_once() };
    }
}
