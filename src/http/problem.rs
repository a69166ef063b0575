//! Problem documents ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)): the
//! one form of every error, as a response or as the last event of a stream.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use super::request_id::RequestId;
use crate::error::{Code, Error};

/// Media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// How a key is to be shown (RFC 6750, section 3).
const CHALLENGE: &str = "Bearer realm=\"depesche\"";

/// An error as a client reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `urn:depesche:problem:` and the code.
    #[serde(rename = "type")]
    pub uri: String,
    /// What the code means; the same for every occurrence.
    pub title: &'static str,
    /// The HTTP status, repeated for clients that only see the body.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// The stable name of the error.
    pub code: &'static str,
    /// Where to look in the service's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
}

impl Problem {
    /// Describes an error to the client of a request, and tells the log what
    /// the client is spared: faults of the service itself are no client's
    /// business, and their messages name paths and internals.
    pub fn of(error: &Error, request_id: Option<RequestId>) -> Self {
        let entry = error.code().entry();
        if is_ours(error) {
            tracing::error!(code = entry.slug, %error, "request failed");
        } else {
            tracing::debug!(code = entry.slug, "request refused");
        }
        Problem {
            uri: format!("urn:depesche:problem:{}", entry.slug),
            title: entry.title,
            status: entry.status,
            detail: detail(error),
            code: entry.slug,
            request_id,
        }
    }
}

/// What happened, as far as it is the client's business.
pub fn detail(error: &Error) -> String {
    if is_ours(error) {
        "the service's log tells more, under the id of this request".to_owned()
    } else {
        error.to_string()
    }
}

/// Whether an error is a fault of the service itself.
fn is_ours(error: &Error) -> bool {
    error.code().entry().status == 500
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().entry().status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(wait) = self.retry_after() {
            let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        if self.code() == Code::Unauthorized {
            response.insert_header((header::WWW_AUTHENTICATE, CHALLENGE));
        }
        response
            .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
            .json(Problem::of(self, RequestId::current()))
    }
}
