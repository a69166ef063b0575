//! Marian encoder–decoder models as Helsinki-NLP publishes them (opus-mt):
//! Junczys-Dowmunt et al., "Marian: Fast Neural Machine Translation in C++",
//! ACL 2018.

mod attention;
mod config;
mod decoder;
mod embedding;
mod encoder;
mod layer;
mod tokenizer;
mod weights;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use candle_core::Tensor;

use super::{AnswerLength, Input, Limits, Logits, Model, Opened, Prompt, SequenceId};
use crate::error::{Error, Result};
use config::Config;
use decoder::{Decoder, State, TILE};
use embedding::Embedding;
use encoder::Encoder;
use tokenizer::Tokenizer;
use weights::Weights;

/// What the caller decides about a Marian model.
#[derive(Debug, Clone, PartialEq)]
pub struct MarianOptions {
    /// Sequences that may be open at once, hypotheses of a beam included.
    pub sequences: usize,
    /// How long an answer may become.
    pub answer: AnswerLength,
}

impl Default for MarianOptions {
    fn default() -> Self {
        MarianOptions {
            sequences: 64,
            answer: AnswerLength::default(),
        }
    }
}

/// A Marian model on the CPU in f32, with its open sequences.
///
/// The window ([`Limits::window`]) holds for the source and for the output
/// each: they do not share it.
pub struct Marian {
    tokenizer: Tokenizer,
    embedding: Embedding,
    encoder: Encoder,
    decoder: Decoder,
    start: u32,
    vocabulary: usize,
    forbidden: BTreeSet<u32>,
    limits: Limits,
    sequences: BTreeMap<SequenceId, State>,
    next: SequenceId,
}

/// One [`Input`] on its way through [`Marian::forward`].
struct Row<'a> {
    sequence: SequenceId,
    tokens: &'a [u32],
    /// A copy: the sequence itself changes only when the whole batch is done.
    state: State,
    /// The decoder's output for the newest token, `[1, width]`.
    output: Option<Tensor>,
}

impl Marian {
    /// Loads a model from a folder with config.json, source.spm, target.spm,
    /// vocab.json and model.safetensors or pytorch_model.bin. It may also hold
    /// generation_config.json.
    ///
    /// # Errors
    /// [`Error::Io`] when a file cannot be read, [`Error::Corrupt`] when one is
    /// damaged or does not fit the others, [`Error::Model`] when the model is
    /// of a kind that Depesche does not run.
    pub fn load(folder: &Path, options: MarianOptions) -> Result<Self> {
        let Config {
            architecture,
            forbidden,
        } = Config::load(folder)?;
        let special = BTreeSet::from([architecture.pad_token_id, architecture.eos_token_id]);
        let tokenizer = Tokenizer::load(folder, architecture.vocab_size, &special)?;
        if tokenizer.end() != architecture.eos_token_id {
            return Err(Error::Corrupt(format!(
                "{}: vocab.json ends texts with token {}, config.json with {}",
                folder.display(),
                tokenizer.end(),
                architecture.eos_token_id
            )));
        }
        let weights = Weights::open(folder)?;
        Ok(Marian {
            tokenizer,
            embedding: weights.build(|w| Embedding::load(&architecture, &w))?,
            encoder: weights.build(|w| Encoder::load(&architecture, &w))?,
            decoder: weights.build(|w| Decoder::load(&architecture, &w))?,
            start: architecture.decoder_start_token_id,
            vocabulary: architecture.vocab_size,
            forbidden,
            limits: Limits {
                window: architecture.max_position_embeddings,
                shared_window: false,
                prefix: 0,
                sequences: options.sequences,
                answer: options.answer,
                end_tokens: vec![architecture.eos_token_id],
                cues: Vec::new(),
            },
            sequences: BTreeMap::new(),
            next: SequenceId(0),
        })
    }

    fn insert(&mut self, state: State) -> Result<SequenceId> {
        if self.sequences.len() >= self.limits.sequences {
            return Err(Error::Model(format!(
                "all {} sequences are open",
                self.limits.sequences
            )));
        }
        while self.sequences.contains_key(&self.next) {
            self.next.0 = self.next.0.wrapping_add(1);
        }
        let id = self.next;
        self.next.0 = self.next.0.wrapping_add(1);
        self.sequences.insert(id, state);
        Ok(id)
    }

    fn state(&self, sequence: SequenceId) -> Result<&State> {
        self.sequences
            .get(&sequence)
            .ok_or_else(|| Error::Internal(format!("sequence {} is not open", sequence.0)))
    }

    fn check_tokens(&self, tokens: &[u32]) -> Result<()> {
        match tokens
            .iter()
            .find(|&&token| usize::try_from(token).is_ok_and(|token| token >= self.vocabulary))
        {
            Some(token) => Err(Error::Internal(format!("the model has no token {token}"))),
            None => Ok(()),
        }
    }

