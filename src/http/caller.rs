//! Who sends a request: reads the key that it shows, in the ways of each interface,
//! and asks the [`Gate`](crate::keys::Gate) whether it may come in.

use std::future::{Ready, ready};

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::stream;
use serde::Deserialize;

use super::multipart::Multipart;
use super::{Api, Service, extract, form};
use crate::error::{Error, Result};
use crate::keys::Payer;

/// Schemes of `Authorization` whose value is a key: RFC 6750's, and DeepL's.
const SCHEMES: [&str; 2] = ["Bearer", "DeepL-Auth-Key"];

/// Whom a route is for, where keys are needed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Those with a key.
    Key,
    /// Those with a key, if the configuration says so.
    Metrics,
    /// Everybody.
    Open,
}

/// Who sent a request, as the guard found out.
#[derive(Debug, Clone, Default)]
pub struct Caller(pub Payer);

impl Caller {
    /// The name of the key; `None` where there are no keys.
    pub fn name(&self) -> Option<&str> {
        Some(&*self.0.name).filter(|name| !name.is_empty())
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // No route that has no guard counts anything.
        ready(Ok(request
            .extensions()
            .get::<Caller>()
            .cloned()
            .unwrap_or_default()))
    }
}

/// The field that LibreTranslate's clients put their key into.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct KeyField {
    api_key: Option<String>,
}

/// Lets a request in.
///
/// # Errors
/// Those of the gate and, where the body is looked into, those of the body.
pub async fn enter(api: Api, access: Access, request: &mut ServiceRequest) -> Result<()> {
    let service = request
        .app_data::<Data<Service>>()
        .cloned()
        .ok_or_else(|| Error::Internal("the application has no service".into()))?;
    let is_guarded = match access {
        Access::Key => true,
        Access::Metrics => service.config().access.guard_metrics,
        Access::Open => false,
    };
    if !is_guarded {
        return Ok(());
    }
    let gate = service.gate();
    let shown = match in_header(request.request()) {
        Some(key) => Some(key),
        None if gate.is_guarded() && api == Api::LibreTranslate => in_fields(request).await?,
        None => None,
    };
    let address = request.peer_addr().map(|peer| peer.ip());
    let payer = gate.admit(shown.as_deref(), address)?;
    request.extensions_mut().insert(Caller(payer));
    Ok(())
}

/// The key of an `Authorization` header.
fn in_header(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?;
    let (scheme, key) = value.to_str().ok()?.trim().split_once(' ')?;
    SCHEMES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme))
        .then(|| key.trim().to_owned())
}

/// The key among the fields of a query or a body, which is read for it and put
/// back. What cannot be read has no key.
async fn in_fields(request: &mut ServiceRequest) -> Result<Option<String>> {
    let key_of = |fields: Result<KeyField>| fields.unwrap_or_default().api_key;
    if let Some(key) = key_of(form::parse(request.query_string().as_bytes())) {
        return Ok(Some(key));
    }
    let payload = request.take_payload();
    let head = request.request().clone();
    let body = extract::body(&head, payload).await?;
    let key = match extract::is_json(&head) {
        true => key_of(extract::parse(&body)),
        false => match Multipart::of_body(&head, &body) {
            Ok(form) => form.text("api_key").unwrap_or_default(),
            Err(_) => key_of(form::parse(&body)),
        },
    };
    request.set_payload(Payload::Stream {
        payload: Box::pin(stream::iter([Ok(Bytes::from(body))])),
    });
    Ok(key)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn shown(value: &'static str) -> Option<String> {
        let request = TestRequest::default()
            .insert_header((header::AUTHORIZATION, value))
            .to_http_request();
        in_header(&request)
    }

    #[test]
    fn keys_are_read_from_both_schemes_and_no_other() {
        for value in ["Bearer k-1", "bearer  k-1 ", "DeepL-Auth-Key k-1"] {
            assert_eq!(shown(value).as_deref(), Some("k-1"), "{value}");
        }
        for value in ["k-1", "Basic k-1", "Bearer", "", "BearerX k-1"] {
            assert_eq!(shown(value), None, "{value}");
        }
    }
}
