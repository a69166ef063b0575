//! Packed weight matrices.

use super::activations::Activations;
use super::isa::{Isa, isa};
use super::layout::{INT4_BLOCK, INT4_GROUP, INT8_BLOCK, Int4Block, Int4Head, Int8Block, TILE};
#[cfg(target_arch = "aarch64")]
use super::neon;
use super::portable::{self, Sums};
use super::product::{Product, products_on};
#[cfg(target_arch = "x86_64")]
use super::{amx, avx2, avx512};
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
pub(super) enum Weights {
    Int8(Vec<Int8Block>),
    Int4 {
        blocks: Vec<Int4Block>,
        heads: Vec<Int4Head>,
    },
}

impl PackedMatrix {
    /// A matrix of packed weights, which must have that shape.
    pub(super) fn new(rows: usize, cols: usize, weights: Weights) -> Self {
        PackedMatrix {
            rows,
            cols,
            weights,
        }
    }

    /// Writes the weights of output `r` as the kernels understand them.
    ///
    /// # Errors
    /// [`Error::Internal`] when there is no such row or `out` is not as long.
    pub fn row(&self, r: usize, out: &mut [f32]) -> Result<()> {
        expect_len("weights of a row", out.len(), Some(self.cols))?;
        if r >= self.rows {
            return Err(Error::Internal(format!("row {r} of {}", self.rows)));
        }
        let (tile, output) = (r / TILE, r % TILE);
        match &self.weights {
            Weights::Int8(blocks) => {
                let blocks = chunk(blocks, tile, self.cols.div_ceil(INT8_BLOCK));
                for (input, out) in out.iter_mut().enumerate() {
                    *out = blocks[input / INT8_BLOCK].get(output, input % INT8_BLOCK);
                }
            }
            Weights::Int4 { blocks, heads } => {
                let per_tile = self.cols.div_ceil(INT4_BLOCK);
                let blocks = chunk(blocks, tile, per_tile);
                let heads = chunk(heads, tile, per_tile.div_ceil(INT4_GROUP));
                for (input, out) in out.iter_mut().enumerate() {
                    let block = input / INT4_BLOCK;
                    let head = &heads[block / INT4_GROUP];
                    *out = blocks[block].get(head, output, input % INT4_BLOCK);
                }
            }
        }
        Ok(())
    }

