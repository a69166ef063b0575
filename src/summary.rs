//! Short summaries made of checked sentences: nothing is generated, so no
//! figure and no name can appear that the article lacks.
//!
//! Each sentence is scored by how central it is to the article, where it
//! stands, what it shares with the title, and the figures and names it holds
//! (after Edmundson 1969 and the centroid method of Radev et al. 2004).
//! Sentences are then taken one by one, each judged against those already
//! taken (maximal marginal relevance, Carbonell and Goldstein 1998), and given
//! in the order of the article.

mod fitness;
mod score;
mod shorten;

use serde::{Deserialize, Serialize};

use crate::figures::Check;
use fitness::Fitness;
use score::Scored;

/// A translated segment that may enter the summary.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Number of the segment, as reported in [`Sentence::segments`].
    pub index: usize,
    /// The German sentence; the sentence itself when the article is English.
    pub source: &'a str,
    /// The English sentence.
    pub target: &'a str,
    /// Part of a title or heading: it tells what matters and is not chosen.
    pub title: bool,
    /// The paragraph the segment belongs to.
    pub paragraph: usize,
    /// What became of the segment's figures.
    pub checks: &'a [Check],
}

/// How long a summary may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Sentences at most.
    pub sentences: usize,
    /// Words (runs without white space) at most. The best sentence is given
    /// even when it is longer.
    pub words: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget {
            sentences: 3,
            words: 70,
        }
    }
}

/// A sentence of a summary and the segments it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub text: String,
    pub segments: Vec<usize>,
}

/// Chooses the sentences of a summary from the checked translations of an
/// article, which come in its order.
///
/// Sentences with unresolved figures, questions, bylines and fragments are
/// taken only when there is nothing better; a sentence that leans on the one
/// before it („er sagte“) only together with it. Titles are chosen only when
/// the article has no other text. Empty for an empty article or budget.
pub fn choose(candidates: &[Candidate<'_>], budget: &Budget) -> Vec<Sentence> {
    if budget.sentences == 0 {
        return Vec::new();
    }
    let scored = score::score(candidates);
    let Some(best) = scored.iter().map(|one| one.fitness).max() else {
        return choose_title(candidates);
    };
    let mut selection = Selection {
        scored: &scored,
        chosen: Vec::new(),
        words: 0,
        budget,
    };
    selection.fill(best);
    selection.into_sentences()
}

/// Chooses the sentences of a summary from the sentences of an English
/// article; `title` may be empty. [`Sentence::segments`] are positions in
/// `sentences`.
pub fn choose_english(title: &str, sentences: &[&str], budget: &Budget) -> Vec<Sentence> {
    let candidate = |index, text, title| Candidate {
        index,
        source: text,
        target: text,
        title,
        paragraph: index,
        checks: &[],
    };
    let head = (!title.trim().is_empty()).then(|| candidate(0, title, true));
    let body = sentences
        .iter()
        .enumerate()
        .map(|(index, text)| candidate(index, text, false));
    let candidates: Vec<Candidate<'_>> = head.into_iter().chain(body).collect();
    choose(&candidates, budget)
        .into_iter()
        .filter(|_| !sentences.is_empty())
        .collect()
}

fn choose_title(candidates: &[Candidate<'_>]) -> Vec<Sentence> {
    candidates
        .iter()
        .find(|candidate| !candidate.target.trim().is_empty())
        .map(|candidate| Sentence {
            text: candidate.target.trim().to_owned(),
            segments: vec![candidate.index],
        })
        .into_iter()
        .collect()
}

/// The sentences taken so far.
struct Selection<'a> {
    scored: &'a [Scored<'a>],
    /// Positions in `scored` and the text to print, in the order of choice.
    chosen: Vec<(usize, String)>,
    words: usize,
    budget: &'a Budget,
}

impl Selection<'_> {
    /// Takes sentences of at least the given fitness while they fit.
    fn fill(&mut self, least: Fitness) {
        let mut refused = vec![false; self.scored.len()];
        while self.chosen.len() < self.budget.sentences {
            let Some((place, one)) = self.next(least, &refused) else {
                break;
            };
            if let Some(flag) = refused.get_mut(place) {
                *flag = true;
            }
            let room = self.budget.words.saturating_sub(self.words);
            let text = if word_count(one.text) <= room {
                Some(one.text.to_owned())
            } else {
                let shorter = shorten::shorten(one.text, one.source);
                shorter
                    .filter(|text| word_count(text) <= room)
                    // The best sentence is given whatever its length.
                    .or_else(|| self.chosen.is_empty().then(|| one.text.to_owned()))
            };
            if let Some(text) = text {
                self.words += word_count(&text);
                self.chosen.push((place, text));
            }
        }
    }

    /// The best sentence that may be taken now.
    fn next(&self, least: Fitness, refused: &[bool]) -> Option<(usize, &Scored<'_>)> {
        let free = self.scored.iter().zip(refused).enumerate();
        free.filter(|(_, (_, refused))| !**refused)
            .map(|(place, (one, _))| (place, one))
            .filter(|(place, one)| one.fitness >= least && !self.dangles(*place, one))
            .map(|(place, one)| (self.gain(one), place, one))
            .max_by(|left, right| left.0.total_cmp(&right.0).then(right.1.cmp(&left.1)))
            .map(|(_, place, one)| (place, one))
    }

    /// Whether a sentence leans on its predecessor and that is not chosen.
    /// When nothing stands on its own, the first choice is free.
    fn dangles(&self, place: usize, one: &Scored<'_>) -> bool {
        let all_lean = self.chosen.is_empty() && self.scored.iter().all(|other| other.leans);
        let antecedent = place.checked_sub(1);
        let there = self
            .chosen
            .iter()
            .any(|(chosen, _)| Some(*chosen) == antecedent);
        one.leans && !there && !all_lean
    }

    /// The score of a sentence less what is already said.
    fn gain(&self, one: &Scored<'_>) -> f64 {
        const NOVELTY: f64 = 0.6;
        let said = self
            .chosen
            .iter()
            .filter_map(|(place, _)| self.scored.get(*place))
            .map(|other| one.similarity(other))
            .fold(0.0, f64::max);
        one.score - NOVELTY * said
    }

    fn into_sentences(mut self) -> Vec<Sentence> {
        self.chosen.sort_unstable_by_key(|(place, _)| *place);
        let scored = self.scored;
        self.chosen
            .into_iter()
            .filter_map(|(place, text)| {
                let segments = vec![scored.get(place)?.index];
                Some(Sentence { text, segments })
            })
            .collect()
    }
}

fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests;
