//! How much a sentence tells about its article.

use super::fitness::{self, Fitness};
use super::terms::terms;
use super::vector::{Rarity, Vector};
use super::{Candidate, dateline};
use crate::figures::{self, Kind, Language};
use std::collections::HashSet;

/// A sentence with its score and what the choice needs to know of it.
#[derive(Debug)]
pub struct Scored<'a> {
    pub index: usize,
    pub source: &'a str,
    /// The sentence without its dateline.
    pub text: String,
    pub score: f64,
    pub fitness: Fitness,
    /// It needs the sentence before it.
    pub leans: bool,
    vector: Vector,
}

impl Scored<'_> {
    /// The cosine of the two sentences' weighted words, 0 to 1.
    pub fn similarity(&self, other: &Scored<'_>) -> f64 {
        self.vector.cosine(&other.vector)
    }
}

/// What each observation adds to a score; each lies between 0 and 1.
struct Weights {
    centrality: f64,
    position: f64,
    title: f64,
    figures: f64,
    length: f64,
    quotation: f64,
    leaning: f64,
}

// The lead of a news article is its summary by custom, so position weighs most; it
// does not decide alone. Looked for on English articles with summaries by their editors
// (training/RESULTS.md has the measurement). Names, which counted before, made the choice
// worse there: quotations are full of them.
const WEIGHTS: Weights = Weights {
    centrality: 0.8,
    position: 4.0,
    title: 0.5,
    figures: 0.35,
    length: 0.1,
    quotation: -0.4,
    leaning: -0.25,
};

/// Scores the sentences of an article; titles only lend their words.
pub fn score<'a>(candidates: &[Candidate<'a>]) -> Vec<Scored<'a>> {
    let body: Vec<&Candidate<'a>> = candidates
        .iter()
        .filter(|candidate| !candidate.title && !candidate.target.trim().is_empty())
        .collect();
    let title: HashSet<String> = candidates
        .iter()
        .filter(|candidate| candidate.title)
        .flat_map(|candidate| terms(candidate.target))
        .collect();
    let words: Vec<Vec<String>> = body.iter().map(|one| terms(one.target)).collect();
    let rarity = Rarity::of(&words);
    let vectors: Vec<Vector> = words
        .iter()
        .map(|words| Vector::of(words, &rarity))
        .collect();
    let centre = Vector::sum(&vectors);
    let strongest = vectors
        .iter()
        .map(|vector| vector.cosine(&centre))
        .fold(f64::MIN_POSITIVE, f64::max);
    let scored = body.iter().zip(words).zip(vectors).enumerate();
    scored
        .map(|(place, ((one, words), vector))| {
            let figures = figures(one);
            let text = dateline::without(one.target.trim());
            let leans = fitness::leans_back(&text);
            let score = WEIGHTS.centrality * vector.cosine(&centre) / strongest
                + WEIGHTS.position * position(place)
                + WEIGHTS.title * shared(&words, &title)
                + WEIGHTS.figures * figures
                + WEIGHTS.length * length(one.target)
                + WEIGHTS.quotation * quotation(one.target)
                + WEIGHTS.leaning * f64::from(u8::from(leans));
            Scored {
                index: one.index,
                source: one.source,
                text,
                score,
                fitness: fitness::judge(one.source, one.target, one.checks),
                leans,
                vector,
            }
        })
        .collect()
}

/// Halves every three sentences.
fn position(place: usize) -> f64 {
    const HALF_LIFE: f64 = 3.0;
    0.5f64.powf(place as f64 / HALF_LIFE)
}

/// The share of the title's words that a sentence repeats.
fn shared(words: &[String], title: &HashSet<String>) -> f64 {
    if title.is_empty() {
        return 0.0;
    }
    let found: HashSet<&String> = words.iter().filter(|word| title.contains(*word)).collect();
    found.len() as f64 / title.len() as f64
}

/// Up to three figures count; a year or a weekday tells little, money, shares
/// and quantities tell most.
fn figures(candidate: &Candidate<'_>) -> f64 {
    const ENOUGH: f64 = 3.0;
    let figures = figures::read(candidate.target, Language::English);
    let told: f64 = figures
        .iter()
        .filter(|figure| !figure.loose)
        .map(|figure| match figure.kind {
            Kind::Money | Kind::Percent | Kind::Quantity | Kind::Score | Kind::Range => 1.0,
            Kind::Number | Kind::Fraction | Kind::Multiple | Kind::Age | Kind::Duration => 0.8,
            Kind::Date | Kind::Time => 0.4,
            Kind::Ordinal | Kind::Code | Kind::Name => 0.2,
        })
        .sum();
    (told / ENOUGH).min(1.0)
}

/// Whether somebody is quoted; a summary tells in its own words.
fn quotation(text: &str) -> f64 {
    f64::from(u8::from(text.contains(['"', '“', '”'])))
}

/// Full marks from 12 to 30 words, none for stubs and monsters.
fn length(text: &str) -> f64 {
    let words = text.split_whitespace().count() as f64;
    if words < 12.0 {
        words / 12.0
    } else if words <= 30.0 {
        1.0
    } else {
        (1.0 - (words - 30.0) / 30.0).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_their_endings() {
        assert_eq!(
            terms("The banks opened; banking is the bank's."),
            ["bank", "open", "bank", "bank"]
        );
    }

    #[test]
    fn equal_sentences_are_fully_similar() {
        let words = vec![terms("The bridge collapsed"), terms("A river flooded")];
        let rarity = Rarity::of(&words);
        let vectors: Vec<Vector> = words.iter().map(|w| Vector::of(w, &rarity)).collect();
        assert!((vectors[0].cosine(&vectors[0]) - 1.0).abs() < 1e-12);
        assert_eq!(vectors[0].cosine(&vectors[1]), 0.0);
    }

    #[test]
    fn length_and_position_stay_in_bounds() {
        for place in 0..100 {
            assert!((0.0..=1.0).contains(&position(place)));
        }
        for words in 0..100 {
            assert!((0.0..=1.0).contains(&length(&"word ".repeat(words))));
        }
    }
}
