//! Turns the tensors of a GGUF file, with an adapter's differences, into the
//! weights of a model.

use std::sync::Arc;

use super::adapter::Adapter;
use super::config::DecoderConfig;
use super::gguf::Gguf;
use super::layer::Layer;
use super::linear::{Linear, Weights};
use super::ops::RmsNorm;
use super::rope::Rope;
use crate::error::{Error, Result};
use crate::kernels::{PackedMatrix, Precision};

/// What the weights of a model are made from.
pub struct Loader<'a> {
    pub gguf: &'a mut Gguf,
    pub adapter: Option<&'a Adapter>,
    pub config: &'a DecoderConfig,
    /// Keep dequantised weights and multiply with candle.
    pub exact: bool,
    /// Positions that the rotary tables must cover.
    pub window: usize,
}

/// The weights of a model.
pub struct Tensors {
    /// `[vocabulary, width]`
    pub embedding: Weights,
    pub layers: Vec<Layer>,
    pub output_norm: RmsNorm,
    /// `[vocabulary, width]`; `None` where it is the embedding.
    pub output: Option<Weights>,
}

impl Loader<'_> {
    /// All weights.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for tensors that are missing or of another shape, and
    /// [`Error::Config`] for an adapter that does not fit.
    pub fn tensors(&mut self) -> Result<Tensors> {
        self.check_adapter()?;
        let vocabulary = (self.config.vocabulary, self.config.width);
        Ok(Tensors {
            embedding: self.matrix("token_embd.weight", vocabulary)?,
            layers: self.layers()?,
            output_norm: self.norm("output_norm")?,
            output: match self.gguf.has("output.weight") {
                true => Some(self.matrix("output.weight", vocabulary)?),
                false => None,
            },
        })
    }

    /// Refuses an adapter that changes what the model does not have.
    fn check_adapter(&self) -> Result<()> {
        let unknown = self
            .adapter
            .and_then(|adapter| adapter.targets().find(|name| !self.gguf.has(name)));
        match unknown {
            None => Ok(()),
            Some(name) => Err(Error::Config(format!(
                "the adapter changes the tensor {name}, which {} does not have",
                self.gguf.path().display()
            ))),
        }
    }

    /// All layers.
    fn layers(&mut self) -> Result<Vec<Layer>> {
        let config = self.config;
        let mut ropes: Vec<((f32, f32), Arc<Rope>)> = Vec::new();
        let mut layers = Vec::with_capacity(config.layers.len());
        for (index, attention) in config.layers.iter().enumerate() {
            let key = (attention.rope_base, attention.rope_scale);
            let rope = match ropes.iter().find(|(found, _)| *found == key) {
                Some((_, rope)) => Arc::clone(rope),
                None => {
                    let rope = Arc::new(Rope::new(config.head_dim, self.window, key.0, key.1));
                    ropes.push((key, Arc::clone(&rope)));
                    rope
                }
            };
            let name = |part: &str| format!("blk.{index}.{part}");
            let (width, hidden) = (config.width, config.hidden);
            let (queries, keys) = (config.query_width(), config.kv_width());
            let bias = config.projection_bias;
            let head_norm = |part| config.head_norms.then(|| name(part));
            let post_norm = |part| config.post_norms.then(|| name(part));
            layers.push(Layer {
                attention: *attention,
                rope,
                attention_norm: self.norm(&name("attn_norm"))?,
                query: self.linear(&name("attn_q"), (queries, width), bias)?,
                key: self.linear(&name("attn_k"), (keys, width), bias)?,
                value: self.linear(&name("attn_v"), (keys, width), bias)?,
                query_norm: self.head_norm(head_norm("attn_q_norm"))?,
                key_norm: self.head_norm(head_norm("attn_k_norm"))?,
                output: self.linear(&name("attn_output"), (width, queries), false)?,
                post_attention_norm: self.optional_norm(post_norm("post_attention_norm"))?,
                feed_forward_norm: self.norm(&name("ffn_norm"))?,
                gate: self.linear(&name("ffn_gate"), (hidden, width), false)?,
                up: self.linear(&name("ffn_up"), (hidden, width), false)?,
                down: self.linear(&name("ffn_down"), (width, hidden), false)?,
                post_feed_forward_norm: self.optional_norm(post_norm("post_ffw_norm"))?,
            });
        }
        Ok(layers)
    }

    /// The RMS norm `name`, as wide as the residual stream.
    fn norm(&mut self, name: &str) -> Result<RmsNorm> {
        Ok(RmsNorm {
            weight: self.vector(&format!("{name}.weight"), self.config.width)?,
            epsilon: self.config.epsilon,
        })
    }

    fn optional_norm(&mut self, name: Option<String>) -> Result<Option<RmsNorm>> {
        name.map(|name| self.norm(&name)).transpose()
    }

    fn head_norm(&mut self, name: Option<String>) -> Result<Option<Vec<f32>>> {
        name.map(|name| self.vector(&format!("{name}.weight"), self.config.head_dim))
            .transpose()
    }

    fn linear(&mut self, name: &str, shape: (usize, usize), bias: bool) -> Result<Linear> {
        Ok(Linear {
            weights: self.matrix(&format!("{name}.weight"), shape)?,
            bias: bias
                .then(|| self.vector(&format!("{name}.bias"), shape.0))
                .transpose()?,
        })
    }

    fn vector(&mut self, name: &str, len: usize) -> Result<Vec<f32>> {
        let mut values = self.gguf.tensor(name, 1, len)?.dequantise()?;
        if let Some(adapter) = self.adapter {
            adapter.apply(name, &mut values, (1, len))?;
        }
        Ok(values)
    }

    /// The weight matrix `name` of `(rows, cols)`.
    fn matrix(&mut self, name: &str, (rows, cols): (usize, usize)) -> Result<Weights> {
        let raw = self.gguf.tensor(name, rows, cols)?;
        let adapter = self.adapter.filter(|adapter| adapter.changes(name));
        if adapter.is_none() && !self.exact {
            let matrix = PackedMatrix::from_ggml(raw.dtype, &raw.bytes, rows, cols)?;
            return Ok(Weights::Packed(matrix));
        }
        let mut values = raw.dequantise()?;
        if let Some(adapter) = adapter {
            adapter.apply(name, &mut values, (rows, cols))?;
        }
        if self.exact {
            return Weights::exact(values, rows, cols);
        }
        // Four bits would round the adapter's small differences away.
        let matrix = PackedMatrix::pack(&values, rows, cols, Precision::Int8)?;
        Ok(Weights::Packed(matrix))
    }
}
