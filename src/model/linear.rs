//! Weight matrices and their products with rows of activations.

use candle_core::{DType, Device, Tensor};

use crate::error::{Error, Result};
use crate::kernels::{self, PackedMatrix, Product};

/// A weight matrix `[rows = outputs, cols = inputs]`.
pub enum Weights {
    /// Dequantised, multiplied by candle: the reference.
    Exact(Tensor),
    /// Quantised and in the kernel's order.
    Packed(PackedMatrix),
}

impl Weights {
    pub fn exact(values: Vec<f32>, rows: usize, cols: usize) -> Result<Self> {
        Ok(Weights::Exact(Tensor::from_vec(
            values,
            (rows, cols),
            &Device::Cpu,
        )?))
    }

    pub fn rows(&self) -> usize {
        match self {
            Weights::Exact(tensor) => tensor.dims().first().copied().unwrap_or(0),
            Weights::Packed(matrix) => matrix.rows(),
        }
    }

    /// Bytes of memory that the weights take.
    pub fn bytes(&self) -> usize {
        match self {
            Weights::Exact(tensor) => tensor.elem_count() * DType::F32.size_in_bytes(),
            Weights::Packed(matrix) => matrix.bytes(),
        }
    }

    /// Some of the rows, in the given order.
    pub fn select(&self, rows: &[u32]) -> Result<Self> {
        Ok(match self {
            Weights::Exact(tensor) => {
                let rows = Tensor::from_slice(rows, rows.len(), &Device::Cpu)?;
                Weights::Exact(tensor.index_select(&rows, 0)?)
            }
            Weights::Packed(matrix) => Weights::Packed(matrix.select(rows)?),
        })
    }

    /// Copies row `index` (an embedding) into `out`, of length `cols`.
    pub fn row(&self, index: usize, out: &mut [f32]) -> Result<()> {
        match self {
            Weights::Exact(tensor) => {
                let row = tensor.get(index)?.to_vec1()?;
                if row.len() != out.len() {
                    return Err(Error::Internal("an embedding of another width".to_owned()));
                }
                out.copy_from_slice(&row);
                Ok(())
            }
            Weights::Packed(matrix) => matrix.row(index, out),
        }
    }

    /// `x` `[n, cols]` → the first columns of `out` `[n, stride]`.
    pub fn scores(&self, x: &[f32], n: usize, (out, stride): (&mut [f32], usize)) -> Result<()> {
        match self {
            Weights::Packed(matrix) => {
                let product = Product {
                    matrix,
                    out,
                    stride,
                };
                kernels::products(x, n, &mut [product])
            }
            Weights::Exact(tensor) => {
                let rows = self.rows();
                let products = exact_product(tensor, x, n)?;
                let places = out.chunks_exact_mut(stride.max(1));
                for (products, out) in products.chunks_exact(rows.max(1)).zip(places) {
                    for (product, out) in products.iter().zip(out) {
                        *out = *product;
                    }
                }
                Ok(())
            }
        }
    }
}

/// A projection: weights and, where the architecture has one, a bias.
pub struct Linear {
    pub weights: Weights,
    /// `[rows]`.
    pub bias: Option<Vec<f32>>,
}

impl Linear {
    /// `x` `[n, cols]` → `out` `[n, rows]`, whatever `out` held.
    pub fn forward(&self, x: &[f32], n: usize, out: &mut Vec<f32>) -> Result<()> {
        forward(x, n, [(self, out)])
    }
}

/// As [`Linear::forward`], for several projections of the same rows in one go.
pub fn forward<const N: usize>(
    x: &[f32],
    n: usize,
    mut list: [(&Linear, &mut Vec<f32>); N],
) -> Result<()> {
    let mut packed = Vec::with_capacity(N);
    for (linear, out) in &mut list {
        match &linear.weights {
            Weights::Exact(tensor) => **out = exact_product(tensor, x, n)?,
            Weights::Packed(matrix) => {
                // What is left of the last step is overwritten.
                out.resize(n * matrix.rows(), 0.0);
                packed.push(Product {
                    matrix,
                    out: out.as_mut_slice(),
                    stride: matrix.rows(),
                });
            }
        }
    }
    kernels::products(x, n, &mut packed)?;
    drop(packed);
    for (linear, out) in list {
        let Some(bias) = &linear.bias else { continue };
        for out in out.chunks_exact_mut(bias.len().max(1)) {
            for (value, bias) in out.iter_mut().zip(bias) {
                *value += bias;
            }
        }
    }
    Ok(())
}

fn exact_product(weights: &Tensor, x: &[f32], n: usize) -> Result<Vec<f32>> {
    let x = Tensor::from_slice(x, (n, x.len() / n.max(1)), &Device::Cpu)?;
    Ok(x.matmul(&weights.t()?)?.flatten_all()?.to_vec1()?)
}
