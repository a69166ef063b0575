//! SentencePiece unigram models (`.spm`, `.model`): normalisation, the
//! segmentation of a text into pieces, and the way back.
//!
//! Format: `sentencepiece_model.proto`; behaviour: `normalizer.cc`,
//! `unigram_model.cc` and `sentencepiece_processor.cc` of
//! <https://github.com/google/sentencepiece>; Kudo, "Subword Regularization",
//! ACL 2018. The best segmentation is found by the tokenizers crate.

mod charsmap;
mod protobuf;

use std::collections::HashSet;
use std::path::Path;

use tokenizers::models::unigram::Unigram;

use crate::error::{Error, Result};
use charsmap::CharsMap;
use protobuf::{Fields, Value};

/// Stands for a space inside pieces.
const SPACE: char = '\u{2581}';

/// Stands in the unigram model for everything unknown. A noncharacter: should
/// a text hold it, it is unknown all the same.
const UNKNOWN: &str = "\u{ffff}";

/// A SentencePiece unigram model.
pub struct SentencePiece {
    unigram: Unigram,
    normaliser: Normaliser,
    control: HashSet<String>,
}

impl SentencePiece {
    /// Reads a model file.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, else as [`Self::parse`].
    pub fn load(path: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(path).map_err(|e| Error::io(format!("reading {}", path.display()), e))?;
        Self::parse(&bytes).map_err(|error| match error {
            Error::Corrupt(why) => Error::Corrupt(format!("{}: {why}", path.display())),
            Error::Model(why) => Error::Model(format!("{}: {why}", path.display())),
            other => other,
        })
    }

    /// Reads a serialised `ModelProto`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the bytes are no such message or its pieces make
    /// no vocabulary; [`Error::Model`] when the model is of a kind that
    /// Depesche does not run (BPE, byte fallback, user-defined pieces).
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let proto = ModelProto::parse(bytes)?;
        let mut control = HashSet::new();
        let mut pieces = vec![(UNKNOWN.to_owned(), 0.0)];
        for Piece { text, score, kind } in proto.pieces {
            match kind {
                // An empty piece would match everywhere and advance nowhere.
                PieceKind::Normal if text.is_empty() || !score.is_finite() => {
                    return Err(Error::Corrupt("a piece is empty or has no score".into()));
                }
                PieceKind::Normal => pieces.push((text, f64::from(score))),
                // Control pieces never match text: "</s>" in an article is
                // four characters and ends nothing.
                PieceKind::Control => {
                    control.insert(text);
                }
                PieceKind::Unknown | PieceKind::Unused => {}
                PieceKind::UserDefined | PieceKind::Byte => {
                    return Err(Error::Model(format!(
                        "pieces of the kind {kind:?} are not supported"
                    )));
                }
            }
        }
        if pieces.len() == 1 {
            return Err(Error::Corrupt("the model has no pieces".into()));
        }
        let mut unigram = Unigram::from(pieces, Some(0), false)
            .map_err(|error| Error::Corrupt(error.to_string()))?;
        // Its cache is keyed by whole inputs, here sentences that never come
        // back: it would only keep article text in memory.
        unigram.resize_cache(0);
        Ok(SentencePiece {
            unigram,
            normaliser: proto.normaliser,
            control,
        })
    }

    /// Splits a text into pieces, `▁` for the spaces before words. Neighbouring
    /// characters that no piece covers come as one piece of their own.
    ///
    /// # Errors
    /// [`Error::Internal`] when the segmentation fails, which no text causes.
    pub fn encode(&self, text: &str) -> Result<Vec<String>> {
        self.unigram
            .encode(&self.normaliser.normalise(text))
            .map_err(|error| Error::Internal(format!("splitting a text into pieces: {error}")))
    }

    /// Joins pieces to text, without control pieces and spaces at either end.
    pub fn decode<'p>(&self, pieces: impl IntoIterator<Item = &'p str>) -> String {
        let joined: String = pieces
            .into_iter()
            .filter(|piece| !self.control.contains(*piece))
            .collect();
        joined.replace(SPACE, " ").trim().to_owned()
    }
}

/// `NormalizerSpec` of the model.
#[derive(Debug, Clone)]
struct Normaliser {
    map: CharsMap,
    add_dummy_prefix: bool,
    remove_extra_whitespaces: bool,
    escape_whitespaces: bool,
    /// `TrainerSpec.treat_whitespace_as_suffix`: the prefix goes to the end.
    suffix: bool,
}

impl Default for Normaliser {
    fn default() -> Self {
        Normaliser {
            map: CharsMap::default(),
            add_dummy_prefix: true,
            remove_extra_whitespaces: true,
            escape_whitespaces: true,
            suffix: false,
        }
    }
}

