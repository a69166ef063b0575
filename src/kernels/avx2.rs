//! Kernels for AVX2 with FMA.
//!
//! `maddubs` adds two products in 16 bits and saturates, so an unsigned byte
//! of weight times a signed one of activation may overflow. The 8-bit kernel
//! therefore moves the sign of the activation to the weight, which leaves
//! 2 · 127 · 127 < 2¹⁵; 4-bit weights are small enough as they are.

use std::arch::x86_64::*;

use super::activations::Activations;
use super::layout::{
    INT4_BLOCK, INT4_GROUP, INT8_BLOCK, INT8_ZERO, Int4Block, Int4Head, Int8Block, QUAD, TILE,
};
use super::portable::Sums;

/// Registers that hold the sums of a tile for one row.
const PARTS: usize = TILE / 8;

/// As [`super::portable::int8`].
#[target_feature(enable = "avx2,fma")]
pub fn int8(blocks: &[Int8Block], x: &Activations, sums: &mut [Sums]) {
    let zero = _mm256_set1_epi8(INT8_ZERO as i8);
    for (index, block) in blocks.iter().enumerate() {
        let weight_scales: [__m256; PARTS] = std::array::from_fn(|part| {
            // SAFETY: part · 8 + 8 ≤ 32 two-byte numbers.
            let scales = unsafe { _mm_loadu_si128(block.scales.as_ptr().add(part * 8).cast()) };
            _mm256_castsi256_ps(_mm256_slli_epi32::<16>(_mm256_cvtepu16_epi32(scales)))
        });
        let values = x.values_of(index).chunks_exact(INT8_BLOCK);
        let scales = x.scales_of(index);
        for ((values, &scale), sums) in values.zip(scales).zip(&mut *sums) {
            let mut dots = [_mm256_setzero_si256(); PARTS];
            for (x, weights) in values.chunks_exact(QUAD).zip(&block.quads) {
                let x = broadcast_quad(x);
                let magnitude = _mm256_abs_epi8(x);
                for (part, dots) in dots.iter_mut().enumerate() {
                    let weights = _mm256_xor_si256(load_bytes(weights, part), zero);
                    let signed = _mm256_sign_epi8(weights, x);
                    *dots = _mm256_add_epi32(*dots, products(magnitude, signed));
                }
            }
            let scale = _mm256_set1_ps(scale);
            for (part, (dots, weight_scales)) in dots.into_iter().zip(weight_scales).enumerate() {
                let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(dots), scale);
                update_sums(sums, part, |sum| {
                    _mm256_fmadd_ps(scaled, weight_scales, sum)
                });
            }
        }
    }
}

/// As [`super::portable::int4`].
#[target_feature(enable = "avx2,fma,f16c")]
pub fn int4(blocks: &[Int4Block], heads: &[Int4Head], x: &Activations, sums: &mut [Sums]) {
    let nibble = _mm256_set1_epi8(15);
    for (group, (blocks, head)) in blocks.chunks(INT4_GROUP).zip(heads).enumerate() {
        for (index, block) in blocks.iter().enumerate() {
            let index = group * INT4_GROUP + index;
            let weight_scales: [__m256; PARTS] =
                std::array::from_fn(|part| scaled(&head.d, &block.scales, part));
            let mins: [__m256; PARTS] =
                std::array::from_fn(|part| scaled(&head.dmin, &block.mins, part));
            let values = x.values_of(index).chunks_exact(INT4_BLOCK);
            let factors = x.scales_of(index).iter().zip(x.sums_of(index));
            for ((values, (&scale, &x_sum)), sums) in values.zip(factors).zip(&mut *sums) {
                let mut dots = [_mm256_setzero_si256(); PARTS];
                for (x, weights) in values.chunks_exact(QUAD).zip(&block.quads) {
                    let x = broadcast_quad(x);
                    for half in 0..PARTS / 2 {
                        let both = load_bytes(weights, half);
                        let low = _mm256_and_si256(both, nibble);
                        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(both), nibble);
                        for (part, weights) in [(half, low), (half + PARTS / 2, high)] {
                            dots[part] = _mm256_add_epi32(dots[part], products(weights, x));
                        }
                    }
                }
                let scale = _mm256_set1_ps(scale);
                let x_sum = _mm256_set1_ps(x_sum);
                for part in 0..PARTS {
                    let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(dots[part]), scale);
                    update_sums(sums, part, |sum| {
                        let sum = _mm256_fmadd_ps(scaled, weight_scales[part], sum);
                        _mm256_fnmadd_ps(x_sum, mins[part], sum)
                    });
                }
            }
        }
    }
}

/// The 32-bit sums of four neighbouring byte products each.
#[inline]
#[target_feature(enable = "avx2")]
fn products(unsigned: __m256i, signed: __m256i) -> __m256i {
    _mm256_madd_epi16(_mm256_maddubs_epi16(unsigned, signed), _mm256_set1_epi16(1))
}

#[inline]
#[target_feature(enable = "avx2")]
fn broadcast_quad(x: &[i8]) -> __m256i {
    let mut quad = [0; QUAD];
    for (byte, &x) in quad.iter_mut().zip(x) {
        *byte = x as u8;
    }
    _mm256_set1_epi32(i32::from_le_bytes(quad))
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

/// `factor · steps` for outputs `8 · part ..`.
#[inline]
#[target_feature(enable = "avx2,f16c")]
fn scaled(factor: &[half::f16; TILE], steps: &[u8; TILE], part: usize) -> __m256 {
    debug_assert!(part < PARTS);
    // SAFETY: part · 8 + 8 ≤ 32 numbers of two bytes and of one.
    let (factor, steps) = unsafe {
        (
            _mm_loadu_si128(factor.as_ptr().add(part * 8).cast()),
            _mm_loadl_epi64(steps.as_ptr().add(part * 8).cast()),
        )
    };
    let steps = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(steps));
    _mm256_mul_ps(_mm256_cvtph_ps(factor), steps)
}
