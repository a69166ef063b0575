//! Traces that clients begin: the header `traceparent` of W3C Trace Context.

use actix_web::http::header::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::telemetry::traces;

/// Makes a span part of the trace that a client began, if it named one.
pub fn continue_from(span: &Span, headers: &HeaderMap) {
    if traces::are_sent() {
        let parent = TraceContextPropagator::new().extract(&Headers(headers));
        // A span that nobody listens to has no parent.
        span.set_parent(parent).ok();
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}
