//! Arithmetic on rows of numbers.
//!
//! Everything is written over fixed lanes without fused multiply-adds, so that
//! each of the instruction sets that the functions are compiled for gives the
//! same result to the last bit, as does every batch a row may come in.

use multiversion::multiversion;

/// Independent partial sums: one register of the widest vector unit.
pub const LANES: usize = 16;

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
pub fn total(lanes: [f32; LANES]) -> f32 {
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

/// Σ aᵢ, in as many partial sums.
#[inline(always)]
pub fn sum(values: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += value;
        }
    }
    total(lanes) + rest.iter().sum::<f32>()
}

/// The largest value, −∞ of none; NaN is never the largest.
#[inline(always)]
pub fn largest(values: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane = larger(*lane, *value);
        }
    }
    let values = lanes.iter().chain(rest);
    values.fold(f32::NEG_INFINITY, |top, value| larger(top, *value))
}

/// Index of the largest value, the first of equals; `None` when no value is
/// above −∞. NaN is never the largest.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2"))]
pub fn argmax(values: &[f32]) -> Option<usize> {
    let top = largest(values);
    if top == f32::NEG_INFINITY {
        return None;
    }
    let blocks = values.as_chunks::<LANES>().0;
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

/// `ln Σ exp(x)` over the finite values, with the largest taken out first; −∞ of
/// none.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2"))]
pub fn log_sum_exp(values: &[f32]) -> f32 {
    let finite = |x: f32| if x.is_finite() { x } else { f32::NEG_INFINITY };
    let (blocks, rest) = values.as_chunks::<LANES>();
    let mut tops = [f32::NEG_INFINITY; LANES];
    for block in blocks {
        for (top, value) in tops.iter_mut().zip(block) {
            let value = finite(*value);
            *top = if value > *top { value } else { *top };
        }
    }
    let rest = || rest.iter().map(|value| finite(*value));
    let top = rest().fold(largest(&tops), f32::max);
    if top == f32::NEG_INFINITY {
        return top;
    }
    let mut lanes = [0.0f32; LANES];
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += exp(finite(*value) - top);
        }
    }
    let sum = total(lanes) + rest().map(|value| exp(value - top)).sum::<f32>();
    top + sum.ln()
}

/// The first place from `start` on whose value is above a bound.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2"))]
pub fn first_above(values: &[f32], start: usize, bound: f32) -> Option<usize> {
    let above = |block: &[f32]| {
        block
            .iter()
            .fold(false, |any, value| any | (*value > bound))
    };
    let values = values.get(start..)?;
    let (blocks, rest) = values.as_chunks::<{ 4 * LANES }>();
    let block = blocks.iter().position(|block| above(block));
    let (at, found) = match block {
        Some(block) => (block * 4 * LANES, blocks[block].as_slice()),
        None => (values.len() - rest.len(), rest),
    };
    let within = found.iter().position(|value| *value > bound);
    within.map(|within| start + at + within)
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
    fn log_sum_exp_is_that_of_the_finite_values() {
        let values: Vec<f32> = (0..100).map(|i| ((i * 37) % 83) as f32 / 9.0).collect();
        for len in [1, 15, 16, 17, 100] {
            let exact: f64 = values[..len].iter().map(|x| f64::from(*x).exp()).sum();
            let found = f64::from(log_sum_exp(&values[..len]));
            assert!((found - exact.ln()).abs() < 1e-5, "{len}: {found}");
        }
        let others = [f32::NAN, 1.0, f32::NEG_INFINITY, 2.0, f32::INFINITY];
        assert_eq!(log_sum_exp(&others), log_sum_exp(&[1.0, 2.0]));
        let large = log_sum_exp(&[1000.0; 2]);
        assert!((large - (1000.0 + 2f32.ln())).abs() < 1e-3);
        assert_eq!(log_sum_exp(&[f32::NAN; 20]), f32::NEG_INFINITY);
    }

    #[test]
    fn the_first_above_a_bound_is_found_anywhere() {
        let mut values = vec![1.0; 300];
        values[3] = f32::NAN;
        for place in [0, 63, 64, 200, 299] {
            values[place] = 2.0;
            for start in [0, 1, place] {
                let expected = (start <= place).then_some(place);
                assert_eq!(first_above(&values, start, 1.5), expected);
            }
            assert_eq!(first_above(&values, place + 1, 1.5), None);
            values[place] = 1.0;
        }
        assert_eq!(first_above(&values, 400, 0.0), None);
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
}
