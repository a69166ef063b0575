//! What the clients of other services send: named fields, be it as JSON, as a
//! form or in the query, whatever the method.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;

use super::{extract, form};
use crate::error::{Error, Result};

/// The fields of a request: those of its body or, where that is empty, those of
/// its query.
#[derive(Debug)]
pub struct Fields<T>(pub T);

/// What a body is written in.
#[derive(Debug, Clone, Copy)]
enum Notation {
    Json,
    Form,
}

impl<T: DeserializeOwned + 'static> FromRequest for Fields<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            extract::expect_plain(&request)?;
            let notation = notation(&request)?;
            let body = extract::body(&request, payload).await?;
            let fields = match (body.is_empty(), notation) {
                (true, _) => form::parse(request.query_string().as_bytes()),
                (false, Some(Notation::Json)) => extract::parse(&body),
                (false, Some(Notation::Form)) => form::parse(&body),
                (false, None) => Err(unknown()),
            };
            fields.map(Fields)
        })
    }
}

/// The notation that is announced; `None` when none is.
fn notation(request: &HttpRequest) -> Result<Option<Notation>> {
    if !request.headers().contains_key(header::CONTENT_TYPE) {
        Ok(None)
    } else if extract::is_json(request) {
        Ok(Some(Notation::Json))
    } else if request
        .content_type()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    {
        Ok(Some(Notation::Form))
    } else {
        Err(unknown())
    }
}

fn unknown() -> Error {
    Error::UnsupportedMediaType(
        "the body must be sent as application/json or application/x-www-form-urlencoded".into(),
    )
}
