//! Attention of the query heads that share keys and values (grouped queries,
//! Ainslie et al., 2023).
//!
//! Four sums are worked on together, since one alone waits for its own last
//! addition: four heads with one key, or fewer heads with more keys, or columns,
//! at a time. Each sum has one order, that of its columns or positions, whatever
//! is worked on beside it, so a head's result does not depend on its company.

use multiversion::multiversion;

use crate::model::vector::{LANES, exp, largest, sum, total};

/// Sums that are worked on together: they fit the registers of AVX2.
const TOGETHER: usize = 4;

/// Keys and values of consecutive positions, `[positions, head_dim]` each.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeysValues<'a> {
    pub keys: &'a [f32],
    pub values: &'a [f32],
}

/// Memory that is used again.
#[derive(Debug, Default)]
pub struct Scratch {
    /// `[positions, heads]`: the partial sums of each product.
    partial: Vec<[f32; LANES]>,
    /// `[heads, positions]`.
    scores: Vec<f32>,
}

/// Each of `queries` `[heads, head_dim]` is replaced by
/// `softmax(query · keysᵀ / √head_dim) · values` over the positions of all
/// parts in their order.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512dq", "x86_64+avx2"))]
pub fn attend(
    queries: &mut [f32],
    head_dim: usize,
    parts: &[KeysValues<'_>],
    scratch: &mut Scratch,
) {
    let head_dim = head_dim.max(1);
    let lengths = parts.iter().map(|part| part.keys.len());
    let positions = lengths.sum::<usize>() / head_dim;
    for queries in queries.chunks_mut(TOGETHER * head_dim) {
        let heads = Heads {
            count: queries.len() / head_dim,
            head_dim,
            positions,
            parts,
        };
        if heads.count > 0 {
            heads.attend(queries, scratch);
        }
    }
}

/// One to four heads, and what they look at.
#[derive(Clone, Copy)]
struct Heads<'a> {
    count: usize,
    head_dim: usize,
    positions: usize,
    parts: &'a [KeysValues<'a>],
}

impl<'a> Heads<'a> {
    #[inline(always)]
    fn attend(self, queries: &mut [f32], scratch: &mut Scratch) {
        let sums = self.count * self.positions;
        let partial = room(&mut scratch.partial, sums, [0.0; LANES]);
        let scores = room(&mut scratch.scores, sums, 0.0);
        self.multiply(queries, partial);
        self.score(queries, partial, scores);
        for scores in scores.chunks_exact_mut(self.positions.max(1)) {
            softmax(scores);
        }
        self.mix(queries, scores);
    }

    /// Keys, or blocks of columns, for each head: 1 for three heads and more, 2
    /// for two, 4 for one.
    #[inline(always)]
    fn share(self) -> usize {
        TOGETHER / self.count
    }

    /// The head of each of the sums that are worked on together, and which of
    /// its keys, or blocks of columns, it is about. Where there are three heads,
    /// the last has two sums, which are the same.
    #[inline(always)]
    fn places(self) -> [(usize, usize); TOGETHER] {
        let share = self.share();
        std::array::from_fn(|place| ((place / share).min(self.count - 1), place % share))
    }

    #[inline(always)]
    fn head(self, of_all: &[f32], head: usize) -> &[f32] {
        let width = of_all.len() / self.count;
        &of_all[head * width..][..width]
    }

    /// Writes the partial sums of the products of queries and keys:
    /// `[positions, heads]`. To add them up is left to a loop of its own, or this
    /// one would be compiled for registers that suit the other.
    #[inline(always)]
    fn multiply(self, queries: &[f32], partial: &mut [[f32; LANES]]) {
        let (head_dim, share) = (self.head_dim, self.share());
        let places = self.places();
        let heads = places.map(|(head, _)| self.head(queries, head));
        let mut partial = partial;
        for part in self.parts {
            let several = part.keys.chunks_exact(share * head_dim);
            let single = several.remainder().chunks_exact(head_dim);
            for keys in several {
                let keys = places.map(|(_, key)| &keys[key * head_dim..][..head_dim]);
                let (here, rest) = partial.split_at_mut(share * self.count);
                partial = rest;
                for ((head, key), sums) in places.into_iter().zip(products(heads, keys)) {
                    here[key * self.count + head] = sums;
                }
            }
            for key in single {
                let (here, rest) = partial.split_at_mut(self.count);
                partial = rest;
                let products = products(heads, [key; TOGETHER]);
                for ((head, _), sums) in places.into_iter().zip(products) {
                    here[head] = sums;
                }
            }
        }
    }