    /// A matrix of some of the outputs, in the given order; their products are
    /// those of the whole matrix to the last bit.
    ///
    /// # Errors
    /// [`Error::Internal`] when there is no such row.
    pub fn select(&self, rows: &[u32]) -> Result<Self> {
        if let Some(r) = rows.iter().find(|r| **r as usize >= self.rows) {
            return Err(Error::Internal(format!("row {r} of {}", self.rows)));
        }
        let tiles = rows.len().div_ceil(TILE);
        let places = rows.iter().enumerate().map(|(to, from)| {
            let from = *from as usize;
            (to / TILE, to % TILE, from / TILE, from % TILE)
        });
        let weights = match &self.weights {
            Weights::Int8(blocks) => {
                let per_tile = self.cols.div_ceil(INT8_BLOCK);
                let mut chosen = vec![Int8Block::ZERO; tiles * per_tile];
                for (tile, output, from, of) in places {
                    let to = chosen.iter_mut().skip(tile * per_tile);
                    for (to, from) in to.zip(chunk(blocks, from, per_tile)) {
                        to.copy(output, from, of);
                    }
                }
                Weights::Int8(chosen)
            }
            Weights::Int4 { blocks, heads } => {
                let per_tile = self.cols.div_ceil(INT4_BLOCK);
                let groups = per_tile.div_ceil(INT4_GROUP);
                let mut chosen = vec![Int4Block::ZERO; tiles * per_tile];
                let mut chosen_heads = vec![Int4Head::ZERO; tiles * groups];
                for (tile, output, from, of) in places {
                    let to = chosen.iter_mut().skip(tile * per_tile);
                    for (to, from) in to.zip(chunk(blocks, from, per_tile)) {
                        to.copy(output, from, of);
                    }
                    let to = chosen_heads.iter_mut().skip(tile * groups);
                    for (to, from) in to.zip(chunk(heads, from, groups)) {
                        to.copy(output, from, of);
                    }
                }
                Weights::Int4 {
                    blocks: chosen,
                    heads: chosen_heads,
                }
            }
        };
        Ok(Self::new(rows.len(), self.cols, weights))
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

    /// `out[b, r] = Σ x[b, c] · w[r, c]`; a row's result does not depend on the
    /// other rows, nor on the number of threads, to the last bit.
    ///
    /// # Errors
    /// [`Error::Internal`] when `x` is not `[batch, cols]` or `out` not
    /// `[batch, rows]`.
    pub fn matmul(&self, x: &[f32], batch: usize, out: &mut [f32]) -> Result<()> {
        self.matmul_on(isa(), x, batch, out)
    }

    /// As [`PackedMatrix::matmul`], on a chosen instruction set.
    ///
    /// # Errors
    /// As there, and [`Error::Config`] when the processor lacks it.
    pub fn matmul_on(&self, isa: Isa, x: &[f32], batch: usize, out: &mut [f32]) -> Result<()> {
        let product = Product {
            matrix: self,
            out,
            stride: self.rows,
        };
        products_on(isa, x, batch, &mut [product])
    }

    /// Adds the products of a tile with every row of `x` to `sums`. The caller
    /// has made sure that the processor has the instruction set, and brings
    /// activations in its form.
    pub(super) fn tile(&self, isa: Isa, tile: usize, x: &Activations, sums: &mut [Sums]) {
        match &self.weights {
            Weights::Int8(blocks) => {
                let blocks = chunk(blocks, tile, self.cols.div_ceil(INT8_BLOCK));
                match isa {
                    Isa::Portable => portable::int8(blocks, x, sums),
                    // SAFETY: the caller made sure that the processor has it.
                    #[cfg(target_arch = "aarch64")]
                    Isa::Neon => unsafe { neon::int8(blocks, x, sums) },
                    #[cfg(not(target_arch = "aarch64"))]
                    Isa::Neon => portable::int8(blocks, x, sums),
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => unsafe { avx2::int8(blocks, x, sums) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 => unsafe { avx512::int8(blocks, x, sums) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Amx => unsafe { amx::int8(blocks, x, sums) },
                    #[cfg(not(target_arch = "x86_64"))]
                    Isa::Avx2 | Isa::Avx512 | Isa::Amx => portable::int8(blocks, x, sums),
                }
            }
            Weights::Int4 { blocks, heads } => {
                let per_tile = self.cols.div_ceil(INT4_BLOCK);
                let blocks = chunk(blocks, tile, per_tile);
                let heads = chunk(heads, tile, per_tile.div_ceil(INT4_GROUP));
                match isa {
                    Isa::Portable => portable::int4(blocks, heads, x, sums),
                    // SAFETY: the caller made sure that the processor has it.
                    #[cfg(target_arch = "aarch64")]
                    Isa::Neon => unsafe { neon::int4(blocks, heads, x, sums) },
                    #[cfg(not(target_arch = "aarch64"))]
                    Isa::Neon => portable::int4(blocks, heads, x, sums),
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => unsafe { avx2::int4(blocks, heads, x, sums) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 => unsafe { avx512::int4(blocks, heads, x, sums) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Amx => unsafe { amx::int4(blocks, heads, x, sums) },
                    #[cfg(not(target_arch = "x86_64"))]
                    Isa::Avx2 | Isa::Avx512 | Isa::Amx => portable::int4(blocks, heads, x, sums),
                }
            }
        }
    }
}

/// Chunk `index` of chunks of `len`.
fn chunk<T>(all: &[T], index: usize, len: usize) -> &[T] {
    &all[index * len..][..len]
}

pub(super) fn expect_len(what: &str, actual: usize, expected: Option<usize>) -> Result<()> {
    if Some(actual) == expected {
        Ok(())
    } else {
        Err(Error::Internal(format!(
            "{actual} {what} were given to a kernel that takes {expected:?}"
        )))
    }
}

#[cfg(test)]
mod tests {
    use candle_core::quantized::{GgmlDType, ggml_file::qtensor_from_ggml};

    use super::*;

    /// Numbers between -1 and 1 that look random.
    fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let mut state = seed;
        (0..count)
            .map(|_| {
                state = state
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                ((state >> 40) as f32 / (1u64 << 23) as f32) - 1.0
            })
            .collect()
    }

    const SHAPES: [(usize, usize); 5] = [(32, 64), (33, 96), (640, 256), (7, 31), (100, 1000)];

    #[test]
    fn every_instruction_set_agrees_with_the_portable_one_to_the_bit() {
        for precision in [Precision::Int8, Precision::Int4] {
            for (rows, cols) in SHAPES {
                let matrix = PackedMatrix::pack(&numbers(rows * cols, 7), rows, cols, precision)
                    .expect("packed");
                for batch in [1, 3, 4, 16, 17, 47, 130] {
                    let x = numbers(batch * cols, 11);
                    let mut expected = vec![0.0; batch * rows];
                    matrix
                        .matmul_on(Isa::Portable, &x, batch, &mut expected)
                        .expect("portable");
                    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
                        let mut out = vec![f32::NAN; batch * rows];
                        matrix.matmul_on(isa, &x, batch, &mut out).expect("product");
                        assert_eq!(
                            out, expected,
                            "{isa} {precision:?} {rows}x{cols} batch {batch}"
                        );
                    }
                }
            }
        }
    }

    /// Bytes that look random, with finite factors, as `rows` rows of Q4_K.
    fn q4k_bytes(rows: usize, cols: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = numbers(rows * cols / 256 * 144, 21)
            .iter()
            .map(|x| (x * 128.0) as i8 as u8)
            .collect();
        for block in bytes.as_chunks_mut::<144>().0 {
            let [d, dmin] = [block[0], block[2]].map(|byte| f32::from(byte) / 1e4);
            block[..2].copy_from_slice(&half::f16::from_f32(d).to_le_bytes());
            block[2..4].copy_from_slice(&half::f16::from_f32(dmin).to_le_bytes());
        }
        bytes
    }

    #[test]
    fn q4k_is_kept_to_the_bit() {
        let (rows, cols) = (45, 512);
        let bytes = q4k_bytes(rows, cols);
        let expected: Vec<f32> = qtensor_from_ggml(
            GgmlDType::Q4K,
            &bytes,
            vec![rows, cols],
            &candle_core::Device::Cpu,
        )
        .and_then(|tensor| tensor.dequantize(&candle_core::Device::Cpu))
        .and_then(|tensor| tensor.flatten_all()?.to_vec1())
        .expect("dequantised");
        let matrix = PackedMatrix::from_ggml(GgmlDType::Q4K, &bytes, rows, cols).expect("packed");
        assert_eq!(matrix.precision(), Precision::Int4);
        let mut row = vec![0.0; cols];
        for (r, expected) in expected.chunks(cols).enumerate() {
            matrix.row(r, &mut row).expect("a row");
            assert_eq!(row, expected, "row {r}");
        }
    }

    #[test]
    fn other_types_become_eight_bits() {
        let (rows, cols) = (40, 96);
        let weights = numbers(rows * cols, 23);
        let bytes: Vec<u8> = weights.iter().flat_map(|w| w.to_le_bytes()).collect();
        let matrix = PackedMatrix::from_ggml(GgmlDType::F32, &bytes, rows, cols).expect("packed");
        let direct = PackedMatrix::pack(&weights, rows, cols, Precision::Int8).expect("packed");
        let (mut row, mut expected) = (vec![0.0; cols], vec![0.0; cols]);
        for r in 0..rows {
            matrix.row(r, &mut row).expect("a row");
            direct.row(r, &mut expected).expect("a row");
            assert_eq!(row, expected);
        }
    }

    #[test]
    fn damaged_tensors_are_refused() {
        let short = PackedMatrix::from_ggml(GgmlDType::Q4K, &[0; 143], 1, 256);
        assert!(matches!(short, Err(Error::Corrupt(_))));
        let mut bytes = q4k_bytes(2, 256);
        bytes[..2].copy_from_slice(&half::f16::NAN.to_le_bytes());
        let not_a_number = PackedMatrix::from_ggml(GgmlDType::Q4K, &bytes, 2, 256);
        assert!(matches!(not_a_number, Err(Error::Corrupt(_))));
    }

    #[test]
    fn products_are_close_to_those_in_f32() {
        for (precision, tolerance) in [(Precision::Int8, 0.02), (Precision::Int4, 0.2)] {
            for (rows, cols) in SHAPES {
                let weights = numbers(rows * cols, 3);
                let matrix = PackedMatrix::pack(&weights, rows, cols, precision).expect("packed");
                let x = numbers(cols, 5);
                let mut out = vec![0.0; rows];
                matrix.matmul(&x, 1, &mut out).expect("product");
                let scale = (cols as f32).sqrt();
                for (out, row) in out.iter().zip(weights.chunks(cols)) {
                    let exact: f32 = x.iter().zip(row).map(|(x, w)| x * w).sum();
                    assert!((out - exact).abs() < tolerance * scale, "{out} {exact}");
                }
            }
        }
    }

    #[test]
    fn a_row_does_not_depend_on_its_company() {
        let (rows, cols) = (65, 192);
        let matrix = PackedMatrix::pack(&numbers(rows * cols, 1), rows, cols, Precision::Int8)
            .expect("packed");
        let x = numbers(20 * cols, 2);
        let mut together = vec![0.0; 20 * rows];
        matrix.matmul(&x, 20, &mut together).expect("product");
        for (x, together) in x.chunks(cols).zip(together.chunks(rows)) {
            let mut alone = vec![0.0; rows];
            matrix.matmul(x, 1, &mut alone).expect("product");
            assert_eq!(alone, together);
        }
    }

    #[test]
    fn chosen_rows_have_the_products_of_the_whole() {
        let (rows, cols) = (100, 256);
        let weights = numbers(rows * cols, 5);
        let x = numbers(3 * cols, 6);
        let chosen: Vec<u32> = (0..rows as u32).filter(|r| r % 3 != 1).rev().collect();
        for precision in [Precision::Int8, Precision::Int4] {
            let matrix = PackedMatrix::pack(&weights, rows, cols, precision).expect("packed");
            let part = matrix.select(&chosen).expect("chosen");
            assert_eq!((part.rows(), part.cols()), (chosen.len(), cols));
            let mut whole = vec![0.0; 3 * rows];
            matrix.matmul(&x, 3, &mut whole).expect("product");
            let mut some = vec![0.0; 3 * chosen.len()];
            part.matmul(&x, 3, &mut some).expect("product");
            for (whole, some) in whole.chunks(rows).zip(some.chunks(chosen.len())) {
                let expected: Vec<f32> = chosen.iter().map(|r| whole[*r as usize]).collect();
                assert_eq!(some, expected);
            }
            assert!(matrix.select(&[rows as u32]).is_err());
        }
    }

    #[test]
    fn rows_are_read_back() {
        let (rows, cols) = (40, 100);
        let weights = numbers(rows * cols, 9);
        let matrix = PackedMatrix::pack(&weights, rows, cols, Precision::Int8).expect("packed");
        let mut row = vec![0.0; cols];
        for (r, expected) in weights.chunks(cols).enumerate() {
            matrix.row(r, &mut row).expect("a row");
            assert!(row.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.01));
        }
        assert!(matrix.row(rows, &mut row).is_err());
    }
}
