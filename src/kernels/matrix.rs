//! Packed weight matrices.

use std::cell::RefCell;

use rayon::prelude::*;

use super::activations::Activations;
use super::isa::{Isa, isa};
use super::layout::{
    INT4_BLOCK, INT4_GROUP, INT8_BLOCK, Int4Block, Int4Head, Int8Block, TILE, quantise_group,
};
use super::portable::{self, Sums};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use crate::error::{Error, Result};

/// How weights are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    /// Signed 8-bit numbers, one bfloat16 scale for each 64 inputs of an
    /// output: 8.25 bits per weight. See [`Int8Block`].
    Int8,
    /// Unsigned 4-bit numbers with a scale and a minimum for each 32 inputs of
    /// an output: 4.625 bits per weight. See [`Int4Block`].
    Int4,
}

impl Precision {
    /// Inputs that share a scale, of weights and of activations.
    pub const fn block(self) -> usize {
        match self {
            Precision::Int8 => INT8_BLOCK,
            Precision::Int4 => INT4_BLOCK,
        }
    }
}

/// A weight matrix `[rows, cols]` = `[outputs, inputs]`, quantised and packed
/// in the order of the kernels.
pub struct PackedMatrix {
    rows: usize,
    cols: usize,
    weights: Weights,
}

/// Blocks of a tile follow one another, then those of the next tile.
enum Weights {
    Int8(Vec<Int8Block>),
    Int4 {
        blocks: Vec<Int4Block>,
        heads: Vec<Int4Head>,
    },
}

/// Rows of activations that are multiplied at a time: keeps sums and the
/// activations of a block in the first-level cache.
const MAX_ROWS: usize = 96;

thread_local! {
    static ACTIVATIONS: RefCell<Activations> = RefCell::default();
    static SUMS: RefCell<Vec<Sums>> = const { RefCell::new(Vec::new()) };
}

impl PackedMatrix {
    /// Quantises and packs row-major weights.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a weight is not finite or too large for the
    /// precision, [`Error::Internal`] when the length is not `rows · cols`.
    pub fn pack(weights: &[f32], rows: usize, cols: usize, precision: Precision) -> Result<Self> {
        expect_len("weights", weights.len(), rows.checked_mul(cols))?;
        if !weights.iter().all(|w| w.is_finite()) {
            return Err(Error::Corrupt("a weight is not a finite number".into()));
        }
        let tiles = weights.par_chunks((TILE * cols).max(1));
        let weights = match precision {
            Precision::Int8 => {
                let per_tile = cols.div_ceil(INT8_BLOCK);
                let mut blocks = vec![Int8Block::ZERO; rows.div_ceil(TILE) * per_tile];
                (blocks.par_chunks_mut(per_tile.max(1)).zip(tiles)).for_each(|(blocks, weights)| {
                    for (output, row) in weights.chunks_exact(cols).enumerate() {
                        for (block, weights) in blocks.iter_mut().zip(row.chunks(INT8_BLOCK)) {
                            block.set(output, weights);
                        }
                    }
                });
                Weights::Int8(blocks)
            }
            Precision::Int4 => {
                let per_tile = cols.div_ceil(INT4_BLOCK);
                let groups = per_tile.div_ceil(INT4_GROUP);
                let mut blocks = vec![Int4Block::ZERO; rows.div_ceil(TILE) * per_tile];
                let mut heads = vec![Int4Head::ZERO; rows.div_ceil(TILE) * groups];
                (blocks.par_chunks_mut(per_tile.max(1)))
                    .zip(heads.par_chunks_mut(groups.max(1)))
                    .zip(tiles)
                    .for_each(|((blocks, heads), weights)| {
                        for (output, row) in weights.chunks_exact(cols).enumerate() {
                            let groups = row.chunks(INT4_BLOCK * INT4_GROUP);
                            for ((blocks, head), weights) in
                                blocks.chunks_mut(INT4_GROUP).zip(&mut *heads).zip(groups)
                            {
                                quantise_group(head, blocks, output, weights);
                            }
                        }
                    });
                Weights::Int4 { blocks, heads }
            }
        };
        Ok(Self { rows, cols, weights })
    }

    /// Number of outputs.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of inputs.
    pub fn cols(&self) -> usize {
        self.cols
    }

    pub fn precision(&self) -> Precision {
        match self.weights {
            Weights::Int8(_) => Precision::Int8,
            Weights::Int4 { .. } => Precision::Int4,
        }
    }

