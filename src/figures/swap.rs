//! Figures that are all there and have changed places: „30 Tote und 12
//! Verletzte“ ↔ "12 dead and 30 injured".
//!
//! German and English order their words differently, so that order alone
//! proves nothing. A swap is proved by what stands beside both figures: the
//! things counted, the names before or after them, "from" and "to".

use std::collections::HashMap;

use super::copied::words;
use super::kind::Kind;
use super::side::Side;
use super::value::{Measure, Value};
use crate::span::Span;

/// Pairs are sought among so many figures that follow each other.
const REACH: usize = 4;

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
    let names = Names::shared(source, target);
    let mut swapped = Vec::new();
    for (place, one) in linked.iter().enumerate() {
        for other in linked.iter().skip(place + 1).take(REACH) {
            if exchanged(source, target, *one, *other, &names) {
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
    names: &Names,
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
    let kinds = [first.kind, second.kind];
    if kinds.contains(&Kind::Date) && kinds.contains(&Kind::Number) {
        // „1999 24 Pflanzen“ ↔ "1999 plants in 24".
        return first.kind == second_target.kind && second.kind == first_target.kind;
    }
    // „von 7 auf 5 Prozent“ names its measure once.
    let one_sort = first.kind == second.kind || first.value.measure() == Some(Measure::Count);
    if !one_sort {
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
    names.exchanged(
        [first.span, second.span],
        [first_target.span, second_target.span],
    )
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
            "auf" | "to" => Some(Role::To),
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
    for (start, word) in words(side.text) {
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
