//! LibreTranslate's interface, for the clients that speak it. There is one
//! translation of each text, however many alternatives are asked for.

mod answer;
pub mod files;
mod request;

use actix_web::{HttpResponse, web};
use serde_json::json;

use self::answer::{Candidate, Translated};
use self::request::{DetectRequest, TranslateRequest};
use super::Service;
use super::caller::Caller;
use super::documents::Kind;
use super::fields::Fields;
use crate::error::{Error, Result};
use crate::language;

/// `POST /translate`: a text, or each text of an array.
///
/// # Errors
/// Those of the body, the door and the pipeline.
pub async fn translate(
    service: web::Data<Service>,
    Fields(body): Fields<TranslateRequest>,
    caller: Caller,
) -> Result<HttpResponse> {
    let (order, shape) = body.into_order(service.config().max_texts)?;
    let charge = service.gate().reserve(&caller.0, order.characters())?;
    let answers = order.carry_out(&service).await?;
    let translated: usize = answers.iter().map(|answer| answer.characters).sum();
    charge.settle(translated as u64);
    Ok(HttpResponse::Ok().json(Translated::of(answers, shape)))
}

/// `POST /detect`: what a text would be taken for.
///
/// # Errors
/// Those of the body.
pub async fn detect(Fields(body): Fields<DetectRequest>) -> Result<HttpResponse> {
    let text = body.into_text()?;
    let detected = web::block(move || language::assume(&text))
        .await
        .map_err(|_| Error::Internal("naming the language was given up".into()))?;
    Ok(HttpResponse::Ok().json([Candidate::of(detected)]))
}

/// `GET /languages`: from what into what. English is listed because clients
/// look up the names of targets here, too.
pub async fn languages() -> HttpResponse {
    HttpResponse::Ok().json(json!([
        { "code": "de", "name": "German", "targets": ["en"] },
        { "code": "en", "name": "English", "targets": [] },
    ]))
}

/// `/frontend/settings`: what a frontend may offer.
pub async fn settings(service: web::Data<Service>) -> HttpResponse {
    let needs_key = service.gate().is_guarded();
    HttpResponse::Ok().json(json!({
        "apiKeys": needs_key,
        "charLimit": -1,
        "filesTranslation": true,
        "frontendTimeout": 500,
        "keyRequired": needs_key,
        "language": {
            "source": { "code": "de", "name": "German" },
            "target": { "code": "en", "name": "English" },
        },
        "suggestions": false,
        "supportedFilesFormat": Kind::ENDINGS.map(|ending| format!(".{ending}")),
    }))
}

/// `GET /health`: as `/readyz`, because LibreTranslate answers nothing before
/// it has its models.
///
/// # Errors
/// `not_ready` or `shutting_down` when work would be refused.
pub async fn health(service: web::Data<Service>) -> Result<HttpResponse> {
    service.ready()?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ok" })))
}
