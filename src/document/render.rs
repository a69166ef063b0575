//! Puts translations and the markup inside them back into the source.

use std::{collections::BTreeMap, ops::Range};

use super::{
    Rendered, Target,
    align::Alignment,
    block::{Block, Content, Role},
};
use crate::span::Span;

/// Quotes, brackets and stops that may stand together next to a word.
const MOST_PUNCTUATION: usize = 4;

/// See [`Document::render`](super::Document::render).
pub(super) fn render(source: &str, blocks: &[Block], targets: &[Vec<Target>]) -> Rendered {
    let mut out = Output {
        source,
        text: String::with_capacity(source.len() + source.len() / 8),
        cursor: 0,
    };
    let mut spans = Vec::with_capacity(blocks.len());
    for (index, block) in blocks.iter().enumerate() {
        let targets = targets.get(index).map_or(&[] as &[Target], Vec::as_slice);
        spans.push(out.block(block, targets));
    }
    out.copy_to(source.len());
    Rendered {
        text: out.text,
        spans,
    }
}

struct Output<'a> {
    source: &'a str,
    text: String,
    /// How much of the source has been written.
    cursor: usize,
}

impl Output<'_> {
    fn block(&mut self, block: &Block, targets: &[Target]) -> Vec<Span> {
        let changes = targets
            .iter()
            .any(|target| target.span.of(&block.text) != target.text);
        let mut done = 0;
        let mut next_mark = 0;
        let mut spans = Vec::with_capacity(targets.len());
        for target in targets {
            let fits = target.span.start >= done && !target.span.of(&block.text).is_empty();
            if !fits {
                spans.push(Span::new(self.text.len(), self.text.len()));
                continue;
            }
            done = target.span.end;
            let replaced = block.source_span(target.span);
            self.copy_gap(block, &mut next_mark, replaced.start, changes);
            let start = self.text.len();
            if target.span.of(&block.text) == target.text {
                self.copy_to(replaced.end);
            } else {
                let opens_line = target.span.start == 0;
                if inner_marks(block, target.span).is_empty() {
                    block.escape.write(&target.text, opens_line, &mut self.text);
                } else {
                    Weaver::new(self.source, block, target).weave(opens_line, &mut self.text);
                }
                self.cursor = replaced.end;
            }
            spans.push(Span::new(start, self.text.len()));
        }
        let end = block
            .marks
            .last()
            .map_or(self.cursor, |mark| mark.source.end);
        self.copy_gap(block, &mut next_mark, end, changes);
        spans
    }

    /// Copies the source up to `end`, with the marks in between as they must
    /// read in a block that changes.
    fn copy_gap(&mut self, block: &Block, next_mark: &mut usize, end: usize, changes: bool) {
        while let Some(mark) = block
            .marks
            .get(*next_mark)
            .filter(|mark| mark.source.end <= end)
        {
            *next_mark += 1;
            if changes && mark.translated.is_some() && mark.source.start >= self.cursor {
                self.copy_to(mark.source.start);
                self.text.push_str(mark.written(self.source));
                self.cursor = mark.source.end;
            }
        }
        self.copy_to(end);
    }

    fn copy_to(&mut self, end: usize) {
        if end > self.cursor {
            self.text
                .push_str(Span::new(self.cursor, end).of(self.source));
            self.cursor = end;
        }
    }
}

/// The marks strictly inside a span of the block's text, by index.
fn inner_marks(block: &Block, span: Span) -> Range<usize> {
    let first = block.marks.partition_point(|mark| mark.at <= span.start);
    let end = block.marks.partition_point(|mark| mark.at < span.end);
    first..end.max(first)
}

/// Weaves the markup inside one target's source into its translation.
struct Weaver<'a> {
    source: &'a str,
    block: &'a Block,
    target: &'a Target,
    alignment: Alignment,
    nodes: Vec<Node>,
}

/// Markup that goes into the translation: one pair, or one mark alone.
struct Node {
    shape: Shape,
    parent: Option<usize>,
    /// Where it goes, in the target's text.
    range: Span,
}

#[derive(Clone, Copy)]
enum Shape {
    /// A pair; a side that lies outside the target is `None`.
    Pair {
        open: Option<usize>,
        close: Option<usize>,
    },
    /// A protected pair that takes the place of the same words in the target.
    Replacement {
        open: usize,
        close: usize,
    },
    /// A protected pair whose words the translation lost.
    Insertion {
        open: usize,
        close: usize,
    },
    Single(usize),
}

