//! The Gemma 3 architecture (Gemma Team, 2025): norms before and after each
//! block and on queries and keys, GELU gates, scaled embeddings, and five
//! layers of sliding-window attention to one that sees everything.
//!
//! GGUF stores Gemma's norm weights with the one already added.

use super::config::{Activation, DecoderConfig, LayerAttention};
use super::gguf::Gguf;
use super::qwen2::MOST_LAYERS;
use crate::error::Result;

/// Every n-th layer attends globally.
const GLOBAL_EVERY: usize = 6;
/// Rotary base of the sliding-window layers.
const LOCAL_ROPE_BASE: f32 = 10_000.0;

/// Reads the hyper-parameters under the `gemma3.` prefix.
pub fn describe(gguf: &Gguf) -> Result<DecoderConfig> {
    let width = gguf.required_count("gemma3.embedding_length")?;
    let heads = gguf.required_count("gemma3.attention.head_count")?;
    let window = gguf.required_count("gemma3.attention.sliding_window")?;
    let pattern = gguf
        .count("gemma3.attention.sliding_window_pattern")?
        .unwrap_or(GLOBAL_EVERY)
        .max(1);
    let local = LayerAttention {
        rope_base: gguf
            .real("gemma3.rope.freq_base_swa")?
            .unwrap_or(LOCAL_ROPE_BASE),
        rope_scale: 1.0,
        window: Some(window.max(1)),
    };
    let global = LayerAttention {
        rope_base: gguf.real("gemma3.rope.freq_base")?.unwrap_or(1_000_000.0),
        rope_scale: gguf.real("gemma3.rope.scaling.factor")?.unwrap_or(1.0),
        window: None,
    };
    let layers = gguf.required_count("gemma3.block_count")?.min(MOST_LAYERS);
    let (vocabulary, _) = gguf.shape("token_embd.weight")?;
    Ok(DecoderConfig {
        width,
        hidden: gguf.required_count("gemma3.feed_forward_length")?,
        heads,
        kv_heads: gguf
            .count("gemma3.attention.head_count_kv")?
            .unwrap_or(heads),
        head_dim: gguf.required_count("gemma3.attention.key_length")?,
        vocabulary,
        context: gguf.required_count("gemma3.context_length")?,
        epsilon: gguf
            .real("gemma3.attention.layer_norm_rms_epsilon")?
            .unwrap_or(1e-6),
        activation: Activation::GeluTanh,
        embedding_scale: (width as f32).sqrt(),
        projection_bias: false,
        head_norms: true,
        post_norms: true,
        layers: (1..=layers)
            .map(|number| {
                if number.is_multiple_of(pattern) {
                    global
                } else {
                    local
                }
            })
            .collect(),
    })
}
