//! Whose interface a route belongs to, and what that interface makes of errors.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{HttpRequest, HttpResponse, Resource};
use serde_json::{Value, json};

use super::caller::{self, Access};
use super::{extract, problem};
use crate::error::{Code, Error};

/// An interface that the service speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Our own, and the routes of those who run the service.
    Depesche,
    /// DeepL's.
    DeepL,
    LibreTranslate,
}

/// Paths of an interface that its clients know and Depesche does not serve.
#[derive(Debug)]
pub struct Unserved {
    /// In the router's syntax.
    pub pattern: &'static str,
    /// Completes “Depesche …”.
    why: &'static str,
}

impl Unserved {
    /// The error of a request to such a path.
    pub fn refuse(&self, request: &HttpRequest) -> Error {
        let path = extract::shortened(request.path());
        Error::NotFound(format!("{path} (Depesche {})", self.why))
    }
}

impl Api {
    /// What its clients may ask for in vain: they hear so in a form that they
    /// can read.
    pub const fn unserved(self) -> &'static [Unserved] {
        const fn row(pattern: &'static str, why: &'static str) -> Unserved {
            Unserved { pattern, why }
        }
        match self {
            Api::Depesche => &[],
            Api::DeepL => {
                const {
                    &[
                        row(
                            "/v2/{rest:.*}",
                            "has only translate, document, usage, languages and glossaries there",
                        ),
                        row("/v3/{rest:.*}", "has only glossaries there"),
                    ]
                }
            }
            Api::LibreTranslate => const { &[row("/suggest", "takes no suggestions")] },
        }
    }

    /// The body of an error, where it is not a problem document.
    fn refusal(self, error: &Error) -> Option<Value> {
        let detail = problem::detail(error);
        match self {
            Api::Depesche => None,
            Api::DeepL => Some(json!({ "message": detail })),
            Api::LibreTranslate => Some(json!({ "error": detail })),
        }
    }

    /// Has a resource guarded, and its errors told in the form of this interface.
    pub fn shaping(
        self,
        access: Access,
        resource: Resource,
    ) -> Resource<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = actix_web::Error,
            InitError = (),
        >,
    > {
        resource.wrap(from_fn(move |request, next| {
            self.shape(access, request, next)
        }))
    }

    /// The status that the clients of an interface know an error by, where it is
    /// not that of the table.
    fn status(self, error: &Error) -> Option<StatusCode> {
        match (self, error.code()) {
            (Api::DeepL | Api::LibreTranslate, Code::Unauthorized) => Some(StatusCode::FORBIDDEN),
            // DeepL's own: what is used up now is used up until the next month.
            (Api::DeepL, Code::QuotaExceeded) => StatusCode::from_u16(456).ok(),
            (Api::Depesche | Api::DeepL | Api::LibreTranslate, _) => None,
        }
    }

    /// Puts another body into the response to an error, and its status where
    /// these clients know it by another. All else is as the one table of errors
    /// has it.
    async fn shape(
        self,
        access: Access,
        mut request: ServiceRequest,
        next: Next<BoxBody>,
    ) -> Result<ServiceResponse, actix_web::Error> {
        let mut response = match caller::enter(self, access, &mut request).await {
            Ok(()) => next.call(request).await?,
            // Not `into_response`, which forgets the error.
            Err(error) => {
                let (head, _) = request.into_parts();
                ServiceResponse::new(head, HttpResponse::from_error(error))
            }
        };
        let status = response
            .response()
            .error()
            .and_then(|error| error.as_error::<Error>())
            .and_then(|error| self.status(error));
        let refusal = response
            .response()
            .error()
            .and_then(|error| error.as_error::<Error>())
            .and_then(|error| self.refusal(error));
        let Some(refusal) = refusal else {
            return Ok(response);
        };
        if let Some(status) = status {
            *response.response_mut().status_mut() = status;
        }
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response.map_body(|_, _| BoxBody::new(refusal.to_string())))
    }
}
