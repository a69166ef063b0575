//! Paired bootstrap resampling (Koehn 2004): is one system better than
//! another, or was it luck of the segments?

use serde::Serialize;

use crate::eval::{BleuStatistics, ChrfStatistics};

/// System A against system B on the same segments.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Comparison {
    /// A minus B.
    pub chrf_difference: f64,
    /// Share of the resamples in which the difference has the other sign or
    /// vanishes.
    pub chrf_p: f64,
    pub bleu_difference: f64,
    pub bleu_p: f64,
    pub resamples: usize,
}

/// Compares two lists of hypotheses; resampling is seeded, so that the answer
/// is the same each time.
pub fn compare(a: &[&str], b: &[&str], references: &[&str], resamples: usize) -> Comparison {
    let statistics = |hypotheses: &[&str]| -> Vec<(ChrfStatistics, BleuStatistics)> {
        hypotheses
            .iter()
            .zip(references)
            .map(|(hypothesis, reference)| {
                (
                    ChrfStatistics::of(hypothesis, reference),
                    BleuStatistics::of(hypothesis, reference),
                )
            })
            .collect()
    };
    let (a, b) = (statistics(a), statistics(b));
    let count = a.len().min(b.len());
    let whole = difference(&a, &b, 0..count);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut against = [0usize; 2];
    for _ in 0..resamples {
        let draw: Vec<usize> = (0..count).map(|_| random.below(count)).collect();
        let sample = difference(&a, &b, draw.into_iter());
        for (index, against) in against.iter_mut().enumerate() {
            if sample[index] * whole[index].signum() <= 0.0 || whole[index] == 0.0 {
                *against += 1;
            }
        }
    }
    let share = |count: usize| count as f64 / resamples.max(1) as f64;
    Comparison {
        chrf_difference: whole[0],
        chrf_p: share(against[0]),
        bleu_difference: whole[1],
        bleu_p: share(against[1]),
        resamples,
    }
}

type Statistics = [(ChrfStatistics, BleuStatistics)];

/// chrF and BLEU of A minus those of B on the chosen segments.
fn difference(a: &Statistics, b: &Statistics, draw: impl Iterator<Item = usize>) -> [f64; 2] {
    let mut sums = [(ChrfStatistics::default(), BleuStatistics::default()); 2];
    for index in draw {
        for (sum, system) in sums.iter_mut().zip([a, b]) {
            sum.0.add(&system[index].0);
            sum.1.add(&system[index].1);
        }
    }
    [
        sums[0].0.score() - sums[1].0.score(),
        sums[0].1.score() - sums[1].1.score(),
    ]
}

/// splitmix64 (Steele et al. 2014): enough for drawing segments.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }
}
