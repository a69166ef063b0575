//! Placeholder with the signatures of the packed kernels, in f32.

use crate::error::{Error, Result};
use candle_core::quantized::GgmlDType;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    Int8,
    Int4,
}

pub struct PackedMatrix {
    values: Vec<f32>,
    rows: usize,
    cols: usize,
}

impl PackedMatrix {
    pub fn pack(weights: &[f32], rows: usize, cols: usize, _precision: Precision) -> Result<Self> {
        Ok(PackedMatrix {
            values: weights.to_vec(),
            rows,
            cols,
        })
    }
    pub fn from_ggml(dtype: GgmlDType, bytes: &[u8], rows: usize, cols: usize) -> Result<Self> {
        let values = candle_core::quantized::ggml_file::qtensor_from_ggml(
            dtype,
            bytes,
            vec![rows, cols],
            &candle_core::Device::Cpu,
        )?
        .dequantize(&candle_core::Device::Cpu)?
        .flatten_all()?
        .to_vec1()?;
        Ok(PackedMatrix { values, rows, cols })
    }
    pub fn rows(&self) -> usize {
        self.rows
    }
    pub fn cols(&self) -> usize {
        self.cols
    }
    pub fn bytes(&self) -> usize {
        self.values.len() * 4
    }
    pub fn matmul(&self, x: &[f32], batch: usize, out: &mut [f32]) -> Result<()> {
        if x.len() != batch * self.cols || out.len() != batch * self.rows {
            return Err(Error::Internal("shape".into()));
        }
        for (x, out) in x
            .chunks_exact(self.cols)
            .zip(out.chunks_exact_mut(self.rows))
        {
            for (w, out) in self.values.chunks_exact(self.cols).zip(out) {
                *out = x.iter().zip(w).map(|(x, w)| x * w).sum();
            }
        }
        Ok(())
    }
    pub fn row(&self, r: usize, out: &mut [f32]) -> Result<()> {
        let row = self
            .values
            .chunks_exact(self.cols)
            .nth(r)
            .ok_or_else(|| Error::Internal("row".into()))?;
        out.copy_from_slice(row);
        Ok(())
    }
    pub fn select(&self, rows: &[usize]) -> Result<Self> {
        let mut values = vec![0.0; rows.len() * self.cols];
        for (r, out) in rows.iter().zip(values.chunks_exact_mut(self.cols)) {
            self.row(*r, out)?;
        }
        Ok(PackedMatrix {
            values,
            rows: rows.len(),
            cols: self.cols,
        })
    }
}
