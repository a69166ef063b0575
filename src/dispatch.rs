//! What goes into the pipeline and what comes out: the JSON that
//! `POST /v1/articles` answers and `depesche article --json` prints.
//!
//! Spans are byte ranges: `source_span` into the text that was sent (title or
//! body, see [`Part`]), `target_span` into the translated text of that part.

mod finding;
mod options;
mod segment;
mod value;

use serde::{Deserialize, Serialize};

use crate::document::Format;
use crate::feed::report::ItemReport;
pub use finding::{
    FigureReport, KeyFigure, TermReport, Warning, WarningCode, missed_terms, unresolved,
};
pub use options::{LanguagePolicy, Options, RepairPolicy, SourceLanguage, SummaryForm};
pub use segment::{Part, Segment, SegmentStatus, incomplete};
pub use value::{given, given_number, whole_number};

/// An article as it enters the pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    pub title: Option<String>,
    pub body: String,
    pub format: Format,
    /// It was found on a page, so that whoever asked has not seen it yet.
    #[serde(default)]
    pub found: bool,
}

impl Article {
    /// Characters of title and body, markup included.
    pub fn characters(&self) -> usize {
        let title = self.title.as_deref().unwrap_or_default();
        title.chars().count() + self.body.chars().count()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Translation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The translated body in the format of the source.
    pub text: String,
    pub format: Format,
    pub segments: Vec<Segment>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub text: String,
    pub sentences: Vec<SummarySentence>,
}

/// A sentence of the summary and the segments it is made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SummarySentence {
    pub text: String,
    pub segments: Vec<usize>,
}

/// The model that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelTag {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
}

/// Milliseconds on the wall clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    pub total_ms: f64,
    /// From submission to the first segment that the model finished.
    pub first_segment_ms: f64,
    pub translate_ms: f64,
    pub figures_ms: f64,
    pub summary_ms: f64,
    /// Tokens that the model wrote for this request.
    pub tokens: usize,
}

/// A checked English dispatch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    pub translation: Translation,
    pub summary: Summary,
    /// The figures that the article turns on, the weightiest first.
    #[serde(default)]
    pub key_figures: Vec<KeyFigure>,
    pub figures: Vec<FigureReport>,
    /// Terms of the glossary; absent when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<TermReport>,
    pub warnings: Vec<Warning>,
    pub model: ModelTag,
    pub timings: Timings,
    /// The German text that spans refer to, where it was found on a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// An article that was found on a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub text: String,
    pub format: Format,
}

impl Dispatch {
    /// Figures that are changed, missing or added.
    pub fn unresolved(&self) -> usize {
        unresolved(&self.figures)
    }

    /// Terms that were not rendered as the glossary has them.
    pub fn missed_terms(&self) -> usize {
        missed_terms(&self.terms)
    }

    /// Segments whose translation is empty, cut off or still German.
    pub fn incomplete(&self) -> usize {
        incomplete(&self.translation.segments)
    }
}

/// What an observer hears while a dispatch is made, in this order: segments
/// as they finish (any order), then figures, summary, done.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// How many segments there are; of a feed, how many items.
    Started {
        segments: usize,
    },
    /// A finished segment; its `target_span`, and the status of a very long
    /// one, are final only in `Done`.
    Segment(Segment),
    /// A finished item of a feed.
    Item(Box<ItemReport>),
    Figures(Vec<FigureReport>),
    Summary(Summary),
    Done(Box<Dispatch>),
}

/// One text of `POST /v1/translate`, translated on its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TranslatedText {
    pub text: String,
    pub segments: Vec<Segment>,
    /// `segment` counts within this text.
    pub figures: Vec<FigureReport>,
    /// Terms of the glossary; absent when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<TermReport>,
    pub warnings: Vec<Warning>,
}

/// The answer of `POST /v1/translate`, in the order of the texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Translations {
    pub translations: Vec<TranslatedText>,
    pub model: ModelTag,
    pub timings: Timings,
}

/// The answer of `POST /v1/summarize`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summarized {
    pub summary: Summary,
    /// The figures that the article turns on, the weightiest first.
    #[serde(default)]
    pub key_figures: Vec<KeyFigure>,
    /// Figures of the sentences that the summary was made from.
    pub figures: Vec<FigureReport>,
    /// Terms of these sentences; absent when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<TermReport>,
    pub warnings: Vec<Warning>,
    pub model: ModelTag,
    pub timings: Timings,
}
