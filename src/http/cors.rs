//! Which pages of other origins may read responses (WHATWG Fetch, section
//! 3.3): none, but for the origins that the configuration names. Cookies and
//! their like are never asked for; a page shows its key itself.

use std::fmt;
use std::str::FromStr;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};

use super::Service;

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const HEADERS: &str = "Authorization, Content-Type, Idempotency-Key, X-Request-Id";
const EXPOSED: &str = "Location, Retry-After, WWW-Authenticate, X-Request-Id";
/// Seconds for which a browser need not ask again.
const MAX_AGE: &str = "600";

/// An origin as browsers write it: `https://example.org`, with a port unless it
/// is the scheme's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || "an origin is http(s)://HOST or http(s)://HOST:PORT, in full".to_owned();
        let text = text.trim().to_ascii_lowercase();
        let url = url::Url::parse(&text).map_err(|_| fault())?;
        let origin = url.origin().ascii_serialization();
        let is_http = matches!(url.scheme(), "http" | "https");
        // What was left out or is the default may have been meant otherwise.
        match is_http && origin == text && !text.contains('*') {
            true => Ok(Origin(origin)),
            false => Err(fault()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Middleware: answers preflights of allowed origins, before any key is asked
/// for, and lets those origins read what the service answers.
///
/// # Errors
/// Those of the service that it wraps.
pub async fn allow<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(origin) = allowed(&request) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let is_preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if is_preflight {
        let mut response = HttpResponse::build(StatusCode::NO_CONTENT)
            .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
            .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS))
            .insert_header((header::ACCESS_CONTROL_MAX_AGE, MAX_AGE))
            .finish();
        permit(response.headers_mut(), origin);
        return Ok(request.into_response(response).map_into_right_body());
    }
    let mut response = next.call(request).await?.map_into_left_body();
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(EXPOSED),
    );
    permit(headers, origin);
    Ok(response)
}

fn permit(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
}

/// The origin of a request, if it is one of those that are allowed.
fn allowed(request: &ServiceRequest) -> Option<HeaderValue> {
    let service = request.app_data::<Data<Service>>()?;
    let origin = request.headers().get(header::ORIGIN)?;
    service
        .config()
        .access
        .cors_origins
        .iter()
        .any(|known| known.0.as_bytes() == origin.as_bytes())
        .then(|| origin.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_given_as_browsers_write_them() {
        for fine in [
            "https://example.org",
            " HTTPS://Example.org",
            "http://localhost:8000",
            "http://[::1]:81",
        ] {
            assert!(fine.parse::<Origin>().is_ok(), "{fine}");
        }
        for wrong in [
            "*",
            "null",
            "",
            "example.org",
            "https://example.org/",
            "https://example.org:443",
            "https://example.org/page",
            "https://*.example.org",
            "https://user@example.org",
            "file:///",
        ] {
            let told = wrong.parse::<Origin>();
            assert!(told.is_err(), "{wrong}: {told:?}");
        }
    }
}
