//! What became of each figure of a German segment in its translation.

use serde::{Deserialize, Serialize};

use super::alignment::{Alignment, Link};
use super::value::Kind;
use super::{Figure, Language, names, read};
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

/// Compares the figures of a German segment with those of its English
/// translation: one check per figure of the source, in its order, then one
/// per figure that only the target has, then the names that were found.
///
/// Figures that are spelled loosely (`beide`, `first`) prove others and are
/// reported only where they are matched.
pub fn compare(source: &str, target: &str) -> Vec<Check> {
    let alignment = Alignment::of(
        (source, read(source, Language::German)),
        (target, read(target, Language::English)),
    );
    let sources = alignment.sources().filter_map(|(figure, link)| {
        let status = match link {
            Some(link) => link.status,
            None if figure.loose => return None,
            None => Status::Missing,
        };
        let partner = link.and_then(|link: Link| alignment.target(link.partner));
        Some(Check {
            kind: figure.kind,
            value: figure.value.canonical(),
            source: Some(Mention::of(source, figure.span)),
            target: partner.map(|partner| Mention::of(target, partner.span)),
            status,
        })
    });
    let added = alignment
        .targets()
        .filter(|(figure, link)| link.is_none() && !figure.loose)
        .map(|(figure, _): (&Figure, _)| Check {
            kind: figure.kind,
            value: figure.value.canonical(),
            source: None,
            target: Some(Mention::of(target, figure.span)),
            status: Status::Added,
        });
    let mut checks: Vec<Check> = sources.chain(added).collect();
    let taken = alignment.sources().map(|(figure, _)| figure.span);
    checks.extend(names::compare(source, target, &taken.collect::<Vec<_>>()));
    checks
}
