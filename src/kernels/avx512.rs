//! Kernels for AVX-512 with VNNI: one instruction multiplies 64 bytes.
//!
//! A quad of weights is two registers, 16 outputs each. It is loaded once for
//! up to twelve rows of activations, whose quads are broadcast: 2 · 12 sums,
//! two registers of weights and one of activations leave five registers to
//! spare, and 24 products hide the latency of the loads.

use std::arch::x86_64::*;

use half::bf16;

use super::activations::Activations;
use super::groups::in_groups;
use super::layout::{
    INT4_BLOCK, INT4_GROUP, INT8_BLOCK, Int4Block, Int4Head, Int8Block, QUAD, TILE,
};
use super::portable::Sums;

/// As [`super::portable::int8`].
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub fn int8(blocks: &[Int8Block], x: &Activations, sums: &mut [Sums]) {
    for (index, block) in blocks.iter().enumerate() {
        in_groups!(first in sums.len(), [1 2 3 4 5 6 7 8 9 10 11 12] =>
            int8_rows(block, x, index, sums, first));
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn int8_rows<const N: usize>(
    block: &Int8Block,
    x: &Activations,
    index: usize,
    sums: &mut [Sums],
    first: usize,
) {
    let values = &x.values_of(index)[first * INT8_BLOCK..][..N * INT8_BLOCK];
    let factors = &x.factors_of(index)[first..][..N];
    let sums = &mut sums[first..][..N];

    let mut dots: [[__m512i; 2]; N] =
        std::array::from_fn(|row| [_mm512_set1_epi32(factors[row].correction); 2]);
    for (quad, weights) in block.quads.iter().enumerate() {
        let [low, high] = load_bytes(weights);
        for (row, dots) in dots.iter_mut().enumerate() {
            let x = broadcast_quad(values, row * INT8_BLOCK + quad * QUAD);
            dots[0] = _mm512_dpbusd_epi32(dots[0], low, x);
            dots[1] = _mm512_dpbusd_epi32(dots[1], high, x);
        }
    }
    let weight_scales = widened(&block.scales);
    for (row, sums) in sums.iter_mut().enumerate() {
        let x_scale = _mm512_set1_ps(factors[row].scale);
        let [low, high] = load_sums(sums);
        let scaled = dots[row].map(|dots| _mm512_mul_ps(_mm512_cvtepi32_ps(dots), x_scale));
        store_sums(
            sums,
            [
                _mm512_fmadd_ps(scaled[0], weight_scales[0], low),
                _mm512_fmadd_ps(scaled[1], weight_scales[1], high),
            ],
        );
    }
}

/// As [`super::portable::int4`].
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub fn int4(blocks: &[Int4Block], heads: &[Int4Head], x: &Activations, sums: &mut [Sums]) {
    for (group, (blocks, head)) in blocks.chunks(INT4_GROUP).zip(heads).enumerate() {
        let d = load_halves(&head.d);
        let dmin = load_halves(&head.dmin);
        for (index, block) in blocks.iter().enumerate() {
            let scales = scaled(d, &block.scales);
            let mins = scaled(dmin, &block.mins);
            let index = group * INT4_GROUP + index;
            in_groups!(first in sums.len(), [1 2 3 4 5 6 7 8 9 10 11 12] =>
                int4_rows(block, (scales, mins), x, index, sums, first));
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn int4_rows<const N: usize>(
    block: &Int4Block,
    (weight_scales, mins): ([__m512; 2], [__m512; 2]),
    x: &Activations,
    index: usize,
    sums: &mut [Sums],
    first: usize,
) {
    let values = &x.values_of(index)[first * INT4_BLOCK..][..N * INT4_BLOCK];
    let factors = &x.factors_of(index)[first..][..N];
    let sums = &mut sums[first..][..N];

    let nibble = _mm512_set1_epi8(15);
    let mut dots = [[_mm512_setzero_si512(); 2]; N];
    for (quad, weights) in block.quads.iter().enumerate() {
        // SAFETY: a quad is 64 bytes.
        let both = unsafe { _mm512_loadu_si512(weights.as_ptr().cast()) };
        let low = _mm512_and_si512(both, nibble);
        let high = _mm512_and_si512(_mm512_srli_epi16::<4>(both), nibble);
        for (row, dots) in dots.iter_mut().enumerate() {
            let x = broadcast_quad(values, row * INT4_BLOCK + quad * QUAD);
            dots[0] = _mm512_dpbusd_epi32(dots[0], low, x);
            dots[1] = _mm512_dpbusd_epi32(dots[1], high, x);
        }
    }
    for (row, sums) in sums.iter_mut().enumerate() {
        let x_scale = _mm512_set1_ps(factors[row].scale);
        let x_sum = _mm512_set1_ps(factors[row].sum);
        let mut both = load_sums(sums);
        for half in 0..2 {
            let scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(dots[row][half]), x_scale);
            let sum = _mm512_fmadd_ps(scaled, weight_scales[half], both[half]);
            both[half] = _mm512_fnmadd_ps(x_sum, mins[half], sum);
        }
        store_sums(sums, both);
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_bytes(bytes: &[u8; 128]) -> [__m512i; 2] {
    let bytes = bytes.as_ptr().cast::<__m512i>();
    // SAFETY: the array is as large as two registers.
    unsafe { [_mm512_loadu_si512(bytes), _mm512_loadu_si512(bytes.add(1))] }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn broadcast_quad(values: &[i8], at: usize) -> __m512i {
    debug_assert!(at + QUAD <= values.len());
    // SAFETY: callers pass `at` below the length that they sliced `values` to,
    // and lengths are multiples of a quad.
    _mm512_set1_epi32(unsafe { values.as_ptr().add(at).cast::<i32>().read_unaligned() })
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn load_sums(sums: &Sums) -> [__m512; 2] {
    let sums = sums.as_ptr();
    // SAFETY: the array is as large as two registers.
    unsafe { [_mm512_loadu_ps(sums), _mm512_loadu_ps(sums.add(16))] }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn store_sums(sums: &mut Sums, [low, high]: [__m512; 2]) {
    let sums = sums.as_mut_ptr();
    // SAFETY: the array is as large as two registers.
    unsafe {
        _mm512_storeu_ps(sums, low);
        _mm512_storeu_ps(sums.add(16), high);
    }
}

/// The scales of a tile's outputs in single precision.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn widened(scales: &[bf16; TILE]) -> [__m512; 2] {
    let scales = scales.as_ptr().cast::<__m256i>();
    // SAFETY: the array is as large as two 256-bit registers.
    let halves = unsafe {
        [
            _mm256_loadu_si256(scales),
            _mm256_loadu_si256(scales.add(1)),
        ]
    };
    halves.map(|half| _mm512_castsi512_ps(_mm512_slli_epi32::<16>(_mm512_cvtepu16_epi32(half))))
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn load_halves(halves: &[half::f16; 32]) -> [__m512; 2] {
    let halves = halves.as_ptr().cast::<__m256i>();
    // SAFETY: the array is as large as two 256-bit registers.
    unsafe {
        [
            _mm512_cvtph_ps(_mm256_loadu_si256(halves)),
            _mm512_cvtph_ps(_mm256_loadu_si256(halves.add(1))),
        ]
    }
}

/// `factor · steps`, output by output.
#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn scaled(factor: [__m512; 2], steps: &[u8; 32]) -> [__m512; 2] {
    let steps = steps.as_ptr().cast::<__m128i>();
    // SAFETY: the array is as large as two 128-bit registers.
    let steps = unsafe { [_mm_loadu_si128(steps), _mm_loadu_si128(steps.add(1))] };
    let steps = steps.map(|steps| _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(steps)));
    [
        _mm512_mul_ps(factor[0], steps[0]),
        _mm512_mul_ps(factor[1], steps[1]),
    ]
}