    /// Writes the scaled products of queries and keys: `[heads, positions]`.
    #[inline(always)]
    fn score(self, queries: &[f32], partial: &[[f32; LANES]], scores: &mut [f32]) {
        let scale = 1.0 / (self.head_dim as f32).sqrt();
        let whole = self.head_dim / LANES * LANES;
        let parts = self.parts.iter();
        let keys = parts.flat_map(|part| part.keys.chunks_exact(self.head_dim));
        let partial = partial.chunks_exact(self.count);
        for (position, (key, partial)) in keys.zip(partial).enumerate() {
            for (head, sums) in partial.iter().enumerate() {
                let rest = self.head(queries, head)[whole..].iter().zip(&key[whole..]);
                let dot = total(*sums) + rest.map(|(a, b)| a * b).sum::<f32>();
                scores[head * self.positions + position] = dot * scale;
            }
        }
    }

    /// Replaces the queries by the sums of the values with these weights.
    #[inline(always)]
    fn mix(self, queries: &mut [f32], weights: &[f32]) {
        let (head_dim, wide) = (self.head_dim, self.share() * LANES);
        let places = self.places();
        let weights_of = places.map(|(head, _)| self.head(weights, head));
        let whole = head_dim / wide * wide;
        for column in (0..whole).step_by(wide) {
            let columns = places.map(|(_, block)| column + block * LANES);
            let sums = self.weighted(weights_of, columns);
            for (((head, _), column), sums) in places.into_iter().zip(columns).zip(sums) {
                queries[head * head_dim + column..][..LANES].copy_from_slice(&sums);
            }
        }
        for (query, head) in queries.chunks_exact_mut(head_dim).zip(0..) {
            let weights = self.head(weights, head);
            for (column, out) in query.iter_mut().enumerate().skip(whole) {
                let values = self.values().map(|value| value[column]);
                let products = weights
                    .iter()
                    .zip(values)
                    .map(|(weight, value)| weight * value);
                *out = products.fold(0.0, |sum, product| sum + product);
            }
        }
    }

    /// The values of all positions.
    #[inline(always)]
    fn values(self) -> impl Iterator<Item = &'a [f32]> {
        let parts = self.parts.iter();
        parts.flat_map(move |part| part.values.chunks_exact(self.head_dim))
    }

    /// Σ weights[position] · values[position] over the columns from each of
    /// `columns` on.
    #[inline(always)]
    fn weighted(
        self,
        weights: [&[f32]; TOGETHER],
        columns: [usize; TOGETHER],
    ) -> [[f32; LANES]; TOGETHER] {
        let [a, b, c, d] = weights.map(|weights| &weights[..self.positions]);
        let mut sums = [[0.0f32; LANES]; TOGETHER];
        let [sum_a, sum_b, sum_c, sum_d] = &mut sums;
        let mut first = 0;
        for part in self.parts {
            for (value, at) in part.values.chunks_exact(self.head_dim).zip(first..) {
                let [one, two, three, four] = columns.map(|column| lanes(value, column));
                add(sum_a, &[a[at]; LANES], one);
                add(sum_b, &[b[at]; LANES], two);
                add(sum_c, &[c[at]; LANES], three);
                add(sum_d, &[d[at]; LANES], four);
            }
            first += part.values.len() / self.head_dim;
        }
        sums
    }
}

/// So many places of a memory, whose old contents are to be written over.
#[inline(always)]
fn room<T: Copy>(memory: &mut Vec<T>, places: usize, new: T) -> &mut [T] {
    if memory.len() < places {
        memory.resize(places, new);
    }
    &mut memory[..places]
}

/// The columns from `column` on.
#[inline(always)]
fn lanes(row: &[f32], column: usize) -> &[f32; LANES] {
    match row[column..].first_chunk() {
        Some(lanes) => lanes,
        // Callers leave rows alone that are too short.
        None => &[0.0; LANES],
    }
}

/// `sums += a · b`.
#[inline(always)]
fn add(sums: &mut [f32; LANES], a: &[f32; LANES], b: &[f32; LANES]) {
    for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
        *sum += a * b;
    }
}