impl Normaliser {
    fn normalise(&self, text: &str) -> String {
        let space = if self.escape_whitespaces { SPACE } else { ' ' };
        let mut body = String::with_capacity(text.len() * 3 / 2);
        let mut after_space = self.remove_extra_whitespaces;
        let mut rest = text;
        let mut anything = false;
        while let Some((mut sequence, behind)) = self.map.next(rest) {
            rest = behind;
            // Leading spaces alone are no text, and no text has no prefix.
            anything |= !self.remove_extra_whitespaces || sequence != " ";
            if after_space {
                sequence = sequence.trim_start_matches(' ');
            }
            if let Some(last) = sequence.chars().next_back() {
                after_space = self.remove_extra_whitespaces && last == ' ';
            }
            body.extend(sequence.chars().map(|c| if c == ' ' { space } else { c }));
        }
        if !anything {
            return String::new();
        }
        if self.add_dummy_prefix && !self.suffix {
            body.insert(0, space);
        }
        if self.remove_extra_whitespaces {
            body.truncate(body.trim_end_matches(space).len());
        }
        if self.add_dummy_prefix && self.suffix {
            body.push(space);
        }
        body
    }
}

/// The parts of `ModelProto` that segmentation depends on.
struct ModelProto {
    pieces: Vec<Piece>,
    normaliser: Normaliser,
}

struct Piece {
    text: String,
    score: f32,
    kind: PieceKind,
}

/// `ModelProto.SentencePiece.Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PieceKind {
    Normal,
    Unknown,
    Control,
    UserDefined,
    Unused,
    Byte,
}

impl ModelProto {
    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut pieces = Vec::new();
        let mut normaliser = Normaliser::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(message)) => pieces.push(Piece::parse(message)?),
                (2, Value::Bytes(message)) => normaliser.suffix = trainer_spec(message)?,
                (3, Value::Bytes(message)) => normaliser.read(message)?,
                _ => {}
            }
        }
        Ok(ModelProto { pieces, normaliser })
    }
}

impl Piece {
    fn parse(message: &[u8]) -> Result<Self> {
        let mut piece = Piece {
            text: String::new(),
            score: 0.0,
            kind: PieceKind::Normal,
        };
        for field in Fields::new(message) {
            match field? {
                (1, Value::Bytes(text)) => {
                    let text = std::str::from_utf8(text);
                    piece.text = text
                        .map_err(|_| Error::Corrupt("a piece is not UTF-8".into()))?
                        .to_owned();
                }
                (2, Value::Fixed32(bytes)) => piece.score = f32::from_le_bytes(bytes),
                (3, Value::Varint(kind)) => piece.kind = PieceKind::parse(kind)?,
                _ => {}
            }
        }
        Ok(piece)
    }
}

impl PieceKind {
    fn parse(number: u64) -> Result<Self> {
        match number {
            1 => Ok(PieceKind::Normal),
            2 => Ok(PieceKind::Unknown),
            3 => Ok(PieceKind::Control),
            4 => Ok(PieceKind::UserDefined),
            5 => Ok(PieceKind::Unused),
            6 => Ok(PieceKind::Byte),
            _ => Err(Error::Corrupt(format!(
                "a piece has the unknown kind {number}"
            ))),
        }
    }
}

/// Reads `TrainerSpec`: refuses what is not a unigram model and returns
/// `treat_whitespace_as_suffix`.
fn trainer_spec(message: &[u8]) -> Result<bool> {
    const UNIGRAM: u64 = 1;
    let mut suffix = false;
    for field in Fields::new(message) {
        match field? {
            (3, Value::Varint(UNIGRAM)) => {}
            (3, Value::Varint(kind)) => {
                return Err(Error::Model(format!(
                    "a SentencePiece model of type {kind}; only unigram models (type {UNIGRAM}) are supported"
                )));
            }
            (24, Value::Varint(flag)) => suffix = flag != 0,
            _ => {}
        }
    }
    Ok(suffix)
}

impl Normaliser {
    fn read(&mut self, message: &[u8]) -> Result<()> {
        for field in Fields::new(message) {
            match field? {
                (2, Value::Bytes(map)) => self.map = CharsMap::parse(map)?,
                (3, Value::Varint(flag)) => self.add_dummy_prefix = flag != 0,
                (4, Value::Varint(flag)) => self.remove_extra_whitespaces = flag != 0,
                (5, Value::Varint(flag)) => self.escape_whitespaces = flag != 0,
                _ => {}
            }
        }
        Ok(())
    }
}
