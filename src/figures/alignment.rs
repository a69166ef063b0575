//! Which figure of a source became which of its translation: equal values
//! first, then related ones, then what is left over.

use super::Figure;
use super::compare::{Check, Mention, Status};
use super::daytime;
use super::doubt;
use super::kind::Kind;
use super::likeness::unlikeness;
use super::parts;
use super::relation::{is_day_of, relate};
use super::repeat;
use super::side::{Link, MOST_PAIRWISE, Side};
use super::value::Value;
use std::collections::{HashMap, VecDeque};

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
        let nights = daytime::nights(&self.source, &self.target);
        self.link_free(
            nights
                .into_iter()
                .map(|(source, target)| (source, target, Status::Converted)),
        );
        // What is copied is not missed, so nothing can have taken its place.
        self.match_copied();
        self.pair_usurped();
        self.match_repeated();
        self.pair_changed();
        self.find_doubts();
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
    /// other side.
    fn match_parts(&mut self) {
        let (sources, targets) = parts::find(&self.source, &self.target);
        for (side, links) in [(&mut self.source, sources), (&mut self.target, targets)] {
            for (owner, partner) in links {
                let status = Status::Kept;
                side.set(owner, Link { partner, status });
            }
        }
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

    /// A value of the source that stands where another one belongs.
    fn pair_usurped(&mut self) {
        let pairs = repeat::usurpers(&self.source, &self.target);
        self.link_free(
            pairs
                .into_iter()
                .map(|(source, target)| (source, target, Status::Changed)),
        );
    }

    /// A name that holds a figure and a figure that is spelled loosely ("both",
    /// "first") may be said once more. Nothing else may: human translators do so
    /// in one of 5,000 sentences, models where they lose the thread ("the 2016
    /// referendum … the 2016 election").
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
                && figure.loose
                && let Some(partner) = known.get(&figure.value)
            {
                *link = Some(Link {
                    partner: *partner,
                    status: Status::Kept,
                });
            }
        }
        // „den Golf 8. Er …“, repeated as "the Golf 8", and the 9 of „GSG9“.
        let named: Vec<(usize, &Figure)> = self
            .source
            .figures
            .iter()
            .enumerate()
            .filter(|(_, figure)| matches!(figure.kind, Kind::Ordinal | Kind::Code))
            .take(MOST_PAIRWISE)
            .collect();
        let mut repeated = Vec::new();
        for (target, figure) in self.target.open() {
            let again = |one: &Figure| {
                one.value != figure.value
                    && relate(&one.value, &figure.value).is_some_and(|relation| !relation.converted)
            };
            if let Some((partner, _)) = named.iter().find(|(_, one)| again(one)) {
                repeated.push((target, *partner));
            }
        }
        for (target, partner) in repeated {
            let status = Status::Kept;
            self.target.set(target, Link { partner, status });
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
                // „der erste“ ↔ "the second": two that are loose are no chance.
                let loose = one.loose || other.loose;
                let ranked = one.loose
                    && other.loose
                    && one.kind == other.kind
                    && matches!(one.kind, Kind::Ordinal | Kind::Multiple);
                // „halb so groß“ ↔ "twice as large"
                let shared = one.loose
                    && other.loose
                    && one.kind == Kind::Fraction
                    && other.kind == Kind::Multiple;
                if let Some(cost) =
                    unlikeness(&one.value, &other.value).filter(|_| !loose || ranked || shared)
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

    /// Figures that seemed right and are not.
    fn find_doubts(&mut self) {
        for find in doubt::FINDERS {
            for (source, target) in find(&self.source, &self.target) {
                self.link(source, target, Status::Changed);
            }
        }
    }

    /// The verdicts, in the order of the source, then of the target.
    pub fn checks(&self) -> Vec<Check> {
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
                    source: Some(Mention::of(source, figure.span)),
                    target: there.map(|span| Mention::of(target, span)),
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
                target: Some(Mention::of(target, figure.span)),
                status: Status::Added,
            });
        sources.chain(added).collect()
    }
}
