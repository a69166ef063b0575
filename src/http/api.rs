//! Whose interface a route belongs to, and what that interface makes of errors.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{HttpRequest, Resource};
use serde_json::{Value, json};

use super::{extract, problem};
use crate::error::Error;

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

    /// Has the errors of a resource told in the form of this interface.
    pub fn shaping(
        self,
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
        resource.wrap(from_fn(move |request, next| self.shape(request, next)))
    }

    /// Puts another body into the response to an error. Its status and headers
    /// stay, so that the one table of errors is all that decides about them.
    async fn shape(
        self,
        request: ServiceRequest,
        next: Next<BoxBody>,
    ) -> Result<ServiceResponse, actix_web::Error> {
        let mut response = next.call(request).await?;
        let refusal = response
            .response()
            .error()
            .and_then(|error| error.as_error::<Error>())
            .and_then(|error| self.refusal(error));
        let Some(refusal) = refusal else {
            return Ok(response);
        };
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response.map_body(|_, _| BoxBody::new(refusal.to_string())))
    }
}
