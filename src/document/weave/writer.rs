//! Writes a translation with its markup.

use super::{Node, Shape, Weaver};
use crate::{document::block::Role, span::Span};

pub(super) struct Writer<'w, 'a> {
    pub(super) weaver: &'w Weaver<'a>,
    /// How much of the target's text has been written.
    pub(super) cursor: usize,
    pub(super) opens_line: bool,
    pub(super) out: &'w mut String,
}

impl Writer<'_, '_> {
    pub fn open(&mut self, node: &Node, is_leaf: bool) {
        self.text_to(node.range.start);
        if is_leaf && self.is_lost(node) {
            return;
        }
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
            Shape::Half(index) => self.mark(index),
            Shape::Single(index) => {
                if matches!(self.weaver.role(index), Some(Role::Break)) && self.out.ends_with(' ') {
                    // The break is the space.
                    self.out.pop();
                }
                self.mark(index);
            }
        }
    }

    pub fn close(&mut self, node: &Node, is_leaf: bool) {
        if let Shape::Pair { close, .. } = node.shape {
            self.text_to(node.range.end);
            if is_leaf && self.is_lost(node) {
                return;
            }
            if let Some(close) = close {
                self.mark(close);
            }
        }
    }

    /// Emphasis whose words the translation lost: Markdown would show its
    /// delimiters.
    fn is_lost(&self, node: &Node) -> bool {
        let Shape::Pair {
            open: Some(open),
            close: Some(_),
        } = node.shape
        else {
            return false;
        };
        let block = self.weaver.block;
        let is_delimiter = block.marks.get(open).is_some_and(|mark| {
            mark.written(self.weaver.source)
                .starts_with(['*', '_', '~'])
        });
        node.range.is_empty() && block.escape.is_markdown() && is_delimiter
    }

    pub fn text_to(&mut self, end: usize) {
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
