//! The Salesforce client against a server that answers recorded bytes: what goes over the wire, and what comes of it.
//!
//! The stub knows no Salesforce. Its answers are retyped from the recordings that the contract cites.

#![allow(clippy::unwrap_used, reason = "a test crate: a panic is the report")]

mod connection;
mod repeat;
mod rest;
mod session;
mod streaming;
mod stub;
mod world;
