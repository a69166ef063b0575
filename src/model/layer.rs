//! One transformer layer.

use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::attention::{Attention, Batch};
use super::config::{DecoderConfig, LayerAttention};
use super::linear::{Linear, with_values};
use super::ops::{Gate, RmsNorm};
use super::rope::Rope;
use crate::error::Result;

/// Weights of one layer. Norms that an architecture lacks are `None`.
pub struct Layer {
    pub attention: LayerAttention,
    pub rope: Arc<Rope>,
    pub attention_norm: RmsNorm,
    pub query: Linear,
    pub key: Linear,
    pub value: Linear,
    /// `[head_dim]`.
    pub query_norm: Option<Vec<f32>>,
    /// `[head_dim]`.
    pub key_norm: Option<Vec<f32>>,
    pub output: Linear,
    pub post_attention_norm: Option<RmsNorm>,
    pub feed_forward_norm: RmsNorm,
    pub gate: Linear,
    pub up: Linear,
    pub down: Linear,
    pub post_feed_forward_norm: Option<RmsNorm>,
}

/// Where a layer stands in the model.
pub struct Place<'a> {
    pub config: &'a DecoderConfig,
    pub index: usize,
    /// In the last layer: the only rows whose result is wanted.
    pub wanted: Option<&'a Tensor>,
}

impl Layer {
    /// Bytes that the layer's matrices take.
    pub fn weight_bytes(&self) -> usize {
        [
            &self.query,
            &self.key,
            &self.value,
            &self.output,
            &self.gate,
            &self.up,
            &self.down,
        ]
        .iter()
        .map(|linear| linear.weights.bytes())
        .sum()
    }

    /// `x` `[n, width]` → `[n, width]`, or `[wanted, width]` in the last layer.
    /// Appends the step's keys and values to the caches of `batch`.
    pub fn forward(&self, x: Tensor, place: &Place<'_>, batch: &mut Batch<'_>) -> Result<Tensor> {
        let attended = self.attend(&x, place, batch)?;
        let (x, attended) = match place.wanted {
            Some(rows) => (x.index_select(rows, 0)?, attended.index_select(rows, 0)?),
            None => (x, attended),
        };
        let x = (x + normed(self.output.forward(&attended)?, &self.post_attention_norm)?)?;
        let fed = self.feed_forward(&x, place.config)?;
        Ok((x + normed(fed, &self.post_feed_forward_norm)?)?)
    }

    fn attend(&self, x: &Tensor, place: &Place<'_>, batch: &mut Batch<'_>) -> Result<Tensor> {
        let normed = x.apply_op1_no_bwd(&self.attention_norm)?;
        let queries = self.query.forward(&normed)?;
        let keys = self.key.forward(&normed)?;
        let values = self.value.forward(&normed)?;
        let attention = Attention {
            config: place.config,
            layer: self.attention,
            index: place.index,
            rope: &self.rope,
            query_norm: self.query_norm.as_deref(),
            key_norm: self.key_norm.as_deref(),
        };
        with_values(&keys, |keys| {
            with_values(&values, |values| {
                attention.append(batch, keys, values);
                Ok(())
            })
            .map_err(candle_core::Error::wrap)
        })?;
        let attended = with_values(&queries, |queries| Ok(attention.attend(batch, queries)))?;
        Ok(Tensor::from_vec(attended, queries.dims(), &Device::Cpu)?)
    }

    fn feed_forward(&self, x: &Tensor, config: &DecoderConfig) -> Result<Tensor> {
        let normed = x.apply_op1_no_bwd(&self.feed_forward_norm)?;
        let gate = self.gate.forward(&normed)?;
        let up = self.up.forward(&normed)?;
        let gated = gate.apply_op2_no_bwd(&up, &Gate(config.activation))?;
        self.down.forward(&gated)
    }
}

fn normed(x: Tensor, norm: &Option<RmsNorm>) -> Result<Tensor> {
    match norm {
        Some(norm) => Ok(x.apply_op1_no_bwd(norm)?),
        None => Ok(x),
    }
}
