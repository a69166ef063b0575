//! Weight matrices and their products with activations, as candle operators.

use candle_core::{CpuStorage, CustomOp1, DType, Device, Layout, Shape, Tensor};

use crate::error::{Error, Result};
use crate::kernels::PackedMatrix;

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

    /// `x` `[n, cols]` → `[n, rows]`.
    pub fn product(&self, x: &Tensor) -> Result<Tensor> {
        Ok(match self {
            Weights::Exact(tensor) => x.matmul(&tensor.t()?)?,
            Weights::Packed(matrix) => x.apply_op1_no_bwd(&Product { matrix, bias: None })?,
        })
    }

    /// The products as plain values, `[n, rows]` row-major: the output layer is
    /// too wide for a needless copy.
    pub fn scores(&self, x: &Tensor) -> Result<Vec<f32>> {
        match self {
            Weights::Exact(_) => Ok(self.product(x)?.flatten_all()?.to_vec1()?),
            Weights::Packed(matrix) => {
                let batch = x.dims().first().copied().unwrap_or(0);
                let mut out = vec![0.0; batch * matrix.rows()];
                with_values(x, |x| {
                    matrix
                        .matmul(x, batch, &mut out)
                        .map_err(candle_core::Error::wrap)
                })?;
                Ok(out)
            }
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
                let row = tensor.get(index)?;
                with_values(&row, |values| {
                    if values.len() != out.len() {
                        return Err(candle_core::Error::msg("an embedding of another width"));
                    }
                    out.copy_from_slice(values);
                    Ok(())
                })?;
                Ok(())
            }
            Weights::Packed(matrix) => matrix.row(index, out),
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
    /// `x` `[n, cols]` → `[n, rows]`.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match (&self.weights, &self.bias) {
            (Weights::Packed(matrix), bias) => Ok(x.apply_op1_no_bwd(&Product {
                matrix,
                bias: bias.as_deref(),
            })?),
            (weights @ Weights::Exact(_), None) => weights.product(x),
            (weights @ Weights::Exact(_), Some(bias)) => {
                let bias = Tensor::from_slice(bias, (1, bias.len()), &Device::Cpu)?;
                Ok(weights.product(x)?.broadcast_add(&bias)?)
            }
        }
    }
}

/// The packed kernel as a candle operator: `[n, cols]` → `[n, rows]`.
struct Product<'a> {
    matrix: &'a PackedMatrix,
    bias: Option<&'a [f32]>,
}

impl CustomOp1 for Product<'_> {
    fn name(&self) -> &'static str {
        "packed-product"
    }

    fn cpu_fwd(
        &self,
        storage: &CpuStorage,
        layout: &Layout,
    ) -> candle_core::Result<(CpuStorage, Shape)> {
        let x = contiguous(storage, layout)?;
        let (rows, cols) = (self.matrix.rows(), self.matrix.cols());
        let batch = match layout.dims() {
            [batch, width] if *width == cols => *batch,
            dims => candle_core::bail!("a product of {dims:?} with [{rows}, {cols}]"),
        };
        let mut out = vec![0.0; batch * rows];
        self.matrix
            .matmul(x, batch, &mut out)
            .map_err(candle_core::Error::wrap)?;
        if let Some(bias) = self.bias {
            for out in out.chunks_exact_mut(rows.max(1)) {
                for (value, bias) in out.iter_mut().zip(bias) {
                    *value += bias;
                }
            }
        }
        Ok((CpuStorage::F32(out), Shape::from((batch, rows))))
    }
}

/// The values of a contiguous f32 operand.
pub fn contiguous<'a>(storage: &'a CpuStorage, layout: &Layout) -> candle_core::Result<&'a [f32]> {
    let values = storage.as_slice::<f32>()?;
    layout
        .contiguous_offsets()
        .and_then(|(start, end)| values.get(start..end))
        .ok_or_else(|| candle_core::Error::msg("an operand is not contiguous").bt())
}

/// Runs `read` on the values of a contiguous f32 tensor, without a copy.
pub fn with_values<R>(
    tensor: &Tensor,
    read: impl FnOnce(&[f32]) -> candle_core::Result<R>,
) -> Result<R> {
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        candle_core::Storage::Cpu(storage) => Ok(read(contiguous(storage, layout)?)?),
        candle_core::Storage::Cuda(_) | candle_core::Storage::Metal(_) => Err(Error::Internal(
            "a tensor has left the processor".to_owned(),
        )),
    }
}
