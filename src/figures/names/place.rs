//! Countries and continents by their nouns, adjectives and people.

use super::gazetteer::Gazetteer;
use super::word::{Word, hinted, part_of_name};
use super::{MOST_NAMES, check};
use crate::figures::compare::{Check, Status};
use crate::span::Span;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// `tools/places.py` makes it, and says what the columns are.
const ROWS: &str = include_str!("places.tsv");

struct Place {
    english: &'static str,
    german: Vec<&'static str>,
    adjectives: Vec<&'static str>,
    /// Its names and adjectives, the usual ones first.
    names: Vec<&'static str>,
    /// Beginnings of other words that may stand for it.
    others: Vec<&'static str>,
}

struct Places {
    rows: Vec<Place>,
    nouns: Gazetteer,
    adjectives: HashMap<&'static str, usize>,
    english: Gazetteer,
    /// The place of „US-Präsident“ and „US-Markt“.
    united_states: Option<usize>,
}

static PLACES: LazyLock<Places> = LazyLock::new(Places::of_table);

impl Places {
    fn of_table() -> Self {
        let lines = ROWS.lines().filter(|line| !line.starts_with('#'));
        let rows: Vec<Place> = lines
            .map(|line| {
                let mut columns = line.split('\t');
                let mut names = || {
                    let column = columns.next().unwrap_or("");
                    column.split('|').filter(|name| !name.is_empty()).collect()
                };
                let title: Vec<&str> = names();
                Place {
                    english: title.first().copied().unwrap_or(""),
                    german: names(),
                    adjectives: names(),
                    names: names(),
                    others: names(),
                }
            })
            .collect();
        let (mut nouns, mut english) = (Gazetteer::default(), Gazetteer::default());
        let mut adjectives = HashMap::new();
        for (number, place) in rows.iter().enumerate() {
            place.german.iter().for_each(|name| nouns.add(name, number));
            place
                .names
                .iter()
                .for_each(|name| english.add(name, number));
            adjectives.extend(place.adjectives.iter().map(|stem| (*stem, number)));
        }
        let united_states = rows.iter().position(|row| row.english == "United States");
        Places {
            united_states,
            rows,
            nouns,
            adjectives,
            english,
        }
    }

    /// The place whose adjective a word is: „slowakische“, „Deutschen“.
    fn of_adjective(&self, lower: &str) -> Option<usize> {
        // Without an ending it is the language: „auf Deutsch“.
        const ENDINGS: [&str; 5] = ["en", "er", "es", "em", "e"];
        ENDINGS
            .iter()
            .find_map(|ending| self.adjectives.get(lower.strip_suffix(ending)?).copied())
    }

    /// The places that a German text names, in its order, each once, with the
    /// words that do.
    fn named(&self, words: &[Word<'_>]) -> Vec<(usize, Span)> {
        let mut named: Vec<(usize, Span)> = Vec::new();
        let mut known = HashSet::new();
        let mut at = 0;
        while let Some(word) = words.get(at).filter(|_| named.len() < MOST_NAMES) {
            let hit = self.nouns.at(words, at);
            let end = hit.map_or(at + 1, |hit| hit.end);
            let number = hit
                .map(|hit| hit.number)
                .or_else(|| self.of_adjective(&word.lower))
                .or_else(|| self.united_states.filter(|_| word.text == "US"));
            if let Some(number) = number
                && known.insert(number)
            {
                let last = words.get(end - 1).unwrap_or(word);
                named.push((number, Span::new(word.span.start, last.span.end)));
            }
            at = end;
        }
        named
    }
}

const CONTINENTS: [&str; 8] = [
    "Africa",
    "Americas",
    "Asia",
    "Europe",
    "Latin America",
    "North America",
    "Oceania",
    "South America",
];

/// One check for each place of the source that is looked for, and one for each
/// country that only the target has. Adjectives are not counted there:
/// translators like to write "the German government".
pub fn check_places(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
) -> Vec<Check> {
    let places = &*PLACES;
    let named = places.named(source_words);
    let others = strangers(source, &named, target, target_words);
    let mut taken = HashSet::new();
    let mut checks = Vec::new();
    for (number, span) in &named {
        let Some(place) = places.rows.get(*number) else {
            continue;
        };
        let here = Some((source, *span));
        if let Some(span) = left_german(place, target_words) {
            let there = Some((target, span));
            checks.push(check(place.english, here, there, Status::Changed));
        } else if let Some(span) = standing(*number, place, target, target_words) {
            let there = Some((target, span));
            checks.push(check(place.english, here, there, Status::Kept));
        } else if let Some((_, span)) = others.iter().find(|(other, span)| {
            // The country may be named where the source has its continent.
            !taken.contains(&span.start) && (!place.is_continent() || other.is_continent())
        }) {
            // Another country in its place is an error, whoever was named.
            taken.insert(span.start);
            let there = Some((target, *span));
            checks.push(check(place.english, here, there, Status::Changed));
        } else if place.is_named_by(span.of(source))
            && !place.is_continent()
            // „King George Island“ stays as it is, and is no Iceland.
            && !target.contains(span.of(source))
        {
            checks.push(check(place.english, here, None, Status::Missing));
        }
    }
    // Where the source has a continent, its countries may be named.
    let abroad = named.iter().any(|(number, _)| {
        let place = places.rows.get(*number);
        place.is_some_and(Place::is_continent)
    });
    let invented = others.iter().filter(|(place, span)| {
        let text = span.of(target);
        let name = text.trim_end_matches("'s").trim_end_matches("’s");
        let mut names = place.german.iter().chain([&place.english]);
        let hinted = names.any(|name| hinted(source_words, name));
        let short = || place.english.strip_suffix(" Strip") == Some(name);
        let country = place.english == name || short();
        !taken.contains(&span.start) && !abroad && country && !hinted
    });
    checks.extend(invented.map(|(_, span)| {
        let there = Some((target, *span));
        check(span.of(target), None, there, Status::Added)
    }));
    checks
}

/// The English name of a country that is written in German.
pub fn english(german: &str) -> Option<&'static str> {
    PLACES
        .rows
        .iter()
        .find(|place| place.german.first() == Some(&german))
        .map(|place| place.english)
}

