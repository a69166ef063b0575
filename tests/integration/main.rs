//! The one integration test binary.

#[path = "../support/scripted.rs"]
mod scripted;

mod cli;
mod engine;
mod marian;
mod parity;
