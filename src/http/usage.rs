//! `GET /v1/usage`: what a key has had translated in this month.

use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use serde::Serialize;

use super::Service;
use super::caller::Caller;
use crate::keys::Usage;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Report {
    /// Absent where there are no keys: then it is everybody's usage.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// Calendar month in UTC, `2026-11`.
    month: String,
    /// Characters of source texts that were translated.
    characters: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    character_limit: Option<u64>,
    requests: u64,
    /// When the next month begins.
    resets: String,
}

/// Answers with the usage of the key that is shown, this request included.
pub async fn show(service: web::Data<Service>, caller: Caller) -> HttpResponse {
    let Usage {
        month,
        count,
        limit,
    } = service.gate().usage(&caller.0);
    let resets = Timestamp::from_millisecond(month.ends()).unwrap_or(Timestamp::MAX);
    HttpResponse::Ok().json(Report {
        key: caller.name().map(str::to_owned),
        month: month.to_string(),
        characters: count.characters,
        character_limit: limit,
        requests: count.requests,
        resets: resets.to_string(),
    })
}
