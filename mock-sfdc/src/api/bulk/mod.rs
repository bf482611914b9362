//! The faces of the Bulk APIs: 2.0 under REST's roof, 1.0 with a dialect of its own (`contract/bulk.md`). Jobs and what becomes of
//! them are the org's; formats of uploads and results are here.

pub mod content;
pub mod error;
pub mod formats;
pub mod one;
pub mod two;

mod records;
mod table;

use std::sync::Arc;

use mock_sfdc_org::{bulk, id::Id};

use crate::call::Call;

/// Lets the org do what a job has been given, if it does such work at once, while others are served.
async fn settle(call: &Call, job: Id) {
    let org = Arc::clone(&call.tenant.org);
    // It ends when the process does, at the latest.
    let _ = tokio::task::spawn_blocking(move || bulk::settle(&org, job)).await;
}

/// Whether the content that a request brings is in the one encoding that jobs take.
fn is_utf8(content_type: &str) -> bool {
    let charset = content_type.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    charset
        .is_none_or(|name| ["utf-8", "utf8", "us-ascii"].iter().any(|known| name.eq_ignore_ascii_case(known)))
}
