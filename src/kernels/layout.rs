//! How packed weights lie in memory.
//!
//! A matrix is cut into *tiles* of [`TILE`] outputs, a tile along its inputs
//! into *blocks* that share a scale, a block into *quads* of four consecutive
//! inputs. A quad holds, output after output, the four bytes that one lane of
//! a byte-product instruction takes; all inputs of a tile follow one another,
//! so a tile is one stream of whole cache lines. Rows that fill up the last
//! tile and inputs that fill up the last block are zeros.

use half::{bf16, f16};

/// Outputs of a tile: two 512-bit registers of 32-bit sums.
pub const TILE: usize = 32;
/// Inputs that one 32-bit lane multiplies at a time.
pub const QUAD: usize = 4;

/// What the bytes of an [`Int8Block`] stand above the weight they mean. The
/// byte-product instructions of x86 take one factor unsigned.
pub const INT8_ZERO: u8 = 128;
/// Inputs of an [`Int8Block`].
pub const INT8_BLOCK: usize = 64;
const INT8_QUADS: usize = INT8_BLOCK / QUAD;

/// Signed 8-bit weights of [`TILE`] outputs × [`INT8_BLOCK`] inputs, with one
/// bfloat16 scale per output: 8.25 bits per weight.
#[derive(Clone)]
#[repr(C, align(64))]
pub struct Int8Block {
    pub scales: [bf16; TILE],
    /// `quads[q][4 · output + i]` is input `4 · q + i`.
    pub quads: [[u8; TILE * QUAD]; INT8_QUADS],
}

impl Int8Block {
    pub const ZERO: Self = Self {
        scales: [bf16::ZERO; TILE],
        quads: [[INT8_ZERO; TILE * QUAD]; INT8_QUADS],
    };

    /// Quantises up to [`INT8_BLOCK`] weights of one output: the largest
    /// becomes ±127. The scale is rounded up, never down, so that nothing is
    /// clipped.
    pub fn set(&mut self, output: usize, weights: &[f32]) {
        let largest = weights.iter().fold(0.0f32, |m, w| m.max(w.abs()));
        let scale = round_up(largest / 127.0);
        let inverse = if scale > bf16::ZERO {
            1.0 / scale.to_f32()
        } else {
            0.0
        };
        self.scales[output] = scale;
        for (input, weight) in weights.iter().enumerate() {
            let quantised = round(weight * inverse);
            self.quads[input / QUAD][output * QUAD + input % QUAD] =
                quantised.wrapping_add_unsigned(INT8_ZERO) as u8;
        }
    }

    /// Makes one output what another block has for one of its own.
    pub fn copy(&mut self, output: usize, other: &Self, of: usize) {
        self.scales[output] = other.scales[of];
        for (quad, other) in self.quads.iter_mut().zip(&other.quads) {
            quad[output * QUAD..][..QUAD].copy_from_slice(&other[of * QUAD..][..QUAD]);
        }
    }

    /// The weight of one output and input as the kernels understand it.
    pub fn get(&self, output: usize, input: usize) -> f32 {
        let byte = self.quads[input / QUAD][output * QUAD + input % QUAD];
        f32::from(i16::from(byte) - i16::from(INT8_ZERO)) * self.scales[output].to_f32()
    }
}

/// The nearest integer of a number that fits in 8 bits, ties to even. Adding
/// 1.5 · 2²³ leaves it in the low bits of the mantissa; unlike a conversion this
/// is one instruction in every vector unit, and no call.
pub fn round(x: f32) -> i8 {
    const ROUND: f32 = 12_582_912.0;
    (x + ROUND).to_bits() as i8
}

/// The smallest bfloat16 that is not below a positive, finite number.
fn round_up(x: f32) -> bf16 {
    let bits = x.to_bits();
    let carry = u32::from(bits & 0xffff != 0);
    bf16::from_bits(((bits >> 16) + carry) as u16)
}

/// Inputs of an [`Int4Block`].
pub const INT4_BLOCK: usize = 32;
const INT4_QUADS: usize = INT4_BLOCK / QUAD;
/// Blocks that share an [`Int4Head`].
pub const INT4_GROUP: usize = 8;

/// Unsigned 4-bit weights of [`TILE`] outputs × [`INT4_BLOCK`] inputs:
/// `weight = d · scale · q − dmin · min`, with `d` and `dmin` from the
/// [`Int4Head`] of the block's group: 4.625 bits per weight in all. This is
/// the arithmetic of GGML's Q4_K, whose weights are kept exactly.
#[derive(Clone)]
#[repr(C, align(64))]
pub struct Int4Block {
    pub scales: [u8; TILE],
    pub mins: [u8; TILE],
    /// `quads[q][4 · output + i]` is input `4 · q + i`, of the tile's first 16
    /// outputs in the low and of the last 16 in the high half of each byte.
    pub quads: [[u8; TILE / 2 * QUAD]; INT4_QUADS],
}

