//! Routes for those who run the service: is it up, is it ready, how busy is it.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::json;

use super::Service;
use crate::error::Result;

/// `GET /healthz`: the process is up; says nothing of the model.
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// `GET /readyz`: the model has answered and the door is open.
///
/// # Errors
/// `not_ready` or `shutting_down` when work would be refused.
pub async fn readiness(service: web::Data<Service>) -> Result<HttpResponse> {
    service.ready()?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}

/// `GET /metrics`: counters in the text format of Prometheus.
pub async fn metrics(service: web::Data<Service>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        ))
        .body(service.metrics().render())
}
