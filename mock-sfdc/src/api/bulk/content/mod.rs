//! Formats of uploads: each reads records out of the bytes that were sent, when the job comes to them.

pub mod csv;
pub mod json;
mod record;
pub mod xml;