impl<'a> Weaver<'a> {
    fn new(source: &'a str, block: &'a Block, target: &'a Target) -> Self {
        Weaver {
            source,
            block,
            target,
            alignment: Alignment::new(target.span.of(&block.text), &target.text),
            nodes: Vec::new(),
        }
    }

    fn weave(mut self, opens_line: bool, out: &mut String) {
        self.collect();
        let order = self.place();
        self.write(&order, opens_line, out);
    }

    /// Makes the nodes, parents before children.
    fn collect(&mut self) {
        let inner = inner_marks(self.block, self.target.span);
        // Pairs opened before the target close inside it from the innermost
        // out; as nodes they come from the outermost in.
        let mut stack: Vec<usize> = Vec::new();
        let closed_only: Vec<usize> = inner
            .clone()
            .filter(|&index| matches!(self.role(index), Some(Role::Close { open }) if !inner.contains(&open)))
            .collect();
        for close in closed_only.into_iter().rev() {
            self.push(
                Shape::Pair {
                    open: None,
                    close: Some(close),
                },
                &mut stack,
            );
        }
        let mut index = inner.start;
        while index < inner.end {
            match self.role(index) {
                Some(Role::Open { close, content }) => {
                    let whole = inner.contains(&close);
                    if content == Content::Protected && whole {
                        let shape = match self.same_words(index, close) {
                            Some(_) => Shape::Replacement { open: index, close },
                            None => Shape::Insertion { open: index, close },
                        };
                        self.push(shape, &mut stack);
                        stack.pop();
                        index = close;
                    } else {
                        let close = whole.then_some(close);
                        self.push(
                            Shape::Pair {
                                open: Some(index),
                                close,
                            },
                            &mut stack,
                        );
                    }
                }
                Some(Role::Close { .. }) => {
                    stack.pop();
                }
                Some(Role::Single | Role::Break) => {
                    self.push(Shape::Single(index), &mut stack);
                    stack.pop();
                }
                None => {}
            }
            index += 1;
        }
    }

    fn push(&mut self, shape: Shape, stack: &mut Vec<usize>) {
        self.nodes.push(Node {
            shape,
            parent: stack.last().copied(),
            range: Span::new(0, 0),
        });
        stack.push(self.nodes.len() - 1);
    }

