//! What a job is about.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{self, UnboundedSender};

use crate::dispatch::{Article, Event, Options};
use crate::error::{Error, Result};
use crate::feed::Feed;
use crate::feed::memory::Forgetful;
use crate::pipeline::{Context, FeedContext, FeedOptions, Pipeline, Text};
use crate::terms::{Entry, Glossary};

/// Kinds of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Article,
    Translate,
    Feed,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Article => "article",
            Kind::Translate => "translate",
            Kind::Feed => "feed",
        }
    }
}

/// The work itself, as it lies in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// What `POST /v1/articles` does.
    Article {
        article: Article,
        options: Options,
        /// Of the glossary, as it was when the job was accepted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        terms: Vec<Entry>,
    },
    /// What `POST /v1/translate` does.
    Translate {
        texts: Vec<Text>,
        options: Options,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        terms: Vec<Entry>,
    },
    /// What `POST /v1/feeds` does, with the report.
    Feed { text: String, options: FeedOptions },
}

impl Task {
    pub const fn kind(&self) -> Kind {
        match self {
            Task::Article { .. } => Kind::Article,
            Task::Translate { .. } => Kind::Translate,
            Task::Feed { .. } => Kind::Feed,
        }
    }

    /// Characters of its texts, markup included; of a feed, of what can be
    /// translated. Reads the whole feed.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a feed is none.
    pub fn characters(&self) -> Result<usize> {
        Ok(match self {
            Task::Article { article, .. } => article.characters(),
            Task::Translate { texts, .. } => texts.iter().map(Text::characters).sum(),
            Task::Feed { text, .. } => read(text)?.characters(),
        })
    }

    /// Does the work, tells of each finished segment (of a feed, of each item),
    /// and returns the JSON that the route would answer.
    ///
    /// # Errors
    /// Those of the pipeline.
    pub async fn perform(
        self,
        pipeline: &Pipeline,
        events: UnboundedSender<Event>,
    ) -> Result<String> {
        match self {
            Task::Article {
                article,
                options,
                terms,
            } => {
                let context = context(events, terms)?;
                json(&pipeline.article(article, options, context).await?)
            }
            Task::Translate {
                texts,
                options,
                terms,
            } => {
                let context = context(events, terms)?;
                json(&pipeline.translate(texts, options, context).await?)
            }
            Task::Feed { text, options } => {
                let feed = tokio::task::spawn_blocking(move || read(&text))
                    .await
                    .map_err(|_| Error::Internal("reading the feed panicked".into()))??;
                // Who no longer listens is told nothing.
                let segments = feed.items.len();
                events.send(Event::Started { segments }).ok();
                let (items, mut finished) = mpsc::unbounded_channel();
                let context = FeedContext {
                    deadline: None,
                    // The translation memory knows what was finished before.
                    memory: Arc::new(Forgetful),
                    at_once: FeedContext::IN_TURNS,
                    items: Some(items),
                };
                let telling = async move {
                    while let Some(item) = finished.recv().await {
                        events.send(Event::Item(Box::new(item))).ok();
                    }
                };
                let (translated, ()) = tokio::join!(pipeline.feed(feed, options, context), telling);
                json(&translated?.with_report())
            }
        }
    }
}

/// A feed as a string of JSON has it: in UTF-8, whatever its declaration says.
fn read(text: &str) -> Result<Feed> {
    Feed::read(text.as_bytes(), Some("utf-8"))
}

/// Of work that nobody waits for.
fn context(events: UnboundedSender<Event>, terms: Vec<Entry>) -> Result<Context> {
    let glossary = match terms.is_empty() {
        true => None,
        false => Some(Arc::new(Glossary::new(terms)?)),
    };
    Ok(Context {
        deadline: None,
        events: Some(events),
        glossary,
    })
}

fn json(answer: &impl Serialize) -> Result<String> {
    serde_json::to_string(answer)
        .map_err(|error| Error::Internal(format!("a result cannot be written: {error}")))
}
