//! Kernels for AMX: one instruction multiplies 16 rows of activations with 16
//! outputs over 64 inputs.
//!
//! The layout of an [`Int8Block`] is that of two such operands: its quads are
//! the rows that `tdpbsud` expects of its second factor. Sums of a block leave
//! the tile registers through memory, and AVX-512 scales them as it does in
//! [`super::avx512`]; that part takes longer than the products. 4-bit weights
//! are spread to bytes first, once for all rows.
//!
//! The intrinsics are not stable, so the instructions are written out. Linux
//! must allow a process to use the registers (`ARCH_REQ_XCOMP_PERM`). Tile
//! numbers: 0–2 for the 16 rows of a full group, 3–5 for the rows that are
//! left, in each case sums of the low and the high outputs and activations;
//! 6 and 7 for weights.

use std::arch::asm;
use std::arch::x86_64::*;
use std::sync::OnceLock;

use super::activations::{Activations, Factors};
use super::avx512::{self, load_halves, load_sums, scaled, store_sums};
use super::layout::{INT4_BLOCK, INT4_GROUP, INT8_BLOCK, Int4Block, Int4Head, Int8Block, TILE};
use super::portable::Sums;

/// Rows of a tile register.
const GROUP: usize = 16;
/// Rows below which AVX-512 is as fast or faster: it waits for nothing.
const WORTH_TILES: usize = 2 * GROUP;
/// Bytes of a row of a tile register.
const LINE: usize = 64;

/// Whether processor and operating system have it for this process.
pub fn is_available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| has_instructions() && is_permitted())
}

/// Leaf 7 of CPUID: AMX-TILE and AMX-INT8.
fn has_instructions() -> bool {
    const TILE_BIT: u32 = 1 << 24;
    const INT8_BIT: u32 = 1 << 25;
    if __cpuid(0).eax < 7 {
        return false;
    }
    let found = __cpuid_count(7, 0).edx;
    found & TILE_BIT != 0 && found & INT8_BIT != 0
}

/// Asks Linux for the tile registers, for all threads of the process.
#[cfg(target_os = "linux")]
fn is_permitted() -> bool {
    const ARCH_PRCTL: i64 = 158;
    const ARCH_REQ_XCOMP_PERM: u64 = 0x1023;
    const XFEATURE_XTILE_DATA: u64 = 18;
    let result: i64;
    // SAFETY: the system call reads and writes no memory of ours, and kernels
    // that do not know it return an error.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") ARCH_PRCTL => result,
            in("rdi") ARCH_REQ_XCOMP_PERM,
            in("rsi") XFEATURE_XTILE_DATA,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    result == 0
}

#[cfg(not(target_os = "linux"))]
fn is_permitted() -> bool {
    false
}