/// Scales of [`TILE`] outputs × [`INT4_GROUP`] blocks.
#[derive(Clone)]
#[repr(C, align(64))]
pub struct Int4Head {
    pub d: [f16; TILE],
    pub dmin: [f16; TILE],
}

impl Int4Head {
    pub const ZERO: Self = Self {
        d: [f16::ZERO; TILE],
        dmin: [f16::ZERO; TILE],
    };

    /// Makes one output what another head has for one of its own.
    pub fn copy(&mut self, output: usize, other: &Self, of: usize) {
        self.d[output] = other.d[of];
        self.dmin[output] = other.dmin[of];
    }
}

/// Quantises a group of blocks of one output.
pub fn quantise_group(
    head: &mut Int4Head,
    blocks: &mut [Int4Block],
    output: usize,
    weights: &[f32],
) {
    let ranges: Vec<(f32, f32)> = weights
        .chunks(INT4_BLOCK)
        .map(|weights| {
            let low = weights.iter().fold(0.0f32, |m, &w| m.max(-w));
            let high = weights.iter().fold(0.0f32, |m, &w| m.max(w));
            ((high + low) / 15.0, low)
        })
        .collect();
    let largest = |of: fn(&(f32, f32)) -> f32| ranges.iter().map(of).fold(0.0, f32::max);
    let (d, scale_steps) = unit(largest(|range| range.0));
    let (dmin, min_steps) = unit(largest(|range| range.1));
    head.d[output] = d;
    head.dmin[output] = dmin;
    for ((block, weights), (scale, min)) in blocks
        .iter_mut()
        .zip(weights.chunks(INT4_BLOCK))
        .zip(ranges)
    {
        block.scales[output] = (scale * scale_steps).round() as u8;
        block.mins[output] = (min * min_steps).round() as u8;
        block.quantise(head, output, weights);
    }
}

/// The unit in which a byte counts up to `largest`, and how many of it make 1.
fn unit(largest: f32) -> (f16, f32) {
    let unit = f16::from_f32(largest / 255.0);
    (
        unit,
        if unit > f16::ZERO {
            1.0 / unit.to_f32()
        } else {
            0.0
        },
    )
}

impl Int4Block {
    pub const ZERO: Self = Self {
        scales: [0; TILE],
        mins: [0; TILE],
        quads: [[0; TILE / 2 * QUAD]; INT4_QUADS],
    };

    /// Quantises up to [`INT4_BLOCK`] weights of one output with the scale and
    /// the minimum that are set for it.
    pub fn quantise(&mut self, head: &Int4Head, output: usize, weights: &[f32]) {
        let (scale, min) = self.scale_and_min(head, output);
        let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
        for (input, weight) in weights.iter().enumerate() {
            let q = ((weight + min) * inverse).round_ties_even();
            self.set(output, input, q.clamp(0.0, 15.0) as u8);
        }
    }

    /// Makes one output what another block has for one of its own.
    pub fn copy(&mut self, output: usize, other: &Self, of: usize) {
        self.scales[output] = other.scales[of];
        self.mins[output] = other.mins[of];
        for input in 0..INT4_BLOCK {
            self.set(output, input, other.quantised(of, input));
        }
    }

    /// Sets the 4-bit number of one output and input.
    pub fn set(&mut self, output: usize, input: usize, q: u8) {
        let (byte, shift) = Self::place(output, input);
        let byte = &mut self.quads[input / QUAD][byte];
        *byte = *byte & !(15 << shift) | (q & 15) << shift;
    }

    /// The 4-bit number of one output and input.
    pub fn quantised(&self, output: usize, input: usize) -> u8 {
        let (byte, shift) = Self::place(output, input);
        self.quads[input / QUAD][byte] >> shift & 15
    }

    /// The scale and the minimum of one output, ready to be used.
    pub fn scale_and_min(&self, head: &Int4Head, output: usize) -> (f32, f32) {
        (
            head.d[output].to_f32() * f32::from(self.scales[output]),
            head.dmin[output].to_f32() * f32::from(self.mins[output]),
        )
    }

    /// The weight of one output and input as the kernels understand it.
    pub fn get(&self, head: &Int4Head, output: usize, input: usize) -> f32 {
        let (scale, min) = self.scale_and_min(head, output);
        scale * f32::from(self.quantised(output, input)) - min
    }

    const fn place(output: usize, input: usize) -> (usize, u32) {
        let half = TILE / 2;
        let shift = if output < half { 0 } else { 4 };
        (output % half * QUAD + input % QUAD, shift)
    }
}