/// The products of four pairs of rows, as far as they fill whole blocks, each in
/// the partial sums of [`dot`](crate::model::vector::dot).
#[inline(always)]
fn products(left: [&[f32]; TOGETHER], right: [&[f32]; TOGETHER]) -> [[f32; LANES]; TOGETHER] {
    let [a, b, c, d] = left.map(|row| row.as_chunks::<LANES>().0);
    let [e, f, g, h] = right.map(|row| row.as_chunks::<LANES>().0);
    let blocks = [a, b, c, d, e, f, g, h].map(<[_]>::len);
    let blocks = blocks.into_iter().min().unwrap_or(0);
    let [a, b, c, d, e, f, g, h] = [a, b, c, d, e, f, g, h].map(|all| &all[..blocks]);
    let mut sums = [[0.0f32; LANES]; TOGETHER];
    // By name, or they would not stay in registers.
    let [sum_a, sum_b, sum_c, sum_d] = &mut sums;
    for block in 0..blocks {
        add(sum_a, &a[block], &e[block]);
        add(sum_b, &b[block], &f[block]);
        add(sum_c, &c[block], &g[block]);
        add(sum_d, &d[block], &h[block]);
    }
    sums
}

/// Makes scores weights that add up to 1.
#[inline(always)]
fn softmax(scores: &mut [f32]) {
    let top = largest(scores);
    for score in scores.iter_mut() {
        *score = exp(*score - top);
    }
    let sum = sum(scores);
    for score in scores.iter_mut() {
        *score /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIM: usize = 40;
    const POSITIONS: usize = 23;

    fn numbers(count: usize, first: usize) -> Vec<f32> {
        (first..first + count)
            .map(|i| ((i * 37 % 101) as f32 - 50.0) / 50.0)
            .collect()
    }

    fn run(queries: &[f32], parts: &[KeysValues<'_>]) -> Vec<f32> {
        let mut out = queries.to_vec();
        attend(&mut out, DIM, parts, &mut Scratch::default());
        out
    }

    /// The definition, in f64.
    fn reference(query: &[f32], keys: &[f32], values: &[f32]) -> Vec<f64> {
        let scores: Vec<f64> = keys
            .chunks(DIM)
            .map(|key| {
                let products = key.iter().zip(query);
                let product: f64 = products.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                (product / (DIM as f64).sqrt()).exp()
            })
            .collect();
        let sum: f64 = scores.iter().sum();
        let weighted = |column: usize| {
            let values = values.chunks(DIM).zip(&scores);
            values
                .map(|(value, score)| score / sum * f64::from(value[column]))
                .sum()
        };
        (0..DIM).map(weighted).collect()
    }

    #[test]
    fn groups_of_every_size_do_what_is_defined() {
        let (keys, values) = (numbers(POSITIONS * DIM, 0), numbers(POSITIONS * DIM, 7));
        let whole = KeysValues {
            keys: &keys,
            values: &values,
        };
        for heads in 1..=9 {
            let queries = numbers(heads * DIM, 200);
            let found = run(&queries, &[whole]);
            for (query, found) in queries.chunks(DIM).zip(found.chunks(DIM)) {
                for (found, expected) in found.iter().zip(reference(query, &keys, &values)) {
                    assert!((f64::from(*found) - expected).abs() < 1e-6);
                }
                // Nor does it matter who is worked on beside it, to the bit.
                assert_eq!(run(query, &[whole]), found, "{heads} heads");
            }
        }
    }

    #[test]
    fn attention_over_parts_equals_attention_over_the_whole() {
        let (keys, values) = (numbers(POSITIONS * DIM, 0), numbers(POSITIONS * DIM, 7));
        let of = |range: std::ops::Range<usize>| KeysValues {
            keys: &keys[range.start * DIM..range.end * DIM],
            values: &values[range.start * DIM..range.end * DIM],
        };
        for heads in [1, 2, 4] {
            let queries = numbers(heads * DIM, 200);
            let whole = run(&queries, &[of(0..POSITIONS)]);
            for split in [0, 1, 9, POSITIONS] {
                assert_eq!(run(&queries, &[of(0..split), of(split..POSITIONS)]), whole);
            }
        }
        assert_eq!(run(&numbers(DIM, 0), &[]), [0.0; DIM]);
    }
}
