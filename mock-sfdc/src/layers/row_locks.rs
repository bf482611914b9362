//! Waiting for rows that somebody holds: up to 10 seconds by the org's clock, and nobody else waits with the request. The
//! handler has another go whenever it may succeed; the last one is told what Salesforce tells.

use mock_sfdc_org::value::DateTime;

use crate::{
    call::{Answer, Call},
    operation::Handler,
};

pub async fn handle(call: &mut Call) -> Answer {
    let began = call.org().clock().now().millis();
    loop {
        let answer = match call.operation.handler {
            Handler::Now(handler) => handler(call),
            Handler::Later(handler) => handler(call).await,
        };
        let Some(rows) = call.org.blocked_by() else { return answer };
        let wait = call.org().snapshot().settings().limits.row_lock_wait_millis();
        let until = DateTime::from_millis(began + wait);
        call.tenant.wait_for_rows(rows, until).await;
        let org = &call.tenant.org;
        call.org = if org.clock().now() < until { org.attempt() } else { org.at_once() };
    }
}
