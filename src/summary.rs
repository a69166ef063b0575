//! Short summaries made of checked sentences: nothing is generated, so no
//! figure and no name can appear that the article lacks.
//!
//! Each sentence is scored by how central it is to the article, where it
//! stands, what it shares with the title, and the figures it holds
//! (after Edmundson 1969 and the centroid method of Radev et al. 2004).
//! Sentences are then taken one by one, each judged against those already
//! taken (maximal marginal relevance, Carbonell and Goldstein 1998), and given
//! in the order of the article.

mod dateline;
mod fitness;
mod key;
mod score;
mod selection;
mod shorten;
mod terms;
mod vector;

use serde::{Deserialize, Serialize};

use crate::figures::Check;
use fitness::Fitness;
pub use key::{KeyFigure, rank};
use selection::Selection;

/// A translated segment that may enter the summary.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Number of the segment, as reported in [`Sentence::segments`].
    pub index: usize,
    /// The German sentence; the same as the target where nothing was translated.
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
    /// Words (runs without white space) at most. When no fit sentence is so
    /// short, the shortest is given all the same.
    pub words: usize,
    /// Each sentence stands on its own, as bullets do: none may lean on another.
    #[serde(default)]
    pub apart: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Budget {
            sentences: 3,
            words: 80,
            apart: false,
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
/// A sentence with a figure or a name that its source lacks is never chosen.
/// Sentences that lost a figure, questions, bylines and fragments are taken
/// only when there is nothing better; a sentence that leans on the one before
/// it („er sagte“) only together with it or when none stands on its own.
/// Behind the first sentence, those come first that hold the figures the article turns
/// on most ([`rank`]), as far as they fit.
/// Datelines are left out. Titles are chosen only when the article has no
/// other text. Empty for an empty article or budget, and when no sentence may
/// be chosen.
pub fn choose(candidates: &[Candidate<'_>], budget: &Budget) -> Vec<Sentence> {
    if budget.sentences == 0 {
        return Vec::new();
    }
    let scored = score::score(candidates);
    if scored.is_empty() {
        return choose_title(candidates);
    }
    let key = rank(candidates);
    let mut selection = Selection::new(&scored, &key, *budget);
    for (least, leaning) in [
        (Fitness::Fit, false),
        (Fitness::Doubtful, false),
        (Fitness::Doubtful, true),
        (Fitness::Unproved, true),
        (Fitness::Furniture, true),
    ] {
        selection.fill(least, leaning);
        if !selection.is_empty() {
            break;
        }
    }
    selection.into_sentences()
}

/// The headline: the title, or else the one sentence that tells most. Empty
/// when neither may be chosen, or nothing was asked for.
pub fn headline(candidates: &[Candidate<'_>], budget: &Budget) -> Vec<Sentence> {
    if budget.sentences == 0 {
        return Vec::new();
    }
    let titles: Vec<Candidate<'_>> = candidates.iter().filter(|one| one.title).copied().collect();
    // A heading inside the article is none of its own.
    match choose_title(titles.get(..1).unwrap_or_default()) {
        title if !title.is_empty() => title,
        _ => choose(
            candidates,
            &Budget {
                sentences: 1,
                ..*budget
            },
        ),
    }
}

fn choose_title(candidates: &[Candidate<'_>]) -> Vec<Sentence> {
    candidates
        .iter()
        .find(|one| !one.target.trim().is_empty() && !fitness::is_wrong(one.checks))
        .map(|candidate| Sentence {
            text: candidate.target.trim().to_owned(),
            segments: vec![candidate.index],
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests;
