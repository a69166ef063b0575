//! Where each mark of the source stands among the words of the target.

use super::siblings::Siblings;
use super::{Shape, Weaver};
use crate::span::Span;

/// Quotes, brackets and stops that may stand together next to a word.
const MOST_PUNCTUATION: usize = 4;

/// How far from where they are expected protected words are searched, in bytes:
/// far enough for a sentence, but not through a whole book for each.
const SEARCHED: usize = 300;

impl Weaver<'_> {
    /// Gives every node its range, inside its parent's and beside its
    /// siblings', and returns the children of each node in target order; the
    /// last list is the roots'.
    pub(super) fn place(&mut self) -> Vec<Vec<usize>> {
        let roots = self.nodes.len();
        let mut placed: Vec<Siblings> = Vec::new();
        placed.resize_with(roots + 1, Siblings::default);
        let mut last_half = 0;
        for index in 0..roots {
            let Some(node) = self.nodes.get(index) else {
                continue;
            };
            let (shape, parent) = (node.shape, node.parent);
            let bounds = match parent.and_then(|parent| self.nodes.get(parent)) {
                Some(parent) => parent.range,
                None => Span::new(0, self.target.text.len()),
            };
            let wanted = self.wanted(shape, bounds);
            let Some(siblings) = placed.get_mut(parent.unwrap_or(roots)) else {
                continue;
            };
            let range = match shape {
                // Reaches into the next sentence: nothing may follow it.
                Shape::Pair { close: None, .. } => {
                    Span::new(wanted.start.max(siblings.end()).min(bounds.end), bounds.end)
                }
                Shape::Pair { .. }
                | Shape::Replacement { .. }
                | Shape::Insertion { .. }
                | Shape::Single(_) => siblings.fit(wanted),
                Shape::Half(_) => {
                    let at = wanted.start.max(last_half);
                    siblings.fit(Span::new(at, at))
                }
            };
            let range = match shape {
                Shape::Pair {
                    open: Some(_),
                    close: Some(_),
                } => self.at_words(range, wanted),
                Shape::Half(_) => {
                    last_half = range.end;
                    range
                }
                Shape::Pair { .. }
                | Shape::Replacement { .. }
                | Shape::Insertion { .. }
                | Shape::Single(_) => range,
            };
            siblings.insert(range, index);
            let is_whole = match shape {
                Shape::Replacement { open, close } => self.same_words(open, close) == Some(range),
                Shape::Pair { .. }
                | Shape::Insertion { .. }
                | Shape::Single(_)
                | Shape::Half(_) => true,
            };
            if let Some(node) = self.nodes.get_mut(index) {
                node.range = range;
                // Half of the words cannot be replaced by all of them.
                if !is_whole && let Shape::Replacement { open, close } = shape {
                    node.shape = Shape::Insertion { open, close };
                    node.range = Span::new(range.end, range.end);
                }
            }
        }
        placed.into_iter().map(Siblings::into_order).collect()
    }

    /// Where a node should go, inside `bounds`, its siblings not considered.
    fn wanted(&self, shape: Shape, bounds: Span) -> Span {
        let clip = |span: Span| {
            let start = span.start.clamp(bounds.start, bounds.end);
            Span::new(start, span.end.clamp(start, bounds.end))
        };
        let clip_place = |at: usize| clip(Span::new(at, at));
        match shape {
            Shape::Replacement { open, close } => match self.same_words(open, close) {
                Some(span) => clip(span),
                None => clip_place(self.single_place(open)),
            },
            Shape::Insertion { open, .. } => clip_place(self.single_place(open)),
            Shape::Single(index) | Shape::Half(index) => clip_place(self.single_place(index)),
            Shape::Pair { open, close } => {
                let source = self.words_of(open, close);
                let span = match self.alignment.range(source) {
                    Some(range) => self.with_punctuation(range, source),
                    None => {
                        let at = open.or(close).map_or(0, |mark| self.single_place(mark));
                        Span::new(at, at)
                    }
                };
                clip(Span::new(
                    if open.is_none() {
                        bounds.start
                    } else {
                        span.start
                    },
                    if close.is_none() {
                        bounds.end
                    } else {
                        span.end
                    },
                ))
            }
        }
    }

    /// The span between two marks in the target's source text.
    fn words_of(&self, open: Option<usize>, close: Option<usize>) -> Span {
        let start = open.map_or(0, |open| self.at(open));
        let end = close.map_or(self.target.span.len(), |close| self.at(close));
        Span::new(start, end)
    }

    /// Where the words between two marks occur unchanged in the translation,
    /// nearest to where they are expected.
    pub(super) fn same_words(&self, open: usize, close: usize) -> Option<Span> {
        let source = self.words_of(Some(open), Some(close));
        let words = source.of(self.target.span.of(&self.block.text)).trim();
        if words.is_empty() {
            return None;
        }
        let expected = self.alignment.range(source).map_or(0, |range| range.start);
        let text = &self.target.text;
        let from = text.floor_char_boundary(expected.saturating_sub(SEARCHED));
        let to = text.ceil_char_boundary(expected + words.len() + SEARCHED);
        text.get(from..to)?
            .match_indices(words)
            .map(|(at, _)| from + at)
            .min_by_key(|at| at.abs_diff(expected))
            .map(|at| Span::new(at, at + words.len()))
    }

    /// Grows a range over the quotes, brackets and stops around it that its
    /// source range includes, too.
    fn with_punctuation(&self, range: Span, source: Span) -> Span {
        let is_mark = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        let words = source.of(self.target.span.of(&self.block.text)).trim();
        let leading = words
            .chars()
            .take(MOST_PUNCTUATION)
            .take_while(|&c| is_mark(c))
            .count();
        let trailing = words
            .chars()
            .rev()
            .take(MOST_PUNCTUATION)
            .take_while(|&c| is_mark(c))
            .count();
        let text = &self.target.text;
        let before = text.get(..range.start).unwrap_or("");
        let after = text.get(range.end..).unwrap_or("");
        let grown_left: usize = before
            .chars()
            .rev()
            .take(leading)
            .take_while(|&c| is_mark(c))
            .map(char::len_utf8)
            .sum();
        let grown_right: usize = after
            .chars()
            .take(trailing)
            .take_while(|&c| is_mark(c))
            .map(char::len_utf8)
            .sum();
        Span::new(range.start - grown_left, range.end + grown_right)
    }

    /// A pair holds no space at its edges, and begins and ends with a word
    /// where siblings have cut it: Markdown's would not be read.
    fn at_words(&self, range: Span, wanted: Span) -> Span {
        let is_edge = |c: char, cut: bool| c.is_whitespace() || (cut && !c.is_alphanumeric());
        let text = range.of(&self.target.text);
        let text = text.trim_end_matches(|c| is_edge(c, range.end != wanted.end));
        let words = text.trim_start_matches(|c| is_edge(c, range.start != wanted.start));
        let end = range.start + text.len();
        Span::new(end - words.len(), end)
    }

    fn single_place(&self, mark: usize) -> usize {
        let at = self.at(mark);
        let text = self.target.span.of(&self.block.text);
        let follows_space = text
            .get(..at)
            .is_none_or(|before| before.is_empty() || before.ends_with(' '));
        self.alignment.place(at, !follows_space)
    }

    /// Position of a mark in the target's source text.
    fn at(&self, mark: usize) -> usize {
        self.block
            .marks
            .get(mark)
            .map_or(0, |mark| mark.at.saturating_sub(self.target.span.start))
    }
}
