//! Finds the words of a translation that stand for given words of its source.
//!
//! No model is asked. Anchors are words that survive translation: figures,
//! names, cognates (“Präsident” – “President”) and the few hundred most frequent
//! words of news. Everything else is placed between its nearest anchors by
//! relative position.

mod lexicon;
mod word;

use std::collections::HashMap;

use crate::span::Span;
use word::{Word, is_comparable, similarity, words};

/// Beyond this many words on either side cognates are not searched, only equal
/// words: a sentence has fewer, and the search is quadratic in a window.
const MOST_WORDS_FOR_COGNATES: usize = 600;
/// How far from its relative position, in words, a cognate is searched.
const COGNATE_WINDOW: usize = 10;
/// Least similarity of two cognates, from 0 to 1.
const COGNATE_SIMILARITY: f64 = 0.62;
/// Words at either edge of a range whose anchors are looked at.
const EDGE_WORDS: usize = 100;

/// The words of a source and of its translation, and which belong together.
pub(super) struct Alignment<'a> {
    source_text: &'a str,
    target_text: &'a str,
    source: Vec<Word>,
    target: Vec<Word>,
    /// For each source word the target word it became, where that is known.
    anchors: Vec<Option<usize>>,
    /// For each target word whether a source word is anchored to it.
    taken: Vec<bool>,
    /// For each source word the nearest anchored one at or before it.
    left: Vec<Option<usize>>,
    /// For each source word the nearest anchored one at or after it.
    right: Vec<Option<usize>>,
}

impl<'a> Alignment<'a> {
    pub fn new(source_text: &'a str, target_text: &'a str) -> Self {
        let source = words(source_text);
        let target = words(target_text);
        let mut alignment = Alignment {
            source_text,
            target_text,
            anchors: vec![None; source.len()],
            taken: vec![false; target.len()],
            left: Vec::new(),
            right: Vec::new(),
            source,
            target,
        };
        alignment.anchor_equal();
        if alignment.source.len().max(alignment.target.len()) <= MOST_WORDS_FOR_COGNATES {
            alignment.anchor_similar();
        }
        alignment.index_anchors();
        alignment
    }

    /// The target bytes for the words that lie in `span` of the source; `None`
    /// when there is none on one of the sides. A part of a word (“CO₂” with its
    /// “2” set low) is that part of its translation where both are written
    /// alike, else the whole word.
    pub fn range(&self, span: Span) -> Option<Span> {
        let first = self
            .source
            .partition_point(|word| word.span.end <= span.start);
        let end = self
            .source
            .partition_point(|word| word.span.start < span.end);
        if first >= end || self.target.is_empty() {
            return None;
        }
        let (low, high) = self.words_for(first, end);
        let low = self.target.get(low)?.span;
        let high = self.target.get(high)?.span;
        let whole = Span::new(low.start, high.end);
        let part = Span::new(
            self.start_in(low, first, span.start).unwrap_or(whole.start),
            self.end_in(high, end - 1, span.end).unwrap_or(whole.end),
        );
        Some(if part.is_empty() { whole } else { part })
    }

    /// Where the rest of a source word that is cut at `at` begins in its
    /// translation.
    fn start_in(&self, translation: Span, word: usize, at: usize) -> Option<usize> {
        let word = self.source.get(word)?.span;
        let rest = (word.start < at).then(|| Span::new(at, word.end))?;
        let rest = rest.of(self.source_text);
        let before = translation.of(self.target_text).strip_suffix(rest)?;
        Some(translation.start + before.len())
    }

    /// Where the beginning of a source word that is cut at `at` ends in its
    /// translation.
    fn end_in(&self, translation: Span, word: usize, at: usize) -> Option<usize> {
        let word = self.source.get(word)?.span;
        let beginning = (at < word.end).then(|| Span::new(word.start, at))?;
        let beginning = beginning.of(self.source_text);
        let after = translation.of(self.target_text).strip_prefix(beginning)?;
        Some(translation.end - after.len())
    }

