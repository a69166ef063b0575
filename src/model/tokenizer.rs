//! The tokenizer of a GGUF model, built from the vocabulary in its metadata.
//!
//! Two kinds occur: byte-level BPE with a merge list (`gpt2`; Radford et al.,
//! 2019) and SentencePiece BPE with byte fallback (`llama`; Kudo & Richardson,
//! 2018), whose merges follow from the order of its vocabulary.

use std::collections::HashMap;
use std::path::PathBuf;

use tokenizers::decoders::byte_fallback::ByteFallback;
use tokenizers::decoders::byte_level::ByteLevel;
use tokenizers::decoders::fuse::Fuse;
use tokenizers::decoders::sequence::Sequence as DecoderSequence;
use tokenizers::models::bpe::{BPE, Merges, Vocab};
use tokenizers::normalizers::replace::Replace;
use tokenizers::normalizers::unicode::NFC;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::sequence::Sequence as SplitterSequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{AddedToken, DecoderWrapper, SplitDelimiterBehavior};

use super::gguf::Gguf;
use crate::error::{Error, Result};

/// How Qwen2 cuts text into words before merging.
const QWEN2_WORDS: &str = concat!(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)",
    r"|[^\r\n\p{L}\p{N}]?\p{L}+",
    r"|\p{N}",
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*",
    r"|\s*[\r\n]+",
    r"|\s+(?!\S)",
    r"|\s+"
);

/// SentencePiece writes a space as U+2581.
const SPACE_MARK: &str = "\u{2581}";

/// Control tokens that end a text in the supported model families; a file
/// names only one of them as its end token.
const KNOWN_END_TOKENS: [&str; 4] = ["<|endoftext|>", "<|im_end|>", "<eos>", "<end_of_turn>"];

/// Token types of `tokenizer.ggml.token_type`.
const CONTROL: i64 = 3;
const USER_DEFINED: i64 = 4;

/// Turns text into token ids and back.
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    controls: HashMap<String, u32>,
    begin: Option<u32>,
    ends: Vec<u32>,
}

/// The vocabulary as the file lists it.
struct Pieces {
    texts: Vec<String>,
    types: Vec<i64>,
}

impl Pieces {
    fn is(&self, index: usize, kind: i64) -> bool {
        self.types.get(index) == Some(&kind)
    }

    fn of_kind(&self, kind: i64) -> impl Iterator<Item = (u32, &String)> {
        (0u32..)
            .zip(&self.texts)
            .zip(&self.types)
            .filter_map(move |(piece, found)| (*found == kind).then_some(piece))
    }

    fn vocabulary(&self) -> Vocab {
        self.texts.iter().cloned().zip(0u32..).collect()
    }
}

/// The vocabulary of a model, as its file has it. To make a [`Tokenizer`] of it
/// takes a second or two for some models, and needs the file no longer.
pub struct Vocabulary {
    path: PathBuf,
    kind: String,
    splitter: String,
    pieces: Pieces,
    merges: Option<Vec<String>>,
    begin: Option<u32>,
    ends: Vec<u32>,
}

impl Vocabulary {
    /// Takes the vocabulary out of the file's metadata.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a vocabulary that contradicts itself.
    pub fn take_from(gguf: &mut Gguf) -> Result<Self> {
        let kind = gguf
            .text("tokenizer.ggml.model")?
            .unwrap_or_default()
            .to_owned();
        let splitter = gguf
            .text("tokenizer.ggml.pre")?
            .unwrap_or_default()
            .to_owned();
        let texts = gguf
            .take_texts("tokenizer.ggml.tokens")?
            .unwrap_or_default();
        let types = gguf
            .take_integers("tokenizer.ggml.token_type")?
            .unwrap_or_else(|| vec![1; texts.len()]);
        let merges = gguf.take_texts("tokenizer.ggml.merges")?;
        if texts.is_empty() || texts.len() != types.len() || texts.len() > u32::MAX as usize {
            return Err(Error::Corrupt(format!(
                "{}: {} token types for {} tokens",
                gguf.path().display(),
                types.len(),
                texts.len()
            )));
        }
        let id = |key: &str| -> Result<Option<u32>> {
            let found = gguf.count(key)?.and_then(|id| u32::try_from(id).ok());
            Ok(found.filter(|id| (*id as usize) < texts.len()))
        };
        let begin = match gguf.flag("tokenizer.ggml.add_bos_token")? {
            Some(true) => id("tokenizer.ggml.bos_token_id")?,
            Some(false) | None => None,
        };
        let ends = [
            id("tokenizer.ggml.eos_token_id")?,
            id("tokenizer.ggml.eot_token_id")?,
        ];
        Ok(Vocabulary {
            path: gguf.path().to_owned(),
            kind,
            splitter,
            merges,
            begin,
            ends: ends.into_iter().flatten().collect(),
            pieces: Pieces { texts, types },
        })
    }
}

