//! Which figure of the translation answers for which figure of the source:
//! equal values first, then equal meanings, then equal parts.

use std::collections::{HashMap, HashSet, VecDeque};

use super::Figure;
use super::compare::Status;
use super::relation::relate;
use super::swap;
use super::value::{Kind, Measure, Value};

/// More figures without an equal partner than this are left open: it bounds
/// the pairwise work on hostile input.
const MOST_PAIRWISE: usize = 64;

/// A figure's partner on the other side.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    pub partner: usize,
    pub status: Status,
}

/// One side of an alignment.
struct Side<'a> {
    text: &'a str,
    figures: Vec<Figure>,
    links: Vec<Option<Link>>,
}

impl<'a> Side<'a> {
    fn new(text: &'a str, figures: Vec<Figure>) -> Self {
        Side {
            text,
            links: vec![None; figures.len()],
            figures,
        }
    }

    /// The figures that have no partner yet and their positions.
    fn open(&self) -> impl Iterator<Item = (usize, &Figure)> {
        let figures = self.links.iter().zip(&self.figures).enumerate();
        figures.filter_map(|(index, (link, figure))| link.is_none().then_some((index, figure)))
    }

    fn is_open(&self, index: usize) -> bool {
        self.links.get(index).is_some_and(Option::is_none)
    }

    fn set(&mut self, index: usize, link: Link) {
        if let Some(slot) = self.links.get_mut(index) {
            *slot = Some(link);
        }
    }
}

/// The figures of a source and its translation and the links between them.
pub struct Alignment<'a> {
    source: Side<'a>,
    target: Side<'a>,
}

impl<'a> Alignment<'a> {
    /// Aligns the figures of two texts.
    pub fn of(source: (&'a str, Vec<Figure>), target: (&'a str, Vec<Figure>)) -> Self {
        let mut alignment = Alignment {
            source: Side::new(source.0, source.1),
            target: Side::new(target.0, target.1),
        };
        alignment.match_equal();
        alignment.match_related();
        alignment.match_parts();
        alignment.match_repeated();
        alignment.match_copied();
        alignment.find_swapped();
        alignment.find_contradictions();
        alignment.pair_changed();
        alignment
    }

    pub fn sources(&self) -> impl Iterator<Item = (&Figure, Option<Link>)> {
        self.source.figures.iter().zip(self.source.links.iter().copied())
    }

    pub fn targets(&self) -> impl Iterator<Item = (&Figure, Option<Link>)> {
        self.target.figures.iter().zip(self.target.links.iter().copied())
    }

    pub fn target(&self, index: usize) -> Option<&Figure> {
        self.target.figures.get(index)
    }

    fn link(&mut self, source: usize, target: usize, status: Status) {
        let partner = target;
        self.source.set(source, Link { partner, status });
        let partner = source;
        self.target.set(target, Link { partner, status });
    }

    fn link_open(&mut self, pairs: impl IntoIterator<Item = (usize, usize, Status)>) {
        for (source, target, status) in pairs {
            if self.source.is_open(source) && self.target.is_open(target) {
                self.link(source, target, status);
            }
        }
    }

