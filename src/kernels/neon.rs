//! Kernels for NEON with the dot products of Armv8.2.
//!
//! `sdot` multiplies 16 bytes with a quad of activations that it takes from a
//! lane of a register, so 16 bytes of activations are loaded for four quads
//! and nothing is broadcast. Its factors are both signed: 8-bit weights lose
//! their zero point on the way, by one exclusive-or for all rows of a group.
//!
//! A tile is eight registers of outputs. They are worked on in parts, for as
//! many rows of activations as the thirty-two registers hold sums: sixteen of
//! them are sums, the others weights and activations.

use std::arch::aarch64::*;
use std::arch::asm;

use half::{bf16, f16};

use super::activations::Activations;
use super::groups::in_groups;
use super::layout::{
    INT4_BLOCK, INT4_GROUP, INT8_BLOCK, INT8_ZERO, Int4Block, Int4Head, Int8Block, QUAD, TILE,
};
use super::portable::Sums;

/// Registers that hold the sums of a tile for one row.
const PARTS: usize = TILE / 4;
/// Quads in a register of activations.
const LANES: usize = 4;

/// Runs the body for every lane, whose number instructions need as a constant.
macro_rules! each_lane {
    ($lane:ident => $body:block) => {
        each_lane!($lane => $body, 0 1 2 3)
    };
    ($lane:ident => $body:block, $($number:literal)*) => {
        $({
            const $lane: i32 = $number;
            $body
        })*
    };
}

/// As [`super::portable::int8`].
#[target_feature(enable = "neon,dotprod")]
pub fn int8(blocks: &[Int8Block], x: &Activations, sums: &mut [Sums]) {
    for (index, block) in blocks.iter().enumerate() {
        match sums.len() {
            // The block is read once, in order.
            1 | 2 => in_groups!(first in sums.len(), [1 2] =>
                int8_tile(block, 0, (x, index), sums, first)),
            3 | 4 => {
                for part in [0, PARTS / 2] {
                    in_groups!(first in sums.len(), [1 2 3 4] =>
                        int8_half(block, part, (x, index), sums, first));
                }
            }
            _ => {
                for part in (0..PARTS).step_by(2) {
                    in_groups!(first in sums.len(), [1 2 3 4 5 6 7 8] =>
                        int8_part(block, part, (x, index), sums, first));
                }
            }
        }
    }
}

/// [`int8_rows`] for so much of a tile at a time.
macro_rules! int8_width {
    ($name:ident, $parts:expr) => {
        #[inline]
        #[target_feature(enable = "neon,dotprod")]
        fn $name<const N: usize>(
            block: &Int8Block,
            part: usize,
            x: (&Activations, usize),
            sums: &mut [Sums],
            first: usize,
        ) {
            int8_rows::<N, { $parts }>(block, part, x, sums, first);
        }
    };
}
int8_width!(int8_tile, PARTS);
int8_width!(int8_half, PARTS / 2);
int8_width!(int8_part, 2);

/// Adds the products of `P` parts of a block, from `part` on, to the sums of
/// `N` rows.
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn int8_rows<const N: usize, const P: usize>(
    block: &Int8Block,
    part: usize,
    (x, index): (&Activations, usize),
    sums: &mut [Sums],
    first: usize,
) {
    let values = &x.values_of(index)[first * INT8_BLOCK..][..N * INT8_BLOCK];
    let factors = &x.factors_of(index)[first..][..N];
    let zero = vdupq_n_u8(INT8_ZERO);
    let mut dots = [[vdupq_n_s32(0); P]; N];
    for (group, quads) in block.quads.as_chunks::<LANES>().0.iter().enumerate() {
        let x = load_rows::<N, INT8_BLOCK>(values, group);
        each_lane!(LANE => {
            let weights: [int8x16_t; P] = std::array::from_fn(|p| {
                let weights = load_bytes(&quads[LANE as usize], part + p);
                vreinterpretq_s8_u8(veorq_u8(weights, zero))
            });
            for (dots, x) in dots.iter_mut().zip(x) {
                for (dots, weights) in dots.iter_mut().zip(weights) {
                    *dots = dot::<LANE>(*dots, weights, x);
                }
            }
        });
    }
    let weight_scales: [float32x4_t; P] =
        std::array::from_fn(|p| load_scales(&block.scales, part + p));
    for ((dots, factors), sums) in dots.iter().zip(factors).zip(&mut sums[first..]) {
        let scale = vdupq_n_f32(factors.scale);
        for (p, (dots, weight_scales)) in dots.iter().zip(weight_scales).enumerate() {
            let scaled = vmulq_f32(vcvtq_f32_s32(*dots), scale);
            update_sums(sums, part + p, |sum| vfmaq_f32(sum, scaled, weight_scales));
        }
    }
}

