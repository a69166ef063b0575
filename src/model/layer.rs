//! One transformer layer.

use std::sync::Arc;

use super::attention::{Attention, Batch};
use super::config::{DecoderConfig, LayerAttention};
use super::linear::{Linear, forward};
use super::ops::{RmsNorm, add, gate};
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
    /// In the last layer: the only rows whose result is wanted, ascending.
    pub wanted: Option<&'a [usize]>,
}

/// Memory for what lies between the products, used again in every layer and
/// step.
#[derive(Default)]
pub struct Scratch {
    normed: Vec<f32>,
    queries: Vec<f32>,
    keys: Vec<f32>,
    values: Vec<f32>,
    gate: Vec<f32>,
    up: Vec<f32>,
    /// What is added to the residual stream.
    change: Vec<f32>,
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
    pub fn forward(
        &self,
        x: &mut Vec<f32>,
        place: &Place<'_>,
        batch: &mut Batch<'_>,
        scratch: &mut Scratch,
    ) -> Result<()> {
        self.attend(x, place, batch, scratch)?;
        if let Some(rows) = place.wanted {
            keep_rows(x, rows, place.config.width);
            keep_rows(&mut scratch.queries, rows, place.config.query_width());
        }
        let n = x.len() / place.config.width.max(1);
        let change = &mut scratch.change;
        self.output.forward(&scratch.queries, n, change)?;
        if let Some(norm) = &self.post_attention_norm {
            norm.apply_in_place(change);
        }
        add(x, change);
        self.feed_forward_norm.apply(x, &mut scratch.normed);
        let (hidden, up) = (&mut scratch.gate, &mut scratch.up);
        forward(
            &scratch.normed,
            n,
            [(&self.gate, &mut *hidden), (&self.up, &mut *up)],
        )?;
        gate(place.config.activation, hidden, up);
        self.down.forward(hidden, n, change)?;
        if let Some(norm) = &self.post_feed_forward_norm {
            norm.apply_in_place(change);
        }
        add(x, change);
        Ok(())
    }

    /// Leaves what each row attends to in `scratch.queries`.
    fn attend(
        &self,
        x: &[f32],
        place: &Place<'_>,
        batch: &mut Batch<'_>,
        scratch: &mut Scratch,
    ) -> Result<()> {
        let Scratch {
            normed,
            queries,
            keys,
            values,
            ..
        } = scratch;
        self.attention_norm.apply(x, normed);
        forward(
            normed,
            batch.rows.len(),
            [
                (&self.query, &mut *queries),
                (&self.key, &mut *keys),
                (&self.value, &mut *values),
            ],
        )?;
        let attention = Attention {
            config: place.config,
            layer: self.attention,
            index: place.index,
            rope: &self.rope,
            query_norm: self.query_norm.as_deref(),
            key_norm: self.key_norm.as_deref(),
        };
        attention.append(batch, keys, values);
        attention.attend(batch, queries);
        Ok(())
    }
}

/// Keeps some of the rows of `width` numbers, in their order.
fn keep_rows(x: &mut Vec<f32>, rows: &[usize], width: usize) {
    for (to, from) in rows.iter().enumerate() {
        let from = from * width;
        if from + width <= x.len() {
            x.copy_within(from..from + width, to * width);
        }
    }
    x.truncate(rows.len() * width);
}
