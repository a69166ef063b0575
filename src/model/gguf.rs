//! A GGUF file: typed access to its metadata and its tensors.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>. The
//! header is parsed by candle; tensors are read one at a time, so that loading
//! never holds more than one of them beside the packed model.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use candle_core::Device;
use candle_core::quantized::GgmlDType;
use candle_core::quantized::ggml_file::qtensor_from_ggml;
use candle_core::quantized::gguf_file::{Content, Value};

use crate::error::{Error, Result};

/// An open GGUF file.
pub struct Gguf {
    path: PathBuf,
    file: BufReader<File>,
    content: Content,
}

/// A tensor as the file stores it: quantised blocks, row after row.
pub struct RawTensor {
    pub dtype: GgmlDType,
    /// Outputs; 1 for a vector.
    pub rows: usize,
    /// Inputs; the length of a vector.
    pub cols: usize,
    pub bytes: Vec<u8>,
}

impl RawTensor {
    /// All values, `[rows, cols]` row-major.
    pub fn dequantise(&self) -> Result<Vec<f32>> {
        let shape = vec![self.rows, self.cols];
        let tensor = qtensor_from_ggml(self.dtype, &self.bytes, shape, &Device::Cpu)?;
        Ok(tensor
            .dequantize(&Device::Cpu)?
            .flatten_all()?
            .to_vec1::<f32>()?)
    }
}

impl Gguf {
    /// Opens a file and parses its header.
    pub fn open(path: &Path) -> Result<Self> {
        let what = || format!("cannot read the model file {}", path.display());
        let file = File::open(path).map_err(|error| Error::io(what(), error))?;
        let mut file = BufReader::with_capacity(1 << 20, file);
        // The parser divides by the file's alignment unchecked; a hostile file
        // must end in an error, not in a panic.
        let parsed = std::panic::catch_unwind(AssertUnwindSafe(|| Content::read(&mut file)));
        let content = match parsed {
            Ok(Ok(content)) => content,
            Ok(Err(error)) => {
                return Err(Error::Corrupt(format!("{}: {error}", path.display())));
            }
            Err(_) => {
                return Err(Error::Corrupt(format!(
                    "{}: the header cannot be parsed",
                    path.display()
                )));
            }
        };
        Ok(Gguf {
            path: path.to_owned(),
            file,
            content,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The value of `general.architecture`.
    pub fn architecture(&self) -> Result<&str> {
        self.text("general.architecture")?
            .ok_or_else(|| self.missing("general.architecture"))
    }

    /// A string, or `None` when the key is absent.
    pub fn text(&self, key: &str) -> Result<Option<&str>> {
        match self.content.metadata.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.mistyped(key, "a string")),
        }
    }

    /// A count or an id, or `None` when the key is absent.
    pub fn count(&self, key: &str) -> Result<Option<usize>> {
        let Some(value) = self.content.metadata.get(key) else {
            return Ok(None);
        };
        let count = match value {
            Value::U8(number) => Some(usize::from(*number)),
            Value::U16(number) => Some(usize::from(*number)),
            Value::U32(number) => usize::try_from(*number).ok(),
            Value::U64(number) => usize::try_from(*number).ok(),
            Value::I8(number) => usize::try_from(*number).ok(),
            Value::I16(number) => usize::try_from(*number).ok(),
            Value::I32(number) => usize::try_from(*number).ok(),
            Value::I64(number) => usize::try_from(*number).ok(),
            Value::F32(_) | Value::F64(_) | Value::Bool(_) | Value::String(_) | Value::Array(_) => {
                None
            }
        };
        count
            .map(Some)
            .ok_or_else(|| self.mistyped(key, "a whole number"))
    }

    /// A count that must be there.
    pub fn required_count(&self, key: &str) -> Result<usize> {
        self.count(key)?.ok_or_else(|| self.missing(key))
    }

    /// A real number, or `None` when the key is absent.
    pub fn real(&self, key: &str) -> Result<Option<f32>> {
        match self.content.metadata.get(key) {
            None => Ok(None),
            Some(Value::F32(number)) => Ok(Some(*number)),
            Some(Value::F64(number)) => Ok(Some(*number as f32)),
            Some(_) => Err(self.mistyped(key, "a real number")),
        }
    }

    /// A truth value, or `None` when the key is absent.
    pub fn flag(&self, key: &str) -> Result<Option<bool>> {
        match self.content.metadata.get(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.mistyped(key, "true or false")),
        }
    }