/// As [`super::portable::int4`].
#[target_feature(enable = "neon,dotprod")]
pub fn int4(blocks: &[Int4Block], heads: &[Int4Head], x: &Activations, sums: &mut [Sums]) {
    for (group, (blocks, head)) in blocks.chunks(INT4_GROUP).zip(heads).enumerate() {
        let d = std::array::from_fn(|part| load_halves(&head.d, part));
        let dmin = std::array::from_fn(|part| load_halves(&head.dmin, part));
        for (index, block) in blocks.iter().enumerate() {
            let x = (x, group * INT4_GROUP + index);
            let factors = Factors {
                scales: scaled(d, &block.scales),
                mins: scaled(dmin, &block.mins),
            };
            match sums.len() {
                1 | 2 => in_groups!(first in sums.len(), [1 2] =>
                    int4_tile(block, 0, &factors, x, sums, first)),
                3 | 4 => {
                    for part in [0, 2] {
                        in_groups!(first in sums.len(), [1 2 3 4] =>
                            int4_half(block, part, &factors, x, sums, first));
                    }
                }
                _ => {
                    for part in 0..PARTS / 2 {
                        in_groups!(first in sums.len(), [1 2 3 4 5 6 7 8] =>
                            int4_part(block, part, &factors, x, sums, first));
                    }
                }
            }
        }
    }
}

/// What the 4-bit numbers of a block are worth.
struct Factors {
    scales: [float32x4_t; PARTS],
    mins: [float32x4_t; PARTS],
}

/// [`int4_rows`] for so much of a tile at a time.
macro_rules! int4_width {
    ($name:ident, $loads:expr) => {
        #[inline]
        #[target_feature(enable = "neon,dotprod")]
        fn $name<const N: usize>(
            block: &Int4Block,
            part: usize,
            factors: &Factors,
            x: (&Activations, usize),
            sums: &mut [Sums],
            first: usize,
        ) {
            int4_rows::<N, { $loads }>(block, part, factors, x, sums, first);
        }
    };
}
int4_width!(int4_tile, PARTS / 2);
int4_width!(int4_half, PARTS / 4);
int4_width!(int4_part, 1);

/// Adds the products of `L` parts of a block from `part` on, which are the low
/// halves of its bytes, and of the `L` parts that are their high halves to the
/// sums of `N` rows.
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn int4_rows<const N: usize, const L: usize>(
    block: &Int4Block,
    part: usize,
    factors: &Factors,
    (x, index): (&Activations, usize),
    sums: &mut [Sums],
    first: usize,
) {
    let values = &x.values_of(index)[first * INT4_BLOCK..][..N * INT4_BLOCK];
    let of_rows = &x.factors_of(index)[first..][..N];
    let nibble = vdupq_n_u8(15);
    let mut dots = [[[vdupq_n_s32(0); 2]; L]; N];
    for (group, quads) in block.quads.as_chunks::<LANES>().0.iter().enumerate() {
        let x = load_rows::<N, INT4_BLOCK>(values, group);
        each_lane!(LANE => {
            let weights: [[int8x16_t; 2]; L] = std::array::from_fn(|l| {
                let both = load_bytes(&quads[LANE as usize], part + l);
                [vandq_u8(both, nibble), vshrq_n_u8::<4>(both)].map(|half| vreinterpretq_s8_u8(half))
            });
            for (dots, x) in dots.iter_mut().zip(x) {
                for (dots, weights) in dots.iter_mut().zip(weights) {
                    for (dots, weights) in dots.iter_mut().zip(weights) {
                        *dots = dot::<LANE>(*dots, weights, x);
                    }
                }
            }
        });
    }
    for ((dots, of_row), sums) in dots.iter().zip(of_rows).zip(&mut sums[first..]) {
        let scale = vdupq_n_f32(of_row.scale);
        let x_sum = vdupq_n_f32(of_row.sum);
        for (l, dots) in dots.iter().enumerate() {
            for (half, dots) in dots.iter().enumerate() {
                let part = part + l + half * PARTS / 2;
                let scaled = vmulq_f32(vcvtq_f32_s32(*dots), scale);
                update_sums(sums, part, |sum| {
                    let sum = vfmaq_f32(sum, scaled, factors.scales[part]);
                    vfmsq_f32(sum, x_sum, factors.mins[part])
                });
            }
        }
    }
}

