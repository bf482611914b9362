//! Connecting an org: the browser's side of the OAuth web server flow, and a look at what was connected.
//!
//! What connects and what is refused (editions, licences) is the product's rule, not this module's.

mod authorization;
mod inspection;

pub use authorization::{Authorization, Callback, CallbackError, Pending, challenge};
pub use inspection::{Edition, Inspection, inspect};
