//! What the crate makes of files: a project in an org.
#![allow(clippy::unwrap_used, reason = "a test may fail there")]

mod project;
mod rights;
mod sharing;
mod world;
