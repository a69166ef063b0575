//! Figures that are all there and have changed places: „30 Tote und 12
//! Verletzte“ ↔ "12 dead and 30 injured".
//!
//! German and English order their words differently, so that order alone
//! proves nothing. A swap is proved by what stands beside both figures: the
//! things counted, the names before or after them, "from" and "to", and, for all
//! else, by words that are each other's translations and belong to the other
//! figure.

mod context;
mod translations;

use std::collections::HashMap;

use self::context::Contexts;
use self::translations::Meaning;
use super::Figure;
use super::kind::Kind;
use super::side::Side;
use super::value::{Measure, Value};
use crate::span::Span;
use crate::words::words;

/// Pairs are sought among so many figures that follow each other.
const REACH: usize = 4;

/// The words around so many figures are compared; longer lists of figures are
/// tables.
const MOST_CONTEXTS: usize = 100;

/// The links of the source and target figures that have changed places.
pub fn find(source: &Side<'_>, target: &Side<'_>) -> Vec<(usize, usize)> {
    let linked: Vec<(usize, usize)> = source
        .links
        .iter()
        .enumerate()
        .filter_map(|(index, link)| Some((index, (*link)?)))
        .filter(|(_, link)| link.status.resolved())
        .map(|(index, link)| (index, link.partner))
        .collect();
    if linked.len() < 2 {
        return Vec::new();
    }
    let surroundings = Surroundings {
        names: Names::shared(source, target),
        source: Contexts::of(source, Meaning::of_german, MOST_CONTEXTS),
        target: Contexts::of(target, Meaning::of_english, MOST_CONTEXTS),
    };
    let mut swapped = Vec::new();
    for (place, one) in linked.iter().enumerate() {
        for other in linked.iter().skip(place + 1).take(REACH) {
            if exchanged(source, target, *one, *other, &surroundings) {
                swapped.extend([*one, *other]);
            }
        }
    }
    swapped
}

fn exchanged(
    source: &Side<'_>,
    target: &Side<'_>,
    (one, one_target): (usize, usize),
    (other, other_target): (usize, usize),
    surroundings: &Surroundings,
) -> bool {
    let figures = (
        source.figures.get(one),
        source.figures.get(other),
        target.figures.get(one_target),
        target.figures.get(other_target),
    );
    let (Some(first), Some(second), Some(first_target), Some(second_target)) = figures else {
        return false;
    };
    if first.value == second.value {
        return false;
    }
    // „acht Jahren und drei Monaten“ is one length of time.
    let joined = |side: &Side<'_>, one: &Figure, other: &Figure| {
        let between = side.text.get(one.span.end..other.span.start);
        matches!(between, Some(" und " | " and "))
    };
    if first.value.measure() != second.value.measure()
        && joined(source, first, second)
        && joined(target, first_target, second_target)
    {
        return false;
    }
    let kinds = [first.kind, second.kind];
    let dated = kinds.contains(&Kind::Date) && kinds.contains(&Kind::Number);
    if dated && first.kind == second_target.kind && second.kind == first_target.kind {
        // „1999 24 Pflanzen“ ↔ "1999 plants in 24".
        return true;
    }
    // „von 7 auf 5 Prozent“ names its measure once.
    let one_sort = first.kind == second.kind || first.value.measure() == Some(Measure::Count);
    let moved = first.kind != first_target.kind || second.kind != second_target.kind;
    if !(if dated { moved } else { one_sort }) {
        return false;
    }
    if one_target == other_target {
        // „von 7 auf 5“ ↔ "from 5 to 7", read as a range.
        let reversed = match (&first_target.value, &first.value) {
            (Value::Range { high, .. }, Value::Amount { amount, .. }) => high == amount,
            _ => false,
        };
        return reversed
            && Role::of(source, first.span) == Some(Role::From)
            && Role::of(source, second.span) == Some(Role::To);
    }
    let roles = (
        Role::of(source, first.span),
        Role::of(source, second.span),
        Role::of(target, first_target.span),
        Role::of(target, second_target.span),
    );
    if let (Some(first), Some(second), Some(first_target), Some(second_target)) = roles {
        return first != second && first == second_target && second == first_target;
    }
    let things = (
        german_thing(source.text, first.span),
        german_thing(source.text, second.span),
        english_thing(target.text, first_target.span),
        english_thing(target.text, second_target.span),
    );
    if let (Some(first), Some(second), Some(first_target), Some(second_target)) = things {
        return first != second && first == second_target && second == first_target;
    }
    let named = surroundings.names.exchanged(
        [first.span, second.span],
        [first_target.span, second_target.span],
    );
    let figures = [first, second, first_target, second_target];
    let movable = !named && figures.iter().any(|figure| moves_freely(figure));
    if movable || is_replaced(source, first.span, second.span) {
        return false;
    }
    if surroundings.measures_moved(figures, [source.text, target.text]) {
        return true;
    }
    let straight = [
        surroundings.fit(one, one_target),
        surroundings.fit(other, other_target),
    ];
    let crossed = [
        surroundings.fit(one, other_target),
        surroundings.fit(other, one_target),
    ];
    let gains = [crossed[0] - straight[0], crossed[1] - straight[1]];
    let (least, most) = (gains[0].min(gains[1]), gains[0].max(gains[1]));
    named && least + most >= NAMED || least >= LEAST && most >= MOST
}

