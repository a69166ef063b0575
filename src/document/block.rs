//! A block of prose and its way back to the source.

use super::{escape::Escape, kind::BlockKind};
use crate::span::Span;

/// A stretch of prose that is translated as a whole: a paragraph, a heading,
/// a list item, a table cell.
#[derive(Debug, Clone)]
pub struct Block {
    pub kind: BlockKind,
    /// Decoded plain text on one line: inline markup removed, entities decoded,
    /// every run of whitespace (line breaks and no-break spaces included) one
    /// space, soft hyphens and zero-width characters left out, umlauts composed.
    /// Neither starts nor ends with a space.
    pub text: String,
    /// Ascending in both texts; together they cover `text`.
    pub(super) pieces: Vec<Piece>,
    /// In source order, thus ascending by [`Mark::at`].
    pub(super) marks: Vec<Mark>,
    pub(super) escape: Escape,
}

/// A stretch of a block's text and the source bytes it was decoded from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub text: Span,
    pub source: Span,
    /// The two are the same bytes. A piece that is not is one indivisible unit.
    pub verbatim: bool,
}

/// Inline markup that was taken out of a block's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Byte position in the block's text.
    pub at: usize,
    pub source: Span,
    pub role: Role,
    /// What must stand in its place once the words around it are translated
    /// (a Markdown reference that is found by its text).
    pub translated: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Opens markup that the mark with this index closes.
    Open { close: usize, content: Content },
    /// Closes markup that the mark with this index opened.
    Close { open: usize },
    /// Stands alone: an image, a comment.
    Single,
    /// A tag without its partner, which may be in another block: it must keep
    /// its place among its like.
    Half,
    /// Stands alone and is whitespace to the reader: a hard line break.
    Break,
}

/// Whether what stands between a pair of marks may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Prose,
    /// Code and everything else that is not to be translated.
    Protected,
}

impl Mark {
    pub(super) fn written<'a>(&'a self, source: &'a str) -> &'a str {
        self.translated
            .as_deref()
            .unwrap_or_else(|| self.source.of(source))
    }
}

impl Block {
    /// The source bytes behind a span of [`text`](Self::text), from its first
    /// to its last character, with all markup between them and none around.
    /// A span that ends inside an entity takes the whole entity.
    pub fn source_span(&self, span: Span) -> Span {
        let end = span.end.min(self.text.len());
        let start = span.start.min(end);
        if start == end {
            let at = self.source_start(start);
            return Span::new(at, at);
        }
        Span::new(self.source_start(start), self.source_end(end))
    }

    /// The spans of [`text`](Self::text) that must reach the reader as they
    /// are: inline code and text marked as not to be translated. Ascending and
    /// without overlap.
    pub fn protected(&self) -> Vec<Span> {
        self.marks
            .iter()
            .filter_map(|mark| match mark.role {
                Role::Open {
                    close,
                    content: Content::Protected,
                } => self.marks.get(close).map(|end| Span::new(mark.at, end.at)),
                Role::Open { .. }
                | Role::Close { .. }
                | Role::Single
                | Role::Half
                | Role::Break => None,
            })
            .collect()
    }

    /// Where the character at `at` begins in the source.
    fn source_start(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.text.end <= at);
        match self.pieces.get(after) {
            Some(piece) if piece.verbatim => {
                piece.source.start + at.saturating_sub(piece.text.start)
            }
            Some(piece) => piece.source.start,
            None => self.pieces.last().map_or(0, |piece| piece.source.end),
        }
    }

    /// Where the character that ends at `at > 0` ends in the source.
    fn source_end(&self, at: usize) -> usize {
        let holding = self.pieces.partition_point(|piece| piece.text.end < at);
        match self.pieces.get(holding) {
            Some(piece) if piece.verbatim => {
                piece.source.start + at.saturating_sub(piece.text.start)
            }
            Some(piece) => piece.source.end,
            None => self.pieces.last().map_or(0, |piece| piece.source.end),
        }
    }
}
