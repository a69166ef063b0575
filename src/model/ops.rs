//! The operators between the matrix products, as candle operators. Each row is
//! computed for itself.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Shape};
use rayon::prelude::*;

use super::config::Activation;
use super::linear::contiguous;
use super::vector::{gate_gelu, gate_silu, rms_norm};

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
        for row in out.chunks_exact_mut(width) {
            rms_norm(row, &self.weight, self.epsilon);
        }
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
        const BLOCK: usize = 16_384;
        let mut out = contiguous(gate, gate_layout)?.to_vec();
        let up = contiguous(up, up_layout)?;
        if out.len() != up.len() {
            candle_core::bail!("a gate of {} values for {}", out.len(), up.len());
        }
        let apply = match self.0 {
            Activation::Silu => gate_silu,
            Activation::GeluTanh => gate_gelu,
        };
        if out.len() <= BLOCK {
            apply(&mut out, up);
        } else {
            out.par_chunks_mut(BLOCK)
                .zip(up.par_chunks(BLOCK))
                .for_each(|(out, up)| apply(out, up));
        }
        Ok((CpuStorage::F32(out), gate_layout.shape().clone()))
    }
}
