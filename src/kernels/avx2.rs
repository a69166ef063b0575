//! Kernels for AVX2 with FMA.
//!
//! `maddubs` multiplies unsigned bytes with signed ones and adds two
//! neighbours in 16 bits, with saturation. Products of 4-bit weights are so
//! small that those of a whole block, at most 8 · 2 · 15 · 127 < 2¹⁵, are added
//! in 16 bits and widened once.
//!
//! Products of 8-bit weights are not. To move the sign of the activation to the
//! weight and widen after each step takes four instructions for 32 products,
//! three of them in the two units that multiply. The 8-bit kernel multiplies
//! 16-bit numbers instead: the even and the odd bytes of the weights, taken
//! apart once for all rows, with activations that come in this form. That is
//! four instructions as well, but two of them are additions, which four units
//! can do.
//!
//! A tile is worked on in parts, for as many rows of activations as the sixteen
//! registers hold sums.

use std::arch::x86_64::*;

use half::f16;

use super::activations::Activations;
use super::groups::in_groups;
use super::layout::{
    INT4_BLOCK, INT4_GROUP, INT8_BLOCK, Int4Block, Int4Head, Int8Block, QUAD, TILE,
};
use super::portable::Sums;

/// Registers that hold the sums of a tile for one row.
const PARTS: usize = TILE / 8;

