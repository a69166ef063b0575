//! A set of terms, and where they stand in a German text.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::german::{Likeness, likeness, skeleton};
use super::phrase::{Words, same_gap};
use super::{Entry, MOST_OCCURRENCES, Occurrence, Term};
use crate::error::{Error, Result};
use crate::span::Span;

/// Terms of a glossary at most.
pub const MOST_TERMS: usize = 20_000;
/// Terms whose words all have the same skeletons are compared up to this
/// number; more are no terms of any language.
const MOST_ALIKE: usize = 16;

/// Terms, ready to be found. Two glossaries with the same entries are equal.
#[derive(Debug, Default)]
pub struct Glossary {
    terms: Vec<Arc<Term>>,
    /// Terms by the skeletons of their words.
    index: HashMap<String, Vec<usize>>,
    /// Skeletons that a term begins with.
    first: HashSet<String>,
    /// Numbers of words that terms have, longest first.
    lengths: Vec<usize>,
}

impl Glossary {
    /// # Errors
    /// [`Error::Malformed`] for an entry that cannot be used and for two that
    /// contradict each other, [`Error::TooLarge`] with too many.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Result<Self> {
        let mut glossary = Glossary::default();
        let mut known: HashMap<String, Option<String>> = HashMap::new();
        for (row, entry) in entries.into_iter().enumerate() {
            let entry = trimmed(entry);
            let at = |error: Error| match error {
                Error::Malformed(fault) => Error::Malformed(format!("term {}: {fault}", row + 1)),
                other => other,
            };
            let term = Term::read(entry.clone()).map_err(at)?;
            match known.insert(entry.source, entry.target.clone()) {
                None => glossary.add(term),
                Some(same) if same == entry.target => {}
                Some(_) => {
                    return Err(at(Error::Malformed(
                        "its source stands in the glossary with another target".into(),
                    )));
                }
            }
            if glossary.terms.len() > MOST_TERMS {
                return Err(Error::TooLarge {
                    what: "the number of terms",
                    actual: glossary.terms.len(),
                    limit: MOST_TERMS,
                });
            }
        }
        glossary.lengths.sort_unstable_by(|a, b| b.cmp(a));
        glossary.lengths.dedup();
        Ok(glossary)
    }

    fn add(&mut self, term: Term) {
        let words = term.german.words();
        let skeletons: Vec<String> = words.iter().map(|word| skeleton(word)).collect();
        self.lengths.push(skeletons.len());
        self.first.extend(skeletons.first().cloned());
        self.index
            .entry(skeletons.join(" "))
            .or_default()
            .push(self.terms.len());
        self.terms.push(Arc::new(term));
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub fn entries(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.terms.iter().map(|term| term.entry())
    }

    /// The terms in a German text, ascending and without overlap: the longest
    /// at each place, in the form that is nearest to the glossary's. Only whole
    /// words count; a part of a compound with hyphens must be exact.
    pub fn find(&self, text: &str) -> Vec<Occurrence> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        let words = Words::of(text);
        let skeletons: Vec<String> = words.iter().map(skeleton).collect();
        let mut at = 0;
        while at < words.len() && found.len() < MOST_OCCURRENCES {
            match self.longest(&words, &skeletons, at) {
                Some((occurrence, length)) => {
                    found.push(occurrence);
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    fn longest(
        &self,
        words: &Words<'_>,
        skeletons: &[String],
        at: usize,
    ) -> Option<(Occurrence, usize)> {
        if !self.first.contains(skeletons.get(at)?) {
            return None;
        }
        self.lengths.iter().find_map(|&length| {
            let key = skeletons.get(at..at + length)?.join(" ");
            let alike = self.index.get(&key)?.iter().take(MOST_ALIKE);
            let (_, occurrence) = alike
                .filter_map(|index| {
                    let term = self.terms.get(*index)?;
                    let (likeness, span) = german_at(term, words, at)?;
                    let term = term.clone();
                    Some((likeness, Occurrence { term, span }))
                })
                .min_by_key(|(likeness, _)| *likeness)?;
            Some((occurrence, length))
        })
    }
}

/// Whether a term stands at a word of a German text, and how like itself.
pub fn german_at(term: &Term, words: &Words<'_>, at: usize) -> Option<(Likeness, Span)> {
    let count = term.german.len();
    let mut worst = Likeness::Exact;
    let span = term.german.at(words, at, same_gap, |index, word, found| {
        let likeness = likeness(word, found, index + 1 == count);
        worst = worst.max(likeness.unwrap_or(worst));
        likeness.is_some()
    })?;
    let whole = worst == Likeness::Exact || !is_part(words.text(), span);
    whole.then_some((worst, span))
}

/// Whether a hyphen joins a span to another word.
fn is_part(text: &str, span: Span) -> bool {
    let is_hyphen = |c: char| matches!(c, '-' | '\u{2010}' | '\u{2011}');
    let mut before = text[..span.start].chars().rev();
    let joined =
        before.next().is_some_and(is_hyphen) && before.next().is_some_and(char::is_alphanumeric);
    joined || text[span.end..].starts_with(is_hyphen)
}

/// Without white space around; a term that is the same on both sides is one that
/// is not to be translated, as users of DeepL write it.
fn trimmed(entry: Entry) -> Entry {
    let trim = |text: String| text.trim().to_owned();
    let source = trim(entry.source);
    let target = entry.target.map(trim);
    Entry {
        target: target.filter(|target| !target.is_empty() && *target != source),
        source,
    }
}

impl PartialEq for Glossary {
    fn eq(&self, other: &Self) -> bool {
        self.entries().eq(other.entries())
    }
}

impl Eq for Glossary {}

impl Hash for Glossary {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.entries().for_each(|entry| entry.hash(state));
    }
}
