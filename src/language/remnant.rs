//! German words that were left in a translation.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::span::Span;
use crate::words::{capitalised, words};

/// Words that translators of news hardly ever leave as they are, see
/// `tools/german_words.py`.
static GERMAN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("german.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});
/// As many words in a row are a title that is cited.
const CITED: usize = 3;
/// A quotation of more words is what somebody said.
const LONGEST_TITLE: usize = 3;
/// As many occurrences of one word in the source are compared, so that a text of one
/// repeated word stays cheap.
const MOST_PLACES: usize = 8;

/// Where words of the source stand in the translation, with or without a capital,
/// that news always translates. Names and titles are none: short quotations, words with a
/// hyphen or behind a German article, three copied words in a row („Maschinen wie ich“), and
/// capitalised words that were copied together („Neckermann Reisen“, „Schloss Elmau“),
/// unless the second is a given name and the first says what the person is („Sprecher
/// Bernd“).
pub fn remnants(source: &str, target: &str, is_given_name: impl Fn(&str) -> bool) -> Vec<Span> {
    let there: Vec<Span> = words(target).collect();
    let mut here: HashMap<&str, Vec<usize>> = HashMap::new();
    for span in words(source) {
        let places = here.entry(span.of(source)).or_default();
        if places.len() < MOST_PLACES {
            places.push(span.start);
        }
    }
    // Whether so many words from each on stand in a row in the source as well.
    let is_copied = |first: usize, count: usize| {
        let row = there.get(first).zip(there.get(first + count - 1));
        let Some((from, to)) = row else {
            return false;
        };
        let text = Span::new(from.start, to.end).of(target);
        let starts = here.get(from.of(target)).map_or(&[][..], Vec::as_slice);
        starts.iter().any(|start| {
            let rest = source
                .get(*start..)
                .and_then(|rest| rest.strip_prefix(text));
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    };
    let word = |place: usize| there.get(place).map_or("", |span| span.of(target));
    let is_noun = |place: usize| word(place).starts_with(char::is_uppercase);
    let is_part = |place: usize| {
        let before = place.checked_sub(1);
        let with_next = is_noun(place + 1) && !is_given_name(word(place + 1));
        let with_last = before.is_some_and(|before| {
            is_noun(before) && is_copied(before, 2)
                || matches!(word(before), "Der" | "Die" | "Das" | "der" | "die" | "das")
        });
        let cited = |first: usize| {
            let others = (first..first + CITED).filter(|other| *other != place);
            let is_name = |other: usize| is_noun(other) && !GERMAN.contains(word(other));
            is_copied(first, CITED) && others.into_iter().any(|other| !is_name(other))
        };
        is_noun(place) && (with_last || with_next && is_copied(place, 2))
            || (place.saturating_sub(CITED - 1)..=place).any(cited)
    };
    let is_left = |word: &str| here.contains_key(word) && GERMAN.contains(word);
    let found = there.iter().enumerate().filter(|(_, span)| {
        let word = span.of(target);
        is_left(word) || word.starts_with(char::is_lowercase) && is_left(&capitalised(word))
    });
    found
        .filter(|(place, span)| !is_part(*place) && !is_marked(target, **span))
        .map(|(_, span)| *span)
        .collect()
}

/// Whether a word has a hyphen, or stands in a quotation as short as a title.
fn is_marked(text: &str, span: Span) -> bool {
    const OPENING: [char; 5] = ['"', '“', '„', '‘', '«'];
    const CLOSING: [char; 5] = ['"', '”', '“', '’', '»'];
    /// Bytes that a title may have on either side of a word.
    const NEAR: usize = 60;
    let before = text.get(..span.start).unwrap_or("");
    let after = text.get(span.end..).unwrap_or("");
    let start = before.ceil_char_boundary(before.len().saturating_sub(NEAR));
    let before_near = &before[start..];
    let after_near = &after[..after.floor_char_boundary(NEAR)];
    let quoted = before_near.rfind(OPENING).zip(after_near.find(CLOSING));
    let is_title = quoted.is_some_and(|(open, close)| {
        let around = words(&before_near[open..]).count() + words(&after_near[..close]).count();
        around < LONGEST_TITLE
            && before_near[open..]
                .chars()
                .filter(|c| CLOSING.contains(c))
                .count()
                < 2
    });
    is_title || before.ends_with('-') || after.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(source: &str, target: &str) -> Vec<String> {
        let spans = remnants(source, target, |word| word == "Bernd");
        spans
            .iter()
            .map(|span| span.of(target).to_owned())
            .collect()
    }

    #[test]
    fn words_that_were_left_in_german_are_found() {
        assert_eq!(
            left(
                "Die Gewerkschaft ist mit der Krise nicht zufrieden, sagte die Richterin.",
                "The gewerkschaft is not zufrieden with the crisis, said the Richterin.",
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
        assert_eq!(
            left(
                "„Die Gewerkschaft will mit uns verhandeln“, sagte er.",
                "“The Gewerkschaft wants to negotiate with us,” he said.",
            ),
            ["Gewerkschaft"]
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
                "Im Schloss Elmau sprach der „Krise“ genannte Gast mit der „Zeit“.",
                "In Schloss Elmau, the guest called “Krise” spoke with Die Zeit.",
            ),
            (
                "Der Gewerkschafts-Chef und die Krisen-Sitzung: Krisen ohne Ende.",
                "The head of the union and the Krisen-Sitzung.",
            ),
            (
                "Das Hotel in Hamburg hat Angela Merkel gefallen.",
                "Angela Merkel liked the hotel in Hamburg.",
            ),
            ("Der Autopilot fiel aus.", "The autopilot failed."),
            ("Er las die Krise.", "He read the crisis."),
            ("", ""),
        ] {
            assert_eq!(left(source, target), [""; 0], "{target}");
        }
    }

    #[test]
    fn hostile_texts_are_read_in_linear_time() {
        for text in ["Krise ".repeat(100_000), "“Krise".repeat(100_000)] {
            let begun = std::time::Instant::now();
            remnants(&text, &text, |_| false);
            assert!(begun.elapsed().as_secs() < 10);
        }
    }
}
