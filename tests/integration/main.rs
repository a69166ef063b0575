//! The one integration test binary.

#[path = "../support/scripted.rs"]
mod scripted;

mod engine;
mod parity;
mod marian;
