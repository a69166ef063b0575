//! Differences to a base model, from a safetensors file, applied to the
//! dequantised weights at load.
//!
//! For a tensor `N` of the GGUF file the adapter may hold
//!
//! | names | types and shapes | effect |
//! |---|---|---|
//! | `N.lora_a`, `N.lora_b` | BF16/F16/F32 `[rank, in]`, `[out, rank]` | `W += lora_scale · B·A` (LoRA; Hu et al., 2021) |
//! | `N.delta_q4`, `N.delta_scale` | U8 `[out, in/2]`, F16 `[out, in/32]` | `W += scale · (nibble − 8)`, low nibble first |
//! | `N.delta` | BF16/F16/F32, as many values as `N` | `W += delta` |
//!
//! Beside them it may hold `shortlist`, I32 or U32 `[tokens]`: the tokens that
//! an answer can need beside those of its source, see `model/shortlist.rs`;
//! and in its metadata `lora_scale` (default 1), `base_sha256`, `prompt`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use half::{bf16, f16};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use crate::error::{Error, Result};

const SUFFIXES: [&str; 5] = [".lora_a", ".lora_b", ".delta_q4", ".delta_scale", ".delta"];

const SHORTLIST: &str = "shortlist";

/// Columns that share one scale in a 4-bit difference.
const DELTA_BLOCK: usize = 32;

/// An adapter file, held in memory while a model loads.
pub struct Adapter {
    path: PathBuf,
    bytes: Vec<u8>,
    metadata: HashMap<String, String>,
    /// Names of the base tensors that the adapter changes.
    targets: BTreeSet<String>,
    shortlist: Option<Vec<u32>>,
    lora_scale: f32,
}

/// The parts that change one tensor.
struct Parts<'a> {
    adapter: &'a Adapter,
    target: &'a str,
    views: BTreeMap<&'static str, TensorView<'a>>,
}

impl Adapter {
    /// Reads and checks an adapter.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read; [`Error::Corrupt`] for damage or
    /// names that the format does not know.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| {
            Error::io(format!("cannot read the adapter {}", path.display()), error)
        })?;
        let damaged =
            |what: &dyn std::fmt::Display| Error::Corrupt(format!("{}: {what}", path.display()));
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|error| damaged(&error))?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let mut targets = BTreeSet::new();
        for name in header.tensors().keys().filter(|name| *name != SHORTLIST) {
            let target = SUFFIXES
                .iter()
                .find_map(|suffix| name.strip_suffix(suffix))
                .ok_or_else(|| damaged(&format_args!("the tensor {name:?} is of no known kind")))?;
            targets.insert(target.to_owned());
        }
        let shortlist = match header.info(SHORTLIST) {
            None => None,
            Some(_) => {
                let tensors = SafeTensors::deserialize(&bytes).map_err(|error| damaged(&error))?;
                let view = tensors.tensor(SHORTLIST).map_err(|error| damaged(&error))?;
                Some(
                    token_ids(&view)
                        .ok_or_else(|| damaged(&"the shortlist is no list of tokens"))?,
                )
            }
        };
        let lora_scale = match metadata.get("lora_scale") {
            None => 1.0,
            Some(text) => text
                .parse::<f32>()
                .ok()
                .filter(|scale| scale.is_finite())
                .ok_or_else(|| damaged(&format_args!("lora_scale is {text:?}")))?,
        };
        Ok(Adapter {
            path: path.to_owned(),
            bytes,
            metadata,
            targets,
            shortlist,
            lora_scale,
        })
    }

    /// The prompt template that the adapter was trained with.
    pub fn prompt(&self) -> Option<&str> {
        self.metadata.get("prompt").map(String::as_str)
    }

    /// Tokens that answers can need beside those of their sources; without it,
    /// any token.
    pub fn shortlist(&self) -> Option<&[u32]> {
        self.shortlist.as_deref()
    }

    /// Base tensors that the adapter changes.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.targets.iter().map(String::as_str)
    }

    /// Whether the adapter changes this base tensor.
    pub fn changes(&self, target: &str) -> bool {
        self.targets.contains(target)
    }

    /// Refuses an adapter that was made for another base file.
    pub fn check_base(&self, sha256: &str) -> Result<()> {
        match self.metadata.get("base_sha256") {
            Some(wanted) if !wanted.eq_ignore_ascii_case(sha256) => Err(Error::Config(format!(
                "the adapter {} belongs to another base model (sha256 {wanted})",
                self.path.display()
            ))),
            Some(_) | None => Ok(()),
        }
    }

    /// Adds the difference to `weights`, `[rows, cols]` row-major.
    pub fn apply(
        &self,
        target: &str,
        weights: &mut [f32],
        (rows, cols): (usize, usize),
    ) -> Result<()> {
        if !self.changes(target) {
            return Ok(());
        }
        let tensors = SafeTensors::deserialize(&self.bytes)
            .map_err(|error| Error::Corrupt(format!("{}: {error}", self.path.display())))?;
        let views = SUFFIXES
            .into_iter()
            .filter_map(|suffix| Some((suffix, tensors.tensor(&format!("{target}{suffix}")).ok()?)))
            .collect();
        let parts = Parts {
            adapter: self,
            target,
            views,
        };
        parts.add_low_rank(weights, rows, cols)?;
        parts.add_quantised(weights, rows, cols)?;
        parts.add_plain(weights)
    }
}