    /// Equal values in the order of the text; firm figures choose first.
    fn match_equal(&mut self) {
        for (loose_source, loose_target) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut waiting: HashMap<&Value, VecDeque<usize>> = HashMap::new();
            for (index, figure) in self.target.open().filter(|(_, figure)| figure.loose == loose_target) {
                waiting.entry(&figure.value).or_default().push_back(index);
            }
            let sources = self.source.open().filter(|(_, figure)| figure.loose == loose_source);
            let pairs: Vec<_> = sources
                .filter_map(|(index, figure)| {
                    let partner = waiting.get_mut(&figure.value)?.pop_front()?;
                    Some((index, partner, Status::Kept))
                })
                .collect();
            self.link_open(pairs);
        }
    }

    /// Values that mean the same in another form; the cheapest pairs first,
    /// near positions before far ones.
    fn match_related(&mut self) {
        let mut pairs = Vec::new();
        for (place, (source, one)) in self.source.open().take(MOST_PAIRWISE).enumerate() {
            for (other_place, (target, other)) in self.target.open().take(MOST_PAIRWISE).enumerate() {
                if let Some(relation) = relate(&one.value, &other.value) {
                    let status = if relation.converted { Status::Converted } else { Status::Kept };
                    let looseness = 10 * (u32::from(one.loose) + u32::from(other.loose));
                    let cost = (looseness + relation.cost, place.abs_diff(other_place));
                    pairs.push((cost, source, target, status));
                }
            }
        }
        pairs.sort_by_key(|&(cost, source, target, _)| (cost, source, target));
        self.link_open(pairs.into_iter().map(|(_, source, target, status)| (source, target, status)));
    }

    /// Ranges, scores and dates whose parts are spread over several figures
    /// of the other side: „5. und 6. Juni“ ↔ "June 5 and 6".
    fn match_parts(&mut self) {
        let mut sources = Part::split(&self.source);
        let mut targets = Part::split(&self.target);
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
        Part::share_calendar(&mut sources, &self.target);
        Part::share_calendar(&mut targets, &self.source);
        Part::settle(&sources, &mut self.source);
        Part::settle(&targets, &mut self.target);
    }

    /// A target figure that repeats a value of the source adds nothing.
    fn match_repeated(&mut self) {
        let sources = self.source.figures.iter().enumerate();
        let known: HashMap<&Value, usize> = sources.map(|(index, figure)| (&figure.value, index)).collect();
        let repeated: Vec<_> = self
            .target
            .open()
            .filter_map(|(index, figure)| Some((index, *known.get(&figure.value)?)))
            .collect();
        for (index, partner) in repeated {
            let status = Status::Kept;
            self.target.set(index, Link { partner, status });
        }
    }

    /// Words that both texts hold as they stand are names: „Welt am Sonntag“,
    /// „Top Ten“, "Fridays for Future".
    fn match_copied(&mut self) {
        for index in copied(&self.source, self.target.text) {
            self.source.set(index, Link { partner: usize::MAX, status: Status::Kept });
        }
        for index in copied(&self.target, self.source.text) {
            self.target.set(index, Link { partner: usize::MAX, status: Status::Kept });
        }
    }

    /// What is left over on both sides is paired by sort, likeness and order.
    fn pair_changed(&mut self) {
        let mut pairs = Vec::new();
        let sources = self.source.open().filter(|(_, figure)| !figure.loose);
        for (place, (source, one)) in sources.take(MOST_PAIRWISE).enumerate() {
            for (other_place, (target, other)) in self.target.open().take(MOST_PAIRWISE).enumerate() {
                let counts = !other.loose || matches!(other.value, Value::Amount { .. });
                if let Some(cost) = unlikeness(&one.value, &other.value).filter(|_| counts) {
                    let cost = cost + 2 * place.abs_diff(other_place) + 8 * usize::from(other.loose);
                    pairs.push((cost, source, target));
                }
            }
        }
        pairs.sort_unstable();
        self.link_open(pairs.into_iter().map(|(_, source, target)| (source, target, Status::Changed)));
    }

    /// Two values that changed places: each is there, and each is wrong.
    fn find_swapped(&mut self) {
        let pairs: Vec<swap::Pair<'_>> = self
            .sources()
            .enumerate()
            .filter_map(|(index, (figure, link))| {
                let link = link.filter(|link| link.status.resolved())?;
                let other = self.target.figures.get(link.partner)?;
                Some(swap::Pair {
                    source: index,
                    target: link.partner,
                    source_figure: figure,
                    target_figure: other,
                })
            })
            .collect();
        let swapped = swap::find(&pairs, self.source.text, self.target.text);
        for (source, target) in swapped {
            self.link(source, target, Status::Changed);
        }
    }

    /// „mehr als 100“ ↔ "less than 100".
    fn find_contradictions(&mut self) {
        // „nicht unter 100“ turns the words of approximation around.
        if is_negated(self.source.text) || is_negated(self.target.text) {
            return;
        }
        let contradictions: Vec<(usize, usize)> = self
            .sources()
            .enumerate()
            .filter_map(|(index, (figure, link))| {
                let link = link.filter(|link| link.status.resolved())?;
                let other = self.target.figures.get(link.partner)?;
                let contradict = figure.approximation?.contradicts(other.approximation?);
                contradict.then_some((index, link.partner))
            })
            .collect();
        for (source, target) in contradictions {
            self.link(source, target, Status::Changed);
        }
    }
}

fn is_negated(text: &str) -> bool {
    const NEGATIONS: [&str; 12] = [
        "nicht", "kein", "keine", "keinen", "keiner", "nie", "ohne", "not", "no", "never", "without", "t",
    ];
    text.split(|c: char| !c.is_alphanumeric()).any(|word| NEGATIONS.contains(&word))
}

