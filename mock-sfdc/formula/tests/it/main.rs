//! What the formula language does, without any corpus at hand: functions, blanks, errors, limits, and that no text whatever
//! makes it panic.
#![allow(clippy::unwrap_used, reason = "a test may fail there")]

mod blanks;
mod errors;
mod functions;
mod limits;
mod saves;
mod soup;
mod world;