    /// The place in the target, next to a word, for markup that stands at `at`
    /// in the source. `attached` markup belongs to the word before it.
    pub fn place(&self, at: usize, attached: bool) -> usize {
        let next = self.source.partition_point(|word| word.span.start < at);
        let end_of = |word: usize| {
            let span = self.source.get(word)?.span;
            self.range(span).map(|range| range.end)
        };
        let start_of = |word: usize| {
            let span = self.source.get(word)?.span;
            self.range(span).map(|range| range.start)
        };
        let before = next.checked_sub(1);
        let is_anchored = |word: usize| self.anchors.get(word).is_some_and(Option::is_some);
        let after_before = || {
            let end = before.and_then(end_of)?;
            let rest = self.target_text.get(end..)?;
            // What stood after a space stands after a space.
            Some(end + usize::from(!attached && rest.starts_with(' ')))
        };
        let place = if attached || (before.is_some_and(is_anchored) && !is_anchored(next)) {
            after_before().or_else(|| start_of(next))
        } else {
            start_of(next).or_else(after_before)
        };
        place.unwrap_or(0)
    }

    /// First and last target word for the source words `first..end`, which are
    /// at least one; the target has at least one, too.
    fn words_for(&self, first: usize, end: usize) -> (usize, usize) {
        // The edges decide; a pair around a whole chapter need not be counted.
        let head = end.min(first + EDGE_WORDS);
        let tail = head.max(end.saturating_sub(EDGE_WORDS));
        let mut found: Vec<(usize, usize)> = (first..head)
            .chain(tail..end)
            .filter_map(|word| Some((word, self.anchor(word)?)))
            .collect();
        if found.is_empty() {
            return self.interpolate(first, end);
        }
        found.sort_unstable_by_key(|&(_, target)| target);
        let cluster = densest(&found, 2 * (end - first) + 3);
        let (Some(&(low_source, mut low)), Some(&(high_source, mut high))) =
            (cluster.first(), cluster.last())
        else {
            return self.interpolate(first, end);
        };
        // Words without an anchor at the edges take their neighbours along, but
        // none that is known to belong to a word outside.
        for _ in first..low_source {
            if low == 0 || self.is_taken(low - 1) {
                break;
            }
            low -= 1;
        }
        for _ in high_source + 1..end {
            if self.target.len() <= high + 1 || self.is_taken(high + 1) {
                break;
            }
            high += 1;
        }
        (low, high)
    }

    /// Places words without any anchor between those around them.
    fn interpolate(&self, first: usize, end: usize) -> (usize, usize) {
        let last_target = self.target.len().saturating_sub(1);
        let before = first
            .checked_sub(1)
            .and_then(|word| self.left.get(word).copied().flatten());
        let after = self.right.get(end).copied().flatten();
        // The open interval of target words between the two anchors, or
        // everything when word order changed so much that they are swapped.
        let mut source_from = before.map_or(0, |word| word + 1);
        let mut source_to = after.unwrap_or(self.source.len());
        let mut low = before
            .and_then(|word| self.anchor(word))
            .map_or(0, |word| word + 1);
        let mut high = after
            .and_then(|word| self.anchor(word))
            .unwrap_or(self.target.len());
        if low >= high {
            (source_from, source_to) = (0, self.source.len());
            (low, high) = (0, self.target.len());
        }
        let scale = (high - low) as f64 / (source_to - source_from).max(1) as f64;
        let at = |word: usize| low as f64 + (word.saturating_sub(source_from)) as f64 * scale;
        let from = (at(first).round() as usize)
            .min(high.saturating_sub(1))
            .max(low);
        let to = (at(end).round() as usize).max(from + 1).min(high);
        (
            from.min(last_target),
            to.saturating_sub(1).clamp(from, last_target.max(from)),
        )
    }

    fn anchor(&self, word: usize) -> Option<usize> {
        self.anchors.get(word).copied().flatten()
    }

    fn is_taken(&self, word: usize) -> bool {
        self.taken.get(word).copied().unwrap_or(true)
    }

    fn set(&mut self, source: usize, target: usize) {
        if let (Some(anchor), Some(taken)) =
            (self.anchors.get_mut(source), self.taken.get_mut(target))
        {
            *anchor = Some(target);
            *taken = true;
        }
    }

    /// Anchors equal words and known translations: the n-th occurrence to the
    /// n-th where both sides have as many, else only names and figures to the
    /// occurrences in order.
    fn anchor_equal(&mut self) {
        let mut occurrences: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for (index, word) in self.target.iter().enumerate() {
            occurrences.entry(&word.key).or_default().1.push(index);
        }
        for (index, word) in self.source.iter().enumerate() {
            let translated =
                lexicon::english(&word.key).filter(|english| occurrences.contains_key(english));
            let key = translated.unwrap_or(&word.key);
            if let Some((sources, _)) = occurrences.get_mut(key) {
                sources.push(index);
            }
        }
        let mut found = Vec::new();
        for (key, (sources, targets)) in &occurrences {
            if sources.len() == targets.len() || !lexicon::is_function_word(key) {
                found.extend(sources.iter().copied().zip(targets.iter().copied()));
            }
        }
        for (source, target) in found {
            self.set(source, target);
        }
    }

