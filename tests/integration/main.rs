//! The one integration test binary.

#[path = "../support/scripted.rs"]
mod scripted;

mod dispatch;
mod engine;
mod marian;
mod parity;
