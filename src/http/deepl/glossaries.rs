//! Stored glossaries, as versions 2 and 3 of DeepL's interface have them: the
//! first has one pair of languages for each, the second several, of which there
//! is but German and English here. Both show the same glossaries, and everybody
//! who may use the service may use all of them.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, web};
use serde_json::json;

use super::dictionary::{
    CreateRequest, DictionaryRequest, Entries, Info, MultilingualInfo, MultilingualRequest, Pair,
    PairRequest, tsv,
};
use crate::error::{Error, Result};
use crate::glossaries::{Glossaries, Stored};
use crate::http::Service;
use crate::http::fields::Fields;
use crate::terms::Glossary;

/// `GET /v2/glossary-language-pairs`: German into English.
pub async fn pairs() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "supported_languages": [Pair::default()] }))
}

/// `POST /v2/glossaries`: stores one.
///
/// # Errors
/// Those of the body and of the store.
pub async fn create(
    service: web::Data<Service>,
    Fields(body): Fields<CreateRequest>,
) -> Result<HttpResponse> {
    let stored = stores(service, move |glossaries| {
        let (name, entries) = body.read()?;
        glossaries.create(name, Glossary::new(entries)?)
    });
    Ok(HttpResponse::Created().json(Info::of(&*stored.await?)))
}

/// `GET /v2/glossaries`.
pub async fn list(service: web::Data<Service>) -> HttpResponse {
    let glossaries = service.glossaries().list();
    let infos: Vec<Info> = glossaries.iter().map(|stored| Info::of(stored)).collect();
    HttpResponse::Ok().json(json!({ "glossaries": infos }))
}

/// `GET /v2/glossaries/{id}`.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(service: web::Data<Service>, id: web::Path<String>) -> Result<HttpResponse> {
    let stored = service.glossaries().get(&id)?;
    Ok(HttpResponse::Ok().json(Info::of(&stored)))
}

/// `GET /v2/glossaries/{id}/entries`: a term a line, a tab between German and
/// English.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn entries(service: web::Data<Service>, id: web::Path<String>) -> Result<HttpResponse> {
    let stored = service.glossaries().get(&id)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/tab-separated-values; charset=utf-8"))
        .body(tsv(&stored)))
}

/// `DELETE /v2/glossaries/{id}`, and the same of version 3.
///
/// # Errors
/// [`Error::NotFound`], those of the store.
pub async fn delete(service: web::Data<Service>, id: web::Path<String>) -> Result<HttpResponse> {
    stores(service, move |glossaries| glossaries.delete(&id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /v3/glossaries`: stores one with one dictionary, or none yet.
///
/// # Errors
/// Those of the body and of the store.
pub async fn create_multilingual(
    service: web::Data<Service>,
    Fields(body): Fields<MultilingualRequest>,
) -> Result<HttpResponse> {
    let stored = stores(service, move |glossaries| {
        let name = body.required_name()?;
        let entries = body.entries()?.unwrap_or_default();
        glossaries.create(name, Glossary::new(entries)?)
    });
    Ok(HttpResponse::Created().json(MultilingualInfo::of(&*stored.await?)))
}

/// `GET /v3/glossaries`.
pub async fn list_multilingual(service: web::Data<Service>) -> HttpResponse {
    let glossaries = service.glossaries().list();
    let infos: Vec<_> = glossaries
        .iter()
        .map(|stored| MultilingualInfo::of(stored))
        .collect();
    HttpResponse::Ok().json(json!({ "glossaries": infos }))
}

/// `GET /v3/glossaries/{id}`.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get_multilingual(
    service: web::Data<Service>,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let stored = service.glossaries().get(&id)?;
    Ok(HttpResponse::Ok().json(MultilingualInfo::of(&stored)))
}

/// `PATCH /v3/glossaries/{id}`: another name, further terms or other English for
/// terms that are there.
///
/// # Errors
/// Those of the body and of the store.
pub async fn patch_multilingual(
    service: web::Data<Service>,
    id: web::Path<String>,
    Fields(body): Fields<MultilingualRequest>,
) -> Result<HttpResponse> {
    let stored = stores(service, move |glossaries| {
        let name = body.given_name();
        let entries = body.entries()?;
        glossaries.change(&id, name, |old| {
            entries
                .map(|new| Glossary::new(super::dictionary::merged(old, new)))
                .transpose()
        })
    });
    Ok(HttpResponse::Ok().json(MultilingualInfo::of(&*stored.await?)))
}

/// `PUT /v3/glossaries/{id}/dictionaries`: other terms in the place of those
/// that are there.
///
/// # Errors
/// Those of the body and of the store.
pub async fn replace_dictionary(
    service: web::Data<Service>,
    id: web::Path<String>,
    Fields(body): Fields<DictionaryRequest>,
) -> Result<HttpResponse> {
    let stored = stores(service, move |glossaries| {
        let terms = Glossary::new(body.read()?)?;
        glossaries.change(&id, None, |_| Ok(Some(terms)))
    });
    Ok(HttpResponse::Ok().json(super::dictionary::Dictionary::of(&*stored.await?)))
}

/// `DELETE /v3/glossaries/{id}/dictionaries`: the glossary has no terms then.
///
/// # Errors
/// Those of the query and of the store; [`Error::NotFound`] when there are none.
pub async fn delete_dictionary(
    service: web::Data<Service>,
    id: web::Path<String>,
    Fields(pair): Fields<PairRequest>,
) -> Result<HttpResponse> {
    pair.check()?;
    stores(service, move |glossaries| {
        glossaries.change(&id, None, |old| {
            expect_terms(old)?;
            Ok(Some(Glossary::default()))
        })
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /v3/glossaries/{id}/entries`.
///
/// # Errors
/// Those of the query; [`Error::NotFound`] for a glossary or a dictionary that
/// there is not.
pub async fn multilingual_entries(
    service: web::Data<Service>,
    id: web::Path<String>,
    Fields(pair): Fields<PairRequest>,
) -> Result<HttpResponse> {
    pair.check()?;
    let stored = service.glossaries().get(&id)?;
    expect_terms(&stored)?;
    Ok(HttpResponse::Ok().json(json!({ "dictionaries": [Entries::of(&stored)] })))
}

fn expect_terms(stored: &Stored) -> Result<()> {
    match stored.entries().len() {
        0 => Err(Error::NotFound("dictionary of this glossary".into())),
        _ => Ok(()),
    }
}

/// Reading terms and writing files takes a while, so not on the thread that
/// speaks HTTP.
async fn stores<T: Send + 'static>(
    service: web::Data<Service>,
    work: impl FnOnce(&Glossaries) -> Result<T> + Send + 'static,
) -> Result<T> {
    web::block(move || work(service.glossaries()))
        .await
        .map_err(|_| Error::Internal("storing a glossary was given up".into()))?
}
