//! The parts that Marian's encoder and decoder layers share.

use candle_core::{Result, Tensor};
use candle_nn::{Activation, LayerNorm, Linear, Module, VarBuilder, layer_norm, linear};

use super::attention::Attention;

/// The epsilon of every layer norm; no configuration changes it.
const EPSILON: f64 = 1e-5;

/// A residual connection closed by its layer norm ("post-norm").
#[derive(Debug)]
pub struct Residual(LayerNorm);

impl Residual {
    pub fn load(width: usize, weights: VarBuilder<'_>) -> Result<Self> {
        layer_norm(width, EPSILON, weights).map(Residual)
    }

    pub fn close(&self, before: &Tensor, change: &Tensor) -> Result<Tensor> {
        self.0.forward(&(before + change)?)
    }
}

#[derive(Debug)]
pub struct FeedForward {
    inner: Linear,
    outer: Linear,
    activation: Activation,
    residual: Residual,
}

impl FeedForward {
    /// `weights` are those of the layer, which holds these without a prefix.
    pub fn load(
        width: usize,
        inner: usize,
        activation: Activation,
        weights: &VarBuilder<'_>,
    ) -> Result<Self> {
        Ok(FeedForward {
            inner: linear(width, inner, weights.pp("fc1"))?,
            outer: linear(inner, width, weights.pp("fc2"))?,
            activation,
            residual: Residual::load(width, weights.pp("final_layer_norm"))?,
        })
    }

    pub fn forward(&self, rows: &Tensor) -> Result<Tensor> {
        let change = self
            .outer
            .forward(&self.activation.forward(&self.inner.forward(rows)?)?)?;
        self.residual.close(rows, &change)
    }
}

/// Attention with its residual connection.
#[derive(Debug)]
pub struct AttentionBlock {
    pub attention: Attention,
    residual: Residual,
}

impl AttentionBlock {
    /// Loads `{name}` and `{name}_layer_norm` of a layer.
    pub fn load(width: usize, heads: usize, name: &str, weights: &VarBuilder<'_>) -> Result<Self> {
        Ok(AttentionBlock {
            attention: Attention::load(width, heads, weights.pp(name))?,
            residual: Residual::load(width, weights.pp(format!("{name}_layer_norm")))?,
        })
    }

    pub fn close(&self, rows: &Tensor, found: &Tensor) -> Result<Tensor> {
        self.residual.close(rows, &self.attention.output(found)?)
    }
}
