//! Measures of translation quality, equal to sacrebleu's so that figures can be
//! compared with published ones.

mod bleu;
mod bootstrap;
mod chrf;
mod report;

pub use bleu::{BLEU_SIGNATURE, BleuStatistics, bleu};
pub use bootstrap::{Comparison, compare};
pub use chrf::{CHRF_SIGNATURE, ChrfStatistics, chrf};
pub use report::{Faults, FigureCounts, Report, Sample};

use std::collections::HashMap;
use std::hash::Hash;

/// How often each n-gram of `items` occurs.
fn ngrams<T: Eq + Hash>(items: &[T], n: usize) -> HashMap<&[T], usize> {
    let mut counts = HashMap::new();
    for ngram in items.windows(n) {
        *counts.entry(ngram).or_insert(0) += 1;
    }
    counts
}

/// How many n-grams the two have in common, each counted as often as in both.
fn matches<T: Eq + Hash>(a: &HashMap<&[T], usize>, b: &HashMap<&[T], usize>) -> usize {
    a.iter()
        .map(|(ngram, count)| b.get(ngram).map_or(0, |other| *count.min(other)))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: [(&str, &str); 5] = [
        (
            "The fire in the chemical plant has been extinguished, the prefecture said on Friday.",
            "The large fire at the chemical plant was put out, the prefecture reported on Friday.",
        ),
        (
            "Revenue rose by 4.5 % to €1.2 billion in 2023 (2022: 1,234.56).",
            "Revenue increased 4.5% to 1.2 billion euros in 2023 (2022: 1,234.56).",
        ),
        (
            "“We are ready,” she said - and left at 8:15 p.m.",
            "\"We're ready,\" she said, leaving at 8.15 p.m.",
        ),
        ("Nothing", "Nothing at all happened here today."),
        (
            "ÄÖÜ müssen mit; A&B &amp; C's 10-15 units/day.",
            "ÄÖÜ have to come along; A&B & C's 10-15 units a day.",
        ),
    ];

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    /// Recorded from sacrebleu 2.6.0: `corpus_bleu` and `corpus_chrf` of the
    /// same pairs.
    #[test]
    fn scores_equal_those_of_sacrebleu() {
        assert!(close(bleu(PAIRS), 37.461400594763745));
        assert!(close(chrf(PAIRS), 50.06568548831054));
        assert!(close(bleu(PAIRS.into_iter().take(3)), 32.53816140417485));
        assert!(close(bleu([PAIRS[1]]), 55.33409598501604));
        let single = [
            55.296135229949805,
            65.53781029088583,
            44.08201595508097,
            19.275723059129195,
            42.55539561810529,
        ];
        for (pair, expected) in PAIRS.into_iter().zip(single) {
            assert!(close(chrf([pair]), expected), "{}", pair.0);
        }
    }

    #[test]
    fn orders_without_a_match_are_smoothed() {
        assert!(close(
            bleu([("a b c d e", "a x c y e")]),
            14.058533129758727
        ));
    }

    #[test]
    fn the_bootstrap_tells_better_from_equal() {
        let references: Vec<&str> = PAIRS.iter().map(|pair| pair.1).collect();
        let weak: Vec<&str> = PAIRS.iter().map(|pair| pair.0).collect();
        let better = compare(&references, &weak, &references, 500);
        assert!(better.chrf_difference > 40.0);
        assert!(better.chrf_p < 0.01 && better.bleu_p < 0.01);
        let equal = compare(&weak, &weak, &references, 500);
        assert_eq!(equal.chrf_difference, 0.0);
        assert_eq!(equal.chrf_p, 1.0);
    }

    #[test]
    fn extremes() {
        assert!(close(bleu([("The same text.", "The same text.")]), 100.0));
        assert!(close(chrf([("The same text.", "The same text.")]), 100.0));
        assert_eq!(chrf([("", "Something.")]), 0.0);
        assert_eq!(bleu([("", "Something.")]), 0.0);
        assert_eq!(chrf([]), 0.0);
    }
}
