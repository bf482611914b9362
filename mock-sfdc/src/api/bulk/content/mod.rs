//! Formats of uploads: each reads records out of the bytes that were sent, when the job comes to them.

pub mod csv;
pub mod json;
pub mod limits;
mod record;
pub mod rows;
pub mod window;
pub mod xml;
