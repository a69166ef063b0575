//! The Qwen2 architecture (Qwen2 and Qwen2.5; Yang et al., 2024): biases on
//! query, key and value, SiLU gates, no extra norms.

use super::config::{Activation, DecoderConfig, LayerAttention};
use super::gguf::Gguf;
use crate::error::Result;

/// Reads the hyper-parameters under the `qwen2.` prefix.
pub fn describe(gguf: &Gguf) -> Result<DecoderConfig> {
    let width = gguf.required_count("qwen2.embedding_length")?;
    let heads = gguf.required_count("qwen2.attention.head_count")?;
    let head_dim = match gguf.count("qwen2.attention.key_length")? {
        Some(length) => length,
        None => width.checked_div(heads).unwrap_or(0),
    };
    let layer = LayerAttention {
        rope_base: gguf.real("qwen2.rope.freq_base")?.unwrap_or(1_000_000.0),
        rope_scale: 1.0,
        window: None,
    };
    let layers = gguf.required_count("qwen2.block_count")?;
    let (vocabulary, _) = gguf.shape("token_embd.weight")?;
    Ok(DecoderConfig {
        width,
        hidden: gguf.required_count("qwen2.feed_forward_length")?,
        heads,
        kv_heads: gguf
            .count("qwen2.attention.head_count_kv")?
            .unwrap_or(heads),
        head_dim,
        vocabulary,
        context: gguf.required_count("qwen2.context_length")?,
        epsilon: gguf
            .real("qwen2.attention.layer_norm_rms_epsilon")?
            .unwrap_or(1e-6),
        activation: Activation::Silu,
        embedding_scale: 1.0,
        projection_bias: true,
        head_norms: false,
        post_norms: false,
        layers: vec![layer; layers.min(MOST_LAYERS)],
    })
}

/// Far above any published model; bounds what a damaged file can allocate.
pub(super) const MOST_LAYERS: usize = 1024;