/// Adds to every lane of `sum` the products of its four bytes of `weights` with
/// quad `LANE` of `x`. The compiler's own function for this is not stable.
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn dot<const LANE: i32>(mut sum: int32x4_t, weights: int8x16_t, x: int8x16_t) -> int32x4_t {
    // SAFETY: it reads and writes these registers only, and the processor has
    // the instruction, as the caller made sure.
    unsafe {
        asm!(
            "sdot {sum:v}.4s, {weights:v}.16b, {x:v}.4b[{lane}]",
            sum = inout(vreg) sum,
            weights = in(vreg) weights,
            x = in(vreg) x,
            lane = const LANE,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sum
}

/// Register `group` of the activations of each of `N` rows, in blocks of `BLOCK`.
#[inline]
#[target_feature(enable = "neon")]
fn load_rows<const N: usize, const BLOCK: usize>(values: &[i8], group: usize) -> [int8x16_t; N] {
    std::array::from_fn(|row| {
        let at = row * BLOCK + group * LANES * QUAD;
        debug_assert!(at + LANES * QUAD <= values.len());
        // SAFETY: callers slice `values` to N · BLOCK bytes, and have a group
        // for each 16 of a block.
        unsafe { vld1q_s8(values.as_ptr().add(at)) }
    })
}

/// Bytes `16 · part ..` of a quad.
#[inline]
#[target_feature(enable = "neon")]
fn load_bytes<const LEN: usize>(quad: &[u8; LEN], part: usize) -> uint8x16_t {
    debug_assert!((part + 1) * 16 <= LEN);
    // SAFETY: the callers' parts are below LEN / 16.
    unsafe { vld1q_u8(quad.as_ptr().add(part * 16)) }
}

#[inline]
#[target_feature(enable = "neon")]
fn update_sums(sums: &mut Sums, part: usize, update: impl FnOnce(float32x4_t) -> float32x4_t) {
    debug_assert!(part < PARTS);
    // SAFETY: part · 4 + 4 ≤ 32.
    unsafe {
        let at = sums.as_mut_ptr().add(part * 4);
        vst1q_f32(at, update(vld1q_f32(at)));
    }
}

/// The scales of outputs `4 · part ..` in single precision.
#[inline]
#[target_feature(enable = "neon")]
fn load_scales(scales: &[bf16; TILE], part: usize) -> float32x4_t {
    debug_assert!(part < PARTS);
    // SAFETY: part · 4 + 4 ≤ 32 numbers of two bytes.
    let halves = unsafe { vld1_u16(scales.as_ptr().add(part * 4).cast()) };
    vreinterpretq_f32_u32(vshll_n_u16::<16>(halves))
}

/// Half-precision numbers `4 · part ..` as single precision.
#[inline]
#[target_feature(enable = "neon")]
fn load_halves(halves: &[f16; TILE], part: usize) -> float32x4_t {
    let whole: [f32; 4] = std::array::from_fn(|i| halves[part * 4 + i].to_f32());
    // SAFETY: the array is as large as a register.
    unsafe { vld1q_f32(whole.as_ptr()) }
}

/// `factor · steps`, output by output.
#[inline]
#[target_feature(enable = "neon")]
fn scaled(factor: [float32x4_t; PARTS], steps: &[u8; TILE]) -> [float32x4_t; PARTS] {
    std::array::from_fn(|part| {
        let steps: [u32; 4] = std::array::from_fn(|i| u32::from(steps[part * 4 + i]));
        // SAFETY: the array is as large as a register.
        let steps = unsafe { vld1q_u32(steps.as_ptr()) };
        vmulq_f32(factor[part], vcvtq_f32_u32(steps))
    })
}