    /// Gives every node its range, inside its parent's and beside its
    /// siblings', and returns the children of each node in target order; the
    /// last list is the roots'.
    fn place(&mut self) -> Vec<Vec<usize>> {
        let roots = self.nodes.len();
        let mut placed: Vec<Siblings> = Vec::new();
        placed.resize_with(roots + 1, Siblings::default);
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
            };
            siblings.insert(range, index);
            let is_whole = match shape {
                Shape::Replacement { open, close } => self.same_words(open, close) == Some(range),
                Shape::Pair { .. } | Shape::Insertion { .. } | Shape::Single(_) => true,
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
            Shape::Single(index) => clip_place(self.single_place(index)),
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
    fn same_words(&self, open: usize, close: usize) -> Option<Span> {
        let source = self.words_of(Some(open), Some(close));
        let words = source.of(self.target.span.of(&self.block.text)).trim();
        if words.is_empty() {
            return None;
        }
        let expected = self.alignment.range(source).map_or(0, |range| range.start);
        self.target
            .text
            .match_indices(words)
            .min_by_key(|(at, _)| at.abs_diff(expected))
            .map(|(at, _)| Span::new(at, at + words.len()))
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

    fn role(&self, mark: usize) -> Option<Role> {
        self.block.marks.get(mark).map(|mark| mark.role)
    }

    /// Writes text and markup in order, without recursion: markup may nest as
    /// deep as its author likes.
    fn write(&self, children: &[Vec<usize>], opens_line: bool, out: &mut String) {
        let mut writer = Writer {
            weaver: self,
            cursor: 0,
            opens_line,
            out,
        };
        let roots = children.last().map_or(&[] as &[usize], Vec::as_slice);
        let mut stack: Vec<(Option<&Node>, std::slice::Iter<'_, usize>)> =
            vec![(None, roots.iter())];
        while let Some((node, rest)) = stack.last_mut() {
            match rest.next() {
                Some(&child) => {
                    if let (Some(node), Some(own)) = (self.nodes.get(child), children.get(child)) {
                        writer.open(node);
                        stack.push((Some(node), own.iter()));
                    }
                }
                None => {
                    if let Some(node) = node {
                        writer.close(node);
                    }
                    stack.pop();
                }
            }
        }
        writer.text_to(self.target.text.len());
    }
}

struct Writer<'w, 'a> {
    weaver: &'w Weaver<'a>,
    /// How much of the target's text has been written.
    cursor: usize,
    opens_line: bool,
    out: &'w mut String,
}

impl Writer<'_, '_> {
    fn open(&mut self, node: &Node) {
        self.text_to(node.range.start);
        match node.shape {
            Shape::Pair {
                open: Some(open), ..
            } => self.mark(open),
            Shape::Pair { open: None, .. } => {}
            Shape::Replacement { open, close } => {
                self.source(open, close);
                self.cursor = self.cursor.max(node.range.end);
            }
            Shape::Insertion { open, close } => {
                let text = &self.weaver.target.text;
                let after_word = text
                    .get(..self.cursor)
                    .is_some_and(|before| before.ends_with(char::is_alphanumeric));
                let before_word = text
                    .get(self.cursor..)
                    .is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
                if after_word {
                    self.out.push(' ');
                }
                self.source(open, close);
                if before_word {
                    self.out.push(' ');
                }
            }
            Shape::Single(index) => {
                if matches!(self.weaver.role(index), Some(Role::Break)) && self.out.ends_with(' ') {
                    // The break is the space.
                    self.out.pop();
                }
                self.mark(index);
            }
        }
    }

    fn close(&mut self, node: &Node) {
        if let Shape::Pair { close, .. } = node.shape {
            self.text_to(node.range.end);
            if let Some(close) = close {
                self.mark(close);
            }
        }
    }

    fn text_to(&mut self, end: usize) {
        if end > self.cursor {
            let text = Span::new(self.cursor, end).of(&self.weaver.target.text);
            self.weaver
                .block
                .escape
                .write(text, self.opens_line, self.out);
            self.cursor = end;
            self.opens_line = false;
        }
    }

    fn mark(&mut self, index: usize) {
        if let Some(mark) = self.weaver.block.marks.get(index) {
            self.out.push_str(mark.written(self.weaver.source));
            self.opens_line = false;
        }
    }

    /// The source from one mark to another, both included.
    fn source(&mut self, open: usize, close: usize) {
        let marks = &self.weaver.block.marks;
        let start = marks.get(open).map(|mark| mark.source.start);
        let end = marks.get(close).map(|mark| mark.source.end);
        if let (Some(start), Some(end)) = (start, end) {
            self.out
                .push_str(Span::new(start, end).of(self.weaver.source));
            self.opens_line = false;
        }
    }
}

/// The ranges of the children of one node: disjoint, in target order.
#[derive(Default)]
struct Siblings {
    /// By start and, where two start alike, by end and age: an empty range goes
    /// before a longer one.
    placed: BTreeMap<(usize, usize, usize), ()>,
}

impl Siblings {
    /// The part of `wanted` that is free, or the free place next to it.
    fn fit(&self, wanted: Span) -> Span {
        let before = self
            .placed
            .range(..=(wanted.start, usize::MAX, usize::MAX))
            .next_back();
        let start = before.map_or(wanted.start, |((_, end, _), ())| wanted.start.max(*end));
        // Empty ranges at the same start are no obstacle.
        let after = self.placed.range((start, start + 1, 0)..).next();
        let free_to = after.map_or(usize::MAX, |((next, ..), ())| *next);
        Span::new(start, wanted.end.clamp(start, free_to.max(start)))
    }

    fn insert(&mut self, range: Span, node: usize) {
        self.placed.insert((range.start, range.end, node), ());
    }

    /// Where the last of them ends.
    fn end(&self) -> usize {
        self.placed
            .last_key_value()
            .map_or(0, |((_, end, _), ())| *end)
    }

    fn into_order(self) -> Vec<usize> {
        self.placed.into_keys().map(|(_, _, node)| node).collect()
    }
}
