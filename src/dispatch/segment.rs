//! One sentence of the source with its translation, and what became of it.

use serde::{Deserialize, Serialize};

use crate::span::Span;

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
    /// Translated; a figure or a name was wrong at first and was put right, or another
    /// hypothesis than the model's first was taken.
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

/// How many segments are incomplete.
pub fn incomplete(segments: &[Segment]) -> usize {
    segments
        .iter()
        .filter(|segment| segment.status == SegmentStatus::Incomplete)
        .count()
}