/// Figures that stand anywhere in a sentence, so that the words around them
/// prove nothing: days, and what is no figure in the other language.
fn moves_freely(figure: &Figure) -> bool {
    figure.loose
        || match figure.value {
            Value::Weekday { .. } | Value::Several { .. } => true,
            Value::Date { month, .. } => month.is_some(),
            _ => false,
        }
}

/// „statt 25 nur 15 Prozent“ ↔ "15 percent instead of 25".
fn is_replaced(source: &Side<'_>, first: Span, second: Span) -> bool {
    let before = source.text.get(..first.start).unwrap_or("").trim_end();
    let between = source.text.get(first.end..second.start).unwrap_or("");
    let statt = |word: &str| matches!(word, "statt" | "anstatt" | "Statt" | "Anstatt");
    let opened = [" statt", " anstatt", "Statt", "Anstatt"];
    opened.iter().any(|word| before.ends_with(word)) || between.split(' ').any(statt)
}

/// By how much the words around each figure, and around one of the two, must fit
/// better the other way round, measured on known translations; and both together
/// where the names beside the figures have changed places.
const LEAST: f64 = 0.05;
const MOST: f64 = 0.2;
const NAMED: f64 = -0.2;

/// What stands around the figures of both texts.
struct Surroundings {
    names: Names,
    source: Contexts,
    target: Contexts,
}

impl Surroundings {
    /// „334 Punkte oder 3,3 Prozent“ ↔ "3.3 points or 334 percent": the measure
    /// went to the other number, and what that one counts is still named.
    fn measures_moved(&self, figures: [&Figure; 4], texts: [&str; 2]) -> bool {
        let [first, second, first_target, second_target] = figures;
        let measure = |figure: &Figure| figure.value.measure();
        let moved = measure(first).is_some()
            && measure(first) != measure(second)
            && measure(first) == measure(second_target)
            && measure(second) == measure(first_target);
        let (counted, counted_target) = match measure(first) {
            Some(Measure::Count) => (first, second_target),
            _ => (second, first_target),
        };
        let thing = |text: &str, figure: &Figure| {
            let word = word_after(text, figure.span)?;
            let end = word
                .find(|c: char| !c.is_alphabetic())
                .unwrap_or(word.len());
            word.get(..end).map(str::to_owned)
        };
        let things = thing(texts[0], counted).zip(thing(texts[1], counted_target));
        moved
            && measure(counted) == Some(Measure::Count)
            && things.is_some_and(|(one, other)| {
                Meaning::of_german(&one).meets(&Meaning::of_english(&other))
            })
    }

    fn fit(&self, source: usize, target: usize) -> f64 {
        self.source.fit(source, &self.target, target)
    }
}

/// „von 5 auf 7“: where a change begins and where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    From,
    To,
}

impl Role {
    fn of(side: &Side<'_>, span: Span) -> Option<Self> {
        let before = side.text.get(..span.start)?.trim_end();
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next()?;
        match word {
            "von" | "from" => Some(Role::From),
            "auf" | "bis" | "to" | "until" => Some(Role::To),
            _ => None,
        }
    }
}

