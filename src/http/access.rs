//! What is known of every request: its id, one line in the log, its metrics.
//! None of it holds content: no path, no query, no header, no body.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AcceptEncoding, Encoding, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage};
use metrics::{counter, gauge, histogram};
use tracing::{Instrument, Span, field};

use super::request_id::{self, RequestId};
use super::{Service, trace_context};
use crate::telemetry::traces;

/// Status in log and metrics when the client left before there was one.
const CLIENT_LEFT: u16 = 499;

/// What browsers must not do with a response: guess its type, show it in a frame
/// of another page, load or run anything for it, tell where its reader comes
/// from. Whether pages of others may read it is the business of [`cors`](super::cors).
const GUARDS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
];

/// Middleware around all others.
///
/// # Errors
/// Those of the service that it wraps.
pub async fn observe<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<Observed>, Error> {
    let id = RequestId::from_headers(request.headers());
    // Of the highest level, for the id to stand on every line that the filter
    // lets through.
    let span = tracing::error_span!("request", id = %id);
    let mut record = Record::begin(&request, span.clone());
    trace_context::continue_from(&record.trace, request.headers());
    tolerate_encodings(&mut request);
    let service = request.app_data::<Data<Service>>().cloned();

    let vary = match &service {
        Some(service) if !service.config().access.cors_origins.is_empty() => {
            "accept-encoding, origin"
        }
        Some(_) | None => "accept-encoding",
    };

    let work = next.call(request).instrument(record.trace.clone());
    let answered = id.scope(work.instrument(span)).await;
    let mut response = answered.inspect_err(|error| {
        record.status = error.as_response_error().status_code().as_u16();
    })?;

    record.status = response.status().as_u16();
    if service.is_some_and(|service| !service.is_open()) {
        // Connections that are kept alive would only hold up the end.
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    let headers = response.headers_mut();
    drop_identity(headers);
    headers.insert(header::VARY, HeaderValue::from_static(vary));
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(request_id::HEADER, value);
    }
    for (name, value) in GUARDS {
        // What a handler says of its own response counts.
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
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

/// Takes an `Accept-Encoding` away that rules out all that we have: a response
/// without encoding is better than none (RFC 9110, section 12.5.3).
fn tolerate_encodings(request: &mut ServiceRequest) {
    let ours = [Encoding::gzip(), Encoding::deflate(), Encoding::identity()];
    let negotiable = request
        .get_header::<AcceptEncoding>()
        .is_none_or(|accepted| accepted.negotiate(ours.iter()).is_some());
    if !negotiable {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
}

/// `Content-Encoding: identity` keeps the compressing middleware from a
/// response; it has no meaning for clients.
fn drop_identity(headers: &mut HeaderMap) {
    let is_identity = headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding == "identity");
    if is_identity {
        headers.remove(header::CONTENT_ENCODING);
    }
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
    /// What the collector of traces is told, if there is one.
    trace: Span,
}

impl Record {
    fn begin(request: &ServiceRequest, span: Span) -> Self {
        gauge!("depesche_http_requests_in_flight").increment(1);
        let method = method(request.method());
        // The pattern, never the path: paths may hold names of articles, and
        // every new one would be a new series of the metrics.
        let route = request
            .match_pattern()
            .unwrap_or_else(|| "unmatched".to_owned());
        // Names of OpenTelemetry's semantic conventions for HTTP, 1.23.
        let trace = tracing::info_span!(
            target: traces::TARGET,
            "request",
            otel.name = format!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = field::Empty,
            http.request.method = method,
            http.route = route,
            http.response.status_code = field::Empty,
        );
        Record {
            method,
            route,
            started: Instant::now(),
            status: CLIENT_LEFT,
            bytes: 0,
            complete: false,
            span,
            trace,
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
        self.trace.record("http.response.status_code", self.status);
        if self.status >= 500 {
            self.trace.record("otel.status_code", "error");
        }
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
