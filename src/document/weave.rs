//! Puts the inline markup of a sentence around the words of its translation.
//!
//! The marks inside the sentence form a tree: pairs with pairs and lone marks
//! in them. [`Alignment`] says where each belongs; parents bound their children
//! and siblings keep clear of each other, so that whatever the alignment says
//! the result is nested and complete.

mod place;
mod siblings;
mod writer;

use std::ops::Range;

use super::{
    Target,
    align::Alignment,
    block::{Block, Content, Role},
};
use crate::span::Span;
use writer::Writer;

/// The marks that go with a span of the block's text, by index: those strictly
/// inside and both sides of a protected pair that begins or ends with the span.
pub(super) fn inner_marks(block: &Block, span: Span) -> Range<usize> {
    let starting = block.marks.partition_point(|mark| mark.at < span.start);
    let inside = block.marks.partition_point(|mark| mark.at <= span.start);
    let ending = block.marks.partition_point(|mark| mark.at < span.end);
    let protected_to = |index: usize| match block.marks.get(index)?.role {
        Role::Open {
            close,
            content: Content::Protected,
        } => block
            .marks
            .get(close)
            .is_some_and(|mark| (span.start + 1..=span.end).contains(&mark.at))
            .then_some(close),
        Role::Open { .. } | Role::Close { .. } | Role::Single | Role::Half | Role::Break => None,
    };
    let first = (starting..inside)
        .find(|&index| protected_to(index).is_some())
        .unwrap_or(inside);
    // Pairs nest, and protected ones hold no other: the last one reaches furthest.
    let end = (first..ending)
        .rev()
        .find_map(protected_to)
        .map_or(ending, |close| ending.max(close + 1));
    first..end.max(first)
}

/// Weaves the markup inside one target's source into its translation.
pub(super) struct Weaver<'a> {
    source: &'a str,
    block: &'a Block,
    target: &'a Target,
    alignment: Alignment<'a>,
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
    /// A lone tag, which stays behind those before it.
    Half(usize),
}

impl<'a> Weaver<'a> {
    pub fn new(source: &'a str, block: &'a Block, target: &'a Target) -> Self {
        Weaver {
            source,
            block,
            target,
            alignment: Alignment::new(target.span.of(&block.text), &target.text),
            nodes: Vec::new(),
        }
    }

    pub fn weave(mut self, opens_line: bool, out: &mut String) {
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
                Some(Role::Half) => {
                    self.push(Shape::Half(index), &mut stack);
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
        let mut stack = vec![(None, roots.is_empty(), roots.iter())];
        while let Some((node, is_leaf, rest)) = stack.last_mut() {
            match rest.next() {
                Some(&child) => {
                    if let (Some(node), Some(own)) = (self.nodes.get(child), children.get(child)) {
                        writer.open(node, own.is_empty());
                        stack.push((Some(node), own.is_empty(), own.iter()));
                    }
                }
                None => {
                    if let Some(node) = *node {
                        writer.close(node, *is_leaf);
                    }
                    stack.pop();
                }
            }
        }
        writer.text_to(self.target.text.len());
    }
}
