//! What became of the terms of a segment.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::english::{forms, is_form};
use super::phrase::{Phrase, Words, loose_gap};
use super::{MOST_OCCURRENCES, Occurrence};
use crate::span::Span;

/// What became of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its English stands in the translation.
    Used,
    /// It stands there because another rendering of the term was replaced.
    Replaced,
    /// It does not stand there.
    Missed,
}

impl Status {
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Used => "used",
            Status::Replaced => "replaced",
            Status::Missed => "missed",
        }
    }
}

/// One occurrence of a term in the source and its English in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    pub status: Status,
    /// In the target; `None` when it was missed.
    pub target: Option<Span>,
}

/// A text asked for phrases.
pub struct Index<'a> {
    words: Words<'a>,
    places: HashMap<String, Vec<usize>>,
}

impl<'a> Index<'a> {
    pub fn of(text: &'a str) -> Self {
        let words = Words::of(text);
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, word) in words.iter().enumerate() {
            let places = places.entry(word.to_lowercase()).or_default();
            if places.len() < MOST_OCCURRENCES {
                places.push(at);
            }
        }
        Index { words, places }
    }

    pub fn words(&self) -> &Words<'a> {
        &self.words
    }

    /// Where an English phrase stands, ascending.
    pub fn find(&self, phrase: &Phrase) -> Vec<Span> {
        let count = phrase.len();
        let Some(first) = phrase.words().first() else {
            return Vec::new();
        };
        let mut places: Vec<usize> = forms(first, count == 1)
            .iter()
            .filter_map(|form| self.places.get(form))
            .flatten()
            .copied()
            .collect();
        places.sort_unstable();
        places
            .into_iter()
            .filter_map(|at| {
                phrase.at(&self.words, at, loose_gap, |index, word, found| {
                    is_form(word, found, index + 1 == count)
                })
            })
            .collect()
    }
}

/// Looks for the English of each occurrence in a translation. Each needs a
/// place of its own, and the longest choose first: in “federal government” no
/// “government” of another term stands.
pub fn check(source: &str, occurrences: &[Occurrence], target: &str) -> Vec<Check> {
    let missed = Check {
        status: Status::Missed,
        target: None,
    };
    let mut checks = vec![missed; occurrences.len()];
    if occurrences.is_empty() {
        return checks;
    }
    let index = Index::of(target);
    let mut order: Vec<usize> = (0..occurrences.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(occurrences[at].term.english().len()));
    let mut taken: Vec<Span> = Vec::new();
    for at in order {
        let occurrence = &occurrences[at];
        let mut places = index.find(&occurrence.term.english);
        if places.is_empty() && occurrence.term.is_kept() {
            // In the form that the source has it in: des Bundestages.
            let form = Phrase::read(occurrence.span.of(source));
            places = form.map_or_else(Vec::new, |form| index.find(&form));
        }
        let free = places
            .into_iter()
            .find(|place| !taken.iter().any(|span| span.overlaps(place)));
        if let Some(place) = free {
            taken.push(place);
            checks[at] = Check {
                status: Status::Used,
                target: Some(place),
            };
        }
    }
    checks
}

/// How many terms were missed.
pub fn missed(checks: &[Check]) -> usize {
    checks
        .iter()
        .filter(|check| check.status == Status::Missed)
        .count()
}
