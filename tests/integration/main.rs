//! The one integration test binary.

#[path = "../support/client.rs"]
mod client;
#[path = "../support/contract.rs"]
mod contract;
#[path = "../support/provider.rs"]
mod provider;
#[path = "../support/scripted.rs"]
mod scripted;

mod bench;
mod cli;
mod convert;
mod deploy;
mod dispatch;
mod engine;
mod feeds;
mod http;
mod long_run;
mod marian;
mod parity;
mod remote;
mod smoke;
mod watch;
