//! Depesche translates German news into English on this machine and proves
//! for every figure of the source what became of it.
//!
//! Data flows one way:
//! `http`/`cli` → [`document`] → [`segment`] → [`engine`] → [`figures`] →
//! [`summary`] → response; [`pipeline`] is the one file that states the order.

pub mod backoff;
pub mod cli;
pub mod config;
pub mod dispatch;
pub mod document;
pub mod docx;
pub mod engine;
pub mod error;
pub mod eval;
pub mod feed;
pub mod figures;
pub mod glossaries;
pub mod http;
pub mod jobs;
pub mod kernels;
pub mod keys;
pub mod language;
pub mod memory;
pub mod model;
pub mod pipeline;
pub mod segment;
pub mod span;
pub mod store;
pub mod summary;
pub mod telemetry;
pub mod terms;
pub mod web;
pub mod words;

pub use error::{Error, Result};
pub use span::Span;