/// The open figures of one side that the other text holds in the same words.
fn copied(side: &Side<'_>, other: &str) -> Vec<usize> {
    let candidates: Vec<(usize, &str)> = side
        .open()
        .map(|(index, figure)| (index, figure))
        .filter(|(_, figure)| may_be_copied(figure.kind))
        .map(|(index, figure)| (index, figure.span.of(side.text)))
        // Digits follow the rules of each language; words are the same.
        .filter(|(_, text)| text.len() > 2 && text.starts_with(char::is_alphabetic))
        .take(MOST_PAIRWISE)
        .collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let words: HashSet<String> = other
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .collect();
    let held = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .all(|word| words.contains(&word.to_lowercase()) && !is_false_friend(word))
    };
    candidates
        .into_iter()
        .filter(|(_, text)| held(text))
        .map(|(index, _)| index)
        .collect()
}

fn may_be_copied(kind: Kind) -> bool {
    match kind {
        Kind::Number | Kind::Ordinal | Kind::Date | Kind::Time | Kind::Quantity | Kind::Multiple => true,
        Kind::Money | Kind::Percent | Kind::Duration | Kind::Age | Kind::Range | Kind::Score => false,
        Kind::Fraction | Kind::Code | Kind::Name => false,
    }
}

/// Number words that both languages have, with other meanings.
fn is_false_friend(word: &str) -> bool {
    let word = word.to_lowercase();
    word.starts_with("billion") || word.starts_with("trillion")
}

/// One part of a compound figure that is still open.
struct Part {
    owner: usize,
    value: Value,
    partner: Option<usize>,
}

impl Part {
    fn split(side: &Side<'_>) -> Vec<Part> {
        let parts = side.open().take(MOST_PAIRWISE).flat_map(|(owner, figure)| {
            let values = figure.value.parts().into_iter();
            values.map(move |value| Part { owner, value, partner: None })
        });
        parts.collect()
    }

    /// A month or year may serve several days: „zwischen dem 1. und dem
    /// 7. Juli“ ↔ "between July 1 and July 7".
    fn share_calendar(parts: &mut [Part], other: &Side<'_>) {
        let open = parts.iter_mut().filter(|part| part.partner.is_none());
        for part in open.filter(|part| matches!(part.value, Value::Date { day: None, .. })) {
            let shares = |figure: &Figure| figure.kind == Kind::Date && figure.value.parts().contains(&part.value);
            part.partner = other.figures.iter().position(shares);
        }
    }

    /// Links the owners all of whose parts have found a partner.
    fn settle(parts: &[Part], side: &mut Side<'_>) {
        for own in parts.chunk_by(|one, other| one.owner == other.owner) {
            let complete = own.iter().all(|part| part.partner.is_some());
            if let Some((owner, partner)) = own.first().and_then(|part| Some((part.owner, part.partner?)))
                && complete
            {
                let status = Status::Kept;
                side.set(owner, Link { partner, status });
            }
        }
    }
}

/// How unlike two values of one sort are; `None` for values of sorts that
/// never replace each other.
fn unlikeness(source: &Value, target: &Value) -> Option<usize> {
    if sort(source.kind()) != sort(target.kind()) {
        return None;
    }
    let weekdays = |value: &Value| matches!(value, Value::Weekday { .. });
    if weekdays(source) != weekdays(target) {
        return None;
    }
    let measures = match (measure(source), measure(target)) {
        (Some(one), Some(other)) if one == other => 0,
        (Some(_), Some(_)) => 3,
        _ => 2,
    };
    let digits = |value: &Value| -> String {
        let digits = value.canonical();
        digits.chars().filter(|c| matches!(c, '1'..='9')).collect()
    };
    let other_digits = usize::from(digits(source) != digits(target));
    let other_kind = usize::from(source.kind() != target.kind());
    Some(measures + 2 * other_digits + 2 * other_kind)
}

#[derive(PartialEq)]
enum Sort {
    Amount,
    Calendar,
    Text,
}

fn sort(kind: Kind) -> Sort {
    match kind {
        Kind::Number
        | Kind::Ordinal
        | Kind::Money
        | Kind::Percent
        | Kind::Time
        | Kind::Duration
        | Kind::Age
        | Kind::Range
        | Kind::Score
        | Kind::Quantity
        | Kind::Fraction
        | Kind::Multiple => Sort::Amount,
        Kind::Date => Sort::Calendar,
        Kind::Code | Kind::Name => Sort::Text,
    }
}

fn measure(value: &Value) -> Option<Measure> {
    match value {
        Value::Amount { measure, .. } | Value::Several { measure, .. } | Value::Range { measure, .. } => Some(*measure),
        _ => None,
    }
}