/// Whether a country or continent has this name in German.
pub fn is_place(german: &str) -> bool {
    PLACES
        .rows
        .iter()
        .any(|place| place.german.contains(&german))
}

/// The German name of a place that stands in the English text.
fn left_german(place: &Place, words: &[Word<'_>]) -> Option<Span> {
    let german = place.german.first()?;
    if place.forms().any(|form| german.starts_with(form)) {
        return None;
    }
    let mut places = words.iter().enumerate();
    places
        .find(|(at, word)| word.text == *german && !word.joined && !part_of_name(words, *at))
        .map(|(_, word)| word.span)
}

/// Places that the target names and that are none of the source, with the words
/// that do.
fn strangers(
    source: &str,
    named: &[(usize, Span)],
    target: &str,
    target_words: &[Word<'_>],
) -> Vec<(&'static Place, Span)> {
    let places: &'static Places = &PLACES;
    let source = source.to_lowercase();
    // „Ukrainekrieg“, „US-Präsident“, „American Airlines“ name a place as well.
    let holds = |name: &&str| source.contains(&name.to_lowercase());
    let is_stranger = |place: &Place, span: Span| {
        let mut names = place.german.iter().chain(&place.adjectives);
        let known = names.any(holds) || place.names.iter().any(holds);
        let stands = named.iter().any(|(number, _)| {
            let place = places.rows.get(*number);
            place.is_some_and(|place| place.stands_at(target, span.start))
        });
        !known && !stands
    };
    let hits = places.english.find(target_words, MOST_NAMES);
    hits.iter()
        .filter_map(|hit| {
            let first = target_words.get(hit.start)?;
            let last = target_words.get(hit.end - 1)?;
            let span = Span::new(first.span.start, last.span.end);
            let place = places.rows.get(hit.number)?;
            is_stranger(place, span).then_some((place, span))
        })
        .collect()
}

impl Place {
    fn forms(&self) -> impl Iterator<Item = &&'static str> {
        self.names.iter().chain(&self.others)
    }

    fn is_continent(&self) -> bool {
        CONTINENTS.contains(&self.english)
    }

    /// Whether a German text is its name, and no adjective or people: only names
    /// must have words of their own in a translation.
    fn is_named_by(&self, text: &str) -> bool {
        let name = self.german.first();
        let rest = name.and_then(|name| text.strip_prefix(name));
        matches!(rest, Some("" | "s"))
    }

    /// Whether a word that is another place's name may stand for this one.
    fn stands_at(&self, text: &str, start: usize) -> bool {
        let rest = text.get(start..).unwrap_or("");
        self.others.iter().any(|form| rest.starts_with(form))
    }
}

/// The words of the target that stand for a place: by the first form that is
/// there, since the first ones say it best.
fn standing(number: usize, place: &Place, target: &str, words: &[Word<'_>]) -> Option<Span> {
    place.forms().find_map(|form| {
        let (at, first) = words.iter().enumerate().find(|(at, word)| {
            let begins = target
                .get(word.span.start..)
                .is_some_and(|rest| rest.starts_with(form));
            // "Nigeria" begins like Niger and is another country.
            begins && {
                let hit = PLACES.english.at(words, *at);
                hit.is_none_or(|hit| hit.number == number || word.lower.len() == form.len())
            }
        })?;
        let reached = first.span.start + form.len();
        let rest = words.get(at..).unwrap_or_default();
        let last = rest.iter().rfind(|word| word.span.start < reached)?;
        Some(Span::new(first.span.start, last.span.end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        for place in &PLACES.rows {
            assert!(!place.english.is_empty() && !place.names.is_empty());
            assert!(!place.german.is_empty(), "{}", place.english);
        }
        assert!(PLACES.rows.len() > 250);
        assert_eq!(english("Slowakei"), Some("Slovakia"));
    }
}
