//! Which figure of a source became which of its translation: equal values
//! first, then related ones, then what is left over.

use std::collections::{HashMap, VecDeque};

use super::Figure;
use super::compare::{Check, Mention, Status};
use super::copied::Copied;
use super::likeness::unlikeness;
use super::relation::{is_day_of, relate};
use super::swap;
use super::unit::Dimension;
use super::value::{Measure, Value};
use crate::span::Span;

/// More figures without an equal partner than this are compared in order
/// only: it bounds the pairwise work on hostile input.
const MOST_PAIRWISE: usize = 64;

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
    copies: Vec<Option<Span>>,
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
    fn open(&self) -> Vec<(usize, &Figure)> {
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
    /// that no figure has taken.
    fn find_copies(&mut self, other: &Side<'_>) {
        let open: Vec<usize> = self.open().into_iter().map(|(index, _)| index).collect();
        if open.is_empty() {
            return;
        }
        let copied = Copied::of(other.text);
        let taken: Vec<Span> = other
            .figures
            .iter()
            .zip(&other.links)
            .filter(|(_, link)| link.is_some())
            .map(|(figure, _)| figure.span)
            .collect();
        let free = |span: &Span| {
            // Figures do not overlap, so the last one that begins before the
            // end of the span is the only one to ask.
            let next = taken.partition_point(|figure| figure.start < span.end);
            next.checked_sub(1)
                .and_then(|last| taken.get(last))
                .is_none_or(|figure| !figure.overlaps(span))
        };
        for index in open {
            if let Some(figure) = self.figures.get(index)
                && let Some(slot) = self.copies.get_mut(index)
            {
                *slot = copied.find(figure.span.of(self.text), free);
            }
        }
    }

    fn set(&mut self, index: usize, link: Link) {
        if let Some(slot) = self.links.get_mut(index) {
            *slot = Some(link);
        }
    }
}

/// A source and its translation, and which figures belong together.
pub struct Alignment<'a> {
    source: Side<'a>,
    target: Side<'a>,
}

impl<'a> Alignment<'a> {
    pub fn new(source: Side<'a>, target: Side<'a>) -> Self {
        Alignment { source, target }
    }

    /// Finds what became of every figure.
    pub fn align(&mut self) {
        self.match_equal();
        self.match_related();
        self.match_parts();
        self.match_days();
        self.match_repeated();
        self.match_copied();
        self.pair_changed();
        self.find_swapped();
        self.find_lost_measures();
        self.find_contradictions();
    }

    fn link(&mut self, source: usize, target: usize, status: Status) {
        self.source.set(
            source,
            Link {
                partner: target,
                status,
            },
        );
        self.target.set(
            target,
            Link {
                partner: source,
                status,
            },
        );
    }

    /// Equal values in the order of the text; firm figures choose first.
    fn match_equal(&mut self) {
        for (loose_source, loose_target) in
            [(false, false), (false, true), (true, false), (true, true)]
        {
            let mut waiting: HashMap<Value, VecDeque<usize>> = HashMap::new();
            for (index, figure) in self.target.figures.iter().enumerate() {
                if figure.loose == loose_target
                    && self.target.links.get(index).is_some_and(Option::is_none)
                {
                    waiting
                        .entry(figure.value.clone())
                        .or_default()
                        .push_back(index);
                }
            }
            let mut found = Vec::new();
            for (index, figure) in self.source.figures.iter().enumerate() {
                if figure.loose == loose_source
                    && self.source.links.get(index).is_some_and(Option::is_none)
                    && let Some(partner) =
                        waiting.get_mut(&figure.value).and_then(VecDeque::pop_front)
                {
                    found.push((index, partner));
                }
            }
            for (source, target) in found {
                self.link(source, target, Status::Kept);
            }
        }
    }

    /// Values that mean the same in another form; the cheapest pairs first,
    /// near positions before far ones.
    fn match_related(&mut self) {
        let mut pairs = Vec::new();
        for (place, (source, one)) in self.source.open().into_iter().enumerate() {
            for (other_place, (target, other)) in self.target.open().into_iter().enumerate() {
                if let Some(relation) = relate(&one.value, &other.value) {
                    let looseness = u32::from(one.loose) + u32::from(other.loose);
                    let status = if relation.converted {
                        Status::Converted
                    } else {
                        Status::Kept
                    };
                    pairs.push((
                        looseness * 10 + relation.cost,
                        place.abs_diff(other_place),
                        source,
                        target,
                        status,
                    ));
                }
            }
        }
        pairs.sort_by_key(|&(cost, distance, source, target, _)| (cost, distance, source, target));
        self.link_free(
            pairs
                .into_iter()
                .map(|(_, _, source, target, status)| (source, target, status)),
        );
    }

