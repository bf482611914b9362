//! The one test binary: scenarios by folder, and properties.

mod engine_client;
mod properties;
mod scenarios;
mod vocabulary;
