//! Keeps the children of one markup element apart.

use std::collections::BTreeSet;

use crate::span::Span;

/// The ranges of the children of one node: disjoint, in target order.
#[derive(Default)]
pub(super) struct Siblings {
    /// By start and, where two start alike, by end and age: an empty range goes
    /// before a longer one.
    placed: BTreeSet<(usize, usize, usize)>,
}

impl Siblings {
    /// The part of `wanted` that is free, or the free place next to it.
    pub fn fit(&self, wanted: Span) -> Span {
        let before = self
            .placed
            .range(..=(wanted.start, usize::MAX, usize::MAX))
            .next_back();
        let start = before.map_or(wanted.start, |(_, end, _)| wanted.start.max(*end));
        // Empty ranges at the same start are no obstacle.
        let after = self.placed.range((start, start + 1, 0)..).next();
        let free_to = after.map_or(usize::MAX, |(next, ..)| *next);
        Span::new(start, wanted.end.clamp(start, free_to.max(start)))
    }

    pub fn insert(&mut self, range: Span, node: usize) {
        self.placed.insert((range.start, range.end, node));
    }

    /// Where the last of them ends.
    pub fn end(&self) -> usize {
        self.placed.last().map_or(0, |(_, end, _)| *end)
    }

    pub fn into_order(self) -> Vec<usize> {
        self.placed.into_iter().map(|(_, _, node)| node).collect()
    }
}
