//! The operators between the matrix products, each row for itself.
//!
//! Every sum runs in one fixed order over fixed lanes, so that a row's result
//! does not depend on its company in the batch.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Shape};
use rayon::prelude::*;

use super::config::Activation;
use super::linear::contiguous;

/// Independent partial sums; wide enough for any vector unit.
const LANES: usize = 16;
/// Rows that are not worth a thread switch.
const ROWS_PER_TASK: usize = 4;

/// Σ aᵢ·bᵢ over the shorter of the two.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    let (a_blocks, b_blocks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a_blocks
        .remainder()
        .iter()
        .zip(b_blocks.remainder())
        .map(|(a, b)| a * b)
        .sum::<f32>();
    for (a, b) in a_blocks.zip(b_blocks) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// out += factor · row.
pub fn add_scaled(out: &mut [f32], factor: f32, row: &[f32]) {
    for (out, value) in out.iter_mut().zip(row) {
        *out += factor * value;
    }
}

/// Root mean square norm in place (Zhang & Sennrich, 2019):
/// `row · weight / √(mean(row²) + epsilon)`.
pub fn rms_norm(row: &mut [f32], weight: &[f32], epsilon: f32) {
    let scale = rms_scale(row, epsilon);
    for (value, weight) in row.iter_mut().zip(weight) {
        *value *= scale * weight;
    }
}

fn rms_scale(row: &[f32], epsilon: f32) -> f32 {
    let mean = dot(row, row) / row.len().max(1) as f32;
    1.0 / (mean + epsilon).sqrt()
}

/// Turns scores into probabilities in place; the scores may not be empty.
pub fn softmax(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - top).exp();
        sum += *score;
    }
    let scale = 1.0 / sum;
    for score in scores.iter_mut() {
        *score *= scale;
    }
}

/// RMS norm over the last dimension, `[n, width]` → `[n, width]`.
pub struct RmsNorm {
    /// `[width]`.
    pub weight: Vec<f32>,
    pub epsilon: f32,
}

impl CustomOp1 for RmsNorm {
    fn name(&self) -> &'static str {
        "rms-norm"
    }

    fn cpu_fwd(
        &self,
        storage: &CpuStorage,
        layout: &Layout,
    ) -> candle_core::Result<(CpuStorage, Shape)> {
        let width = self.weight.len();
        let rows = match layout.dims() {
            [rows, found] if *found == width && width > 0 => *rows,
            dims => candle_core::bail!("a norm of width {width} over {dims:?}"),
        };
        let mut out = contiguous(storage, layout)?.to_vec();
        out.par_chunks_exact_mut(width)
            .with_min_len(ROWS_PER_TASK)
            .for_each(|row| rms_norm(row, &self.weight, self.epsilon));
        Ok((CpuStorage::F32(out), Shape::from((rows, width))))
    }
}

/// The gate of the feed-forward network (Shazeer, 2020):
/// `activation(gate) · up`, element by element.
pub struct Gate(pub Activation);

impl CustomOp2 for Gate {
    fn name(&self) -> &'static str {
        "gate"
    }

    fn cpu_fwd(
        &self,
        gate: &CpuStorage,
        gate_layout: &Layout,
        up: &CpuStorage,
        up_layout: &Layout,
    ) -> candle_core::Result<(CpuStorage, Shape)> {
        /// Elements that are worth a thread.
        const BLOCK: usize = 4096;
        let mut out = contiguous(gate, gate_layout)?.to_vec();
        let up = contiguous(up, up_layout)?;
        if out.len() != up.len() {
            candle_core::bail!("a gate of {} values for {}", out.len(), up.len());
        }
        let activate = match self.0 {
            Activation::Silu => silu,
            Activation::GeluTanh => gelu_tanh,
        };
        out.par_chunks_mut(BLOCK)
            .zip(up.par_chunks(BLOCK))
            .for_each(|(out, up)| {
                for (value, up) in out.iter_mut().zip(up) {
                    *value = activate(*value) * up;
                }
            });
        Ok((CpuStorage::F32(out), gate_layout.shape().clone()))
    }
}

fn silu(x: f32) -> f32 {
    x / (1.0 + (-x).exp())
}

fn gelu_tanh(x: f32) -> f32 {
    const SQRT_2_OVER_PI: f32 = 0.797_884_6;
    0.5 * x * (1.0 + (SQRT_2_OVER_PI * (x + 0.044_715 * x * x * x)).tanh())
}
