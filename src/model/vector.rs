//! Arithmetic on rows of numbers.
//!
//! Everything is written over fixed lanes without fused multiply-adds, so that
//! each of the instruction sets that the functions are compiled for gives the
//! same result to the last bit, as does every batch a row may come in.

use multiversion::multiversion;

/// Independent partial sums: one register of the widest vector unit.
const LANES: usize = 16;

/// Σ aᵢ·bᵢ over the shorter of the two.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    let (a_blocks, a_rest) = a.as_chunks::<LANES>();
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    let rest = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>();
    total(lanes) + rest
}

/// The sum of all lanes, in halves.
#[inline(always)]
fn total(lanes: [f32; LANES]) -> f32 {
    let mut sums = lanes;
    let mut width = LANES / 2;
    while width > 0 {
        let (low, high) = sums.split_at_mut(width);
        for (low, high) in low.iter_mut().zip(high) {
            *low += *high;
        }
        width /= 2;
    }
    let [sum, ..] = sums;
    sum
}

/// Index of the largest value, the first of equals; `None` when no value is
/// above −∞. NaN is never the largest.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2"))]
pub fn argmax(values: &[f32]) -> Option<usize> {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane = larger(*lane, *value);
        }
    }
    let top = lanes
        .iter()
        .chain(rest)
        .fold(f32::NEG_INFINITY, |top, value| larger(top, *value));
    if top == f32::NEG_INFINITY {
        return None;
    }
    let holds = |block: &[f32; LANES]| block.iter().fold(false, |any, v| any | (*v == top));
    let start = blocks.iter().position(holds).unwrap_or(blocks.len()) * LANES;
    let within = values.get(start..)?.iter().position(|value| *value == top);
    within.map(|index| start + index)
}

/// eˣ to two units in the last place; 0 below the range of normal numbers.
///
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by its Taylor polynomial, 2ⁿ by the
/// exponent's bits. A library call per number would keep loops from being
/// vectorised.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding it leaves the nearest integer in the low bits of the mantissa.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    const SMALLEST: f32 = -87.0;
    const LARGEST: f32 = 88.0;
    let clamped = x.clamp(SMALLEST, LARGEST);
    let shifted = clamped * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = clamped - n * LN_2_HIGH - n * LN_2_LOW;
    let mut sum = 1.0 / 5040.0;
    for coefficient in [
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        sum = sum * r + coefficient;
    }
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0f32.to_bits()));
    let result = sum * power;
    if x < SMALLEST { 0.0 } else { result }
}

/// Root mean square norm in place (Zhang & Sennrich, 2019):
/// `row · weight / √(mean(row²) + epsilon)`.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2"))]
pub fn rms_norm(row: &mut [f32], weight: &[f32], epsilon: f32) {
    let mean = dot(row, row) / row.len().max(1) as f32;
    let scale = 1.0 / (mean + epsilon).sqrt();
    for (value, weight) in row.iter_mut().zip(weight) {
        *value *= scale * weight;
    }
}

/// `values = silu(values) · factors`, with silu(x) = x·σ(x).
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2"))]
pub fn gate_silu(values: &mut [f32], factors: &[f32]) {
    for (value, factor) in values.iter_mut().zip(factors) {
        *value = *value / (1.0 + exp(-*value)) * factor;
    }
}

/// `values = gelu(values) · factors`, with the tanh approximation of GELU
/// (Hendrycks & Gimpel, 2016): x·σ(2·√(2/π)·(x + 0.044715·x³)).
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2"))]
pub fn gate_gelu(values: &mut [f32], factors: &[f32]) {
    const TWICE_SQRT_2_OVER_PI: f32 = 1.595_769;
    for (value, factor) in values.iter_mut().zip(factors) {
        let x = *value;
        let inner = TWICE_SQRT_2_OVER_PI * (x + 0.044_715 * x * x * x);
        *value = x / (1.0 + exp(-inner)) * factor;
    }
}

/// Keys and values of consecutive positions, `[positions, head_dim]` each.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeysValues<'a> {
    pub keys: &'a [f32],
    pub values: &'a [f32],
}

