//! Activations, quantised to 8 bits in blocks of their inputs.

use multiversion::multiversion;

use super::layout::{INT8_ZERO, QUAD, round};
use super::pool::pool;

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
    form: Form,
    /// `[blocks, rows, block]` numbers in the order of `form`, in whole cache
    /// lines.
    values: Vec<Line>,
    /// `[blocks, rows]`.
    factors: Vec<Factors>,
}

/// How the numbers lie in memory.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Bytes, in the order of the inputs.
    #[default]
    Bytes,
    /// 16 bits each, the inputs of a quad in the order 0, 2, 1, 3: those that
    /// meet the even and the odd bytes of a quad of weights.
    Pairs,
}

impl Form {
    /// Bytes of a number.
    const fn width(self) -> usize {
        match self {
            Form::Bytes => 1,
            Form::Pairs => 2,
        }
    }
}

/// What one row's numbers are worth in one block.
#[derive(Debug, Clone, Copy, Default)]
pub struct Factors {
    /// One step of the numbers.
    pub scale: f32,
    /// `scale · Σ values`, the factor of 4-bit minima.
    pub sum: f32,
    /// `−INT8_ZERO · Σ values`, where 8-bit kernels start their sums so that
    /// the zero point of the weights cancels.
    pub correction: i32,
}

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([i8; LINE]);

const LINE: usize = 64;
/// Inputs of the largest block.
const MOST: usize = 64;
/// Numbers for which a second thread is worth it.
const WORTH_A_THREAD: usize = 8_192;

impl Activations {
    /// Quantises `x` (`[rows, cols]`, row-major) in blocks of `block` inputs,
    /// which must divide 64; the last block is filled up with zeros. Memory of
    /// an earlier call is used again.
    pub fn quantise(&mut self, x: &[f32], cols: usize, block: usize, form: Form) {
        debug_assert!(MOST.is_multiple_of(block) && block.is_multiple_of(QUAD));
        let rows = x.len().checked_div(cols).unwrap_or(0);
        let blocks = cols.div_ceil(block);
        let bytes = rows * block * form.width();
        (self.rows, self.block, self.form) = (rows, block, form);
        self.values
            .resize((blocks * bytes).div_ceil(LINE), Line([0; LINE]));
        self.factors.resize(blocks * rows, Factors::default());
        let (values, factors) = (bytes_of(&mut self.values), &mut self.factors[..]);
        let values = &mut values[..blocks * bytes];
        let of_block = |index: usize, values: &mut [i8], factors: &mut [Factors]| {
            let source = Source { x, cols, block };
            match form {
                Form::Bytes => bytes_of_block(source, index, values, factors),
                Form::Pairs => pairs_of_block(source, index, values, factors),
            }
        };
        if x.len() < WORTH_A_THREAD {
            let parts = values
                .chunks_mut(bytes.max(1))
                .zip(factors.chunks_mut(rows.max(1)));
            for (index, (values, factors)) in parts.enumerate() {
                of_block(index, values, factors);
            }
        } else {
            pool().each_pair((values, bytes), (factors, rows), of_block);
        }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// All bytes `[rows, block]` of block `index`.
    pub fn values_of(&self, index: usize) -> &[i8] {
        debug_assert_eq!(self.form, Form::Bytes);
        let len = self.rows * self.block;
        // SAFETY: a `Line` is 64 bytes without padding, and every byte is a
        // valid `i8`; the lifetime is that of `self`.
        let values = unsafe {
            std::slice::from_raw_parts(self.values.as_ptr().cast(), self.values.len() * LINE)
        };
        &values[index * len..][..len]
    }

    /// All pairs `[rows, block]` of block `index`.
    #[cfg(target_arch = "x86_64")]
    pub fn pairs_of(&self, index: usize) -> &[i16] {
        debug_assert_eq!(self.form, Form::Pairs);
        let len = self.rows * self.block;
        // SAFETY: as in `values_of`; a line is aligned for every number.
        let values = unsafe {
            std::slice::from_raw_parts(self.values.as_ptr().cast(), self.values.len() * LINE / 2)
        };
        &values[index * len..][..len]
    }

    /// The factors of all rows in block `index`.
    pub fn factors_of(&self, index: usize) -> &[Factors] {
        &self.factors[index * self.rows..][..self.rows]
    }
}

fn bytes_of(lines: &mut [Line]) -> &mut [i8] {
    // SAFETY: a `Line` is 64 bytes without padding, every byte is a valid
    // `i8`, and the borrow is unique.
    unsafe { std::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), lines.len() * LINE) }
}

/// Rows of numbers and how they are cut.
#[derive(Clone, Copy)]
struct Source<'a> {
    x: &'a [f32],
    cols: usize,
    block: usize,
}

impl<'a> Source<'a> {
    /// What each row has in block `index`.
    #[inline(always)]
    fn rows_of(self, index: usize) -> impl Iterator<Item = &'a [f32]> {
        let start = index * self.block;
        let end = (start + self.block).min(self.cols);
        let rows = self.x.chunks_exact(self.cols.max(1));
        rows.map(move |row| &row[start..end])
    }
}

/// Quantises a block of all rows.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
fn bytes_of_block(source: Source<'_>, index: usize, values: &mut [i8], factors: &mut [Factors]) {
    let places = values.chunks_exact_mut(source.block).zip(factors);
    for (x, (values, factors)) in source.rows_of(index).zip(places) {
        let (bytes, found) = quantise_block(x);
        values.copy_from_slice(&bytes[..source.block]);
        *factors = found;
    }
}

/// As [`bytes_of_block`], in the form of [`Form::Pairs`].
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
fn pairs_of_block(source: Source<'_>, index: usize, values: &mut [i8], factors: &mut [Factors]) {
    let places = values.chunks_exact_mut(2 * source.block).zip(factors);
    for (x, (values, factors)) in source.rows_of(index).zip(places) {
        let (bytes, found) = quantise_block(x);
        let pairs = values.as_chunks_mut::<{ 2 * QUAD }>().0;
        for (pairs, quad) in pairs.iter_mut().zip(bytes.as_chunks::<QUAD>().0) {
            let [a, b, c, d] = quad.map(|value| i16::from(value).to_ne_bytes().map(|b| b as i8));
            *pairs = [a[0], a[1], c[0], c[1], b[0], b[1], d[0], d[1]];
        }
        *factors = found;
    }
}

/// Quantises one block so that its largest value becomes ±127.
#[inline(always)]
fn quantise_block(x: &[f32]) -> ([i8; MOST], Factors) {
    const LANES: usize = 16;
    let mut lanes = [0.0f32; LANES];
    let (whole, rest) = x.as_chunks::<LANES>();
    for x in whole {
        for (lane, x) in lanes.iter_mut().zip(x) {
            *lane = larger(*lane, x.abs());
        }
    }
    let largest = lanes.iter().copied().fold(0.0, larger);
    let largest = rest.iter().fold(largest, |m, x| larger(m, x.abs()));
    let mut values = [0i8; MOST];
    if largest < 1e-30 {
        return (values, Factors::default());
    }
    let inverse = 127.0 / largest;
    for (value, x) in values.iter_mut().zip(x) {
        *value = round(x * inverse);
    }
    let sum: i32 = values.iter().map(|value| i32::from(*value)).sum();
    let scale = largest / 127.0;
    let factors = Factors {
        scale,
        sum: scale * sum as f32,
        correction: -i32::from(INT8_ZERO) * sum,
    };
    (values, factors)
}

/// The larger of two numbers; never one that is none.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}
