//! What a job is about.

use serde::{Deserialize, Serialize};

use crate::dispatch::{Article, Options};
use crate::error::{Error, Result};
use crate::pipeline::{Context, Pipeline, Text};

/// Kinds of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Article,
    Translate,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Article => "article",
            Kind::Translate => "translate",
        }
    }
}

/// The work itself, as it lies in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// What `POST /v1/articles` does.
    Article { article: Article, options: Options },
    /// What `POST /v1/translate` does.
    Translate { texts: Vec<Text>, options: Options },
}

impl Task {
    pub const fn kind(&self) -> Kind {
        match self {
            Task::Article { .. } => Kind::Article,
            Task::Translate { .. } => Kind::Translate,
        }
    }

    /// Characters of its texts, markup included.
    pub fn characters(&self) -> usize {
        match self {
            Task::Article { article, .. } => article.characters(),
            Task::Translate { texts, .. } => texts.iter().map(Text::characters).sum(),
        }
    }

    /// Does the work; the result is the JSON that the route would answer.
    ///
    /// # Errors
    /// Those of the pipeline.
    pub async fn perform(self, pipeline: &Pipeline, context: Context) -> Result<String> {
        match self {
            Task::Article { article, options } => {
                json(&pipeline.article(article, options, context).await?)
            }
            Task::Translate { texts, options } => {
                json(&pipeline.translate(texts, options, context).await?)
            }
        }
    }
}

fn json(answer: &impl Serialize) -> Result<String> {
    serde_json::to_string(answer)
        .map_err(|error| Error::Internal(format!("a result cannot be written: {error}")))
}
