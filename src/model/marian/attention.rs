//! Multi-head attention (Vaswani et al., "Attention Is All You Need", 2017).

use candle_core::{Result, Tensor};
use candle_nn::{Linear, Module, VarBuilder, linear};

/// Keys and values of the positions that queries may look at, each
/// `[heads, positions, width / heads]`. Tensors never change in place, so a
/// clone shares them at no cost and stays as it is when the other grows.
#[derive(Debug, Clone)]
pub struct Memory {
    keys: Tensor,
    values: Tensor,
}

impl Memory {
    /// The one position `position`.
    pub fn at(&self, position: usize) -> Result<Memory> {
        Ok(Memory {
            keys: self.keys.narrow(1, position, 1)?,
            values: self.values.narrow(1, position, 1)?,
        })
    }

    /// This memory with the positions of `newer` behind its own.
    pub fn followed_by(&self, newer: &Memory) -> Result<Memory> {
        Ok(Memory {
            keys: Tensor::cat(&[&self.keys, &newer.keys], 1)?,
            values: Tensor::cat(&[&self.values, &newer.values], 1)?,
        })
    }
}

/// The four projections of one attention block. Rows are positions:
/// `[rows, width]`.
#[derive(Debug)]
pub struct Attention {
    queries: Linear,
    keys: Linear,
    values: Linear,
    output: Linear,
    heads: usize,
    scale: f64,
}

impl Attention {
    /// `heads` divides `width`.
    pub fn load(width: usize, heads: usize, weights: VarBuilder<'_>) -> Result<Self> {
        let projection = |name| linear(width, width, weights.pp(name));
        Ok(Attention {
            queries: projection("q_proj")?,
            keys: projection("k_proj")?,
            values: projection("v_proj")?,
            output: projection("out_proj")?,
            heads,
            scale: (heads as f64 / width as f64).sqrt(),
        })
    }

    pub fn queries(&self, rows: &Tensor) -> Result<Tensor> {
        self.queries.forward(rows)? * self.scale
    }

    pub fn memory(&self, rows: &Tensor) -> Result<Memory> {
        Ok(Memory {
            keys: self.split(&self.keys.forward(rows)?)?,
            values: self.split(&self.values.forward(rows)?)?,
        })
    }

    /// What `queries` (as [`Self::queries`] makes them) find in `memory`; every
    /// query sees all of it.
    pub fn look_up(&self, queries: &Tensor, memory: &Memory) -> Result<Tensor> {
        let scores = self.split(queries)?.matmul(&memory.keys.transpose(1, 2)?)?;
        let found = candle_nn::ops::softmax_last_dim(&scores)?.matmul(&memory.values)?;
        found.transpose(0, 1)?.reshape(queries.shape())
    }

    pub fn output(&self, found: &Tensor) -> Result<Tensor> {
        self.output.forward(found)
    }

    /// `[rows, width]` → `[heads, rows, width / heads]`.
    fn split(&self, rows: &Tensor) -> Result<Tensor> {
        rows.reshape((rows.dim(0)?, self.heads, ()))?
            .transpose(0, 1)
    }
}
