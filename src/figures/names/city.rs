//! Cities: those that kept their German name in the English text, and those in
//! whose place another one stands.

use super::proper::{NAME, score};
use super::spelling::same_name;
use super::word::{Word, hinted, part_of_name};
use super::{MOST_NAMES, check};
use crate::figures::compare::{Check, Status};
use crate::span::Span;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// German and English names from Unicode CLDR; `tools/cldr_cities.py` makes it.
const CLDR: &str = include_str!("cities.tsv");
/// More of them, and large cities that both call the same;
/// `tools/geonames_cities.py` makes it.
const GEONAMES: &str = include_str!("geonames.tsv");

struct Cities {
    /// The English names of a city by its German one, the usual one first.
    english: HashMap<&'static str, Vec<&'static str>>,
    /// All names of cities in English.
    names: HashSet<&'static str>,
}

static CITIES: LazyLock<Cities> = LazyLock::new(|| {
    let mut english: HashMap<&str, Vec<&str>> = HashMap::new();
    // The rows of the second table know other spellings as well.
    let lines = CLDR.lines().chain(GEONAMES.lines());
    for line in lines.filter(|line| !line.starts_with('#')) {
        let (german, names) = line.split_once('\t').unwrap_or((line, line));
        english.insert(german, names.split('|').collect());
    }
    let names = english.values().flatten().copied().collect();
    Cities { english, names }
});

/// Spellings that no table has.
const SPELLINGS: [(&str, &str); 1] = [("Kyjiw", "Kyiv")];

/// The English name of a city that German calls otherwise.
pub fn english(german: &str) -> Option<&'static str> {
    let spelled = SPELLINGS.iter().find(|(name, _)| *name == german);
    if let Some((_, english)) = spelled {
        return Some(english);
    }
    let names = CITIES.english.get(german)?;
    let first = names.first()?;
    (!names.contains(&german)).then_some(first)
}

/// Whether a city has this name in English.
pub fn is_english(name: &str) -> bool {
    CITIES.names.contains(name)
}

/// Whether a city has this name in German.
pub fn is_city(german: &str) -> bool {
    CITIES.english.contains_key(german)
}

/// One check for each city of the source that stands in the target under its
/// German name, or in whose place another city stands, or nothing where the source
/// says „in Essen“; and one for each city that only the target has.
pub fn check_cities(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
) -> Vec<Check> {
    let mut checks = left_german(source, source_words, target, target_words);
    checks.extend(exchanged(source, source_words, target, target_words));
    checks
}

fn alone(word: &Word<'_>) -> bool {
    !word.joined && word.is_name_like()
}

fn left_german(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
) -> Vec<Check> {
    let places = target_words.iter().enumerate();
    let left = places.filter(|(place, word)| alone(word) && !part_of_name(target_words, *place));
    let left = left.filter_map(|(_, word)| {
        let german = word.text.trim_end_matches("'s").trim_end_matches("’s");
        // „Kairos Zentrum“ ↔ "the centre of Kairos"
        let genitive = || {
            let copied = source_words.iter().any(|other| other.text == german);
            german
                .strip_suffix('s')
                .filter(|_| copied)
                .and_then(english)
        };
        let name = english(german).or_else(genitive)?;
        // „Kölns“ and „Wiener“ name the city as well.
        let of_source = |other: &&Word<'_>| other.is_name_like() && other.text.starts_with(german);
        let here = source_words.iter().find(of_source)?;
        let span = Span::new(word.span.start, word.span.start + german.len());
        Some(check(
            name,
            Some((source, here.span)),
            Some((target, span)),
            Status::Changed,
        ))
    });
    left.take(MOST_NAMES).collect()
}

/// Whether the word before says that a place is meant: „in Essen“, „aus Halle“.
fn is_place(words: &[Word<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    before.is_some_and(|word| matches!(word.lower.as_str(), "in" | "nach" | "aus" | "bei"))
}

/// „am Münster“, „das Freiburger Münster“: no city has an article.
fn is_church(words: &[Word<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    before.is_some_and(|word| {
        let article = matches!(
            word.lower.as_str(),
            "am" | "im" | "zum" | "vom" | "beim" | "das" | "dem" | "des"
        );
        article || word.is_name_like() && word.text.ends_with("er")
    })
}

/// Cities of the source that the target does not name, and what stands in their
/// places: a city that the source does not name („Mannheim“ ↔ "Munich"), or nothing.
/// Then the cities that stand in no place of one.
fn exchanged(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
) -> Vec<Check> {
    let cities = &*CITIES;
    let mut known = HashSet::new();
    let lost = source_words.iter().enumerate().filter(|(_, word)| {
        let names = cities.english.get(word.text);
        let names = names.filter(|_| alone(word) && known.insert(word.text));
        names.is_some_and(|names| {
            !target.contains(word.text) && !names.iter().any(|name| target.contains(name))
        })
    });
    // "Dusseldorf" is the same city.
    let respelled = |word: &Word<'_>| {
        let mut others = target_words.iter().filter(|other| alone(other));
        others.any(|other| same_name(word.text, other.text))
    };
    let lost: Vec<(usize, &Word<'_>)> = lost
        .take(MOST_NAMES)
        .filter(|(_, word)| !respelled(word))
        .collect();
    // The source may hold the name in a word of its own: „Münchner“, „Wiens“.
    let of_source = |name: &str| {
        let mut german = cities.english.iter();
        source.contains(name)
            || german.any(|(german, names)| {
                names.contains(&name) && (source.contains(german) || hinted(source_words, german))
            })
    };
    let mut strange = target_words
        .iter()
        .filter(|word| alone(word) && cities.names.contains(word.text) && !of_source(word.text));
    let mut checks: Vec<Check> = lost
        .into_iter()
        .filter_map(|(at, word)| {
            let names = cities.english.get(word.text);
            let name = names.and_then(|names| names.first());
            let name = name.unwrap_or(&word.text);
            let here = Some((source, word.span));
            match strange.next() {
                Some(other) => {
                    let there = Some((target, other.span));
                    Some(check(name, here, there, Status::Changed))
                }
                None => {
                    let named = !is_church(source_words, at)
                        && score(source, source_words, at).is_some_and(|score| score >= NAME);
                    (named || is_place(source_words, at))
                        .then(|| check(name, here, None, Status::Missing))
                }
            }
        })
        .collect();
    // "Nice" and "Reading" begin sentences that are about no city.
    let invented = strange.filter(|word| word.follows && !hinted(source_words, word.text));
    let added = |word: &Word<'_>| {
        let there = Some((target, word.span));
        check(word.text, None, there, Status::Added)
    };
    checks.extend(invented.take(MOST_NAMES).map(added));
    checks
}