impl Tokenizer {
    /// Makes a tokenizer of a vocabulary.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a vocabulary that contradicts itself,
    /// [`Error::Config`] for a kind of tokenizer that is not supported.
    pub fn new(vocabulary: Vocabulary) -> Result<Self> {
        let Vocabulary {
            path,
            kind,
            splitter,
            mut pieces,
            merges,
            begin,
            mut ends,
        } = vocabulary;
        let inner = match (kind.as_str(), splitter.as_str()) {
            ("gpt2", "qwen2") => byte_level(&pieces, merges.unwrap_or_default()),
            ("llama", _) => sentence_pieces(&mut pieces),
            _ => {
                return Err(Error::Config(format!(
                    "{} has a tokenizer of the kind {kind:?} ({splitter:?}), which is not supported",
                    path.display()
                )));
            }
        };
        let mut inner = inner.map_err(|error| {
            Error::Corrupt(format!("{}: the tokenizer: {error}", path.display()))
        })?;
        // A source text that spells out a control token must never become one.
        inner.set_encode_special_tokens(true);

        let controls: HashMap<String, u32> = pieces
            .of_kind(CONTROL)
            .map(|(id, text)| (text.clone(), id))
            .collect();
        let known = KNOWN_END_TOKENS.iter();
        ends.extend(known.filter_map(|name| controls.get(*name).copied()));
        ends.sort_unstable();
        ends.dedup();
        Ok(Tokenizer {
            inner,
            controls,
            begin,
            ends,
        })
    }

    /// The token that every sequence of this model begins with, if any.
    pub fn begin(&self) -> Option<u32> {
        self.begin
    }

    /// The tokens that end a text, in ascending order.
    pub fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// Encodes plain text; the spelling of a control token stays text.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self
            .inner
            .encode_fast(text, false)
            .map_err(|error| Error::Model(format!("the text cannot be encoded: {error}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// Encodes a prompt written by the operator, in which control tokens such
    /// as `<|im_start|>` mean what they say.
    pub fn encode_prompt(&self, text: &str) -> Result<Vec<u32>> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some((start, name, id)) = self.first_control(rest) {
            let (before, after) = rest.split_at(start);
            tokens.extend(self.encode(before)?);
            tokens.push(id);
            rest = after.strip_prefix(name).unwrap_or_default();
        }
        tokens.extend(self.encode(rest)?);
        Ok(tokens)
    }

    /// The first control token spelled out in a text (the longest, if several
    /// begin there): its byte position, name and id.
    pub fn first_control<'a>(&'a self, text: &str) -> Option<(usize, &'a str, u32)> {
        self.controls
            .iter()
            .filter_map(|(name, id)| Some((text.find(name)?, name.as_str(), *id)))
            .min_by_key(|(start, name, _)| (*start, std::cmp::Reverse(name.len())))
    }

    /// Decodes tokens to text; control tokens vanish.
    pub fn decode(&self, tokens: &[u32]) -> Result<String> {
        self.inner
            .decode(tokens, true)
            .map_err(|error| Error::Model(format!("the tokens cannot be decoded: {error}")))
    }
}

/// Byte-level BPE as Qwen2 uses it.
fn byte_level(pieces: &Pieces, merges: Vec<String>) -> tokenizers::Result<tokenizers::Tokenizer> {
    let vocabulary = pieces.vocabulary();
    let merges = merges
        .iter()
        .map(|merge| {
            let (left, right) = merge
                .split_once(' ')
                .filter(|(left, right)| vocabulary.contains_key(&format!("{left}{right}")))
                .ok_or_else(|| format!("the merge {merge:?} leads out of the vocabulary"))?;
            Ok((left.to_owned(), right.to_owned()))
        })
        .collect::<tokenizers::Result<Merges>>()?;
    let model = BPE::builder()
        .vocab_and_merges(vocabulary, merges)
        .build()?;
    let mut tokenizer = tokenizers::Tokenizer::new(model);
    tokenizer.with_normalizer(Some(NFC))?;
    tokenizer.with_pre_tokenizer(Some(SplitterSequence::new(vec![
        PreTokenizerWrapper::Split(Split::new(
            SplitPattern::Regex(QWEN2_WORDS.to_owned()),
            SplitDelimiterBehavior::Isolated,
            false,
        )?),
        PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, false)),
    ])));
    tokenizer.with_decoder(Some(ByteLevel::default()));
    add_whole_tokens(&mut tokenizer, pieces)?;
    Ok(tokenizer)
}

