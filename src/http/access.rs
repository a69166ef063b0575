//! What is known of every request: its id, one line in the log, its metrics.
//! None of it holds content: no path, no query, no header, no body.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use actix_web::Error;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use metrics::{counter, gauge, histogram};
use tracing::{Instrument, Span};

use super::request_id::{self, RequestId};

/// Status in log and metrics when the client left before there was one.
const CLIENT_LEFT: u16 = 499;

/// Middleware around all others.
///
/// # Errors
/// Those of the service that it wraps.
pub async fn observe<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<Observed>, Error> {
    let id = RequestId::from_headers(request.headers());
    // Of the highest level, for the id to stand on every line that the filter
    // lets through.
    let span = tracing::error_span!("request", id = %id);
    let mut record = Record::begin(&request, span.clone());

    let answered = id.scope(next.call(request).instrument(span)).await;
    let mut response = answered.inspect_err(|error| {
        record.status = error.as_response_error().status_code().as_u16();
    })?;

    record.status = response.status().as_u16();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(request_id::HEADER, value);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    Ok(response.map_body(|_, body| {
        // Nobody reads these, so nobody would see their end.
        let unread =
            record.method == "HEAD" || matches!(body.size(), BodySize::None | BodySize::Sized(0));
        record.complete = unread;
        Observed {
            body: body.boxed(),
            record,
        }
    }))
}

/// Lives as long as a request does and reports on it when dropped, be it that
/// the response was sent or that the client left at any moment before.
struct Record {
    method: &'static str,
    route: String,
    started: Instant,
    status: u16,
    bytes: u64,
    complete: bool,
    span: Span,
}

impl Record {
    fn begin(request: &ServiceRequest, span: Span) -> Self {
        gauge!("depesche_http_requests_in_flight").increment(1);
        Record {
            method: method(request.method()),
            // The pattern, never the path: paths may hold names of articles,
            // and every new one would be a new series of the metrics.
            route: request
                .match_pattern()
                .unwrap_or_else(|| "unmatched".to_owned()),
            started: Instant::now(),
            status: CLIENT_LEFT,
            bytes: 0,
            complete: false,
            span,
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let seconds = self.started.elapsed().as_secs_f64();
        gauge!("depesche_http_requests_in_flight").decrement(1);
        counter!("depesche_http_requests_total",
            "method" => self.method, "route" => self.route.clone(), "status" => self.status.to_string())
        .increment(1);
        histogram!("depesche_http_request_duration_seconds", "route" => self.route.clone())
            .record(seconds);
        self.span.in_scope(|| {
            tracing::info!(
                target: "depesche::http::access",
                method = self.method,
                route = self.route,
                status = self.status,
                bytes = self.bytes,
                ms = (seconds * 1e6).round() / 1e3,
                complete = self.complete,
                "request"
            );
        });
    }
}

/// Known methods by name, all others as one: clients can invent any.
fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("OTHER")
}

/// A body that counts what is sent of it.
pub struct Observed {
    body: BoxBody,
    record: Record,
}

impl MessageBody for Observed {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let next = ready!(Pin::new(&mut self.body).poll_next(context));
        if let Some(Ok(bytes)) = &next {
            self.record.bytes += bytes.len() as u64;
        }
        // A body of known size is not polled again after its last byte.
        self.record.complete = next.is_none() || matches!(self.body.size(), BodySize::Sized(0));
        Poll::Ready(next)
    }
}
