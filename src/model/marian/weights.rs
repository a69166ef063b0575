//! Marian's weights on disk.

use std::path::{Path, PathBuf};

use candle_core::{DType, Device};
use candle_nn::VarBuilder;

use crate::error::{Error, Result};

/// The weights of one folder, converted to f32 as they are asked for.
pub struct Weights {
    path: PathBuf,
    tensors: VarBuilder<'static>,
}

impl Weights {
    /// Opens model.safetensors or, where only that exists, pytorch_model.bin.
    ///
    /// # Errors
    /// [`Error::Io`] when neither can be read, [`Error::Corrupt`] when the
    /// file's header is damaged.
    pub fn open(folder: &Path) -> Result<Self> {
        let safetensors = folder.join("model.safetensors");
        let pickle = folder.join("pytorch_model.bin");
        if !safetensors.exists() && pickle.exists() {
            let tensors = VarBuilder::from_pth(&pickle, DType::F32, &Device::Cpu);
            return Self::opened(pickle, tensors);
        }
        let bytes = std::fs::read(&safetensors)
            .map_err(|e| Error::io(format!("reading {}", safetensors.display()), e))?;
        let tensors = VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu);
        Self::opened(safetensors, tensors)
    }

    fn opened(path: PathBuf, tensors: candle_core::Result<VarBuilder<'static>>) -> Result<Self> {
        match tensors {
            Ok(tensors) => Ok(Weights { path, tensors }),
            Err(error) => Err(corrupt(&path, &error)),
        }
    }

    /// Builds something from the weights; what they lack or hold in another
    /// shape is [`Error::Corrupt`].
    pub fn build<T>(
        &self,
        build: impl FnOnce(VarBuilder<'static>) -> candle_core::Result<T>,
    ) -> Result<T> {
        build(self.tensors.clone()).map_err(|error| corrupt(&self.path, &error))
    }
}

fn corrupt(path: &Path, error: &candle_core::Error) -> Error {
    Error::Corrupt(format!("{}: {error}", path.display()))
}