/// SentencePiece BPE as Gemma uses it.
fn sentence_pieces(pieces: &mut Pieces) -> tokenizers::Result<tokenizers::Tokenizer> {
    // Files spell runs of spaces as they are; after normalisation they are
    // runs of the space mark.
    for text in &mut pieces.texts {
        if text.len() > 1 && text.bytes().all(|byte| byte == b' ') {
            *text = SPACE_MARK.repeat(text.len());
        }
    }
    let vocabulary = pieces.vocabulary();
    let merges = implied_merges(pieces, &vocabulary);
    let mut builder = BPE::builder()
        .vocab_and_merges(vocabulary, merges)
        .fuse_unk(true)
        .byte_fallback(true);
    if pieces.texts.iter().any(|text| text == "<unk>") {
        builder = builder.unk_token("<unk>".to_owned());
    }
    let mut tokenizer = tokenizers::Tokenizer::new(builder.build()?);
    tokenizer.with_normalizer(Some(Replace::new(" ", SPACE_MARK)?))?;
    tokenizer.with_decoder(Some(DecoderSequence::new(vec![
        DecoderWrapper::Replace(Replace::new(SPACE_MARK, " ")?),
        DecoderWrapper::ByteFallback(ByteFallback::new()),
        DecoderWrapper::Fuse(Fuse::new()),
    ])));
    add_whole_tokens(&mut tokenizer, pieces)?;
    Ok(tokenizer)
}

/// The merges behind a SentencePiece vocabulary: a piece is merged from every
/// pair of pieces that spell it, earlier pieces first, and for one piece the
/// longest left part first. Control tokens are never the result of a merge.
fn implied_merges(pieces: &Pieces, vocabulary: &Vocab) -> Merges {
    let mut merges = Merges::new();
    for (index, text) in pieces.texts.iter().enumerate() {
        if pieces.is(index, CONTROL) {
            continue;
        }
        for (middle, _) in text.char_indices().skip(1).collect::<Vec<_>>().iter().rev() {
            let (left, right) = text.split_at(*middle);
            if vocabulary.contains_key(left) && vocabulary.contains_key(right) {
                merges.push((left.to_owned(), right.to_owned()));
            }
        }
    }
    merges
}

/// Registers the tokens that are found in text before any splitting (user
/// defined) or only ever placed by a prompt (control).
fn add_whole_tokens(
    tokenizer: &mut tokenizers::Tokenizer,
    pieces: &Pieces,
) -> tokenizers::Result<()> {
    let whole = |kind: i64| {
        pieces
            .of_kind(kind)
            .map(move |(_, text)| AddedToken::from(text.clone(), kind == CONTROL).normalized(false))
            .collect::<Vec<_>>()
    };
    tokenizer.add_special_tokens(whole(CONTROL))?;
    tokenizer.add_tokens(whole(USER_DEFINED))?;
    Ok(())
}
