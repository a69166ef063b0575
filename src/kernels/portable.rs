//! The kernels in plain Rust: the definition of what all others compute.

use std::ops::{Deref, DerefMut};

use super::activations::{Activations, Factors};
use super::layout::{
    INT4_BLOCK, INT4_GROUP, INT8_BLOCK, INT8_ZERO, Int4Block, Int4Head, Int8Block, QUAD, TILE,
};

/// Sums of one row of activations for the outputs of a tile, in whole cache
/// lines: a vector register that straddles two costs twice.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Sums([f32; TILE]);

impl Sums {
    pub const ZERO: Self = Self([0.0; TILE]);
}

impl Deref for Sums {
    type Target = [f32; TILE];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Sums {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// Adds the products of an 8-bit tile with every row of `x` to `sums`.
pub fn int8(blocks: &[Int8Block], x: &Activations, sums: &mut [Sums]) {
    for (index, block) in blocks.iter().enumerate() {
        for (row, sums) in sums.iter_mut().enumerate() {
            let (values, factors) = row_of(x, index, row, INT8_BLOCK);
            let mut dots = [0i32; TILE];
            for (x, weights) in values.chunks_exact(QUAD).zip(&block.quads) {
                for (dot, weights) in dots.iter_mut().zip(weights.chunks_exact(QUAD)) {
                    for (&x, &w) in x.iter().zip(weights) {
                        *dot += i32::from(x) * (i32::from(w) - i32::from(INT8_ZERO));
                    }
                }
            }
            for ((sum, dot), scale) in sums.iter_mut().zip(dots).zip(block.scales) {
                *sum = (dot as f32 * factors.scale).mul_add(scale.to_f32(), *sum);
            }
        }
    }
}

/// Adds the products of a 4-bit tile with every row of `x` to `sums`.
pub fn int4(blocks: &[Int4Block], heads: &[Int4Head], x: &Activations, sums: &mut [Sums]) {
    for (group, (blocks, head)) in blocks.chunks(INT4_GROUP).zip(heads).enumerate() {
        for (index, block) in blocks.iter().enumerate() {
            for (row, sums) in sums.iter_mut().enumerate() {
                let index = group * INT4_GROUP + index;
                let (values, factors) = row_of(x, index, row, INT4_BLOCK);
                for (output, sum) in sums.iter_mut().enumerate() {
                    let (scale, min) = block.scale_and_min(head, output);
                    let dot: i32 = (values.iter().enumerate())
                        .map(|(input, &x)| i32::from(x) * i32::from(block.quantised(output, input)))
                        .sum();
                    *sum = (dot as f32 * factors.scale).mul_add(scale, *sum);
                    *sum = factors.sum.mul_add(-min, *sum);
                }
            }
        }
    }
}

/// What a row has in block `index`, of `len` inputs.
fn row_of(x: &Activations, index: usize, row: usize, len: usize) -> (&[i8], Factors) {
    (
        &x.values_of(index)[row * len..][..len],
        x.factors_of(index)[row],
    )
}
