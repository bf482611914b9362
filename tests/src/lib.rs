//! The harness: scenarios in Gherkin and properties, over the mock and the engine together.
//!
//! Read [`steps`] for the vocabulary, [`world`] for what a scenario stands on, [`run`] for how scenarios run and
//! [`report`] for what comes out. Feature files are in `features/`, and QA owns them; `cargo test` runs them as ordinary
//! tests (`tests/it/`), and the `scenarios` binary runs them for people who do not write Rust.

pub mod failure;
pub mod features;
pub mod registry;
pub mod report;
pub mod requirements;
pub mod run;
pub mod steps;
pub mod story;
pub mod vocabulary;
pub mod world;