    fn link_free(&mut self, pairs: impl Iterator<Item = (usize, usize, Status)>) {
        for (source, target, status) in pairs {
            let free =
                |side: &Side<'_>, index: usize| side.links.get(index).is_some_and(Option::is_none);
            if free(&self.source, source) && free(&self.target, target) {
                self.link(source, target, status);
            }
        }
    }

    /// Ranges and dates whose parts are spread over several figures of the
    /// other side: „5. und 6. Juni“ ↔ "June 5 and 6".
    fn match_parts(&mut self) {
        struct Part {
            owner: usize,
            value: Value,
            partner: Option<usize>,
        }
        let split = |side: &Side<'_>| -> Vec<Part> {
            side.open()
                .into_iter()
                .flat_map(|(owner, figure)| {
                    figure.value.parts().into_iter().map(move |value| Part {
                        owner,
                        value,
                        partner: None,
                    })
                })
                .collect()
        };
        let (mut sources, mut targets) = (split(&self.source), split(&self.target));
        let mut pairs = Vec::new();
        for (s, one) in sources.iter().enumerate() {
            for (t, other) in targets.iter().enumerate() {
                if let Some(relation) = relate(&one.value, &other.value) {
                    pairs.push((relation.cost, s.abs_diff(t), s, t));
                }
            }
        }
        pairs.sort_unstable();
        for (_, _, s, t) in pairs {
            if let (Some(one), Some(other)) = (sources.get_mut(s), targets.get_mut(t))
                && one.partner.is_none()
                && other.partner.is_none()
            {
                one.partner = Some(other.owner);
                other.partner = Some(one.owner);
            }
        }
        let settle = |parts: &[Part], side: &mut Side<'_>| {
            let mut at = 0;
            while let Some(first) = parts.get(at) {
                let own = parts
                    .iter()
                    .skip(at)
                    .take_while(|part| part.owner == first.owner);
                let (count, partner) = own.fold((0, first.partner), |(n, partner), part| {
                    (n + 1, partner.filter(|_| part.partner.is_some()))
                });
                if let Some(partner) = partner {
                    side.set(
                        first.owner,
                        Link {
                            partner,
                            status: Status::Kept,
                        },
                    );
                }
                at += count;
            }
        };
        settle(&sources, &mut self.source);
        settle(&targets, &mut self.target);
    }

    /// „der 1. und der 7. Juli“ ↔ "July 1 and July 7". The day may have been
    /// taken already, as a part of the very date.
    fn match_days(&mut self) {
        let mut pairs = Vec::new();
        for (target, other) in self.target.open() {
            let mut days = self.source.figures.iter().zip(&self.source.links);
            let day = days.position(|(figure, link)| {
                link.is_none_or(|link| link.partner == target)
                    && is_day_of(&figure.value, &other.value)
            });
            pairs.extend(day.map(|source| (source, target)));
        }
        for (source, target) in pairs {
            self.link(source, target, Status::Kept);
        }
    }

    /// A target figure that repeats a value of the source adds nothing.
    fn match_repeated(&mut self) {
        let known: HashMap<Value, usize> = self
            .source
            .figures
            .iter()
            .enumerate()
            .map(|(index, figure)| (figure.value.clone(), index))
            .collect();
        for (figure, link) in self.target.figures.iter().zip(&mut self.target.links) {
            if link.is_none()
                && let Some(partner) = known.get(&figure.value)
            {
                *link = Some(Link {
                    partner: *partner,
                    status: Status::Kept,
                });
            }
        }
    }

    /// Names and titles that hold a figure and are not translated: „Ernst
    /// August“, „Fridays for Future“, „Welt am Sonntag“.
    fn match_copied(&mut self) {
        self.source.find_copies(&self.target);
        self.target.find_copies(&self.source);
    }

    /// What is left over on both sides is paired by sort, likeness and order.
    fn pair_changed(&mut self) {
        let mut pairs = Vec::new();
        for (place, (source, one)) in self.source.open().into_iter().enumerate() {
            for (other_place, (target, other)) in self.target.open().into_iter().enumerate() {
                if let Some(cost) =
                    unlikeness(&one.value, &other.value).filter(|_| !one.loose && !other.loose)
                {
                    pairs.push((cost + 2 * place.abs_diff(other_place), source, target));
                }
            }
        }
        pairs.sort_unstable();
        self.link_free(
            pairs
                .into_iter()
                .map(|(_, source, target)| (source, target, Status::Changed)),
        );
    }

    /// Figures that are all there and have changed places.
    fn find_swapped(&mut self) {
        for (source, target) in swap::find(&self.source, &self.target) {
            self.link(source, target, Status::Changed);
        }
    }

    /// „25 Prozent“ ↔ "25". A measure that another figure of the translation
    /// names may be left out: "between 25 and 30 percent".
    fn find_lost_measures(&mut self) {
        let mut lost = Vec::new();
        for (index, (figure, link)) in self
            .source
            .figures
            .iter()
            .zip(&self.source.links)
            .enumerate()
        {
            let Value::Amount { measure, .. } = &figure.value else {
                continue;
            };
            if let Some(link) = link
                && link.status.resolved()
                && let Some(other) = self.target.figures.get(link.partner)
                && is_bare_count(&other.value)
                && must_be_named(*measure)
                && !figure.loose
                && !self.target.figures.iter().any(|figure| {
                    figure
                        .value
                        .measure()
                        .is_some_and(|named| named == *measure)
                })
            {
                lost.push((index, link.partner));
            }
        }
        for (source, target) in lost {
            self.link(source, target, Status::Changed);
        }
    }

    /// „mehr als 100“ ↔ "less than 100".
    fn find_contradictions(&mut self) {
        let mut contradictions = Vec::new();
        for (index, (figure, link)) in self
            .source
            .figures
            .iter()
            .zip(&self.source.links)
            .enumerate()
        {
            if let Some(Link { partner, status }) = link
                && status.resolved()
                && let Some(other) = self.target.figures.get(*partner)
                && let (Some(one), Some(other)) = (figure.approximation, other.approximation)
                && one.contradicts(other)
            {
                contradictions.push((index, *partner));
            }
        }
        for (source, target) in contradictions {
            self.link(source, target, Status::Changed);
        }
    }

    /// The verdicts, in the order of the source, then of the target.
    pub fn checks(&self) -> Vec<Check> {
        let mention = |text: &str, span: Span| Mention {
            text: span.of(text).to_owned(),
            span,
        };
        let (source, target) = (self.source.text, self.target.text);
        let sources = self
            .source
            .figures
            .iter()
            .zip(&self.source.links)
            .zip(&self.source.copies)
            .filter_map(|((figure, link), copy)| {
                let status = match (link, copy) {
                    (Some(link), _) => link.status,
                    (None, _) if figure.loose => return None,
                    (None, Some(_)) => Status::Kept,
                    (None, None) => Status::Missing,
                };
                let partner = link.and_then(|link| self.target.figures.get(link.partner));
                let there = partner.map(|partner| partner.span).or(*copy);
                Some(Check {
                    kind: figure.kind,
                    value: figure.value.canonical(),
                    source: Some(mention(source, figure.span)),
                    target: there.map(|span| mention(target, span)),
                    status,
                })
            });
        let added = self.target.figures.iter().zip(&self.target.links);
        let added = added
            .zip(&self.target.copies)
            .filter(|((figure, link), copy)| link.is_none() && copy.is_none() && !figure.loose)
            .map(|((figure, _), _)| Check {
                kind: figure.kind,
                value: figure.value.canonical(),
                source: None,
                target: Some(mention(target, figure.span)),
                status: Status::Added,
            });
        sources.chain(added).collect()
    }
}

/// Ages and lengths of time go without their unit: "he died at 82".
fn must_be_named(measure: Measure) -> bool {
    match measure {
        Measure::Count | Measure::Age => false,
        Measure::Unit(unit) => unit.dimension() != Dimension::Time,
        Measure::Percent | Measure::PercentagePoints | Measure::PerMille | Measure::Money(_) => {
            true
        }
    }
}

fn is_bare_count(value: &Value) -> bool {
    matches!(
        value,
        Value::Amount {
            measure: Measure::Count,
            ..
        }
    )
}
