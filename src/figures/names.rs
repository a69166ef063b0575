//! Names: persons and countries of the source must stand in the translation,
//! and the translation may not name a person whom the source does not.
//!
//! German capitalises every noun, so a name is only claimed where something
//! vouches for it: a given name or an office before it, a table of places and of
//! organisations, or weights that have learned what names look like and where they
//! stand. What cannot be told safely is left alone; a complaint about every noun
//! would hide the one that matters.

mod cast;
mod city;
mod gazetteer;
mod genitive;
mod given;
mod office;
mod organisation;
mod person;
mod place;
mod presence;
mod proper;
mod spelling;
mod unlisted;
mod word;

use std::collections::HashSet;

use super::compare::{Check, Mention, Status};
use super::kind::Kind;
use crate::span::Span;
pub use cast::Cast;
pub use given::is_given_name;
pub use spelling::respelled;
use word::{Word, words};

/// Names of a kind looked at in one text: it bounds the work on hostile input.
const MOST_NAMES: usize = 64;

/// A text of more words than this is no sentence, and no names are looked for.
const MOST_WORDS: usize = 1000;

/// Checks the names of a German segment and of its English translation; the
/// persons of the article it is from may be called by their surnames.
pub fn compare(source: &str, target: &str, cast: &Cast) -> Vec<Check> {
    let (source_words, target_words) = (words(source), words(target));
    if source_words.len().max(target_words.len()) > MOST_WORDS {
        return Vec::new();
    }
    let mut checks = presence::check_persons(source, &source_words, target, &target_words, cast);
    checks.extend(place::check_places(
        source,
        &source_words,
        target,
        &target_words,
    ));
    checks.extend(city::check_cities(
        source,
        &source_words,
        target,
        &target_words,
    ));
    checks.extend(organisation::check_organisations(
        source,
        &source_words,
        target,
        &target_words,
    ));
    let unlisted = unlisted::check_unlisted(source, &source_words, target, &target_words, &checks);
    checks.extend(unlisted);
    checks
}

/// What has a name in a table, and may be called otherwise in English.
fn is_listed(name: &str) -> bool {
    city::is_city(name) || place::is_place(name) || organisation::is_organisation(name)
}

/// The English form of a city, a country or an organisation that is written in
/// German.
pub fn english(german: &str) -> Option<&'static str> {
    city::english(german)
        .or_else(|| place::english(german))
        .or_else(|| organisation::english(german))
}

fn check(
    value: &str,
    source: Option<(&str, Span)>,
    target: Option<(&str, Span)>,
    status: Status,
) -> Check {
    let mention = |(text, span): (&str, Span)| Mention::of(text, span);
    Check {
        kind: Kind::Name,
        value: value.to_owned(),
        source: source.map(mention),
        target: target.map(mention),
        status,
    }
}

/// The lower-case words of a text.
fn vocabulary<'a>(words: &'a [Word<'_>]) -> HashSet<&'a str> {
    words.iter().map(|word| word.lower.as_str()).collect()
}

#[cfg(test)]
mod tests;
