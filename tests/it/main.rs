//! The one test binary: scenarios by folder, and properties.

mod engine_client;
mod vocabulary;
