//! Tokens and positions as vectors, and vectors as scores of tokens: Marian
//! uses one matrix for the input of either side and for the output.

use candle_core::{Device, Result, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::marian::Config as Architecture;

#[derive(Debug)]
pub struct Embedding {
    /// `[vocabulary, width]`
    tokens: Tensor,
    /// `[1, vocabulary]`
    bias: Tensor,
    scale: f64,
    width: usize,
}

impl Embedding {
    pub fn load(architecture: &Architecture, weights: &VarBuilder<'_>) -> Result<Self> {
        let (vocabulary, width) = (architecture.vocab_size, architecture.d_model);
        // Tied weights: a file may hold the matrix under any of its names.
        const SHARED: &str = "model.shared.weight";
        const TIED: [&str; 3] = [
            "lm_head.weight",
            "model.decoder.embed_tokens.weight",
            "model.encoder.embed_tokens.weight",
        ];
        let present = |name: &&str| weights.contains_tensor(name);
        let name = [SHARED]
            .into_iter()
            .chain(TIED)
            .find(present)
            .unwrap_or(SHARED);
        let bias = if present(&"final_logits_bias") {
            weights.get((1, vocabulary), "final_logits_bias")?
        } else {
            Tensor::zeros((1, vocabulary), weights.dtype(), weights.device())?
        };
        Ok(Embedding {
            tokens: weights.get((vocabulary, width), name)?,
            bias,
            scale: if architecture.scale_embedding {
                (width as f64).sqrt()
            } else {
                1.0
            },
            width,
        })
    }

    /// Vectors of tokens at their positions: `[tokens, width]`.
    pub fn embed(
        &self,
        tokens: &[u32],
        positions: impl IntoIterator<Item = usize>,
    ) -> Result<Tensor> {
        let vectors = self
            .tokens
            .index_select(&Tensor::new(tokens, &Device::Cpu)?, 0)?;
        let angles: Vec<f32> = positions
            .into_iter()
            .flat_map(|position| sinusoids(position, self.width))
            .collect();
        (vectors * self.scale)?
            + Tensor::from_vec(angles, (tokens.len(), self.width), &Device::Cpu)?
    }

    /// `[rows, width]` → `[rows, vocabulary]`.
    pub fn scores(&self, rows: &Tensor) -> Result<Tensor> {
        rows.matmul(&self.tokens.t()?)?.broadcast_add(&self.bias)
    }
}

/// Sinusoidal position (Vaswani et al. 2017, section 3.5) with Marian's order:
/// all sines, then all cosines.
fn sinusoids(position: usize, width: usize) -> impl Iterator<Item = f32> {
    let angle =
        move |index: usize| position as f64 / 10_000f64.powf(2.0 * index as f64 / width as f64);
    let half = width / 2;
    (0..half)
        .map(move |i| angle(i).sin() as f32)
        .chain((0..half).map(move |i| angle(i).cos() as f32))
}
