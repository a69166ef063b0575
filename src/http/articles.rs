//! `POST /v1/articles`: a German article in, a checked English dispatch out.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::Service;
use super::caller::Caller;
use super::extract::{Json, Query};
use super::request::{ArticleQuery, ArticleRequest};
use super::sse::{self, Commission};
use super::work;
use crate::error::Result;
use crate::pipeline::Context;

/// Answers with the whole dispatch, or with its parts as they are finished.
///
/// # Errors
/// Those of the body, the door and the pipeline.
pub async fn create(
    request: HttpRequest,
    service: web::Data<Service>,
    Query(query): Query<ArticleQuery>,
    Json(body): Json<ArticleRequest>,
    caller: Caller,
) -> Result<HttpResponse> {
    let (article, options, terms) = body.into_parts(query.strict, &service).await?;
    let glossary = terms.look_up(&service)?;
    let charge = service.gate().reserve(&caller.0, article.characters())?;
    if query.stream.unwrap_or_else(|| accepts_events(&request)) {
        let commission = Commission {
            article,
            options,
            glossary,
            charge,
        };
        return sse::dispatch(&service, commission).await;
    }
    let (pass, pipeline) = service.admit()?;
    let context = Context {
        glossary,
        ..service.context(None)
    };
    let dispatch = work::paid(pass, charge, pipeline.article(article, options, context)).await?;
    Ok(HttpResponse::Ok().json(dispatch))
}

/// Whether an `Accept` header names event streams and does not rule them out.
fn accepts_events(request: &HttpRequest) -> bool {
    request
        .headers()
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let named = parts
                .next()
                .is_some_and(|media| media.eq_ignore_ascii_case(sse::MEDIA_TYPE));
            let refused =
                parts
                    .filter_map(|parameter| parameter.split_once('='))
                    .any(|(name, value)| {
                        name.trim().eq_ignore_ascii_case("q")
                            && value
                                .trim()
                                .parse::<f32>()
                                .is_ok_and(|weight| weight <= 0.0)
                    });
            named && !refused
        })
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_clients_that_name_event_streams_get_them() {
        let accepts = |value: &'static str| {
            let request = TestRequest::default()
                .insert_header((header::ACCEPT, value))
                .to_http_request();
            accepts_events(&request)
        };
        assert!(accepts("text/event-stream"));
        assert!(accepts("application/json;q=0.5, Text/Event-Stream ; q=0.9"));
        assert!(!accepts("*/*"));
        assert!(!accepts("application/json"));
        assert!(!accepts("text/event-stream;q=0, application/json"));
        assert!(!accepts_events(&TestRequest::default().to_http_request()));
    }
}
