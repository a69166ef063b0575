//! BLEU (Papineni et al. 2002) with the tokenisation of mteval-v13a and
//! exponential smoothing.

use std::sync::LazyLock;

use regex::Regex;

use crate::eval::{matches, ngrams};

/// What sacrebleu prints for this configuration.
pub const BLEU_SIGNATURE: &str = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp";

const ORDER: usize = 4;

/// The rules of mteval-v13a, applied one after the other.
static RULES: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r"([\{-\~\[-` -\&\(-\+:-@/])", " $1 "),
        (r"([^0-9])([\.,])", "$1 $2 "),
        (r"([\.,])([^0-9])", " $1 $2"),
        (r"([0-9])(-)", "$1 $2 "),
    ]
    .into_iter()
    .filter_map(|(pattern, replacement)| Some((Regex::new(pattern).ok()?, replacement)))
    .collect()
});

fn tokens(text: &str) -> Vec<String> {
    let unescaped = text
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    let padded = format!(" {unescaped} ");
    let spaced = RULES.iter().fold(padded, |text, (pattern, replacement)| {
        pattern.replace_all(&text, *replacement).into_owned()
    });
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// Counts of one segment or, added up, of a corpus.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BleuStatistics {
    /// N-grams in common, per order.
    correct: [usize; ORDER],
    /// N-grams of the hypothesis, per order.
    total: [usize; ORDER],
    /// Tokens of the hypothesis and of the reference.
    lengths: [usize; 2],
}

impl BleuStatistics {
    pub fn of(hypothesis: &str, reference: &str) -> Self {
        let (ours, theirs) = (tokens(hypothesis), tokens(reference));
        BleuStatistics {
            correct: std::array::from_fn(|index| {
                matches(&ngrams(&ours, index + 1), &ngrams(&theirs, index + 1))
            }),
            total: std::array::from_fn(|index| ours.len().saturating_sub(index)),
            lengths: [ours.len(), theirs.len()],
        }
    }

    pub fn add(&mut self, other: &BleuStatistics) {
        for index in 0..ORDER {
            self.correct[index] += other.correct[index];
            self.total[index] += other.total[index];
        }
        self.lengths[0] += other.lengths[0];
        self.lengths[1] += other.lengths[1];
    }

    /// From 0 to 100.
    pub fn score(&self) -> f64 {
        if self.total.contains(&0) {
            return 0.0;
        }
        let mut smoothing = 1.0;
        let logarithms: f64 = self
            .correct
            .iter()
            .zip(self.total)
            .map(|(&correct, total)| {
                if correct == 0 {
                    smoothing *= 2.0;
                    (1.0 / (smoothing * total as f64)).ln()
                } else {
                    (correct as f64 / total as f64).ln()
                }
            })
            .sum();
        let [ours, theirs] = self.lengths;
        let brevity = if ours < theirs {
            (1.0 - theirs as f64 / ours as f64).exp()
        } else {
            1.0
        };
        100.0 * brevity * (logarithms / ORDER as f64).exp()
    }
}

/// BLEU of a corpus, from 0 to 100.
pub fn bleu<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> f64 {
    let mut sum = BleuStatistics::default();
    for (hypothesis, reference) in pairs {
        sum.add(&BleuStatistics::of(hypothesis, reference));
    }
    sum.score()
}
