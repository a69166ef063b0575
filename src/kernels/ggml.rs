//! Blocks of GGML's file format that are packed as they are.
//!
//! Q4_K (`block_q4_K` in ggml's `ggml-common.h`): 256 weights of one output in
//! 144 bytes: `d` and `dmin` in half precision, twelve bytes with eight scales
//! and eight minima of six bits each, and 128 bytes of 4-bit numbers, of which
//! each run of 32 bytes holds 32 inputs in its low halves and the next 32 in its
//! high ones. `weight = d · scale · q − dmin · min`, which is the arithmetic of
//! [`Int4Block`]: packing changes nothing but the order.

use half::f16;

use super::layout::{INT4_BLOCK, INT4_GROUP, Int4Block, Int4Head, QUAD, TILE};

/// Bytes of a Q4_K block.
pub const Q4K_BYTES: usize = 144;
/// Weights of a Q4_K block.
pub const Q4K_WEIGHTS: usize = INT4_BLOCK * INT4_GROUP;
const HEADER: usize = 16;

/// Packs the rows of a tile, each a run of Q4_K blocks. `blocks` and `heads`
/// are those of the tile, and zero.
pub fn pack_q4k<'a>(
    rows: impl Iterator<Item = &'a [u8]>,
    blocks: &mut [Int4Block],
    heads: &mut [Int4Head],
) {
    for (output, row) in rows.enumerate().take(TILE) {
        let groups = heads.iter_mut().zip(blocks.chunks_mut(INT4_GROUP));
        for (stored, (head, blocks)) in row.as_chunks::<Q4K_BYTES>().0.iter().zip(groups) {
            head.d[output] = f16::from_le_bytes([stored[0], stored[1]]);
            head.dmin[output] = f16::from_le_bytes([stored[2], stored[3]]);
            for (index, block) in blocks.iter_mut().enumerate() {
                let (scale, min) = scale_and_min(&stored[4..HEADER], index);
                block.scales[output] = scale;
                block.mins[output] = min;
                let numbers = &stored[HEADER + index / 2 * INT4_BLOCK..][..INT4_BLOCK];
                set_numbers(block, output, numbers, index % 2 == 1);
            }
        }
    }
}

/// The six-bit scale and minimum of one of the eight parts of a block.
fn scale_and_min(packed: &[u8], part: usize) -> (u8, u8) {
    let at = |index: usize| packed.get(index).copied().unwrap_or(0);
    if part < 4 {
        (at(part) & 63, at(part + 4) & 63)
    } else {
        (
            at(part + 4) & 15 | at(part - 4) >> 6 << 4,
            at(part + 4) >> 4 | at(part) >> 6 << 4,
        )
    }
}

/// Sets the 4-bit numbers of one output, a quad at a time, from the low or the
/// high halves of the bytes.
fn set_numbers(block: &mut Int4Block, output: usize, bytes: &[u8], high: bool) {
    const LOW_HALVES: u32 = 0x0f0f_0f0f;
    let half = TILE / 2;
    let at = output % half * QUAD;
    for (stored, quad) in bytes.as_chunks::<QUAD>().0.iter().zip(&mut block.quads) {
        let numbers = u32::from_le_bytes(*stored) >> if high { 4 } else { 0 } & LOW_HALVES;
        let shifted = numbers << if output < half { 0 } else { 4 };
        for (byte, new) in quad[at..at + QUAD].iter_mut().zip(shifted.to_le_bytes()) {
            *byte |= new;
        }
    }
}
