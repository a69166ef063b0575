//! DeepL's interface, for the clients that speak it: texts, files, usage,
//! languages and glossaries. What clients may send and Depesche does not have is
//! ignored.

mod answer;
mod dictionary;
pub mod documents;
pub mod glossaries;
mod languages;
mod request;
mod usage;

use actix_web::{HttpResponse, web};

use self::answer::Translations;
use self::request::{LanguagesRequest, TranslateRequest};
use super::Service;
use super::caller::Caller;
use super::fields::Fields;
use crate::error::Result;

/// `POST /v2/translate`: translates each text on its own. The work outlives the
/// connection for a while, because these clients give up and send anew.
///
/// # Errors
/// Those of the body, the door and the pipeline.
pub async fn translate(
    service: web::Data<Service>,
    Fields(body): Fields<TranslateRequest>,
    caller: Caller,
) -> Result<HttpResponse> {
    let order = body.into_order(service.config().max_texts, service.glossaries())?;
    let charge = service.gate().reserve(&caller.0, order.characters())?;
    let work = {
        let (service, order) = (service.clone(), order.clone());
        async move { order.carry_out(&service).await }
    };
    let translations = Translations::of(service.desk().ask(order, work).await?);
    charge.settle(translations.billed_characters() as u64);
    Ok(HttpResponse::Ok().json(translations))
}

/// `/v2/usage`: how many characters were translated in this month.
pub async fn usage(service: web::Data<Service>, caller: Caller) -> HttpResponse {
    HttpResponse::Ok().json(usage::Report::of(&service.gate().usage(&caller.0)))
}

/// `/v2/languages`: what is translated from, or what into.
///
/// # Errors
/// [`Error::Malformed`](crate::error::Error::Malformed) for a type that there
/// is not.
pub async fn languages(Fields(body): Fields<LanguagesRequest>) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(body.side()?.languages()))
}
