//! Packing: from rows of numbers, or of a GGUF file's blocks, to tiles.

use std::borrow::Cow;

use candle_core::Device;
use candle_core::quantized::{GgmlDType, ggml_file::qtensor_from_ggml};
use rayon::prelude::*;

use super::ggml::{Q4K_BYTES, Q4K_WEIGHTS, pack_q4k};
use super::layout::{
    INT4_BLOCK, INT4_GROUP, INT8_BLOCK, Int4Block, Int4Head, Int8Block, TILE, quantise_group,
};
use super::matrix::{PackedMatrix, Precision, Weights, expect_len};
use crate::error::{Error, Result};

impl PackedMatrix {
    /// Quantises and packs row-major weights.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a weight is not finite, [`Error::Internal`] when
    /// the length is not `rows · cols`.
    pub fn pack(weights: &[f32], rows: usize, cols: usize, precision: Precision) -> Result<Self> {
        expect_len("weights", weights.len(), rows.checked_mul(cols))?;
        let of_tile = |tile: usize| {
            let start = (tile * TILE * cols).min(weights.len());
            let end = (start + TILE * cols).min(weights.len());
            Ok(Cow::Borrowed(&weights[start..end]))
        };
        let weights = match precision {
            Precision::Int8 => int8(rows, cols, of_tile)?,
            Precision::Int4 => int4(rows, cols, of_tile)?,
        };
        Ok(Self::new(rows, cols, weights))
    }

    /// Packs a tensor of a GGUF file. Q4_K stays what it is, to the bit; every
    /// other type becomes 8-bit blocks. Only a tile of each thread is ever held
    /// in full precision.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a weight is not finite or the bytes are not
    /// `rows · cols` weights, and those of candle's reader.
    pub fn from_ggml(dtype: GgmlDType, bytes: &[u8], rows: usize, cols: usize) -> Result<Self> {
        let row_bytes = cols / dtype.block_size() * dtype.type_size();
        if !cols.is_multiple_of(dtype.block_size())
            || Some(bytes.len()) != rows.checked_mul(row_bytes)
        {
            return Err(Error::Corrupt(format!(
                "{} bytes are not a {rows} × {cols} tensor of type {dtype:?}",
                bytes.len()
            )));
        }
        let tile_bytes = |tile: usize| {
            let start = tile * TILE * row_bytes;
            &bytes[start..(start + TILE * row_bytes).min(bytes.len())]
        };
        let weights = match dtype {
            GgmlDType::Q4K => q4k(rows, cols, |tile| tile_bytes(tile).chunks(row_bytes.max(1)))?,
            GgmlDType::F32
            | GgmlDType::F16
            | GgmlDType::BF16
            | GgmlDType::Q4_0
            | GgmlDType::Q4_1
            | GgmlDType::Q5_0
            | GgmlDType::Q5_1
            | GgmlDType::Q8_0
            | GgmlDType::Q8_1
            | GgmlDType::Q2K
            | GgmlDType::Q3K
            | GgmlDType::Q5K
            | GgmlDType::Q6K
            | GgmlDType::Q8K => int8(rows, cols, |tile| {
                let height = TILE.min(rows - tile * TILE);
                let tensor =
                    qtensor_from_ggml(dtype, tile_bytes(tile), vec![height, cols], &Device::Cpu)?;
                let weights = tensor.dequantize(&Device::Cpu)?.flatten_all()?.to_vec1()?;
                Ok(Cow::Owned(weights))
            })?,
        };
        Ok(Self::new(rows, cols, weights))
    }
}

/// 8-bit tiles of `rows × cols` weights; `of_tile` gives those of a tile's rows.
fn int8<'a>(
    rows: usize,
    cols: usize,
    of_tile: impl Fn(usize) -> Result<Cow<'a, [f32]>> + Sync,
) -> Result<Weights> {
    let per_tile = cols.div_ceil(INT8_BLOCK);
    let mut blocks = vec![Int8Block::ZERO; rows.div_ceil(TILE) * per_tile];
    let tiles = blocks.par_chunks_mut(per_tile.max(1)).enumerate();
    tiles.try_for_each(|(tile, blocks)| -> Result<()> {
        let weights = of_tile(tile)?;
        expect_finite(&weights)?;
        for (output, row) in weights.chunks_exact(cols.max(1)).enumerate() {
            for (block, weights) in blocks.iter_mut().zip(row.chunks(INT8_BLOCK)) {
                block.set(output, weights);
            }
        }
        Ok(())
    })?;
    Ok(Weights::Int8(blocks))
}

/// 4-bit tiles, as [`int8`].
fn int4<'a>(
    rows: usize,
    cols: usize,
    of_tile: impl Fn(usize) -> Result<Cow<'a, [f32]>> + Sync,
) -> Result<Weights> {
    int4_tiles(rows, cols, |tile, blocks, heads| {
        let weights = of_tile(tile)?;
        expect_finite(&weights)?;
        for (output, row) in weights.chunks_exact(cols.max(1)).enumerate() {
            let groups = row.chunks(INT4_BLOCK * INT4_GROUP);
            let places = blocks.chunks_mut(INT4_GROUP).zip(&mut *heads);
            for ((blocks, head), weights) in places.zip(groups) {
                quantise_group(head, blocks, output, weights);
            }
        }
        Ok(())
    })
}

/// 4-bit tiles of rows of Q4_K blocks.
fn q4k<'a, Rows: Iterator<Item = &'a [u8]>>(
    rows: usize,
    cols: usize,
    of_tile: impl Fn(usize) -> Rows + Sync,
) -> Result<Weights> {
    debug_assert!(cols.is_multiple_of(Q4K_WEIGHTS) && Q4K_BYTES == GgmlDType::Q4K.type_size());
    int4_tiles(rows, cols, |tile, blocks, heads| {
        pack_q4k(of_tile(tile), blocks, heads);
        let factors = heads
            .iter()
            .flat_map(|head| head.d.iter().chain(&head.dmin));
        match factors.into_iter().all(|factor| factor.is_finite()) {
            true => Ok(()),
            false => Err(not_finite()),
        }
    })
}

fn int4_tiles(
    rows: usize,
    cols: usize,
    fill: impl Fn(usize, &mut [Int4Block], &mut [Int4Head]) -> Result<()> + Sync,
) -> Result<Weights> {
    let per_tile = cols.div_ceil(INT4_BLOCK);
    let groups = per_tile.div_ceil(INT4_GROUP);
    let mut blocks = vec![Int4Block::ZERO; rows.div_ceil(TILE) * per_tile];
    let mut heads = vec![Int4Head::ZERO; rows.div_ceil(TILE) * groups];
    let tiles = blocks
        .par_chunks_mut(per_tile.max(1))
        .zip(heads.par_chunks_mut(groups.max(1)));
    tiles
        .enumerate()
        .try_for_each(|(tile, (blocks, heads))| fill(tile, blocks, heads))?;
    Ok(Weights::Int4 { blocks, heads })
}

fn expect_finite(weights: &[f32]) -> Result<()> {
    match weights.iter().all(|weight| weight.is_finite()) {
        true => Ok(()),
        false => Err(not_finite()),
    }
}

fn not_finite() -> Error {
    Error::Corrupt("a weight is not a finite number".into())
}
