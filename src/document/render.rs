//! Puts translations and the markup inside them back into the source.

use std::ops::Range;

use super::{
    Rendered, Target,
    block::Block,
    weave::{self, Weaver},
};
use crate::span::Span;

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

/// A span of the source, grown over the marks that go with it.
fn with_marks(span: Span, block: &Block, marks: &Range<usize>) -> Span {
    let marks = block.marks.get(marks.clone()).unwrap_or(&[]);
    let start = marks.first().map_or(span.start, |mark| mark.source.start);
    let end = marks.last().map_or(span.end, |mark| mark.source.end);
    Span::new(span.start.min(start), span.end.max(end))
}

struct Output<'a> {
    source: &'a str,
    text: String,
    /// How much of the source has been written.
    cursor: usize,
}

impl Output<'_> {
    fn block(&mut self, block: &Block, targets: &[Target]) -> Vec<Span> {
        let protected = block.protected();
        let stays = |target: &Target| {
            target.span.of(&block.text) == target.text || target.span.is_within(&protected)
        };
        let changes = !targets.iter().all(stays);
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
            let marks = weave::inner_marks(block, target.span);
            let replaced = with_marks(block.source_span(target.span), block, &marks);
            self.copy_gap(block, &mut next_mark, replaced.start, changes);
            let start = self.text.len();
            if stays(target) {
                self.copy_to(replaced.end);
            } else {
                let opens_line = target.span.start == 0;
                if marks.is_empty() {
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
