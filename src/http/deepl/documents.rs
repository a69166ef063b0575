//! Files, as DeepL's clients have them translated: sent, asked about, fetched.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::request::TranslateRequest;
use crate::error::{Error, Result};
use crate::http::caller::Caller;
use crate::http::documents::Upload;
use crate::http::fields::Fields;
use crate::http::multipart::Multipart;
use crate::http::problem;
use crate::http::{Service, order::Order};

/// What a client shows to have its file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeyRequest {
    document_key: String,
}

/// `POST /v2/document`: takes a file; the work goes on after the answer.
///
/// # Errors
/// Those of the form, the file and the door.
pub async fn create(
    service: web::Data<Service>,
    mut form: Multipart,
    caller: Caller,
) -> Result<HttpResponse> {
    let request = TranslateRequest::of_form(&form)?;
    let Order {
        source, glossary, ..
    } = request.into_order(1, service.glossaries())?;
    let mut file = form
        .file("file")
        .ok_or_else(|| Error::Malformed("Parameter 'file' not specified.".into()))?;
    if let Some(name) = form.text("filename")? {
        file.name = name;
    }
    let upload = Upload::read(file).await?;
    let charge = service.gate().reserve(&caller.0, upload.characters())?;
    // Work that would be refused is refused now.
    drop(service.admit()?);
    let work = {
        let service = service.clone();
        async move {
            let finished = upload.translate(&service, source, glossary).await?;
            charge.settle(finished.characters as u64);
            Ok(finished)
        }
    };
    Ok(HttpResponse::Ok().json(service.documents().begin(work)?))
}

/// `POST /v2/document/{id}`: what has become of a file.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn status(
    service: web::Data<Service>,
    id: web::Path<String>,
    Fields(body): Fields<KeyRequest>,
) -> Result<HttpResponse> {
    let mut answer = Map::new();
    let mut tell = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    tell("document_id", json!(*id));
    match service.documents().look(&id, &body.document_key)? {
        None => {
            tell("status", json!("translating"));
            tell("seconds_remaining", json!(5));
        }
        Some(Ok(finished)) => {
            tell("status", json!("done"));
            tell("billed_characters", json!(finished.characters));
        }
        Some(Err(error)) => {
            tell("status", json!("error"));
            tell("error_message", json!(problem::detail(&error)));
        }
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `POST /v2/document/{id}/result`: the file, once it is translated.
///
/// # Errors
/// [`Error::NotFound`], those of the work.
pub async fn result(
    service: web::Data<Service>,
    id: web::Path<String>,
    Fields(body): Fields<KeyRequest>,
) -> Result<HttpResponse> {
    let finished = service
        .documents()
        .fetch(&id, Some(&body.document_key))
        .await?;
    Ok(finished.response())
}
