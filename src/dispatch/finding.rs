//! What is told of a translation beside its text: figures, terms and warnings.

use serde::{Deserialize, Serialize};

use super::Part;
use crate::figures::{Kind, Mention, Status};
use crate::terms;

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

/// A figure that the article turns on, and the sentence that says so best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyFigure {
    pub kind: Kind,
    /// Normalised, as in [`FigureReport`].
    pub value: String,
    /// As the translation writes it.
    pub text: String,
    pub segment: usize,
    /// The English sentence.
    pub sentence: String,
    /// What it weighs in the article, from 0 to about 4, to two digits.
    pub weight: f64,
    /// Whether the summary says it.
    pub in_summary: bool,
}

/// How many figures are changed, missing or added.
pub fn unresolved(figures: &[FigureReport]) -> usize {
    figures
        .iter()
        .filter(|figure| !figure.status.resolved())
        .count()
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

/// How many terms were not rendered as the glossary has them.
pub fn missed_terms(terms: &[TermReport]) -> usize {
    terms
        .iter()
        .filter(|term| term.status == terms::Status::Missed)
        .count()
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
    /// The translation is empty or still German, or words of it were left in German.
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