/// What newsrooms count, in the stems of both languages.
const THINGS: [(&[&str], &[&str]); 20] = [
    (
        &["tote", "todes", "leichen"],
        &["dead", "deaths", "fatal", "bodies"],
    ),
    (&["verletzt", "verwundet"], &["injur", "wounded", "hurt"]),
    (&["vermisst"], &["missing"]),
    (&["festnahm"], &["arrest"]),
    (
        &["infiziert", "infektion", "neuinfektion"],
        &["infect", "new infect"],
    ),
    (&["männer"], &["men", "males"]),
    (&["frauen"], &["women", "females"]),
    (&["kinder"], &["child", "kids"]),
    (&["soldat"], &["soldier", "troops"]),
    (&["polizist", "beamte"], &["police", "officer"]),
    (&["schüler"], &["student", "pupil"]),
    (&["lehrer"], &["teacher"]),
    (&["häuser", "gebäude"], &["house", "building", "home"]),
    (&["autos", "fahrzeuge", "wagen"], &["car", "vehicle"]),
    (&["siege"], &["win", "victor"]),
    (&["niederlage"], &["loss", "defeat"]),
    (&["unentschieden"], &["draw", "tie"]),
    (&["punkt"], &["point"]),
    (&["tore", "treffer"], &["goal"]),
    (&["spiele", "partien"], &["game", "match"]),
];

/// The word behind a figure, in lower case.
fn word_after(text: &str, span: Span) -> Option<String> {
    const LONGEST: usize = 40;
    let rest = text.get(span.end..)?;
    let word: String = rest.strip_prefix(' ')?.chars().take(LONGEST).collect();
    Some(word.to_lowercase())
}

fn german_thing(text: &str, span: Span) -> Option<usize> {
    let word = word_after(text, span)?;
    THINGS
        .iter()
        .position(|(german, _)| german.iter().any(|stem| word.starts_with(stem)))
}

fn english_thing(text: &str, span: Span) -> Option<usize> {
    let word = word_after(text, span)?;
    let word = word.strip_prefix("people ").unwrap_or(&word);
    THINGS
        .iter()
        .position(|(_, english)| english.iter().any(|stem| word.starts_with(stem)))
}

/// Where a name begins, and its number.
type Place = (usize, usize);

/// Finds the name beside a figure.
type Neighbour = fn(&[Place], Span) -> Option<usize>;

/// Names that stand once in each text.
struct Names {
    /// In the order of each text.
    source: Vec<Place>,
    target: Vec<Place>,
}

impl Names {
    fn shared(source: &Side<'_>, target: &Side<'_>) -> Self {
        let one = capitalised(source);
        let other = capitalised(target);
        let mut names = Names {
            source: Vec::new(),
            target: Vec::new(),
        };
        let mut places: Vec<(usize, usize)> = one
            .iter()
            .filter_map(|(word, place)| Some(((*place)?, (*other.get(word)?)?)))
            .collect();
        places.sort_unstable();
        for (number, (source, target)) in places.into_iter().enumerate() {
            names.source.push((source, number));
            names.target.push((target, number));
        }
        names.target.sort_unstable();
        names
    }

    /// Whether each figure stands behind, or before, the name that the other
    /// one belongs to.
    fn exchanged(&self, source: [Span; 2], target: [Span; 2]) -> bool {
        let crossed = |neighbour: Neighbour| {
            let [first, second] = source.map(|span| neighbour(&self.source, span));
            let [first_target, second_target] = target.map(|span| neighbour(&self.target, span));
            first.is_some()
                && second.is_some()
                && first != second
                && first == second_target
                && second == first_target
        };
        crossed(before) || crossed(after)
    }
}

/// The last name before a figure.
fn before(names: &[Place], span: Span) -> Option<usize> {
    let next = names.partition_point(|(place, _)| *place < span.start);
    names.get(next.checked_sub(1)?).map(|(_, number)| *number)
}

/// The first name after a figure.
fn after(names: &[Place], span: Span) -> Option<usize> {
    let next = names.partition_point(|(place, _)| *place < span.end);
    names.get(next).map(|(_, number)| *number)
}

/// The capitalised words outside figures and where they stand; `None` for
/// those that stand there twice.
fn capitalised(side: &Side<'_>) -> HashMap<String, Option<usize>> {
    let mut places: HashMap<String, Option<usize>> = HashMap::new();
    let mut figures = side.figures.iter().map(|figure| figure.span).peekable();
    for span in words(side.text) {
        let (start, word) = (span.start, span.of(side.text));
        while figures.next_if(|span| span.end <= start).is_some() {}
        let inside = figures.peek().is_some_and(|span| span.start <= start);
        if !inside && word.starts_with(char::is_uppercase) {
            places
                .entry(word.to_lowercase())
                .and_modify(|place| *place = None)
                .or_insert(Some(start));
        }
    }
    places
}
