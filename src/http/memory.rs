//! `/v1/memory`: what was translated before, for editors and their programs.

use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::Service;
use super::extract::{self, Json, Query};
use super::jobs::page_size;
use super::texts::clean;
use crate::error::{Error, Result};

/// Media type of TMX; none is registered.
const TMX: &str = "application/xml";

/// The query of `GET /v1/memory`.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemoryQuery {
    q: String,
    after: String,
    limit: usize,
}

impl Default for MemoryQuery {
    fn default() -> Self {
        MemoryQuery {
            q: String::new(),
            after: String::new(),
            limit: 50,
        }
    }
}

/// The body of `PUT /v1/memory/{id}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    target: String,
}

/// Lists entries that hold the words.
///
/// # Errors
/// [`Error::NoStore`], [`Error::Malformed`], and those of the store.
pub async fn list(
    service: web::Data<Service>,
    Query(query): Query<MemoryQuery>,
) -> Result<HttpResponse> {
    let limit = page_size(query.limit)? as usize;
    let words = clean(query.q)?;
    let after = clean(query.after)?;
    let page = service.memory()?.page(&words, &after, limit).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Answers with numbers about the memory.
///
/// # Errors
/// [`Error::NoStore`], and those of the store.
pub async fn stats(service: web::Data<Service>) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(service.memory()?.stats().await?))
}

/// Shows an entry.
///
/// # Errors
/// [`Error::NotFound`], [`Error::NoStore`], and those of the store.
pub async fn show(service: web::Data<Service>, id: web::Path<String>) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(service.memory()?.entry(&id).await?))
}

/// Puts an editor's English in the place of an entry's.
///
/// # Errors
/// As [`show`], and [`Error::Empty`] without words.
pub async fn correct(
    service: web::Data<Service>,
    id: web::Path<String>,
    Json(body): Json<Correction>,
) -> Result<HttpResponse> {
    let target = clean(body.target)?;
    Ok(HttpResponse::Ok().json(service.memory()?.correct(&id, &target).await?))
}

/// Answers with all entries as TMX.
///
/// # Errors
/// [`Error::NoStore`], and those of the store.
pub async fn export(service: web::Data<Service>) -> Result<HttpResponse> {
    let document = service.memory()?.export().await?;
    Ok(HttpResponse::Ok()
        .content_type(TMX)
        .insert_header((
            "content-disposition",
            "attachment; filename=\"depesche.tmx\"",
        ))
        .body(document))
}

/// Takes the entries of a TMX document.
///
/// # Errors
/// [`Error::UnsupportedMediaType`] unless it is sent as XML, those of the body,
/// [`Error::Malformed`] when it is no TMX, [`Error::NoStore`], and those of the
/// store.
pub async fn import(
    request: HttpRequest,
    service: web::Data<Service>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let media_type = request.content_type();
    let is_xml = ["application/xml", "text/xml", "application/x-tmx+xml"]
        .iter()
        .any(|known| media_type.eq_ignore_ascii_case(known));
    if !is_xml {
        return Err(Error::UnsupportedMediaType(
            "TMX must be sent as application/xml".into(),
        ));
    }
    let document = extract::body(&request, payload.into_inner()).await?;
    let imported = service.memory()?.import(&document).await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "imported": imported })))
}
