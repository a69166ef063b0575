//! Persons: a given name and the name behind it, or an office and two names.

use super::given::is_given_name;
use super::office::{is_office, may_be_name, vouched};
use super::word::{Word, joined_to_next};
use crate::figures::Language;
use crate::span::Span;

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
