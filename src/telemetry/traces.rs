//! Traces: how long each stage of a request took, told to a collector.
//!
//! Sent by OTLP over HTTP with protobuf bodies (the OpenTelemetry protocol,
//! version 1), and only where a collector is named. Spans hold names of stages,
//! counts, codes and times, and no text.

use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

use crate::error::{Error, Result};

/// The target of all spans that are told to the collector. Logs do not name them.
pub const TARGET: &str = "depesche::trace";

/// How long the collector may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Of an answer nothing is needed but whether it was partly refused.
const LONGEST_ANSWER: u64 = 64 << 10;

/// What collects the spans of this process.
static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// A layer that sends spans of [`TARGET`] to the collector at `endpoint`.
///
/// # Errors
/// [`Error::Config`] when the endpoint is no address of HTTP, and when there is
/// a collector already.
pub fn layer<S>(endpoint: &Url) -> Result<impl Layer<S> + use<S>>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let wrong = |reason: String| Error::Config(format!("the collector {endpoint}: {reason}"));
    if !matches!(endpoint.scheme(), "http" | "https") {
        return Err(wrong("only http and https are spoken".into()));
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Client::new())
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!(
            "{}/v1/traces",
            endpoint.as_str().trim_end_matches('/')
        ))
        .with_timeout(PATIENCE)
        .build()
        .map_err(|error| wrong(error.to_string()))?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(
            Resource::builder()
                .with_service_name("depesche")
                .with_attribute(opentelemetry::KeyValue::new(
                    "service.version",
                    env!("CARGO_PKG_VERSION"),
                ))
                .build(),
        )
        .build();
    let tracer = provider.tracer("depesche");
    PROVIDER
        .set(provider)
        .map_err(|_| wrong("another one was named before".into()))?;
    Ok(tracing_opentelemetry::layer()
        .with_tracer(tracer)
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_filter(Targets::new().with_target(TARGET, tracing::Level::TRACE)))
}

/// Sends what has not been sent yet; to be called when the process ends.
pub fn finish() {
    if let Some(provider) = PROVIDER.get() {
        // What went wrong was logged when it did.
        provider.shutdown().ok();
    }
}

/// Whether anybody is told of spans.
pub fn are_sent() -> bool {
    PROVIDER.get().is_some()
}

/// Sends batches of spans. It is called on a thread of its own, which may wait.
#[derive(Debug)]
struct Client {
    agent: ureq::Agent,
}

impl Client {
    fn new() -> Self {
        let agent = ureq::AgentBuilder::new()
            .timeout(PATIENCE)
            .redirects(0)
            .build();
        Client { agent }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let mut call = self
            .agent
            .request(head.method.as_str(), &head.uri.to_string());
        for (name, value) in &head.headers {
            call = call.set(name.as_str(), value.to_str()?);
        }
        let answer = match call.send_bytes(&body) {
            Ok(answer) | Err(ureq::Error::Status(_, answer)) => answer,
            Err(error) => return Err(Box::new(error)),
        };
        let status = answer.status();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(
            &mut std::io::Read::take(answer.into_reader(), LONGEST_ANSWER),
            &mut bytes,
        )?;
        Ok(Response::builder().status(status).body(bytes.into())?)
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.send(request);
        match &answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => {
                tracing::warn!(
                    status = answer.status().as_u16(),
                    "the collector refused traces"
                );
            }
            // Without the reason's words, which may hold the collector's address
            // and what a user put into it.
            Err(_) => tracing::warn!("traces could not be sent to the collector"),
        }
        answer
    }
}