/// As [`super::portable::int8`].
#[target_feature(enable = "avx2,fma")]
pub fn int8(blocks: &[Int8Block], x: &Activations, sums: &mut [Sums]) {
    for (index, block) in blocks.iter().enumerate() {
        match sums.len() {
            // One row needs few registers: the block is read once, in order.
            1 => int8_tile::<1>(block, 0, (x, index), sums, 0),
            2..=4 => {
                for part in [0, PARTS / 2] {
                    in_groups!(first in sums.len(), [1 2 3 4] =>
                        int8_half(block, part, (x, index), sums, first));
                }
            }
            _ => {
                for part in 0..PARTS {
                    in_groups!(first in sums.len(), [1 2 3 4 5 6 7 8 9 10 11 12] =>
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
        #[target_feature(enable = "avx2,fma")]
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
int8_width!(int8_part, 1);

/// Adds the products of `P` parts of a block, from `part` on, to the sums of
/// `N` rows.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn int8_rows<const N: usize, const P: usize>(
    block: &Int8Block,
    part: usize,
    (x, index): (&Activations, usize),
    sums: &mut [Sums],
    first: usize,
) {
    let pairs = &x.pairs_of(index)[first * INT8_BLOCK..][..N * INT8_BLOCK];
    let factors = &x.factors_of(index)[first..][..N];
    let low = _mm256_set1_epi16(0xff);
    let mut dots: [[__m256i; P]; N] =
        std::array::from_fn(|row| [_mm256_set1_epi32(factors[row].correction); P]);
    for (quad, weights) in block.quads.iter().enumerate() {
        let weights: [__m256i; P] = std::array::from_fn(|p| load_bytes(weights, part + p));
        let even = weights.map(|weights| _mm256_and_si256(weights, low));
        let odd = weights.map(|weights| _mm256_srli_epi16::<8>(weights));
        for (offset, weights) in [(0, even), (2, odd)] {
            for (row, dots) in dots.iter_mut().enumerate() {
                let x = broadcast_pair(pairs, row * INT8_BLOCK + quad * QUAD + offset);
                for (dots, weights) in dots.iter_mut().zip(weights) {
                    *dots = _mm256_add_epi32(*dots, _mm256_madd_epi16(weights, x));
                }
            }
        }
    }
    let weight_scales: [__m256; P] = std::array::from_fn(|p| {
        // SAFETY: the callers' parts are below PARTS: (part + p) · 8 + 8 ≤ 32
        // two-byte numbers.
        let scales = unsafe { _mm_loadu_si128(block.scales.as_ptr().add((part + p) * 8).cast()) };
        _mm256_castsi256_ps(_mm256_slli_epi32::<16>(_mm256_cvtepu16_epi32(scales)))
    });
    for ((dots, factors), sums) in dots.iter().zip(factors).zip(&mut sums[first..]) {
        let scale = _mm256_set1_ps(factors.scale);
        for (p, (dots, weight_scales)) in dots.iter().zip(weight_scales).enumerate() {
            let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(*dots), scale);
            update_sums(sums, part + p, |sum| {
                _mm256_fmadd_ps(scaled, weight_scales, sum)
            });
        }
    }
}

/// As [`super::portable::int4`].
#[target_feature(enable = "avx2,fma,f16c")]
pub fn int4(blocks: &[Int4Block], heads: &[Int4Head], x: &Activations, sums: &mut [Sums]) {
    for (group, (blocks, head)) in blocks.chunks(INT4_GROUP).zip(heads).enumerate() {
        let d = std::array::from_fn(|part| load_halves(&head.d, part));
        let dmin = std::array::from_fn(|part| load_halves(&head.dmin, part));
        for (index, block) in blocks.iter().enumerate() {
            let index = group * INT4_GROUP + index;
            let scales = scaled(d, &block.scales);
            let mins = scaled(dmin, &block.mins);
            for half in 0..PARTS / 2 {
                let parts = [half, half + PARTS / 2];
                let factors = Factors {
                    scales: parts.map(|part| scales[part]),
                    mins: parts.map(|part| mins[part]),
                };
                in_groups!(first in sums.len(), [1 2 3 4 5 6] =>
                    int4_rows(block, parts, factors, (x, index), sums, first));
            }
        }
    }
}

/// What the 4-bit numbers of two parts of a block are worth.
#[derive(Clone, Copy)]
struct Factors {
    scales: [__m256; 2],
    mins: [__m256; 2],
}

/// Adds the products of two parts of a block, which are the low and the high
/// halves of the same bytes, to the sums of `N` rows.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn int4_rows<const N: usize>(
    block: &Int4Block,
    parts: [usize; 2],
    factors: Factors,
    (x, index): (&Activations, usize),
    sums: &mut [Sums],
    first: usize,
) {
    let values = &x.values_of(index)[first * INT4_BLOCK..][..N * INT4_BLOCK];
    let of_rows = &x.factors_of(index)[first..][..N];
    let nibble = _mm256_set1_epi8(15);
    let mut dots = [[_mm256_setzero_si256(); 2]; N];
    for (quad, weights) in block.quads.iter().enumerate() {
        let both = load_bytes(weights, parts[0]);
        let low = _mm256_and_si256(both, nibble);
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(both), nibble);
        for (row, dots) in dots.iter_mut().enumerate() {
            let x = broadcast_quad(values, row * INT4_BLOCK + quad * QUAD);
            dots[0] = _mm256_add_epi16(dots[0], _mm256_maddubs_epi16(low, x));
            dots[1] = _mm256_add_epi16(dots[1], _mm256_maddubs_epi16(high, x));
        }
    }
    let ones = _mm256_set1_epi16(1);
    for ((dots, of_row), sums) in dots.iter().zip(of_rows).zip(&mut sums[first..]) {
        let scale = _mm256_set1_ps(of_row.scale);
        let x_sum = _mm256_set1_ps(of_row.sum);
        for (half, dots) in dots.iter().enumerate() {
            let dots = _mm256_madd_epi16(*dots, ones);
            let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(dots), scale);
            update_sums(sums, parts[half], |sum| {
                let sum = _mm256_fmadd_ps(scaled, factors.scales[half], sum);
                _mm256_fnmadd_ps(x_sum, factors.mins[half], sum)
            });
        }
    }
}

/// Two neighbours in every lane.
#[inline]
#[target_feature(enable = "avx2")]
fn broadcast_pair(pairs: &[i16], at: usize) -> __m256i {
    debug_assert!(at + 2 <= pairs.len());
    // SAFETY: callers pass `at` below the length that they sliced `pairs` to,
    // and lengths are multiples of a quad.
    _mm256_set1_epi32(unsafe { pairs.as_ptr().add(at).cast::<i32>().read_unaligned() })
}

#[inline]
#[target_feature(enable = "avx2")]
fn broadcast_quad(values: &[i8], at: usize) -> __m256i {
    debug_assert!(at + QUAD <= values.len());
    // SAFETY: callers pass `at` below the length that they sliced `values` to,
    // and lengths are multiples of a quad.
    _mm256_set1_epi32(unsafe { values.as_ptr().add(at).cast::<i32>().read_unaligned() })
}

/// Bytes `32 · part ..` of a quad.
#[inline]
#[target_feature(enable = "avx2")]
fn load_bytes<const LEN: usize>(quad: &[u8; LEN], part: usize) -> __m256i {
    debug_assert!((part + 1) * 32 <= LEN);
    // SAFETY: the callers' parts are below LEN / 32.
    unsafe { _mm256_loadu_si256(quad.as_ptr().add(part * 32).cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn update_sums(sums: &mut Sums, part: usize, update: impl FnOnce(__m256) -> __m256) {
    debug_assert!(part < PARTS);
    // SAFETY: part · 8 + 8 ≤ 32.
    unsafe {
        let at = sums.as_mut_ptr().add(part * 8);
        _mm256_storeu_ps(at, update(_mm256_loadu_ps(at)));
    }
}

/// Half-precision numbers `8 · part ..` as single precision.
#[inline]
#[target_feature(enable = "avx2,f16c")]
fn load_halves(halves: &[f16; TILE], part: usize) -> __m256 {
    debug_assert!(part < PARTS);
    // SAFETY: part · 8 + 8 ≤ 32 numbers of two bytes.
    _mm256_cvtph_ps(unsafe { _mm_loadu_si128(halves.as_ptr().add(part * 8).cast()) })
}

/// `factor · steps`, output by output.
#[inline]
#[target_feature(enable = "avx2")]
fn scaled(factor: [__m256; PARTS], steps: &[u8; TILE]) -> [__m256; PARTS] {
    std::array::from_fn(|part| {
        // SAFETY: part · 8 + 8 ≤ 32 numbers of one byte.
        let steps = unsafe { _mm_loadl_epi64(steps.as_ptr().add(part * 8).cast()) };
        _mm256_mul_ps(
            factor[part],
            _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(steps)),
        )
    })
}