/// The numbers of a one-dimensional tensor of 32-bit integers, none negative.
fn token_ids(view: &TensorView<'_>) -> Option<Vec<u32>> {
    if !matches!(view.dtype(), Dtype::I32 | Dtype::U32) || view.shape().len() != 1 {
        return None;
    }
    view.data()
        .chunks_exact(4)
        .map(|bytes| {
            let bytes: [u8; 4] = bytes.try_into().ok()?;
            u32::try_from(i32::from_le_bytes(bytes)).ok()
        })
        .collect()
}

impl Parts<'_> {
    fn add_low_rank(&self, weights: &mut [f32], rows: usize, cols: usize) -> Result<()> {
        let (a, b) = match (self.views.get(".lora_a"), self.views.get(".lora_b")) {
            (None, None) => return Ok(()),
            (Some(a), Some(b)) => (a, b),
            (Some(_), None) | (None, Some(_)) => {
                return Err(self.damaged("has only one of lora_a and lora_b"));
            }
        };
        let rank = match (a.shape(), b.shape()) {
            ([rank, inputs], [outputs, same])
                if rank == same && *inputs == cols && *outputs == rows =>
            {
                *rank
            }
            _ => return Err(self.misshapen()),
        };
        let a = Tensor::from_vec(self.floats(a)?, (rank, cols), &Device::Cpu)?;
        let b = Tensor::from_vec(self.floats(b)?, (rows, rank), &Device::Cpu)?;
        let difference = b.matmul(&a)?.flatten_all()?.to_vec1::<f32>()?;
        for (weight, difference) in weights.iter_mut().zip(difference) {
            *weight += self.adapter.lora_scale * difference;
        }
        Ok(())
    }

    fn add_quantised(&self, weights: &mut [f32], rows: usize, cols: usize) -> Result<()> {
        let (nibbles, scales) = match (self.views.get(".delta_q4"), self.views.get(".delta_scale"))
        {
            (None, None) => return Ok(()),
            (Some(nibbles), Some(scales)) => (nibbles, scales),
            (Some(_), None) | (None, Some(_)) => {
                return Err(self.damaged("has only one of delta_q4 and delta_scale"));
            }
        };
        if nibbles.dtype() != Dtype::U8
            || !cols.is_multiple_of(DELTA_BLOCK)
            || nibbles.shape() != [rows, cols / 2]
            || scales.shape() != [rows, cols / DELTA_BLOCK]
        {
            return Err(self.misshapen());
        }
        let scales = self.floats(scales)?;
        let blocks = weights
            .chunks_exact_mut(DELTA_BLOCK)
            .zip(nibbles.data().chunks_exact(DELTA_BLOCK / 2));
        for ((weights, nibbles), scale) in blocks.zip(scales) {
            for (pair, nibble) in weights.chunks_exact_mut(2).zip(nibbles) {
                if let [even, odd] = pair {
                    *even += scale * f32::from(i16::from(nibble & 0x0f) - 8);
                    *odd += scale * f32::from(i16::from(nibble >> 4) - 8);
                }
            }
        }
        Ok(())
    }

    fn add_plain(&self, weights: &mut [f32]) -> Result<()> {
        let Some(view) = self.views.get(".delta") else {
            return Ok(());
        };
        let difference = self.floats(view)?;
        if difference.len() != weights.len() {
            return Err(self.misshapen());
        }
        for (weight, difference) in weights.iter_mut().zip(difference) {
            *weight += difference;
        }
        Ok(())
    }

    fn floats(&self, view: &TensorView<'_>) -> Result<Vec<f32>> {
        let data = view.data();
        let halves = |decode: fn([u8; 2]) -> f32| {
            data.chunks_exact(2)
                .filter_map(|bytes| bytes.try_into().ok())
                .map(decode)
                .collect()
        };
        match view.dtype() {
            Dtype::F32 => Ok(data
                .chunks_exact(4)
                .filter_map(|bytes| bytes.try_into().ok())
                .map(f32::from_le_bytes)
                .collect()),
            Dtype::F16 => Ok(halves(|bytes| f16::from_le_bytes(bytes).to_f32())),
            Dtype::BF16 => Ok(halves(|bytes| bf16::from_le_bytes(bytes).to_f32())),
            other => Err(self.damaged(&format!("has a part of the type {other:?}"))),
        }
    }

    fn misshapen(&self) -> Error {
        self.damaged("does not fit the shape of the base tensor")
    }

    fn damaged(&self, what: &str) -> Error {
        Error::Corrupt(format!(
            "{}: the difference for {} {what}",
            self.adapter.path.display(),
            self.target
        ))
    }
}
