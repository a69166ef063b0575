//! Persons: a given name and the name behind it, or an office and two names.

use super::cast::Cast;
use super::given::is_given_name;
use super::office::{is_office, may_be_name, vouched};
use super::spelling::{is_transcription, same_name};
use super::word::{Word, joined_to_next};
use super::{MOST_NAMES, check, vocabulary};
use crate::figures::Language;
use crate::figures::compare::{Check, Status};
use crate::span::Span;
use std::collections::HashSet;

/// A person named by a text.
#[derive(Debug)]
pub struct Person {
    /// Position of the given name, and of the name behind it.
    pub given: usize,
    pub surname: usize,
    pub span: Span,
    /// A given name vouches for the person, not an office.
    pub sure: bool,
}

pub fn check_persons(
    source: &str,
    source_words: &[Word<'_>],
    target: &str,
    target_words: &[Word<'_>],
    cast: &Cast,
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
    let named = persons(source_words, Language::German, MOST_NAMES);
    for person in &named {
        checks.extend(texts.verdict(person, &mut replaced));
    }
    checks.extend(texts.surnames(&named, cast));
    for person in persons(target_words, Language::English, MOST_NAMES) {
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
        let like = |one: &Word<'_>, word: &Word<'_>| self.is_like(one.text, word);
        if let Some(place) = self.place(|word| like(surname, word)) {
            return kept(place, self.likeness(surname, place));
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

    /// One check for each surname that stands alone and that the article or the
    /// segment itself vouches for.
    fn surnames(&self, named: &[Person], cast: &Cast) -> Vec<Check> {
        let own = Cast::of_words(self.source_words);
        let claimed: HashSet<usize> = named
            .iter()
            .flat_map(|person| person.given..=person.surname)
            .collect();
        let mut known: HashSet<&str> = named
            .iter()
            .filter_map(|person| self.source_words.get(person.surname))
            .map(|word| word.text)
            .collect();
        let mut checks = Vec::new();
        for (at, word) in self.source_words.iter().enumerate() {
            if claimed.contains(&at) || !stands_alone(self.source_words, at) {
                continue;
            }
            let surname = own.surname(word).or_else(|| cast.surname(word));
            if let Some(surname) = surname.filter(|surname| known.insert(surname))
                && checks.len() < MOST_NAMES
            {
                checks.push(self.surname(surname, word));
            }
        }
        checks
    }

    /// What became of a surname.
    fn surname(&self, surname: &str, word: &Word<'_>) -> Check {
        let here = Some((self.source, word.span));
        let exact = self.place(|target| equal(word, target));
        let alike = || {
            self.place(|target| self.is_like(surname, target))
                .map(|place| (place, self.likeness(word, place)))
        };
        let found = exact.map(|place| (place, Status::Kept)).or_else(alike);
        let found = found.and_then(|(place, status)| Some((self.target_words.get(place)?, status)));
        match found {
            Some((target, status)) => {
                let there = Some((self.target, target.span));
                check(surname, here, there, status)
            }
            None => check(surname, here, None, Status::Missing),
        }
    }

    /// Whether a word of the target is like a name of the source, and is none itself.
    fn is_like(&self, name: &str, target: &Word<'_>) -> bool {
        target.is_name_like() && same_name(name, target.text) && !self.known.contains(base(target))
    }

    /// Whether a name of the target that is like one of the source is the same in
    /// English spelling, or another one.
    fn likeness(&self, surname: &Word<'_>, place: usize) -> Status {
        let target = self.target_words.get(place);
        let same = target.is_some_and(|target| is_transcription(surname.text, target.text));
        if same {
            Status::Converted
        } else {
            Status::Changed
        }
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

/// The persons whom a text names in full, at most so many.
pub fn persons(words: &[Word<'_>], language: Language, most: usize) -> Vec<Person> {
    let mut persons = Vec::new();
    let mut at = 0;
    while at < words.len() && persons.len() < most {
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
    // „Hans-Peter Müller“, but not „Konrad-Adenauer-Stiftung“
    let double = sure
        && at
            .checked_sub(1)
            .filter(|before| joined_to_next(words, *before) && !joined_to_next(words, at))
            .and_then(|before| words.get(before))
            .is_some_and(|first| is_given_name(first.text));
    if !starts || word.joined && !double || !may_be_name(word, language) {
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

/// Whether a word is neither a part of a compound nor a noun with its article: „der
/// Koch“ is nobody's name.
fn stands_alone(words: &[Word<'_>], at: usize) -> bool {
    let article = |word: &Word<'_>| {
        matches!(
            word.lower.as_str(),
            "der"
                | "die"
                | "das"
                | "den"
                | "dem"
                | "des"
                | "ein"
                | "eine"
                | "einen"
                | "einem"
                | "einer"
                | "eines"
                | "kein"
                | "keine"
        )
    };
    let word = words.get(at);
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    word.is_some_and(|word| {
        word.is_name_like() && !word.joined && !(word.follows && before.is_some_and(article))
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
