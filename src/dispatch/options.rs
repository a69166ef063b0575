//! What a caller may choose for one request.

use serde::{Deserialize, Serialize};

use super::{given, whole_number};
use crate::figures::{ClockStyle, FigureStyle};

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

impl Default for Options {
    fn default() -> Self {
        Options {
            beams: 0,
            summary_sentences: 3,
            summary_words: 80,
            strict: false,
            language: LanguagePolicy::Refuse,
            figure_style: None,
            clock_style: None,
            repair: RepairPolicy::default(),
            summary_form: SummaryForm::Text,
        }
    }
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
