//! Marian's encoder: a source sentence becomes one vector per token.

use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::marian::Config as Architecture;

use super::layer::{AttentionBlock, FeedForward};

#[derive(Debug)]
pub struct Encoder {
    layers: Vec<Layer>,
}

#[derive(Debug)]
struct Layer {
    look_around: AttentionBlock,
    feed_forward: FeedForward,
}

impl Encoder {
    pub fn load(architecture: &Architecture, weights: &VarBuilder<'_>) -> Result<Self> {
        let width = architecture.d_model;
        let layer = |index: usize| {
            let weights = weights.pp("model.encoder.layers").pp(index);
            Ok(Layer {
                look_around: AttentionBlock::load(
                    width,
                    architecture.encoder_attention_heads,
                    "self_attn",
                    &weights,
                )?,
                feed_forward: FeedForward::load(
                    width,
                    architecture.encoder_ffn_dim,
                    architecture.activation_function,
                    &weights,
                )?,
            })
        };
        Ok(Encoder {
            layers: (0..architecture.encoder_layers)
                .map(layer)
                .collect::<Result<_>>()?,
        })
    }

    /// `[tokens, width]` of one sentence → the same shape. One sentence at a
    /// time: its result cannot depend on the length of another.
    pub fn forward(&self, mut rows: Tensor) -> Result<Tensor> {
        for Layer {
            look_around,
            feed_forward,
        } in &self.layers
        {
            let attention = &look_around.attention;
            let found = attention.look_up(&attention.queries(&rows)?, &attention.memory(&rows)?)?;
            rows = feed_forward.forward(&look_around.close(&rows, &found)?)?;
        }
        Ok(rows)
    }
}