/// One head's attention: `query` `[head_dim]` is replaced by
/// `softmax(query · keysᵀ / √head_dim) · values` over the positions of all
/// parts in their order. `scores` is scratch.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2"))]
pub fn attend(query: &mut [f32], parts: &[KeysValues<'_>], scores: &mut Vec<f32>) {
    let head_dim = query.len().max(1);
    let scale = 1.0 / (head_dim as f32).sqrt();
    scores.clear();
    for part in parts {
        let keys = part.keys.chunks_exact(head_dim);
        scores.extend(keys.map(|key| dot(query, key) * scale));
    }
    let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for score in scores.iter_mut() {
        *score = exp(*score - top);
    }
    let sum = scores.iter().sum::<f32>();

    query.fill(0.0);
    let mut scores = scores.as_slice();
    for part in parts {
        let values = part.values.chunks_exact(head_dim);
        let (of_part, rest) = scores.split_at(values.len().min(scores.len()));
        scores = rest;
        // Several positions at a time, so that sums stay in registers.
        let (groups, single) = of_part.as_chunks::<POSITIONS>();
        let mut values = part.values;
        for group in groups {
            let (these, rest) = values.split_at(POSITIONS * head_dim);
            values = rest;
            add_weighted(query, group.map(|score| score / sum), these);
        }
        for (score, value) in single.iter().zip(values.chunks_exact(head_dim)) {
            add_weighted(query, [score / sum], value);
        }
    }
}

/// Positions whose values are added up at a time.
const POSITIONS: usize = 4;

/// `out += Σ weights[i] · values[i]`, in the order of the positions.
#[inline(always)]
fn add_weighted<const N: usize>(out: &mut [f32], weights: [f32; N], values: &[f32]) {
    let width = out.len();
    let rows: [&[f32]; N] = std::array::from_fn(|row| &values[row * width..][..width]);
    for (column, out) in out.iter_mut().enumerate() {
        let mut sum = *out;
        for (weight, row) in weights.iter().zip(rows) {
            sum += weight * row[column];
        }
        *out = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close_over_its_whole_range() {
        for step in -8700..=8800 {
            let x = step as f32 / 100.0;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) / expected - 1.0).abs();
            assert!(error < 3e-7, "exp({x}) is off by {error}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-1000.0), 0.0);
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert!(exp(f32::NAN).is_nan());
    }

    #[test]
    fn dot_takes_every_length() {
        for len in 0..70 {
            let a: Vec<f32> = (0..len).map(|i| i as f32).collect();
            let b = vec![2.0; len];
            assert_eq!(dot(&a, &b), (len * len.saturating_sub(1)) as f32);
        }
    }

    #[test]
    fn argmax_finds_the_first_of_the_largest() {
        let mut values: Vec<f32> = (0..100).map(|i| ((i * 37) % 83) as f32).collect();
        values[40] = 1000.0;
        values[77] = 1000.0;
        values[3] = f32::NAN;
        assert_eq!(argmax(&values), Some(40));
        assert_eq!(argmax(&values[50..]), Some(27));
        assert_eq!(argmax(&[1.0, 7.0, 7.0]), Some(1));
        assert_eq!(argmax(&[]), None);
        assert_eq!(argmax(&[f32::NAN, f32::NEG_INFINITY]), None);
    }

    #[test]
    fn gates_match_their_definitions() {
        let inputs: Vec<f32> = (-60..=60).map(|step| step as f32 / 5.0).collect();
        let factors = vec![0.5; inputs.len()];
        let (mut silu, mut gelu) = (inputs.clone(), inputs.clone());
        gate_silu(&mut silu, &factors);
        gate_gelu(&mut gelu, &factors);
        for ((x, silu), gelu) in inputs.iter().map(|x| f64::from(*x)).zip(silu).zip(gelu) {
            let expected = 0.5 * x / (1.0 + (-x).exp());
            assert!((f64::from(silu) - expected).abs() < 2e-6);
            let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3));
            let expected = 0.5 * 0.5 * x * (1.0 + inner.tanh());
            assert!((f64::from(gelu) - expected).abs() < 2e-6);
        }
    }

    #[test]
    fn attention_over_parts_equals_attention_over_the_whole() {
        let number = |i: usize| ((i * 37 % 101) as f32 - 50.0) / 50.0;
        let keys: Vec<f32> = (0..7 * 8).map(number).collect();
        let values: Vec<f32> = (100..100 + 7 * 8).map(number).collect();
        let query: Vec<f32> = (200..208).map(number).collect();
        let run = |parts: &[KeysValues<'_>]| {
            let mut out = query.clone();
            attend(&mut out, parts, &mut Vec::new());
            out
        };
        let whole = run(&[KeysValues {
            keys: &keys,
            values: &values,
        }]);
        let (first, second) = (3 * 8, 7 * 8);
        let parts = [0..first, first..second].map(|range| KeysValues {
            keys: &keys[range.clone()],
            values: &values[range],
        });
        assert_eq!(run(&parts), whole);

        // Against the definition, in f64.
        let scores: Vec<f64> = keys
            .chunks(8)
            .map(|key| {
                let product: f32 = key.iter().zip(&query).map(|(a, b)| a * b).sum();
                (f64::from(product) / 8f64.sqrt()).exp()
            })
            .collect();
        let sum: f64 = scores.iter().sum();
        for (column, found) in whole.iter().enumerate() {
            let expected: f64 = scores
                .iter()
                .zip(values.chunks(8))
                .map(|(score, value)| score / sum * f64::from(value[column]))
                .sum();
            assert!((f64::from(*found) - expected).abs() < 1e-6);
        }
    }
}
