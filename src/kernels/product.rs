//! Products of packed matrices with rows of activations.

use std::cell::RefCell;

use super::activations::{Activations, Form};
use super::isa::{Isa, isa};
use super::layout::TILE;
use super::matrix::{PackedMatrix, Precision, expect_len};
use super::pool::pool;
use super::portable::Sums;
use crate::error::{Error, Result};

/// A matrix that is multiplied, and where its products go.
pub struct Product<'a> {
    pub matrix: &'a PackedMatrix,
    /// `[batch, stride]`, of which the first columns, as many as the matrix has
    /// outputs, are written.
    pub out: &'a mut [f32],
    pub stride: usize,
}

/// Rows of activations that are multiplied at a time: keeps sums and the
/// activations of a block in the first-level cache.
const MAX_ROWS: usize = 64;
/// Products of numbers for which a second thread is worth it.
const WORTH_A_THREAD: usize = 100_000;
/// Parts of the work for each thread, so that one that is held up does less.
const PARTS_PER_THREAD: usize = 4;

thread_local! {
    static ACTIVATIONS: RefCell<[Activations; 2]> = RefCell::default();
    static SUMS: RefCell<Vec<Sums>> = const { RefCell::new(Vec::new()) };
}

/// `out[b, r] = Σ x[b, c] · w[r, c]` for several matrices with the same inputs:
/// the activations are quantised once, and the threads share all of the work.
/// A row's result does not depend on the other rows, the other matrices or the
/// number of threads, to the last bit.
///
/// # Errors
/// [`Error::Internal`] when `x` is not `[batch, cols]` for every matrix or an
/// `out` is not `[batch, stride]` with room for its outputs.
pub fn products(x: &[f32], batch: usize, list: &mut [Product<'_>]) -> Result<()> {
    products_on(isa(), x, batch, list)
}

/// As [`products`], on a chosen instruction set.
///
/// # Errors
/// As there, and [`Error::Config`] when the processor lacks it.
pub fn products_on(isa: Isa, x: &[f32], batch: usize, list: &mut [Product<'_>]) -> Result<()> {
    if !isa.is_available() {
        return Err(Error::Config(format!("this processor has no {isa}")));
    }
    for product in list.iter() {
        let (rows, cols) = (product.matrix.rows(), product.matrix.cols());
        expect_len("activations", x.len(), batch.checked_mul(cols))?;
        expect_len(
            "products",
            product.out.len(),
            batch.checked_mul(product.stride),
        )?;
        if rows > product.stride {
            return Err(Error::Internal(format!(
                "{rows} products do not fit a row of {}",
                product.stride
            )));
        }
    }
    let cols = list.first().map_or(0, |product| product.matrix.cols());
    if cols == 0 {
        for product in list.iter_mut() {
            let rows = product.matrix.rows();
            for out in product.out.chunks_exact_mut(product.stride.max(1)) {
                out[..rows].fill(0.0);
            }
        }
        return Ok(());
    }
    for (index, x) in x.chunks(MAX_ROWS * cols).enumerate() {
        let rows = x.len() / cols;
        let targets: Vec<Target<'_>> = list
            .iter_mut()
            .map(|product| {
                let start = index * MAX_ROWS * product.stride;
                Target::new(product, start..start + rows * product.stride)
            })
            .collect();
        ACTIVATIONS.with_borrow_mut(|activations| {
            for precision in [Precision::Int8, Precision::Int4] {
                if targets.iter().any(|it| it.matrix.precision() == precision) {
                    let form = form(isa, precision);
                    activations[place(precision)].quantise(x, cols, precision.block(), form);
                }
            }
            share_out(isa, activations, &targets, rows * cols);
        });
    }
    Ok(())
}

/// Hands the tiles of all targets to the threads.
fn share_out(isa: Isa, activations: &[Activations; 2], targets: &[Target<'_>], inputs: usize) {
    let tiles: usize = targets.iter().map(Target::tiles).sum();
    let pool = pool();
    let parts = match tiles * TILE * inputs {
        0..WORTH_A_THREAD => 1,
        _ => pool.threads() * PARTS_PER_THREAD,
    };
    let part = tiles.div_ceil(parts).max(1);
    pool.run(tiles.div_ceil(part), &|index| {
        SUMS.with_borrow_mut(|sums| {
            let mut first = index * part;
            let mut left = part;
            for target in targets {
                let of_target = target.tiles();
                let end = of_target.min(first.saturating_add(left));
                for tile in first..end {
                    let x = &activations[place(target.matrix.precision())];
                    sums.clear();
                    sums.resize(x.rows(), Sums::ZERO);
                    target.matrix.tile(isa, tile, x, sums);
                    target.store(tile, sums);
                }
                left -= end.saturating_sub(first);
                first = first.saturating_sub(of_target);
            }
        });
    });
}

/// Where the activations for a precision are.
const fn place(precision: Precision) -> usize {
    match precision {
        Precision::Int8 => 0,
        Precision::Int4 => 1,
    }
}

/// The form of activations that a kernel reads.
const fn form(isa: Isa, precision: Precision) -> Form {
    match (isa, precision) {
        (Isa::Avx2, Precision::Int8) => Form::Pairs,
        (Isa::Portable | Isa::Neon | Isa::Avx512 | Isa::Amx, _) | (Isa::Avx2, Precision::Int4) => {
            Form::Bytes
        }
    }
}

/// A matrix and the place of its products, written to by all threads at once.
struct Target<'a> {
    matrix: &'a PackedMatrix,
    at: *mut f32,
    len: usize,
    stride: usize,
}

// SAFETY: each task writes the columns of its own tiles only, see `store`.
unsafe impl Sync for Target<'_> {}

impl<'a> Target<'a> {
    /// The part `range` of a product's place, which stays borrowed.
    fn new(product: &'a mut Product<'_>, range: std::ops::Range<usize>) -> Self {
        let out = &mut product.out[range];
        Target {
            matrix: product.matrix,
            at: out.as_mut_ptr(),
            len: out.len(),
            stride: product.stride,
        }
    }

    fn tiles(&self) -> usize {
        self.matrix.rows().div_ceil(TILE)
    }

    fn store(&self, tile: usize, sums: &[Sums]) {
        let first = tile * TILE;
        let count = TILE.min(self.matrix.rows() - first);
        for (row, sums) in sums.iter().enumerate() {
            let at = row * self.stride + first;
            assert!(at + count <= self.len);
            // SAFETY: the range lies in the slice (asserted), no other task
            // writes this tile's columns, and the slice outlives the tasks.
            unsafe {
                let to = self.at.add(at);
                match count {
                    // Of known length it is a few moves and no call.
                    TILE => to.cast::<[f32; TILE]>().write_unaligned(**sums),
                    _ => std::ptr::copy_nonoverlapping(sums.as_ptr(), to, count),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let number = |i: u32| {
            i.wrapping_mul(2_654_435_761)
                .wrapping_add(seed)
                .rotate_left(13)
        };
        let as_float = |i| number(i) as f32 / u32::MAX as f32 * 2.0 - 1.0;
        (0..count as u32).map(as_float).collect()
    }

    #[test]
    fn products_in_one_go_are_those_of_each_matrix_alone() {
        let cols = 200;
        let shapes = [
            (1030, Precision::Int8),
            (33, Precision::Int4),
            (700, Precision::Int4),
            (31, Precision::Int8),
        ];
        let matrices: Vec<PackedMatrix> = shapes
            .iter()
            .map(|(rows, precision)| {
                let weights = numbers(rows * cols, *rows as u32);
                PackedMatrix::pack(&weights, *rows, cols, *precision).expect("packed")
            })
            .collect();
        for batch in [1, 2, 5, 16, 67, 130] {
            let x = numbers(batch * cols, 7);
            // Two columns more than the matrices have.
            let mut outs: Vec<Vec<f32>> = matrices
                .iter()
                .map(|matrix| vec![0.5; batch * (matrix.rows() + 2)])
                .collect();
            let mut list: Vec<Product<'_>> = matrices
                .iter()
                .zip(&mut outs)
                .map(|(matrix, out)| Product {
                    matrix,
                    out,
                    stride: matrix.rows() + 2,
                })
                .collect();
            products(&x, batch, &mut list).expect("products");
            for (matrix, out) in matrices.iter().zip(&outs) {
                let rows = matrix.rows();
                let mut alone = vec![0.0; batch * rows];
                matrix.matmul(&x, batch, &mut alone).expect("products");
                for (out, alone) in out.chunks(rows + 2).zip(alone.chunks(rows)) {
                    assert_eq!(&out[..rows], alone, "batch {batch}");
                    assert_eq!(out[rows..], [0.5, 0.5], "what is behind stays");
                }
            }
        }
    }

    #[test]
    fn wrong_shapes_are_errors() {
        let matrix = PackedMatrix::pack(&[1.0; 12], 3, 4, Precision::Int8).expect("packed");
        for (inputs, outputs, stride) in [(7, 6, 3), (8, 5, 3), (8, 4, 2)] {
            let mut out = vec![0.0; outputs];
            let product = Product {
                matrix: &matrix,
                out: &mut out,
                stride,
            };
            assert!(products(&vec![0.0; inputs], 2, &mut [product]).is_err());
        }
    }
}
