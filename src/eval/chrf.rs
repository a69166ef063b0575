//! chrF (Popović 2015): F-score of character n-grams.

use crate::eval::{matches, ngrams};

/// What sacrebleu prints for this configuration.
pub const CHRF_SIGNATURE: &str = "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no";

const ORDER: usize = 6;
const BETA: f64 = 2.0;

/// Counts of one segment or, added up, of a corpus.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChrfStatistics {
    /// Per order: n-grams of the hypothesis, of the reference, of both.
    counts: [[usize; 3]; ORDER],
}

impl ChrfStatistics {
    pub fn of(hypothesis: &str, reference: &str) -> Self {
        let hypothesis = characters(hypothesis);
        let reference = characters(reference);
        let counts = std::array::from_fn(|index| {
            let n = index + 1;
            let (ours, theirs) = (ngrams(&hypothesis, n), ngrams(&reference, n));
            let total = |length: usize| (length + 1).saturating_sub(n);
            let written = if theirs.is_empty() {
                0
            } else {
                total(hypothesis.len())
            };
            [written, total(reference.len()), matches(&ours, &theirs)]
        });
        ChrfStatistics { counts }
    }

    pub fn add(&mut self, other: &ChrfStatistics) {
        for (sum, more) in self
            .counts
            .iter_mut()
            .flatten()
            .zip(other.counts.iter().flatten())
        {
            *sum += more;
        }
    }

    /// From 0 to 100.
    pub fn score(&self) -> f64 {
        let orders: Vec<_> = self
            .counts
            .iter()
            .filter(|[ours, theirs, _]| *ours > 0 && *theirs > 0)
            .collect();
        if orders.is_empty() {
            return 0.0;
        }
        let mean = |side: usize| {
            let sum: f64 = orders
                .iter()
                .map(|counts| counts[2] as f64 / counts[side] as f64)
                .sum();
            sum / orders.len() as f64
        };
        let (precision, recall) = (mean(0), mean(1));
        let factor = BETA * BETA;
        let denominator = factor * precision + recall;
        if denominator > 0.0 {
            100.0 * (1.0 + factor) * precision * recall / denominator
        } else {
            0.0
        }
    }
}

fn characters(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// chrF of a corpus, from 0 to 100.
pub fn chrf<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> f64 {
    let mut sum = ChrfStatistics::default();
    for (hypothesis, reference) in pairs {
        sum.add(&ChrfStatistics::of(hypothesis, reference));
    }
    sum.score()
}
