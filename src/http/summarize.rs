//! `POST /v1/summarize`: an article in, its English summary out.

use actix_web::{HttpResponse, web};

use super::Service;
use super::caller::Caller;
use super::extract::{Json, Query};
use super::request::{ArticleRequest, SummaryQuery};
use super::work;
use crate::dispatch::SourceLanguage;
use crate::error::Result;
use crate::pipeline::{Context, summarize_english};

/// Answers with the summary and the figures of its sentences. The whole article
/// is translated for it: only what is translated and checked can be chosen. An
/// English one is summarised as it is.
///
/// # Errors
/// Those of the body, the door and the pipeline.
pub async fn create(
    service: web::Data<Service>,
    Query(query): Query<SummaryQuery>,
    Json(body): Json<ArticleRequest>,
    caller: Caller,
) -> Result<HttpResponse> {
    let (article, options, terms) = body.into_parts(query.strict, &service).await?;
    let glossary = terms.look_up(&service)?;
    let charge = service.gate().reserve(&caller.0, article.characters())?;
    let (pass, pipeline) = service.admit()?;
    if query.language == SourceLanguage::English {
        let summarized = work::run(pass, summarize_english(article, options)).await?;
        return Ok(HttpResponse::Ok().json(summarized));
    }
    let context = Context {
        glossary,
        ..service.context(None)
    };
    let summarized =
        work::paid(pass, charge, pipeline.summarize(article, options, context)).await?;
    Ok(HttpResponse::Ok().json(summarized))
}