    /// Memory that the weights take.
    pub fn bytes(&self) -> usize {
        match &self.weights {
            Weights::Int8(blocks) => size_of_val(blocks.as_slice()),
            Weights::Int4 { blocks, heads } => {
                size_of_val(blocks.as_slice()) + size_of_val(heads.as_slice())
            }
        }
    }

    pub fn matmul(&self, x: &[f32], batch: usize, out: &mut [f32]) -> Result<()> {
        self.matmul_on(isa(), x, batch, out)
    }

    pub fn matmul_on(&self, isa: Isa, x: &[f32], batch: usize, out: &mut [f32]) -> Result<()> {
        if !isa.is_available() {
            return Err(Error::Config(format!("this processor has no {isa}")));
        }
        expect_len("activations", x.len(), batch.checked_mul(self.cols))?;
        expect_len("products", out.len(), batch.checked_mul(self.rows))?;
        if self.rows == 0 || batch == 0 { return Ok(()); }
        if self.cols == 0 { out.fill(0.0); return Ok(()); }
        for (x, out) in (x.chunks(MAX_ROWS * self.cols)).zip(out.chunks_mut(MAX_ROWS * self.rows)) {
            ACTIVATIONS.with_borrow_mut(|activations| {
                activations.quantise(x, self.cols, self.precision().block());
                let out = Output { at: out.as_mut_ptr(), len: out.len(), width: self.rows };
                let activations = &*activations;
                (0..self.rows.div_ceil(TILE)).into_par_iter().for_each(|tile| {
                    SUMS.with_borrow_mut(|sums| {
                        sums.clear();
                        sums.resize(activations.rows(), [0.0; TILE]);
                        self.tile(isa, tile, activations, sums);
                        out.store(tile, sums);
                    });
                });
            });
        }
        Ok(())
    }

    fn tile(&self, isa: Isa, tile: usize, x: &Activations, sums: &mut [Sums]) {
        match &self.weights {
            Weights::Int8(blocks) => {
                let blocks = chunk(blocks, tile, self.cols.div_ceil(INT8_BLOCK));
                match isa {
                    Isa::Portable => portable::int8(blocks, x, sums),
                    // SAFETY: `matmul_on` made sure that the processor has it.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => unsafe { avx2::int8(blocks, x, sums) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 => unsafe { avx512::int8(blocks, x, sums) },
                    #[cfg(not(target_arch = "x86_64"))]
                    Isa::Avx2 | Isa::Avx512 => portable::int8(blocks, x, sums),
                }
            }
            Weights::Int4 { blocks, heads } => {
                let per_tile = self.cols.div_ceil(INT4_BLOCK);
                let blocks = chunk(blocks, tile, per_tile);
                let heads = chunk(heads, tile, per_tile.div_ceil(INT4_GROUP));
                match isa {
                    Isa::Portable => portable::int4(blocks, heads, x, sums),
                    // SAFETY: `matmul_on` made sure that the processor has it.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => unsafe { avx2::int4(blocks, heads, x, sums) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 => unsafe { avx512::int4(blocks, heads, x, sums) },
                    #[cfg(not(target_arch = "x86_64"))]
                    Isa::Avx2 | Isa::Avx512 => portable::int4(blocks, heads, x, sums),
                }
            }
        }
    }
}

/// Chunk `index` of chunks of `len`.
fn chunk<T>(all: &[T], index: usize, len: usize) -> &[T] {
    &all[index * len..][..len]
}

/// The products, written to by all threads at once.
struct Output { at: *mut f32, len: usize, width: usize }
unsafe impl Sync for Output {}
impl Output {
    fn store(&self, tile: usize, sums: &[Sums]) {
        let first = tile * TILE;
        let count = TILE.min(self.width - first);
        for (row, sums) in sums.iter().enumerate() {
            let at = row * self.width + first;
            assert!(at + count <= self.len);
            unsafe { std::ptr::copy_nonoverlapping(sums.as_ptr(), self.at.add(at), count) };
        }
    }
}

fn expect_len(what: &str, actual: usize, expected: Option<usize>) -> Result<()> {
    if Some(actual) == expected {
        Ok(())
    } else {
        Err(Error::Internal(format!(
            "{actual} {what} were given to a kernel that takes {expected:?}"
        )))
    }
}
