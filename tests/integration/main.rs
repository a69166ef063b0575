//! The one integration test binary.

#[path = "../support/client.rs"]
mod client;
#[path = "../support/contract.rs"]
mod contract;
#[path = "../support/scripted.rs"]
mod scripted;

mod cli;
mod dispatch;
mod engine;
mod feeds;
mod http;
mod long_run;
mod marian;
mod parity;
mod smoke;
