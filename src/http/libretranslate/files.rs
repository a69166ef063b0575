//! Files, as LibreTranslate's clients have them translated.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::request::TranslateRequest;
use crate::error::{Error, Result};
use crate::http::Service;
use crate::http::caller::Caller;
use crate::http::documents::Upload;
use crate::http::multipart::Multipart;

/// `POST /translate_file`: translates a file and says where it can be fetched.
///
/// # Errors
/// Those of the form, the file, the door and the pipeline.
pub async fn translate(
    request: HttpRequest,
    service: web::Data<Service>,
    mut form: Multipart,
    caller: Caller,
) -> Result<HttpResponse> {
    let (order, _) = TranslateRequest::of_form(&form)?.into_order(1)?;
    let file = form
        .file("file")
        .ok_or_else(|| Error::Malformed("Invalid request: missing file parameter".into()))?;
    let upload = Upload::read(file).await?;
    let charge = service.gate().reserve(&caller.0, upload.characters())?;
    let finished = upload.translate(&service, order.source, None).await?;
    charge.settle(finished.characters as u64);
    let ending = finished.kind.ending();
    let id = service.documents().keep(finished)?.document_id;
    let here = request.connection_info();
    let url = format!(
        "{}://{}/download_file/{id}.{ending}",
        here.scheme(),
        here.host()
    );
    Ok(HttpResponse::Ok().json(json!({ "translatedFileUrl": url })))
}

/// `GET /download_file/{name}`: a file that was translated.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn download(
    service: web::Data<Service>,
    name: web::Path<String>,
) -> Result<HttpResponse> {
    let id = name.split('.').next().unwrap_or_default();
    let finished = service.documents().fetch(id, None).await?;
    Ok(finished.response())
}