    /// Anchors the remaining words to similar ones near their relative position.
    fn anchor_similar(&mut self) {
        let scale = self.target.len() as f64 / self.source.len().max(1) as f64;
        for source in 0..self.source.len() {
            if self.anchor(source).is_some() {
                continue;
            }
            let Some(word) = self
                .source
                .get(source)
                .filter(|word| is_comparable(&word.key))
            else {
                continue;
            };
            let expected = (source as f64 * scale) as usize;
            let from = expected.saturating_sub(COGNATE_WINDOW);
            let best = self
                .target
                .iter()
                .enumerate()
                .skip(from)
                .take(2 * COGNATE_WINDOW + 1)
                .filter(|(target, candidate)| {
                    !self.is_taken(*target) && is_comparable(&candidate.key)
                })
                .map(|(target, candidate)| (target, similarity(&word.key, &candidate.key)))
                .max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((target, similarity)) = best
                && similarity >= COGNATE_SIMILARITY
            {
                self.set(source, target);
            }
        }
    }

    fn index_anchors(&mut self) {
        let mut nearest = None;
        for (index, anchor) in self.anchors.iter().enumerate() {
            nearest = anchor.map(|_| index).or(nearest);
            self.left.push(nearest);
        }
        nearest = None;
        for (index, anchor) in self.anchors.iter().enumerate().rev() {
            nearest = anchor.map(|_| index).or(nearest);
            self.right.push(nearest);
        }
        self.right.reverse();
    }
}

/// The run of anchors, ascending by target, that has the most within `width`
/// target words; it keeps one stray match from stretching a range.
fn densest(anchors: &[(usize, usize)], width: usize) -> &[(usize, usize)] {
    let mut best: &[(usize, usize)] = &[];
    let mut end = 0;
    for (start, &(_, low)) in anchors.iter().enumerate() {
        end = end.max(start);
        while anchors
            .get(end)
            .is_some_and(|&(_, target)| target < low + width)
        {
            end += 1;
        }
        if let Some(run) = anchors.get(start..end)
            && run.len() > best.len()
        {
            best = run;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned<'a>(source: &str, target: &'a str, words: &str) -> &'a str {
        let start = source.find(words).unwrap();
        let span = Span::new(start, start + words.len());
        Alignment::new(source, target)
            .range(span)
            .unwrap()
            .of(target)
    }

    #[test]
    fn names_figures_and_cognates_anchor_a_range() {
        let source = "Bundeskanzler Olaf Scholz hat am Freitag in Berlin 2.200.112 Euro zugesagt, wie Minister Müller sagte.";
        let target = "On Friday, Chancellor Olaf Scholz pledged 2,200,112 euros in Berlin, as Minister Müller said.";
        assert_eq!(aligned(source, target, "Olaf Scholz"), "Olaf Scholz");
        assert_eq!(
            aligned(source, target, "Bundeskanzler Olaf Scholz"),
            "Chancellor Olaf Scholz"
        );
        assert_eq!(aligned(source, target, "2.200.112 Euro"), "2,200,112 euros");
        assert_eq!(aligned(source, target, "Freitag"), "Friday");
        assert_eq!(
            aligned(source, target, "Minister Müller"),
            "Minister Müller"
        );
        assert_eq!(aligned(source, target, "Berlin"), "Berlin");
    }

    #[test]
    fn words_without_anchor_stand_between_their_neighbours() {
        let source = "Müller sagte deutlich, Scholz schwieg.";
        let target = "Müller spoke clearly, Scholz was silent.";
        assert_eq!(aligned(source, target, "deutlich"), "clearly");
    }

    #[test]
    fn every_span_has_a_range_when_there_are_words() {
        let alignment = Alignment::new("eins zwei drei", "one");
        for (start, end) in [(0, 4), (5, 9), (10, 14), (0, 14)] {
            assert_eq!(
                alignment.range(Span::new(start, end)),
                Some(Span::new(0, 3))
            );
        }
        assert_eq!(alignment.range(Span::new(4, 5)), None);
        assert_eq!(Alignment::new("eins", "–").range(Span::new(0, 4)), None);
    }
}
