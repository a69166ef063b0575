//! Depesche translates German news into English on this machine and proves
//! for every figure of the source what became of it.
//!
//! Data flows one way:
//! `http`/`cli` → [`document`] → [`segment`] → [`engine`] → [`figures`] →
//! [`summary`] → response; [`pipeline`] is the one file that states the order.

pub mod error;
pub mod kernels;
pub mod model;
pub mod span;

pub use error::{Error, Result};
pub use span::Span;
