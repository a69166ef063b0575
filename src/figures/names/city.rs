//! Cities whose German name was left in the English text: Kiew, Pjöngjang.

use super::word::Word;
use super::{MOST_NAMES, check};
use crate::figures::compare::{Check, Status};

/// German and English names from Unicode CLDR; `tools/cldr_cities.py` makes it.
const CITIES: &str = include_str!("cities.tsv");

/// The English name of a city that German calls otherwise.
pub fn english(german: &str) -> Option<&'static str> {
    CITIES
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .find(|(name, _)| *name == german)
        .map(|(_, english)| english)
}

/// One check for each such city of the source that stands in the target under
/// its German name; a city that is named otherwise is left alone.
pub fn check_cities(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
) -> Vec<Check> {
    let alone = |word: &&Word<'_>| !word.joined && word.is_name_like();
    // „Rapid Wien“, „Wien Energie“ and „Theater an der Wien“ are names of their own.
    let joins = |place: usize| {
        let word = target_words.get(place)?;
        Some(word.follows && word.is_name_like())
    };
    let part_of_name = |place: usize| {
        let before = place
            .checked_sub(1)
            .and_then(|before| target_words.get(before));
        let follows = target_words.get(place).is_some_and(|word| word.follows);
        follows && before.is_some_and(|word| word.is_name_like() || is_german(&word.lower))
            || joins(place + 1) == Some(true)
    };
    let places = target_words.iter().enumerate();
    let left = places.filter(|(place, word)| alone(word) && !part_of_name(*place));
    let left = left.filter_map(|(_, word)| {
        let name = english(word.text)?;
        let of_source = |other: &&Word<'_>| alone(other) && other.text == word.text;
        let here = source_words.iter().find(of_source)?;
        let there = Some((target, word.span));
        Some(check(
            name,
            Some((source, here.span)),
            there,
            Status::Changed,
        ))
    });
    left.take(MOST_NAMES).collect()
}

/// Words before a city that tell a German title.
fn is_german(lower: &str) -> bool {
    matches!(
        lower,
        "der" | "die" | "das" | "von" | "aus" | "für" | "bei" | "nach"
    )
}
