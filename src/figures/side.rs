//! One side of a comparison: the figures of a text and their partners.

use super::Figure;
use super::compare::Status;
use super::copied::Copied;
use crate::span::Span;

/// More figures without an equal partner than this are compared in order
/// only: it bounds the pairwise work on hostile input.
pub const MOST_PAIRWISE: usize = 64;

#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// Index of the partner on the other side.
    pub partner: usize,
    pub status: Status,
}

/// One side of a comparison.
pub struct Side<'a> {
    pub text: &'a str,
    pub figures: Vec<Figure>,
    pub links: Vec<Option<Link>>,
    /// Where a figure that this text does not hold stands in the other text,
    /// word for word.
    pub copies: Vec<Option<Span>>,
}

impl<'a> Side<'a> {
    pub fn new(text: &'a str, figures: Vec<Figure>) -> Self {
        Side {
            text,
            links: vec![None; figures.len()],
            copies: vec![None; figures.len()],
            figures,
        }
    }

    /// Figures that have no partner, at most [`MOST_PAIRWISE`] of them.
    pub fn open(&self) -> Vec<(usize, &Figure)> {
        let unlinked = self
            .links
            .iter()
            .zip(&self.figures)
            .enumerate()
            .zip(&self.copies)
            .filter(|((_, (link, _)), copy)| link.is_none() && copy.is_none());
        unlinked
            .map(|(open, _)| open)
            .map(|(index, (_, figure))| (index, figure))
            .take(MOST_PAIRWISE)
            .collect()
    }

    /// Looks for the open figures of this side in the words of the other one
    /// that no figure has taken, but for one that is a part of it: in an English
    /// title within a German text, "May 2019" is a year only.
    pub fn find_copies(&mut self, other: &Side<'_>) {
        let open: Vec<usize> = self.open().into_iter().map(|(index, _)| index).collect();
        if open.is_empty() {
            return;
        }
        let copied = Copied::of(other.text);
        let taken: Vec<(Span, usize)> = other
            .figures
            .iter()
            .zip(&other.links)
            .filter_map(|(figure, link)| Some((figure.span, link.as_ref()?.partner)))
            .collect();
        let free = |span: &Span, index: usize| {
            // Figures do not overlap, so the last one that begins before the
            // end of the span is the only one to ask.
            let next = taken.partition_point(|(figure, _)| figure.start < span.end);
            next.checked_sub(1)
                .and_then(|last| taken.get(last))
                .is_none_or(|(figure, partner)| *partner == index || !figure.overlaps(span))
        };
        for index in open {
            if let Some(figure) = self.figures.get(index)
                && let Some(slot) = self.copies.get_mut(index)
            {
                *slot = copied.find(figure.span.of(self.text), |span| free(span, index));
            }
        }
    }

    pub fn set(&mut self, index: usize, link: Link) {
        if let Some(slot) = self.links.get_mut(index) {
            *slot = Some(link);
        }
    }
}
