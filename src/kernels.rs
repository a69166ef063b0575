//! Matrix products of the models: quantised weights, packed once at load in
//! the order in which the processor reads them, times rows of activations.
//!
//! ```text
//! out[b, r] = Σ_block  (x_scale[b, block] · Σ_col x[b, col] · w[r, col]) · w_scale[r, block]
//! ```
//!
//! The inner sum is over small integers and therefore exact; the outer sum is
//! a chain of fused multiply-adds in the order of the blocks. Every
//! instruction set computes just this, so results agree to the last bit
//! between instruction sets, batch sizes and thread counts. What the layouts
//! look like is told in [`layout`]; the portable code is the reference that
//! the others are tested against.
//!
//! This is the only module of the crate with `unsafe` code.

mod activations;
#[cfg(target_arch = "x86_64")]
mod amx;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod ggml;
mod groups;
mod isa;
pub mod layout;
mod matrix;
#[cfg(target_arch = "aarch64")]
mod neon;
mod pack;
pub mod pool;
mod portable;
mod product;

pub use isa::{Isa, isa};
pub use matrix::{PackedMatrix, Precision};
pub use product::{Product, products};
