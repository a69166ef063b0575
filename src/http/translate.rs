//! `POST /v1/translate`: one text or several, each translated on its own.

use actix_web::{HttpResponse, web};

use super::Service;
use super::caller::Caller;
use super::extract::{Json, Query};
use super::request::{TranslateRequest, WorkQuery};
use super::work;
use crate::error::Result;
use crate::pipeline::{Context, Text};

/// Answers with one translation per text, in their order.
///
/// # Errors
/// Those of the body, the door and the pipeline.
pub async fn create(
    service: web::Data<Service>,
    Query(query): Query<WorkQuery>,
    Json(body): Json<TranslateRequest>,
    caller: Caller,
) -> Result<HttpResponse> {
    let (texts, options, terms) = body.into_parts(query.strict, service.config().max_texts)?;
    let glossary = terms.look_up(&service)?;
    let charge = service
        .gate()
        .reserve(&caller.0, texts.iter().map(Text::characters).sum())?;
    let (pass, pipeline) = service.admit()?;
    let context = Context {
        glossary,
        ..service.context(None)
    };
    let translations =
        work::paid(pass, charge, pipeline.translate(texts, options, context)).await?;
    Ok(HttpResponse::Ok().json(translations))
}
