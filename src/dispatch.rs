//! What goes into the pipeline and what comes out: the JSON that
//! `POST /v1/articles` answers and `depesche article --json` prints.
//!
//! Spans are byte ranges: `source_span` into the text that was sent (title or
//! body, see [`Part`]), `target_span` into the translated text of that part.

use std::fmt;

use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::document::Format;
use crate::feed::report::ItemReport;
use crate::figures::{ClockStyle, FigureStyle, Kind, Mention, Status};
use crate::span::Span;
use crate::terms;

/// What to do with text that is not German.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LanguagePolicy {
    /// Refuse it with `not_german`.
    #[default]
    Refuse,
    /// Give it back unchanged, with a warning.
    Pass,
    /// Translate it all the same: the caller knows better.
    Trust,
}

/// The language of an article that is to be summarised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum SourceLanguage {
    #[default]
    #[serde(rename = "de")]
    #[value(name = "de")]
    German,
    #[serde(rename = "en")]
    #[value(name = "en")]
    English,
}

/// What a caller may choose for one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Beam width; 1 is greedy, 0 as suits the engine. No wider than the model
    /// has sequences for.
    #[serde(deserialize_with = "whole_number")]
    pub beams: usize,
    /// Sentences of the summary at most; 0 asks for no summary.
    #[serde(deserialize_with = "whole_number")]
    pub summary_sentences: usize,
    /// Words of the summary at most.
    #[serde(deserialize_with = "whole_number")]
    pub summary_words: usize,
    /// Fail with `unresolved` when a figure is not accounted for, or a term of
    /// the glossary is missed.
    pub strict: bool,
    pub language: LanguagePolicy,
    /// How money and percentages are written; the service's own style unless said.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub figure_style: Option<FigureStyle>,
    /// How times of day are written; the service's own style unless said.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub clock_style: Option<ClockStyle>,
    /// What a summary looks like.
    #[serde(skip_serializing_if = "SummaryForm::is_text")]
    pub summary_form: SummaryForm,
    /// What may be done for figures that the model got wrong.
    #[serde(skip_serializing_if = "RepairPolicy::is_usual")]
    pub repair: RepairPolicy,
}

/// What may be done for figures that the model got wrong, least first; each
/// allows what is before it too. They are checked and reported in any case.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum RepairPolicy {
    /// Nothing: the model's first hypothesis is the translation.
    None,
    /// Another hypothesis of the search is taken that has more of them right.
    Choose,
    /// The sentence is decoded again: with a wider beam, with what is lost as a
    /// constraint, in halves.
    Again,
    /// A numeral is put right in the text where it is certain which one.
    #[default]
    Full,
}

impl RepairPolicy {
    fn is_usual(&self) -> bool {
        *self == RepairPolicy::default()
    }
}

/// What a summary looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum SummaryForm {
    /// Sentences in a row.
    #[default]
    Text,
    /// A line for each sentence, with `- ` before it.
    Bullets,
    /// The headline alone: the title, or the sentence that tells most.
    Headline,
}

impl SummaryForm {
    fn is_text(&self) -> bool {
        *self == SummaryForm::Text
    }
}

/// A value that may be absent but not `null`.
///
/// # Errors
/// Those of the deserializer.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// As [`given`], of a [`whole_number`].
///
/// # Errors
/// Those of the deserializer.
pub fn given_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    whole_number(deserializer).map(Some)
}

/// Reads a number without a fraction, however it is written: for JSON and its
/// schemas `3.0` is an integer, and some languages write it so.
///
/// # Errors
/// Those of the deserializer.
pub fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    struct Whole;

    impl Visitor<'_> for Whole {
        type Value = usize;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a whole number")
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<usize, E> {
            usize::try_from(number)
                .map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<usize, E> {
            // Every whole number up to here has an exact float.
            const EXACT: f64 = 9_007_199_254_740_992.0;
            if number.fract() == 0.0 && (0.0..=EXACT).contains(&number) {
                Ok(number as usize)
            } else {
                Err(E::invalid_value(Unexpected::Float(number), &self))
            }
        }
    }

    deserializer.deserialize_u64(Whole)
}

impl Default for Options {
    fn default() -> Self {
        Options {
            beams: 0,
            summary_sentences: 3,
            summary_words: 70,
            strict: false,
            language: LanguagePolicy::Refuse,
            figure_style: None,
            clock_style: None,
            repair: RepairPolicy::default(),
            summary_form: SummaryForm::Text,
        }
    }
}

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

/// Title and body are documents of their own; spans count from their starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Title,
    Body,
}

/// What became of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentStatus {
    /// Translated; every figure is accounted for.
    Ok,
    /// Translated; a figure was wrong at first and was put right.
    Repaired,
    /// Translated, but at least one figure is changed, missing or added.
    Unresolved,
    /// The translation is empty, cut off or still German.
    Incomplete,
    /// Copied from the source: nothing in it needs translation.
    Copied,
}

/// One sentence of the source with its translation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Position among all segments of the article, title first, from 0.
    pub id: usize,
    pub part: Part,
    /// Paragraph, heading or list item that the segment stands in.
    pub block: usize,
    pub source: String,
    pub target: String,
    pub source_span: Span,
    pub target_span: Span,
    pub status: SegmentStatus,
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

/// One figure of source or translation and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureReport {
    pub segment: usize,
    pub part: Part,
    pub kind: Kind,
    /// Normalised value, e.g. `4800000`, `EUR 3500000000`, `20:15`.
    pub value: String,
    pub status: Status,
    /// Where it stands in the source; absent for an added figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Mention>,
    /// Where it stands in the translation; absent for a missing figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Mention>,
}

/// One occurrence of a glossary's term and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TermReport {
    pub segment: usize,
    pub part: Part,
    /// The German as the glossary has it.
    pub term: String,
    /// What should stand in the translation; the German itself when the term
    /// is not to be translated.
    pub english: String,
    pub status: terms::Status,
    /// Where it stands in the source, in the form that it has there.
    pub source: Mention,
    /// Where its English stands in the translation; absent when it was missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Mention>,
}

/// Stable names of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// A figure is changed, missing or added.
    FigureUnresolved,
    /// The model had a figure wrong, and it was put right in place.
    FigureRepaired,
    /// A term of the glossary was not rendered as the glossary has it.
    TermMissed,
    /// A phrase repeated without end; the segment was decoded again.
    Repetition,
    /// The translation hit its length limit.
    Truncated,
    /// The segment was too long for the model's window or for the length that
    /// an answer may have, and was split at clauses.
    Split,
    /// The translation is empty or still German.
    Untranslated,
    /// The text is not German and was passed through.
    PassedThrough,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    pub code: WarningCode,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<usize>,
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

/// How many figures are changed, missing or added.
pub fn unresolved(figures: &[FigureReport]) -> usize {
    figures
        .iter()
        .filter(|figure| !figure.status.resolved())
        .count()
}

/// How many terms were not rendered as the glossary has them.
pub fn missed_terms(terms: &[TermReport]) -> usize {
    terms
        .iter()
        .filter(|term| term.status == terms::Status::Missed)
        .count()
}

/// How many segments are incomplete.
pub fn incomplete(segments: &[Segment]) -> usize {
    segments
        .iter()
        .filter(|segment| segment.status == SegmentStatus::Incomplete)
        .count()
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
    /// Figures of the sentences that the summary was made from.
    pub figures: Vec<FigureReport>,
    /// Terms of these sentences; absent when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<TermReport>,
    pub warnings: Vec<Warning>,
    pub model: ModelTag,
    pub timings: Timings,
}