/// The operand of `ldtilecfg`.
#[repr(C, align(64))]
struct Shapes {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

/// Tile registers that are in use; given back when dropped, so that the
/// operating system does not save them at every switch of threads.
struct Tiles;

impl Tiles {
    /// Shapes for products over `inputs` inputs with full groups and one of
    /// `rest` rows.
    fn set_up(inputs: usize, rest: usize) -> Self {
        let mut shapes = Shapes {
            palette: 1,
            start_row: 0,
            reserved: [0; 14],
            row_bytes: [0; 16],
            rows: [0; 16],
        };
        let mut set = |tile: usize, rows: usize, bytes: usize| {
            shapes.rows[tile] = rows as u8;
            shapes.row_bytes[tile] = bytes as u16;
        };
        for (first, rows) in [(0, GROUP), (3, rest.max(1))] {
            set(first, rows, LINE);
            set(first + 1, rows, LINE);
            set(first + 2, rows, inputs);
        }
        for weights in [6, 7] {
            set(weights, inputs / 4, LINE);
        }
        // SAFETY: the processor has tile registers (callers see to it), and the
        // operand is of the form that palette 1 asks for: at most 16 rows of at
        // most 64 bytes.
        unsafe { asm!("ldtilecfg [{}]", in(reg) &shapes, options(nostack, readonly)) };
        Tiles
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        // SAFETY: tiles exist only where the processor has the registers.
        unsafe { asm!("tilerelease", options(nostack, nomem)) };
    }
}

/// Sums of a group of rows, before they are scaled.
#[repr(C, align(64))]
struct Dots([[i32; TILE]; GROUP]);

/// Loads both halves of a block's weights, whose quads lie `stride` bytes
/// apart, the halves `between` bytes.
///
/// # Safety
/// The tiles are set up, and `weights` has as many quads as they say.
#[inline(always)]
unsafe fn load_weights(weights: *const u8, stride: usize, between: usize) {
    // SAFETY: see above.
    unsafe {
        asm!(
            "tileloadd tmm6, [{low} + {stride}*1]",
            "tileloadd tmm7, [{high} + {stride}*1]",
            low = in(reg) weights,
            high = in(reg) weights.add(between),
            stride = in(reg) stride,
            out("tmm6") _, out("tmm7") _,
            options(nostack, readonly),
        );
    }
}

/// Multiplies a group of rows, `stride` bytes each, with the loaded weights.
macro_rules! multiply {
    ($name:ident, $low:tt, $high:tt, $x:tt) => {
        /// # Safety
        /// The tiles are set up, weights are loaded, and `x` has as many rows
        /// of `stride` bytes as the tiles say.
        #[inline(always)]
        unsafe fn $name(x: *const i8, stride: usize, dots: &mut Dots) {
            // SAFETY: see above; `dots` has room for 16 rows.
            unsafe {
                asm!(
                    concat!("tilezero ", $low),
                    concat!("tilezero ", $high),
                    concat!("tileloadd ", $x, ", [{x} + {stride}*1]"),
                    concat!("tdpbsud ", $low, ", ", $x, ", tmm6"),
                    concat!("tdpbsud ", $high, ", ", $x, ", tmm7"),
                    concat!("tilestored [{dots} + {row}*1], ", $low),
                    concat!("tilestored [{dots} + {row}*1 + 64], ", $high),
                    x = in(reg) x,
                    stride = in(reg) stride,
                    dots = in(reg) dots,
                    row = in(reg) size_of::<[i32; TILE]>(),
                    out($low) _, out($high) _, out($x) _,
                    options(nostack),
                );
            }
        }
    };
}
multiply!(multiply_full, "tmm0", "tmm1", "tmm2");
multiply!(multiply_rest, "tmm3", "tmm4", "tmm5");

/// Multiplies all rows of `x` with all blocks, of `N` inputs each. `load` loads
/// a block's weights into their tiles and says what they are worth; `add` adds
/// the products of a row to its sums.
///
/// The products of a group take some hundred cycles until they are in memory,
/// so those of the next group are begun before they are scaled.
///
/// # Safety
/// The tiles are set up for these inputs and rows, and `load` loads.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
unsafe fn multiply_blocks<const N: usize, W: Copy>(
    blocks: usize,
    x: &Activations,
    sums: &mut [Sums],
    load: impl Fn(usize) -> W,
    add: impl Fn([__m512i; 2], Factors, W, &mut Sums),
) {
    let finish = |dots: &Dots, (worth, index, first): (W, usize, usize), sums: &mut [Sums]| {
        let factors = &x.factors_of(index)[first..];
        let rows = sums[first..].iter_mut().zip(factors).take(GROUP);
        for (dots, (sums, factors)) in dots.0.iter().zip(rows) {
            let dots = dots.as_ptr().cast::<__m512i>();
            // SAFETY: a row of sums is as large as two registers, and aligned.
            let dots = unsafe { [_mm512_load_si512(dots), _mm512_load_si512(dots.add(1))] };
            add(dots, *factors, worth, sums);
        }
    };
    let mut buffers = [Dots([[0; TILE]; GROUP]), Dots([[0; TILE]; GROUP])];
    let [mut now, mut before] = buffers.each_mut();
    let mut waiting = None;
    for index in 0..blocks {
        let worth = load(index);
        for (group, x) in x.values_of(index).chunks(GROUP * N).enumerate() {
            // SAFETY: a full group has 16 rows, the last one those that the
            // tiles were set up for.
            unsafe {
                if x.len() == GROUP * N {
                    multiply_full(x.as_ptr(), N, now);
                } else {
                    multiply_rest(x.as_ptr(), N, now);
                }
            }
            if let Some(group) = waiting.replace((worth, index, group * GROUP)) {
                finish(before, group, sums);
            }
            (now, before) = (before, now);
        }
    }
    if let Some(group) = waiting {
        finish(before, group, sums);
    }
}

/// As [`super::portable::int8`].
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub fn int8(blocks: &[Int8Block], x: &Activations, sums: &mut [Sums]) {
    if sums.len() < WORTH_TILES {
        return avx512::int8(blocks, x, sums);
    }
    let _tiles = Tiles::set_up(INT8_BLOCK, sums.len() % GROUP);
    let load = |index: usize| {
        let block = &blocks[index];
        // SAFETY: 16 quads of 128 bytes, the high outputs in their second half.
        unsafe { load_weights(block.quads.as_ptr().cast(), 2 * LINE, LINE) };
        avx512::widened(&block.scales)
    };
    let add = |dots: [__m512i; 2], factors: Factors, scales: [__m512; 2], sums: &mut Sums| {
        let correction = _mm512_set1_epi32(factors.correction);
        let x_scale = _mm512_set1_ps(factors.scale);
        let mut both = load_sums(sums);
        for half in 0..2 {
            let dots = _mm512_cvtepi32_ps(_mm512_add_epi32(dots[half], correction));
            let scaled = _mm512_mul_ps(dots, x_scale);
            both[half] = _mm512_fmadd_ps(scaled, scales[half], both[half]);
        }
        store_sums(sums, both);
    };
    // SAFETY: the tiles are set up, and `load` loads.
    unsafe { multiply_blocks::<INT8_BLOCK, _>(blocks.len(), x, sums, load, add) };
}

/// As [`super::portable::int4`].
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub fn int4(blocks: &[Int4Block], heads: &[Int4Head], x: &Activations, sums: &mut [Sums]) {
    if sums.len() < WORTH_TILES {
        return avx512::int4(blocks, heads, x, sums);
    }
    let _tiles = Tiles::set_up(INT4_BLOCK, sums.len() % GROUP);
    let load = |index: usize| {
        let (block, head) = (&blocks[index], &heads[index / INT4_GROUP]);
        let spread = Spread::of(block);
        // SAFETY: 8 quads of 64 bytes in each half.
        unsafe { load_weights(spread.0.as_ptr().cast(), LINE, size_of::<Spread>() / 2) };
        let scales = scaled(load_halves(&head.d), &block.scales);
        (scales, scaled(load_halves(&head.dmin), &block.mins))
    };
    let add = |dots: [__m512i; 2],
               factors: Factors,
               (scales, mins): ([__m512; 2], [__m512; 2]),
               sums: &mut Sums| {
        let x_scale = _mm512_set1_ps(factors.scale);
        let x_sum = _mm512_set1_ps(factors.sum);
        let mut both = load_sums(sums);
        for half in 0..2 {
            let scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(dots[half]), x_scale);
            let sum = _mm512_fmadd_ps(scaled, scales[half], both[half]);
            both[half] = _mm512_fnmadd_ps(x_sum, mins[half], sum);
        }
        store_sums(sums, both);
    };
    // SAFETY: as above.
    unsafe { multiply_blocks::<INT4_BLOCK, _>(blocks.len(), x, sums, load, add) };
}

const INT4_QUADS: usize = INT4_BLOCK / 4;

/// The 4-bit numbers of a block as bytes: quads of the low outputs, then those
/// of the high ones.
#[repr(C, align(64))]
struct Spread([[[u8; LINE]; INT4_QUADS]; 2]);

impl Spread {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn of(block: &Int4Block) -> Self {
        let mut spread = Spread([[[0; LINE]; INT4_QUADS]; 2]);
        let [low, high] = &mut spread.0;
        let nibble = _mm512_set1_epi8(15);
        for ((quad, low), high) in block.quads.iter().zip(low).zip(high) {
            // SAFETY: a quad and its two halves are 64 bytes each.
            unsafe {
                let both = _mm512_loadu_si512(quad.as_ptr().cast());
                let upper = _mm512_and_si512(_mm512_srli_epi16::<4>(both), nibble);
                _mm512_store_si512(low.as_mut_ptr().cast(), _mm512_and_si512(both, nibble));
                _mm512_store_si512(high.as_mut_ptr().cast(), upper);
            }
        }
        spread
    }
}
