//! What became of the persons of a source: whether their names stand in the
//! translation, and whether it names others.

use super::cast::Cast;
use super::person::{Person, persons};
use super::spelling::{is_transcription, same_name};
use super::word::{Word, base, equal};
use super::{MOST_NAMES, check, vocabulary};
use crate::figures::Language;
use crate::figures::compare::{Check, Status};
use crate::span::Span;
use std::collections::HashSet;

/// One check for each person of the source, named in full or by the surname, and one
/// for each whom only the target names.
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
            return kept(place, likeness(surname, self.target_words.get(place)?));
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

    /// One check for each surname that stands alone and that the article vouches for.
    fn surnames(&self, named: &[Person], cast: &Cast) -> Vec<Check> {
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
            let surname = cast.surname(word).filter(|surname| known.insert(surname));
            if let Some(surname) = surname
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
        let mut words = self.target_words.iter();
        let exact = words.clone().find(|target| equal(word, target));
        let found = exact.map(|target| (target, Status::Kept)).or_else(|| {
            let target = words.find(|target| self.is_like(surname, target))?;
            Some((target, likeness(word, target)))
        });
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

/// Whether a name of the target that is like one of the source is the same in
/// English spelling, or another one.
fn likeness(surname: &Word<'_>, target: &Word<'_>) -> Status {
    match is_transcription(surname.text, target.text) {
        true => Status::Converted,
        false => Status::Changed,
    }
}

/// Whether a word is neither a part of a compound nor a noun with its article: „der
/// Koch“ and „zum Richter“ are nobody's names.
fn stands_alone(words: &[Word<'_>], at: usize) -> bool {
    const BEFORE_NOUNS: [&str; 30] = [
        "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer",
        "eines", "kein", "keine", "keinen", "am", "im", "zum", "zur", "vom", "beim", "dieser",
        "diese", "dieses", "jeder", "jede", "sein", "seine", "ihr", "ihre",
    ];
    let article = |word: &Word<'_>| BEFORE_NOUNS.contains(&word.lower.as_str());
    let word = words.get(at);
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    word.is_some_and(|word| {
        word.is_name_like() && !word.joined && !(word.follows && before.is_some_and(article))
    })
}
