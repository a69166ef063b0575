//! German words that were left in a translation.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::span::Span;

/// Words that translators of news hardly ever leave as they are, see
/// `tools/german_words.py`.
static GERMAN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("german.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});
/// As many words in a row are a title that is cited, or more than a remnant.
const CITED: usize = 3;
/// Places of one word that are looked at, so that a text of one repeated word
/// stays cheap.
const MOST_PLACES: usize = 8;

/// Where words of the source stand in the translation, with or without a capital,
/// that news always translates. Parts of names („Neckermann Reisen“) and titles
/// („Maschinen wie ich“) are none: nouns that stand behind a name that was copied with
/// them, and what stands among three words that were and that are not all names.
pub fn remnants(source: &str, target: &str) -> Vec<Span> {
    let there: Vec<Span> = words(target).collect();
    let mut here: HashMap<&str, Vec<usize>> = HashMap::new();
    for span in words(source) {
        let places = here.entry(span.of(source)).or_default();
        if places.len() < MOST_PLACES {
            places.push(span.start);
        }
    }
    // How many words from each on stand in a row in the source as well.
    let in_a_row = |first: usize, most: usize| {
        let row = &there[first..there.len().min(first + most)];
        let starts = row.first().and_then(|span| here.get(span.of(target)));
        let starts = starts.map_or(&[][..], Vec::as_slice);
        let copied = |start: usize| {
            let copied = row.iter().take_while(|span| {
                let end = start + (span.end - row[0].start);
                source.get(start..end) == target.get(row[0].start..span.end)
                    && !source[end..].starts_with(char::is_alphanumeric)
            });
            copied.count()
        };
        starts.iter().map(|start| copied(*start)).max().unwrap_or(0)
    };
    let is_noun = |place: usize| there[place].of(target).starts_with(char::is_uppercase);
    let is_name = |place: usize| is_noun(place) && !GERMAN.contains(there[place].of(target));
    let is_part = |place: usize| {
        let before = place.checked_sub(1).filter(|before| is_name(*before));
        let cited = |first: usize| {
            let row = first..(first + CITED).min(there.len());
            in_a_row(first, CITED) == CITED
                && row
                    .into_iter()
                    .any(|other| other != place && !is_name(other))
        };
        is_noun(place) && before.is_some_and(|before| in_a_row(before, 2) == 2)
            || (place.saturating_sub(CITED - 1)..=place).any(cited)
    };
    there
        .iter()
        .enumerate()
        .filter(|(_, span)| {
            let word = span.of(target);
            let left = |word: &str| here.contains_key(word) && GERMAN.contains(word);
            left(word) || word.starts_with(char::is_lowercase) && left(&capitalised(word))
        })
        .filter(|(place, _)| !is_part(*place))
        .map(|(_, span)| *span)
        .collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.as_str().chars()).collect()
}

/// Runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = Span> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text.get(rest..)?.find(char::is_alphanumeric)?;
        let tail = text.get(start..)?;
        let length = tail.find(|c: char| !c.is_alphanumeric());
        rest = start + length.unwrap_or(tail.len());
        Some(Span::new(start, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(source: &str, target: &str) -> Vec<String> {
        let spans = remnants(source, target);
        spans
            .iter()
            .map(|span| span.of(target).to_owned())
            .collect()
    }

    #[test]
    fn words_that_were_left_in_german_are_found() {
        assert_eq!(
            left(
                "Die Gewerkschaft ist mit der Krise nicht zufrieden, sagte Richterin Hoffmann.",
                "The gewerkschaft is not zufrieden with the crisis, said Richterin Hoffmann.",
            ),
            ["gewerkschaft", "zufrieden", "Richterin"]
        );
        assert_eq!(
            left(
                "Klopp und Megan Rapinoe ausgezeichnet, sagte Sprecher Bernd Engelien",
                "Klopp and Megan Rapinoe ausgezeichnet, said Sprecher Bernd Engelien",
            ),
            ["ausgezeichnet", "Sprecher"]
        );
    }

    #[test]
    fn names_titles_and_english_are_left_alone() {
        for (source, target) in [
            (
                "Zum Konzern gehört Neckermann Reisen.",
                "Neckermann Reisen belongs to the group.",
            ),
            (
                "Der Roman „Maschinen wie ich“ erschien.",
                "The novel “Maschinen wie ich” was published.",
            ),
            (
                "Das Hotel in Hamburg hat Angela Merkel gefallen.",
                "Angela Merkel liked the hotel in Hamburg.",
            ),
            ("Er las die Krise.", "He read the crisis."),
            ("", ""),
        ] {
            assert_eq!(left(source, target), [""; 0], "{target}");
        }
    }

    #[test]
    fn hostile_texts_are_read_in_linear_time() {
        let text = "Krise ".repeat(100_000);
        let begun = std::time::Instant::now();
        assert!(remnants(&text, &text).is_empty());
        assert!(begun.elapsed().as_secs() < 10);
    }
}
