//! The English of a term, put in the place of another rendering of it.
//!
//! Two renderings are certain: the German itself, copied into the translation,
//! and what the model makes of the bare term. Either is replaced only where it
//! stands as often as the term was missed.

use super::check::{Index, check, missed};
use super::glossary::german_at;
use super::phrase::Phrase;
use super::{Check, Occurrence, Status, Term};
use crate::span::Span;
use crate::words;

/// What the model makes of a term that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The term's source.
    pub source: String,
    pub english: String,
}

/// A translation in which terms were put in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub text: String,
    pub checks: Vec<Check>,
}

/// Shorter renditions may stand for too many other words.
const SHORTEST_RENDITION: usize = 4;
/// A shorter word in lower case, or at the start of a sentence, may be an
/// English one that only looks like the German term: Not, Rat, Brief.
const SHORTEST_COPY: usize = 7;

/// The translation with missed terms put in place; `None` when none could be.
pub fn place(
    source: &str,
    occurrences: &[Occurrence],
    target: &str,
    renditions: &[Rendition],
) -> Option<Placed> {
    let before = check(source, occurrences, target);
    if missed(&before) == 0 {
        return None;
    }
    let index = Index::of(target);
    let mut taken: Vec<Span> = before.iter().filter_map(|check| check.target).collect();
    let mut changes: Vec<(Span, String)> = Vec::new();
    let mut placed = vec![false; occurrences.len()];
    for (at, occurrence) in occurrences.iter().enumerate() {
        let term = &occurrence.term;
        if before[at].status != Status::Missed || placed[at] {
            continue;
        }
        let same: Vec<usize> = (at..occurrences.len())
            .filter(|&other| {
                before[other].status == Status::Missed && occurrences[other].term == *term
            })
            .collect();
        let free = |span: &Span| !taken.iter().any(|taken| taken.overlaps(span));
        let mut found: Vec<Span> = copies(term, &index).into_iter().filter(free).collect();
        if found.len() != same.len() {
            found = rendered(term, &index, renditions);
            found.retain(free);
        }
        if found.len() == same.len() {
            same.iter().for_each(|&other| placed[other] = true);
            taken.extend(&found);
            changes.extend(found.into_iter().map(|span| change(target, span, term)));
        }
    }
    if changes.is_empty() {
        return None;
    }
    changes.sort_by_key(|(span, _)| span.start);
    let text = replaced(target, &changes);
    let mut checks = check(source, occurrences, &text);
    if missed(&checks) >= missed(&before) {
        return None;
    }
    for (check, placed) in checks.iter_mut().zip(placed) {
        if placed && check.status == Status::Used {
            check.status = Status::Replaced;
        }
    }
    Some(Placed { text, checks })
}

/// Where the German of a term was copied.
fn copies(term: &Term, index: &Index<'_>) -> Vec<Span> {
    let words = index.words();
    (0..words.len())
        .filter_map(|at| german_at(term, words, at))
        .map(|(_, span)| span)
        .filter(|span| is_copy(words.text(), *span))
        .collect()
}

/// Whether a word that looks like the German one is it.
fn is_copy(text: &str, span: Span) -> bool {
    let copy = span.of(text);
    let foreign = copy.contains(|c: char| "äöüßÄÖÜ ".contains(c));
    foreign
        || copy.chars().count() >= SHORTEST_COPY
        || copy.starts_with(char::is_uppercase) && !opens_sentence(text, span.start)
}

fn opens_sentence(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(|c: char| !c.is_alphanumeric() && !".:!?".contains(c));
    before.is_empty() || before.ends_with(['.', ':', '!', '?'])
}

/// Where the model's own rendering of a term stands.
fn rendered(term: &Term, index: &Index<'_>, renditions: &[Rendition]) -> Vec<Span> {
    renditions
        .iter()
        .filter(|rendition| rendition.source == term.source())
        .filter_map(|rendition| Phrase::read(bare(&rendition.english)))
        .filter(|phrase| {
            phrase.words().iter().map(String::len).sum::<usize>() >= SHORTEST_RENDITION
        })
        .map(|phrase| {
            let mut places = index.find(&phrase);
            // The plural of a term cannot be guessed.
            let last = phrase.words().last().map(|word| word.to_lowercase());
            let singular = |span: &Span| {
                last.as_ref().is_some_and(|last| {
                    span.of(index.words().text()).to_lowercase().ends_with(last)
                })
            };
            if !places.iter().all(singular) {
                places.clear();
            }
            places
        })
        .find(|places| !places.is_empty())
        .unwrap_or_default()
}

/// A rendition without article and full stop.
fn bare(english: &str) -> &str {
    let english = english
        .trim()
        .trim_end_matches(['.', '!', '?', ',', ';', ':']);
    for article in ["the ", "a ", "an "] {
        if let Some(head) = english.get(..article.len())
            && head.eq_ignore_ascii_case(article)
        {
            return english[article.len()..].trim_start();
        }
    }
    english
}

/// The span to replace and what by: the first letter is a capital where a
/// sentence begins, and an article before it fits.
fn change(text: &str, span: Span, term: &Term) -> (Span, String) {
    let english = term.english();
    let before = text[..span.start].trim_end_matches(' ');
    let article = before
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let start = before.len() - article.len();
    let fitting = match article.to_ascii_lowercase().as_str() {
        "the"
            if english
                .get(..4)
                .is_some_and(|head| head.eq_ignore_ascii_case("the ")) =>
        {
            Some(String::new())
        }
        "a" if english.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) => {
            Some(format!("{article}n "))
        }
        "an" if begins_with_consonant(english) => Some(format!("{} ", &article[..1])),
        _ => None,
    };
    match fitting {
        Some(article) => {
            let new = format!("{article}{english}");
            (Span::new(start, span.end), capitalised(text, start, new))
        }
        None => (span, capitalised(text, span.start, english.to_owned())),
    }
}

fn begins_with_consonant(english: &str) -> bool {
    let mut letters = english.chars();
    letters
        .next()
        .is_some_and(|c| c.is_alphabetic() && !"aeiouhAEIOUH".contains(c))
        // An acronym is spelled out: an MP, but a party.
        && letters.next().is_some_and(char::is_lowercase)
}

/// New words for a place of a text: with a capital where a sentence begins with
/// one there.
pub fn capitalised(text: &str, at: usize, new: String) -> String {
    if !opens_sentence(text, at) || !text[at..].starts_with(char::is_uppercase) {
        return new;
    }
    words::capitalised(&new)
}

/// A text with other words in the places of ascending spans.
fn replaced(text: &str, changes: &[(Span, String)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for (span, new) in changes {
        out.push_str(text.get(at..span.start).unwrap_or_default());
        out.push_str(new);
        at = span.end.max(at);
    }
    out.push_str(&text[at..]);
    out
}
