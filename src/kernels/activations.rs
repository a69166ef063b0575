//! Activations, quantised to 8 bits in blocks of their inputs.

use super::layout::{INT8_ZERO, round};

/// Rows of activations in 8 bits, one scale per row and block.
///
/// A block of inputs is kept for all rows side by side, since kernels walk
/// over the blocks and meet each with all rows. Outliers, which every larger
/// language model has in a few of its channels, cost precision only in the
/// block that they are in.
#[derive(Default)]
pub struct Activations {
    rows: usize,
    block: usize,
    /// `[blocks, rows, block]`, in whole cache lines.
    values: Vec<Line>,
    /// `[blocks, rows]`: what one step of the values is worth.
    scales: Vec<f32>,
    /// `[blocks, rows]`: `−INT8_ZERO · Σ values`, where 8-bit kernels start
    /// their sums so that the zero point of the weights cancels.
    corrections: Vec<i32>,
    /// `[blocks, rows]`: `scale · Σ values`, the factor of 4-bit minima.
    sums: Vec<f32>,
}

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([i8; 64]);

/// What a kernel needs of one row in one block.
#[derive(Clone, Copy)]
pub struct Block<'a> {
    pub values: &'a [i8],
    pub scale: f32,
    pub sum: f32,
}

impl Activations {
    /// Quantises `x` (`[rows, cols]`, row-major) in blocks of `block` inputs,
    /// which must divide 64; the last block is filled up with zeros. Memory of
    /// an earlier call is used again.
    pub fn quantise(&mut self, x: &[f32], cols: usize, block: usize) {
        debug_assert!(64 % block == 0);
        let rows = x.len().checked_div(cols).unwrap_or(0);
        let blocks = cols.div_ceil(block);
        self.rows = rows;
        self.block = block;
        self.values.clear();
        self.values
            .resize((blocks * rows * block).div_ceil(64), Line([0; 64]));
        self.scales.resize(blocks * rows, 0.0);
        self.corrections.resize(blocks * rows, 0);
        self.sums.resize(blocks * rows, 0.0);
        for (row, x) in x.chunks_exact(cols.max(1)).enumerate() {
            for (index, x) in x.chunks(block).enumerate() {
                let at = index * rows + row;
                let values = &mut self.values_mut()[at * block..][..x.len()];
                let (scale, sum) = quantise_block(x, values);
                self.scales[at] = scale;
                self.corrections[at] = -i32::from(INT8_ZERO) * sum;
                self.sums[at] = scale * sum as f32;
            }
        }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Row `row` of block `index`.
    pub fn block(&self, index: usize, row: usize) -> Block<'_> {
        let at = index * self.rows + row;
        Block {
            values: &self.values()[at * self.block..][..self.block],
            scale: self.scales[at],
            sum: self.sums[at],
        }
    }

    /// All of `[rows, block]` of block `index`.
    pub fn values_of(&self, index: usize) -> &[i8] {
        let len = self.rows * self.block;
        &self.values()[index * len..][..len]
    }

    pub fn scales_of(&self, index: usize) -> &[f32] {
        &self.scales[index * self.rows..][..self.rows]
    }

    pub fn corrections_of(&self, index: usize) -> &[i32] {
        &self.corrections[index * self.rows..][..self.rows]
    }

    pub fn sums_of(&self, index: usize) -> &[f32] {
        &self.sums[index * self.rows..][..self.rows]
    }

    fn values(&self) -> &[i8] {
        // SAFETY: a `Line` is 64 bytes without padding, and every byte is a
        // valid `i8`; the lifetime is that of `self`.
        unsafe { std::slice::from_raw_parts(self.values.as_ptr().cast(), self.values.len() * 64) }
    }

    fn values_mut(&mut self) -> &mut [i8] {
        // SAFETY: as in `values`, and the borrow is unique.
        unsafe {
            std::slice::from_raw_parts_mut(self.values.as_mut_ptr().cast(), self.values.len() * 64)
        }
    }
}

/// Quantises one block so that its largest value becomes ±127; returns the
/// scale and the sum of the quantised values.
fn quantise_block(x: &[f32], values: &mut [i8]) -> (f32, i32) {
    let largest = x
        .iter()
        .fold(0.0f32, |m, v| if v.abs() > m { v.abs() } else { m });
    if largest < 1e-30 {
        values.fill(0);
        return (0.0, 0);
    }
    let inverse = 127.0 / largest;
    let mut sum = 0;
    for (value, x) in values.iter_mut().zip(x) {
        *value = round(x * inverse);
        sum += i32::from(*value);
    }
    (largest / 127.0, sum)
}
