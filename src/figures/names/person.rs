//! Persons: a given name and the name behind it, or an office and two names.

use super::given::is_given_name;
use super::office::{is_office, may_be_name, vouched};
use super::spelling::same_name;
use super::word::Word;
use super::{MOST_NAMES, check, vocabulary};
use crate::figures::Language;
use crate::figures::compare::{Check, Status};
use crate::span::Span;
use std::collections::HashSet;

/// A person named by a text.
#[derive(Debug)]
struct Person {
    /// Position of the given name, and of the name behind it.
    given: usize,
    surname: usize,
    span: Span,
    /// A given name vouches for the person, not an office.
    sure: bool,
}

pub fn check_persons(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut replaced = HashSet::new();
    let texts = Texts {
        source,
        source_words,
        target,
        target_words,
        known: vocabulary(source_words),
    };
    for person in persons(source_words, Language::German) {
        checks.extend(texts.verdict(&person, &mut replaced));
    }
    for person in persons(target_words, Language::English) {
        if person.sure && !replaced.contains(&person.given) && texts.is_invented(&person) {
            let there = Some((target, person.span));
            checks.push(check(person.span.of(target), None, there, Status::Added));
        }
    }
    checks
}

struct Texts<'a> {
    source: &'a str,
    source_words: &'a [Word<'a>],
    target: &'a str,
    target_words: &'a [Word<'a>],
    /// The words of the source.
    known: HashSet<&'a str>,
}

impl Texts<'_> {
    /// What became of a person of the source; `None` when it cannot be told.
    fn verdict(&self, person: &Person, replaced: &mut HashSet<usize>) -> Option<Check> {
        let given = self.source_words.get(person.given)?;
        let surname = self.source_words.get(person.surname)?;
        let name = person.span.of(self.source);
        let here = Some((self.source, person.span));
        let kept = |place: usize, status| {
            let span = self.with_given_name(given, place)?;
            Some(check(name, here, Some((self.target, span)), status))
        };
        if let Some(place) = self.place(|word| equal(surname, word)) {
            return kept(place, Status::Kept);
        }
        let like =
            |one: &Word<'_>, word: &Word<'_>| word.is_name_like() && same_name(one.text, word.text);
        if let Some(place) = self.place(|word| like(surname, word)) {
            return kept(place, Status::Converted);
        }
        let Some(place) = self.place(|word| equal(given, word) || like(given, word)) else {
            return Some(check(name, here, None, Status::Missing));
        };
        // "Angela Miracle": another name stands behind the given one.
        let first = self.target_words.get(place)?;
        let next = self.target_words.get(place + 1)?;
        let other = next.follows && next.is_name_like() && !self.known.contains(base(next));
        if !other || !person.sure {
            return None;
        }
        replaced.insert(place);
        let span = Span::new(first.span.start, next.span.end);
        Some(check(
            name,
            here,
            Some((self.target, span)),
            Status::Changed,
        ))
    }

    /// A surname of the target with the given name before it, if it is there.
    fn with_given_name(&self, given: &Word<'_>, place: usize) -> Option<Span> {
        const MOST_BETWEEN: usize = 4;
        let surname = self.target_words.get(place)?;
        let mut start = surname.span.start;
        for back in 1..=MOST_BETWEEN {
            let Some(at) = place.checked_sub(back) else {
                break;
            };
            if !self.target_words.get(at + 1)?.follows {
                break;
            }
            let word = self.target_words.get(at)?;
            if equal(given, word) || same_name(given.text, word.text) {
                start = word.span.start;
                break;
            }
        }
        Some(Span::new(start, surname.span.end))
    }

    fn place(&self, fits: impl Fn(&Word<'_>) -> bool) -> Option<usize> {
        self.target_words.iter().position(fits)
    }

    /// Whether neither name of a person stands in the source.
    fn is_invented(&self, person: &Person) -> bool {
        let names = [person.given, person.surname];
        let mut names = names.iter().filter_map(|at| self.target_words.get(*at));
        !names.any(|name| {
            self.source_words
                .iter()
                .any(|word| equal(word, name) || same_name(word.text, name.text))
        })
    }
}

/// A word without the ending of a genitive.
fn base<'a>(word: &'a Word<'_>) -> &'a str {
    let lower = word.lower.as_str();
    lower
        .strip_suffix("'s")
        .or_else(|| lower.strip_suffix("’s"))
        .unwrap_or(lower)
}

/// The same word, but for the endings of genitives: Merkels, Merkel's.
fn equal(german: &Word<'_>, english: &Word<'_>) -> bool {
    let english = base(english);
    german.lower == english || german.lower.strip_suffix('s') == Some(english)
}

fn persons(words: &[Word<'_>], language: Language) -> Vec<Person> {
    let mut persons = Vec::new();
    let mut at = 0;
    while at < words.len() && persons.len() < MOST_NAMES {
        match person(words, at, language) {
            Some(person) => {
                at = person.surname + 1;
                persons.push(person);
            }
            None => at += 1,
        }
    }
    persons
}

fn person(words: &[Word<'_>], at: usize, language: Language) -> Option<Person> {
    let word = words.get(at)?;
    let sure = is_given_name(word.text);
    let office = at
        .checked_sub(1)
        .and_then(|before| words.get(before))
        .is_some_and(|before| word.follows && is_office(&before.lower));
    let starts = sure || office && language == Language::German && vouched(words, at);
    // „Konrad-Adenauer-Stiftung“, „Hans-Peter“
    if !starts || word.joined || !may_be_name(word, language) {
        return None;
    }
    let surname = surname(words, at + 1)?;
    let name = words.get(surname)?;
    (may_be_name(name, language) && !is_office(&name.lower)).then_some(Person {
        given: at,
        surname,
        span: Span::new(word.span.start, name.span.end),
        sure,
    })
}

/// The name behind a given name, past further given names and particles.
fn surname(words: &[Word<'_>], start: usize) -> Option<usize> {
    const MOST_BETWEEN: usize = 3;
    let mut at = start;
    for _ in 0..MOST_BETWEEN {
        let word = words.get(at).filter(|word| word.follows)?;
        let next = words
            .get(at + 1)
            .is_some_and(|next| next.follows && next.is_name_like());
        let between = is_particle(&word.lower) || is_given_name(word.text) && next;
        if !between {
            break;
        }
        at += 1;
    }
    words
        .get(at)
        .filter(|word| word.follows && word.is_name_like())
        .map(|_| at)
}

fn is_particle(lower: &str) -> bool {
    matches!(
        lower,
        "von"
            | "van"
            | "de"
            | "der"
            | "den"
            | "da"
            | "dos"
            | "di"
            | "del"
            | "la"
            | "le"
            | "al"
            | "el"
            | "bin"
            | "ibn"
            | "zu"
    )
}
