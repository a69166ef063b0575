//! What became of each figure: the figures of a source segment are aligned
//! with those of its translation, equal values first.

use serde::{Deserialize, Serialize};

use super::alignment::Alignment;
use super::kind::Kind;
use super::names::Cast;
use super::side::Side;
use super::{Figure, Language, address, contrast, daytime, names, read, season};
use crate::span::Span;

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Kept,
    /// The same value in another notation or unit.
    Converted,
    /// The target holds another value in its place.
    Changed,
    Missing,
    /// In the target only.
    Added,
}

impl Status {
    /// The name in JSON and in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Kept => "kept",
            Status::Converted => "converted",
            Status::Changed => "changed",
            Status::Missing => "missing",
            Status::Added => "added",
        }
    }

    /// Whether the figure is proved to be right.
    pub const fn resolved(self) -> bool {
        match self {
            Status::Kept | Status::Converted => true,
            Status::Changed | Status::Missing | Status::Added => false,
        }
    }
}

/// A figure as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub text: String,
    /// Bytes in the segment's source or target.
    pub span: Span,
}

impl Mention {
    /// What stands at a place of a text.
    pub(super) fn of(text: &str, span: Span) -> Self {
        Mention {
            text: span.of(text).to_owned(),
            span,
        }
    }
}

/// The verdict on one figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub kind: Kind,
    /// The canonical value of the source figure, or of the target figure when
    /// it was added.
    pub value: String,
    pub source: Option<Mention>,
    pub target: Option<Mention>,
    pub status: Status,
}

/// How many figures are not accounted for.
pub fn unresolved(checks: &[Check]) -> usize {
    checks
        .iter()
        .filter(|check| !check.status.resolved())
        .count()
}

/// Compares the figures of a German segment with those of its English
/// translation: one check per figure of the source, in its order, then one
/// per figure that only the target has.
///
/// Figures that are spelled loosely (`beide`, `first`) prove others and are
/// reported only where they are matched.
pub fn compare(source: &str, target: &str) -> Vec<Check> {
    compare_among(source, target, &Cast::of(source))
}

/// The same for a segment of an article whose persons, its own among them, are
/// known: surnames that only other segments vouch for are looked for as well.
pub fn compare_among(source: &str, target: &str, cast: &Cast) -> Vec<Check> {
    let figures = read(source, Language::German);
    let times: Vec<Figure> = (figures.iter())
        .filter(|figure| figure.kind == Kind::Time)
        .cloned()
        .collect();
    let mut alignment = Alignment::new(
        Side::new(source, figures),
        Side::new(target, read(target, Language::English)),
    );
    alignment.align();
    let mut checks = alignment.checks();
    checks.extend(daytime::compare(source, target, &times));
    checks.extend(contrast::compare(source, target));
    checks.extend(season::compare(source, target));
    checks.extend(address::compare(source, target));
    checks.extend(names::compare(source, target, cast));
    checks
}
