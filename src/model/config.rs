//! The shape of a decoder-only transformer: what one implementation must know
//! to run each of the architectures.

use super::gguf::Gguf;
use super::{gemma3, qwen2};
use crate::error::{Error, Result};

/// The non-linearity of the gated feed-forward network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// x·σ(x).
    Silu,
    /// The tanh approximation of GELU (Hendrycks & Gimpel, 2016).
    GeluTanh,
}

/// What sets one layer's attention apart from another's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerAttention {
    /// Base of the rotary frequencies (RoPE; Su et al., 2021).
    pub rope_base: f32,
    /// Positions are divided by this before rotation.
    pub rope_scale: f32,
    /// Number of latest positions that a token sees, its own included; `None`
    /// sees all.
    pub window: Option<usize>,
}

/// Hyper-parameters of a model, read from its GGUF metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct DecoderConfig {
    /// Width of the residual stream.
    pub width: usize,
    /// Width inside the feed-forward network.
    pub hidden: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub head_dim: usize,
    pub vocabulary: usize,
    /// Tokens that the model was trained to hold.
    pub context: usize,
    /// ε of every RMS norm.
    pub epsilon: f32,
    pub activation: Activation,
    /// Token embeddings are multiplied by this.
    pub embedding_scale: f32,
    /// Whether the query, key and value projections have biases.
    pub projection_bias: bool,
    /// Whether queries and keys are normalised per head before rotation.
    pub head_norms: bool,
    /// Whether the outputs of attention and feed-forward are normalised before
    /// they join the residual stream.
    pub post_norms: bool,
    /// One entry per layer.
    pub layers: Vec<LayerAttention>,
}

impl DecoderConfig {
    /// Reads the metadata of a supported architecture.
    ///
    /// # Errors
    /// [`Error::Config`] for an architecture that is not supported,
    /// [`Error::Corrupt`] for missing or contradictory values.
    pub fn read(gguf: &Gguf) -> Result<Self> {
        let config = match gguf.architecture()? {
            "qwen2" => qwen2::describe(gguf)?,
            "gemma3" => gemma3::describe(gguf)?,
            other => {
                return Err(Error::Config(format!(
                    "{} holds a model of the architecture {other:?}; supported are \"qwen2\" and \"gemma3\"",
                    gguf.path().display()
                )));
            }
        };
        config.check(gguf)?;
        Ok(config)
    }

    /// Width of all queries of one token.
    pub fn query_width(&self) -> usize {
        self.heads * self.head_dim
    }

    /// Width of all keys (or values) of one token.
    pub fn kv_width(&self) -> usize {
        self.kv_heads * self.head_dim
    }

    /// Query heads that share one key and value head.
    pub fn group(&self) -> usize {
        self.heads / self.kv_heads
    }

    fn check(&self, gguf: &Gguf) -> Result<()> {
        // A bound far above any real model keeps the products below from
        // overflowing and a damaged file from asking for all memory.
        const LARGEST: usize = 1 << 24;
        let sizes = [
            self.width,
            self.hidden,
            self.heads,
            self.kv_heads,
            self.head_dim,
            self.vocabulary,
            self.context,
            self.layers.len(),
        ];
        let sound = sizes.iter().all(|size| (1..=LARGEST).contains(size))
            && self.heads.is_multiple_of(self.kv_heads)
            && self.head_dim.is_multiple_of(2)
            && self.epsilon.is_finite()
            && self
                .layers
                .iter()
                .all(|layer| layer.rope_base > 0.0 && layer.rope_scale > 0.0);
        if sound {
            Ok(())
        } else {
            Err(Error::Corrupt(format!(
                "{}: the model's dimensions contradict each other",
                gguf.path().display()
            )))
        }
    }
}
