//! The operators between the matrix products. Each row is computed for itself.

use super::config::Activation;
use super::vector::{gate_gelu, gate_silu, rms_norm};
use crate::kernels::pool::pool;

/// Numbers that are worth a thread.
const BLOCK: usize = 16_384;

/// RMS norm over rows as wide as its weights.
pub struct RmsNorm {
    /// `[width]`.
    pub weight: Vec<f32>,
    pub epsilon: f32,
}

impl RmsNorm {
    /// `x` `[n, width]` → `out` `[n, width]`, whatever `out` held.
    pub fn apply(&self, x: &[f32], out: &mut Vec<f32>) {
        out.clear();
        out.extend_from_slice(x);
        self.apply_in_place(out);
    }

    /// `x` `[n, width]` → `[n, width]`.
    pub fn apply_in_place(&self, x: &mut [f32]) {
        let width = self.weight.len().max(1);
        in_parts(x, width, |_, rows| {
            for row in rows.chunks_exact_mut(width) {
                rms_norm(row, &self.weight, self.epsilon);
            }
        });
    }
}

/// The gate of the feed-forward network (Shazeer, 2020):
/// `gate = activation(gate) · up`, element by element.
pub fn gate(activation: Activation, gate: &mut [f32], up: &[f32]) {
    let apply = match activation {
        Activation::Silu => gate_silu,
        Activation::GeluTanh => gate_gelu,
    };
    in_parts(gate, 1, |start, gate| {
        apply(gate, up.get(start..).unwrap_or_default());
    });
}

/// `x += y`, element by element.
pub fn add(x: &mut [f32], y: &[f32]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += y;
    }
}

/// Calls `work` with parts of whole rows, and where each starts; with several
/// threads when it is worth it.
fn in_parts(all: &mut [f32], width: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    if all.len() <= BLOCK {
        work(0, all);
    } else {
        let len = (BLOCK / 2).next_multiple_of(width);
        pool().each(all, len, |index, part| work(index * len, part));
    }
}
