//! Server-sent events (WHATWG HTML, section 9.2): the parts of a dispatch as
//! they are finished.
//!
//! The stream ends with `done` or with `error`. Before the work has begun
//! nothing is promised: an article that is refused gets an ordinary problem
//! response with its status.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::{Stream, stream};
use serde::Serialize;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tracing::{Instrument, Span};

use super::problem::Problem;
use super::request_id::RequestId;
use super::{Service, work};
use crate::dispatch::{Article, Dispatch, Event, Options};
use crate::error::{Code, Error, Result};
use crate::keys::Charge;
use crate::pipeline::Context;
use crate::terms::Glossary;

/// Media type of an event stream.
pub const MEDIA_TYPE: &str = "text/event-stream";

/// A comment: no event, but a sign of life for proxies, and a write that fails
/// when the client has left.
pub(super) const HEARTBEAT: &[u8] = b": still working\n\n";

/// An article that is to be worked on.
pub struct Commission {
    pub article: Article,
    pub options: Options,
    pub glossary: Option<Arc<Glossary>>,
    pub charge: Charge,
}

/// Answers with the events of a dispatch.
///
/// # Errors
/// Those of the door, and those of the pipeline before it begins.
pub async fn dispatch(service: &Service, commission: Commission) -> Result<HttpResponse> {
    let (pass, pipeline) = service.admit()?;
    let (sender, events) = mpsc::unbounded_channel();
    let context = Context {
        glossary: commission.glossary,
        ..service.context(Some(sender))
    };
    let pipeline = pipeline.clone();
    let work = async move {
        let work = pipeline.article(commission.article, commission.options, context);
        work::paid(pass, commission.charge, work).await
    };
    let mut live = Live::new(Box::pin(work.instrument(Span::current())), events);

    let Some(first) = live.next().await.transpose()? else {
        return Err(Error::Internal("a dispatch ended without an event".into()));
    };
    // The engine refuses right behind the first event, before that is sent.
    // What failed later belongs into the stream, however soon it failed.
    if let Some(refusal) = live.failure.take_if(|error| is_refusal(error)) {
        return Err(refusal);
    }
    let sending = Sending {
        live,
        pending: Some(frame_of(&first)),
        heartbeat: service.config().heartbeat(),
        request_id: RequestId::current(),
    };
    Ok(response(stream::unfold(sending, Sending::step)))
}

/// A response that sends events as they come.
pub(super) fn response(events: impl Stream<Item = Result<Bytes>> + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compression would hold events back until a block is full; so would
        // the buffer of a proxy in front.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(events)
}

/// An error as the last event of a stream.
pub(super) fn problem(error: &Error) -> Result<Bytes> {
    frame("error", &Problem::of(error, RequestId::current()))
}

/// Whether the engine would not begin.
fn is_refusal(error: &Error) -> bool {
    let code = error.code();
    code.entry().passing || code == Code::TooLarge
}

type Work = Pin<Box<dyn Future<Output = Result<Dispatch>>>>;

/// Work that is done while its events are listened to.
struct Live {
    /// Dropped when finished; dropping it before ends the work.
    work: Option<Work>,
    events: UnboundedReceiver<Event>,
    failure: Option<Error>,
}

impl Live {
    fn new(work: Work, events: UnboundedReceiver<Event>) -> Self {
        Live {
            work: Some(work),
            events,
            failure: None,
        }
    }

    /// The next event; after the last one the failure, if there was one. May
    /// be dropped while it waits without losing either.
    async fn next(&mut self) -> Option<Result<Event>> {
        while let Some(work) = &mut self.work {
            tokio::select! {
                biased;
                Some(event) = self.events.recv() => return Some(Ok(event)),
                result = work => {
                    self.failure = result.err();
                    self.work = None;
                }
            }
        }
        match self.events.recv().await {
            Some(event) => Some(Ok(event)),
            None => self.failure.take().map(Err),
        }
    }
}

/// A response on its way.
struct Sending {
    live: Live,
    pending: Option<Result<Bytes>>,
    heartbeat: Option<Duration>,
    request_id: Option<RequestId>,
}

impl Sending {
    async fn step(mut self) -> Option<(Result<Bytes>, Self)> {
        if let Some(pending) = self.pending.take() {
            return Some((pending, self));
        }
        let bytes = tokio::select! {
            biased;
            event = self.live.next() => match event? {
                Ok(event) => frame_of(&event),
                Err(error) => frame("error", &Problem::of(&error, self.request_id.take())),
            },
            () = silence(self.heartbeat) => Ok(Bytes::from_static(HEARTBEAT)),
        };
        Some((bytes, self))
    }
}

async fn silence(length: Option<Duration>) {
    match length {
        Some(length) => tokio::time::sleep(length).await,
        None => std::future::pending().await,
    }
}

fn frame_of(event: &Event) -> Result<Bytes> {
    match event {
        Event::Started { segments } => frame("started", &serde_json::json!({"segments": segments})),
        Event::Segment(segment) => frame("segment", segment),
        Event::Item(item) => frame("item", item),
        Event::Figures(figures) => frame("figures", figures),
        Event::Summary(summary) => frame("summary", summary),
        Event::Done(dispatch) => frame("done", dispatch),
    }
}

/// One event; JSON holds no line breaks, so its data is one line.
pub(super) fn frame(name: &str, data: &impl Serialize) -> Result<Bytes> {
    let data = serde_json::to_string(data)
        .map_err(|error| Error::Internal(format!("an event cannot be written: {error}")))?;
    Ok(format!("event: {name}\ndata: {data}\n\n").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn names(mut live: Live) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(event) = live.next().await {
            names.push(match event {
                Ok(event) => {
                    let frame = frame_of(&event).expect("events can be written");
                    String::from_utf8_lossy(&frame).into_owned()
                }
                Err(error) => error.to_string(),
            });
        }
        names
    }

    #[tokio::test]
    async fn a_failure_comes_after_the_events_before_it() {
        let (sender, events) = mpsc::unbounded_channel();
        let work = Box::pin(async move {
            for segments in [1, 2] {
                sender
                    .send(Event::Started { segments })
                    .expect("somebody listens");
            }
            Err(Error::Empty)
        });
        assert_eq!(
            names(Live::new(work, events)).await,
            [
                "event: started\ndata: {\"segments\":1}\n\n",
                "event: started\ndata: {\"segments\":2}\n\n",
                &Error::Empty.to_string(),
            ]
        );
    }
}