    /// Takes an array of strings out of the metadata, so that a vocabulary is
    /// never held twice.
    pub fn take_texts(&mut self, key: &str) -> Result<Option<Vec<String>>> {
        let Some(values) = self.take_array(key)? else {
            return Ok(None);
        };
        values
            .into_iter()
            .map(|value| match value {
                Value::String(text) => Ok(text),
                _ => Err(self.mistyped(key, "an array of strings")),
            })
            .collect::<Result<Vec<_>>>()
            .map(Some)
    }

    /// Takes an array of whole numbers out of the metadata.
    pub fn take_integers(&mut self, key: &str) -> Result<Option<Vec<i64>>> {
        let Some(values) = self.take_array(key)? else {
            return Ok(None);
        };
        values
            .into_iter()
            .map(|value| match value {
                Value::I32(number) => Ok(i64::from(number)),
                Value::U32(number) => Ok(i64::from(number)),
                Value::I64(number) => Ok(number),
                _ => Err(self.mistyped(key, "an array of whole numbers")),
            })
            .collect::<Result<Vec<_>>>()
            .map(Some)
    }

    fn take_array(&mut self, key: &str) -> Result<Option<Vec<Value>>> {
        match self.content.metadata.remove(key) {
            None => Ok(None),
            Some(Value::Array(values)) => Ok(Some(values)),
            Some(_) => Err(self.mistyped(key, "an array")),
        }
    }

    /// Whether the file has a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.content.tensor_infos.contains_key(name)
    }

    /// `(rows, cols)` of a tensor; a vector has one row.
    pub fn shape(&self, name: &str) -> Result<(usize, usize)> {
        let info = self
            .content
            .tensor_infos
            .get(name)
            .ok_or_else(|| self.missing(name))?;
        match info.shape.dims() {
            [cols] => Ok((1, *cols)),
            [rows, cols] => Ok((*rows, *cols)),
            dims => Err(Error::Corrupt(format!(
                "{}: the tensor {name} has {} dimensions",
                self.path.display(),
                dims.len()
            ))),
        }
    }

    /// Reads one tensor whose shape must be `(rows, cols)`.
    pub fn tensor(&mut self, name: &str, rows: usize, cols: usize) -> Result<RawTensor> {
        let found = self.shape(name)?;
        if found != (rows, cols) {
            return Err(Error::Corrupt(format!(
                "{}: the tensor {name} has the shape {found:?} where ({rows}, {cols}) is needed",
                self.path.display()
            )));
        }
        let info = self
            .content
            .tensor_infos
            .get(name)
            .ok_or_else(|| self.missing(name))?;
        let dtype = info.ggml_dtype;
        let length = cols
            .is_multiple_of(dtype.block_size())
            .then(|| rows.checked_mul(cols / dtype.block_size()))
            .flatten()
            .and_then(|blocks| blocks.checked_mul(dtype.type_size()));
        let start = self.content.tensor_data_offset.checked_add(info.offset);
        let (Some(length), Some(start)) = (length, start) else {
            return Err(Error::Corrupt(format!(
                "{}: the tensor {name} does not fit its type {dtype:?}",
                self.path.display()
            )));
        };
        let bytes = self
            .read(start, length)
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::UnexpectedEof => Error::Corrupt(format!(
                    "{}: the file ends within the tensor {name}",
                    self.path.display()
                )),
                _ => Error::io(format!("cannot read {}", self.path.display()), error),
            })?;
        Ok(RawTensor {
            dtype,
            rows,
            cols,
            bytes,
        })
    }

    fn read(&mut self, start: u64, length: usize) -> std::io::Result<Vec<u8>> {
        let available = self.file.get_ref().metadata()?.len().saturating_sub(start);
        if (length as u64) > available {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; length];
        self.file.seek(SeekFrom::Start(start))?;
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn missing(&self, what: &str) -> Error {
        Error::Corrupt(format!("{} lacks {what}", self.path.display()))
    }

    fn mistyped(&self, key: &str, wanted: &str) -> Error {
        Error::Corrupt(format!("{}: {key} is not {wanted}", self.path.display()))
    }
}