    fn rows<'a>(&self, inputs: &[Input<'a>]) -> Result<Vec<Row<'a>>> {
        let mut seen = BTreeSet::new();
        let row = |input: &Input<'a>| {
            let Input { sequence, tokens } = *input;
            let state = self.state(sequence)?.clone();
            self.check_tokens(tokens)?;
            if tokens.is_empty() || !seen.insert(sequence) {
                return Err(Error::Internal(format!(
                    "sequence {} is fed nothing or twice",
                    sequence.0
                )));
            }
            let window = self.limits.window;
            if state.length.saturating_add(tokens.len()) > window {
                return Err(Error::Model(format!(
                    "a sequence grew beyond its window of {window} tokens"
                )));
            }
            Ok(Row {
                sequence,
                tokens,
                state,
                output: None,
            })
        };
        inputs.iter().map(row).collect()
    }

    /// Feeds the next token to at most [`TILE`] rows.
    fn step(&self, rows: &mut [(u32, &mut Row<'_>)]) -> Result<()> {
        let mut tokens: Vec<u32> = rows.iter().map(|(token, _)| *token).collect();
        let mut positions: Vec<usize> = rows.iter().map(|(_, row)| row.state.length).collect();
        tokens.resize(TILE, self.start);
        positions.resize(TILE, 0);
        let embedded = self.embedding.embed(&tokens, positions)?;
        let mut states: Vec<&mut State> = rows.iter_mut().map(|(_, row)| &mut row.state).collect();
        let outputs = self.decoder.step(embedded, &mut states)?;
        for (index, (_, row)) in rows.iter_mut().enumerate() {
            row.output = Some(outputs.narrow(0, index, 1)?);
        }
        Ok(())
    }

    /// Scores after the newest token of each row: `[rows, vocabulary]`,
    /// row-major.
    fn scores(&self, rows: &[Row<'_>]) -> Result<Vec<f32>> {
        let mut scores = Vec::with_capacity(rows.len().saturating_mul(self.vocabulary));
        for tile in rows.chunks(TILE) {
            let outputs: Vec<Tensor> = tile.iter().filter_map(|row| row.output.clone()).collect();
            let tile_scores =
                self.embedding
                    .scores(&decoder::filled(outputs)?)?
                    .narrow(0, 0, tile.len())?;
            scores.extend(tile_scores.flatten_all()?.to_vec1::<f32>()?);
        }
        if scores.iter().any(|score| score.is_nan()) {
            return Err(Error::Model(
                "the scores are not numbers: the weights may be damaged".into(),
            ));
        }
        for row in scores.chunks_exact_mut(self.vocabulary) {
            for &token in &self.forbidden {
                if let Some(score) = usize::try_from(token)
                    .ok()
                    .and_then(|token| row.get_mut(token))
                {
                    *score = f32::NEG_INFINITY;
                }
            }
        }
        Ok(scores)
    }
}

impl Model for Marian {
    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn encode(&self, source: &str) -> Result<Prompt> {
        let tokens = self.tokenizer.encode(source)?;
        let source_tokens = tokens.len().saturating_sub(1);
        Ok(Prompt {
            tokens,
            source_tokens,
        })
    }

    fn phrase(&self, text: &str) -> Result<Vec<u32>> {
        self.tokenizer.phrase(text)
    }

    fn decode(&self, tokens: &[u32]) -> Result<String> {
        Ok(self.tokenizer.decode(tokens))
    }

    fn open(&mut self, prompt: &Prompt) -> Result<Opened> {
        let tokens = &prompt.tokens;
        self.check_tokens(tokens)?;
        if tokens.is_empty() {
            return Err(Error::Empty);
        }
        if tokens.len() > self.limits.window {
            return Err(Error::TooLarge {
                what: "a sentence (in tokens)",
                actual: tokens.len(),
                limit: self.limits.window,
            });
        }
        let source = self
            .encoder
            .forward(self.embedding.embed(tokens, 0..tokens.len())?)?;
        let id = self.insert(self.decoder.begin(&source)?)?;
        Ok(Opened {
            id,
            pending: vec![self.start],
        })
    }

    fn fork(&mut self, sequence: SequenceId) -> Result<SequenceId> {
        let state = self.state(sequence)?.clone();
        self.insert(state)
    }

    fn close(&mut self, sequence: SequenceId) {
        self.sequences.remove(&sequence);
    }

    fn forward(&mut self, inputs: &[Input<'_>]) -> Result<Logits> {
        let mut rows = self.rows(inputs)?;
        let longest = inputs
            .iter()
            .map(|input| input.tokens.len())
            .max()
            .unwrap_or(0);
        for position in 0..longest {
            let fed = rows
                .iter_mut()
                .filter_map(|row| Some((*row.tokens.get(position)?, row)));
            let mut fed: Vec<_> = fed.collect();
            for tile in fed.chunks_mut(TILE) {
                self.step(tile)?;
            }
        }
        let values = self.scores(&rows)?;
        for row in rows {
            self.sequences.insert(row.sequence, row.state);
        }
        Ok(Logits {
            values,
            width: self.vocabulary,
            columns: None,
        })
    }
}
