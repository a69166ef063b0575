//! What became of each figure: the figures of a source segment are aligned
//! with those of its translation, equal values first.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::relation::relate;
use super::value::{Kind, Measure, Value};
use super::{Figure, Language, names, read};
use crate::span::Span;

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Kept,
    /// The same value in another notation or unit.
    Converted,
    /// The target holds another value in its place.
    Changed,
    Missing,
    /// In the target only.
    Added,
}

impl Status {
    /// The name in JSON and in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Kept => "kept",
            Status::Converted => "converted",
            Status::Changed => "changed",
            Status::Missing => "missing",
            Status::Added => "added",
        }
    }

    /// Whether the figure is proved to be right.
    pub const fn resolved(self) -> bool {
        match self {
            Status::Kept | Status::Converted => true,
            Status::Changed | Status::Missing | Status::Added => false,
        }
    }
}

/// A figure as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub text: String,
    /// Bytes in the segment's source or target.
    pub span: Span,
}

/// The verdict on one figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub kind: Kind,
    /// The canonical value of the source figure, or of the target figure when
    /// it was added.
    pub value: String,
    pub source: Option<Mention>,
    pub target: Option<Mention>,
    pub status: Status,
}

/// Compares the figures of a German segment with those of its English
/// translation: one check per figure of the source, in its order, then one
/// per figure that only the target has.
///
/// Figures that are spelled loosely (`beide`, `first`) prove others and are
/// reported only where they are matched.
pub fn compare(source: &str, target: &str) -> Vec<Check> {
    let mut alignment = Alignment::new(
        read(source, Language::German),
        read(target, Language::English),
    );
    alignment.match_equal();
    alignment.match_related();
    alignment.match_parts();
    alignment.match_repeated();
    alignment.pair_changed();
    alignment.find_swapped(source, target);
    alignment.find_contradictions();
    let mut checks = alignment.checks(source, target);
    checks.extend(names::compare(source, target));
    checks
}

/// More figures without an equal partner than this are compared in order
/// only: it bounds the pairwise work on hostile input.
const MOST_PAIRWISE: usize = 64;

#[derive(Debug, Clone, Copy)]
struct Link {
    /// Index of the partner on the other side.
    partner: usize,
    status: Status,
}

/// One side of a comparison.
struct Side {
    figures: Vec<Figure>,
    links: Vec<Option<Link>>,
}

impl Side {
    fn new(figures: Vec<Figure>) -> Self {
        Side {
            links: vec![None; figures.len()],
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
            .filter(|(_, (link, _))| link.is_none());
        unlinked
            .map(|(index, (_, figure))| (index, figure))
            .take(MOST_PAIRWISE)
            .collect()
    }

    fn set(&mut self, index: usize, link: Link) {
        if let Some(slot) = self.links.get_mut(index) {
            *slot = Some(link);
        }
    }
}

struct Alignment {
    source: Side,
    target: Side,
}

impl Alignment {
    fn new(source: Vec<Figure>, target: Vec<Figure>) -> Self {
        Alignment {
            source: Side::new(source),
            target: Side::new(target),
        }
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
                |side: &Side, index: usize| side.links.get(index).is_some_and(Option::is_none);
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
        let split = |side: &Side| -> Vec<Part> {
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
        let settle = |parts: &[Part], side: &mut Side| {
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

    fn find_swapped(&mut self, _source: &str, _target: &str) {}

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

    fn checks(&self, source: &str, target: &str) -> Vec<Check> {
        let mention = |text: &str, figure: &Figure| Mention {
            text: figure.span.of(text).to_owned(),
            span: figure.span,
        };
        let sources = self
            .source
            .figures
            .iter()
            .zip(&self.source.links)
            .filter_map(|(figure, link)| {
                let status = match link {
                    Some(link) => link.status,
                    None if figure.loose => return None,
                    None => Status::Missing,
                };
                let partner = link.and_then(|link| self.target.figures.get(link.partner));
                Some(Check {
                    kind: figure.kind,
                    value: figure.value.canonical(),
                    source: Some(mention(source, figure)),
                    target: partner.map(|partner| mention(target, partner)),
                    status,
                })
            });
        let added = self.target.figures.iter().zip(&self.target.links);
        let added = added
            .filter(|(figure, link)| link.is_none() && !figure.loose)
            .map(|(figure, _)| Check {
                kind: figure.kind,
                value: figure.value.canonical(),
                source: None,
                target: Some(mention(target, figure)),
                status: Status::Added,
            });
        sources.chain(added).collect()
    }
}

/// How unlike two values of one sort are; `None` for values of sorts that
/// never replace each other.
fn unlikeness(source: &Value, target: &Value) -> Option<usize> {
    let (one, other) = (sort(source), sort(target));
    let measures = match (measure(source), measure(target)) {
        (Some(one), Some(other)) if one == other => 0,
        (Some(_), Some(_)) => 3,
        _ => 2,
    };
    let digits = |value: &Value| -> String {
        value
            .canonical()
            .chars()
            .filter(char::is_ascii_digit)
            .collect()
    };
    let unlike_digits =
        usize::from(digits(source).trim_end_matches('0') != digits(target).trim_end_matches('0'));
    (one == other)
        .then_some(measures + 2 * unlike_digits + 2 * usize::from(source.kind() != target.kind()))
}

#[derive(PartialEq)]
enum Sort {
    Amount,
    Calendar,
    Weekday,
    Code,
    Name,
}

fn sort(value: &Value) -> Sort {
    match value {
        Value::Amount { .. }
        | Value::Several { .. }
        | Value::Ordinal { .. }
        | Value::Range { .. }
        | Value::Score { .. }
        | Value::Time { .. }
        | Value::Fraction { .. }
        | Value::Multiple { .. } => Sort::Amount,
        Value::Date { .. } | Value::Decade { .. } | Value::Century { .. } | Value::Years { .. } => {
            Sort::Calendar
        }
        Value::Weekday { .. } => Sort::Weekday,
        Value::Code { .. } => Sort::Code,
        Value::Name { .. } => Sort::Name,
    }
}

fn measure(value: &Value) -> Option<Measure> {
    match value {
        Value::Amount { measure, .. }
        | Value::Several { measure, .. }
        | Value::Range { measure, .. } => Some(*measure),
        _ => None,
    }
}
